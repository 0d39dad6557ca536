"""Texts of the codes of publications, and the words for their kinds and states."""

from __future__ import annotations

TEXTS = {
    "channel_missing": "租户 {tenant} 没有可用的公示渠道：请启用公示渠道插件，并请管理员查看各插件的状态。",
    "channel_failed": (
        "{count} 项公示没有得到全部渠道的确认，首项 {subject}，渠道 {channel}：{reason}。已记为失败，请排除后重新公示。"
    ),
    "transcript_invalid": "抽取 {draw} 的档案没有通过核验（{failure}：{detail}），不予公示：请先查明原因。",
    "done_site_not_published": "这一步已经办理，但会签或公示没有完成：{why}请排除后重新公示。",
}

NOT_CONFIRMED = "渠道没有确认公众看到的与送出的一致"
HELD_BACK = "同一渠道前一项没有确认，本项没有送出"

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
    "home": "首页",
    "authorities": "全部执法机关",
    "assets": "网页样式与程序",
}

STATES = {"sent": "已送出", "confirmed": "已确认", "failed": "失败"}
