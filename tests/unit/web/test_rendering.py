"""Rendering of pages: pure, strict, and with addresses that change when the files do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from shuangsui.web.languages import word
from shuangsui.web.rendering import hex8, num, render, size, static_files, static_url
from shuangsui.web.telling import apart, day, whole

AUTHORITIES = {
    "tenant": None, "demo": False, "made_at": datetime(2026, 12, 1, 18, 0, tzinfo=UTC), "authorities": [],
    "root": "/", "other": "/en/", "data": "",
}  # fmt: skip


def test_page_renders_from_values_alone() -> None:
    """The same values give the same page, in the legal time zone."""
    html = render("public/authorities.html", **AUTHORITIES)
    assert html == render("public/authorities.html", **AUTHORITIES)
    assert "2026-12-02 02:00:00" in html
    assert "演示数据" not in html


def test_missing_value_is_an_error() -> None:
    """A context that lacks a documented value never renders as an empty place."""
    with pytest.raises(UndefinedError):
        render("public/authorities.html", **{k: v for k, v in AUTHORITIES.items() if k != "authorities"})


def test_text_is_escaped() -> None:
    """A name cannot become markup."""
    row = {"slug": "a", "name": "<b>甲</b>", "draws": 0, "results": 0, "latest": None}
    assert "&lt;b&gt;甲&lt;/b&gt;" in render("public/authorities.html", **{**AUTHORITIES, "authorities": [row]})


def test_words_of_ours_have_their_english_and_others_stay() -> None:
    """Nothing is nothing in any language; gettext would answer the head of its catalogue."""
    assert [word(language, "现场检查") for language in ("zh", "en")] == ["现场检查", "On-site inspection"]
    assert [word("en", text) for text in ("某机关自己的话", "")] == ["某机关自己的话", ""]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-12-31T16:30:00Z", "2027-01-01"),
        (datetime(2026, 12, 31, 16, 30, tzinfo=UTC), "2027-01-01"),
        (datetime(2026, 12, 31, 15, 59, tzinfo=UTC).replace(tzinfo=None), "2026-12-31"),
        (date(2026, 12, 31), "2026-12-31"),
        ("2026-12-31", "2026-12-31"),
    ],
)
def test_date_is_the_legal_day_in_shanghai(value: str | date, expected: str) -> None:
    """Times are UTC, also naive ones; plain dates stay."""
    assert day(value) == expected


def test_numbers_hashes_and_sizes_are_written_for_people() -> None:
    """Thousands, groups of eight, units."""
    assert num(12480) == "12,480"
    assert hex8("0123456789abcdef01") == "01234567 89abcdef 01"
    assert [size(n) for n in (87, 18944, 2202010)] == ["87 B", "18.5 KB", "2.1 MB"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(2026, 12, 31), True), ("channel-email", True), ("exporter-credit-china", False), ("选项有误", True),
        ("启用时出错", True), ("未获准载入", True), ("信用和监管系统", False), (None, True),
        ("cq-mietc-2021-6.toml:108", True), ("rules/cq-mietc-2021-6.toml:108", False),
    ],
)  # fmt: skip
def test_what_is_read_at_one_glance_is_not_broken(value: object, expected: bool) -> None:
    """Days, short names and words for a state stand in one line; sentences wrap."""
    assert whole("zh", value) is expected


def test_static_addresses_carry_the_digest_of_all_files() -> None:
    """Every file stands under one digest, so that modules import each other relatively and caches never go stale."""
    files = static_files()
    assert static_url("css/base.css").lstrip("/") in files
    assert len({Path(path).parts[1] for path in files}) == 1
    assert all(source.is_file() for source in files.values())


@pytest.mark.parametrize(
    ("offset", "said"),
    [
        (timedelta(days=3, hours=2, minutes=5), "快 3 天 2 小时"), (timedelta(minutes=-30), "慢 30 分钟"),
        (timedelta(days=-167, hours=15), "慢 166 天 9 小时"), (timedelta(seconds=10), "快 0 分钟"),
    ],
)  # fmt: skip
def test_another_clock_is_fast_or_slow(offset: timedelta, said: str) -> None:
    """The two largest units, never a negative number."""
    assert apart("zh", offset) == said


def test_another_clock_is_ahead_or_behind_in_english() -> None:
    """With the same two units."""
    assert apart("en", timedelta(days=3, hours=2, minutes=5)) == "3 d 2 h ahead"
    assert apart("en", timedelta(minutes=-30)) == "30 min behind"
