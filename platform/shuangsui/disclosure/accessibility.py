"""无障碍声明 of the public pages: what they keep to, what they do not, how that was looked at; pure.

It says what is tested (``tests/browser``: every public page in two sizes with axe-core) and claims no more: nobody
outside has tested the pages, and none of it says that a person with a screen reader has used them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

STANDARDS = (
    {
        "name": "WCAG 2.2", "title": "《网页内容无障碍指南》2.2 版", "level": "A、AA 级", "result": "部分符合",
        "note": "自动检查没有发现不符合的地方；自动检查不能判断的要求没有逐条人工测试，例外列在下面。",
    },
    {
        "name": "GB/T 37668", "title": "《信息技术 互联网内容无障碍可访问性技术要求与测试方法》",
        "level": "技术要求", "result": "没有测试",
        "note": "该标准参考了上述指南的早期版本，页面按指南制作；没有按该标准的测试方法测试过。",
    },
)  # fmt: skip
"""What the pages are measured by."""

KEPT = (
    "每一页都可以只用键盘浏览和操作，焦点位置看得见，页首有“跳到主要内容”的链接。",
    "每一页有唯一的一级标题，表格有标题和表头，表单项有名称，图形有文字说明或者同样内容的表格。",
    "文字与背景的对比度不低于 4.5∶1；状态除颜色外都有文字。",
    "放大文字或者在手机上浏览时，内容重新排列，整页不需要左右滚动。",
    "没有自动播放的声音，没有弹出窗口和广告，阅读不限时间；系统设置了减少动画的，页面不播放动画。",
    "不执行脚本时，除下面列出的以外，全部内容都可以阅读。",
    "页首的“大字版”把文字和按钮放大；浏览器会记住这一选择。",
)  # fmt: skip

GAPS = (
    {
        "what": "直播抽取和网页核验", "why": "需要浏览器执行脚本。",
        "instead": "抽取结束后，抽取公示页以文字列出全部步骤和结果；核验可以下载档案和程序，在自己的电脑上进行。",
    },
    {
        "what": "大字版按钮", "why": "需要浏览器执行脚本。",
        "instead": "使用浏览器自带的缩放，页面会重新排列。",
    },
    {
        "what": "抽取档案和开放数据的文件", "why": "是供程序读取的数据，直接打开不便阅读。",
        "instead": "同样的内容在抽取公示、年度计划、抽查结果等页面上以文字和表格列出。",
    },
    {
        "what": "读屏软件", "why": "还没有请使用读屏软件的人士实际试用，朗读的顺序和读法可能不理想。",
        "instead": "遇到困难请告诉我们，方式见下。",
    },
)  # fmt: skip
"""What is not reached, why, and what there is instead."""


def statement(numbers: Sequence[str]) -> dict[str, Any]:
    """The `statement` of public/accessibility.html; ``numbers``: telephones, mailboxes, accounts of the authority."""
    return {
        "standards": [dict(one) for one in STANDARDS],
        "kept": list(KEPT),
        "gaps": [dict(one) for one in GAPS],
        "contacts": list(numbers),
    }
