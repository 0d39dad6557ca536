"""What planning tells people."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "ratio_invalid": "抽查比例“{ratio}”无法识别：请写成 5%、2‰ 或 1/20，且在 0 到 100% 之间。",
    "line_ratio_missing": "事项 {item} 的计划条目没有写抽查比例：请至少写明一层的比例，例如 ALL=5%。",
    "line_frequency_missing": "事项 {item} 的计划条目没有写全年抽取次数：请至少写 1 次。",
    "scope_empty": "事项 {item} 的计划条目所写的抽查对象范围内没有检查对象：请核对区县名称和行业代码。",
    "stratum_unknown": "没有“{stratum}”这一层：可用的层是 {strata}。",
    "over_cap": "事项 {item} 的抽查比例 {ratio} 超过清单规定的上限 {cap}：请降低比例或减少批次。",
    "under_ratio": "事项 {item} 的抽查比例 {ratio} 低于清单规定的最低比例 {least}：请提高比例。",
    "under_least_percent": "事项 {item} 的{stratum}比例 {ratio} 低于本机关规定的最低比例 {least}：请提高比例。",
    "over_frequency": "事项 {item} 计划全年抽取 {rounds} 次，超过清单规定的 {most} 次：请减少次数。",
    "batch_order_ratio": "事项 {item} 抽取批次顺序时各层比例都应为 100%：请把比例改为 100%。",
    "flagged_ratio_not_higher": (
        "有违法违规记录的对象（FLAG 层）比例 {ratio} 没有高于其他层的 {highest}：请提高 FLAG 层的抽查比例。"
    ),
    "team_too_small": "检查组人数 {size} 少于规定的 {least} 人：请把检查组人数改为不少于 {least} 人。",
    "dispatch_joint": "事项 {item} 的计划条目不能既交区县检查又与其他部门联合：请分成两条。",
    "dispatch_level": "事项 {item} 的检查只有市级机关可以交区县承担：请由本机关自行检查。",
    "plan_exists": "{year} 年度计划已有第 {version} 版草案：请在该版上继续编制。",
    "plan_unpublished": "没有已公布的 {year} 年度抽查工作计划：请先公布计划。",
    "year_invalid": "年度 {year} 不能使用：请填 2000 至 2100 之间的年份。",
    "plan_missing": "没有 {year} 年度抽查工作计划：请先新建计划。",
    "plan_state": "{year} 年度计划第 {version} 版当前为“{state}”，不能{act}。",
    "plan_empty": "{year} 年度计划还没有条目：请先加入条目。",
    "plan_reason_required": "{year} 年度计划已经公布，没有写明修改的理由：请写明理由。",
    "line_missing": "{year} 年度计划没有第 {line} 条：请核对条目编号。",
    "line_drawn": "{year} 年度计划第 {line} 条已经抽取，不能删除。",
    "line_unplanned": "{year} 年度计划第 {line} 条是单独批准的计划外批次，不能删除：确实不再实施的，请终止该条目。",
    "line_terminated": "{year} 年度计划第 {line} 条已经终止（{reason}），不能再抽取：请先修改计划。",
    "registry_empty": "事项 {item} 的检查对象名录是空的，不能列入计划：请先导入属于该事项的检查对象。",
    "copy_nothing": (
        "{year} 年度计划中没有可以照搬的条目（不能照搬的：{left}；其余已在草案中）：请按现行清单逐条加入条目。"
    ),
    "copy_terminated": "该条目在上年已经终止（{reason}）：仍须实施的，请逐条加入。",
    "planning_reason_missing": "没有写明理由：请写明理由。",
    "unplanned_missing": "{year} 年没有第 {n} 号计划外批次：请核对号数。",
    "unplanned_decided": "{year} 年第 {n} 号计划外批次已经办结，不能再次决定。",
    "override_missing": "{year} 年没有第 {n} 号突破年度次数的申请：请核对号数。",
    "override_decided": "{year} 年第 {n} 号突破年度次数的申请已经办结，不能再次决定。",
    "override_needless": (
        "检查对象 {object} 在 {year} 年度没有因事项族“{family}”被抽取，不需要突破年度次数：请核对代码和年度。"
    ),
    "visit_cap": (
        "{year} 年对“{object}”的检查已有 {made} 次，达到公布的上限 {most} 次，不能再检查：请改在下一年度或者合并检查。"
    ),
    "window_invalid": "实施时间 {starts} 至 {ends} 不成立：结束日期应不早于开始日期，且都在 {year} 年内。",
}

TEXTS |= {
    "exemption_trigger_unknown": "没有起因“{trigger}”：只能是 {known}。",
    "exemption_unknown": "本机关没有不适用情形“{exemption}”，不能办理：现有 {known}。",
    "exemption_trigger_other": "不适用情形“{exemption}”的起因是{trigger}，与申请不一致：请改选。",
    "exemption_trigger_empty": "不适用情形“{exemption}”没有写明起因：请写明线索或交办的内容。",
    "exemption_evidence_missing": "不适用情形“{exemption}”缺少证据：请补充{missing}。",
    "exemption_objects_missing": "不适用情形“{exemption}”没有写明检查对象：请至少列出一个。",
    "exemption_campaign": (
        "不适用情形“{exemption}”的方式是{mode}，本办法只对专项检查、拉网式检查不适用：请改按有关规定办理。"
    ),
    "exemption_team_typed": "不适用情形“{exemption}”的执法检查人员应当随机抽取，不能指定：请去掉人员。",
    "exemption_team_small": "执法检查人员不得少于 {least} 人，现有 {found} 人：请补充人员。",
    "exemption_team_certificate": "下列人员不在名录库或者执法证件无效：{people}。请更换人员。",
    "exemption_team_interest": "下列人员与检查对象有利害关系，应当回避：{people}。请更换人员。",
    "exemption_full_coverage": (
        "事项 {item} 名录中的 {n} 个对象全部列入检查，不得实施全覆盖、无差别检查：请缩小范围，或者附上级部署文件文号。"
    ),
    "exemption_plan_missing": "专项检查须有经批准的检查计划，缺少{missing}：请补充，或者附上级部署文件文号。",
    "exemption_filing_missing": "专项检查计划须报司法行政部门备案，缺少{missing}：请补充。",
    "exemption_item_missing": "没有写明检查事项，不能检查：请写明已公布清单上的事项编号。",
    "exemption_self_approval": "提出专项检查的人（{login}）不能自己批准：请由另一位委领导批准。",
    "exemption_missing": "没有编号为 {case} 的不适用情形：请核对编号。",
    "exemption_file_missing": "不适用情形 {case} 没有证据文件：申请时没有上传。",
    "exemption_decided": "不适用情形 {case} 已经办结（{state}），不能再次决定。",
    "exemption_not_approved": "不适用情形 {case} 当前为“{state}”，不能据此检查：请先由委领导批准。",
}

ALERTS: dict[str, str] = {
    "plan_missing": "年度抽查工作计划没有公布",
}
"""Titles of the alerts of this area."""

ACTS: dict[str, str] = {
    "exemption.approve": "批准不随机抽取",
    "exemption.decline": "不批准不随机抽取",
    "exemption.refused": "不随机抽取的申请被拒绝",
    "exemption.request": "申请不随机抽取",
    "override.decide": "决定突破年度次数",
    "override.propose": "提出突破年度次数",
    "plan.add_line": "增加计划条目",
    "plan.approve": "批准计划",
    "plan.copy_lines": "照搬上年条目",
    "plan.decide_unplanned": "决定计划外批次",
    "plan.drop_line": "删除计划条目",
    "plan.new": "编制计划",
    "plan.propose_unplanned": "提出计划外批次",
    "plan.publish": "公布计划",
    "plan.submit": "提交计划",
    "plan.terminate_line": "终止计划条目",
}
