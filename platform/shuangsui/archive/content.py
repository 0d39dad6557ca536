"""What belongs to one authority in the database: the mapped classes in the order in which their rows may be added."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import undefer
from sqlmodel import SQLModel, col, select

from shuangsui.access.tables import User, WebSession
from shuangsui.archive.policy import Heads
from shuangsui.db import TenantSession
from shuangsui.db.statements import is_owned, writer_column
from shuangsui.errors import Misconfigured, OutsideFailed, RuleRefused
from shuangsui.ledger.tables import DrawLogEntry, LedgerEntry
from shuangsui.migrations import metadata
from shuangsui.registry.tables import RegistryUpload
from shuangsui.vault import resealing
from shuangsui.vault.policy import OWN
from shuangsui.vault.service import Vault

AT_ONCE = 1000
USERS = User.__tablename__


def owned() -> list[type[SQLModel]]:
    """Every table with a ``tenant_id``."""
    return [kind for kind in _classes() if is_owned(table_of(kind))]


def kept() -> list[type[SQLModel]]:
    """Those of an archive: all, and the shared ones, but nobody stays signed in by one, and no upload waits in it."""
    return [*(kind for kind in owned() if kind not in (WebSession, RegistryUpload)), *shared()]


def shared() -> list[type[SQLModel]]:
    """Tables without a tenant to which each authority adds rows in its own name."""
    return [kind for kind in _classes() if writer_column(table_of(kind))]


def rows_of(session: TenantSession, kind: type[SQLModel]) -> Iterator[dict[str, Any]]:
    """Every row of the session's tenant, by primary key: a later one may refer to an earlier one."""
    query: Any = select(kind).options(undefer("*")).order_by(*table_of(kind).primary_key.columns)
    if column := writer_column(table_of(kind)):
        query = query.where(getattr(kind, column) == session.tenant)
    names = table_of(kind).columns.keys()
    for row in session.exec(query.execution_options(yield_per=AT_ONCE)):
        yield {name: getattr(row, name) for name in names}
        session.expunge(row)


def people_of(session: TenantSession) -> Iterator[dict[str, Any]]:
    """Users to whom any row of the tenant refers, and those to whom it gave their password."""
    ids = {id_ for kind in owned() for column in _user_columns(kind) for id_ in _referred(session, kind, column)}
    query = select(User).where(col(User.home) == session.tenant)
    found = {user.id: user for user in session.exec(query)}
    for id_ in ids - found.keys():
        if user := session.get(User, id_):
            found[id_] = user
    names = table_of(User).columns.keys()
    for _, user in sorted(found.items()):
        yield {name: getattr(user, name) for name in names}


def heads(session: TenantSession) -> Heads:
    """Where the tenant's two chains stand now."""
    act = session.exec(select(LedgerEntry).order_by(col(LedgerEntry.n).desc()).limit(1)).first()
    line = session.exec(select(DrawLogEntry).order_by(col(DrawLogEntry.i).desc()).limit(1)).first()
    return Heads(act.n if act else 0, act.hash if act else "", line.i + 1 if line else 0, line.hash if line else "")


def sealed(session: TenantSession) -> dict[str, int]:
    """How many texts are sealed under each key; plain ones under an empty name."""
    return {str(key or ""): count for key, count in resealing.counts(session, metadata()).items()}


def check_sealed(session: TenantSession, vault: Vault) -> None:
    """Open everything; :class:`RuleRefused` ``archive_sealed`` for the first that does not."""
    for place, one in resealing.texts(session, metadata()):
        try:
            vault.open(one, place)
        except (OutsideFailed, Misconfigured) as error:
            what = error.params.get("store") or OWN
            raise RuleRefused("archive_sealed", tenant=session.tenant, store=what, table=place.table) from error


def _referred(session: TenantSession, kind: type[SQLModel], column: str) -> Sequence[Any]:
    field = getattr(kind, column)
    return session.exec(select(field).select_from(kind).where(field.is_not(None)).distinct()).all()


def _user_columns(kind: type[SQLModel]) -> Iterable[str]:
    users = table_of(User)
    return [key.parent.name for key in table_of(kind).foreign_keys if key.column.table is users]


def _classes() -> list[type[SQLModel]]:
    """Parents before children."""
    mapped = {mapper.local_table: mapper.class_ for mapper in inspect(User).registry.mappers}
    return [mapped[table] for table in metadata().sorted_tables if table in mapped]


def table_of(kind: type[SQLModel]) -> Any:
    """The table of a mapped class."""
    return kind.__table__  # type: ignore[attr-defined] # set by SQLAlchemy, unknown to SQLModel's types
