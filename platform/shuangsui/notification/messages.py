"""What notifications tell people, and the words for their parts."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "address_invalid": "{kind}不能使用：应为{hint}，请核对后重新填写。",
    "address_kind": "没有 {kind} 这一种通知地址：请用 {known} 中的一种。",
    "address_missing": "用户 {login} 没有登记{kind}：请先登记，再发给这个人。",
    "notification_blocked": "通知里有个人信息（{kinds}），没有发出：请办理对应的事项时查明来由，不要原样转发。",
    "notification_missing": "没有编号为 {id} 的通知：请核对编号。",
    "notification_none_refused": "现在没有被退回的通知，不必重新发送。",
    "notification_not_startable": "编号为 {id} 的通知已经发出或者不必再发，不能再办理：请刷新后再看。",
    "notification_undelivered": "对方报告这条通知没有送到（{detail}）：请核对这个人的通知地址，再重新发送。",
    "notification_which": "请写明一条通知的编号，或者全部被退回的通知，两者选一。",
    "notifier_gone": "通知方式 {notifier} 已经停用或者卸载：请在插件列表中核对，启用后再重新发送。",
    "notifier_missing": "本机关没有通知方式“{notifier}”：现有 {known}，请核对名称。",
}
ALERTS: dict[str, str] = {"notification_stuck": "通知发不出去，须人工处理"}
ADDRESSES: dict[str, str] = {"email": "电子邮件地址", "phone": "手机号码", "wecom": "企业微信账号"}
HINTS: dict[str, str] = {
    "email": "一个完整的地址，例如 name@jxw.example.gov.cn",
    "phone": "11 位手机号码",
    "wecom": "企业微信通讯录里的账号，由字母、数字、点、横线、下划线或 @ 组成",
}
LEVELS: dict[str, str] = {"warn": "提醒", "breach": "逾期", "digest": "汇总"}
STATES: dict[str, str] = {
    "refused": "被退回", "blocked": "含个人信息，未发出", "waiting": "等待发送", "collected": "等待汇总",
    "sent": "已发出", "digested": "已并入汇总", "dropped": "不必再发",
}  # fmt: skip
CLOSING = "请登录管理端办理。"
TRIAL = ("【试发】双随机、一公开监管平台", "这是一条试发的通知，收到即表示通知方式可以使用。")
"""Title and text of a message that only shows that messages arrive."""

ACTS: dict[str, str] = {
    "notification.again": "重新通知",
    "notification.drop": "放弃通知",
    "notification.report": "通知回执",
    "notification.send": "通知",
    "notification.try": "试发通知",
    "user.address": "填写通知地址",
    "user.digest": "选择每日汇总",
}
