"""Everything that draws show and do on pages, gathered; and which posts may be drawn for which items (R6.3)."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel, Field

from shuangsui.draws import (
    dispatch_routes,
    draw_routes,
    eligibility,
    new_routes,
    panel_routes,
    parent_routes,
    recusal_routes,
    step_routes,
    task_routes,
)
from shuangsui.pages import Here, Table, act, view

RULES = {
    "family": "事项族", "version": "版", "valid_from": "自", "posts": "岗位", "offices": "处室", "digest": "摘要",
}  # fmt: skip


class Rule(BaseModel):
    """A new version for a family."""

    family: str = Field(title="事项族", max_length=64)
    valid_from: date = Field(title="从哪天起")
    posts: list[str] = Field([], title="岗位")
    offices: list[str] = Field([], title="处室")


def load_rules(here: Here) -> Table:
    """Every version of every family."""
    rows = [eligibility.stated(rule) for rule in eligibility.rules_of(here.session)]
    return Table(RULES, rows, notes=("没有规定的事项族，全部在岗执法检查人员都可以抽取。",))


def set_rule(here: Here, form: Rule) -> dict[str, Any]:
    """Draws that are frozen already keep theirs."""
    rule = eligibility.set_rule(
        here.session, form.family.strip(), posts=form.posts, offices=form.offices, valid_from=form.valid_from,
        actor=here.actor.login,
    )  # fmt: skip
    return eligibility.stated(rule)


_PARTS = (draw_routes, panel_routes, task_routes, recusal_routes, dispatch_routes)
VIEWS = [
    *new_routes.VIEWS,
    *(one for part in (*_PARTS, parent_routes) for one in part.VIEWS),
    view("/eligibility", verb="view", load=load_rules, title="人员范围", menu="抽取"),
]
ACTS = [
    *step_routes.ACTS,
    *(one for part in (panel_routes, task_routes, recusal_routes, dispatch_routes) for one in part.ACTS),
    act("/eligibility/set", verb="operate_draw", model=Rule, do=set_rule, title="新立一版范围", done="范围已经新立。"),
]
HANDLERS = draw_routes.HANDLERS
