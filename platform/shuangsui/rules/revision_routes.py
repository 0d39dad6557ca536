"""规则修订 by pages: drafted key by key, looked at in advance, proposed, decided by another person, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel, Field

from shuangsui.errors import NotFound
from shuangsui.extension import trying
from shuangsui.pages import Detail, Here, Table, act, timeline, view
from shuangsui.rules import editing, keys, revising, wording
from shuangsui.rules.keys import KeySpec
from shuangsui.rules.revising import Trial
from shuangsui.rules.revisions import Change
from shuangsui.rules.tables import RevisionState, RuleRevision
from shuangsui.said import say
from shuangsui.settings import from_environment

LOOK = "查看谁会受影响、哪些期限会变"


class Proposal(BaseModel):
    """From when, and why."""

    valid_from: date = Field(title="施行日", description="不早于今天；自该日零时起施行")
    reason: str = Field(title="理由", max_length=500, json_schema_extra={"kind": "textarea"})


class Refusal(BaseModel):
    """Why not."""

    reason: str = Field(title="不批准的理由", max_length=500)


class Chosen(BaseModel):
    """Which key."""

    key: str = Field(title="规则键", max_length=64)


def load_all(here: Here) -> Table:
    """Every revision of this authority, the newest first."""
    found = revising.revisions(here.session)
    wanted = here.query.get("state", "")
    rows = [wording.row(one) for one in reversed(found) if wanted in ("", one.state)]
    states = {state.value: name for state, name in revising.STATES.items()}
    return Table(wording.LIST, rows, "/rules/revisions/{n}", filters={"state": ("状态", states)})


def load_one(here: Here) -> Detail:
    """What it changes, and who did what."""
    row = row_of(here)
    said = wording.row(row)
    facts = {heading: said[name] for name, heading in wording.LIST.items() if name != "n"}
    facts |= {"不批准的理由": row.decision} if row.decision else {}
    tables = [Table(wording.CHANGES, wording.changes(row), "/rules/{key}", title="改动")]
    if row.changes and row.state in (RevisionState.DRAFT, RevisionState.PROPOSED):
        tables.append(Table({"look": "影响预览"}, [{"look": LOOK, "n": row.n}], f"{_ONE}/preview", title="影响"))
    tables += timeline.of(here, f"rule_revision/{row.n}")
    return Detail(say("规则修订第 {n} 号", n=row.n), facts, tables, acts=_moves(here, row), data={"revision": said})


def revise(here: Here, form: BaseModel) -> dict[str, Any]:
    """Into one's own open draft."""
    return _drafted(here, editing.change_of(spec_of(here).key, form))


def inherit(here: Here, _form: BaseModel) -> dict[str, Any]:
    """The same: no value of one's own any more."""
    return _drafted(here, Change(spec_of(here).key, "inherit"))


def drop(here: Here, form: Chosen) -> dict[str, Any]:
    """A key of a draft."""
    return wording.row(revising.drop(here.session, number(here), form.key, actor=here.actor.login))


def propose(here: Here, form: Proposal) -> dict[str, Any]:
    """To the leadership."""
    made = revising.propose(here.session, number(here), form.valid_from, form.reason, **_by(here))
    return wording.row(made)


def withdraw(here: Here, _form: BaseModel) -> dict[str, Any]:
    """Given up."""
    return wording.row(revising.withdraw(here.session, number(here), actor=here.actor.login))


def approve(here: Here, _form: BaseModel) -> dict[str, Any]:
    """In force from its day on."""
    return wording.row(revising.approve(here.session, number(here), **_by(here)))


def refuse(here: Here, form: Refusal) -> dict[str, Any]:
    """With the reason."""
    return wording.row(revising.refuse(here.session, number(here), form.reason, actor=here.actor.login))


def roll_back(here: Here, form: Proposal) -> dict[str, Any]:
    """Proposed as a revision of its own, which another person decides."""
    made = revising.roll_back(here.session, number(here), form.valid_from, form.reason, **_by(here))
    return wording.row(made)


def spec_of(here: Here) -> KeySpec:
    """The key that the address names."""
    key = here.path["key"]
    if key not in keys.KEYS:
        raise NotFound("rule_unknown", key=key, suggestions=keys.similar(key))
    return keys.KEYS[key]


def number(here: Here) -> int:
    """The revision that the address names; 0 for what is no number."""
    text = here.path["n"]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def form_here(here: Here) -> type[BaseModel]:
    """The fields of a key."""
    spec = spec_of(here)
    return editing.form_of(spec, here.office.rules(here.today)[spec.key])


def modes_here(here: Here) -> Mapping[str, str]:
    """How the key can bind those below."""
    return editing.modes_of(spec_of(here))


def keys_here(here: Here) -> Mapping[str, str]:
    """The keys of the revision."""
    return {
        one["key"]: say("{key}（{op} {amount}）", key=one["key"], op=one["op_name"], amount=one["amount"])
        for one in wording.changes(row_of(here))
    }


def row_of(here: Here) -> RuleRevision:
    """The revision that the address names."""
    return revising.find(here.session, number(here))


def _trial(here: Here) -> Trial:
    return trying.trial(here.session, here.files, from_environment(), here.today)


def _by(here: Here) -> dict[str, Any]:
    return {"trial": _trial(here), "today": here.today, "actor": here.actor.login}


def _drafted(here: Here, change: Change) -> dict[str, Any]:
    return wording.row(revising.draft(here.session, [change], **_by(here)))


def _moves(here: Here, row: RuleRevision) -> set[str]:
    if row.state is RevisionState.DRAFT:
        return {"propose", "withdraw"} | ({"drop"} if row.changes else set())
    if row.state is RevisionState.PROPOSED:
        return {"approve", "refuse", "withdraw"}
    return {"rollback"} if row.n in {one.n for one in revising.standing(here.session)} else set()


_ONE, _AT, _KEY = "/rules/revisions/{n}", "/rules/revisions/{n:str}", "/rules/{key:str}"
VIEWS = [
    view("/rules/revisions", verb="view", load=load_all, title="规则修订", menu="管理"),
    view(_AT, verb="view", load=load_one, title="规则修订"),
]
ACTS = [
    act(f"{_KEY}/revise", verb="edit_plan", do=revise, title="拟定修订", done="已经写入修订草案。", then=_ONE,
        model=editing.Revised, model_here=form_here, choices={"mode": modes_here}),
    act(f"{_KEY}/inherit", verb="edit_plan", do=inherit, title="不再自定", done="已经写入修订草案。", then=_ONE),
    act(f"{_AT}/propose", verb="edit_plan", model=Proposal, do=propose, title="提请批准",
        done="已经提出，等待委领导批准。"),
    act(f"{_AT}/drop", verb="edit_plan", model=Chosen, do=drop, title="删去一项改动", done="已经从草案里删去。",
        choices={"key": keys_here}),
    act(f"{_AT}/withdraw", verb="edit_plan", do=withdraw, title="撤回", done="已经撤回。"),
    act(f"{_AT}/approve", verb="approve_plan", do=approve, title="批准", done="已经批准，自施行日起施行。"),
    act(f"{_AT}/refuse", verb="approve_plan", model=Refusal, do=refuse, title="不批准", done="已经记录。"),
    act(f"{_AT}/rollback", verb="edit_plan", model=Proposal, do=roll_back, title="回退",
        done="回退已经提出，等待委领导批准。", then=_ONE),
]  # fmt: skip
