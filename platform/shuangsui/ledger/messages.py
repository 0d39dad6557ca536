"""What the ledger tells people."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "ledger_unwritable": "台账写不进去（{act}），本次操作没有办：请系统管理员检查数据库后重试。",
    "ledger_entry_missing": "台账没有第 {n} 条：请从台账页面选择。",
    "log_refuses": "抽取日志不能写入 {kind}（{failure}：{detail}）：请先核验台账和日志，再按抽取步骤的顺序办理。",
    "log_broken": "抽取日志已不完整（{failure}：{detail}），不能签发检查点：请先核验台账，找出被改动的条目。",
    "log_empty": "抽取日志 {origin} 还没有任何条目，不能签发检查点：请先提交抽取方案。",
    "checkpoint_missing": "没有 {size} 条日志时的检查点：请先签发检查点，再请见证方签名。",
    "checkpoint_invalid": "检查点格式不正确（{detail}）：请向日志所属机关重新索取。",
    "cosignature_invalid": "见证方 {witness} 对 {size} 条检查点的签名无法验证：请核对见证方公钥后重新取得签名。",
    "key_name_invalid": "密钥名称“{name}”不能使用：名称不能为空，不能含空格或加号。",
    "log_key_invalid": "日志公钥“{key}”无法识别：请使用“名称+编号+公钥”形式的 vkey。",
    "master_key_exposed": "主密钥文件 {file} 可被其他账号读取：请执行 chmod 600 后重试。",
    "master_key_size": "主密钥文件 {file} 长度为 {size} 字节，应为 32 字节：请恢复正确的主密钥文件。",
    "ledger_rolled_back": "租户 {tenant} 的抽取日志有 {found} 条，与已经公示的 {published} 条的检查点不符："
    "数据库可能是旧备份，只能查看；请运维人员恢复较新的备份后重新启动。",
    "ledger_unproved": "租户 {tenant} 的台账记有已经公示的抽取，但公示目录 {place} 里没有本机关日志签名的检查点"
    "可以对照，不能排除数据库是旧备份，只能查看：请运维人员恢复公示目录；"
    "确实无法恢复的，由运维人员核对后在台账中确认。",
    "ledger_proved": "租户 {tenant} 的抽取日志已经与公示的检查点对照过，不需要另行确认：请直接办理。",
    "ledger_reason_missing": "确认继续办理须写明理由：请填写为什么没有检查点可以对照、核对了什么。",
    "tenure_begins": "租户 {tenant} 自 {since} 起{state}（{document}），不能办理新的事项（{act}）："
    "在办的检查和公示照常办结。",
    "seal_broken": "用主密钥 {file} 无法打开密封的数据（{purpose}）：请恢复对应的主密钥，并核对数据是否被改动。",
    "witness_ahead": "见证方会签到 {old} 条，本机关的日志只有 {size} 条：请核对条数，日志可能被截断。",
    "witness_fork": "日志 {origin} 的前 {seen} 条与本机关上次见证的不一致，拒绝见证：请立即核查该日志是否被改写。",
    "witness_log_broken": "日志 {origin} 的前 {size} 条不符合协议，拒绝见证：请日志所属机关核验。",
    "witness_log_unknown": "本机关没有登记要见证的日志 {origin}：请先登记该日志的公钥。",
    "witness_other_key": "日志 {origin} 已登记了另一个公钥：更换公钥须先由双方书面确认。",
    "witness_own_log": "{origin} 是本机关自己的日志，自己见证没有意义：请由其他机关或监督机构见证。",
    "witness_unreachable": "见证方 {witness} 没有交出可以核验的检查点：请检查网络、网址和登记的见证方公钥。",
    "witness_root": "日志 {origin} 的内容与 {size} 条检查点的根值不符，拒绝见证：请日志所属机关核查后重新提交。",
    "witness_signature": "{size} 条检查点没有日志 {origin} 登记公钥的有效签名，拒绝见证：请核对公钥和检查点。",
    "witness_smaller": "提交的检查点只有 {size} 条，少于上次见证的 {seen} 条，拒绝见证：请核查日志是否被截断。",
}

ACTS: dict[str, str] = {
    "alert.clear": "提醒消除",
    "alert.raise": "发出提醒",
    "checkpoint.cosign": "会签检查点",
    "checkpoint.make": "签发检查点",
    "drawlog.abandon": "写入抽取日志：放弃",
    "drawlog.event": "写入抽取日志：公开随机事件",
    "drawlog.plan": "写入抽取日志：承诺",
    "drawlog.replace": "写入抽取日志：申请替换",
    "drawlog.result": "写入抽取日志：结果",
    "drawlog.reveal": "写入抽取日志：揭示随机数",
    "key.make": "生成签名密钥",
    "ledger.accept": "接受台账现状",
    "witness.cosign": "为外部日志会签",
    "witness.watch": "开始见证",
}
