"""Requests to withdraw on pages: everybody's own, all of them, their decisions and the pattern of replacements (R9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Literal

from pydantic import BaseModel, Field
from sqlmodel import col, select

from shuangsui.disclosure.following import publish_draw
from shuangsui.draws import absences, recusal
from shuangsui.draws.recusal import Claim
from shuangsui.draws.recusal_tables import CaseState, RaisedBy
from shuangsui.draws.tables import Draw, DrawnTask, DrawState, RecusalCase
from shuangsui.errors import BadInput
from shuangsui.pages import Detail, Here, Table, act, timeline, view
from shuangsui.registry import read
from shuangsui.registry.tables import Relation
from shuangsui.said import listed, named, say

STATES = {CaseState.RAISED: "待决定", CaseState.UPHELD: "同意回避", CaseState.REFUSED: "不同意回避"}
RELATIONS = {
    Relation.EMPLOYMENT.value: "任职", Relation.SHAREHOLDING.value: "持股", Relation.KINSHIP.value: "近亲属",
    Relation.FORMER_EMPLOYMENT.value: "曾任职", Relation.OTHER.value: "其他",
}  # fmt: skip
CASES = {
    "no": "编号", "draw": "抽取", "task": "任务", "person_text": "人员", "raiser_text": "申请人", "why": "事由",
    "state_name": "状态",
    "decision": "决定的理由",
}  # fmt: skip
REPORT = {"person": "执法证号", "count": "次数", "text": "任务"}
MINE = {"seat": "任务", "item": "事项", "object": "检查对象", "state_name": "回避申请"}


class Decide(BaseModel):
    """Yes or no, with the reasons."""

    outcome: Literal["uphold", "refuse"] = Field(title="决定")
    reason: str = Field(title="理由", max_length=1000, json_schema_extra={"kind": "textarea"})


class Declare(BaseModel):
    """For oneself."""

    seat: str = Field(title="任务", description="抽取编号/任务序号")
    why: str = Field(title="事由类别")
    detail: str = Field("", title="具体情况（不公开）", max_length=2000, json_schema_extra={"kind": "textarea"})


def load_all(here: Here) -> Table:
    """Every request; what is private stays on its own page."""
    names = names_of(here)
    rows = [case_row(here, one, names) for one in recusal.cases(here.session)]
    return Table(CASES, rows[::-1], "/recusals/{no}")


def load_one(here: Here) -> Detail:
    """One request; its detail is for those who decide."""
    case = recusal.find_case(here.session, here.path["no"])
    row = case_row(here, case)
    facts = {title: row[name] for name, title in CASES.items() if name != "no"}
    facts |= {"登记人": case.recorded_by, "登记时间": case.raised_at, "决定人": case.decided_by}
    facts |= {"决定时间": case.decided_at, "第几次替换": case.r}
    facts |= {"具体情况（不公开）": case.detail} if here.actor.may("decide_recusal") else {}
    moves = {"decide"} if case.state is CaseState.RAISED else set()
    past = timeline.of(here, f"recusal/{case.no}")
    return Detail(say("回避申请 {no}", no=case.no), facts, past, acts=moves, data={"case": row})


def load_report(here: Here) -> Table:
    """Who was replaced more often than the rule allows, in a quarter (R9.7)."""
    year, quarter = _number(here, "year", here.today.year), _number(here, "quarter", (here.today.month + 2) // 3)
    most = here.office.rules(here.today).number("replacement.alert_per_quarter")
    found = absences.replacement_report(here.session, year, quarter, most)
    rows = [
        {
            "person": person, "count": len(seats), "seats": [asdict(seat) for seat in seats],
            "text": listed(say("{draw} 第 {task} 项", draw=seat.draw, task=seat.task) for seat in seats),
        }
        for person, seats in found.items()
    ]  # fmt: skip
    notes = (
        say("{year} 年第 {quarter} 季度被替换超过 {most} 次的执法检查人员", year=year, quarter=quarter, most=most),
    )
    quarters = {str(n): say("第 {n} 季度", n=n) for n in range(1, 5)}
    return Table(REPORT, rows, filters={"year": "年度", "quarter": ("季度", quarters)}, notes=notes)


def load_mine(here: Here) -> Table:
    """The tasks on which whoever looks was drawn."""
    rows = [_mine(here, draw, task) for draw, task in _seats(here)]
    return Table(MINE, rows, notes=("与检查对象有利害关系的，应当申报回避（第九条）。",))


def names_of(here: Here) -> dict[str, str]:
    """Names of officers by certificate and of experts by number."""
    names = {one.cert_no: one.name for one in read.inspectors(here.session)}
    return names | {one.expert_no: one.name for one in read.experts(here.session)}


def case_row(here: Here, case: RecusalCase, names: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Everything but the private detail."""
    draw = here.session.find(Draw, case.draw_id)
    kept = ("no", "task", "pool", "person", "raised_by", "raiser", "reason_class", "state", "decision", "r")
    row = {name: getattr(case, name) for name in kept}
    words = {"why": RELATIONS[case.reason_class], "state_name": STATES[case.state]}
    known = names_of(here) if names is None else names
    texts = {f"{name}_text": _called(here, case, row[name], known) for name in ("person", "raiser")}
    return {**row, **words, **texts, "draw": draw.no if draw else ""}


def _called(here: Here, case: RecusalCase, who: str, names: Mapping[str, str]) -> str:
    """A certificate, an expert's number or the object's code with the name behind it; a login as it is."""
    query = select(DrawnTask.object_name).where(DrawnTask.draw_id == case.draw_id, DrawnTask.object_code == who)
    name = names.get(who) or here.session.exec(query).first()
    return named(name, who) if name else who


def decide(here: Here, form: Decide) -> dict[str, Any]:
    """Upheld, the seat is drawn again in the same act."""
    no, uphold = here.path["no"], form.outcome == "uphold"
    case = recusal.decide(here.session, here.office, no, form.reason, uphold=uphold, actor=here.actor.login)
    row = case_row(here, case)
    if uphold:
        publish_draw(here, row["draw"])
    return row


def declare(here: Here, form: Declare) -> dict[str, Any]:
    """Only of a task on which one sits."""
    no, _, number = form.seat.partition("/")
    seat = next(((d, t) for d, t in _seats(here) if d.no == no and str(t.task) == number), None)
    if seat is None:
        raise BadInput("recusal_seat_missing", seat=form.seat[:40])
    draw, task = seat
    expert = here.actor.inspector not in task.teams
    person = (here.actor.expert if expert else here.actor.inspector) or ""
    by, pool = (RaisedBy.EXPERT, "experts") if expert else (RaisedBy.INSPECTOR, "teams")
    claim = Claim(task.task, pool, person, by, person, form.why, form.detail)
    return case_row(here, recusal.raise_case(here.session, draw.no, claim, actor=here.actor.login))


def _seats(here: Here) -> list[tuple[Draw, DrawnTask]]:
    query = select(Draw, DrawnTask).join(DrawnTask, col(DrawnTask.draw_id) == Draw.id)
    query = query.where(Draw.state == DrawState.DRAWN, col(DrawnTask.cancelled).is_(False))
    mine = {one for one in (here.actor.inspector, here.actor.expert) if one}
    rows = here.session.exec(query.order_by(col(Draw.no), col(DrawnTask.task)))
    return [(draw, task) for draw, task in rows if mine & {*task.teams, *task.experts}]


def _mine(here: Here, draw: Draw, task: DrawnTask) -> dict[str, Any]:
    mine = (here.actor.inspector, here.actor.expert)
    own = [one for one in recusal.cases(here.session) if one.draw_id == draw.id and one.task == task.task]
    state = next((STATES[one.state] for one in reversed(own) if one.person in mine), "")
    return {
        "seat": f"{draw.no}/{task.task}", "item": draw.item_name, "object": named(task.object_name, task.object_code),
        "state_name": state,
    }  # fmt: skip


def _mine_to_choose(here: Here) -> dict[str, str]:
    return {
        f"{draw.no}/{task.task}": say(
            "{no} 第 {task} 项 {object_name}", no=draw.no, task=task.task, object_name=task.object_name
        )
        for draw, task in _seats(here)
    }


def _number(here: Here, name: str, default: int) -> int:
    text = here.query.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        raise BadInput("quarter_invalid", text=text[:20])
    return int(text)


VIEWS = [
    view("/recusals", verb="view", load=load_all, title="回避申请", menu="抽取"),
    view("/recusals/report", verb="view", load=load_report, title="替换情况", menu="抽取"),
    view("/recusals/{no:str}", verb="view", load=load_one, title="回避申请"),
    view("/my-seats", verb="declare_recusal", load=load_mine, title="回避申报", menu="抽取"),
]
ACTS = [
    act(
        "/recusals/{no:str}/decide", verb="decide_recusal", model=Decide, do=decide, title="作出决定",
        done="决定已经记录。", choices={"outcome": {"uphold": "同意回避，重新随机抽取人员", "refuse": "不同意回避"}},
    ),
    act(
        "/my-seats/declare", verb="declare_recusal", model=Declare, do=declare, title="申报回避",
        done="已经登记，等待决定。",
        choices={"seat": _mine_to_choose, "why": RELATIONS},
    ),
]  # fmt: skip
