"""Keys that the law or the draw protocol leaves one value: the platform carries out that one and takes no other.

They stay keys, because a rule that binds has a provision, a place in the packs and a line on the pages of rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from shuangsui.tenancy.schema import Scalar


@dataclass(frozen=True, slots=True)
class Only:
    """The value that is carried out; of a set, whatever the order. ``why`` names the provision and what is done."""

    value: Scalar
    why: str

    def allows(self, value: Scalar) -> bool:
        """Whether ``value`` says the same."""
        if isinstance(self.value, tuple):
            return isinstance(value, tuple) and set(value) == set(self.value)
        return value == self.value

    @property
    def shown(self) -> str:
        """As a file writes it."""
        if isinstance(self.value, bool):
            return str(self.value).lower()
        return "、".join(map(str, self.value)) if isinstance(self.value, tuple) else str(self.value)


FIXED: Mapping[str, Only] = MappingProxyType({
    "item.classes": Only(
        ("key", "general"), "办法第五条第一款：事项分为重点和一般两类，每项只属一类"
    ),
    "item.require_published": Only(
        True, "国办发〔2024〕54号第二部分：未经公布的检查事项不得实施，抽取时一律拒绝"
    ),
    "draw.cap_over_all_strata": Only(
        True, "办法第五条第一款、第十条第二款：上限是整个事项的上限，有违法违规记录的那一层比例必须更高"
    ),
    "registry.officer_certificate": Only(
        True, "办法第六条第二款：执法证件失效的人员一律不进入抽取名录"
    ),
    "plan.columns": Only(
        ("scope", "ratio", "frequency", "time"), "办法第七条：计划条目就是这四项内容，缺一项即不能保存，没有另外的栏目"
    ),
    "plan.leader_approval": Only(
        True, "办法第七条、第八条：公布和抽取都以委领导批准的计划为依据，没有批准的计划不能公布"
    ),
    "draw.random_pools": Only(
        ("objects", "officers", "experts"), "办法第八条：随机抽查的对象、执法人员和专家都只由抽取产生"
    ),
    "draw.record_required": Only(
        True, "办法第八条：每次抽取的全过程都写入公开日志（SRD-1 第 7 节），不能不记"
    ),
    "team.leaders": Only(
        1, "办法第八条：每个检查组确定一名组长，由其提交检查记录"
    ),
    "team.leader_by_draw": Only(
        True, "SRD-1 第 10.1 节：抽取时第一席位就是组长席位；另行指定组长见 team.leader_manual"
    ),
    "recusal.applies_to": Only(
        ("officers", "experts"), "办法第九条：执法检查人员和专家有利害关系的，都应当回避"
    ),
    "recusal.object_may_apply": Only(
        True, "《行政处罚法》第四十三条：当事人有权申请回避，平台随时受理"
    ),
    "replacement.random_only": Only(
        True, "办法第九条：替代人员只由重新随机抽取产生（SRD-1 第 11.2 节）"
    ),
    "frequency.ledger_year": Only(
        "visit", "国办发〔2024〕54号：频次台账按实际检查的日期登记，专项检查没有计划年度"
    ),
    "frequency.same_item": Only(
        "family", "办法第十条第一款：清单改版后各行会变，只有事项族能够跨版本、跨机关计次数"
    ),
    "inspection.modes": Only(
        ("document", "onsite", "network", "other"),
        "办法第十二条：检查方式就是这四种，一个事项用哪几种由清单的抽查方式栏写明",
    ),
    "visit.show_certificate": Only(
        True, "办法第十三条第一款：没有登记出示执法证件的，检查记录不能签字"
    ),
    "record.refusal": Only(
        ("reason", "officer_signature"), "办法第十三条第二款：拒签的记录须有原因和到场执法人员的签名才能提交"
    ),
    "publication.contents": Only(
        ("process", "results"), "办法第二条、第十四条：抽查情况和抽查结果都公开，缺一项不算公开完成"
    ),
    "publication.withheld_two_people": Only(
        True, "办法第十四条：不予公开是例外，提出人和批准人不是同一人才能生效"
    ),
    "publication.expert_names": Only(
        False, "《个人信息保护法》第六条：专家只以编号出现，姓名不进入任何公开内容"
    ),
})  # fmt: skip
"""Key → its only value."""
