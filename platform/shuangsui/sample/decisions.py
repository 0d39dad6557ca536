"""行政处罚 and 行政许可 decisions on objects of one synthetic authority, for the credit systems to show (双公示)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

from shuangsui.sample.codes import office_code
from shuangsui.sample.dice import Dice, scattered
from shuangsui.sample.objects import Row, object_maker
from shuangsui.sample.scene import Scene
from shuangsui.sample.words import MARK

CODE_LENGTH = 18
"""Of an object that has a 统一社会信用代码; the older numbers are not taken by the credit systems."""
SHOWN = 1096
_PENALTY = {
    "kind": "行政处罚", "name": "未按规定登记销售民用爆炸物品案", "category": "罚款", "violation": "未按规定登记销售",
    "facts": "销售民用爆炸物品未按规定登记", "basis": "《民用爆炸物品安全管理条例》第四十八条",
}  # fmt: skip
_LICENCE = {
    "kind": "行政许可", "name": "民用爆炸物品销售许可", "category": "核准", "content": "准予销售民用爆炸物品",
    "certificate": "民用爆炸物品销售许可证",
}  # fmt: skip


def decisions(scene: Scene, objects: int, count: int) -> Iterator[Row]:
    """At most ``count`` decisions, each on another of ``objects`` objects, penalties and licences by turns."""
    firm = object_maker(scene)
    rows = (firm(scattered(scene.seed, "decision", index, objects)) for index in range(objects))
    coded = (row for row in rows if len(row["code"]) == CODE_LENGTH)
    for number, row in enumerate(islice(coded, count), 1):
        yield _decision(scene, row, number)


def _decision(scene: Scene, firm: Row, number: int) -> Row:
    dice = Dice(scene.seed, "decision", number)
    day = scene.today - timedelta(days=1 + dice.below(300))
    own = _penalty(day, number, dice) if number % 2 else _licence(day, number)
    return {
        **own,
        "object_name": firm["name"],
        "object_code": firm["code"],
        "object_kind": "个体工商户" if firm["code"].startswith("92") else "法人及非法人组织",
        "decided_on": day.isoformat(),
        "maker": f"{scene.city}经济和信息化主管部门{MARK}",
        "maker_code": office_code(scene.area),
    }


def _penalty(day: date, number: int, dice: Dice) -> Row:
    """Half a 万元 to ten, shown for three years."""
    halves = 1 + dice.below(20)
    fine = f"{halves / 2:g}"
    return {
        **_PENALTY, "number": f"模拟罚〔{day.year}〕{number}号", "content": f"罚款{fine}万元", "fine": fine,
        "valid_until": "", "shown_until": (day + timedelta(days=SHOWN)).isoformat(), "certificate": "",
    }  # fmt: skip


def _licence(day: date, number: int) -> Row:
    """For three years."""
    until = (day + timedelta(days=SHOWN)).isoformat()
    return {
        **_LICENCE, "number": f"模拟许〔{day.year}〕{number}号", "valid_until": until, "shown_until": "",
        "violation": "", "facts": "", "basis": "", "fine": "",
    }  # fmt: skip
