"""The leader's briefing on paper: one sheet, whatever it has to say."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from unicodedata import normalize

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from shuangsui.web.desk import MONTHS, SHOWN
from shuangsui.web.progress import drawn
from shuangsui.web.rendering import render
from shuangsui.web.waiting import PILES

pytestmark = pytest.mark.browser

DAY = date(2026, 12, 9)
LONG = "重庆市某某区某某新型材料与装备制造股份有限公司(模拟)（国家明令淘汰用能设备和生产工艺使用情况监察）"
CARDS = ("公开倒计时", "各月派发与完成", "全年进度", "各区县进度")
LAYOUT = drawn("500000")
DESK = {
    "day": "12月9日 星期三", "weekday": "星期三", "workday": True, "open": 412,
    "figures": [
        {"title": title, "value": 123_456, "note": "最近一项剩 20 个工作日", "tone": "warn", "path": "/due"}
        for title in ("检查任务", "待检查", "待公开", "整改中")
    ],
    "countdown": [
        {"no": f"RW2026-{n:04d}", "part": "1", "kind_name": "抽查结果", "about": LONG, "due": DAY + timedelta(n),
         "left": n, "late": n == 0, "left_text": f"剩 {n} 个工作日", "tone": "bad"}
        for n in range(SHOWN)
    ],
    "waiting": [{"title": pile.title, "count": 99, "path": pile.path} for pile in PILES],
    "progress": {
        "steps": [("抽取", 98_000), ("派发", 97_000), ("检查", 60_000), ("公开", 59_000)], "layout": LAYOUT,
        "districts": {name: (9_999, 12_345) for row in LAYOUT for name in row if name},
    },
    "months": {"names": MONTHS, "sent": [120 + 9 * n for n in range(12)], "ended": [80 + 11 * n for n in range(12)]},
}  # fmt: skip
FRAME = {
    "tenant": SimpleNamespace(name="重庆市经济和信息化委员会"),
    "actor": SimpleNamespace(login="leader", tenant="chongqing", name="委领导", staff=None, may=lambda _verb: True),
    "csrf": "x", "menu": {}, "ahead": None, "title": "情况简报", "menu_path": "", "group": None, "menu_title": None,
    "listed": True, "notice": None, "problem": None, "once": None, "twin": "", "today": DAY, "forms": [],
}  # fmt: skip


@pytest.fixture
def sheet(site: Path, open_page: Callable[..., Page]) -> Callable[..., Page]:
    """The fullest briefing there can be, in a browser."""
    (site / "briefing.html").write_text(
        render("console/lead.html", shown=SimpleNamespace(data={"desk": DESK}), **FRAME)
    )
    return lambda size="desktop": open_page("/briefing.html", size)


def test_it_prints_on_one_sheet_of_a4(sheet: Callable[..., Page], messages: list[str]) -> None:
    """With the longest names, every kind of thing waiting, and a full chart."""
    printed = PdfReader(io.BytesIO(sheet().pdf(format="A4", prefer_css_page_size=True)))
    text = normalize("NFKC", printed.pages[0].extract_text())
    assert [len(printed.pages), *(title in text for title in CARDS)] == [1, *[True] * len(CARDS)]
    assert messages == []


def test_it_fits_a_phone(sheet: Callable[..., Page]) -> None:
    """Nothing stands out to the side."""
    page = sheet("phone")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
