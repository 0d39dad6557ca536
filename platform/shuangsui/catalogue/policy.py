"""What an item allows, and what keeps a list from being approved (articles 4, 5 and 10); pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from shuangsui.access.policy import separate
from shuangsui.catalogue.derivation import frequency_rule, ratio_rule
from shuangsui.catalogue.frequencies import FrequencyClause
from shuangsui.catalogue.phrases import Level, Window
from shuangsui.catalogue.wording import cap_for
from shuangsui.privacy.messages import PERSONAL_KINDS
from shuangsui.privacy.scanning import LAW, scan_text
from shuangsui.rules.policy import Rules, RuleValue

if TYPE_CHECKING:  # the rows are read here, never fetched
    from shuangsui.catalogue.tables import Item, ItemList

PER_YEAR: Mapping[Window, int] = {"month": 12, "quarter": 4, "half_year": 2, "year": 1}

COLUMNS: Mapping[str, tuple[str, str]] = {
    "name": ("name", "随机抽查事项名称"),
    "content": ("content", "抽查事项内容"),
    "basis": ("basis", "抽查依据"),
    "mode": ("method", "抽查方式"),
    "objects": ("scope", "抽查对象"),
    "ratio": ("ratio_text", "抽查比例"),
    "frequency": ("frequency_text", "抽查频次"),
    "publication": ("publication", "抽查结果公开方式"),
    "office": ("office", "责任处室"),
    "personnel": ("personnel", "检查人员要求"),
}
"""Columns that ``item.columns`` may demand: where each stands, and its official name. Others are found in ``extra``."""

GROUNDS = {"公共利益": "public_interest", "安全": "safety", "质量": "quality"}
_OTHER_GROUND = re.compile(r"其他[：:，,（( ]*(?P<reason>[^）)]*)[）)]?")
_GROUND_SEPARATORS = re.compile("[、，,；;]")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an item cannot be on an approved list; ``code`` and ``params`` are a text of ``messages.py``."""

    column: str
    code: str
    article: str
    params: dict[str, str] = field(default_factory=dict)


def problems(item: Item, rules: Rules, level: Level, numbers: Collection[str] = ()) -> list[Problem]:
    """Every provision that ``item`` breaks (R4.1, R5.1 to R5.6); ``level`` decides which of several caps counts.

    ``numbers``: telephones and addresses that the authority itself has made public.
    """
    return [
        *_confirmation(item, rules),
        *_missing_columns(item, rules["item.columns"]),
        *_class_problems(item, rules),
        *_cap_problems(item, rules, level),
        *_mode_problems(item),
        *_personal(item, numbers),
    ]


def cap_of(item: Item, level: Level, *, key_uncapped: bool = True) -> Fraction | None:
    """The most of the pool that may be drawn in a year; None for one without a cap.

    A key item has none either (R5.3), unless the authority's rule holds it to what its wording says; everything is no
    cap then either.
    """
    cap = cap_for(ratio_rule(item.ratio), level)
    return None if item.item_class == "key" and (key_uncapped or cap == 1) else cap


def least_of(item: Item, level: Level) -> Fraction | None:
    """The least of the pool that must be drawn, if the wording says."""
    clauses = ratio_rule(item.ratio).clauses
    found = [Fraction(c.min) for c in clauses if c.min and c.unit != "count" and c.level in (None, level)]
    return max(found, default=None)


def rounds_of(item: Item, level: Level) -> int | None:
    """The most draws a year that the wording allows; of alternatives (或者) the most generous. None: no bound."""
    options: dict[int, list[int]] = {}
    for clause in _of(item, level):
        bound = [clause.max * PER_YEAR.get(clause.window, 1)] if clause.max and not clause.per_object else []
        options.setdefault(clause.option, []).extend(bound)
    if not options or not all(options.values()):
        return None
    return max(min(bounds) for bounds in options.values())


def yearly_limit(item: Item, rules: Rules, level: Level) -> int:
    """How often one object may be drawn in a year (R10.1).

    A frequency that the list demands for every object raises it (R10.3: 100%, 每月不少于1次 is twelve); a ceiling in
    the wording can only lower it, because 第十条 stands above the list.
    """
    everyone = least_of(item, level) == 1
    clauses = [clause for clause in _of(item, level) if not clause.share_each]
    demanded = [c.min * PER_YEAR[c.window] for c in clauses if c.min and c.window in PER_YEAR and _each(c, everyone)]
    allowed = [c.max * PER_YEAR.get(c.window, 1) for c in clauses if c.max and c.per_object]
    return max([min([rules.number("frequency.max_per_year_item_object"), *allowed]), *demanded])


def check_approver(item_list: ItemList, items: Iterable[Item], login: str, rules: Rules) -> None:
    """Whoever approves has not proposed the list, nor an item of it (R4.4); :class:`NotAllowed` ``same_person``."""
    separate(item_list.proposer or "", login)
    if not rules.switch("list.unit_may_approve_own"):
        for item in items:
            separate(item.proposed_by, login)
            separate(item.confirmed_by or "", login)


def _of(item: Item, level: Level) -> list[FrequencyClause]:
    """The clauses of the frequency that bind ``level``."""
    return [clause for clause in frequency_rule(item.frequency).clauses if clause.level in (None, level)]


def _each(clause: FrequencyClause, everyone: bool) -> bool:
    """Whether the count is that of every single object, not of draws."""
    return clause.per_object or everyone


def _confirmation(item: Item, rules: Rules) -> Iterator[Problem]:
    """The business office that owns the item agrees with it (R4.1)."""
    if rules.switch("list.business_confirm") and item.confirmed_by is None:
        yield Problem("确认", "item_unconfirmed", rules["list.business_confirm"].article)


def _missing_columns(item: Item, rule: RuleValue) -> Iterator[Problem]:
    for name in rule.value if isinstance(rule.value, tuple) else ():
        attribute, title = COLUMNS.get(str(name), ("", str(name)))
        if not (getattr(item, attribute) if attribute else item.extra.get(title)):
            yield Problem(title, "column_missing", rule.article, {"column": title})


def _personal(item: Item, numbers: Collection[str]) -> Iterator[Problem]:
    """Nothing in a list that everybody reads may name a natural person by a number."""
    texts = {title: getattr(item, attribute) or "" for attribute, title in COLUMNS.values()}
    for title, text in {**texts, "重点理由": item.key_ground or "", **item.extra}.items():
        for kind in dict.fromkeys(one.kind for one in scan_text(text, numbers)):
            yield Problem(title, "item_personal", LAW, {"column": title, "kind": PERSONAL_KINDS[kind]})


def _class_problems(item: Item, rules: Rules) -> Iterator[Problem]:
    """One of two classes; a key item says why it is one (R5.2, R5.3)."""
    classes, grounds = rules["item.classes"], rules["item.key_grounds"]
    if item.item_class is None:
        yield Problem("事项类别", "class_missing", classes.article)
    if item.item_class == "key" and (code := _ground_fault(item.key_ground or "", rules.names("item.key_grounds"))):
        yield Problem("重点理由", code, grounds.article, {"ground": item.key_ground or ""})


def _ground_fault(ground: str, allowed: tuple[str, ...]) -> str | None:
    """The code of what is wrong with the ground of a key item."""
    if not ground:
        return "ground_missing"
    if other := _OTHER_GROUND.fullmatch(ground):
        return None if "other" in allowed and other["reason"].strip() else "ground_unexplained"
    parts = [part.strip() for part in _GROUND_SEPARATORS.split(ground)]
    return None if all(GROUNDS.get(part, part) in allowed for part in parts) else "ground_unknown"


def _cap_problems(item: Item, rules: Rules, level: Level) -> Iterator[Problem]:
    """A general item has a cap (R5.4) and no batch order (R5.6)."""
    if item.item_class != "general":
        return
    if rules.switch("draw.general_cap_required") and cap_of(item, level) is None:
        text = item.ratio_text or "未填写"
        yield Problem("抽查比例", "cap_required", rules["draw.general_cap_required"].article, {"text": text})
    if rules.switch("draw.batch_order_key_only") and ratio_rule(item.ratio).batches:
        yield Problem("抽查比例", "batch_order_general", rules["draw.batch_order_key_only"].article)


def _mode_problems(item: Item) -> Iterator[Problem]:
    """A draw in the open would name the objects whose results the list withholds (第十四条)."""
    if item.draw_mode == "public" and item.withheld:
        yield Problem("抽取方式", "public_mode_withheld", "第十四条")
