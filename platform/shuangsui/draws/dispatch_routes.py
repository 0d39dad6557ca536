"""Pages of drawn objects on their way to districts or partners, and of what this authority received (article 17)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel, Field

from shuangsui.db import now
from shuangsui.disclosure.following import standing
from shuangsui.draws import assigning, dispatching, handing
from shuangsui.draws.calling import Call
from shuangsui.draws.dispatch_tables import HandoverKind, HandoverState
from shuangsui.draws.handing import STATE_NAMES
from shuangsui.draws.office import find
from shuangsui.draws.tables import Assignment, Dispatch, Draw, DrawState
from shuangsui.pages import Detail, Here, Table, act, timeline, view
from shuangsui.planning import service as planning
from shuangsui.planning.plan_routes import other_authorities
from shuangsui.planning.policy import Terms
from shuangsui.said import say

KINDS = {HandoverKind.DISPATCH: "交区县检查", HandoverKind.JOINT: "部门联合"}
SENT = {
    "receiver_name": "机关", "attempt": "第几次", "kind_name": "方式", "state_name": "状态", "count": "任务数",
    "visit_day": "共同检查日期", "reason": "改派理由", "answer": "退回理由",
}  # fmt: skip
INBOX = {
    "no": "编号", "sender_name": "来自", "item_name": "事项", "count": "对象数", "kind_name": "方式",
    "state_name": "状态",
    "visit_day": "共同检查日期",
}  # fmt: skip
THINGS = {"task": "任务", "code": "检查对象", "name": "名称"}


class Joint(BaseModel):
    """The common day."""

    day: date = Field(title="共同检查的日期")


class Redirect(BaseModel):
    """What was handed back goes elsewhere."""

    receiver: str = Field(title="退回的机关")
    to: str = Field(title="改派给")
    reason: str = Field(title="理由", max_length=500)


class Back(BaseModel):
    """Why not."""

    reason: str = Field(title="退回的理由", max_length=500, json_schema_extra={"kind": "textarea"})


class Freeze(BaseModel):
    """A draw of people for objects that are fixed."""

    holders: list[str] = Field(title="其他随机数贡献方的名称")
    minutes: int = Field(30, title="公开随机事件在多少分钟之后", ge=1)
    hours: int = Field(24, title="事件之后最迟多少小时揭示", ge=1)
    demo: bool = Field(False, title="标明为演示，每页都会显示")


def load_sent(here: Here) -> Table:
    """What was sent out of one draw, to whom, and what they answered."""
    draw = find(here.session, here.path["no"])
    rows = [_sent(here, row) for row in dispatching.dispatches(here.session, draw)]
    acts = _outgoing(here, draw, {row["receiver"] for row in rows})
    notes = [] if acts or rows else ["本次抽取由本机关检查，没有要分派的任务。"]
    acts |= {"redirect"} if any(row["state"] == HandoverState.HANDED_BACK for row in rows) else set()
    return Table(SENT, rows, title=say("抽取 {no} 的分派", no=draw.no), notes=notes, acts=acts)


def _outgoing(here: Here, draw: Draw, told: set[str]) -> set[str]:
    """To the districts or to partners, as the line says; partners are told once."""
    if draw.state is not DrawState.DRAWN or draw.line_id is None:
        return set()
    terms = Terms.from_json(planning.line_by_id(here.session, draw.line_id).terms)
    if terms.dispatch:
        return {"send"}
    return {"joint"} if set(terms.partners) - told else set()


def load_inbox(here: Here) -> Table:
    """Everything received."""
    return Table(INBOX, [_received(here, one) for one in handing.assignments(here.session)], "/assignments/{no}")


def load_received(here: Here) -> Detail:
    """One assignment with its objects."""
    found = handing.find_assignment(here.session, here.path["no"])
    row = _received(here, found)
    facts = {title: row[name] for name, title in INBOX.items() if name != "no"}
    facts |= {"上级抽取": found.draw_no, "收到时间": found.received_at, "答复人": found.decided_by}
    facts |= {"退回理由": found.reason, "上级抽取的方案摘要": found.plan_hash, "上级抽取的结果摘要": found.result_hash}
    moves = {HandoverState.SENT: {"accept", "hand-back"}, HandoverState.ACCEPTED: {"freeze"}}.get(found.state, set())
    tables = [Table(THINGS, found.objects, title="检查对象"), *timeline.of(here, f"assignment/{found.no}")]
    return Detail(say("分派任务 {no}", no=found.no), facts, tables, acts=moves, data={"assignment": row})


def send(here: Here, _form: BaseModel) -> dict[str, Any]:
    """To the district where each object lies; again, only what has not arrived."""
    rows = dispatching.dispatch(standing(here), here.office, here.path["no"], actor=here.actor.login)
    return {"sent": [_sent(here, row) for row in rows]}


def joint(here: Here, form: Joint) -> dict[str, Any]:
    """To every partner of the line."""
    rows = dispatching.dispatch_joint(standing(here), here.office, here.path["no"], form.day, actor=here.actor.login)
    return {"sent": [_sent(here, row) for row in rows]}


def redirect(here: Here, form: Redirect) -> dict[str, Any]:
    """There or elsewhere."""
    engine, no, actor = standing(here), here.path["no"], here.actor.login
    rows = dispatching.redirect(engine, here.office, no, form.receiver, form.to, form.reason, actor=actor)
    return {"sent": [_sent(here, row) for row in rows]}


def accept(here: Here, _form: BaseModel) -> dict[str, Any]:
    """Take it on."""
    return _received(here, handing.accept(standing(here), here.office, here.path["no"], actor=here.actor.login))


def hand_back(here: Here, form: Back) -> dict[str, Any]:
    """The sender learns the reason."""
    no, actor = here.path["no"], here.actor.login
    return _received(here, handing.hand_back(standing(here), here.office, no, form.reason, actor=actor))


def freeze(here: Here, form: Freeze) -> dict[str, Any]:
    """The objects become this authority's own snapshot; what follows is a draw like any."""
    no, actor = here.path["no"], here.actor.login
    draw = assigning.freeze_assignment(here.session, here.office, no, call_of(here, form), actor=actor)
    return {"draw": draw.no, "assignment": no, "objects": draw.draft["snapshot"]["n"], "draft": draw.draft}


def call_of(here: Here, form: Freeze) -> Call:
    """Who contributes, and when the event is."""
    event = now(here.session) + timedelta(minutes=form.minutes)
    return Call(tuple(form.holders), event, event + timedelta(hours=form.hours), demo=form.demo)


def _sent(here: Here, row: Dispatch) -> dict[str, Any]:
    names = ("receiver", "attempt", "kind", "state", "tasks", "visit_day", "reason", "answer")
    return {name: getattr(row, name) for name in names} | {
        "receiver_name": here.office.tree.get(row.receiver).name, "kind_name": KINDS[row.kind],
        "state_name": STATE_NAMES[row.state], "count": len(row.tasks),
    }  # fmt: skip


def _received(here: Here, row: Assignment) -> dict[str, Any]:
    return {
        "no": row.no, "kind": row.kind, "kind_name": KINDS[row.kind], "state": row.state,
        "state_name": STATE_NAMES[row.state], "sender": row.sender,
        "sender_name": here.office.tree.get(row.sender).name,
        "draw": row.draw_no, "item": row.item["code"], "item_name": row.item["name"], "count": len(row.objects),
        "visit_day": row.visit_day, "reason": row.reason,
    }  # fmt: skip


def _handed_back(here: Here) -> dict[str, str]:
    rows = dispatching.dispatches(here.session, find(here.session, here.path["no"]))
    slugs = [row.receiver for row in rows if row.state is HandoverState.HANDED_BACK]
    return {slug: here.office.tree.get(slug).name for slug in slugs}


VIEWS = [
    view("/draws/{no:str}/dispatch", verb="view", load=load_sent, title="分派"),
    view("/assignments", verb="view", load=load_inbox, title="收到的分派任务", menu="抽取"),
    view("/assignments/{no:str}", verb="view", load=load_received, title="分派任务"),
]
_OUT, _IN = "/draws/{no:str}/dispatch", "/assignments/{no:str}"
ACTS = [
    act(f"{_OUT}/send", verb="operate_draw", do=send, title="交对象所在区县", done="已经送达。"),
    act(f"{_OUT}/joint", verb="operate_draw", model=Joint, do=joint, title="告知联合检查的部门", done="已经送达。"),
    act(
        f"{_OUT}/redirect", verb="operate_draw", model=Redirect, do=redirect, title="改派", done="已经改派。",
        choices={"receiver": _handed_back, "to": other_authorities},
    ),
    act(f"{_IN}/accept", verb="operate_draw", do=accept, title="接收", done="已经接收。"),
    act(f"{_IN}/hand-back", verb="operate_draw", model=Back, do=hand_back, title="退回", done="已经退回。"),
    act(
        f"{_IN}/freeze", verb="operate_draw", model=Freeze, do=freeze, title="冻结对象并起草选派人员的方案",
        done="对象已经冻结：请把方案草案交给各随机数贡献方。", then="/draws/{draw}",
    ),
]  # fmt: skip
