"""What inspections tell people."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "category_unknown": "没有结果类别“{category}”：可用的类别是 {known}。",
    "category_conflict": "结果类别不成立：至少填一项，且“未发现问题”不能与其他类别并列。",
    "ended_later": "检查结束日期 {ended} 晚于今天 {today}：请核对日期。",
    "task_missing": "抽取 {draw} 没有第 {task} 项任务：请用 task list 核对。",
    "task_cancelled": "抽取 {draw} 第 {task} 项任务已取消，不能登记结果。",
    "replacement_open": "抽取 {draw} 有一次人员替换没有办完：请先完成替换，再登记结果。",
    "team_incomplete": "抽取 {draw} 第 {task} 项任务的检查组有席位空缺：请先补足人员，再登记结果。",
    "result_exists": "抽取 {draw} 第 {task} 项任务的结果已经登记，不能覆盖。",
}
