"""高新区 (a sample): the plan earlier, notices that tell the object its rights, shorter rectification.

Every value is at least as strict as what comes from above, so a changed option cannot loosen the measures.
"""

from __future__ import annotations

from shuangsui import Context, RuleAmendment, hookimpl
from shuangsui_rules_gaoxin.options import Options

__all__ = ["Options", "amend_rules", "api"]

api = 1

NOTICE = ("basis", "content", "rights")


@hookimpl
def amend_rules(context: Context[Options]) -> list[RuleAmendment]:
    """One amendment for each provision of the document."""
    o = context.options
    return [
        RuleAmendment(key, value, article, o.document, text)
        for article, key, value, text in (
            ("第二条", "plan.due", o.plan_due, "年度抽查工作计划应当提前印发"),
            ("第二条", "plan.remind", o.plan_remind, None),
            ("第三条", "notice.contents", NOTICE, "告知书应当写明检查对象的陈述、申辩等权利"),
            ("第四条", "rectification.max_days", o.rectification_days, f"整改期限不超过{o.rectification_days}日"),
            ("第四条", "followup.escalate_days", o.escalate_days, f"逾期{o.escalate_days}个工作日提级督办"),
        )
    ]
