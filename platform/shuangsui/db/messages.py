"""What the database layer tells people."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "clock_not_simulated": "本系统使用真实时钟，不能调整时间：仅演练环境设置 SHUANGSUI_SIMULATED_CLOCK=1 后可调。",
    "database_role_too_strong": (
        "数据库角色 {role} 不受行级安全约束，租户隔离将失效：请改用非超级用户、无 BYPASSRLS 权限的角色连接。"
    ),
    "database_not_migrated": "数据库还没有建表，或版本过旧：请由表的所有者运行 shuangsui migrate。",
    "database_unavailable": "数据库没有完成本次操作（{reason}）：请稍后重试，各步骤均可重复办理。",
}
