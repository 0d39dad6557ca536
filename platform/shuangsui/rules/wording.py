"""Rules and revisions as pages and programs show them; values only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from shuangsui.rules import keys
from shuangsui.rules.policy import REVISION, RuleValue, amount
from shuangsui.rules.revising import STATES
from shuangsui.rules.revisions import OPS, Change
from shuangsui.rules.tables import RuleRevision
from shuangsui.said import listed, say

MODES = {"free": "可改", "floor": "下限", "ceiling": "上限", "locked": "锁定"}
OWN_OFFICE = "机关自定"
FIXED = "固定"
"""Instead of how a rule can be changed, where it has only one value."""
LIST = {
    "n": "编号", "state_name": "状态", "about": "改动", "valid_from": "施行日", "reason": "理由", "proposer": "提出人",
    "decider": "决定人", "decided_at": "决定时间",
}  # fmt: skip
CHANGES = {
    "key": "规则键", "description": "含义", "op_name": "改动", "amount": "取值", "basis": "依据", "mode_name": "对下级",
}  # fmt: skip


def step(value: RuleValue) -> dict[str, Any]:
    """What one layer says."""
    spec = keys.KEYS[value.key]
    mode = MODES[value.mode]
    mode = listed((mode, "约束本机关"), "，") if value.mode != "free" and value.binding else mode
    return {
        "pack": value.pack, "value": value.value, "amount": amount(value.value, spec.unit),
        "basis": value.basis or OWN_OFFICE, "article": value.article, "mode": value.mode,
        "mode_name": FIXED if spec.only else mode, "fixed": spec.only is not None,
        "binding": value.binding, "text": value.text, "place": value.place,
        "revision": value.line if value.file == REVISION else None,
    }  # fmt: skip


def row(one: RuleRevision) -> dict[str, Any]:
    """A revision in a list."""
    said = one.model_dump(exclude={"tenant_id", "id"})
    about = "、".join(change["key"] for change in one.changes) or "（空）"
    if one.rolls_back is not None:
        about = say("回退第 {n} 号：{about}", n=one.rolls_back, about=about)
    return {**said, "state_name": STATES[one.state], "about": about}


def change(one: Change) -> dict[str, Any]:
    """One change of a revision."""
    spec = keys.KEYS[one.key]
    is_set = one.op == "set" and one.value is not None
    return {
        **one.as_json(), "description": spec.description, "op_name": OPS[one.op],
        "amount": amount(one.value, spec.unit) if is_set and one.value is not None else "",
        "basis": " ".join(part for part in (one.own_basis, one.article) if part),
        "mode_name": MODES[one.mode] if is_set else "",
    }  # fmt: skip


def changes(one: RuleRevision) -> list[dict[str, Any]]:
    """All of them."""
    return [change(Change.from_json(stored)) for stored in one.changes]


def touching(found: Iterable[RuleRevision], key: str) -> Iterator[dict[str, Any]]:
    """Every revision of one key, the newest first, with what it says of it."""
    for one in sorted(found, key=lambda one: -one.n):
        for stored in one.changes:
            if stored["key"] == key:
                yield {**change(Change.from_json(stored)), **row(one)}
