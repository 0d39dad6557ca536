"""Words that are states, and the colour in which a list shows each; the word itself always stands there too."""

from __future__ import annotations

from collections.abc import Mapping

OK = (
    "已批准", "已公布", "已公开", "已接收", "已确认", "已检查", "已办结", "已得出结论", "整改合格", "符合", "存续",
    "正常", "在岗", "在库", "已送达", "已核对", "运行正常", "同意回避", "合格", "已完成", "有效",
    "可以导入", "已导入",
)  # fmt: skip
INFO = (
    "草案", "编制中", "填写中", "待批准", "待接收", "待决定", "待审", "待签发", "检查中", "检查结束", "整改中",
    "揭示中", "已冻结，待承诺", "已抽取", "已抽中", "已提交整改材料", "待送达", "待办", "进行中",
    "部分渠道已公开", "待对应各列", "正在核对", "正在写入", "待整改",
)  # fmt: skip
WARN = (
    "提醒", "推迟", "暂停", "暂停办理新事项", "已退回", "已撤回", "已作废", "已有结果后作废", "已取消", "已改派",
    "未批准", "不同意回避", "撤销", "注销", "吊销", "迁出", "离岗", "停用", "重试中", "责令改正", "拒签已记录",
    "无法联系", "待核查", "已撤下",
)  # fmt: skip
BAD = (
    "逾期", "被退回", "不符合", "失败", "死信", "已停用", "没有成功", "不合格", "移送其他部门", "移交立案", "已过期",
    "不能导入",
)  # fmt: skip

TONES: Mapping[str, str] = {
    word: tone for tone, words in {"ok": OK, "info": INFO, "warn": WARN, "bad": BAD}.items() for word in words
}
