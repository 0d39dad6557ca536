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
    "rule_matrix_show": "不能显示“{show}”：请从有差别的（differs）、有约束的（locked）、全部（all）里选择。",
    "revision_value": "规则修订 {key}：{problem}。请改正后再提交。",
    "revision_below": "{tenant} 的 {key} 取 {value}（{where}），比修订后的 {bound} 宽松：请先与其商定，"
    "由其改动或者写明本级文号。",
    "revision_missing": "没有第 {n} 号规则修订：请在规则修订列表里核对编号。",
    "revision_state": "第 {n} 号规则修订现在是“{state}”，不能这样办理：请看该修订的页面。",
    "revision_key": "第 {n} 号规则修订没有改动 {key}：请核对规则键。",
    "revision_empty": "第 {n} 号规则修订没有内容：请先加入要改动的规则键。",
    "revision_past": "规则不溯及既往，施行日 {on} 已过（今天 {today}）：请另选施行日，已提出的请撤回后重新提出。",
    "revision_reason": "请写明理由。",
    "revision_rolled_back": "第 {n} 号规则修订已经回退，不必再回退。",
    "revision_rolling_back": "第 {n} 号规则修订的回退已经提出，等待批准。",
    "revision_superseded": "第 {n} 号规则修订之后，第 {later} 号又改动了 {key}：请先回退第 {later} 号。",
    "rules_incomplete": "{file} 第 {line} 行：租户 {tenant} 在 {on} 缺少规则 {key}，请采用规定它的规则包，"
    "或在 rules.toml 写明。",
}

ALERTS: dict[str, str] = {
    "calendar_missing": "明年的放假安排尚未导入",
    "rule_revision_waits": "规则修订等待批准",
}

ACTS: dict[str, str] = {
    "calendar.import": "导入放假安排",
    "rules.approve": "批准规则修订",
    "rules.draft": "起草规则修订",
    "rules.propose": "提请批准规则修订",
    "rules.refuse": "不批准规则修订",
    "rules.withdraw": "撤回规则修订",
}
