"""Issuing forms: what a form says now gets a number, and keeps it whenever it is printed again."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from shuangsui.access.policy import Verb
from shuangsui.access.service import require
from shuangsui.db import TenantSession, lock_tenant, next_number, now
from shuangsui.documents import drawing, inspecting
from shuangsui.documents.rendering import Printed, pdf
from shuangsui.documents.tables import IssuedDocument
from shuangsui.documents.values import Form
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.office import Office
from shuangsui.errors import BadInput
from shuangsui.inspections import access_log
from shuangsui.inspections.tasks import find_task
from shuangsui.ledger.service import record

Source = Callable[[TenantSession, Office, str, str], Form]


@dataclass(frozen=True, slots=True)
class Kind:
    """How one form is issued: who may, the word of its number series, where its values come from, what it is about."""

    verb: Verb
    series: str
    source: Source
    subject: str


TASK = "任务编号"
"""A form about a task is a look into the object's file (R16.2)."""
KINDS: Mapping[str, Kind] = {
    "draw": Kind("view", "抽记", drawing.draw_record, "抽取编号"),
    "notice": Kind("issue_notice", "检通", inspecting.notice, TASK),
    "visit": Kind("inspect", "检记", inspecting.visit_record, TASK),
    "review": Kind("inspect", "查记", inspecting.review_record, TASK),
    "recusal": Kind("view", "避决", drawing.recusal_decision, "回避申请编号"),
    "rectification": Kind("dispose_finding", "责改", inspecting.rectification_order, TASK),
    "feedback": Kind("send_feedback", "评价", inspecting.feedback_slip, TASK),
    "approval": Kind("view", "检批", inspecting.approval, TASK),
}


@dataclass(frozen=True, slots=True)
class Issued:
    """A form with its number and its file; ``again``: this content had been issued before."""

    form: Form
    printed: Printed
    again: bool


def issue(session: TenantSession, office: Office, kind: str, subject: str, *, actor: str, portal: str = "") -> Issued:
    """The form about ``subject`` as PDF. New content takes the next number of its series and is recorded.

    ``portal`` is the public site's address, to which the QR code leads. :class:`BadInput` ``document_unknown``.
    """
    if kind not in KINDS:
        raise BadInput("document_unknown", form=kind, known="、".join(KINDS))
    require(session, actor, KINDS[kind].verb)
    lock_tenant(session)
    if KINDS[kind].subject == TASK:
        access_log.opened(session, find_task(session, subject).object_code, actor=actor)
    form = KINDS[kind].source(session, office, subject, portal)
    content = content_hash(form)
    known = session.exec(_query(kind, subject).where(IssuedDocument.content == content)).one_or_none()
    form = replace(form, number=known.number if known else _number(session, office, kind))
    printed = pdf(form)
    if known is None:
        _record(session, form, subject, content, printed, actor)
    return Issued(form, printed, again=known is not None)


def issued(session: TenantSession, kind: str, subject: str) -> list[IssuedDocument]:
    """Every number under which the form about ``subject`` was issued, the oldest first."""
    return list(session.exec(_query(kind, subject)))


def content_hash(form: Form) -> str:
    """SHA-256 over what the form says; its number and the address of the portal are not part of that."""
    said = {name: value for name, value in form.as_data().items() if name not in ("number", "address")}
    return sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _query(kind: str, subject: str) -> SelectOfScalar[IssuedDocument]:
    query = select(IssuedDocument).where(IssuedDocument.form == kind, IssuedDocument.subject == subject)
    return query.order_by(col(IssuedDocument.id))


def _number(session: TenantSession, office: Office, kind: str) -> str:
    """文号: the authority, the series, the year, and the next number of that series in that year."""
    year = legal_day(now(session)).year
    n = next_number(session, f"document/{kind}/{year}")
    return f"{office.tenant.short}{KINDS[kind].series}〔{year}〕{n}号"


def _record(session: TenantSession, form: Form, subject: str, content: str, printed: Printed, actor: str) -> None:
    digest = sha256(printed.data).hexdigest()
    row = IssuedDocument(
        form=form.kind, subject=subject, number=form.number, content=content, sha256=digest, by=actor, at=now(session),
    )  # fmt: skip
    session.add(row)
    payload = {"form": form.kind, "subject": subject, "content": content, "sha256": digest}
    record(session, "document.issue", actor=actor, subject=f"document/{form.number}", payload=payload)
