"""两江新区 (a sample): sooner published, class D drawn more often, three inspectors for explosives, inspectors rotate.

Every value is at least as strict as what comes from above, so a changed option cannot loosen the measures.
"""

from __future__ import annotations

from shuangsui import Context, RuleAmendment, hookimpl
from shuangsui_rules_liangjiang.options import Options

__all__ = ["Options", "amend_rules", "api"]

api = 1


@hookimpl
def amend_rules(context: Context[Options]) -> list[RuleAmendment]:
    """One amendment for each provision of the document."""
    o = context.options
    days, percent, least, rest = o.publication_days, o.class_d_percent, o.explosives_officers, o.rest_days
    teams = tuple(f"{family}={least}" for family in dict.fromkeys(o.explosives))
    return [
        RuleAmendment(key, value, article, o.document, text)
        for article, key, value, text in (
            ("第三条", "publication.days", days, f"抽查结束后{days}个工作日内公开"),
            ("第四条", "draw.least_percent", (f"D={percent}",), f"信用风险 D 类对象的抽查比例不低于{percent}%"),
            ("第五条", "team.officers_for", teams, f"民用爆炸物品检查的执法检查人员不少于{least}人"),
            ("第六条", "recusal.after_inspection_days", rest, f"执法检查人员{rest}日内不再检查同一对象"),
        )
    ]
