"""One drawn task on its page: its people, who must withdraw, and what is done where a team is short (articles 8, 9)."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field
from sqlmodel import col, select

from shuangsui.disclosure.following import publish_draw
from shuangsui.draws import changing, readiness, recusal, tasks
from shuangsui.draws.changing import Seat
from shuangsui.draws.draw_routes import task_row
from shuangsui.draws.office import find
from shuangsui.draws.people import leader_of
from shuangsui.draws.readiness import Helper
from shuangsui.draws.recusal import Claim
from shuangsui.draws.recusal_routes import CASES, RELATIONS, case_row
from shuangsui.draws.recusal_tables import Option, RaisedBy
from shuangsui.draws.step_routes import after
from shuangsui.draws.tables import Appointment, Assistance, Draw, DrawnTask, DrawState, TaskChoice
from shuangsui.errors import BadInput, NotFound, ShuangsuiError
from shuangsui.pages import Detail, Here, Table, act, view
from shuangsui.registry import read
from shuangsui.said import named, say
from shuangsui.texts import sentence

POOLS = {"teams": "执法检查人员", "experts": "专家"}
RAISERS = {RaisedBy.INSPECTOR: "执法检查人员本人", RaisedBy.EXPERT: "专家本人", RaisedBy.OBJECT: "检查对象",
           RaisedBy.LEAD: "牵头处室"}  # fmt: skip
OPTIONS = {Option.WIDEN: "扩大人员范围", Option.POSTPONE: "推迟", Option.ASSISTANCE: "商请跨区域调派",
           Option.WITHOUT_EXPERTS: "不用专家"}  # fmt: skip
LEAD_OFFICE = {one.value: name for one, name in OPTIONS.items() if one is not Option.WITHOUT_EXPERTS}
WHY = {"unavailable": "因故不能参加", "recusal": "应当回避", "unfilled": "席位空缺，补抽"}
SEATS = {"pool_name": "人员", "slot": "席位", "person": "编号", "name": "姓名", "office": "处室", "lead": "组长"}
HELP = {"document_no": "商请函文号", "people": "人员", "requested_by": "申请人", "approved_by": "批准人",
        "approved_at": "批准时间"}  # fmt: skip
CHOSEN = {"at": "时间", "what": "办理", "reason": "理由", "by": "办理人"}


class Replace(BaseModel):
    """The seat that somebody leaves."""

    seat: str = Field(title="席位")
    reason: Literal["unavailable", "recusal", "unfilled"] = Field(title="理由")
    scope: Literal["task", "draw"] = Field("task", title="范围")


class Raise(BaseModel):
    """Who should withdraw, said by whom."""

    person: str = Field(title="人员")
    raised_by: RaisedBy = Field(title="谁提出")
    raiser: str = Field(
        "", title="提出人", max_length=64, description="不填即为该人员本人、本任务的检查对象或登记人自己"
    )
    why: str = Field(title="事由类别")
    detail: str = Field("", title="具体情况（不公开）", max_length=2000, json_schema_extra={"kind": "textarea"})


class Leader(BaseModel):
    """Who leads instead."""

    person: str = Field(title="组长")
    reason: str = Field(title="理由", max_length=500)


class Chosen(BaseModel):
    """What is done."""

    option: Option = Field(title="怎样处理")
    reason: str = Field(title="理由", max_length=500)


class Alone(BaseModel):
    """Why no expert comes along."""

    reason: str = Field(title="理由", max_length=500)


class Assist(BaseModel):
    """Officers of another authority."""

    document_no: str = Field(title="商请函文号", max_length=100)
    helpers: list[str] = Field(title="执法证号=所属机关")


class Approved(BaseModel):
    """Which request."""

    document_no: str = Field(title="商请函文号", max_length=100)


def load(here: Here) -> Detail:
    """The task, its seats and what was decided about it."""
    draw, row = _task(here)
    shown = task_row(here, draw, row)
    facts = {
        "抽取": f"{draw.no} {draw.item_name}", "检查对象": shown["object"], "层": shown["stratum_name"],
        "状态": shown["state_name"],
        "组长": _named(here, leader_of(row)), "能否派发": _ready(here, draw, row),
    }  # fmt: skip
    mine = [one for one in recusal.cases(here.session) if (one.draw_id, one.task) == (draw.id, row.task)]
    tables = [
        Table(SEATS, _seats(here, row), title="席位"),
        Table(CASES, [case_row(here, one) for one in mine], "/recusals/{no}", title="回避申请"),
        Table(CHOSEN, _decisions(here, draw, row), title="人员不足的处理和组长的指定"),
        Table(HELP, _help(here, draw, row), title="跨区域调派"),
    ]
    tables = [table for table in tables if table.rows]
    acts = _moves(here, draw, row)
    return Detail(
        say("抽取 {no} 第 {task} 项任务", no=draw.no, task=row.task), facts, tables, acts=acts, data={"task": shown}
    )


def _task(here: Here) -> tuple[Draw, DrawnTask]:
    draw = find(here.session, here.path["no"])
    rows = tasks.tasks_of(here.session, draw)
    row = next((one for one in rows if str(one.task) == here.path["task"]), None)
    if row is None:
        raise NotFound("drawn_task_missing", draw=draw.no, task=here.path["task"])
    return draw, row


def _ready(here: Here, draw: Draw, row: DrawnTask) -> str:
    if row.cancelled or row.settled or draw.draft["teams"] is None:
        return ""
    try:
        least = readiness.least_of(here.office, draw, here.today)
        readiness.require_ready(here.session, draw, row, least=least)
    except ShuangsuiError as error:
        return say("不能：{sentence}（依据：{article}）", sentence=sentence(error), article=error.article)
    return "可以"


def _seats(here: Here, row: DrawnTask) -> list[dict[str, Any]]:
    people = {one.cert_no: (one.name, one.office) for one in read.inspectors(here.session)}
    people |= {one.expert_no: (one.name, one.employer or "") for one in read.experts(here.session)}
    lead = leader_of(row)
    return [
        {
            "pool": pool, "pool_name": POOLS[pool], "slot": slot, "person": who or "空缺",
            "name": people.get(who or "", ("", ""))[0], "office": people.get(who or "", ("", ""))[1],
            "lead": pool == "teams" and who is not None and who == lead,
        }
        for pool, seats in (("teams", row.teams), ("experts", row.experts))
        for slot, who in enumerate(seats)
    ]  # fmt: skip


def _decisions(here: Here, draw: Draw, row: DrawnTask) -> list[dict[str, Any]]:
    choices = select(TaskChoice).where(TaskChoice.draw_id == draw.id, TaskChoice.task == row.task)
    leaders = select(Appointment).where(Appointment.draw_id == draw.id, Appointment.task == row.task)
    found = [
        {"at": one.at, "what": OPTIONS[one.option], "reason": one.reason, "by": one.by}
        for one in here.session.exec(choices)
    ]
    found += [
        {
            "at": one.at,
            "what": say("指定组长 {named}", named=_named(here, one.person)),
            "reason": one.reason,
            "by": one.by,
        }
        for one in here.session.exec(leaders)
    ]
    return sorted(found, key=lambda one: one["at"])


def _help(here: Here, draw: Draw, row: DrawnTask) -> list[dict[str, Any]]:
    query = select(Assistance).where(Assistance.draw_id == draw.id, Assistance.task == row.task)
    return [
        {
            "document_no": one.document_no, "people": [named(p['cert_no'], p['authority']) for p in one.persons],
            "requested_by": one.requested_by, "approved_by": one.approved_by, "approved_at": one.approved_at,
        }
        for one in here.session.exec(query.order_by(col(Assistance.requested_at)))
    ]  # fmt: skip


def _moves(here: Here, draw: Draw, row: DrawnTask) -> set[str]:
    over = row.cancelled or row.settled or draw.state is not DrawState.DRAWN
    if over or changing.has_open_replacement(here.session, draw):
        return set()
    people = {"replace", "recuse", "choose", "assist"} if row.teams or row.experts else set()
    manual = here.office.rules(here.today).switch("team.leader_manual")
    waiting = any(not one["approved_by"] for one in _help(here, draw, row))
    people |= {"without-experts"} if row.experts and not any(row.experts) else set()
    return (
        {"replace-object"}
        | people
        | ({"leader"} if manual and row.teams else set())
        | ({"approve-assist"} if waiting else set())
    )


def _seat_names(here: Here) -> dict[str, str]:
    _, row = _task(here)
    return {f"{one['pool']}-{one['slot']}": _seat_name(**one) for one in _seats(here, row)}


def _seat_name(pool_name: str, slot: int, person: str, name: str, **_: Any) -> str:
    return say("{pool} 第 {slot} 席 {person} {name}", pool=pool_name, slot=slot, person=person, name=name)


def _people(here: Here) -> dict[str, str]:
    _, row = _task(here)
    return {one["person"]: f"{one['pool_name']} {one['person']} {one['name']}"
            for one in _seats(here, row) if one["person"] != "空缺"}  # fmt: skip


def _team(here: Here) -> dict[str, str]:
    """Who else of the team could lead."""
    _, row = _task(here)
    lead = leader_of(row)
    return {who: _named(here, who) for who in row.teams if who and who != lead}


def _named(here: Here, who: str | None) -> str:
    """An officer as pages write one."""
    names = {one.cert_no: one.name for one in read.inspectors(here.session)}
    return named(names[who], who) if who in names else who or "空缺"


def replace_object(here: Here, _form: BaseModel) -> dict[str, Any]:
    """By the next alternate; only an object that the registry no longer has as active."""
    draw, row = _task(here)
    return after(here, changing.replace_object(here.session, here.office, draw.no, row.task, actor=here.actor.login))


def replace(here: Here, form: Replace) -> dict[str, Any]:
    """Who comes in is drawn from numbers that nobody has revealed, never picked."""
    draw, row = _task(here)
    pool, _, slot = form.seat.partition("-")
    if pool not in POOLS or not (slot.isascii() and slot.isdigit()):
        raise BadInput("seat_missing", draw=draw.no, task=row.task, slot=form.seat[:20])
    seat = Seat(pool, row.task, int(slot[:3]), form.scope)
    actor = here.actor.login
    return after(here, changing.replace_person(here.session, here.office, draw.no, seat, form.reason, actor=actor))


def raise_case(here: Here, form: Raise) -> dict[str, Any]:
    """A request on record, to be decided by somebody else."""
    draw, row = _task(here)
    pool = "experts" if form.person in row.experts else "teams"
    raiser = form.raiser.strip() or _own(here, row, form)
    claim = Claim(row.task, pool, form.person, form.raised_by, raiser, form.why, form.detail)
    case = case_row(here, recusal.raise_case(here.session, draw.no, claim, actor=here.actor.login))
    return {"case": case.pop("no"), **case}


def _own(here: Here, row: DrawnTask, form: Raise) -> str:
    """Who speaks where nobody else is named."""
    return {RaisedBy.OBJECT: row.object_code, RaisedBy.LEAD: here.actor.login}.get(form.raised_by, form.person)


def appoint(here: Here, form: Leader) -> dict[str, Any]:
    """Only somebody of the team."""
    draw, row = _task(here)
    made = readiness.appoint_leader(
        here.session, here.office, draw.no, row.task, form.person, form.reason, actor=here.actor.login
    )
    leader = leader_of(made)
    publish_draw(here, draw.no)
    return {"leader": leader}


def choose(here: Here, form: Chosen) -> None:
    """On record."""
    draw, row = _task(here)
    readiness.choose(here.session, draw.no, row.task, form.option, form.reason, actor=here.actor.login)


def go_without(here: Here, form: Alone) -> None:
    """For the leadership."""
    draw, row = _task(here)
    readiness.choose(here.session, draw.no, row.task, Option.WITHOUT_EXPERTS, form.reason, actor=here.actor.login)


def assist(here: Here, form: Assist) -> None:
    """For this task alone."""
    draw, row = _task(here)
    people = [_helper(text) for text in form.helpers]
    readiness.request_assistance(here.session, draw.no, row.task, form.document_no, people, actor=here.actor.login)


def approve_assist(here: Here, form: Approved) -> None:
    """By the leadership, not by whoever asked."""
    draw, row = _task(here)
    readiness.approve_assistance(here.session, draw.no, row.task, form.document_no, actor=here.actor.login)


def _waiting(here: Here) -> dict[str, str]:
    draw, row = _task(here)
    found = [one["document_no"] for one in _help(here, draw, row) if not one["approved_by"]]
    return {no: no for no in found}


def _helper(text: str) -> Helper:
    cert_no, sign, authority = text.partition("=")
    if not (sign and cert_no.strip() and authority.strip()):
        raise BadInput("helper_invalid", text=text)
    return Helper(cert_no.strip(), authority.strip())


_AT = "/draws/{no:str}/tasks/{task:str}"
VIEWS = [view(_AT, verb="view", load=load, title="抽取的任务")]
ACTS = [
    act(f"{_AT}/replace-object", verb="operate_draw", do=replace_object, title="替换检查对象", done="已经由候补替上。"),
    act(
        f"{_AT}/replace", verb="operate_draw", model=Replace, do=replace, title="替换人员",
        done="替换已经申请，等待各方揭示下一个数值。",
        choices={"seat": _seat_names, "reason": WHY, "scope": {"task": "只换这一项任务", "draw": "换该人的全部任务"}},
    ),
    act(
        f"{_AT}/recuse", verb="declare_recusal", model=Raise, do=raise_case, title="登记回避申请", done="已经登记。",
        choices={"person": _people, "raised_by": {one.value: name for one, name in RAISERS.items()}, "why": RELATIONS},
    ),
    act(
        f"{_AT}/leader", verb="operate_draw", model=Leader, do=appoint, title="另行指定组长", done="组长已经指定。",
        choices={"person": _team},
    ),
    act(
        f"{_AT}/choose", verb="operate_draw", model=Chosen, do=choose, title="记录怎样处理", done="已经记录。",
        choices={"option": LEAD_OFFICE},
    ),
    act(
        f"{_AT}/without-experts", verb="approve_visit", model=Alone, do=go_without, title="决定不用专家",
        done="已经记录。",
    ),
    act(f"{_AT}/assist", verb="operate_draw", model=Assist, do=assist, title="登记跨区域调派", done="已经登记。"),
    act(
        f"{_AT}/approve-assist", verb="approve_visit", model=Approved, do=approve_assist, title="批准跨区域调派",
        done="已经批准。", choices={"document_no": _waiting},
    ),
]  # fmt: skip
