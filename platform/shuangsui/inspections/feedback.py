"""企业评价 (article 16): the object rates the conduct of the team by a link of one use, straight to the supervisor.

The link is made by the system when an inspection with a visit ends. Its token follows from the master key and is never
stored: the database has its hash only. Nobody who inspects can read it, ask for a new one or learn from any answer
whether there was one; nothing here is part of any view of the inspecting unit.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from sqlmodel import col, select

from shuangsui.access.service import require
from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.office import Office
from shuangsui.errors import BadInput, Misconfigured, NotFound, RuleRefused
from shuangsui.inspections import visits
from shuangsui.inspections.states import Mode, TaskState
from shuangsui.inspections.tables import FeedbackLink, InspectionTask
from shuangsui.inspections.tasks import find_task, find_to_change_task, require_task_state
from shuangsui.ledger.alerts import CLOCK
from shuangsui.ledger.service import record

ARTICLE = "第十六条"
LONGEST = 2000
PURPOSE = "feedback link"


@dataclass(frozen=True, slots=True)
class Feedback:
    """What the supervisor reads."""

    task: str
    object_name: str
    rating: int
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Slip:
    """What is handed to the object: the token, valid from the end of the inspection to ``until``."""

    token: str
    until: date


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page behind a link says it asks about."""

    object_name: str
    item_name: str
    ended: date


def open_link(session: TenantSession, office: Office, task: InspectionTask) -> None:
    """The inspection has just ended: its link is valid from now on; none where nobody of the object was met."""
    visit = visits.last_visit(session, task)
    if task.mode is not Mode.ONSITE or visit is None or not visit.met:
        return
    moment = now(session)
    link = FeedbackLink(task_id=task.id, token_hash="", made_at=moment, expires_at=moment)
    _renewed(session, office, task, link)
    record(session, "feedback.link", actor=CLOCK, subject=f"task/{task.no}", payload={"n": link.n})


def make_link(session: TenantSession, office: Office, no: str, *, actor: str) -> str:
    """The token to hand to the object, answered or not always the same; not for those who inspect (R16.1).

    :class:`RuleRefused` ``task_state`` before the visit has ended, ``feedback_no_visit`` where there was none.
    """
    require(session, actor, "send_feedback")
    record(session, "feedback.slip", actor=actor, subject=f"task/{no}", payload={})
    return slip(session, office, no).token


def slip(session: TenantSession, office: Office, no: str) -> Slip:
    """The same for a printed form, whose issue asks for the verb and is recorded itself.

    :class:`Misconfigured` ``feedback_key`` with another master key: a token that opens nothing is never handed out.
    """
    task = find_task(session, no)
    link = _link(session, task)
    token = _token(office, task, link)
    if _hash(token) != link.token_hash:
        raise Misconfigured("feedback_key", task=no)
    return Slip(token, legal_day(link.expires_at))


def renew(session: TenantSession, office: Office, no: str, *, actor: str) -> str:
    """A new token with a new term for one that was lost or has expired; the former is void (the supervisor's verb).

    :class:`RuleRefused` ``feedback_given`` once there is an answer, which the supervisor knows anyway.
    """
    require(session, actor, "read_feedback")
    task = find_to_change_task(session, no)
    link = _link(session, task)
    if link.answered_at:
        raise RuleRefused("feedback_given", article=ARTICLE, task=no)
    link.n += 1
    _renewed(session, office, task, link)
    record(session, "feedback.renew", actor=actor, subject=f"task/{no}", payload={"n": link.n})
    return _token(office, task, link)


def tenant_of(token: str) -> str:
    """The tenant that a token names, in whose session it may be asked about; any text is answered."""
    return token.partition(".")[0]


def asked(session: TenantSession, token: str) -> Asked:
    """What a valid link asks about; :class:`NotFound` ``feedback_link`` as :func:`answer`."""
    link = _valid(session, token)
    task = session.find(InspectionTask, link.task_id)
    assert task is not None
    return Asked(task.object_name, task.item_name, legal_day(task.ended_at or link.made_at))


def answer(session: TenantSession, token: str, rating: int, text: str = "") -> None:
    """The object's own word, once, while the link is valid; the ledger keeps neither rating nor text.

    :class:`NotFound` ``feedback_link`` for a token that is unknown, used or expired: all the same.
    """
    if not 1 <= rating <= 5 or len(text) > LONGEST or "\0" in text:
        raise BadInput("feedback_invalid", longest=LONGEST)
    lock_tenant(session)
    link = _valid(session, token)
    link.rating, link.text, link.answered_at = rating, text.strip(), now(session)
    session.add(link)


def read(session: TenantSession, *, actor: str) -> Sequence[Feedback]:
    """Everything said, the newest first; the supervisor's verb only."""
    require(session, actor, "read_feedback")
    query = (
        select(FeedbackLink, InspectionTask)
        .join(InspectionTask, col(InspectionTask.id) == FeedbackLink.task_id)
        .where(col(FeedbackLink.answered_at).is_not(None))
        .order_by(col(FeedbackLink.answered_at).desc())
    )
    record(session, "feedback.read", actor=actor, subject="feedback", payload={})
    return [
        Feedback(task.no, task.object_name, link.rating or 0, link.text, link.answered_at or link.made_at)
        for link, task in session.exec(query)
    ]


def _link(session: TenantSession, task: InspectionTask) -> FeedbackLink:
    require_task_state(task, "出具评价单", TaskState.ENDED, TaskState.CLOSED)
    query = select(FeedbackLink).where(FeedbackLink.task_id == task.id)
    link = session.exec(query.execution_options(populate_existing=True)).one_or_none()
    if link is None:
        raise RuleRefused("feedback_no_visit", article=ARTICLE, task=task.no)
    return link


def _renewed(session: TenantSession, office: Office, task: InspectionTask, link: FeedbackLink) -> None:
    """Valid for as many days as the rules of the task's day say."""
    days = office.rules(task.rules_on).number("feedback.days")
    link.made_at = now(session)
    link.expires_at = link.made_at + timedelta(days=days)
    link.token_hash = _hash(_token(office, task, link))
    session.add(link)


def _valid(session: TenantSession, token: str) -> FeedbackLink:
    query = select(FeedbackLink).where(FeedbackLink.token_hash == _hash(token))
    link = session.exec(query.execution_options(populate_existing=True)).one_or_none()
    if link is None or link.answered_at or link.expires_at < now(session):
        raise NotFound("feedback_link")
    return link


def _token(office: Office, task: InspectionTask, link: FeedbackLink) -> str:
    """The tenant's name and 144 bits that nobody without the master key can compute."""
    key = office.keyring.derive(PURPOSE)
    mac = hmac.digest(key, f"{office.tenant.slug}/{task.id}/{link.n}".encode(), "sha256")
    return f"{office.tenant.slug}.{urlsafe_b64encode(mac[:18]).decode()}"


def _hash(token: str) -> str:
    return sha256(token.encode(errors="replace")).hexdigest()
