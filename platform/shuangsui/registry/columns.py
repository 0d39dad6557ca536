"""The columns of each registry file: field, accepted headers, and how a cell is read.

Headers are recognised in any order by the official Chinese name, by the other names official lists use, and by the
English field name of our own data files. Official names of item lists: 第五条 (R5.1) and published lists.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from shuangsui.registry.cells import Row, Value
from shuangsui.registry.days import day
from shuangsui.registry.values import (
    Read,
    choice,
    code,
    codes,
    entries,
    flags,
    industry,
    name,
    object_code,
    ordinal,
    ratio,
    text,
    wording,
    yes_no,
)


@dataclass(frozen=True, slots=True)
class Column:
    """``headers``: accepted names, the official one first; ``empty``: the value of an empty or absent cell."""

    field: str
    headers: tuple[str, ...]
    read: Read
    required: bool = False
    empty: Callable[[], Value] = lambda: None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of registry file.

    ``key``: fields that identify a row; ``periods``: pairs of dates in order; ``extensible``: unknown columns are
    kept in the field ``extra`` (第五条 lists its columns with 等); ``complete``: adds what follows from the others.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    periods: tuple[tuple[str, str], ...] = ()
    extensible: bool = False
    complete: Callable[[Row], Row] = dict


def _item_with_code(row: Row) -> Row:
    """An item's code: its number, or its row where one number has several sub-items; the domain stands before."""
    parts = (row["domain"], row["source_row"] or row["no"])
    return {**row, "code": "-".join(str(part) for part in parts if part)}


_OBJECT_STATUS = choice(
    {"存续": "active", "注销": "deregistered", "吊销": "revoked", "撤销": "cancelled", "迁出": "moved"}
)
_INSPECTOR_STATUS = choice({"在岗": "on_duty", "离岗": "off_duty", "停用": "disabled"})
_EXPERT_STATUS = choice({"在库": "active", "停用": "disabled"})
_RELATION = choice(
    {"任职": "employment", "持股": "shareholding", "近亲属": "kinship", "曾任职": "former_employment", "其他": "other"}
)
_PERSON_KIND = choice({"执法检查人员": "inspector", "专家": "expert"})
_ITEM_CLASS = choice({"重点": "key", "一般": "general", "重点检查事项": "key", "一般检查事项": "general"})

_OBJECT_CODE = ("统一社会信用代码", "注册号", "检查对象编号", "统一社会信用代码/注册号")
_ITEM_NAME = ("事项名称", "随机抽查事项名称", "抽查事项名称", "抽查事项", "抽查任务名称", "item_name")

OBJECTS = Kind(
    "objects", "检查对象名录",
    (
        Column("code", _OBJECT_CODE, object_code, required=True),
        Column("name", ("名称", "企业名称", "检查对象名称"), name(), required=True),
        Column("district", ("区县", "属地"), text(100)),
        Column("address", ("地址", "住所", "经营场所"), text(400)),
        Column("industry", ("行业代码",), industry),
        Column("risk_class", ("信用风险分类",), choice({letter: letter for letter in "ABCD"})),
        Column("items", ("事项编号", "对应事项"), codes, required=True),
        Column("flags", ("违法违规记录", "标记"), flags, empty=list),
        Column("status", ("状态",), _OBJECT_STATUS, empty=lambda: "active"),
    ),
    key=("code",),
)  # fmt: skip

INSPECTORS = Kind(
    "inspectors", "执法检查人员名录",
    (
        Column("cert_no", ("执法证号",), code(), required=True),
        Column("name", ("姓名",), name(100), required=True),
        Column("office", ("所属处室", "处室", "单位"), text(), required=True),
        Column("quals", ("岗位资格", "专业岗位"), entries, empty=list),
        Column("lead", ("可任组长",), yes_no, empty=lambda: False),
        Column("valid_from", ("证件有效期起",), day),
        Column("valid_to", ("证件有效期止",), day, required=True),
        Column("status", ("状态",), _INSPECTOR_STATUS, empty=lambda: "on_duty"),
        Column("post", ("岗位", "工作岗位"), text(100)),
    ),
    key=("cert_no",),
    periods=(("valid_from", "valid_to"),),
)  # fmt: skip

EXPERTS = Kind(
    "experts", "专家名录",
    (
        Column("expert_no", ("专家编号",), code(), required=True),
        Column("name", ("姓名",), name(100), required=True),
        Column("quals", ("专业领域", "专业"), entries, empty=list),
        Column("employer", ("工作单位",), text()),
        Column("valid_to", ("聘期止",), day),
        Column("status", ("状态",), _EXPERT_STATUS, empty=lambda: "active"),
    ),
    key=("expert_no",),
)  # fmt: skip

INTERESTS = Kind(
    "interests", "利害关系登记",
    (
        Column("person_kind", ("人员类别",), _PERSON_KIND, required=True),
        Column("person_no", ("人员编号",), code(), required=True),
        Column("object_code", ("统一社会信用代码", "检查对象编号"), object_code, required=True),
        Column("relation", ("关系类别",), _RELATION, required=True),
        Column("since", ("起始日期",), day),
        Column("until", ("终止日期",), day),
        Column("source", ("来源",), text()),
    ),
    key=("person_kind", "person_no", "object_code", "relation", "since"),
    periods=(("since", "until"),),
)  # fmt: skip

ITEMS = Kind(
    "items", "随机抽查事项清单",
    (
        Column("no", ("编号", "事项编号", "序号"), ordinal, required=True),
        Column("name", _ITEM_NAME, wording(200), required=True),
        Column("domain", ("领域",), text(30)),
        Column("source_row", ("行号", "row"), ordinal),
        Column("sub_item", ("抽查子项",), wording()),
        Column("item_class", ("事项类别",), _ITEM_CLASS),
        Column("key_ground", ("重点理由",), wording()),
        Column("content", ("抽查内容", "抽查事项内容", "检查内容"), wording()),
        Column("basis", ("抽查依据", "检查依据", "法定依据"), wording()),
        Column("method", ("抽查方式", "检查方式"), wording()),
        Column("objects", ("抽查对象", "检查对象"), wording()),
        Column("ratio", ("抽查比例", "抽查比例和频次", "抽查比例及频次"), ratio),
        Column("frequency", ("抽查频次", "抽查比例和频次", "抽查比例及频次"), wording(1000)),
        Column("publication", ("结果公开方式", "抽查结果公开方式"), wording()),
        Column("office", ("责任处室", "实施部门"), wording(200)),
        Column("inspecting_body", ("抽查主体", "检查主体", "实施主体"), wording()),
        Column("personnel_requirement", ("检查人员要求",), wording()),
        Column("remark", ("备注",), wording()),
    ),
    key=("code",),
    extensible=True,
    complete=_item_with_code,
)  # fmt: skip

KINDS = {kind.name: kind for kind in (OBJECTS, INSPECTORS, EXPERTS, INTERESTS, ITEMS)}
