"""What the database layer tells people."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "clock_not_simulated": "本系统使用真实时钟，不能调整时间：仅演练环境设置 SHUANGSUI_SIMULATED_CLOCK=1 后可调。",
    "database_role_too_strong": (
        "数据库角色 {role} 不受行级安全约束，租户隔离将失效：请改用非超级用户、无 BYPASSRLS 权限的角色连接。"
    ),
    "database_role_owns": (
        "数据库角色 {role} 是表的所有者，可以关闭行级安全：请让应用和后台任务用另外的角色连接，"
        "所有者只用于升级数据库（SHUANGSUI_MIGRATION_URL）。"
    ),
    "database_not_migrated": "数据库还没有建表，或版本过旧：请由表的所有者运行 shuangsui migrate。",
    "isolation_role_unbound": "角色 {name} 是超级用户，或有 BYPASSRLS、CREATEROLE 权限：请收回。",
    "isolation_role_missing": "没有名为 {name} 的角色：请先建立。",
    "isolation_role_owns": "{name}：这个角色是这张表的所有者或所有者的成员，可以关闭行级安全：请改用另外的角色。",
    "isolation_role_creates": "{name}：这个角色可以在这个模式里建表：请收回 CREATE 权限。",
    "isolation_view_definer": "视图 {name} 以所有者的权限读取，行级安全管不到：请设置 security_invoker=true。",
    "isolation_view_materialized": "物化视图 {name} 不受行级安全约束：请删除。",
    "isolation_function_definer": "函数 {name} 以所有者的权限执行（SECURITY DEFINER）：请改为调用者的权限，或删除。",
    "isolation_unique_open": "唯一索引 {name} 不含 tenant_id，会透露其他租户已有的编号：请删除。",
    "isolation_reference_open": "外键 {name} 不含 tenant_id，可以指向其他租户的数据：请删除。",
    "isolation_sequence_shared": "序列 {name} 由各租户共用，会透露总数：请删除。",
    "isolation_table_foreign": "外部表 {name} 有 tenant_id，但行级安全管不到：请删除。",
    "isolation_table_unfenced": "表 {name} 没有强制的行级安全，或者另有策略：请由所有者升级数据库，并删除多余的策略。",
    "isolation_table_unknown": "表 {name} 不是本系统的表，其中的数据不分租户：请移到另外的数据库。",
    "isolation_rule_rewrites": "规则 {name} 会改写语句，绕过行级安全：请删除。",
    "isolation_right_excess": "权限过大（角色、权限、表）：{name}。请收回，或由所有者升级数据库。",
    "text_unstorable": "文字里有不能保存的字符（空字符）：请删去后再试。",
    "database_unavailable": "数据库没有完成本次操作（{reason}）：请稍后重试，各步骤均可重复办理。",
}
