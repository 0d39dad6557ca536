"""What follows an alert: everybody concerned hears of it, at once or in the day's digest."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date, datetime, time
from functools import partial
from uuid import UUID

from shuangsui import db
from shuangsui.db import TenantSession
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.office import Office
from shuangsui.extension import service as extension
from shuangsui.extension.isolation import Absent, LoadedNotifier
from shuangsui.ledger.alerts import TELL
from shuangsui.ledger.tables import AlertLevel
from shuangsui.notification import sending, spreading
from shuangsui.notification.spreading import SEND, Wording
from shuangsui.outbox import enqueue
from shuangsui.rules import calendars
from shuangsui.texts import alert_titles
from shuangsui.worker.policy import LEGAL
from shuangsui.worker.work import Daily, Job, Work

PLAN, DIGEST = "notification.plan", "notification.digest"


def tell(work: Work, alert: str, level: str) -> None:
    """Spread one raise of an alert; where no notifier is switched on, nothing is read or written."""
    ways, failed = _ways(work)
    if ways:
        with _session(work) as session:
            spreading.spread(session, UUID(alert), AlertLevel(level), ways, wording_of(work.office))
    _complain(failed)


def plan_digest(work: Work) -> None:
    """On a working day, at the hour that the authority has chosen; what comes on other days waits."""
    with _session(work) as session:
        today = legal_day(db.now(session))
        if calendars.in_force(session, work.office.tenant).is_workday(today):
            at = datetime.combine(today, work.office.tenant.digest_at, LEGAL)
            enqueue(session, DIGEST, key=today.isoformat(), at=at, day=today.isoformat())


def digest(work: Work, day: str) -> None:
    """One message for each person and notifier."""
    ways, failed = _ways(work)
    if not failed:
        with _session(work) as session:
            spreading.collect(session, date.fromisoformat(day), ways, wording_of(work.office))
    _complain(failed)


def send(work: Work, notifier: str) -> None:
    """Serve one notifier."""
    ways, failed = _ways(work)
    way = next((one for one in ways if one.key == notifier), None)
    if way:
        sending.drain(partial(_session, work), way, work.office.vault, work.office.tenant.public_numbers)
        return
    _complain([one for one in failed if notifier.startswith(f"{one.plugin}/")])
    with _session(work) as session:
        sending.refuse_all(session, notifier)


def wording_of(office: Office) -> Wording:
    """The authority's name and public numbers, and what its alerts are called."""
    return Wording(office.tenant.name, alert_titles(), office.tenant.public_numbers)


def _ways(work: Work) -> tuple[list[LoadedNotifier], list[Absent]]:
    found = extension.notifiers(work.office.tenant, work.settings)
    failed = [one for one in found if isinstance(one, Absent)]
    return [one for one in found if not isinstance(one, Absent)], failed


def _complain(failed: list[Absent]) -> None:
    """A plugin that cannot say what it offers is asked again: nobody is passed over in silence."""
    for one in failed:
        raise one.error


def _session(work: Work) -> AbstractContextManager[TenantSession]:
    return db.session(work.engine, work.office.tenant.slug)


JOBS = (
    Job(TELL, tell, attempts=None),
    Job(PLAN, plan_digest),
    Job(DIGEST, digest, attempts=None),
    Job(SEND, send, attempts=None),
)
TIMES = (Daily(PLAN, time(0, 30)),)
