"""企业评价 (article 16): the object rates the conduct of the team by its link, once, straight to the supervisor.

Nothing here is part of any view of the inspecting unit, and no answer tells it whether there was a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, select

from shuangsui.access.service import require
from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.office import Office
from shuangsui.errors import BadInput, NotFound, RuleRefused
from shuangsui.inspections import links
from shuangsui.inspections.links import Held
from shuangsui.inspections.tables import FeedbackLink, InspectionTask
from shuangsui.inspections.tasks import find_task, require_task_state
from shuangsui.ledger.service import record

ARTICLE = "第十六条"
LONGEST = 2000


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


def slip(session: TenantSession, office: Office, no: str) -> Slip:
    """The link on a printed form, whose issue asks for the verb and is recorded itself.

    :class:`RuleRefused` ``task_state`` before the visit has ended, ``feedback_no_visit`` where there was none;
    :class:`Misconfigured` ``feedback_key`` as :func:`links.token_of`.
    """
    task = find_task(session, no)
    require_task_state(task, "出具评价单", *links.INSPECTED)
    link = links.link_of(session, task)
    if link is None or link.expires_at is None or not links.was_met(session, task):
        raise RuleRefused("feedback_no_visit", article=ARTICLE, task=no)
    return Slip(links.token_of(office, task, link), legal_day(link.expires_at))


def asked(session: TenantSession, token: str) -> Asked:
    """What a valid link asks about; :class:`NotFound` ``feedback_link`` as :func:`answer`."""
    held = _valid(session, token)
    return Asked(held.task.object_name, held.task.item_name, legal_day(held.task.ended_at or held.link.made_at))


def answer(session: TenantSession, token: str, rating: int, text: str = "") -> None:
    """The object's own word, once, while the link is valid; the ledger keeps neither rating nor text.

    :class:`NotFound` ``feedback_link`` for a token that is unknown, used or expired: all the same.
    """
    if not 1 <= rating <= 5 or len(text) > LONGEST or "\0" in text:
        raise BadInput("feedback_invalid", longest=LONGEST)
    lock_tenant(session)
    link = _valid(session, token).link
    link.rating, link.text, link.answered_at = rating, text.strip(), now(session)
    session.add(link)


def is_asked(session: TenantSession, held: Held) -> bool:
    """Whether a word is awaited or was given: after an inspection on which somebody was met, until the term is over."""
    until = held.link.expires_at
    in_time = until is not None and now(session) <= until
    return in_time and held.task.state in links.INSPECTED and links.was_met(session, held.task)


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


def _valid(session: TenantSession, token: str) -> Held:
    """One sentence of its own: whoever holds a link that still opens other pages learns no more than others."""
    try:
        held = links.opened(session, token)
    except NotFound:
        raise NotFound("feedback_link") from None
    if held.link.answered_at or not is_asked(session, held):
        raise NotFound("feedback_link")
    return held
