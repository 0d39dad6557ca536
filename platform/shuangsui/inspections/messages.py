"""What inspections tell people, and the fixed lines of the notice."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "addendum_empty": "补充说明没有内容：请写明更正了什么。",
    "addendum_missing": "检查任务 {task} 的记录没有第 {n} 份补充说明：请用 task show 核对。",
    "approval_exists": "检查任务 {task} 已经报批或已经批准，不能重复办理。",
    "approval_missing": "检查任务 {task} 还没有报批：请先由检查处室填写行政检查审批表。",
    "category_conflict": "结果类别不成立：至少填一项，且“未发现问题”不能与其他类别并列。",
    "category_contradicts": "结果类别与检查记录不一致：有不符合项的不能是“未发现问题”，无法联系的只能是“无法联系”。",
    "category_unknown": "没有结果类别“{category}”：可用的类别是 {known}。",
    "certificates_incomplete": "检查任务 {task} 出示的证件与签到的执法人员不一致：请写明每一名签到人员的执法证号。",
    "certificates_not_shown": "检查任务 {task} 还没有记录出示执法证：请先办理“出示证件”，再签字。",
    "checked_in": "{person} 已经签到，不能重复签到。",
    "conclusion_missing": "检查任务 {task} 的记录没有结论：请在“检查情况”中写明书面检查或网络监测的结论。",
    "day_past": "检查日期 {day} 已经过去：请安排今天或以后的日期。",
    "delivery_incomplete": "送达情况不完整：请写明送达方式和接收人。",
    "exit_missing": "检查任务 {task} 还有执法人员没有登记离开时间：请先登记离开，再提交记录。",
    "facts_missing": "检查要点 {point} 不符合要求，但没有写明事实：请写明查明的情况。",
    "left_already": "{person} 已经登记离开。",
    "materials_empty": "材料清单是空的：请至少写一项需要准备的材料。",
    "materials_given": "检查任务 {task} 的材料清单已经一次告知：确需补充的，请用 --reason 写明理由。",
    "merge_decided": "任务 {first} 和 {second} 是否合并检查已经决定。",
    "merge_missing": "没有把任务 {first} 和 {second} 合并检查的提议：请用 task show 核对。",
    "merge_reason": "不合并检查须写明理由：请用 --reason 说明。",
    "mode_not_of_item": "本事项不能采用检查方式 {mode}：清单规定的方式是 {modes}。",
    "not_checked_in": "{person} 没有签到，不能登记离开。",
    "not_leader": "{person} 不是检查任务 {task} 的组长：检查记录由组长提交。",
    "not_of_team": "{person} 不能以这个身份参加检查任务 {task}：执法人员、专家须是抽取的人员，见证人不能是组员。",
    "not_onsite": "检查任务 {task} 不是现场检查，不需要签到：请直接填写书面检查或网络监测记录。",
    "notice_delivered": "检查任务 {task} 的通知书已经登记送达。",
    "notice_exists": "检查任务 {task} 已经发出检查通知书。",
    "notice_missing": "检查任务 {task} 还没有检查通知书：请先发出通知（不预先告知的写明理由，到场时送达）。",
    "object_unsigned": "检查任务 {task} 的记录没有检查对象的签字或盖章：拒绝签字的，请先注明原因。",
    "officer_unsigned": "检查任务 {task} 的记录还有到场的执法人员没有签名：请补签后再提交。",
    "one_officer": "检查任务 {task} 到场签到的执法人员不足两人：第二人签到之后才能继续。",
    "onsite_unjustified": "本事项可以采用非现场方式：选择现场检查的，请用 --reason 写明理由。",
    "place_missing": "没有填写签到地点：请写明检查地点。",
    "point_unanswered": "检查要点 {point} 没有填写：请选择符合、不符合或不适用。",
    "reason_missing": "没有写明理由，不能{act}：请用 --reason 说明。",
    "record_changed": "检查任务 {task} 的记录已被他人更新到第 {revision} 次修改：请重新读取后再填写。",
    "record_content": "记录内容无法识别：只能填写本表检查要点的答案、事实和检查情况。",
    "record_missing": "检查任务 {task} 还没有检查记录：请先打开记录表。",
    "record_readonly": "检查任务 {task} 的记录表还不能填写：须有两名执法人员到场签到。",
    "record_signed": "检查任务 {task} 的记录已经签字，不能修改：请另写补充说明并重新签字。",
    "record_unsigned": "检查任务 {task} 的记录还没有提交，不需要补充说明：请直接修改记录。",
    "refusal_reason": "检查任务 {task} 拒绝签字的原因是空的：请注明原因。",
    "replacement_open": "抽取 {draw} 有一次人员替换没有办完：请先完成替换，再派发任务。",
    "result_code_unknown": "部门结果代码 {codes} 没有登记，或不属于所选的结果类别：请核对。",
    "result_final": "检查任务 {task} 的结果不是“发现问题待后续处理”，不能再改为最终结果。",
    "signed_already": "{person} 已经签字。",
    "signer_missing": "没有写明签字人：请填写姓名或执法证号。",
    "signer_wrong": "{person} 不能以这个身份在检查任务 {task} 的记录上签字：请核对身份。",
    "sought_too_little": (
        "上门未找到检查对象 {visits} 次、留存证据 {proof} 件，少于规定的 {least} 次：请再次上门并拍照留证。"
    ),
    "task_missing": "没有编号为 {task} 的检查任务：请用 task list 核对。",
    "task_state": "检查任务 {task} 当前为“{state}”，不能{act}。",
    "team_incomplete": "抽取 {draw} 第 {task} 项任务的检查组有席位空缺：请先补足人员，再派发任务。",
    "unannounced_ground": "检查任务 {task} 不预先告知，但没有写明理由：请用 --ground 说明。",
    "visit_unapproved": "检查任务 {task} 的现场检查还没有批准：请先报批，情况紧急的可以先检查后补批。",
    "disposition_reason": "“无需处理”须写明理由：请用 --reason 说明。",
    "feedback_given": "检查对象已经作出评价，不再发出新的链接。",
    "feedback_invalid": "评价没有提交：请选择 1 至 5 分，文字不超过 {longest} 字。",
    "feedback_link": "评价链接无效、已经使用或者已经过期：请向检查机关的纪检监察机构反映。",
    "finding_disposed": "检查任务 {task} 的第 {n} 个问题已经有处理意见，不能更改。",
    "finding_missing": "检查任务 {task} 没有第 {n} 个问题：请用 finding list 核对。",
    "finding_open": "检查任务 {task} 的第 {n} 个问题还没有处理意见，不能办结：请先处理。",
    "case_people_drawn": "不适用情形 {case} 的执法检查人员应当随机抽取：请先用 exemption freeze 冻结，抽取后派发任务。",
    "recheck_incomplete": "检查任务 {task} 第 {n} 个问题复查不合格：请写明情况和新的整改期限。",
    "rectification_incomplete": "责令改正须写明整改要求和期限：请用 --demand 和 --due 填写。",
    "rectification_state": "检查任务 {task} 的第 {n} 个问题现在不能{act}：请用 finding list 核对整改进度。",
    "statement_empty": "整改情况是空的：请写明做了哪些整改。",
    "term_past": "整改期限 {due} 不晚于今天 {today}：请填以后的日期。",
    "transfer_missing": "检查任务 {task} 的第 {n} 个问题没有移交，不需要登记回执。",
    "transfer_receipt_missing": "检查任务 {task} 的第 {n} 个问题已经移交，但没有接收单位的回执：请取得回执后登记。",
    "transfer_to_missing": "没有写明移交给哪个单位：请用 --to 填写。",
}

ROW_TEXTS = {
    "form_title_differs": "检查表 {form} 的名称与第 {first} 行不同：同一检查表的各行请填写相同的名称。",
}
"""Of rows of a file of forms, beside those of every file."""

TEXTS |= {
    **ROW_TEXTS,
    "form_missing": "没有检查表 {form}：请先用 form import 导入，现有的见 form list。",
    "form_item_missing": "随机抽查事项清单的各版中都没有事项 {item}：请核对事项编号，见 catalogue show。",
    "evidence_empty": "文件“{name}”是空的：请确认拍摄或保存成功后重新上传。",
    "evidence_too_large": "文件“{name}”超过 {limit} MB：请压缩或拆分后重新上传。",
    "evidence_type": "文件“{name}”的实际内容不是可以上传的格式：可以上传的有 {known}。",
    "evidence_suffix": "文件“{name}”的实际内容是 {media}，与扩展名不符：请把扩展名改为 {known} 后重新上传。",
    "evidence_name": "文件名是空的或超过 {limit} 个字符：请改名后重新上传。",
    "evidence_note": "证据说明超过 {limit} 个字符：请缩短。",
    "evidence_missing": "检查任务 {task} 没有证据文件 {sha256}：请用 evidence list 核对。",
    "evidence_damaged": "证据文件 {sha256} 丢失或已被改动，不能使用：请从备份恢复后再试。",
    "submission_malformed": "离线提交的 {what} 不成立：请更新移动端后重新同步。",
    "submission_reused": "设备 {device} 的第 {counter} 次提交已经收到，内容与这次不同：请以新的序号重新提交。",
    "conflict_missing": "检查任务 {task} 没有这一项待处理的内容冲突：可能已经处理，请重新读取。",
    "record_conflicts": "检查任务 {task} 的记录有不同设备填写不一致的内容没有处理：请先逐项选定，再签字。",
}

ALERTS: dict[str, str] = {
    "finding_undisposed": "发现的问题逾期没有处理意见",
    "rectification_overdue": "整改逾期",
}
"""Titles of the alerts of this area."""

RIGHTS = (
    "有权要求执法人员出示行政执法证件，未出示的可以拒绝检查",
    "有权陈述意见、提出申辩",
    "认为执法人员、专家与本单位有利害关系的，有权申请回避",
    "有权对检查人员的行为提出投诉、举报或者评价",
)
DISCIPLINE = (
    "不得妨碍检查对象正常的生产经营活动",
    "不得收受检查对象给予的财物或者其他好处",
    "不得接受检查对象的宴请，不得要求其接受指定服务",
)
