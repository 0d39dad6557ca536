"""What access control tells people."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "administrators_apart": "用户 {login} 已是{held}，不能再任{role}：三类管理员须由不同人员担任，请另选一人。",
    "bootstrap_over": "租户 {tenant} 已有用户，不能再设立首位管理员：请由安全管理员添加用户。",
    "login_invalid": "登录名“{login}”不能使用：请用 2 至 32 位小写字母、数字、点、横线或下划线，并以字母开头。",
    "login_taken": "登录名 {login} 已被使用：请另取登录名；已有的用户只须授权。",
    "name_empty": "用户 {login} 没有姓名：请填写姓名。",
    "not_allowed": "用户 {login} 没有“{verb}”的权限：请由有该权限的人员办理，或请安全管理员授权。",
    "link_taken": "证件号 {number} 已由本机关的另一个用户使用：请核对证件号，或先改正那个用户。",
    "password_kinds": "口令须含大写字母、小写字母、数字、其他字符中的至少 {kinds} 种：请另设口令。",
    "password_obvious": "口令不能由登录名（{login}）、姓名、机关名称、常用词、连续或重复的字符拼成：请另设口令。",
    "password_old": "新口令不能与最近 {former} 次用过的口令相同：请另设口令。",
    "password_other_home": "用户 {login} 的口令由另一机关发放，本机关不能重置：请由该机关的安全管理员办理。",
    "password_short": "口令长度须为 {least} 至 {most} 个字符：请另设口令。",
    "password_unequal": "两次输入的新口令不一致：请重新输入。",
    "password_wrong": "原口令不对：请重新输入。",
    "role_missing": "用户 {login} 在本机关不是{role}：请先核对用户的角色。",
    "same_person": "提出人和批准人不能是同一人（{login}）：请由另一位有权限的人员批准。",
    "self_grant": "用户 {login} 不能给自己授权：请由另一位安全管理员办理。",
    "self_revoke": "用户 {login} 不能撤销自己的角色：请由另一位安全管理员办理。",
    "sign_in_failed": "登录名、口令或机关不对，或者该用户在所选机关没有角色：请核对后重新输入。",
    "sign_in_paused": "登录失败次数过多，{minutes} 分钟内不能再登录：请稍后再试，或请安全管理员重置口令。",
    "tenant_unchosen": "没有选择机关，或者没有这个机关：请在列表中选择所在机关。",
    "user_missing": "没有登录名为 {login} 的用户：请核对登录名，或先添加这个用户。",
    "user_unknown": "用户 {login} 不存在、已停用或在本机关没有任何角色：请核对登录名，或请安全管理员授权。",
}
