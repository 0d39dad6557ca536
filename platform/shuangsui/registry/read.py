"""The registries as planning and draws read them: frozen values, streamed in the order of their keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Protocol, TypeVar

from sqlmodel import col, func, select
from sqlmodel.sql.expression import Select

from shuangsui.db import TenantOwned, TenantSession
from shuangsui.registry.shelves import SHELVES
from shuangsui.registry.tables import (
    Expert,
    ExpertStatus,
    InspectionObject,
    Inspector,
    InspectorStatus,
    Interest,
    ObjectStatus,
    PersonKind,
    Relation,
)

BATCH = 2000


class Entry(Protocol):
    """A frozen value whose fields are columns of its table."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


V = TypeVar("V", bound=Entry)


@dataclass(frozen=True, slots=True)
class ObjectEntry:
    """检查对象. ``flags``: mappings of kind, source, since and until, the days in ISO form, ``until`` None if open."""

    code: str
    name: str
    district: str | None
    address: str | None
    gate: str | None
    industry: str | None
    risk_class: str | None
    items: list[str]
    flags: list[dict[str, str | None]]
    status: ObjectStatus


@dataclass(frozen=True, slots=True)
class Placing:
    """What decides to which items and strata an object belongs; as :class:`ObjectEntry` has it."""

    district: str | None
    industry: str | None
    risk_class: str | None
    items: list[str]
    flags: list[dict[str, str | None]]
    status: ObjectStatus


@dataclass(frozen=True, slots=True)
class InspectorEntry:
    """执法检查人员; the last day of the certificate still counts (R6.2)."""

    cert_no: str
    name: str
    office: str
    quals: list[str]
    lead: bool
    valid_from: date | None
    valid_to: date
    status: InspectorStatus
    post: str | None = None


@dataclass(frozen=True, slots=True)
class ExpertEntry:
    """专家; ``pool`` is empty for the own registry."""

    expert_no: str
    name: str
    quals: list[str]
    employer: str | None
    valid_to: date | None
    status: ExpertStatus
    pool: str = ""


@dataclass(frozen=True, slots=True)
class InterestEntry:
    """利害关系; an open end still lasts."""

    person_kind: PersonKind
    person_no: str
    object_code: str
    relation: Relation
    since: date | None
    until: date | None
    source: str | None


def objects_of(session: TenantSession, item: str | None = None) -> Iterator[ObjectEntry]:
    """Every inspection object, or those that belong to the item of code ``item`` (R6.1)."""
    found = _values(session, InspectionObject, InspectionObject.code, ObjectEntry)
    return found if item is None else (entry for entry in found if item in entry.items)


def placings(session: TenantSession) -> Iterator[Placing]:
    """The same of every object, for whoever only counts."""
    return _values(session, InspectionObject, InspectionObject.code, Placing)


def object_of(session: TenantSession, code: str) -> ObjectEntry | None:
    """One inspection object; None for a code that the registry does not have."""
    row = session.exec(object_rows().where(InspectionObject.code == code)).one_or_none()
    return ObjectEntry(*tuple(row)) if row else None


def object_rows() -> Select[Any]:
    """The question for inspection objects; each row of its answer are the fields of an :class:`ObjectEntry`."""
    found: Select[Any] = select(*[getattr(InspectionObject, name) for name in ObjectEntry.__dataclass_fields__])
    return found


def inspectors(session: TenantSession) -> Iterator[InspectorEntry]:
    """Every inspector, whatever their status and certificate."""
    return _values(session, Inspector, Inspector.cert_no, InspectorEntry)


def experts(session: TenantSession) -> Iterator[ExpertEntry]:
    """Every expert, of whatever pool, those who left it too."""
    return _values(session, Expert, Expert.expert_no, ExpertEntry)


def interests(session: TenantSession) -> Iterator[InterestEntry]:
    """Every declared interest, ended ones too."""
    return _values(session, Interest, Interest.key, InterestEntry)


def sizes(session: TenantSession) -> dict[str, int]:
    """How many rows each registry has now, by kind."""
    return {
        kind: session.exec(select(func.count()).select_from(shelf.table).where(*shelf.within())).one()
        for kind, shelf in SHELVES.items()
    }


def _values(session: TenantSession, table: type[TenantOwned], key: Any, kind: type[V]) -> Iterator[V]:
    """The rows of ``table`` as values; no mapped object is made."""
    columns = [getattr(table, name) for name in kind.__dataclass_fields__]
    query = select(*columns).order_by(col(key)).execution_options(yield_per=BATCH)
    return (kind(*row) for row in session.exec(query))
