"""What the command line itself tells people."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "helper_invalid": "“{text}”不是协助人员：请写成 执法证号=所属机关。",
    "date_invalid": "日期“{date}”无法识别：请写成 2026-03-31 或 2026-03-31T09:30。",
    "doctor_database": "数据库不能访问：请核对 SHUANGSUI_DATABASE_URL，确认数据库在运行，并已升级到最新版本。",
    "doctor_ledger": "租户 {tenant} 的台账读不出来：请查看运行日志，再执行 shuangsui ledger verify --tenant {tenant}。",
    "doctor_public": "公示目录不存在或不可读：公示一次以后就会建立；已经公示过的，请检查权限。",
    "export_taken": "文件夹 {folder} 里已有文件，没有改动：请另选文件夹。",
    "pair_invalid": "“{text}”写法不对：请写成 名称=内容。",
    "object_unregistered": "名录中没有检查对象 {codes}：请核对代码，或者先导入名录。",
    "quarter_invalid": "季度“{text}”无法识别：请写成 2026-2。",
    "sink_objects": "名单 {file} 不是有 {column} 列的 CSV 文件，或者有的行这一列是空的：请核对表头和内容。",
    "sink_fault": "故障“{text}”无法识别：请写成 系统=故障，系统有 {systems}，故障有 {faults}。",
    "done_not_published": "抽取 {draw} 的这一步已经办理，但会签或公示没有完成：{why}请排除后重新公示。",
    "database_url_invalid": "SHUANGSUI_DATABASE_URL 不是数据库地址：请按 postgresql://用户@主机/库名 填写。",
    "system_refuses": "操作系统拒绝了读写（{detail}）：请检查路径和权限。",
    "kernel_refuses": "抽取档案不符合规范（{failure}）：{detail}。",
    "demo_not_empty": "{var} 里已有在用的安装，演示数据不能混入：请用 --var 指定一个空文件夹。",
    "demo_not_verified": "演示的抽取没有通过独立核验：{verdict}。",
    "demo_tool_failed": "演示中的独立程序 fairdraw.{tool} 没有成功：{said}。",
}
