"""影响预览: what a revision would do, worked out anew at every look and never kept."""

from __future__ import annotations

from datetime import date
from typing import Any

from shuangsui.disclosure import foresight
from shuangsui.disclosure.foresight import Foresight
from shuangsui.draws.office import Office
from shuangsui.draws.replaying import Outcome, Replay
from shuangsui.extension.overlay import seated
from shuangsui.pages import Detail, Here, Table, view
from shuangsui.rules import keys, revising, wording
from shuangsui.rules.policy import amount
from shuangsui.rules.revision_routes import row_of
from shuangsui.rules.tables import RuleRevision
from shuangsui.said import say
from shuangsui.texts import sentence

KEYS = {
    "key": "规则键",
    "before": "现在",
    "after": "修订后",
    "before_basis": "现在的依据",
    "after_basis": "修订后的依据",
}
LINES = {
    "line": "计划条目", "item": "事项", "quota": "抽取数量", "eligible": "可以抽取的对象", "came": "新可抽取",
    "went": "不再可抽取", "swapped": "抽中的变化", "refusal": "能否抽取",
}  # fmt: skip
PEOPLE = {"line": "计划条目", "code": "检查对象代码", "name": "名称", "what": "变化", "why": "原因"}
DAYS = {"key": "期限", "old": "原截止日", "new": "修订后截止日", "way": "变化"}
CAME, WENT = "新可抽取", "不再可抽取"


def load_preview(here: Here) -> Detail:
    """Who could be drawn and which last days would be others, as on the day on which it would take effect."""
    row = row_of(here)
    seen = _foresee(here, row)
    lines = [_line(one) for one in seen.lines]
    people = [said for one in seen.lines for said in _people(one)]
    days = [_day(one.kind, one.key, one.old, one.new, earlier=one.earlier) for one in seen.moved]
    facts = {
        "按哪一天推算": seen.on, "改动的规则": len(seen.keys),
        "受影响的计划条目": sum(one.changed for one in seen.lines),
        CAME: sum(one["what"] == CAME for one in people), WENT: sum(one["what"] == WENT for one in people),
        "变动的期限": len(days), "规则摘要": f"{seen.before.digest()[:16]} → {seen.after.digest()[:16]}",
    }  # fmt: skip
    tables = [
        Table(KEYS, [_key(seen, key) for key in seen.keys], "/rules/{key}", title="规则的变化"),
        Table(LINES, lines, title="按上一次公布的计划重新推算"),
        Table(PEOPLE, people, title="受影响的检查对象"),
        Table(DAYS, days, title="未完结的公开期限"),
    ]
    notes = (
        "抽中的变化是两边用同一个数推算的结果，只说明规则的影响；实际抽中谁由届时的公开随机事件决定。",
        "按现在的名录、计数和放假安排推算；施行之前这些有变化的，以施行后的为准。",
    )
    return Detail(say("规则修订第 {n} 号的影响", n=row.n), facts, tables, notes=notes, data={"lines": lines})


def _foresee(here: Here, row: RuleRevision) -> Foresight:
    """As on its day, or today if that is over; of what is in force already there is no difference left."""
    on = max(row.valid_from or here.today, here.today)
    value = revising.as_value(row, here.today)
    tree = seated(here.session, here.files, value)
    after = Office(tree, tree.get(here.session.tenant), here.office.keyring)
    return foresight.foresee(here.session, here.office, here.office.rules(on), after.rules(on))


def _key(seen: Foresight, key: str) -> dict[str, Any]:
    unit, before, after = keys.KEYS[key].unit, seen.before[key], seen.after[key]
    return {
        "key": key, "before": amount(before.value, unit), "after": amount(after.value, unit),
        "before_basis": before.basis or wording.OWN_OFFICE, "after_basis": after.basis or wording.OWN_OFFICE,
    }  # fmt: skip


def _line(one: Replay) -> dict[str, Any]:
    came, went = one.moved("eligible")
    drawn, gone = one.moved("chosen")
    return {
        "line": one.line, "item": f"{one.item} {one.item_name}", "quota": _arrow(one.before.drawn, one.after.drawn),
        "eligible": _arrow(len(one.before.eligible), len(one.after.eligible)), "came": len(came), "went": len(went),
        "swapped": say("新抽中 {drawn}，不再抽中 {gone}", drawn=len(drawn), gone=len(gone)),
        "refusal": _refusal(one.before, one.after),
        "draw": one.draw, "drawn_before": one.before.drawn, "drawn_after": one.after.drawn,
        "strata_before": dict(one.before.quota), "strata_after": dict(one.after.quota),
        "alternates_before": one.before.alternates, "alternates_after": one.after.alternates,
    }  # fmt: skip


def _people(one: Replay) -> list[dict[str, Any]]:
    """Whom the registry lets be drawn on one side only."""
    came, went = one.moved("eligible")
    if one.before.refusal or one.after.refusal:
        return []
    return [
        {"line": one.line, "code": code, "name": one.names.get(code, ""), "what": what, "why": side.statuses[code]}
        for codes, what, side in ((came, CAME, one.before), (went, WENT, one.after))
        for code in codes
    ]


def _day(kind: str, key: str, old: date, new: date, *, earlier: bool) -> dict[str, Any]:
    name = "整批" if kind == "round" else "结果"
    return {"key": f"{name} {key}", "old": old, "new": new, "way": "提前" if earlier else "推后"}


def _arrow(before: int, after: int) -> str:
    return str(before) if before == after else f"{before} → {after}"


def _refusal(before: Outcome, after: Outcome) -> str:
    if after.refusal:
        return say("修订后不能抽取：{sentence}", sentence=sentence(after.refusal))
    return say("修订前不能抽取：{sentence}", sentence=sentence(before.refusal)) if before.refusal else "能"


VIEWS = [view("/rules/revisions/{n:str}/preview", verb="view", load=load_preview, title="规则修订的影响")]
