"""Expert pools that talk to a network, pulled before a draw: a whole answer or nothing (R6.4).

A freeze never asks them: it reads what the last pull stored. Somebody who left a pool is disabled and stays, for older
draws name them. Freshness is that of a whole answer, as with the feeds of :mod:`shuangsui.registry.feeds`.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from shuangsui import db
from shuangsui.access.service import require
from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.errors import BadInput, OutsideFailed, ShuangsuiError
from shuangsui.experts import PoolAnswer, PoolExpert, PoolRequest, PoolState
from shuangsui.extension import pools
from shuangsui.extension.children import Limits
from shuangsui.extension.isolation import LoadedPool
from shuangsui.ledger.alerts import CLOCK, clear_alert, raise_alert
from shuangsui.ledger.service import record
from shuangsui.registry import history
from shuangsui.registry.normalise import fold
from shuangsui.registry.pooled import digest_of, last_taken, people_of, state_of
from shuangsui.registry.service import Imported, Origin, good_file, take_in
from shuangsui.registry.shelves import pool_shelf
from shuangsui.registry.tables import ExpertStatus
from shuangsui.rules.policy import Rules
from shuangsui.settings import Settings
from shuangsui.tenancy.tenant import Tenant

FAILED = "pool_failed"
ARTICLE = "第六条"
_SPARED = 20
"""A pool so small may change altogether."""


@dataclass(frozen=True, slots=True)
class Puller:
    """Who pulls one pool of one tenant, under which rules and limits."""

    engine: Engine
    tenant: Tenant
    pool: LoadedPool
    rules: Rules
    settings: Settings
    actor: str
    limits: Limits = field(default_factory=lambda: pools.LIMITS)
    sure: bool = False
    """A person has made certain that most of the pool has really left."""

    @property
    def key(self) -> str:
        """``plugin/name``."""
        return pools.key_of(self.pool)

    @property
    def subject(self) -> str:
        """The pool in alerts and in the ledger."""
        return subject_of(self.key)


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull did; ``imported`` None: nothing has changed since ``day``. ``left``: so many are no longer in it."""

    pool: str
    day: date
    people: int
    digest: str
    imported: Imported | None = None
    left: int = 0


def subject_of(pool: str) -> str:
    """``plugin/name`` in alerts and in the ledger."""
    return f"pool/{pool}"


def pull(by: Puller) -> Pulled:
    """Ask and take in. What goes wrong is one ledger row and an alert, and nothing of the pool has changed.

    Time itself may pull (:data:`shuangsui.ledger.alerts.CLOCK`), for an administrator has switched the pool on.
    """
    with db.session(by.engine, by.tenant.slug, readonly=True) as session:
        if by.actor != CLOCK:
            require(session, by.actor, "import_registry")
        request = PoolRequest(history.legal(now(session)), last=resumable(session, by))
    try:
        answer = pools.ask(by.tenant, by.pool, request, by.settings, by.limits)
        with db.session(by.engine, by.tenant.slug) as session:
            return _taken(session, by, request, answer)
    except ShuangsuiError as error:
        with db.session(by.engine, by.tenant.slug) as session:
            _note_failure(session, by, error)
        raise


def resumable(session: TenantSession, by: Puller) -> PoolState | None:
    """The state that the pool may say nothing has changed since; None once it is as old as the day of warning."""
    last = last_taken(session, by.key)
    if last is None or last.day is None:
        return None
    fresh = state_of(history.as_of(last), by.rules, history.legal(now(session))) == "fresh"
    return PoolState(last.day, last.mark or "") if fresh else None


def _taken(session: TenantSession, by: Puller, request: PoolRequest, answer: PoolAnswer) -> Pulled:
    """The answer as the pool's state, or its word that nothing has changed, and the end of the alert."""
    lock_tenant(session)
    _check_day(session, by, answer)
    if answer.experts is None:
        done = _unchanged(session, by, request, answer)
    else:
        done = _stored(session, by, answer, answer.experts)
    clear_alert(session, FAILED, by.subject)
    return done


def _check_day(session: TenantSession, by: Puller, answer: PoolAnswer) -> None:
    """A state is neither of tomorrow nor older than the last one."""
    today, last = history.legal(now(session)), last_taken(session, by.key)
    if answer.day > today:
        raise OutsideFailed("pool_of_tomorrow", pool=by.key, day=answer.day.isoformat(), today=today.isoformat())
    if last and last.day and answer.day < last.day:
        raise OutsideFailed("pool_goes_back", pool=by.key, day=answer.day.isoformat(), last=last.day.isoformat())


def _unchanged(session: TenantSession, by: Puller, request: PoolRequest, answer: PoolAnswer) -> Pulled:
    if request.last is None:
        raise OutsideFailed("pool_unasked", pool=by.key)
    people = people_of(session, by.key)
    payload = {"pool": by.key, "day": answer.day.isoformat(), "mark": answer.mark, "digest": digest_of(people)}
    record(session, "registry.pool_unchanged", actor=by.actor, subject=by.subject, payload=payload)
    return Pulled(by.key, answer.day, len(people), payload["digest"])


def _stored(session: TenantSession, by: Puller, answer: PoolAnswer, experts: tuple[PoolExpert, ...]) -> Pulled:
    """Through the same checks as a file by hand; the digest is that of what stands there afterwards."""
    if not experts:
        raise OutsideFailed("pool_empty", pool=by.key)
    gone = _gone(session, by, experts)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{by.pool.plugin}-{by.pool.name}-{answer.day}.csv"
        _write(path, experts, gone)
        origin = Origin(by.key, answer.day, answer.mark)
        good = good_file(path, "experts")
        imported = take_in(session, pool_shelf(by.key), good, actor=by.actor, partial=True, origin=origin)
    people = people_of(session, by.key)
    done = Pulled(by.key, answer.day, len(people), digest_of(people), imported, len(gone))
    payload = {"pool": by.key, "day": answer.day.isoformat(), "people": done.people, "digest": done.digest}
    payload |= {"left": done.left, **({"sure": True} if by.sure else {})}
    record(session, "registry.pool", actor=by.actor, subject=by.subject, payload=payload)
    return done


def _gone(session: TenantSession, by: Puller, experts: tuple[PoolExpert, ...]) -> list[PoolExpert]:
    """Who has left; that most of a pool has is more likely a mistake of the other side, so a person must be sure."""
    there, named = people_of(session, by.key), {fold(one.number) for one in experts}
    gone = [one for one in there if one.number not in named]
    if len(there) > _SPARED and len(gone) * 2 > len(there) and not by.sure:
        raise BadInput("pool_loses_most", pool=by.key, left=len(gone), size=len(there))
    return gone


def _write(path: Path, experts: tuple[PoolExpert, ...], gone: list[PoolExpert]) -> None:
    """The answer as a file of experts, with those who left as disabled."""
    states = [(one, ExpertStatus.ACTIVE) for one in experts] + [(one, ExpertStatus.DISABLED) for one in gone]
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["expert_no", "name", "quals", "employer", "valid_to", "status"])
        writer.writerows(
            [one.number, one.name, "；".join(one.fields), one.employer, one.valid_to or "", state.value]
            for one, state in states
        )


def _note_failure(session: TenantSession, by: Puller, error: ShuangsuiError) -> None:
    """Each failed pull is a row; the alert is raised once and stays until a pull succeeds."""
    said = {name: str(value)[:500] for name, value in error.params.items()}
    payload = {"pool": by.key, "code": error.code, "params": said}
    record(session, "registry.pool_failed", actor=by.actor, subject=by.subject, payload=payload)
    raise_alert(session, FAILED, by.subject, article=ARTICLE, facts={"code": error.code})
