"""The columns of each registry file: field, accepted headers, and how a cell is read.

Headers are recognised in any order by the official Chinese name, by the other names official lists use, and by the
English field name of our own data files. Official names of item lists: 第五条 (R5.1) and published lists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from shuangsui.registry.cells import Row, Value
from shuangsui.registry.days import day
from shuangsui.registry.values import (
    Read,
    amount,
    choice,
    code,
    codes,
    credit_code,
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
class Wrong:
    """The code of an error of one field because of what others say, and what its sentence names."""

    field: str
    code: str
    params: dict[str, object]


def _nothing(_row: Row) -> Iterable[Wrong]:
    return ()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of registry file.

    ``key``: fields that identify a row; ``periods``: pairs of dates in order; ``extensible``: unknown columns are
    kept in the field ``extra`` (第五条 lists its columns with 等); ``complete``: adds what follows from the others;
    ``wrong``: what does not go together in a row, where a failed cell is empty.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    periods: tuple[tuple[str, str], ...] = ()
    extensible: bool = False
    complete: Callable[[Row], Row] = dict
    wrong: Callable[[Row], Iterable[Wrong]] = _nothing


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

_DECISION_KIND = choice({"行政处罚": "penalty", "行政许可": "licence", "处罚": "penalty", "许可": "licence"})
_PARTY = choice({"法人及非法人组织": "organisation", "个体工商户": "sole_owner"})
_DECISION_STATUS = choice({"正常": "valid", "撤销": "annulled"})
_LICENCE_CATEGORIES = ("普通", "特许", "认可", "核准", "登记", "其他")
_PENALTY_NEEDS = {"violation": "违法行为类型", "facts": "违法事实", "basis": "处罚依据"}


def _wrong_in_decision(row: Row) -> Iterator[Wrong]:
    """What 双公示 asks of penalties and of licences (data-standards 6.1, 6.3), and of one that was annulled."""
    if row["kind"] == "penalty":
        for field, what in _PENALTY_NEEDS.items():
            if not row[field]:
                yield Wrong(field, "penalty_incomplete", {"what": what})
    if row["kind"] == "licence" and row["category"] and row["category"] not in _LICENCE_CATEGORIES:
        accepted = "、".join(_LICENCE_CATEGORIES)
        yield Wrong("category", "bad_choice", {"value": str(row["category"])[:40], "accepted": accepted})
    if row["status"] == "annulled" and not row["reason"]:
        yield Wrong("reason", "annulment_reason", {})


def _blank() -> str:
    return ""


DECISIONS = Kind(
    "decisions", "行政处罚和行政许可决定",
    (
        Column("number", ("决定书文号", "行政处罚决定书文号", "行政许可决定书文号"), text(100), required=True),
        Column("kind", ("决定种类",), _DECISION_KIND, required=True),
        Column("name", ("决定名称", "项目名称", "案件名称"), wording(500), required=True),
        Column("object_name", ("相对人名称", "行政相对人名称"), name(200), required=True),
        Column("object_code", ("统一社会信用代码", "相对人统一社会信用代码"), credit_code, required=True),
        Column("object_kind", ("相对人类别", "行政相对人类别"), _PARTY, empty=lambda: "organisation"),
        Column("category", ("类别", "处罚类别", "许可类别", "审批类别"), wording(200), required=True),
        Column("content", ("内容", "处罚内容", "许可内容"), wording(4096), required=True),
        Column("decided_on", ("决定日期", "处罚决定日期", "许可决定日期"), day, required=True),
        Column("valid_until", ("有效期至", "有效期", "许可截止期"), day),
        Column("shown_until", ("公示截止期",), day),
        Column("maker", ("决定机关", "处罚机关", "许可机关"), name(128), required=True),
        Column(
            "maker_code",
            ("决定机关统一社会信用代码", "处罚机关统一社会信用代码", "许可机关统一社会信用代码"), credit_code,
            required=True,
        ),
        Column("source", ("数据来源单位",), name(128), empty=_blank),
        Column("source_code", ("数据来源单位统一社会信用代码",), credit_code, empty=_blank),
        Column("violation", ("违法行为类型",), wording(2000), empty=_blank),
        Column("facts", ("违法事实",), wording(), empty=_blank),
        Column("basis", ("处罚依据", "依据"), wording(), empty=_blank),
        Column("fine", ("罚款（万元）", "罚款金额（万元）"), amount),
        Column("confiscated", ("没收违法所得（万元）", "没收金额（万元）"), amount),
        Column("revoked", ("暂扣或吊销证照名称及编号",), wording(1000), empty=_blank),
        Column("certificate", ("许可证书名称",), wording(200), empty=_blank),
        Column("remark", ("备注",), wording(1000), empty=_blank),
        Column("status", ("状态", "决定状态"), _DECISION_STATUS, empty=lambda: "valid"),
        Column("reason", ("撤销原因",), wording(500), empty=_blank),
        Column("lead", ("线索编号",), text(64), empty=_blank),
    ),
    key=("number",),
    periods=(("decided_on", "valid_until"), ("decided_on", "shown_until")),
    wrong=_wrong_in_decision,
)  # fmt: skip

KINDS = {kind.name: kind for kind in (OBJECTS, INSPECTORS, EXPERTS, INTERESTS, ITEMS, DECISIONS)}
