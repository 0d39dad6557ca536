"""What archives of an authority tell people."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "archive_alive": "租户 {tenant} 没有撤并，没有删除：数据已经迁到别处的，请写明迁往哪里。",
    "archive_exists": "文件 {file} 已经存在，没有改动：请换一个文件名。",
    "archive_keys": "租户 {tenant} 的密钥 {key} 由另一把主密钥密封，没有恢复：请先放回备份时的主密钥。",
    "archive_login_taken": "登录名 {login} 在这里属于另一个人，没有恢复：请先核对这两个用户。",
    "archive_not_whole": "租户 {tenant} 的台账或抽取日志与备份的清单不符（{faults} 处），没有恢复：请换一份备份。",
    "archive_open": "租户 {tenant} 还有在办的（{what}），没有删除：请先办结。",
    "archive_other": "这份备份是租户 {found} 的，不是 {wanted} 的：请核对文件。",
    "archive_outdated": "备份以后租户 {tenant} 又有记录（备份到第 {found} 条，现有 {now} 条），没有删除：请重新备份。",
    "archive_retained": "租户 {tenant} 的案卷须保管 {years} 年，登录记录也有保留期，{until} 以前不能删除。",
    "archive_revision": "备份的数据库版本是 {found}，本平台是 {wanted}，没有恢复：请用同一版本的平台恢复后再升级。",
    "archive_sealed": "租户 {tenant} 的 {table} 里的密封数据在这里（{store}）打不开，没有恢复：请先放回当时的密钥。",
    "archive_tenant_there": "租户 {tenant} 在这里已有数据（{table}），没有恢复：备份只能恢复到没有这个租户数据的环境。",
    "archive_unreadable": "备份文件不能使用（{problem}），没有恢复：请核对文件，或者换一份备份。",
    "backup_database": "备份是 {found} 数据库的，这里是 {wanted}，没有恢复：请在同一种数据库上恢复。",
    "backup_failed": "{program} 没有完成：{said}。请排除原因后重新执行。",
    "backup_keys_missing": "这里没有主密钥 {file}，备份里也没有，没有恢复：请先放回备份时的主密钥。",
    "backup_newer": "备份的数据库版本 {found} 比本平台的 {wanted} 新，没有恢复：请先把平台升级到备份时的版本。",
    "backup_program_missing": "找不到程序 {program}：请安装与数据库同一版本的 PostgreSQL 客户端程序。",
    "backup_role_bound": "数据库角色 {role} 只看得到部分数据，不能备份：请用有 BYPASSRLS 的备份角色。",
    "backup_target_there": "这里已有数据（{what}），没有恢复：备份只能恢复到空的数据库和空的证据目录。",
}

ACTS: dict[str, str] = {
    "tenant.dump": "导出全部数据",
    "tenant.purge": "删除全部数据",
    "tenant.restore": "恢复全部数据",
}
