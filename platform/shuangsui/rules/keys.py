"""Every rule key: its kind, unit, requirement and meaning. The values stand in the rule packs, never here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from types import MappingProxyType
from typing import Literal

from shuangsui.rules import counts
from shuangsui.rules.fixed import FIXED, Only
from shuangsui.said import say
from shuangsui.tenancy.schema import Mode, Scalar

Kind = Literal["integer", "switch", "choice", "set", "counts", "steps", "monthday"]
"""``set``: texts without order; ``counts``: a number for each of several names; ``steps``: rising whole numbers;
``monthday``: ``MM-DD``."""

KINDS = {
    "integer": "整数",
    "switch": "true 或 false",
    "choice": "择一",
    "set": "文字列表",
    "counts": "名称=整数 的列表",
    "steps": "递增的整数列表",
    "monthday": "月-日",
}
BOUNDED: frozenset[Kind] = frozenset({"integer", "set", "counts", "monthday"})
"""Kinds that know tighter and looser, hence floors and ceilings; the others can only be locked or free."""

_NAME = re.compile(r"\w{1,64}")
_MONTHDAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


@dataclass(frozen=True, slots=True)
class KeySpec:
    """One key. ``choices`` closes a set, a choice or the names of counts.

    ``limits`` are technical and never loosened by any document; ``only``: the one value that there is, if so.
    """

    key: str
    kind: Kind
    unit: str
    requirement: str
    description: str
    choices: tuple[str, ...] = ()
    limits: tuple[int, int] = (0, 1000)
    only: Only | None = None

    @property
    def title(self) -> str:
        """The meaning without the list of values or the exceptions that may follow it."""
        return re.split("[：；]", self.description)[0]


def _s(key: str, requirement: str, description: str) -> KeySpec:
    return KeySpec(key, "switch", "", requirement, description)


def _n(key: str, unit: str, requirement: str, description: str, *limits: int) -> KeySpec:
    least, most = limits or (0, 1000)
    return KeySpec(key, "integer", unit, requirement, description, limits=(least, most))


def _set(key: str, requirement: str, description: str, *choices: str) -> KeySpec:
    return KeySpec(key, "set", "", requirement, description, choices)


def _each(key: str, unit: str, requirement: str, description: str, most: int, *names: str) -> KeySpec:
    return KeySpec(key, "counts", unit, requirement, description, names, (1, most))


_TABLE = (
    # 第三条 协同推进
    _n("coordination.window_days", "日", "R3.2", "同一检查对象的任务相隔多少日以内应提示合并（综合查一次）"),
    # 第四条 清单的编制、批准和公布
    _s("list.business_confirm", "R4.1", "清单须经有关业务处室确认"),
    _s("list.leader_approval", "R4.2", "清单须经委领导批准后公布"),
    _n("list.publish_days", "工作日", "R4.3", "清单批准后多久未公布即提醒"),
    _n("list.publish_limit_days", "工作日", "R4.3", "清单形成后公布的最后期限", 1, 250),
    _s("list.unit_may_approve_own", "R4.4", "检查处室人员可以批准本处室提出的事项"),
    # 第五条 清单内容、分类、上限、批次、动态管理
    _set("item.columns", "R5.1", "清单必备栏目：name 名称、content 内容、basis 依据、mode 方式、frequency 频次、"
         "publication 结果公开方式；可以增加"),
    _set("item.classes", "R5.2", "事项分类，每项只属一类：key 重点、general 一般", "key", "general"),
    _set("item.key_grounds", "R5.3", "列为重点事项的理由：public_interest 公共利益、safety 安全、quality 质量、"
         "other 其他"),
    _s("item.key_uncapped", "R5.3", "重点事项的抽查比例不设上限"),
    _s("item.require_published", "R5.8", "未公布的事项不得抽查"),
    _n("item.review_grace_days", "日", "R5.7", "依据修改后多久内须复核事项，逾期停止抽取"),
    _s("draw.general_cap_required", "R5.4", "一般事项必须设抽查比例上限"),
    _s("draw.cap_cumulative", "R5.5", "比例上限按事项全年各批累计"),
    _s("draw.cap_before_exclusion", "R5.5", "比例上限的基数包括本年已抽查而排除的对象"),
    _s("draw.cap_over_all_strata", "R10.4", "比例上限约束各层合计，不单独约束违法违规记录层"),
    _s("draw.general_min_one", "R5.5", "一般事项按上限算得零时仍可抽一个"),
    _s("draw.batch_order_key_only", "R5.6", "只有重点事项可以抽取检查批次顺序"),
    # 第六条 名录库
    _s("registry.officer_certificate", "R6.2", "只有执法证件有效的人员可以入库"),
    _n("registry.feed_warn_days", "日", "R6.4", "检查对象名录多久未更新即警告"),
    _n("registry.feed_block_days", "日", "R6.4", "检查对象名录多久未更新即停止抽取", 1, 366),
    _n("registry.pool_warn_days", "日", "R6.4", "外部专家库多久未更新即警告"),
    _n("registry.pool_block_days", "日", "R6.4", "外部专家库多久未更新即停止抽取专家", 1, 366),
    # 第七条 年度计划
    KeySpec("plan.due", "monthday", "", "R7.1", "年度计划最迟在当年何日印发"),
    KeySpec("plan.remind", "monthday", "", "R7.1", "年度计划未印发的，从何日起提醒"),
    _set("plan.columns", "R7.2", "计划条目必备内容：scope 对象范围、ratio 比例、frequency 频次、time 实施时间"),
    _s("plan.leader_approval", "R7.1", "年度计划须经委领导批准"),
    _s("plan.unplanned_requires_leader", "R7.5", "计划外的批次须经委领导批准并写明理由"),
    # 第八条 随机抽取、检查组
    _set("draw.random_pools", "R8.1", "必须随机抽取的名录：objects 检查对象、officers 执法人员、experts 专家",
         "objects", "officers", "experts"),
    _s("draw.record_required", "R8.6", "随机抽取过程应当记录"),
    _n("draw.min_contributors", "方", "R8.6", "每次抽取至少几方提供随机数", 1, 16),
    _set("draw.entropy", "R8.6", "公开随机事件的来源，方案逐一写明，全部登记后才能揭示：ceremony 现场摇号、"
         "drand 公共随机信标；可以增加，由插件提供"),
    _n("draw.min_ceremony_digits", "位", "R8.6", "现场摇号至少几位数字", 1, 256),
    _n("draw.alternates", "个", "R8.8", "每层最多可用几个候补对象"),
    _n("draw.person_replacements", "次", "R9.3", "每次抽取最多准备几次人员替换"),
    _n("team.leaders", "人", "R8.3", "每个检查组的组长人数", 1, 1),
    _s("team.leader_by_draw", "R8.3", "组长由抽取产生（第一席位）"),
    _s("team.leader_manual", "R8.3", "可以另行指定组长，须记录"),
    _s("team.two_offices", "R6.3", "检查组前两席来自不同处室"),
    # 第九条 回避和替换
    _set("recusal.applies_to", "R9.1", "应当回避的人员：officers 执法人员、experts 专家", "officers", "experts"),
    _n("recusal.after_inspection_days", "日", "R9.1", "检查过某一对象的执法人员多少日内对其回避，0 为不回避", 0, 3660),
    _s("recusal.object_may_apply", "R9.2", "检查对象可以申请回避"),
    _s("replacement.random_only", "R9.3", "替代人员只能重新随机抽取"),
    _n("replacement.alert_per_quarter", "次", "R9.7", "同一人员一个季度被替换超过几次即列出"),
    # 第十条 频次、违法违规记录
    _n("frequency.max_per_year_item_object", "次", "R10.1", "同一年度同一事项对同一对象的抽查次数", 1, 366),
    KeySpec("frequency.year", "choice", "", "R10.2", "抽查次数归入哪一年：plan 计划年度、visit 检查年度",
            ("plan", "visit")),
    KeySpec("frequency.ledger_year", "choice", "", "R10.2", "企业检查频次归入哪一年：plan 计划年度、visit 检查年度",
            ("plan", "visit")),
    KeySpec("frequency.same_item", "choice", "", "R10.1", "何为同一事项：family 同一事项族、row 清单同一行",
            ("family", "row")),
    _s("frequency.override_requires_leader", "R10.6", "突破年度次数须经委领导批准并写明理由"),
    _s("frequency.shared_ledger_blocks", "R10.1", "其他机关的抽查也计入本机关的年度次数"),
    _set("frequency.flags", "R10.4", "应当加大抽查的记录：complaints 投诉举报多、abnormal_list 经营异常名录、"
         "bad_credit 不良信用记录、penalty 行政处罚", "complaints", "abnormal_list", "bad_credit", "penalty"),
    _s("frequency.flagged_exempt", "R10.4", "有违法违规记录的对象不受年度次数限制"),
    _each("draw.least_percent", "%", "R10.4", "每次抽取的最低比例：FLAG 有违法违规记录，A、B、C、D 信用风险分类，"
          "ALL 其他；计划条目没有单列的类别看它归入的那一层", 100, "FLAG", "A", "B", "C", "D", "ALL"),
    _s("draw.flagged_ratio_higher", "R10.4", "有违法违规记录的对象，抽查比例必须更高"),
    # 第十一条、第十二条 告知、方式
    _set("notice.contents", "R11.1", "检查通知书必备内容，缺一项即不得发出：basis 检查依据、content 检查内容、"
         "officers 执法检查人员、rights 权利、discipline 检查纪律、frequency 检查频次、planned 检查时间、"
         "materials 需要准备的材料",
         "basis", "content", "officers", "rights", "discipline", "frequency", "planned", "materials"),
    _s("notice.unannounced_ground", "R11.2", "不预先告知的检查须写明理由"),
    _set("inspection.modes", "R12.1", "检查方式：document 书面、onsite 现场、network 网络监测、other 其他"),
    _s("inspection.onsite_reason", "R12.2", "可以非现场检查而选择现场检查的，须写明理由"),
    _s("visit.approval", "R11.1", "现场检查须事先批准，情况紧急的事后补批"),
    _s("task.code_required", "R17.4", "每个检查任务须取得执法码"),
    _n("task.code_filing_days", "工作日", "R17.4", "没有取得执法码的，多久内报司法行政部门", 1, 250),
    # 第十三条 现场检查
    _n("team.min_officers", "人", "R13.1", "现场检查的执法人员最少人数", 1, 16),
    _each("team.officers_for", "人", "R13.1", "某些事项族的检查组至少几人，按事项族写，如 JX-01=3；其余按"
          " team.min_officers", 16),
    _s("visit.show_certificate", "R13.2", "应当出示行政执法证"),
    _n("visit.no_contact_visits", "次", "R13.7", "认定无法联系之前至少上门几次", 1, 10),
    _set("record.confirmation", "R13.4", "检查对象确认记录的方式，任一即可：signature 签字、seal 盖章",
         "signature", "seal"),
    _set("record.refusal", "R13.5", "拒签时必须具备：reason 原因、officer_signature 执法人员签名"),
    # 第十四条 公开
    _n("publication.days", "工作日", "R14.1", "抽查结束后公开的期限", 1, 250),
    _set("publication.clocks", "R14.2", "期限从何时起算：object 每个对象检查结束、batch 整批结束", "object", "batch"),
    _n("publication.batch_close_days", "工作日", "R14.3", "计划结束后多久未结批，整批期限即自计划结束日起算"),
    _s("publication.testing_exempt", "R14.4", "需要检验、检测、鉴定的除外"),
    _n("publication.days_after_testing", "工作日", "R14.4", "收到检验、检测、鉴定报告后的公开期限", 1, 250),
    _n("publication.testing_alarm_days", "工作日", "R14.4", "报告逾期多久即报警"),
    _n("publication.decision_days", "工作日", "R15.4", "行政处罚、行政许可决定作出后公开的期限", 1, 250),
    _s("publication.partial_before_report", "R14.4", "等待报告期间可以先公开其余部分"),
    _set("publication.channels", "R14.5", "必须公开的渠道：portal 门户网站、credit 信用信息公示系统；可以增加"),
    _set("publication.contents", "R14.6", "公开内容：process 抽查情况、results 抽查结果"),
    _s("publication.withheld_two_people", "R14.7", "不予公开的，提出人和批准人不得为同一人"),
    _n("publication.handover_days", "工作日", "R14.9", "检查组离场后检查处室提交检查记录的内部期限，过了即提醒"),
    _n("publication.target_days", "工作日", "R14.9", "综合执法处公开的内部期限，过了即提醒；不短于公开期限的不起作用"),
    KeySpec("publication.alarm_percents", "steps", "%", "R14.9", "公开期限过去多少时报警", limits=(1, 100)),
    _n("publication.due_list_days", "工作日", "R14.9", "每日到期清单提前多少日列出"),
    _n("publication.correction_days", "工作日", "R14.10", "公开有误的更正期限"),
    _n("publication.shown_days", "日", "R14.10", "抽查结果公示多少日后自动撤下，0 为不撤下"),
    _s("publication.expert_names", "R14.6", "可以公开专家姓名（仍须本人同意）"),
    _set("publication.officer_fields", "R14.6", "可以公开的执法人员信息：name 姓名、unit 单位、certificate 执法证号"),
    # 第十五条至第十七条 处理、评价、不适用情形
    _n("disposition.alarm_days", "工作日", "R15.1", "结束检查后多久问题未处理即报警"),
    _n("rectification.max_days", "日", "R15.2", "整改期限最长多少日", 1, 366),
    _n("followup.escalate_days", "工作日", "R15.2", "整改逾期或者移送没有回执多久后提级督办", 1, 250),
    _n("feedback.days", "日", "R16.1", "企业评价的链接多少日内有效", 1, 366),
    _s("special.published_item", "R5.8", "专项检查的事项也须是已公布的事项"),
    _s("special.plan_required", "R17.4", "专项检查须有经批准的检查计划（上级部署的只报告）"),
    _s("special.filing_required", "R17.4", "专项检查须报司法行政部门备案"),
    _s("special.full_coverage", "R17.4", "专项检查可以全覆盖（拉网式检查）；不可以的，须附上级部署文件"),
    _s("exemption.campaign_required", "R17.2", "不适用本办法的情形都须是专项检查或者拉网式检查"),
    _n("exemption.amber_percent", "%", "R17.3", "不适用情形占季度检查的多少时公开示警", 0, 100),
)  # fmt: skip

KEYS: Mapping[str, KeySpec] = MappingProxyType({spec.key: replace(spec, only=FIXED.get(spec.key)) for spec in _TABLE})
"""The closed table of rule keys, in the order of the articles."""


def similar(word: str, more: Iterable[str] = ()) -> str:
    """The keys, and ``more`` names, most like ``word``, for an error message; ``（无）`` if none is."""
    return "、".join(get_close_matches(word, [*KEYS, *more], 3, 0.5)) or "（无）"


def problem(spec: KeySpec, value: Scalar, mode: Mode) -> str | None:
    """What is wrong with ``value`` and ``mode`` for this key, in Chinese, or ``None``."""
    if mode in {"floor", "ceiling"} and spec.kind not in BOUNDED:
        return say("{kind}的键只能 locked 或 free，没有下限和上限", kind=KINDS[spec.kind])
    return _CHECKS[spec.kind](spec, value) or _other_than_only(spec, value)


def _other_than_only(spec: KeySpec, value: Scalar) -> str | None:
    return (
        None
        if spec.only is None or spec.only.allows(value)
        else say("只能取 {shown}（{why}）", shown=spec.only.shown, why=spec.only.why)
    )


def _integer(spec: KeySpec, value: Scalar) -> str | None:
    least, most = spec.limits
    right = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
    return None if right else say("应为 {least} 至 {most} 的整数", least=least, most=most)


def _switch(_spec: KeySpec, value: Scalar) -> str | None:
    return None if isinstance(value, bool) else "应为 true 或 false，不加引号"


def _choice(spec: KeySpec, value: Scalar) -> str | None:
    return None if value in spec.choices else say("只能取 {listed}", listed="、".join(spec.choices))


def _names(spec: KeySpec, value: Scalar) -> str | None:
    if not isinstance(value, tuple) or not all(isinstance(item, str) and _NAME.fullmatch(item) for item in value):
        return "应为文字列表，用方括号括起，每项 1 至 64 字，不带空格"
    if len(set(value)) < max(len(value), 1):
        return "同一项写了两次" if value else "至少写一项"
    return (
        None
        if not spec.choices or set(value) <= set(spec.choices)
        else say("只能取 {listed}", listed="、".join(spec.choices))
    )


def _counts(spec: KeySpec, value: Scalar) -> str | None:
    return counts.problem(value, spec.limits, spec.choices)


def _steps(spec: KeySpec, value: Scalar) -> str | None:
    least, most = spec.limits
    numbers = [item for item in value if isinstance(item, int)] if isinstance(value, tuple) else []
    right = isinstance(value, tuple) and 0 < len(numbers) == len(value) and numbers == sorted(set(numbers))
    return (
        None
        if right and least <= numbers[0] <= numbers[-1] <= most
        else say("应为 {least} 至 {most} 的递增整数列表", least=least, most=most)
    )


def _monthday(_spec: KeySpec, value: Scalar) -> str | None:
    return None if isinstance(value, str) and _MONTHDAY.fullmatch(value) else "应为月-日，例如 03-31"


_CHECKS: Mapping[Kind, Callable[[KeySpec, Scalar], str | None]] = {
    "integer": _integer,
    "switch": _switch,
    "choice": _choice,
    "set": _names,
    "counts": _counts,
    "steps": _steps,
    "monthday": _monthday,
}
