"""Tasks: the lists, the page of one task, and its way from dispatch to the end (articles 8, 11 and 15)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlmodel import select

from shuangsui.disclosure.following import publish_draw
from shuangsui.draws.office import all_draws
from shuangsui.draws.tables import DrawState
from shuangsui.draws.tasks import tasks_of
from shuangsui.inspections import coordination, followup, result_code_routes, results, tasks, views
from shuangsui.inspections.common_routes import called, is_own, names_of, opened, pages_of, papers, reached
from shuangsui.inspections.department_codes import chosen
from shuangsui.inspections.offering import offered
from shuangsui.inspections.policy import CATEGORIES
from shuangsui.inspections.states import DISPOSITIONS, MODES, TASK_STATES, TASK_TYPES, Mode
from shuangsui.inspections.tables import InspectionTask
from shuangsui.pages import Detail, Here, Table, act, timeline, view
from shuangsui.said import listed, named, say

COLUMNS = {
    "no": "编号", "object_name": "检查对象", "item_name": "事项", "type_name": "类型", "mode_name": "方式",
    "team_names": "检查组", "planned_on": "检查日期", "state_name": "状态",
}  # fmt: skip
FILTERS: Mapping[str, str | tuple[str, Mapping[str, str]]] = {
    "q": "编号、对象或事项",
    "state": ("状态", {str(state): name for state, name in TASK_STATES.items()}),
    "draw": "抽取编号",
}
FINDINGS = {"n": "序号", "text": "问题", "disposition_name": "处理意见", "progress": "进度"}
RESULTS = {
    "n": "次", "category_names": "结果", "code_names": "部门结果代码", "ended": "检查结束", "recorded_by": "提交人",
}  # fmt: skip
AROUND = {
    "objects": "检查对象的档案", "draws": "抽取", "exemptions": "不适用情形", "rulings": "公开决定",
}  # fmt: skip
MERGES = {"other": "任务", "item_name": "事项", "planned_on": "检查日期", "proposed_at": "提出时间"}
MERGED = {"other": "任务", "item_name": "事项", "outcome": "决定", "reason": "理由", "decided_by": "决定人",
          "decided_at": "决定时间"}  # fmt: skip


class Reason(BaseModel):
    """Why."""

    reason: str = Field(title="理由", max_length=500, json_schema_extra={"kind": "textarea"})


class Dispatch(BaseModel):
    """Tasks of a draw that have not been handed out."""

    draw: str = Field(title="抽取编号", max_length=32)
    mode: Mode | None = Field(None, title="检查方式", description="不选时非现场方式优先")
    reason: str = Field("", title="可以非现场而选择现场检查的理由", max_length=500)


class Day(BaseModel):
    """When the visit shall be."""

    on: date = Field(title="检查日期")


class Merge(BaseModel):
    """What becomes of a proposal of one visit for two tasks."""

    other: str = Field(title="同一对象的另一项任务", max_length=32)
    merged: bool = Field(False, title="合并为一次检查")
    reason: str = Field("", title="不合并的理由", max_length=500)


class Final(BaseModel):
    """The result after everything has been put right."""

    categories: list[str] = Field(title="最终的结果类别", min_length=1)
    codes: list[str] = Field([], title="部门结果代码", description="可选几个；每个代码的上级类别也要选上")


def load_all(here: Here) -> Table:
    """Every task of the authority, the newest first."""
    found = tasks.all_tasks(here.session, here.query.get("draw") or None)
    return _table(here, found, tasks.teams_of(here.session, found))


def load_mine(here: Here) -> Table:
    """Those that the visitor took over or was drawn for."""
    found = tasks.all_tasks(here.session)
    teams = tasks.teams_of(here.session, found)
    return _table(here, [task for task in found if is_own(here, task, teams[task.id])], teams)


def load(here: Here) -> Detail:
    """Everything about one task."""
    task = opened(here)
    data = views.full(here.session, task)
    tables = [
        pages_of(task),
        *_findings(data, task.no),
        *_merges(here, data, task.no),
        *_results(data),
        papers(here, task),
        *_around(here, task),
        *timeline.of(here, f"task/{task.no}"),
    ]
    return Detail(
        say("检查任务 {no}", no=task.no),
        _facts(here, task, data),
        tables,
        acts=offered(here.session, here.office.tenant, task),
        data=data,
        notes=_notes(data),
    )


def dispatch(here: Here, form: Dispatch) -> dict[str, Any]:
    """Hand the tasks of a draw to the inspecting office."""
    made = tasks.dispatch(
        here.session, here.office, form.draw, actor=here.actor.login, mode=form.mode, reason=form.reason
    )
    return {"tasks": [task.no for task in made]}


def accept(here: Here, _form: BaseModel) -> None:
    """The inspecting office takes it."""
    tasks.accept(here.session, reached(here).no, actor=here.actor.login)


def hand_back(here: Here, form: Reason) -> None:
    """Back to the lead office."""
    tasks.hand_back(here.session, reached(here).no, form.reason, actor=here.actor.login)


def again(here: Here, _form: BaseModel) -> None:
    """Out once more."""
    tasks.dispatch_again(here.session, reached(here).no, actor=here.actor.login)


def cancel(here: Here, form: Reason) -> None:
    """No inspection."""
    tasks.cancel(here.session, reached(here).no, form.reason, actor=here.actor.login)


def plan(here: Here, form: Day) -> dict[str, Any]:
    """Set the day; answers what might be done in the same visit (综合查一次)."""
    found = coordination.schedule(here.session, here.office, reached(here).no, form.on, actor=here.actor.login)
    return {"merges": [[one.first_no, one.second_no] for one in found]}


def merge(here: Here, form: Merge) -> None:
    """Decide a proposal."""
    no, actor = reached(here).no, here.actor.login
    coordination.decide(here.session, here.office, no, form.other, merged=form.merged, reason=form.reason, actor=actor)


def finalise(here: Here, form: Final) -> dict[str, Any]:
    """From 待后续处理 to the final result, published beside the first one once it stands (R15.5)."""
    task, codes = reached(here), chosen(here.office.tenant, form.codes)
    made = results.finalise(here.session, task.no, form.categories, actor=here.actor.login, codes=codes)
    n = made.n
    if task.draw_no:
        publish_draw(here, task.draw_no)
    return {"n": n}


def close(here: Here, _form: BaseModel) -> None:
    """办结."""
    followup.close(here.session, reached(here).no, actor=here.actor.login)


def waiting_draws(here: Here) -> dict[str, str]:
    """Draws with a result of which somebody here has still to be sent out, the newest first."""
    known = set(here.session.exec(select(InspectionTask.drawn_id)))
    found = [draw for draw in all_draws(here.session) if draw.state is DrawState.DRAWN and draw.draft["teams"]]
    return {
        draw.no: f"{draw.no} {draw.item_name}"
        for draw in found
        if any(not row.cancelled and row.id not in known for row in tasks_of(here.session, draw))
    }


def others(here: Here) -> dict[str, str]:
    """The other tasks of open proposals."""
    no = reached(here).no
    pairs = [(one.first_no, one.second_no) for one in coordination.undecided(here.session, no)]
    return {other: _other_name(here, other) for pair in pairs for other in pair if other != no}


def _other_name(here: Here, no: str) -> str:
    other = tasks.find_task(here.session, no)
    return say(
        "{no} {item_name}（检查日期 {planned_on}）",
        no=no,
        item_name=other.item_name,
        planned_on=other.planned_on or "未定",
    )


def _table(here: Here, found: Iterable[InspectionTask], teams: Mapping[UUID, Sequence[str]]) -> Table:
    names = names_of(here)
    rows = [_row(here, task, teams[task.id], names) for task in found if _fits(task, here.query)]
    return Table(COLUMNS, rows[::-1], "/tasks/{no}", filters=FILTERS)


def _row(here: Here, task: InspectionTask, team: Sequence[str], names: dict[str, str]) -> dict[str, Any]:
    row = views.brief(here.session, task, team)
    return row | {
        "type_name": TASK_TYPES[task.type], "mode_name": MODES[task.mode], "state_name": TASK_STATES[task.state],
        "team_names": [called(one, names) for one in row["team"]],
    }  # fmt: skip


def _fits(task: InspectionTask, query: Mapping[str, str]) -> bool:
    word = query.get("q", "").strip()
    said = (task.no, task.object_name, task.object_code, task.item_name)
    return query.get("state", "") in ("", task.state) and (not word or any(word in one for one in said))


def _facts(here: Here, task: InspectionTask, data: Mapping[str, Any]) -> dict[str, Any]:
    names = names_of(here)
    leader, *others_ = [called(one, names) for one in data["team"]] or [""]
    facts = {
        "状态": TASK_STATES[task.state], "类型": TASK_TYPES[task.type], "检查对象": task.object_name,
        "对象代码": task.object_code, "事项": task.item_name, "检查方式": MODES[task.mode], "组长": leader,
        "组员": others_, "专家": data["experts"], "检查日期": task.planned_on,
    }  # fmt: skip
    more = {
        "同一次检查的任务": data["same_visit"], "抽取": task.draw_no, "不适用情形": task.exemption,
        "选择现场检查的理由": task.mode_reason,
        "退回或取消的理由": task.reason, "接收人": task.accepted_by, "执法码": task.code,
        "无码检查备案": _filing(data["code_filing"]), "审批": _approval(data["approval"]),
        "通知书": _notice(data["notice"]), "检查结束": task.ended_at, "办结": task.closed_at,
    }  # fmt: skip
    return facts | {name: value for name, value in more.items() if value}


def _approval(approval: Mapping[str, Any] | None) -> str:
    if approval is None:
        return ""
    state = say("已由 {approver} 批准", approver=approval["approver"]) if approval["approved_at"] else "待批准"
    state = say("{state}（情况紧急，检查后补批）", state=state) if approval["urgent"] else state
    return say(
        "{proposer} 报批：{reason}；{state}", proposer=approval["proposer"], reason=approval["reason"], state=state
    )


def _filing(filing: Mapping[str, Any] | None) -> str:
    if filing is None:
        return ""
    state = (
        say("备案编号 {number}", number=filing["number"])
        if filing["number"]
        else say("备案期限 {due}", due=filing["due"] or "自检查之日起算")
    )
    return listed((filing["reason"], state), "；")


def _notice(notice: Mapping[str, Any] | None) -> str:
    if notice is None:
        return ""
    how = (
        say("{method}，{received_by} 接收", method=notice["method"], received_by=notice["received_by"])
        if notice["delivered_at"]
        else "未送达"
    )
    told = listed(("不预先告知", how), "，") if notice["unannounced"] else how
    return named(notice["no"], told)


def _notes(data: Mapping[str, Any]) -> list[str]:
    given = [
        say("第 {n} 次告知准备的材料：{listed}", n=one["n"], listed="、".join(one["materials"]))
        for one in data["materials"]
    ]
    return given + (
        [say("不预先告知的理由：{ground}", ground=data["notice"]["ground"])]
        if data["notice"] and data["notice"]["ground"]
        else []
    )


def _findings(data: Mapping[str, Any], no: str) -> list[Table]:
    rows = [
        one | {"no": no, "disposition_name": DISPOSITIONS.get(one["disposition"], "未处理"), "progress": progress(one)}
        for one in data["findings"]
    ]
    return [Table(FINDINGS, rows, "/tasks/{no}/findings/{n}", title="发现的问题")] if rows else []


def progress(finding: Mapping[str, Any]) -> str:
    """How far a finding has come."""
    if finding["closed_at"]:
        return "已了结"
    order = finding["rectification"]
    return (
        say("整改期限 {due}", due=order["due"]) if order else "待处理" if finding["disposition"] is None else "待回执"
    )


def _around(here: Here, task: InspectionTask) -> list[Table]:
    """To the file of the object and to what the task came from, for who may see them."""
    found = {
        "objects": task.object_code, "draws": task.draw_no, "exemptions": task.exemption,
        "rulings": task.ended_at and task.draw_no and task.no,
    }  # fmt: skip
    rows = [{"area": area, "key": key, "what": AROUND[area]} for area, key in found.items() if key]
    shown = here.actor.may("view")
    return [Table({"what": "页面", "key": "编号"}, rows, "/{area}/{key}", title="有关的页面")] if shown else []


def _merges(here: Here, data: Mapping[str, Any], no: str) -> list[Table]:
    """What might be one visit, and what was decided about it."""
    tables = [
        Table(MERGES, _beside(here, data["merges"], no), "/tasks/{other}", title="可以合并检查的任务（综合查一次）"),
        Table(MERGED, _beside(here, data["merges_decided"], no), "/tasks/{other}", title="是否合并检查的决定"),
    ]
    return [table for table in tables if table.rows]


def _beside(here: Here, proposals: Iterable[Mapping[str, Any]], no: str) -> list[dict[str, Any]]:
    """Each proposal with the other task of it."""
    rows = []
    for one in proposals:
        other = tasks.find_task(here.session, one["second_no"] if one["first_no"] == no else one["first_no"])
        outcome = {True: "合并为一次检查", False: "分别检查"}.get(one["merged"], "")
        about = {"other": other.no, "item_name": other.item_name, "planned_on": other.planned_on}
        rows.append({**one, **about, "outcome": outcome})
    return rows


def _results(data: Mapping[str, Any]) -> list[Table]:
    rows = [one | {"code_names": [f"{it['code']} {it['label']}" for it in one["codes"]]} for one in data["results"]]
    return [Table(RESULTS, rows, title="检查结果")] if rows else []


VIEWS = [
    view("/tasks", verb="view", load=load_all, title="检查任务", menu="检查"),
    view("/my/tasks", verb="inspect", load=load_mine, title="我的任务", menu="检查"),
    view("/tasks/{no:str}", verb=None, load=load, title="检查任务", notes=True),
]
ONE = "/tasks/{no:str}"
ACTS = [
    act("/tasks/dispatch", verb="dispatch_task", model=Dispatch, do=dispatch, title="派发任务", done="任务已派发。",
        choices={"draw": waiting_draws, "mode": {str(mode): name for mode, name in MODES.items()}}),
    act(f"{ONE}/accept", verb="accept_task", do=accept, title="接收", done="已接收。"),
    act(f"{ONE}/hand-back", verb="accept_task", model=Reason, do=hand_back, title="退回", done="已退回。"),
    act(f"{ONE}/again", verb="dispatch_task", do=again, title="重新派发", done="已重新派发。"),
    act(f"{ONE}/cancel", verb="dispatch_task", model=Reason, do=cancel, title="取消", done="已取消。"),
    act(f"{ONE}/plan", verb="accept_task", model=Day, do=plan, title="安排检查日期", done="检查日期已安排。"),
    act(f"{ONE}/merge", verb="dispatch_task", model=Merge, do=merge, title="决定是否合并检查", done="已决定。",
        choices={"other": others}),
    act(f"{ONE}/finalise", verb="dispose_finding", model=Final, do=finalise, title="改为最终结果", done="结果已更新。",
        choices={"categories": {one: name for one, name in CATEGORIES.items() if one != "pending"},
                 "codes": result_code_routes.final_choices}),
    act(f"{ONE}/close", verb="accept_task", do=close, title="办结", done="已办结。"),
]  # fmt: skip
