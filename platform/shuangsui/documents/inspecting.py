"""From an inspection's rows to what its forms say (articles 11, 13 and 15)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from shuangsui.db import TenantSession
from shuangsui.documents.drawing import own_page, person_name, public_page
from shuangsui.documents.values import (
    ApprovalForm,
    Demand,
    FeedbackForm,
    Form,
    NoticeForm,
    Officer,
    Point,
    RectificationOrder,
    ReviewRecord,
    Signed,
    Supplement,
    VisitRecordForm,
)
from shuangsui.documents.wording import day_text, minutes_text, moment_text
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.office import Office
from shuangsui.errors import NotFound, RuleRefused
from shuangsui.inspections import codes, feedback, followup, notices, records, tasks, visits
from shuangsui.inspections.items import item_of
from shuangsui.inspections.messages import RIGHTS
from shuangsui.inspections.states import ANSWERS, MODES, RECORD_STATES, TASK_TYPES, Answer, Confirmation, Mode, Party
from shuangsui.inspections.tables import Addendum, InspectionRecord, InspectionTask, Signature, Visit
from shuangsui.registry import read

HOW = {Confirmation.SIGNATURE: "签字", Confirmation.SEAL: "盖章"}
PARTIES = {Party.OFFICER: "执法检查人员", Party.OBJECT: "检查对象", Party.EXPERT: "专家", Party.WITNESS: "见证人"}


def notice(session: TenantSession, office: Office, no: str, portal: str) -> NoticeForm:
    """行政检查通知书: what the notice said on the day of its issue, and how it was delivered.

    Its QR code is the object's own link to the verify page.
    """
    task = tasks.find_task(session, no)
    row = notices.notice_of(session, task)
    if row is None:
        raise RuleRefused("notice_missing", article="第十一条", task=no)
    said = row.content
    planned = date.fromisoformat(said["planned_on"]) if said["planned_on"] else None
    officers = tuple(Officer(one["name"], one["certificate"], one["leader"]) for one in said["officers"])
    materials = notices.materials_of(session, no)
    return NoticeForm(
        authority=office.tenant.name, number="", dated=legal_day(row.issued_at),
        address=own_page(session, office, portal, task.draw_no, task.object_code),
        notice_no=row.no, object_name=said["object"]["name"],
        object_code=said["object"]["code"], item=said["item"], type=TASK_TYPES[task.type], mode=said["mode"],
        basis=said["basis"] or "", content=said["content"] or "", planned=day_text(planned), officers=officers,
        materials=tuple(materials[0].materials) if materials else (), rights=tuple(said["rights"]),
        discipline=tuple(said["discipline"]),
        frequency=f"本年度同类事项对你单位的抽查（含本次）共{said['times_this_year']}次。",
        code=task.code or "", ground=row.ground, method=row.method or "", received_by=row.received_by or "",
        delivered=moment_text(row.delivered_at),
    )  # fmt: skip


def visit_record(session: TenantSession, office: Office, no: str, portal: str) -> VisitRecordForm:
    """现场检查记录 of a task on site, finished or as far as it has come."""
    task = _of_mode(session, no, VisitRecordForm, ReviewRecord, onsite=True)
    record, visit = records.record_of(session, task), visits.last_visit(session, task)
    if record is None or visit is None:
        raise NotFound("record_missing", task=no)
    people = _names(session)
    signed = [_signed(row, people) for row in records.signatures(session, record)]
    day = legal_day(record.concluded_at or visit.ended_at or visit.started_at or task.dispatched_at)
    return VisitRecordForm(
        authority=office.tenant.name, number="", dated=day, address=public_page(office, portal, task.draw_no),
        task_no=no, object_name=task.object_name, object_code=task.object_code, place=_place(session, visit),
        arrived=moment_text(visit.started_at), left=moment_text(visit.ended_at),
        duration=minutes_text(visits.minutes(visit)), item=task.item_name, draw_no=task.draw_no or "",
        officers=_officers(record.team or tasks.team_of(session, task), people),
        experts="、".join(tasks.experts_of(session, task)), shown=_shown(visit),
        points=_points(record), facts=record.facts, state=RECORD_STATES[record.state], code=_code(session, task),
        refusal=record.refusal_reason, late=_late(record),
        officer_signatures=_of(signed, Party.OFFICER), object_signatures=_of(signed, Party.OBJECT),
        other_signatures=_of(signed, Party.EXPERT) + _of(signed, Party.WITNESS),
        supplements=_supplements(session, record, people),
    )  # fmt: skip


def review_record(session: TenantSession, office: Office, no: str, portal: str) -> ReviewRecord:
    """非现场检查记录 of a task in any other mode."""
    task = _of_mode(session, no, ReviewRecord, VisitRecordForm, onsite=False)
    record = records.record_of(session, task)
    if record is None:
        raise NotFound("record_missing", task=no)
    people = _names(session)
    return ReviewRecord(
        authority=office.tenant.name, number="", dated=legal_day(record.concluded_at or task.dispatched_at),
        address=public_page(office, portal, task.draw_no), task_no=no, object_name=task.object_name,
        object_code=task.object_code, mode=MODES[task.mode], item=task.item_name, draw_no=task.draw_no or "",
        begun=moment_text(task.accepted_at), concluded=moment_text(record.concluded_at),
        officers=_officers(record.team or tasks.team_of(session, task), people),
        experts="、".join(tasks.experts_of(session, task)), points=_points(record), facts=record.facts,
        state=RECORD_STATES[record.state], code=task.code or "", supplements=_supplements(session, record, people),
    )  # fmt: skip


def rectification_order(session: TenantSession, office: Office, no: str, portal: str) -> RectificationOrder:
    """责令改正通知书 over every finding of the task that is to be put right."""
    task = tasks.find_task(session, no)
    demands, days = [], []
    for finding in followup.findings_of(session, task):
        order = followup.rectification_of(session, finding)
        if order and finding.disposed_at:
            demands.append(Demand(finding.n, finding.text, order.demand, day_text(order.due)))
            days.append(finding.disposed_at)
    if not demands:
        raise RuleRefused("document_not_ready", article="第十五条", subject=no, why="没有责令改正的问题")
    return RectificationOrder(
        authority=office.tenant.name, number="", dated=legal_day(max(days)),
        address=public_page(office, portal, task.draw_no), task_no=no, object_name=task.object_name,
        object_code=task.object_code, item=task.item_name, basis=item_of(session, task).grounds,
        inspected=_day(task.ended_at), officers=_officers(tasks.team_of(session, task), _names(session)),
        demands=tuple(demands), rights=RIGHTS[1:],
    )  # fmt: skip


def approval(session: TenantSession, office: Office, no: str, portal: str) -> ApprovalForm:
    """行政检查审批表: to be signed, or as it was approved."""
    task = tasks.find_task(session, no)
    row = notices.approval_of(session, task)
    if row is None:
        raise NotFound("approval_missing", task=no)
    return ApprovalForm(
        authority=office.tenant.name, number="", dated=legal_day(row.approved_at or row.proposed_at),
        address=public_page(office, portal, task.draw_no), task_no=no, object_name=task.object_name,
        object_code=task.object_code, item=task.item_name, type=TASK_TYPES[task.type], mode=MODES[task.mode],
        mode_reason=task.mode_reason, basis=item_of(session, task).grounds, content=item_of(session, task).content,
        planned=day_text(task.planned_on), officers=_officers(tasks.team_of(session, task), _names(session)),
        reason=row.reason, urgent="情况紧急，检查后补批" if row.urgent else "检查前审批",
        proposer=person_name(session, row.proposer), proposed=moment_text(row.proposed_at),
        opinion="同意检查。" if row.approved_at else "",
        approver=person_name(session, row.approver) if row.approver else "", approved=moment_text(row.approved_at),
    )  # fmt: skip


def feedback_slip(session: TenantSession, office: Office, no: str, portal: str) -> FeedbackForm:
    """企业评价单: the same whether it has been used or not."""
    task, made = tasks.find_task(session, no), feedback.slip(session, office, no)
    return FeedbackForm(
        authority=office.tenant.name, number="", dated=legal_day(task.ended_at or task.dispatched_at),
        address=f"{portal.rstrip('/')}/e/{made.token}/rate" if portal else "", object_name=task.object_name,
        item=task.item_name, inspected=_day(task.ended_at), code=made.token, until=day_text(made.until),
    )  # fmt: skip


def _of_mode(session: TenantSession, no: str, form: type[Form], instead: type[Form], *, onsite: bool) -> InspectionTask:
    """The task, whose mode has this record and not the other one."""
    task = tasks.find_task(session, no)
    if (task.mode is Mode.ONSITE) is not onsite:
        names = {"form": form.title, "instead": instead.title}
        raise RuleRefused("document_of_mode", article="第十二条", task=no, mode=MODES[task.mode], **names)
    return task


def _code(session: TenantSession, task: InspectionTask) -> str:
    """执法码; of a visit that began without one also why, and the number of its report."""
    filing, code = codes.filing_of(session, task), task.code or ""
    if filing is None or filing.visited_on is None:
        return code
    filed = f"；备案编号{filing.number}" if filing.number else ""
    return f"{code}（检查开始时没有执法码，理由：{filing.reason}{filed}）"


def _names(session: TenantSession) -> dict[str, str]:
    return {one.cert_no: one.name for one in read.inspectors(session)}


def _officers(team: Sequence[str], people: dict[str, str]) -> tuple[Officer, ...]:
    return tuple(Officer(people.get(one, ""), one, n == 0) for n, one in enumerate(team))


def _day(moment: datetime | None) -> str:
    return day_text(legal_day(moment)) if moment else ""


def _place(session: TenantSession, visit: Visit) -> str:
    """Where the team checked in, each place once."""
    return "、".join(dict.fromkeys(one.place for one in visits.presences(session, visit) if one.place))


def _shown(visit: Visit) -> str:
    numbers = "、".join(visit.certificates)
    return f"{moment_text(visit.certificates_at)}，已出示执法证{numbers}" if visit.certificates_at else ""


def _points(record: InspectionRecord) -> tuple[Point, ...]:
    """The form's points with the answers so far."""
    return tuple(_point(one, record.answers.get(one["no"], {})) for one in record.form["points"])


def _point(point: dict[str, Any], answer: dict[str, Any]) -> Point:
    said = ANSWERS[Answer(answer["answer"])] if answer.get("answer") else ""
    return Point(str(point["no"]), point["content"], said, answer.get("facts", ""))


def _late(record: InspectionRecord) -> str:
    return f"补录（延迟{minutes_text(record.delay_minutes)}）" if record.late else ""


def _signed(row: Signature, people: dict[str, str]) -> Signed:
    """Under the name; an officer's certificate beside it."""
    known = people.get(row.person)
    person = f"{known}（{row.person}）" if known and row.party is Party.OFFICER else row.person
    return Signed(PARTIES[row.party], person, HOW[row.how], moment_text(row.at), row.role)


def _of(signed: Sequence[Signed], party: Party) -> tuple[Signed, ...]:
    return tuple(one for one in signed if one.party == PARTIES[party])


def _supplements(session: TenantSession, record: InspectionRecord, people: dict[str, str]) -> tuple[Supplement, ...]:
    return tuple(_supplement(session, record, one, people) for one in records.addenda(session, record))


def _supplement(
    session: TenantSession, record: InspectionRecord, addendum: Addendum, people: dict[str, str]
) -> Supplement:
    signed = "、".join(_signed(row, people).person for row in records.signatures(session, record, addendum.n))
    return Supplement(addendum.n, addendum.text, moment_text(addendum.at), signed)
