"""The page on which a district sees that its draw has the objects that its superior drew (two-level draw, R17.1)."""

from __future__ import annotations

from typing import Any

from shuangsui.draws import kinship
from shuangsui.draws.office import find
from shuangsui.draws.tables import Assignment, Draw
from shuangsui.errors import ShuangsuiError
from shuangsui.pages import Detail, Here, Table, view
from shuangsui.settings import Settings
from shuangsui.texts import sentence

PAIRS = {"code": "检查对象", "name": "名称", "parent": "上级抽取中的盲化标识", "child": "本次抽取中的盲化标识"}


def load(here: Here) -> Detail:
    """Everything is derived anew at each opening; what does not fit is told in place of the pairs."""
    draw = find(here.session, here.path["no"])
    assignment = kinship.parent_of(here.session, draw)
    verdict, rows = _checked(here, draw, assignment)
    facts = {
        "上级机关": here.office.tree.get(assignment.sender).name, "上级抽取": assignment.draw_no,
        "分派任务": assignment.no, "分派的对象": f"{len(assignment.objects)} 个", "核对结果": verdict,
    }  # fmt: skip
    notes = ["由检查对象代码和盐重新算出两次抽取中的盲化标识，并核对上级公示的抽取档案与方案所载的摘要。"]
    table = Table(PAIRS, rows, title="逐个对象")
    return Detail(f"与上级抽取的关系 {draw.no}", facts, [table] if rows else [], notes, data={"consistent": bool(rows)})


def _checked(here: Here, draw: Draw, assignment: Assignment) -> tuple[str, list[dict[str, Any]]]:
    try:
        found = kinship.check(here.session, here.office, draw, Settings().public)
    except ShuangsuiError as error:
        return sentence(error), []
    names = {one["code"]: one["name"] for one in assignment.objects}
    rows = [
        {"code": code, "name": names.get(code, ""), "parent": above, "child": below}
        for code, (above, below) in sorted(found.pairs.items())
    ]
    return f"一致：{found.objects} 个对象都是上级抽取抽中的", rows


VIEWS = [view("/draws/{no:str}/parent", verb="view", load=load, title="与上级抽取的关系")]
