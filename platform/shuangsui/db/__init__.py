"""The database: engines, sessions that carry one tenant, and what every row of a tenant shares.

Two fences keep tenants apart (promise P3). Each works alone; the isolation tests switch the other one off to prove it.

- :mod:`shuangsui.db.fence` adds the tenant to every statement of a :class:`TenantSession` and refuses what it cannot
  scope, on every database;
- :mod:`shuangsui.db.rls` derives forced row-level security from the metadata, on PostgreSQL.
"""

from __future__ import annotations

from shuangsui.db import fence, rls
from shuangsui.db.clock import ClockOffset, StillClock, move_clock, now, wall
from shuangsui.db.connect import engine
from shuangsui.db.numbers import Counter, last_number, lock_tenant, next_number
from shuangsui.db.rows import Json, TenantOwned, choice, later, new_id, refers
from shuangsui.db.scope import CrossTenantWrite, FenceBroken, RawSqlRefused, TenantRequired, TenantSession, session
from shuangsui.db.sealed import Sealed, SealedMap, SealedText

__all__ = [
    "ClockOffset",
    "Counter",
    "CrossTenantWrite",
    "FenceBroken",
    "Json",
    "RawSqlRefused",
    "Sealed",
    "SealedMap",
    "SealedText",
    "StillClock",
    "TenantOwned",
    "TenantRequired",
    "TenantSession",
    "choice",
    "engine",
    "fence",
    "last_number",
    "later",
    "lock_tenant",
    "move_clock",
    "new_id",
    "next_number",
    "now",
    "refers",
    "rls",
    "session",
    "wall",
]
