"""What planning tells people."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "ratio_invalid": "抽查比例“{ratio}”无法识别：请写成 5%、2‰ 或 1/20，且在 0 到 100% 之间。",
    "line_ratio_missing": "事项 {item} 的计划条目没有写抽查比例：请至少给出一层的比例，例如 --ratio ALL=5%。",
    "stratum_unknown": "没有“{stratum}”这一层：可用的层是 {strata}。",
    "over_cap": "事项 {item} 的抽查比例 {ratio} 超过清单规定的上限 {cap}：请降低比例或减少批次。",
    "under_ratio": "事项 {item} 的抽查比例 {ratio} 低于清单规定的最低比例 {least}：请提高比例。",
    "over_frequency": "事项 {item} 计划全年抽取 {rounds} 次，超过清单规定的 {most} 次：请减少次数。",
    "batch_order_ratio": "事项 {item} 抽取批次顺序时各层比例都应为 100%：请把比例改为 100%。",
    "flagged_ratio_not_higher": (
        "有违法违规记录的对象（FLAG 层）比例 {ratio} 没有高于其他层的 {highest}：请提高 FLAG 层的抽查比例。"
    ),
    "team_too_small": "检查组人数 {size} 少于规定的 {least} 人：请把检查组人数改为不少于 {least} 人。",
    "dispatch_joint": "事项 {item} 的计划条目不能既交区县检查又与其他部门联合：请分成两条。",
    "dispatch_level": "事项 {item} 的检查只有市级机关可以交区县承担：请由本机关自行检查。",
    "plan_exists": "{year} 年度计划已有第 {version} 版草案：请在该版上继续编制。",
    "plan_unpublished": "没有已公布的 {year} 年度抽查工作计划：请先用 plan publish 公布。",
    "year_invalid": "年度 {year} 不能使用：请填 2000 至 2100 之间的年份。",
    "plan_missing": "没有 {year} 年度抽查工作计划：请先用 plan new 新建。",
    "plan_state": "{year} 年度计划第 {version} 版当前为“{state}”，不能{act}。",
    "plan_empty": "{year} 年度计划还没有条目：请先用 plan add 加入条目。",
    "plan_reason_required": "{year} 年度计划已经公布，修改须写明理由：请用 --reason 说明。",
    "line_missing": "{year} 年度计划没有第 {line} 条：请用 plan show 核对条目编号。",
    "line_drawn": "{year} 年度计划第 {line} 条已经抽取，不能删除。",
    "window_invalid": "实施时间 {starts} 至 {ends} 不成立：结束日期应不早于开始日期，且都在 {year} 年内。",
}

ALERTS: dict[str, str] = {
    "plan_missing": "年度抽查工作计划没有公布",
}
"""Titles of the alerts of this area."""
