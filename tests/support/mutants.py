"""Fences with a hole, one at a time: a plugin of pytest for runs that must fail (``-p mutants``, ``MUTANT=name``)."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from sqlalchemy import Connection, event, func, select

from shuangsui.db import TenantSession, fence, rls, scope
from shuangsui.db.statements import owned_classes

NAME = "MUTANT"


def no_criterion() -> None:
    """The first fence adds no tenant to a query, and lets everything through that it cannot scope."""
    fence._scope_query = lambda *_: None


def no_search() -> None:
    """It scopes what it recognises and does not look for anything else."""
    fence.reach = lambda statement: (None, frozenset(owned_classes(statement)))


def no_refusal() -> None:
    """It does not mind another tenant's name in what is written."""
    fence._refuse_other = lambda *_: None


def no_guard() -> None:
    """The engine serves everybody."""
    fence.refuse_bare = lambda connection, cursor, statement, parameters, context, many: None


def no_policy() -> None:
    """Row-level security is forced and lets every row through."""
    rls.ISOLATE = tuple(line.replace(rls.MINE, "true") for line in rls.ISOLATE)


def no_check() -> None:
    """It hides rows, and lets rows be written for anybody."""
    rls.ISOLATE = tuple(line.replace(f"WITH CHECK ({rls.MINE})", "WITH CHECK (true)") for line in rls.ISOLATE)


def no_force() -> None:
    """It does not bind the owner of the tables."""
    rls.ISOLATE = tuple(line for line in rls.ISOLATE if "FORCE" not in line)


def lasting_tenant() -> None:
    """A connection goes back to the pool with its tenant."""

    def keep(session: TenantSession, _: object, connection: Connection) -> None:
        connection.execution_options(**{scope.OF_TENANT: session.tenant})
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.set_config("app.tenant", session.tenant, False)))

    event.remove(TenantSession, "after_begin", scope.name_tenant)
    event.listen(TenantSession, "after_begin", keep)


MUTANTS: Mapping[str, Callable[[], None]] = {
    made.__name__: made
    for made in (
        no_criterion, no_search, no_refusal, no_guard, no_policy, no_check, no_force, lasting_tenant,
    )
}  # fmt: skip

if os.environ.get(NAME):
    MUTANTS[os.environ[NAME]]()
