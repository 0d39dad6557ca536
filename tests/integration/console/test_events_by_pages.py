"""Digits that are typed and a beacon that is fetched, by pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from beacon import DIGITS, MADE, MARGIN, ROUND, VALUE, Beacon, beaconed
from offices import Offices
from shuangsui.testing.faults import Fault

SECOND = timedelta(seconds=1)


@pytest.fixture
def one(offices: Offices, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Beacon]:
    """The same authority on the day of the round."""
    with beaconed(offices.authority, tmp_path, monkeypatch) as found:
        yield found


def test_r8_6_supervisor_types_and_fetches_on_the_page(offices: Offices, one: Beacon) -> None:
    """Each act when its turn has come; the page and the public one show both events."""
    draw = f"/draws/{one.committed().no}"
    one.until(MADE - MARGIN + SECOND)
    offices.staff("supervisor")  # a password is good for ninety days
    assert offices.data("supervisor", draw)["acts"] == ["abandon", "event"]
    offices.done("supervisor", f"{draw}/event", digits=f"{DIGITS[:10]} {DIGITS[10:]}")
    assert offices.data("supervisor", draw)["acts"] == ["abandon", "fetch-event"]
    assert offices.submit("supervisor", f"{draw}/fetch-event").status_code == 409
    one.until(MADE + SECOND)
    offices.done("supervisor", f"{draw}/fetch-event")
    (table,) = [one for one in offices.data("supervisor", draw)["tables"] if one["title"] == "公开随机事件"]
    assert [(row["form"], row["value"]) for row in table["rows"]] == [("20 位数字", DIGITS), (f"第 {ROUND} 轮", VALUE)]
    folder = one.settings.public / "chongqing" / draw[1:]
    page = (folder / "index.html").read_text("utf-8")
    assert (str(ROUND) in page, 'href="event-2.json"' in page, VALUE in page) == (True, True, True)
    assert (folder / "event-2.json").is_file()


def test_forged_beacon_is_told_on_the_page(offices: Offices, one: Beacon) -> None:
    """An outside system failed, and the draw waits as before."""
    draw = f"/draws/{one.committed().no}"
    one.until(MADE + SECOND)
    offices.staff("supervisor")  # a password is good for ninety days
    offices.done("supervisor", f"{draw}/event", digits=DIGITS)
    one.sink.fail("drand", Fault(forged=True))
    answer = offices.submit("supervisor", f"{draw}/fetch-event")
    assert (answer.status_code, "签名不对" in answer.text) == (503, True)
    assert offices.data("supervisor", draw)["draw"]["state"] == "committed"
