"""Every public page, wide and narrow: silent console, no barrier, nothing cut off, light."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Response

pytestmark = pytest.mark.browser

PAGES = [
    "/", "/yuzhou/", "/yuzhou/items/", "/yuzhou/plans/2026/", "/yuzhou/draws/", "/yuzhou/draws/2026-006/",
    "/yuzhou/draws/2026-007/", "/yuzhou/draws/2026-008/", "/yuzhou/draws/2026-009/", "/yuzhou/results/",
    "/yuzhou/opendata/", "/yuzhou/a11y/", "/yuzhou/verify/", "/yuzhou/verify/?draw=2026-008",
]  # fmt: skip
ENGLISH = [
    "/yuzhou/en/draws/2026-006/", "/yuzhou/en/draws/2026-007/", "/yuzhou/en/draws/2026-008/",
    "/yuzhou/en/draws/2026-009/", "/yuzhou/en/verify/", "/yuzhou/en/verify/?draw=2026-008",
]  # fmt: skip
TRANSCRIPT = re.compile(r"/(plan|openings|result|receipt-\d+)\.json$|\.(txt|jsonl)$|/draws/[^/]+/index\.json$")
Open = Callable[..., Page]


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("path", PAGES + ENGLISH)
def test_page_is_silent_accessible_and_fits(path: str, size: str, open_page: Open, messages: list[str]) -> None:
    """No console message, no axe violation, no sideways scrolling, no style attribute."""
    page = open_page(path, size)
    if "draw=" in path:
        page.wait_for_selector("body[data-done]")
    violations = Axe().run(page).response["violations"]
    assert [(v["id"], [node["html"] for node in v["nodes"]]) for v in violations] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    assert page.locator("[style]").count() == 0
    assert messages == []


@pytest.mark.parametrize("path", PAGES + ENGLISH)
def test_page_weighs_at_most_60_kb(path: str, chromium: Browser, address: str) -> None:
    """Everything a page loads, compressed as any web server does, transcripts apart."""
    page, weights = chromium.new_page(), []

    def weigh(response: Response) -> None:
        if not TRANSCRIPT.search(response.url):
            weights.append(len(gzip.compress(response.body())))

    page.on("response", weigh)
    page.goto(address + path)
    if "draw=" in path:
        page.wait_for_selector("body[data-done]")
    page.close()
    assert sum(weights) <= 60 * 1024


@pytest.mark.parametrize("path", PAGES)
def test_page_says_demo_and_has_a_json_twin(path: str, site: Path) -> None:
    """A demonstration is marked on every page; the same data stand beside it as JSON."""
    folder = site / path.partition("?")[0].lstrip("/")
    html = (folder / "index.html").read_text("utf-8")
    assert html.count('<aside class="demo"') == 1
    assert html.count('type="application/json" href="index.json"') == 1
    assert isinstance(json.loads((folder / "index.json").read_text("utf-8")), dict)


@pytest.mark.parametrize("path", PAGES + ENGLISH)
def test_links_of_the_page_lead_to_existing_files(path: str, site: Path) -> None:
    """No dead end inside the tree; the sample has no file of one result, no folder of one authority and year.

    What is below ``/live/`` is answered by a server.
    """
    folder = site / path.partition("?")[0].lstrip("/")
    for link in re.findall(r'(?:href|src)="([^"]+)"', (folder / "index.html").read_text("utf-8")):
        address = urlsplit(link).path
        target = site / address.lstrip("/") if address.startswith("/") else folder / address
        known_gap = any(part in link for part in ("/beiling/", "/plans/2025/", "/results/2026-007-", "/live/"))
        assert known_gap or (target / "index.html" if target.is_dir() else target).is_file(), link


@pytest.mark.parametrize("path", ["/", "/yuzhou/draws/2026-007/", "/yuzhou/verify/"])
def test_page_reads_without_javascript(path: str, open_page: Open) -> None:
    """Heading and lists do not depend on scripts."""
    page = open_page(path, javascript=False)
    assert page.get_by_role("heading", level=1).count() == 1
    assert page.get_by_role("listitem").or_(page.get_by_role("row")).first.is_visible()


def test_draws_page_adds_up(open_page: Open) -> None:
    """P plans = R results + A abandoned + O open, and the abandoned draw shows its reason."""
    page = open_page("/yuzhou/draws/")
    total, *parts = [int(text) for text in page.locator(".sum b").all_inner_texts()]
    assert total == sum(parts) == page.locator("tbody tr").count()
    assert "公共随机事件未能举行" in page.get_by_role("row", name="2026-006").inner_text()


def test_r14_7_withheld_result_keeps_its_place(open_page: Open) -> None:
    """A result withheld by law is a placeholder with its basis, without the company."""
    page = open_page("/yuzhou/results/")
    row = page.locator("[data-row]", has_text="依法不予公开")
    assert "《政府信息公开条例》第十四条" in row.inner_text()
    assert "云台稀土" not in page.content()


def test_results_can_be_searched_from_the_home_page(open_page: Open) -> None:
    """A company's name typed on the home page narrows the results."""
    page = open_page("/yuzhou/")
    page.get_by_role("searchbox").fill("南山")
    page.get_by_role("button", name="查询", exact=True).click()
    page.wait_for_url("**/results/?q=*")
    assert page.locator("[data-row]:visible").count() == 1
    assert page.get_by_role("status").inner_text() == "找到 1 条"


def test_larger_type_is_remembered(open_page: Open) -> None:
    """大字版 stays on the next page."""
    page = open_page("/yuzhou/", "phone")
    page.get_by_role("button", name="大字版").click()
    page.get_by_role("link", name="抽取公示").click()
    page.wait_for_selector("html[data-size=elder]")
    assert page.get_by_role("button", name="大字版").get_attribute("aria-pressed") == "true"
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0


def test_draw_page_lists_every_file_with_its_digest(open_page: Open, site: Path) -> None:
    """Name, size and SHA-256 of what lies in the folder."""
    page = open_page("/yuzhou/draws/2026-007/")
    folder = site / "yuzhou" / "draws" / "2026-007"
    names = {path.name for path in folder.iterdir()} - {"index.html", "index.json"}
    links = page.locator("a[download]")
    assert set(links.all_inner_texts()) == names
    files: list[dict[str, Any]] = json.loads((folder / "index.json").read_text("utf-8"))["files"]
    shown = {text.replace(" ", "") for text in page.locator("td[data-th='SHA-256']").all_inner_texts()}
    assert shown == {file["sha256"] for file in files}


def test_csp_stops_injected_code(open_page: Open, messages: list[str]) -> None:
    """Script text, markup from text and a style attribute are all refused."""
    page = open_page("/yuzhou/")
    outcome = page.evaluate(
        """() => {
          const script = document.createElement("script");
          try { script.textContent = "window.hit = 1"; document.body.append(script); } catch {}
          let markup = "refused";
          try { document.body.innerHTML = "<b>x</b>"; markup = "accepted"; } catch {}
          return [window.hit ?? null, markup];
        }"""
    )
    assert outcome == [None, "refused"]
    assert messages != []
