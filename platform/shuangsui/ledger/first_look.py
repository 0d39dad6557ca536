"""What a process looks at before it begins: whether every authority's draw log is what the public and witnesses know.

One authority's trouble is its own: it is logged, and looked at again at the authority's first act.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TypeVar

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from fairdraw.checkpoint import Key, read_trust
from shuangsui import db
from shuangsui.db import TenantSession
from shuangsui.ledger import outside, rollback
from shuangsui.ledger.keys import verifier_key
from shuangsui.ledger.rollback import Evidence, Standing
from shuangsui.ledger.tables import KeyRole, SigningKey
from shuangsui.ledger.witness import witness_name
from shuangsui.tenancy.tenant import Tenant

log = structlog.get_logger(__name__)
T = TypeVar("T")


def begin(engine: Engine, tenants: Callable[[], Iterable[Tenant]]) -> None:
    """Look at all of them; never raises, since what cannot be looked at now is looked at later."""
    try:
        for tenant, found in look(engine, list(tenants())):
            if found.lag:
                log.error("ledger_readonly", tenant=tenant.slug, code=found.lag.code, found=found.found)
    except Exception as error:  # noqa: BLE001 - a database or a file that is away is told by whoever needs it
        log.warning("ledgers_not_compared", error=type(error).__name__)


def look(engine: Engine, tenants: list[Tenant]) -> Iterator[tuple[Tenant, Standing]]:
    """Each with what was found; those that cannot be read are left out. A database that is away is raised."""
    told = outside.ask(tenants)
    keys = {slug: key for slug, key in _witnesses(engine, tenants) if key}
    for tenant in tenants:
        heads, silent = told.get(tenant.slug, ([], ()))
        evidence = Evidence([keys[slug] for slug in tenant.witnesses if slug in keys], heads, silent)
        found = _read(engine, tenant, partial(rollback.look, evidence=evidence))
        if found:
            yield tenant, found


def _witnesses(engine: Engine, tenants: list[Tenant]) -> Iterator[tuple[str, Key | None]]:
    """The keys of those in this installation by which anybody is witnessed."""
    wanted = {slug for tenant in tenants for slug in tenant.witnesses}
    for tenant in tenants:
        if tenant.slug in wanted:
            yield tenant.slug, _read(engine, tenant, partial(_key, tenant=tenant))


def _key(session: TenantSession, tenant: Tenant) -> Key | None:
    query = select(SigningKey).where(SigningKey.role == KeyRole.WITNESS, SigningKey.name == witness_name(tenant))
    key = session.exec(query).one_or_none()
    return read_trust(f"witness {verifier_key(key)}\n").witnesses[0] if key else None


def _read(engine: Engine, tenant: Tenant, read: Callable[[TenantSession], T]) -> T | None:
    try:
        with db.session(engine, tenant.slug, readonly=True) as session:
            return read(session)
    except OperationalError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one authority keeps no other waiting
        log.warning("ledger_not_compared", tenant=tenant.slug, error=type(error).__name__)
        return None
