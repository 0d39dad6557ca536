"""What a result may say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from shuangsui.errors import BadInput

CATEGORIES: Mapping[str, str] = {
    "no_problem": "未发现问题",
    "not_disclosed": "未按规定公示应当公示的信息",
    "false_disclosure": "公示信息隐瞒真实情况、弄虚作假",
    "cannot_contact": "通过登记的住所（经营场所）无法联系",
    "corrected": "发现问题经责令已改正",
    "obstructed": "不配合检查情节严重",
    "no_activity": "未发现开展本次抽查涉及的（生产）经营活动",
    "pending": "发现问题待后续处理",
}
"""Our own stable codes of the eight results of the double-random block (data-standards 5.2); channels map them."""


def check(categories: Sequence[str], ended: date, today: date) -> None:
    """Refuse unknown or contradictory categories and a day to come; ``category_unknown``, ``category_conflict``,
    ``ended_later``."""
    if unknown := [c for c in categories if c not in CATEGORIES]:
        known = "、".join(f"{code} {name}" for code, name in CATEGORIES.items())
        raise BadInput("category_unknown", category="、".join(unknown), known=known)
    if not categories or (len(categories) > 1 and "no_problem" in categories):
        raise BadInput("category_conflict")
    if ended > today:
        raise BadInput("ended_later", ended=ended, today=today)
