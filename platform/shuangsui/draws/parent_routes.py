"""Two-level draws on pages (R17.1): below, that the objects were drawn above; above, what was drawn of them below."""

from __future__ import annotations

from typing import Any

from shuangsui.draws import kinship
from shuangsui.draws.kinship import Child
from shuangsui.draws.office import find
from shuangsui.draws.tables import Assignment, Draw
from shuangsui.errors import ShuangsuiError
from shuangsui.pages import Detail, Here, Table, view
from shuangsui.said import say
from shuangsui.settings import from_environment
from shuangsui.texts import sentence

PAIRS = {"code": "检查对象", "name": "名称", "parent": "上级抽取中的盲化标识", "child": "本次抽取中的盲化标识"}

CHILDREN = {
    "receiver_name": "机关", "draw": "抽取", "objects": "对象数", "opened": "已公开的对象", "verdict": "核对结果",
}  # fmt: skip
NONE = "接收机关还没有公示由本次抽取分派而来的抽取。"


def load(here: Here) -> Detail:
    """Everything is derived anew at each opening; what does not fit is told in place of the pairs."""
    draw = find(here.session, here.path["no"])
    assignment = kinship.parent_of(here.session, draw)
    verdict, rows = _checked(here, draw, assignment)
    facts = {
        "上级机关": here.office.tree.get(assignment.sender).name, "上级抽取": assignment.draw_no,
        "分派任务": assignment.no, "分派的对象": say("{n} 个", n=len(assignment.objects)), "核对结果": verdict,
    }  # fmt: skip
    notes = ["由检查对象代码和盐重新算出两次抽取中的盲化标识，并核对上级公示的抽取档案与方案所载的摘要。"]
    table = Table(PAIRS, rows, title="逐个对象")
    return Detail(
        say("与上级抽取的关系 {no}", no=draw.no), facts, [table] if rows else [], notes, data={"consistent": bool(rows)}
    )


def _checked(here: Here, draw: Draw, assignment: Assignment) -> tuple[str, list[dict[str, Any]]]:
    try:
        found = kinship.check(here.session, here.office, draw, from_environment().public)
    except ShuangsuiError as error:
        return sentence(error), []
    names = {one["code"]: one["name"] for one in assignment.objects}
    rows = [
        {"code": code, "name": names.get(code, ""), "parent": above, "child": below}
        for code, (above, below) in sorted(found.pairs.items())
    ]
    return say("一致：{objects} 个对象都是上级抽取抽中的", objects=found.objects), rows


def load_children(here: Here) -> Table:
    """The receivers' published draws out of this one, each derived anew."""
    draw = find(here.session, here.path["no"])
    rows = [_child(here, one) for one in kinship.children(here.session, here.office, draw, from_environment().public)]
    return Table(CHILDREN, rows, title=say("由抽取 {no} 分派而来的抽取", no=draw.no), notes=() if rows else (NONE,))


def _child(here: Here, child: Child) -> dict[str, Any]:
    found = child.kinship
    return {
        "receiver": child.receiver, "receiver_name": here.office.tree.get(child.receiver).name, "draw": child.no,
        "objects": found.objects if found else None, "opened": found.opened if found else None,
        "consistent": found is not None, "verdict": sentence(child.error) if child.error else "一致",
    }  # fmt: skip


VIEWS = [
    view("/draws/{no:str}/parent", verb="view", load=load, title="与上级抽取的关系"),
    view("/draws/{no:str}/children", verb="view", load=load_children, title="分派后的抽取"),
]
