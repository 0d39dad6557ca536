"""What the worker says, and the words for its work."""

TEXTS: dict[str, str] = {
    "broker_unknown": "消息队列地址 {url} 不能用：请以 amqp://（RabbitMQ）或 redis:// 开头，不填则在本进程内办理。",
    "metrics_port_taken": "端口 {port} 不能用于监控：可能已被占用，请改 SHUANGSUI_METRICS_PORT，或者停掉占用它的程序。",
    "work_missing": "没有编号为 {id} 的后台任务。",
    "work_not_waiting": "编号为 {id} 的后台任务正在办理或者已经办完，不能重新办理：请刷新后再看。",
    "work_which": "请写明一项后台任务的编号，或者全部停办的任务，两者选一。",
    "work_none_dead": "现在没有停办的后台任务，不必重新办理。",
}
ALERTS: dict[str, str] = {"job_dead": "后台任务多次失败，已停止重试"}
STATES: dict[str, str] = {"dead": "已停办", "running": "正在办理", "new": "等待办理", "done": "已办完"}
JOBS: dict[str, str] = {
    "disclosure.follow": "会签并更新公示网站",
    "extension.check": "检查插件",
    "disclosure.deliver": "向公示渠道送达",
    "notification.tell": "通知有关人员",
    "notification.plan": "安排每日汇总通知",
    "notification.digest": "汇总当日提醒",
    "notification.send": "发送通知",
    "registry.ask": "安排名录拉取",
    "registry.pull": "拉取名录",
    "registry.pull_pool": "拉取专家库",
    "registry.check": "核对上传的名录文件",
    "registry.write": "写入已确认的名录文件",
    "registry.tidy": "清理过期的上传文件",
    "access.staff_end": "结束到时的运维会话",
    "access.tidy": "清理过期的登录记录",
    "terms.look": "检查各项期限",
    "vault.reseal": "改用现在的密钥密封",
    "calendar.follow": "按上级的放假安排重新推算期限",
    "draw.event": "获取公开随机事件的数值",
    "draw.result": "得出抽取结果",
}
"""A job without a name here is shown by its code."""

ACTS: dict[str, str] = {
    "job.again": "重新执行后台任务",
}
