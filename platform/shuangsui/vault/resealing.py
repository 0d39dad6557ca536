"""Everything sealed of an authority: how much is under which key, and moving it to the current one in portions.

Moving may stop anywhere and be run again: what is under the current key is passed over. Texts of before this version,
which are plain, are sealed by the same walk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import MetaData, inspect
from sqlmodel import SQLModel, select

from shuangsui.access.service import require
from shuangsui.db import Sealed, SealedMap, SealedText, TenantSession, lock_tenant
from shuangsui.errors import Misconfigured, OutsideFailed, RuleRefused, ShuangsuiError
from shuangsui.extension.isolation import LoadedKeyStore
from shuangsui.ledger.alerts import CLOCK
from shuangsui.ledger.keys import Sealer
from shuangsui.ledger.service import record
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.outbox import ask
from shuangsui.vault.policy import KeyName, Place, is_plain, read
from shuangsui.vault.service import Found, Vault

RESEAL = "vault.reseal"
"""The work that moves everything to the current key."""
PORTION = 200
Sessions = Callable[[], AbstractContextManager[TenantSession]]


@dataclass
class Moved:
    """How many texts were moved, and what could not be."""

    count: int = 0
    stuck: list[ShuangsuiError] = field(default_factory=list)


def columns(metadata: MetaData) -> list[tuple[type[SQLModel], str]]:
    """Every sealed column with its mapped class."""
    mapped = {mapper.local_table: mapper.class_ for mapper in inspect(LedgerEntry).registry.mappers}
    return [
        (mapped[table], column.name)
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, SealedText | SealedMap)
    ]


def texts(session: TenantSession, metadata: MetaData) -> Iterator[tuple[Place, Sealed]]:
    """Every sealed text of the session's tenant, still sealed."""
    for kind, column in columns(metadata):
        for row in session.exec(select(kind).execution_options(yield_per=PORTION)):
            yield from _cells(row, column)


def counts(session: TenantSession, metadata: MetaData) -> Counter[KeyName | None]:
    """How many texts are sealed under each key; None: plain ones of before this version."""
    return Counter(None if is_plain(one) else read(one)[0] for _, one in texts(session, metadata))


def require_unneeded(metadata: MetaData, session: TenantSession, plugin: str, stores: Found = ()) -> None:
    """:class:`RuleRefused` ``key_store_needed`` while anything is sealed under a key of this plugin.

    ``stores``: what the plugin is to be; what they open is not counted. One text for each key and column is tried.
    """
    held = [(place, *read(one)) for place, one in texts(session, metadata) if not is_plain(one)]
    under = [(place, key, text) for place, key, text in held if key.store.startswith(f"{plugin}/")]
    tried = {(key, place.purpose): (place, text) for place, key, text in under}
    opened = {
        (key, purpose)
        for (key, purpose), (place, text) in tried.items()
        if _opens(stores, key, text, purpose, place.names(session.tenant, key))
    }
    if count := sum((key, place.purpose) not in opened for place, key, _ in under):
        raise RuleRefused("key_store_needed", plugin=plugin, count=count)


def _opens(stores: Found, key: KeyName, text: bytes, purpose: str, names: Sequence[str]) -> bool:
    for one in stores:
        if isinstance(one, LoadedKeyStore) and one.place == key.store:
            with suppress(OutsideFailed):
                return Sealer(one.derive(key.key, purpose)).open(text, *names) is not None
    return False


def renewable(vault: Vault) -> LoadedKeyStore:
    """The store whose key is the current one; :class:`RuleRefused` ``key_store_none`` if that is our own."""
    current = vault.current()
    for one in vault.stores():
        if isinstance(one, LoadedKeyStore) and one.place == current.store:
            return one
    raise RuleRefused("key_store_none")


def rotate(session: TenantSession, store: LoadedKeyStore, *, actor: str) -> str:
    """A new key for what is sealed from now on, whose id is answered; everything else is moved to it by a job.

    The entry comes first and names the key that is replaced: no transaction takes a key back that a store has made.
    """
    require(session, actor, "manage_settings")
    record(session, "keys.rotate", actor=actor, subject=store.place, payload={"from": store.current()})
    ask(session, RESEAL)
    session.flush()
    return store.renew()


def reseal(sessions: Sessions, vault: Vault, metadata: MetaData, *, actor: str = CLOCK) -> Moved:
    """Move everything to the current key, each portion in a transaction of its own.

    :class:`OutsideFailed` at once from a store that is away and may come back; what never opens is passed over.
    """
    moved = Moved()
    for kind, column in columns(metadata):
        last: UUID | None = UUID(int=0)
        while last is not None:
            with sessions() as session:
                last = _portion(session, vault, kind, column, last, moved, actor)
    return moved


def reseal_by(sessions: Sessions, vault: Vault, metadata: MetaData, *, actor: str) -> Moved:
    """The same by a person's hand, who may do so."""
    with sessions() as session:
        require(session, actor, "manage_settings")
    return reseal(sessions, vault, metadata, actor=actor)


def _portion(
    session: TenantSession, vault: Vault, kind: Any, column: str, after: UUID, moved: Moved, actor: str
) -> UUID | None:
    """The id of the last row that was looked at; None at the end."""
    lock_tenant(session)
    rows = session.exec(select(kind).where(kind.id > after).order_by(kind.id).limit(PORTION)).all()
    count = sum(_renew(vault, row, column, moved) for row in rows)
    session.add_all(rows)
    if count:
        moved.count += count
        payload = {"column": f"{kind.__tablename__}.{column}", "moved": count}
        record(session, "keys.reseal", actor=actor, subject=str(vault.current()), payload=payload)
    return rows[-1].id if len(rows) == PORTION else None


def _renew(vault: Vault, row: Any, column: str, moved: Moved) -> int:
    """How many texts of a cell were moved."""
    new = {place.part: one for place, sealed in _cells(row, column) if (one := _renewed(vault, sealed, place, moved))}
    if new:
        value = getattr(row, column)
        setattr(row, column, {**value, **new} if isinstance(value, Mapping) else new[""])
    return len(new)


def _renewed(vault: Vault, sealed: Sealed, place: Place, moved: Moved) -> Sealed | None:
    try:
        return vault.renewed(sealed, place)
    except Misconfigured as error:
        moved.stuck.append(error)
    except OutsideFailed as error:
        if not error.permanent:
            raise
        moved.stuck.append(error)
    return None


def _cells(row: Any, column: str) -> Iterator[tuple[Place, Sealed]]:
    """The texts of one cell."""
    value = getattr(row, column)
    if isinstance(value, Sealed):
        yield Place.of(row, column), value
    for part, one in sorted(value.items()) if isinstance(value, Mapping) else ():
        yield Place.of(row, column, part), one
