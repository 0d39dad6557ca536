"""Texts of what was found to be personal, and the words for its kinds."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "personal_data": (
        "{where} 含有个人信息（{kind}），共 {count} 处，依照《个人信息保护法》不得公开：请删去或者遮盖后重新公示。"
    ),
    "lint_unreadable": "{where} 无法检查是否含有个人信息（{reason}），不予公开：请换用可以检查的格式。",
}

PERSONAL_KINDS = {
    "resident_id": "居民身份证号码",
    "old_resident_id": "十五位居民身份证号码",
    "mobile": "移动电话号码",
    "bank_card": "银行卡号",
    "email": "电子邮箱地址",
    "home_address": "个体工商户的门牌号",
}
