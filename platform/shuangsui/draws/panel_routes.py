"""监督席: the page of whoever watches a draw, with the acts that are theirs: promise, digits, secret, objection."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from shuangsui.draws import objecting, service, transcripts
from shuangsui.draws.draw_routes import (
    EVENTS,
    HOLDERS,
    OBJECTIONS,
    event_rows,
    holder_rows,
    moves,
    objection_rows,
    time_of,
)
from shuangsui.draws.office import find
from shuangsui.draws.step_routes import (
    Commitment,
    Event,
    Fetched,
    Reveal,
    after,
    commit,
    enter_event,
    fetch_event,
    reveal,
)
from shuangsui.draws.tables import DrawState
from shuangsui.pages import Detail, Here, Table, act, view
from shuangsui.said import say

ONE = "/draws/{no:str}/panel"
THEIRS = {"commit", "event", "fetch-event", "reveal"}
"""Steps of a draw that whoever watches it takes; each stands here as long as the draw waits for it."""
WAITS = {
    DrawState.FROZEN: "等待各随机数贡献方的承诺；登记齐了，方案就进入公开台账",
    DrawState.COMMITTED: "等待公开随机事件：到时请登记现场摇出的数字，或者获取信标的数值",
    DrawState.REVEALING: "等待随机数贡献方揭示各自的数值",
}
ENDED = "抽取已经结束"


class Objection(BaseModel):
    """What is wrong."""

    text: str = Field(
        title="异议", max_length=500, json_schema_extra={"kind": "textarea"},
        description="写明哪一步、什么问题。登记后立即公开，不能修改或者撤回；不要写个人信息",
    )  # fmt: skip


def load(here: Here) -> Detail:
    """Where the draw stands and what it waits for."""
    draw = find(here.session, here.path["no"])
    shown = transcripts.public_view(here.session, draw)
    facts = {
        "抽取": f"{draw.no} {draw.item_name}", "状态": shown["state_name"], "现在": WAITS.get(draw.state, ENDED),
        "方案登记": time_of(shown["times"].get("PLAN")), "最迟揭示": time_of(shown["reveal_by"]),
    }  # fmt: skip
    tables = [
        Table(OBJECTIONS, objection_rows(shown["objections"]), title="已经提出的异议"),
        Table(EVENTS, event_rows(shown["events"]), title="公开随机事件"),
        Table(HOLDERS, holder_rows(shown["contributors"]), title="随机数贡献方"),
        Table({"title": "有关页面"}, _pages(draw.no, draw.state), "{path}"),
    ]
    acts = (moves(here, draw) & THEIRS) | {"object"}
    told = {title: value for title, value in facts.items() if value}
    return Detail(
        say("监督席 {no}", no=draw.no),
        told,
        [table for table in tables if table.rows],
        acts=acts,
        awaits=draw.state in WAITS,
    )


def _pages(no: str, state: DrawState) -> list[dict[str, str]]:
    live = [] if state in transcripts.HIDDEN else [("live", "抽取直播")]
    return [{"path": f"/draws/{no}/{page}".rstrip("/"), "title": title} for page, title in [("", "抽取"), *live]]


def raise_objection(here: Here, form: Objection) -> dict[str, Any]:
    """Public at once, wherever the draw is."""
    return after(here, objecting.raise_objection(here.session, here.path["no"], form.text, actor=here.actor.login))


def others(here: Here) -> dict[str, str]:
    """Holders whose number the platform does not hold itself."""
    draw = find(here.session, here.path["no"])
    names = [one.who for one in service.contributions(here.session, draw)]
    return {who: who for who in names if who != here.office.operator}


VIEWS = [view(ONE, verb="view", load=load, title="监督席")]
ACTS = [
    act(
        f"{ONE}/commit", verb="reveal_secret", model=Commitment, do=commit, title="登记承诺", done="承诺已经登记。",
        choices={"who": others},
    ),
    act(
        f"{ONE}/event", verb="enter_event", model=Event, do=enter_event, title="登记公开随机事件",
        done="事件已经登记。",
    ),
    act(
        f"{ONE}/fetch-event", verb="enter_event", model=Fetched, do=fetch_event, title="获取公开随机事件",
        done="数值已经取得、核验并登记。",
    ),
    act(
        f"{ONE}/reveal", verb="reveal_secret", model=Reveal, do=reveal, title="登记揭示的数值", done="数值已经登记。",
        choices={"who": others},
    ),
    act(
        f"{ONE}/object", verb="audit_draw", model=Objection, do=raise_objection, title="提出异议",
        done="异议已经登记并公开。",
    ),
]  # fmt: skip
