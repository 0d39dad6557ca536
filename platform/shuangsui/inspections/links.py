"""The object's own link, one for each task: behind it the object reads, signs, puts right and rates.

It is made at the first need and lasts from the notice until ``feedback.days`` after the inspection, and for as long as
something is to be put right; it opens nothing of an inspection that was handed back or cancelled. Its token follows
from the master key and is never stored: the database has its hash only. Nobody who inspects can read it or ask for a
new one, and it says nothing about what was done behind it (R16.1).
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlmodel import select

from shuangsui.access.service import require
from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.draws.office import Office
from shuangsui.errors import Misconfigured, NotFound, RuleRefused
from shuangsui.inspections import followup, visits
from shuangsui.inspections.notices import notice_of
from shuangsui.inspections.states import Mode, TaskState
from shuangsui.inspections.tables import FeedbackLink, InspectionTask
from shuangsui.inspections.tasks import find_to_change_task, require_task_state
from shuangsui.ledger.alerts import CLOCK
from shuangsui.ledger.service import record

HOLDER = "link:object"
"""Who acts when the object does by its link."""
PURPOSE = "feedback link"
"""Of the key: tokens were first made for the object's word on a team, and those handed out stay valid."""
INSPECTED = (TaskState.ENDED, TaskState.CLOSED)
HANDED = (TaskState.ACCEPTED, TaskState.UNDERWAY, *INSPECTED)


@dataclass(frozen=True, slots=True)
class Held:
    """What a valid token opens."""

    link: FeedbackLink
    task: InspectionTask


def make_link(session: TenantSession, office: Office, no: str, *, actor: str) -> str:
    """The token to hand to the object, used or not always the same; not for those who inspect (R16.1).

    :class:`RuleRefused` ``notice_missing`` before the object is told, ``link_unannounced`` before the notice of an
    unannounced visit is delivered.
    """
    require(session, actor, "send_feedback")
    task = find_to_change_task(session, no)
    require_task_state(task, "取得检查对象的链接", *HANDED)
    _require_told(session, task)
    link = open_link(session, office, task)
    token = token_of(office, task, link)
    record(session, "feedback.slip", actor=actor, subject=f"task/{no}", payload={})
    return token


def renew(session: TenantSession, office: Office, no: str, *, actor: str) -> str:
    """A new token with a new term for one that was lost or has expired; the former is void (the supervisor's verb).

    :class:`RuleRefused` ``link_missing`` where there was none, ``feedback_given`` once nothing is left to do by it.
    """
    require(session, actor, "read_feedback")
    task = find_to_change_task(session, no)
    link = link_of(session, task)
    if link is None:
        raise RuleRefused("link_missing", article="第十六条", task=no)
    if link.answered_at and not followup.is_being_put_right(session, task):
        raise RuleRefused("feedback_given", article="第十六条", task=no)
    link.n += 1
    _valid_anew(session, office, task, link)
    record(session, "feedback.renew", actor=actor, subject=f"task/{no}", payload={"n": link.n})
    return _token(office, task, link)


def open_link(session: TenantSession, office: Office, task: InspectionTask) -> FeedbackLink:
    """The task's link, made at the first need."""
    if found := link_of(session, task):
        return found
    link = FeedbackLink(task_id=task.id, token_hash="", made_at=now(session))
    _valid_anew(session, office, task, link)
    record(session, "feedback.link", actor=CLOCK, subject=f"task/{task.no}", payload={"n": link.n})
    return link


def begin_term(session: TenantSession, office: Office, task: InspectionTask) -> None:
    """The inspection has just ended: its link runs out from now on; there is one wherever somebody was met."""
    link = link_of(session, task)
    if link is None and not was_met(session, task):
        return
    link = link or open_link(session, office, task)
    link.expires_at = _end(session, office, task)
    session.add(link)


def tenant_of(token: str) -> str:
    """The tenant that a token names, in whose session it may be asked about; any text is answered."""
    return token.partition(".")[0]


def opened(session: TenantSession, token: str) -> Held:
    """What a token opens; :class:`NotFound` ``object_link`` for one unknown, void or expired: all the same."""
    query = select(FeedbackLink).where(FeedbackLink.token_hash == _hash(token))
    link = session.exec(query.execution_options(populate_existing=True)).one_or_none()
    task = session.find(InspectionTask, link.task_id) if link else None
    if link is None or task is None or not _lasts(session, link, task):
        raise NotFound("object_link")
    return Held(link, task)


def opened_to_change(session: TenantSession, token: str) -> Held:
    """The same, read under the tenant's lock."""
    lock_tenant(session)
    return opened(session, token)


def link_of(session: TenantSession, task: InspectionTask) -> FeedbackLink | None:
    """The task's link, if one was made."""
    query = select(FeedbackLink).where(FeedbackLink.task_id == task.id)
    return session.exec(query.execution_options(populate_existing=True)).one_or_none()


def token_of(office: Office, task: InspectionTask, link: FeedbackLink) -> str:
    """The token of a link; :class:`Misconfigured` ``feedback_key`` with another master key: one that opens nothing is
    never handed out."""
    token = _token(office, task, link)
    if _hash(token) != link.token_hash:
        raise Misconfigured("feedback_key", task=task.no)
    return token


def was_met(session: TenantSession, task: InspectionTask) -> bool:
    """Whether the team came and found somebody of the object there."""
    visit = visits.last_visit(session, task) if task.mode is Mode.ONSITE else None
    return visit is not None and visit.met


def may_be_made(session: TenantSession, task: InspectionTask) -> bool:
    """Whether :func:`make_link` would hand out a link now."""
    try:
        _require_told(session, task)
    except RuleRefused:
        return False
    return task.state in HANDED


def _require_told(session: TenantSession, task: InspectionTask) -> None:
    """A link tells of the inspection: it comes after the notice, and after the arrival of who comes unannounced."""
    notice = notice_of(session, task)
    if task.state in INSPECTED:
        return
    if notice is None:
        raise RuleRefused("notice_missing", article="第十一条", task=task.no)
    if notice.unannounced and notice.delivered_at is None:
        raise RuleRefused("link_unannounced", article="第十一条", task=task.no)


def _valid_anew(session: TenantSession, office: Office, task: InspectionTask, link: FeedbackLink) -> None:
    link.made_at, link.expires_at = now(session), _end(session, office, task)
    link.token_hash = _hash(_token(office, task, link))
    session.add(link)


def _end(session: TenantSession, office: Office, task: InspectionTask) -> datetime | None:
    """As many days from now as the rules of the task's day say; none before the inspection has ended."""
    if task.ended_at is None:
        return None
    return now(session) + timedelta(days=office.rules(task.rules_on).number("feedback.days"))


def _lasts(session: TenantSession, link: FeedbackLink, task: InspectionTask) -> bool:
    in_time = link.expires_at is None or now(session) <= link.expires_at
    return task.state in HANDED and (in_time or followup.is_being_put_right(session, task))


def _token(office: Office, task: InspectionTask, link: FeedbackLink) -> str:
    """The tenant's name and 144 bits that nobody without the master key can compute."""
    key = office.keyring.derive(PURPOSE)
    mac = hmac.digest(key, f"{office.tenant.slug}/{task.id}/{link.n}".encode(), "sha256")
    return f"{office.tenant.slug}.{urlsafe_b64encode(mac[:18]).decode()}"


def _hash(token: str) -> str:
    return sha256(token.encode(errors="replace")).hexdigest()
