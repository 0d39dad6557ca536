"""工作日历 at the console: what is known, how a term is found, a new notice and what it moves (R14.11)."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from authority import Authority
from console import DATA
from inspecting import team
from officials import Official
from shuangsui.calendar import official
from shuangsui.disclosure import terms
from shuangsui.disclosure.clocks import Terms


@pytest.fixture
def notice() -> bytes:
    """The arrangement of 2026 with one make-up Saturday more."""
    (known,) = [one for one in official().notices if one.year == 2026]
    return file_of(replace(known, make_up_days=known.make_up_days | {date(2026, 7, 4)}))


def file_of(notice: Any) -> bytes:
    """A notice as its file."""
    days = {name: sorted(map(str, getattr(notice, name))) for name in ("days_off", "make_up_days")}
    said = {"year": notice.year, "source": notice.source, "issued": str(notice.issued), **days}
    return json.dumps(said, ensure_ascii=False).encode()


def upload(who: Official, data: bytes) -> Any:
    """Send the form with a file."""
    form = {"csrf": who.csrf}
    return who.browser.post(
        "/console/calendar/import", data=form, files={"file": ("2026.json", data)}, headers={"Accept": "text/html"}
    )


def call(who: Official, data: bytes) -> Any:
    return who.call("/calendar/import", {"file": {"name": "2026.json", "data": b64encode(data).decode()}})


def years(who: Official) -> dict[int, dict[str, Any]]:
    shown = who.read("/calendar")
    return {
        row["year"]: row for table in shown["tables"] if table["title"] == "各年度的放假安排" for row in table["rows"]
    }


def test_r14_11_calendar_shows_its_years(authority: Authority, enter: Callable[..., Official]) -> None:
    """Each with its source; the next one is provisional and has the days of the decree."""
    who = enter("lead")
    found = years(who)
    assert sorted(found) == [*range(2018, 2028)]
    assert [year for year, row in found.items() if row["provisional"]] == [2027]
    assert who.read("/calendar")["health"] == "green"
    page = who.page("/calendar/2026").text
    assert (found[2026]["source"] in page, "2026-02-14" in page, "星期六" in page) == (True, True, True)
    assert "《全国年节及纪念日放假办法》" in who.page("/calendar/2027").text
    answer = who.browser.get("/api/calendar/2017", headers=DATA)
    assert (answer.status_code, answer.json()["code"]) == (404, "calendar_year_missing")


@pytest.mark.parametrize(
    ("end", "due", "provisional"),
    [("2026-01-30", "2026-03-05", False), ("2026-09-30", "2026-11-03", False), ("2026-12-03", "2026-12-29", True)],
)
def test_r14_1_term_is_worked_out_on_the_page(
    authority: Authority, enter: Callable[..., Official], end: str, due: str, provisional: bool
) -> None:
    """R14.1: the dates of the table, with every day between."""
    who = enter("inspection")
    asked = who.read(f"/calendar?end={end}&days=20")["asked"]
    assert (asked["end"], asked["due"], asked["provisional"]) == (end, due, provisional)
    assert (asked["steps"][-1]["day"], asked["steps"][-1]["n"]) == (due, 20)
    page = who.page(f"/calendar?end={end}&days=20").text
    assert (f"<strong>{due}</strong>" in page, "暂定：下一年" in page) == (True, provisional)


def test_r14_1_what_cannot_be_worked_out_is_refused(authority: Authority, enter: Callable[..., Official]) -> None:
    """Days that are none, and numbers out of range."""
    who = enter("lead")
    codes = {
        query: who.browser.get(f"/api/calendar?{query}", headers=DATA).json()["code"]
        for query in ("end=x", "end=1800-01-01", "end=2026-06-15&days=0", "end=2026-06-15&days=251")
    }
    assert list(codes.values()) == ["date_invalid", "date_invalid", "days_invalid", "days_invalid"]


def test_r14_11_import_moves_terms_and_shows_old_and_new(
    authority: Authority, enter: Callable[..., Official], notice: bytes
) -> None:
    """R14.11: a term that was known is a working day shorter; everybody sees from when to when."""
    one = team(authority).whole()
    sys, lead = enter("sys"), enter("lead")
    with authority.session() as session:
        terms.refresh(session, Terms.of(authority.office.rules(authority.today)), official(), authority.today)
    assert upload(sys, notice).headers["location"] == "/console/calendar?done=calendar.import"
    moves = next(table for table in lead.read("/calendar")["tables"] if table["title"] == "因放假安排变动的公开期限")
    assert [(row["key"], row["old"], row["new"], row["change"]) for row in moves["rows"]] == [
        (f"{one.no}/1", "2026-07-14", "2026-07-13", "提前"),
    ]
    assert "2026-07-13" in sys.page("/calendar").text
    assert years(lead)[2026]["origin"] == "本机关第 1 次导入"
    assert [row["due"] for row in lead.read("/due?days=20")["rows"]] == ["2026-07-13"]
    assert "公开期限提前" in lead.page("/").text


def test_r14_11_twin_of_the_import_says_what_moved(
    authority: Authority, enter: Callable[..., Official], notice: bytes
) -> None:
    """Nothing yet, since no term is known; the same days again are no new import."""
    who = enter("sys")
    first, again = call(who, notice).json(), call(who, notice).json()
    assert first == again
    assert (first["year"], first["moved"]) == (2026, [])
    imports = [table for table in who.read("/calendar/2026")["tables"] if table["title"] == "本机关的导入"]
    assert [(row["n"], row["by"]) for row in imports[0]["rows"]] == [(1, "sys")]


def test_r14_11_broken_notice_is_refused(authority: Authority, enter: Callable[..., Official]) -> None:
    """With what is wrong, in Chinese; nothing is taken in."""
    who = enter("sys")
    for data, problem in (
        (b"\xff\xfe\x00", "不是放假安排的 JSON 文件"), (b"[]", "不是放假安排的 JSON 文件"), (b"{}", "缺少 days_off"),
        (b'{"days_off": ["x"], "make_up_days": []}', "年度或日期写得不对：日期如 2026-01-02"),
    ):  # fmt: skip
        answer = upload(who, data)
        assert (answer.status_code, f"放假安排文件不能用：{problem}；" in answer.text) == (422, True)
        assert call(who, data).json()["code"] == "notice_invalid"
    assert years(who)[2026]["origin"] == "随系统"


def test_r14_11_only_who_keeps_the_settings_imports(
    authority: Authority, enter: Callable[..., Official], notice: bytes
) -> None:
    """Everybody reads the calendar; the form is the administrator's."""
    lead, sys = enter("lead"), enter("sys")
    assert (lead.offers("/calendar"), sys.offers("/calendar")) == ([], ["import"])
    assert (upload(lead, notice).status_code, call(lead, notice).json()["code"]) == (403, "not_allowed")
    assert years(lead)[2026]["origin"] == "随系统"


def test_r14_11_missing_notice_is_announced(authority: Authority, enter: Callable[..., Official]) -> None:
    """Amber from October on, red from December on."""
    seen = []
    for days in (110, 61):
        authority.wait(days=days)
        shown = enter("lead").read("/calendar")
        seen.append((shown["health"], shown["notes"]))
    assert seen == [
        ("amber", ["明年的放假安排尚未导入"]), ("red", ["今年或明年的放假安排仍未导入，请尽快办理"]),
    ]  # fmt: skip
