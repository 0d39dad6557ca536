"""What the pages themselves tell people."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "metrics_token_wrong": "监控用的口令没有出示或者不对：请用 Authorization: Bearer 出示 SHUANGSUI_METRICS_TOKEN。",
    "csrf_refused": "这次提交没有本页面的凭证，或者来自别的网站，没有办理：请回到页面刷新后重新提交。",
    "language_unknown": "没有语言“{language}”的页面：请选择中文或者英文。",
    "https_needed": (
        "工作台、接口和检查对象的链接只能通过加密连接（https）使用：请改用以 https:// 开头的网址；"
        "已经是的，请管理员登记代理服务器的地址。公示网站不受此限。"
    ),
    "asked_too_often": "打开得太频繁，{seconds} 秒内不能再打开：请稍后再试。",
    "export_unknown": "这个列表不能导出为“{kind}”：请在列表下方选择导出 Excel 或者 CSV。",
    "export_too_long": "列表超过 {most} 行，一个文件放不下：请先用上面的条件缩小范围再导出。",
    "operation_missing": "接口中没有“{name}”：请从接口列表打开。",
    "fragment_unknown": "这个页面没有所要的部分：请刷新整页。",
    "form_invalid": "有 {count} 处填写有误：请按各栏下的提示改正后重新提交。",
}
