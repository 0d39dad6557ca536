"""Interests that name nobody or nothing: they would recuse no one, so whoever imports them is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlmodel import col, select

from shuangsui.db import TenantSession
from shuangsui.errors import RowError
from shuangsui.registry.messages import said
from shuangsui.registry.pipeline import CheckedRow
from shuangsui.registry.tables import Expert, InspectionObject, Inspector, PersonKind


def watched(
    session: TenantSession, batches: Iterable[list[CheckedRow]], warnings: list[RowError]
) -> Iterator[list[CheckedRow]]:
    """The batches as they are; a warning for every end of an interest that no registry knows goes to ``warnings``."""
    people = {
        PersonKind.INSPECTOR: set(session.exec(select(Inspector.cert_no))),
        PersonKind.EXPERT: set(session.exec(select(Expert.expert_no))),
    }
    for rows in batches:
        codes = _known(session, rows)
        for row in rows:
            kind, number, code = (str(row.values[name]) for name in ("person_kind", "person_no", "object_code"))
            if number not in people[PersonKind(kind)]:
                warnings.append(_warning(row, "人员编号", "interest_person_unknown", number))
            if code not in codes:
                warnings.append(_warning(row, "统一社会信用代码", "interest_object_unknown", code))
        yield rows


def _known(session: TenantSession, rows: Sequence[CheckedRow]) -> set[str]:
    """Which of the objects named exist."""
    named = [row.values["object_code"] for row in rows]
    return set(session.exec(select(InspectionObject.code).where(col(InspectionObject.code).in_(named))))


def _warning(row: CheckedRow, column: str, code: str, value: str) -> RowError:
    return RowError(row.number, column, code, said(code, {"value": value}))
