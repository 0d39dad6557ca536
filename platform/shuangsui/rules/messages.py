"""Texts of the codes of rules."""

from __future__ import annotations

TEXTS = {
    "notice_invalid": "放假安排文件不能用：{problem}；请对照国务院办公厅的通知改正后再导入。",
    "pack_unknown": "{file} 第 {line} 行，{key}：{problem}。",
    "rule_key_unknown": "{file} 第 {line} 行：没有规则键 {key}，相近的有 {suggestions}；全部键见 tenants/README.md。",
    "rule_value_invalid": "{file} 第 {line} 行，{key}：{problem}。",
    "rule_duplicate": "{file} 第 {line} 行，{key}：{problem}。",
    "rule_dates_reversed": "{file} 第 {line} 行，{key}：{problem}。",
    "rule_loosened": "{where}：{key} 取 {value}，比 {pack} 规定的 {bound} 宽松，{advice}。",
    "amendment_invalid": "插件 {plugin} 对 {key} 的修订不能采用：{problem}。",
    "rule_unset": "{on} 没有施行中的规则规定 {key}：请采用规定它的规则包，或在 rules.toml 写明。",
    "rule_unknown": "没有规则键或租户设置 {key}，相近的有 {suggestions}；全部键见 tenants/README.md。",
    "rules_incomplete": "{file} 第 {line} 行：租户 {tenant} 在 {on} 缺少规则 {key}，请采用规定它的规则包，"
    "或在 rules.toml 写明。",
}

ALERTS: dict[str, str] = {"calendar_missing": "明年的放假安排尚未导入"}
