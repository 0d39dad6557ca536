"""The page of a record: written, read and submitted by the leader (article 13); signatures are in signing_routes."""

from __future__ import annotations

from collections.abc import Mapping
from secrets import token_hex
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from shuangsui.disclosure.following import publish_draw
from shuangsui.draws.freezing import legal_day
from shuangsui.inspections import confirming, forms, records, result_code_routes, results, submissions, views, visits
from shuangsui.inspections.common_routes import called, names_of, officers, opened, pages_of, reached, whole
from shuangsui.inspections.department_codes import chosen
from shuangsui.inspections.offering import of_record
from shuangsui.inspections.policy import CATEGORIES
from shuangsui.inspections.signing_routes import HOW
from shuangsui.inspections.states import (
    ANSWERS,
    RECORD_NAMES,
    RECORD_STATES,
    TASK_STATES,
    Answer,
    Mode,
    RecordState,
    TaskState,
)
from shuangsui.inspections.tables import InspectionRecord, InspectionTask
from shuangsui.inspections.visit_routes import PARTIES
from shuangsui.pages import Detail, Here, Table, act, view
from shuangsui.said import listed, say

ONE = "/tasks/{no:str}/record"
POINTS = {"no": "序号", "content": "检查内容", "method": "检查方法", "answer_name": "结果", "facts": "查明的情况"}
SIGNED = {"who": "签字人", "party_name": "身份", "how_name": "方式", "role": "职务", "at": "时间"}
ADDENDA = {"n": "序号", "text": "补充说明", "signed_by": "签字", "by": "录入", "at": "时间"}
OBJECTIONS = {"n": "序号", "text": "异议", "person": "提出人", "at": "时间"}
CONFLICTS = {"field_name": "内容", "mine": "这次提交", "theirs": "记录现为", "device": "设备", "device_at": "设备时间"}


class Writing(BaseModel):
    """Answers by point and facts, and the revision that the writer had seen."""

    answers: dict[str, dict[str, str | None]] = Field({}, title="检查要点")
    facts: str | None = Field(None, title="检查情况")
    revision: int = Field(title="填写时看到的修改次数", ge=0)


class Submission(BaseModel):
    """The leader's."""

    leader: str = Field(title="组长", max_length=64)
    categories: list[str] = Field(title="结果类别", min_length=1)
    codes: list[str] = Field([], title="部门结果代码", description="可选几个；每个代码的上级类别也要选上")
    remark: str = Field("", title="内部备注", max_length=1000, description="不公开")


class Resolution(BaseModel):
    """Of what two devices wrote differently."""

    submission: UUID = Field(title="待处理的提交")
    keep: Literal["mine", "theirs"] = Field(title="采用")


def load(here: Here) -> Detail:
    """The form with its answers; only to be read until two officers have checked in."""
    task = opened(here)
    record = records.record_of(here.session, task)
    data = views.full(here.session, task)["record"]
    form, answers = (record.form, record.answers) if record else (forms.form_for(here.session, task), {})
    writable = is_open(here, task, record)
    points = [_point(one, answers.get(str(one["no"]), {})) for one in form["points"]]
    shown = {
        "no": task.no, "form": dict(form), "record": data, "writable": writable, "points": points,
        "facts": record.facts if record else "", "facts_title": facts_title(task),
        "revision": record.revision if record else 0, "device": f"page-{token_hex(8)}" if writable else "",
        "conflicts": submissions.conflicts(here.session, task.no),
        "answer_names": {str(one): name for one, name in ANSWERS.items()},
    }  # fmt: skip
    tables = [] if writable else [Table(POINTS, points, title=form["title"])]
    notes = [] if record and record.state is not RecordState.OPEN else _notes(here, task, writable)
    acts = of_record(here.session, task, record)
    return Detail(
        f"{RECORD_NAMES[task.mode]} {task.no}",
        _facts(here, task, record),
        [*tables, *_below(here, shown), pages_of(task), whole(task)],
        notes,
        acts,
        data=shown,
    )


def is_open(here: Here, task: InspectionTask, record: InspectionRecord | None) -> bool:
    """Whether the text can be written now by this visitor."""
    unsigned = record is None or (record.state is RecordState.OPEN and not records.signatures(here.session, record))
    return unsigned and visits.is_writable(here.session, task) and here.actor.may("inspect")


def open_record(here: Here, _form: BaseModel) -> dict[str, Any]:
    """The record with its copy of the form, for a device that goes out with it."""
    record = opened_record(here, reached(here))
    return {"form": record.form, "answers": record.answers, "facts": record.facts, "revision": record.revision}


def opened_record(here: Here, task: InspectionTask) -> InspectionRecord:
    """The record of the task, opened with the form of its item at first use."""
    form = forms.form_for(here.session, task)
    return records.open_record(here.session, task.no, form, actor=here.actor.login)


def write(here: Here, form: Writing) -> dict[str, Any]:
    """Refused when somebody else was quicker; a device sends a submission instead."""
    task = reached(here)
    opened_record(here, task)
    content: dict[str, Any] = {"answers": form.answers} | ({} if form.facts is None else {"facts": form.facts})
    made = records.write(here.session, task.no, content, base_revision=form.revision, actor=here.actor.login)
    return {"revision": made.revision}


def submit(here: Here, form: Submission) -> dict[str, Any]:
    """The inspection has ended; of a drawn task its result is published once it stands.

    Where nobody was found there was nothing to write down, so the record may not even have been opened.
    """
    task = reached(here)
    if visits.nobody_met(here.session, task):
        opened_record(here, task)
    made = results.submit(
        here.session, here.office, task.no, form.categories, leader=form.leader, actor=here.actor.login,
        codes=chosen(here.office.tenant, form.codes), remark=form.remark,
    )  # fmt: skip
    if task.draw_no:
        publish_draw(here, task.draw_no)
    return {"ended": made.ended, "categories": made.categories, "codes": [one["code"] for one in made.codes]}


def resolve(here: Here, form: Resolution) -> dict[str, Any]:
    """Take what was sent, or leave the record."""
    made = submissions.resolve(here.session, reached(here).no, form.submission, form.keep, actor=here.actor.login)
    return {"revision": made.revision}


def waiting(here: Here) -> dict[str, str]:
    """Submissions that wait for a person."""
    found = submissions.conflicts(here.session, reached(here).no)
    return {
        one["id"]: say("{by} 第 {counter} 次提交：{fields}", by=one["by"], counter=one["counter"], fields=_fields(one))
        for one in found
    }


def head(here: Here) -> dict[str, str]:
    """Only the team's leader submits (R8.4)."""
    return dict(list(officers(here).items())[:1])


def facts_title(task: InspectionTask) -> str:
    """How the text of a record is called: without a visit it is also the conclusion (R12.1)."""
    return "检查情况" if task.mode is Mode.ONSITE else "检查情况和结论"


def _fields(conflict: Mapping[str, Any]) -> str:
    return listed(field_name(one["field"]) for one in conflict["fields"])


def field_name(field: str) -> str:
    """A field of a record as pages call it."""
    kind, _, no = field.partition("/")
    return say("要点 {no}", no=no) if kind == "answers" else "检查情况"


def _point(point: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, Any]:
    said = answer.get("answer") or ""
    return {
        **point, "no": str(point["no"]), "answer": said, "answer_name": _answer_name(answer),
        "facts": answer.get("facts", ""),
    }  # fmt: skip


def _answer_name(answer: Mapping[str, Any]) -> str:
    return ANSWERS[Answer(answer["answer"])] if answer.get("answer") else "未填写"


def _notes(here: Here, task: InspectionTask, writable: bool) -> list[str]:
    """What somebody should know before the record is submitted."""
    notes = [] if writable else [_why(here, task)]
    visit = visits.last_visit(here.session, task)
    if visit is not None and not visit.met:
        found, proof, least = records.sought(here.session, here.office, task)
        notes.append(
            say(
                "没有找到检查对象：须上门 {least} 次、留存证据 {least} 件，现有 {found} 次、{proof} 件；不需要签字。",
                least=least,
                found=found,
                proof=proof,
            )
        )
    if visit is not None and visit.ended_at is not None and legal_day(visit.ended_at) < here.today:
        notes.append("检查结束的当天没有提交记录：现在提交将标明“补录”和延迟的时间。")
    record = records.record_of(here.session, task)
    if record is not None and confirming.objections(here.session, record):
        notes.append("检查对象对这份记录提出了异议：请先阅读，再提交。")
    return notes


def _why(here: Here, task: InspectionTask) -> str:
    """Why the text cannot be written."""
    if task.state in (TaskState.HANDED_BACK, TaskState.CANCELLED):
        return say("任务{state}，不填写检查记录。", state=TASK_STATES[task.state])
    if not visits.is_writable(here.session, task):
        return "记录表还不能填写：现场检查须有两名执法人员到场签到，书面检查和网络监测须已接收任务。"
    return "记录已经有人签字，不能再修改：须更正的，提交后另写补充说明。"


def _facts(here: Here, task: InspectionTask, record: InspectionRecord | None) -> dict[str, Any]:
    facts = {"检查对象": task.object_name, "记录": RECORD_STATES[record.state] if record else "还没有打开"}
    if record is None:
        return facts
    more = {
        facts_title(task): record.facts, "拒绝签字的原因": record.refusal_reason,
        "提交的组长": called(record.submitted_by or "", names_of(here)), "得出结论": record.concluded_at,
        "补录": say("延迟 {delay_minutes} 分钟", delay_minutes=record.delay_minutes) if record.late else "",
    }  # fmt: skip
    return facts | {"修改次数": record.revision} | {name: value for name, value in more.items() if value}


def _below(here: Here, shown: Mapping[str, Any]) -> list[Table]:
    """Conflicts, signatures, addenda and the object's objections, those that there are."""
    data, names = shown["record"] or {"signatures": [], "addenda": [], "objections": []}, names_of(here)
    signed = [
        one | {
            "who": called(one["person"], names), "party_name": PARTIES[one["party"]], "how_name": HOW[one["how"]],
        }
        for one in data["signatures"] if not one["addendum"]
    ]  # fmt: skip
    addenda = [one | {"signed_by": [called(person, names) for person in one["signatures"]]} for one in data["addenda"]]
    tables = [
        Table(CONFLICTS, _conflicts(shown["conflicts"]), title="不同设备填写不一致的内容，须先选定再签字"),
        Table(SIGNED, signed, title="签字"), Table(ADDENDA, addenda, title="补充说明"),
        Table(OBJECTIONS, data["objections"], title="检查对象的异议"),
    ]  # fmt: skip
    return [table for table in tables if table.rows]


def _conflicts(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {**conflict, "field_name": field_name(one["field"]), "mine": _said(one["mine"]), "theirs": _said(one["theirs"])}
        for conflict in found
        for one in conflict["fields"]
    ]


def _said(value: Any) -> str:
    """A value of a field."""
    if isinstance(value, Mapping):
        return f"{_answer_name(value)} {value.get('facts', '')}".strip()
    return str(value or "")


VIEWS = [view(ONE, verb=None, load=load, title="检查记录", template="console/record.html", notes=True)]
ACTS = [
    act(f"{ONE}/open", verb="inspect", do=open_record, title="打开记录表", done="记录表已打开。"),
    act(f"{ONE}/write", verb="inspect", model=Writing, do=write, title="填写记录", done="检查记录已保存。"),
    act(f"{ONE}/resolve", verb="inspect", model=Resolution, do=resolve, title="选定不一致的内容", done="已选定。",
        choices={"submission": waiting, "keep": {"mine": "这次提交的内容", "theirs": "记录现有的内容"}}),
    act(f"{ONE}/submit", verb="inspect", model=Submission, do=submit, title="提交检查记录和结果",
        done="检查记录已提交。",
        choices={"leader": head, "categories": CATEGORIES, "codes": result_code_routes.choices}),
]  # fmt: skip
