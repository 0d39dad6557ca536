"""The files of one synthetic authority: columns as the registry's import reads them, rows as they are made."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass

from shuangsui.sample.decisions import decisions
from shuangsui.sample.interests import Sizes, interests
from shuangsui.sample.objects import Row, objects
from shuangsui.sample.people import experts, inspectors
from shuangsui.sample.scene import Scene, read_data

OBJECTS = {
    "code": "统一社会信用代码", "name": "名称", "district": "区县", "address": "地址", "industry": "行业代码",
    "risk_class": "信用风险分类", "items": "事项编号", "flags": "违法违规记录", "status": "状态",
}  # fmt: skip
INSPECTORS = {
    "cert_no": "执法证号", "name": "姓名", "office": "所属处室", "quals": "岗位资格", "lead": "可任组长",
    "valid_from": "证件有效期起", "valid_to": "证件有效期止", "status": "状态", "post": "岗位",
}  # fmt: skip
EXPERTS = {
    "expert_no": "专家编号", "name": "姓名", "quals": "专业领域", "employer": "工作单位",
    "valid_to": "聘期止", "status": "状态",
}  # fmt: skip
INTERESTS = {
    "person_kind": "人员类别", "person_no": "人员编号", "object_code": "统一社会信用代码", "relation": "关系类别",
    "since": "起始日期", "until": "终止日期", "source": "来源",
}  # fmt: skip

DECISIONS = {
    "number": "决定书文号", "kind": "决定种类", "name": "决定名称", "object_name": "相对人名称",
    "object_code": "统一社会信用代码", "object_kind": "相对人类别", "category": "类别", "content": "内容",
    "decided_on": "决定日期", "valid_until": "有效期至", "shown_until": "公示截止期", "maker": "决定机关",
    "maker_code": "决定机关统一社会信用代码", "violation": "违法行为类型", "facts": "违法事实", "basis": "处罚依据",
    "fine": "罚款（万元）", "certificate": "许可证书名称",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Registry:
    """One file: its name without ending, its title, headers by field, how many rows, and the rows (read once)."""

    name: str
    title: str
    columns: dict[str, str]
    total: int
    rows: Iterable[Row]


def sizes_for(count: int) -> Sizes:
    """People in proportion to ``count`` objects, as a district (30 inspectors) or the city (500) has them."""
    return Sizes(
        objects=count,
        inspectors=min(500, max(30, count // 100)),
        experts=min(120, max(18, count // 500)),
        interests=min(2000, max(20, count // 200), count),
    )


def items() -> list[Row]:
    """The item list every object of the sample refers to, by its own headers."""
    return list(csv.DictReader(read_data("items.csv").splitlines()))


def registries(scene: Scene, count: int) -> tuple[Registry, ...]:
    """The files of an authority with ``count`` objects; rows are made while they are read."""
    sizes, listed = sizes_for(count), items()
    return (
        Registry("objects", "检查对象名录库", OBJECTS, count, objects(scene, count)),
        Registry("inspectors", "执法检查人员名录库", INSPECTORS, sizes.inspectors, inspectors(scene, sizes.inspectors)),
        Registry("experts", "专家名录库", EXPERTS, sizes.experts, experts(scene, sizes.experts)),
        Registry("interests", "利害关系登记", INTERESTS, sizes.interests, interests(scene, sizes)),
        Registry("items", "随机抽查事项清单", {header: header for header in listed[0]}, len(listed), listed),
    )


def decided(scene: Scene, count: int) -> Registry:
    """Decisions on one object in fifty, from 2 to 200."""
    rows = list(decisions(scene, count, min(200, max(2, count // 50))))
    return Registry("decisions", "行政处罚和行政许可决定", DECISIONS, len(rows), rows)


def forms() -> tuple[Registry, ...]:
    """Check forms of the sample's items, and which item is inspected by which."""
    return _fixed("forms", "检查表"), _fixed("form-attachments", "事项与检查表")


def _fixed(name: str, title: str) -> Registry:
    """A file that is the same for every authority."""
    rows = list(csv.DictReader(read_data(f"{name}.csv").splitlines()))
    return Registry(name, title, {header: header for header in rows[0]}, len(rows), rows)
