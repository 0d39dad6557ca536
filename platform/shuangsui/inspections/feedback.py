"""企业评价 (article 16): the object rates the conduct of the team by a link of one use, straight to the supervisor.

The database holds the link's hash only. Nothing here is part of any view of the inspecting unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from sqlmodel import col, select

from shuangsui.access.service import require
from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.errors import BadInput, NotFound, RuleRefused
from shuangsui.inspections.states import TaskState
from shuangsui.inspections.tables import FeedbackLink, InspectionTask
from shuangsui.inspections.tasks import find_to_change_task, require_task_state
from shuangsui.ledger.service import record

VALID = timedelta(days=30)
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Feedback:
    """What the supervisor reads."""

    task: str
    object_name: str
    rating: int
    text: str
    at: datetime


def make_link(session: TenantSession, no: str, *, actor: str) -> str:
    """The token to hand to the object after the visit; a second link replaces one that nobody has used."""
    require(session, actor, "inspect")
    task = find_to_change_task(session, no)
    require_task_state(task, "发出评价链接", TaskState.UNDERWAY, TaskState.ENDED, TaskState.CLOSED)
    token, moment = token_urlsafe(24), now(session)
    query = select(FeedbackLink).where(FeedbackLink.task_id == task.id)
    link = session.exec(query).one_or_none()
    if link and link.answered_at:
        raise RuleRefused("feedback_given", article="第十六条")
    link = link or FeedbackLink(task_id=task.id, token_hash="", made_at=moment, expires_at=moment)
    link.token_hash, link.made_at, link.expires_at = _hash(token), moment, moment + VALID
    session.add(link)
    record(session, "feedback.link", actor=actor, subject=f"task/{no}", payload={})
    return token


def answer(session: TenantSession, token: str, rating: int, text: str = "") -> None:
    """The object's own word, once, while the link is valid; the ledger keeps neither rating nor text.

    :class:`NotFound` ``feedback_link`` for a token that is unknown, used or expired: all the same.
    """
    if not 1 <= rating <= 5 or len(text) > LONGEST:
        raise BadInput("feedback_invalid", longest=LONGEST)
    lock_tenant(session)
    link = session.exec(select(FeedbackLink).where(FeedbackLink.token_hash == _hash(token))).one_or_none()
    if link is None or link.answered_at or link.expires_at < now(session):
        raise NotFound("feedback_link")
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


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
