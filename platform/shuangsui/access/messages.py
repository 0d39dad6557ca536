"""What access control tells people."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "administrators_apart": "用户 {login} 已是{held}，不能再任{role}：三类管理员须由不同人员担任，请另选一人。",
    "bootstrap_over": "租户 {tenant} 已有用户，不能再用 --bootstrap：请由安全管理员用 --as 办理。",
    "login_invalid": "登录名“{login}”不能使用：请用 2 至 32 位小写字母、数字、点、横线或下划线，并以字母开头。",
    "login_taken": "登录名 {login} 已被使用：请另取登录名；给已有用户授权请用 user grant。",
    "name_empty": "用户 {login} 没有姓名：请用 --name 填写。",
    "not_allowed": "用户 {login} 没有“{verb}”的权限：请由有该权限的人员办理，或请安全管理员授权。",
    "same_person": "提出人和批准人不能是同一人（{login}）：请由另一位有权限的人员批准。",
    "self_grant": "用户 {login} 不能给自己授权：请由另一位安全管理员办理。",
    "user_missing": "没有登录名为 {login} 的用户：请先用 user add 添加。",
    "user_unknown": "用户 {login} 不存在、已停用或在本机关没有任何角色：请核对登录名，或请安全管理员授权。",
}
