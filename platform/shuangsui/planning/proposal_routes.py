"""Batches beside the plan and draws above once a year: one person proposes, another decides (R7.5, R10.6)."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from shuangsui.disclosure.following import publish_site
from shuangsui.errors import NotFound
from shuangsui.pages import Detail, Here, Table, act, timeline, view
from shuangsui.planning import batches, overrides
from shuangsui.planning.plan_routes import Batch, items_in_force, year_of
from shuangsui.planning.policy import Seats, Terms, ratios_in_words
from shuangsui.planning.service import Line
from shuangsui.planning.tables import PROPOSALS, FrequencyOverride, ProposalState, UnplannedBatch
from shuangsui.rules.policy import Rules
from shuangsui.said import say

BATCHES = {
    "n": "序号", "item_code": "事项", "window": "实施时间", "state_name": "状态", "line_no": "计划条目",
    "reason": "理由", "proposer": "提出人", "decider": "决定人", "decided_at": "决定时间", "decision": "不批准的理由",
}  # fmt: skip
OVERRIDES = {
    "n": "序号", "family": "事项族", "object_code": "检查对象", "state_name": "状态", "reason": "理由",
    "proposer": "提出人", "decider": "决定人", "decided_at": "决定时间", "decision": "不批准的理由",
}  # fmt: skip


class Unplanned(Batch):
    """A batch that the plan does not have."""

    reason: str = Field(title="理由", max_length=500, json_schema_extra={"kind": "textarea"})


class Override(BaseModel):
    """One object that may be drawn once more."""

    family: str = Field(title="事项族", max_length=64)
    object_code: str = Field(title="检查对象代码", max_length=64)
    reason: str = Field(title="理由", max_length=500, json_schema_extra={"kind": "textarea"})


class Refusal(BaseModel):
    """Why not."""

    reason: str = Field(title="不批准的理由", max_length=500)


def load_batches(here: Here) -> Table:
    """Of one year."""
    year = year_of(here)
    return Table(BATCHES, [_batch_row(one) for one in batches.batches(here.session, year)], _BATCH)


def load_batch(here: Here) -> Detail:
    """One batch."""
    found = next((one for one in batches.batches(here.session, year_of(here)) if one.n == _n(here)), None)
    if found is None:
        raise NotFound("unplanned_missing", year=here.path["year"], n=here.path["n"])
    row = _batch_row(found)
    facts = {title: row[name] for name, title in BATCHES.items()} | {"比例": ratios_in_words(found.terms["ratios"])}
    past = timeline.of(here, f"unplanned/{found.year}/{found.n}")
    return Detail(say("计划外批次 {n}", n=found.n), facts, past, acts=_moves(found.state), data={"batch": row})


def load_overrides(here: Here) -> Table:
    """Of one year."""
    year = year_of(here)
    notes = (
        say(
            "已批准 {n} 件，数量在公示页公开（第十条）。",
            n=overrides.approved_count(here.session, year),
        ),
    )
    return Table(OVERRIDES, [_override_row(one) for one in overrides.overrides(here.session, year)], _OVERRIDE,
                 notes=notes)  # fmt: skip


def load_override(here: Here) -> Detail:
    """One proposal."""
    found = next((one for one in overrides.overrides(here.session, year_of(here)) if one.n == _n(here)), None)
    if found is None:
        raise NotFound("override_missing", year=here.path["year"], n=here.path["n"])
    row = _override_row(found)
    facts = {title: row[name] for name, title in OVERRIDES.items()}
    past = timeline.of(here, f"override/{found.year}/{found.n}")
    return Detail(say("突破年度次数 {n}", n=found.n), facts, past, acts=_moves(found.state), data={"override": row})


def propose_batch(here: Here, form: Unplanned) -> dict[str, Any]:
    """It must satisfy the list and the rules like any line."""
    terms = Terms(form.ratios(), team=Seats(form.team, form.qualification))
    line, level = Line(form.item, terms, form.starts, form.ends), here.office.level
    year, actor = year_of(here), here.actor.login
    made = batches.propose(here.session, year, line, form.reason, rules=_rules(here), level=level, actor=actor)
    return _batch_row(made)


def approve_batch(here: Here, _form: BaseModel) -> dict[str, Any]:
    """It may be drawn at once and stands apart on the public page."""
    year, level, actor = year_of(here), here.office.level, here.actor.login
    found = batches.approve(here.session, year, _n(here), rules=_rules(here), level=level, actor=actor)
    row = _batch_row(found)
    publish_site(here)
    return row


def refuse_batch(here: Here, form: Refusal) -> dict[str, Any]:
    """With the reason."""
    return _batch_row(batches.refuse(here.session, year_of(here), _n(here), form.reason, actor=here.actor.login))


def propose_override(here: Here, form: Override) -> dict[str, Any]:
    """Only of what was drawn this year."""
    year, actor = year_of(here), here.actor.login
    made = overrides.propose(
        here.session, year, form.family.strip(), form.object_code.strip(), form.reason, rules=_rules(here), actor=actor
    )
    return _override_row(made)


def approve_override(here: Here, _form: BaseModel) -> dict[str, Any]:
    """The public count of the year rises by one."""
    row = _override_row(overrides.approve(here.session, year_of(here), _n(here), actor=here.actor.login))
    publish_site(here)
    return row


def refuse_override(here: Here, form: Refusal) -> dict[str, Any]:
    """With the reason."""
    return _override_row(overrides.refuse(here.session, year_of(here), _n(here), form.reason, actor=here.actor.login))


def _n(here: Here) -> int:
    text = here.path["n"]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _rules(here: Here) -> Rules:
    return here.office.rules(here.today)


def _moves(state: ProposalState) -> set[str]:
    return {"approve", "refuse"} if state is ProposalState.PROPOSED else set()


def _batch_row(batch: UnplannedBatch) -> dict[str, Any]:
    row = batch.model_dump(exclude={"tenant_id", "id"})
    return {
        **row,
        "state_name": PROPOSALS[batch.state],
        "window": say("{starts} 至 {ends}", starts=batch.starts, ends=batch.ends),
    }


def _override_row(override: FrequencyOverride) -> dict[str, Any]:
    return {**override.model_dump(exclude={"tenant_id", "id"}), "state_name": PROPOSALS[override.state]}


_BATCH, _OVERRIDE = "/plans/{year}/unplanned/{n}", "/plans/{year}/overrides/{n}"
_BATCH_AT, _OVERRIDE_AT = "/plans/{year:str}/unplanned", "/plans/{year:str}/overrides"
VIEWS = [
    view(_BATCH_AT, verb="view", load=load_batches, title="计划外批次"),
    view(f"{_BATCH_AT}/{{n:str}}", verb="view", load=load_batch, title="计划外批次"),
    view(_OVERRIDE_AT, verb="view", load=load_overrides, title="突破年度次数"),
    view(f"{_OVERRIDE_AT}/{{n:str}}", verb="view", load=load_override, title="突破年度次数"),
]
ACTS = [
    act(
        f"{_BATCH_AT}/propose", verb="edit_plan", model=Unplanned, do=propose_batch, title="提出计划外批次",
        done="已经提出，等待委领导批准。", then=_BATCH, choices={"item": items_in_force},
    ),
    act(f"{_BATCH_AT}/{{n:str}}/approve", verb="approve_plan", do=approve_batch, title="批准", done="已经批准。"),
    act(
        f"{_BATCH_AT}/{{n:str}}/refuse", verb="approve_plan", model=Refusal, do=refuse_batch, title="不批准",
        done="已经记录。",
    ),
    act(
        f"{_OVERRIDE_AT}/propose", verb="propose_override", model=Override, do=propose_override,
        title="申请突破年度次数", done="已经提出，等待委领导批准。", then=_OVERRIDE,
    ),
    act(f"{_OVERRIDE_AT}/{{n:str}}/approve", verb="approve_override", do=approve_override, title="批准",
        done="已经批准。"),
    act(
        f"{_OVERRIDE_AT}/{{n:str}}/refuse", verb="approve_override", model=Refusal, do=refuse_override, title="不批准",
        done="已经记录。",
    ),
]  # fmt: skip
