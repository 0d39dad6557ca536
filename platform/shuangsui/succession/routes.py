"""机关存续: what was decided about this authority, and what it decides about those below it."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel, Field

from shuangsui.disclosure.following import standing
from shuangsui.ledger import tenure
from shuangsui.pages import Detail, Here, Table, act, timeline, view
from shuangsui.planning.proposal_routes import Refusal
from shuangsui.said import listed, say
from shuangsui.succession import deciding, handing
from shuangsui.succession.deciding import STATES, TURNS
from shuangsui.succession.policy import Wanted
from shuangsui.succession.remaining import remaining
from shuangsui.succession.tables import DecisionState, TenureDecision
from shuangsui.tenancy.tenure import TENURES, Tenure, Turn

DECISIONS = {
    "no": "编号", "turn_name": "事项", "subject_names": "机关", "successor_names": "承接机关", "since": "自",
    "document": "文号", "state_name": "状态",
}  # fmt: skip
REST = {"reason": "理由", "proposer": "提出人", "decider": "决定人", "decided_at": "决定时间", "answer": "不批准的理由"}
MINE = {"turn_name": "事项", "since": "自", "other_names": "移交给或承接自", "document": "文号", "reason": "理由"}
PROPOSED = {turn.value: TURNS[turn] for turn in (Turn.SUSPEND, Turn.RESUME, Turn.CLOSE)}


class Proposal(BaseModel):
    """What somebody wants decided."""

    turn: Turn = Field(title="事项")
    subjects: list[str] = Field(title="机关")
    successors: list[str] = Field([], title="承接机关（撤并时写明）")
    since: date = Field(title="自哪一天起")
    document: str = Field(title="文号", max_length=200)
    reason: str = Field(title="理由", max_length=500, json_schema_extra={"kind": "textarea"})


def load_all(here: Here) -> Detail:
    """How this authority stands, what it has still to finish, and what it decided about others."""
    open_ = remaining(here.session)
    facts = {
        "本机关状态": TENURES[tenure.standing(here.session)],
        "在办": listed(say("{name} {n} 项", name=name, n=count) for name, count in open_.items()) or "没有",
    }
    if tenure.standing(here.session) is Tenure.CLOSING:
        rest = handing.left(here.session)
        facts["还没有移交"] = listed(say("{name} {n} 项", name=name, n=count) for name, count in rest.items()) or "没有"
    mine = [_change(here, one) for one in tenure.changes(here.session)]
    made = [_row(here, one) for one in deciding.decisions(here.session)]
    tables = [Table(MINE, mine, title="关于本机关的决定")] if mine else []
    below = here.office.tree.children(here.office.tenant.slug)
    tables += [Table(DECISIONS, made, "/tenures/{no}", title="对下级机关作出的决定")] if below else []
    return Detail("机关存续", facts, tables, acts={"propose"} if below else set(), data={"remaining": open_})


def load_one(here: Here) -> Detail:
    """One decision."""
    row = _row(here, deciding.find(here.session, here.path["no"]))
    facts = {title: row[name] for name, title in (DECISIONS | REST).items()}
    open_ = row["state"] is DecisionState.PROPOSED
    again = row["state"] is DecisionState.APPROVED
    acts = {"approve", "refuse"} if open_ else {"approve"} if again else set()
    past = timeline.of(here, f"tenure/{row['no']}")
    return Detail(say("决定 {no}", no=row["no"]), facts, past, acts=acts, data={"decision": row})


def propose(here: Here, form: Proposal) -> dict[str, Any]:
    """Of authorities below only."""
    wanted = Wanted(
        form.turn, tuple(form.subjects), form.since, form.document, form.reason, tuple(form.successors)
    )  # fmt: skip
    return _row(here, deciding.propose(here.session, here.office.tree, wanted, actor=here.actor.login))


def approve(here: Here, _form: BaseModel) -> dict[str, Any]:
    """Each authority concerned is told; again, whoever was not."""
    slug, keyring, actor = here.office.tenant.slug, here.office.keyring, here.actor.login
    return _row(here, deciding.approve(standing(here), slug, here.path["no"], keyring, actor=actor))


def refuse(here: Here, form: Refusal) -> dict[str, Any]:
    """With the reason."""
    return _row(here, deciding.refuse(here.session, here.path["no"], form.reason, actor=here.actor.login))


def below(here: Here) -> dict[str, str]:
    """Authorities that may be decided about."""
    return {one.slug: one.name for one in here.office.tree.children(here.office.tenant.slug)}


def _name(here: Here, slug: str) -> str:
    return next((one.name for one in here.office.tree if one.slug == slug), slug)


def _row(here: Here, row: TenureDecision) -> dict[str, Any]:
    return row.model_dump(exclude={"tenant_id", "id"}) | {
        "turn_name": TURNS[row.turn], "state_name": STATES[row.state],
        "subject_names": "、".join(_name(here, slug) for slug in row.subjects),
        "successor_names": "、".join(_name(here, slug) for slug in row.successors),
    }  # fmt: skip


def _change(here: Here, row: Any) -> dict[str, Any]:
    names = "、".join(_name(here, one["tenant"]) for one in row.others)
    said = {name: getattr(row, name) for name in ("turn", "since", "document", "reason")}
    return said | {"turn_name": TURNS[row.turn], "other_names": names}


VIEWS = [
    view("/tenures", verb="view", load=load_all, title="机关存续", menu="管理"),
    view("/tenures/{no:str}", verb="view", load=load_one, title="机关存续决定"),
]
ACTS = [
    act(
        "/tenures/propose", verb="propose_tenure", model=Proposal, do=propose, title="提出决定",
        done="已经提出，等待委领导批准。", then="/tenures/{no}",
        choices={"turn": PROPOSED, "subjects": below, "successors": below},
    ),
    act("/tenures/{no:str}/approve", verb="approve_tenure", do=approve, title="批准并告知有关机关",
        done="已经批准并告知。"),
    act("/tenures/{no:str}/refuse", verb="approve_tenure", model=Refusal, do=refuse, title="不批准", done="已经记录。"),
]  # fmt: skip
