"""Texts of the codes of publications, and the words for their kinds and states."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "withholding_unfounded": "依法不予公开的，须写明法律依据和不予公开的范围。",
    "withholding_reason": "不批准不予公开的，须写明理由。",
    "withholding_contradicts": "已经选择不作定向通报，就不能再写定向通报的单位：请只选一种。",
    "withholding_unnotified": "依法不予公开的，须选择定向通报哪些单位，或者写明不通报。",
    "result_missing": "检查任务 {task} 还没有检查结果，不能作出公开决定。",
    "ruled_by_list": "检查任务 {task} 的事项在清单中规定结果不予公开，无须再作公开决定。",
    "ruling_made": "检查任务 {task} 的公开决定已经作出或者正在等待批准，不能重复办理。",
    "ruling_not_proposed": "检查任务 {task} 没有等待批准的不予公开申请。",
    "term_missing": "没有编号为 {term} 的公开期限。",
    "days_invalid": "工作日数 {days} 不能用：请填写 {low} 到 {high} 的整数。",
    "calendar_year_missing": "工作日历中没有 {year} 年。",
    "suspended_testing": (
        "检查任务 {task} 的检验、检测、鉴定报告还没有收到（机构 {institution}，预计 {expected}），"
        "结果暂不公开：请收到报告并登记后再作公开决定。"
    ),
    "testing_not_exempt": "现行规则没有把检验、检测、鉴定的时间从公开期限中除外，检查任务 {task} 仍按原期限公开。",
    "testing_institution": "检查任务 {task} 没有写明检验、检测、鉴定机构：请填写受委托机构的全称。",
    "testing_unproven": "检查任务 {task} 没有证明材料：请先把委托书或者报告上传为该任务的证据材料，再填写它的摘要。",
    "testing_tomorrow": "委托日期 {day} 晚于今天 {today}：请在委托之后登记，或者核对日期。",
    "testing_backwards": "预计收到报告的日期 {expected} 早于委托日期 {commissioned}：请核对两个日期。",
    "testing_too_late": (
        "检查任务 {task} 的公开期限 {due} 已过，{day} 才委托的检验、检测、鉴定不能使期限停止：请尽快公开。"
    ),
    "testing_unended": "检查任务 {task} 还没有检查结果：检验、检测、鉴定请在检查结束、提交结果之后登记。",
    "testing_after_ruling": (
        "检查任务 {task} 的公开决定已经作出、正在等待批准或者由清单规定，不能再登记检验、检测、鉴定。"
    ),
    "testing_without_term": "检查任务 {task} 不是抽取的任务或者抽取已经作废，没有公开期限，无须登记检验、检测、鉴定。",
    "testing_again": "检查任务 {task} 已经登记检验、检测、鉴定，不能重复登记：报告到达的，请登记报告。",
    "report_day": "检查任务 {task} 收到报告的日期 {day} 不成立：应在委托日期 {since} 与今天 {until} 之间，请核对。",
    "report_unawaited": "检查任务 {task} 没有等待中的检验、检测、鉴定报告：请先登记委托，或者核对任务编号。",
    "content_refused": "公示内容的 {field} 不能用：{problem}。",
    "channel_missing": "租户 {tenant} 没有可用的公示渠道：请启用公示渠道插件，并请管理员查看各插件的状态。",
    "channel_failed": (
        "{count} 项公示没有得到全部渠道的确认，首项 {subject}，渠道 {channel}：{reason}。已记为失败，请排除后重新公示。"
    ),
    "disclosure_missing": "没有公示事项 {subject}：请核对种类和编号。",
    "delivery_missing": "没有编号为 {id} 的公示送达：请在公示事项的页面上查看。",
    "delivery_closed": "公示事项 {subject} 在渠道 {channel} 的送达已经办结，或者只能由人工登记回执，不能重新送达。",
    "receipt_unfounded": "人工登记回执的，须写明在对方系统查到的编号或者网址。",
    "receipt_day": "查到的日期 {day} 不对：应在作出公开决定的 {first} 至今天之间。",
    "correction_empty": "须写明哪里有误、如何更正或者为何撤下，公众会看到这句话。",
    "correction_open": "公示事项 {subject} 已有一项更正没有办完，请先办完。",
    "correction_field": "不能更正 {field}：可以更正的有 {known}。",
    "correction_same": "更正后的内容与公示事项 {subject} 现在的内容相同，没有可更正的。",
    "disclosure_withdrawn": "公示事项 {subject} 已经撤下，不能再更正或者撤下。",
    "replay_what": "请写明一项送达的编号，或者一个渠道的名称，两者选一。",
    "channel_idle": "渠道 {channel} 没有可以重新送达的公示事项：请刷新后再看。",
    "channel_gone": "渠道 {channel} 所属的插件没有启用：请启用插件后重新送达。",
    "not_seen": "渠道 {channel} 已经接收，但还没有查到公示的内容，稍后再查。",
    "transcript_invalid": "抽取 {draw} 的档案没有通过核验（{failure}：{detail}），不予公示：请先查明原因。",
    "done_site_not_published": "这一步已经办理，但会签或公示没有完成：{why}请排除后重新公示。",
}

ROW_TEXTS = {
    "decided_tomorrow": "决定日期{day}晚于今天{today}：还没有作出的决定不能公示，请核对。",
    "lead_unknown": (
        "没有移交过的问题线索“{value}”：请填写检查任务编号和问题序号（如 RW2026-0001/1），并确认该问题已经移交。"
    ),
}
"""Of rows of a file of decisions, beside those of every file."""

TEXTS |= ROW_TEXTS

DATASETS = {
    "plans": "年度抽查工作计划",
    "draws": "抽取公示",
    "results": "抽查结果",
    "items": "随机抽查事项清单",
}

PATH = "文件名"
NOTE = "向公众的说明"
NOT_CONFIRMED = "渠道没有确认公众看到的与送出的一致"
HELD_BACK = "同一渠道前一项没有确认，本项没有送出"

BY_HAND = "没有对接的插件：由人工办理并登记回执"

KINDS = {
    "draw": "抽取档案",
    "draws": "抽取公示",
    "verify": "核验页",
    "items": "抽查事项清单",
    "plan": "年度计划",
    "result": "抽查结果",
    "results": "抽查结果列表",
    "special": "不随机抽取的检查",
    "rules": "适用规则",
    "accessibility": "无障碍声明",
    "opendata": "开放数据",
    "home": "首页",
    "authorities": "全部执法机关",
    "assets": "网页样式与程序",
}

STATES = {"sent": "已送出", "confirmed": "已确认", "failed": "失败"}

ALERTS: dict[str, str] = {
    "publication_due": "公开期限将到",
    "publication_late": "已过公开期限",
    "publication_target": "已过内部公开期限",
    "publication_earlier": "放假安排变动，公开期限提前",
    "report_late": "检验、检测、鉴定报告逾期未到",
    "channel_down": "公示渠道连续失败，暂停后再试",
    "delivery_refused": "公示送达被退回，须人工处理",
    "publication_held": "公示页面含有个人信息，没有送出，原来的页面不变",
    "correction_due": "更正期限已过",
}
TERMS: dict[str, str] = {"result": "抽查结果", "round": "抽查情况", "decision": "行政决定"}
SINCE: dict[str, str] = {
    "ended": "检查结束", "reported": "收到检验检测鉴定报告", "testing": "等待检验检测鉴定报告",
    "batch_ended": "整批检查结束", "left_open": "计划结束，整批没有按时办结", "running": "检查尚未结束",
    "decided": "作出行政决定", "dropped": "决定已撤销或者公示期已满",
}  # fmt: skip
DECISIONS: dict[str, str] = {"publish": "公开", "withheld": "依法不予公开"}
RULINGS: dict[str, str] = {"proposed": "等待批准", "in_force": "已决定", "refused": "未批准"}
DISCLOSED: dict[str, str] = {
    "result": "抽查结果", "round": "抽查情况", "withheld": "不予公开的说明", "decision": "行政决定",
    "notice": "定向通报",
}  # fmt: skip
STANDINGS: dict[str, str] = {
    "pending": "待送达", "partial": "部分渠道已公开", "published": "已公开", "refused": "被退回", "withdrawn": "已撤下",
}  # fmt: skip
DELIVERIES: dict[str, str] = {
    "waiting": "等待送达", "handed_over": "已送达，待查到", "confirmed": "已确认", "refused": "被退回",
    "superseded": "已由新版代替",
}  # fmt: skip
STAGES: dict[str, str] = {
    "waiting": "待决定", "proposed": "不予公开待批准", "published": "已决定公开", "withheld": "依法不予公开",
    "listed": "清单规定不公开",
}  # fmt: skip
WHY: dict[str, str] = {
    "worked": "工作日", "make_up": "调休上班", "candidate": "可能调休上班", "weekend": "周末", "off": "法定节假日",
    "extra": "本地假日",
}  # fmt: skip
HEALTH: dict[str, str] = {
    "green": "正常", "amber": "明年的放假安排尚未导入", "red": "今年或明年的放假安排仍未导入，请尽快办理",
}  # fmt: skip
ACTIONS: dict[str, str] = {"publish": "公开", "correct": "更正", "withdraw": "撤下"}
DUTIES: dict[str, str] = {"portal": "门户网站", "credit": "信用信息公示系统", "notice": "定向通报", "": "—"}
FIELDS: dict[str, str] = {
    "object_name": "检查对象名称", "address": "检查对象地址", "task_name": "任务名称", "follow_up": "后续处理",
    "categories": "结果类别（代码，多个用逗号分开）", "ratio": "抽查比例", "method": "抽查方式",
    "eligible": "名录库对象数", "drawn": "抽取对象数", "inspected": "已检查对象数",
}  # fmt: skip

ACTS: dict[str, str] = {
    "correction.accept": "受理更正",
    "correction.publish": "公开更正",
    "disclosure.confirm": "确认公开",
    "disclosure.due_moved": "公开期限变动",
    "disclosure.make": "决定公开",
    "disclosure.publish": "公开",
    "disclosure.refused": "渠道不接收",
    "disclosure.replay": "重新发送",
    "examination.commission": "委托检验检测",
    "examination.report": "收到检验检测报告",
    "ruling.decide": "作出公开决定",
    "ruling.propose": "提出不予公开",
    "takedown.publish": "下架",
}
