"""The live draw in a real browser: told as it happens, over a restart of the server, and checked at its end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from english import chinese_in
from shuangsui.draws import feasibility
from watching import Stage, stage

pytestmark = pytest.mark.browser

Plain = Callable[[str], Callable[..., Page]]
NOISE = "Failed to load resource"
"""What Chromium says by itself of a server that is away."""


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """An authority ready to draw."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(feasibility, "TRIALS", 3)
        made = stage(tmp_path_factory.mktemp("live"))
        yield made
        made.authority.engine.dispose()


@pytest.fixture(scope="module")
def drawn(hall: Stage) -> str:
    """Number of a draw that has ended."""
    draw = hall.committed()
    hall.entered(draw)
    hall.revealed(draw)
    hall.run(draw)
    return draw.no


@pytest.fixture
def origin(hall: Stage, drawn: str) -> Iterator[str]:
    """A server that has published the draw."""
    with hall.serving() as server:
        deadline, page = time.monotonic() + 60, f"{server.url}/chongqing/draws/{drawn}/result.json"
        while not httpx.get(page).is_success and time.monotonic() < deadline:
            time.sleep(0.5)
        yield server.url


def tasks(page: Page) -> list[int]:
    """Numbers of the table's rows from top to bottom."""
    return [int(text) for text in page.locator("#picks tr td:first-child").all_inner_texts()]


def checked(page: Page) -> Page:
    """Once everything is shown and this browser has recomputed it."""
    page.wait_for_selector("body[data-shown][data-done]", timeout=60_000)
    return page


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_an_ended_draw_stands_at_once_checked_accessible_and_silent(
    open_plain: Plain, origin: str, drawn: str, size: str, messages: list[str]
) -> None:
    """All steps done, newest on top, five proofs green; no axe violation, no sideways scroll, a silent console."""
    page = checked(open_plain(origin)(f"/live/chongqing/{drawn}", size, javascript=True))
    found = tasks(page)
    assert found == list(range(len(found), 0, -1))
    assert page.locator("#count").inner_text() == str(len(found)) == page.locator("#total").inner_text()
    assert page.locator("#steps [data-now=done]").count() == 6
    assert page.locator("[data-proof][data-state=pass]").count() == 5
    assert page.locator("#verdict h2").inner_text() == "核验通过，未经见证"
    assert (page.locator("#bins rect").count(), page.locator("#lines rect").count()) == (48, len(found))
    assert "毫秒" in page.locator("#spent").inner_text()
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    assert (page.locator("[style]").count(), messages) == (0, [])


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_english_page_leaves_only_names_in_chinese(
    open_plain: Plain, origin: str, drawn: str, size: str, messages: list[str]
) -> None:
    """Reached from the Chinese one; titles and names are marked, everything else is English to the last verdict."""
    page = open_plain(origin)(f"/live/chongqing/{drawn}", size, javascript=True)
    page.get_by_role("link", name="English").click()
    assert checked(page).url == f"{origin}/live/chongqing/{drawn}/en"
    assert page.locator("#verdict h2").inner_text() == "Verified, not witnessed"
    assert chinese_in(page.content()) == []
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    page.get_by_role("link", name="See the public record").click()
    assert page.url == f"{origin}/chongqing/en/draws/{drawn}/"
    page.get_by_role("link", name="Watch the draw again").click()
    assert page.url == f"{origin}/live/chongqing/{drawn}/en"
    assert messages == []


def test_replay_walks_and_can_be_cut_short(open_plain: Plain, origin: str, drawn: str) -> None:
    """The same rows again, one by one, or all at once."""
    page = checked(open_plain(origin)(f"/live/chongqing/{drawn}", javascript=True))
    found = tasks(page)
    page.get_by_role("button", name="从头重放").click()
    assert page.locator("body[data-shown]").count() == 0
    page.get_by_role("button", name="全部显示").click()
    page.wait_for_selector("body[data-shown]")
    assert tasks(page) == found


def test_without_scripts_the_page_leads_to_the_record(open_plain: Plain, origin: str, drawn: str) -> None:
    """It says so, and the link opens."""
    page = open_plain(origin)(f"/live/chongqing/{drawn}")
    page.locator("noscript a", has_text="抽取公示").click()
    assert page.url == f"{origin}/chongqing/draws/{drawn}/"
    page.get_by_role("link", name="重看抽取直播").click()
    assert page.url == f"{origin}/live/chongqing/{drawn}"


WRONG = "摇号的第三个球落地后才读数。"
AWAY = 9
"""Seconds without a server while the browser recomputes: longer than it repeats what failed for another reason."""
WATCHED = """() => {
  globalThis.said = [];
  const place = document.getElementById("said");
  new MutationObserver(() => said.push(place.textContent)).observe(place, { childList: true });
}"""


def test_a_viewer_sees_a_draw_through_over_two_restarts(
    open_plain: Plain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, messages: list[str]
) -> None:
    """The server goes away in mid-draw, twice; the table ends complete and in order, spoken every sixth time.

    An objection raised meanwhile stands there, once.
    """
    monkeypatch.setattr(feasibility, "TRIALS", 3)
    hall = stage(tmp_path)
    draw = hall.committed()
    with hall.serving() as server:
        page = open_plain(server.url)(f"/live/chongqing/{draw.no}", javascript=True)
        expect(page.locator("#what")).to_contain_text("等待公共随机数")
        expect(page.locator("#line")).to_have_text("直播中")
        page.evaluate(WATCHED)
    expect(page.locator("#line")).to_have_text("连接中断，正在重连")
    hall.entered(draw)
    hall.objected(draw, WRONG)
    with hall.serving():
        expect(page.locator("#what")).to_contain_text("等待各方揭示秘密数", timeout=30_000)
        expect(page.locator("#objections li")).to_contain_text(WRONG)
        assert page.locator("[data-proof=entropy]").get_attribute("data-state") == "said"
        hall.revealed(draw)
        hall.run(draw)
        page.wait_for_selector("#picks tr", timeout=30_000)
    time.sleep(AWAY)
    with hall.serving():
        page.wait_for_selector("body[data-shown][data-done]", timeout=90_000)
        found = tasks(page)
        spoken = [text for text in page.evaluate("said") if text.startswith("已展示")]
        assert page.locator("#objections li").count() == 1
    total = sum(draw.draft["quota"].values())
    assert found == list(range(total, 0, -1))
    assert [int(text.split()[1]) for text in spoken] == [n for n in range(1, total + 1) if n % 6 == 0 or n == total]
    assert [text for text in messages if NOISE not in text] == []
    hall.authority.engine.dispose()
