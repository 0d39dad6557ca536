"""The import of a registry in a real browser: a bad file, the mended one, both sizes, with and without scripts."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from authority import objects
from console import staff
from serving import serving
from shuangsui import db
from shuangsui.access.policy import Role
from shuangsui.migrations import migrate
from shuangsui.settings import Settings
from signing import sign_in

pytestmark = pytest.mark.browser

Visit = Callable[..., Page]
PART = "<p>正在逐行核对：已处理 4,000 行</p>"
PATIENCE = 60_000
"""Milliseconds for the worker, which has other things to do when it has just begun."""


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running server of one authority with nothing in its registries."""
    settings = Settings(var=tmp_path_factory.mktemp("imports") / "var")
    settings.public.mkdir(parents=True)
    migrate(settings.database)
    engine = db.engine(settings)
    staff(engine, {"li": Role.LEAD_OFFICE})
    engine.dispose()
    with serving(settings) as server:
        yield server.url


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A file of many rows with two errors, and the same without; two headers are of its maker's own making."""
    rows = [["信用号", *list(objects(1)[0])[1:], "附注"], *([*one.values(), ""] for one in objects(6000))]
    good, bad = tmp_path / "名录.csv", tmp_path / "有错.csv"
    write(good, rows)
    rows[5][0], rows[7][1] = "坏", ""
    write(bad, rows)
    return bad, good


def write(path: Path, rows: list[list[str]]) -> None:
    """As a CSV."""
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)


@pytest.fixture
def start(open_plain: Callable[[str], Visit], origin: str) -> Callable[..., Page]:
    """The first step, signed in."""

    def open_(size: str = "desktop", **named: bool) -> Page:
        page = open_plain(origin)("/console/login?next=/console/registries/objects", size, **named)
        sign_in(page, "li")
        page.get_by_role("link", name="导入文件").click()
        return page

    return open_


def send(page: Page, file: Path, *, scripts: bool = True) -> None:
    """The first and the second step; a script sends the file as soon as it is chosen."""
    page.get_by_label("文件").set_input_files(file)
    if not scripts:
        page.get_by_role("button", name="上传").click()
    page.get_by_label("统一社会信用代码").select_option("信用号")
    page.get_by_role("button", name="下一步").click()


def at_ease(page: Page) -> None:
    """Nothing hides sideways, and nothing is in anybody's way."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert Axe().run(page).response["violations"] == []


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_bad_file_is_refused_and_the_mended_one_goes_in(start, files, messages, size):
    """The page follows the work by itself; every step is at ease, and the keyboard is enough for the last one."""
    bad, good = files
    page = start(size, javascript=True)
    at_ease(page)
    send(page, bad)
    expect(page.get_by_role("alert")).to_contain_text("有2处错误", timeout=PATIENCE)
    assert "?" not in page.url
    at_ease(page)
    errors = page.get_by_role("table", name="逐处错误").locator("tbody tr")
    expect(errors).to_have_count(2)
    expect(errors.first).to_contain_text("统一社会信用代码是18位")
    with page.expect_download() as saved:
        page.get_by_role("link", name="下载错误清单").click()
    assert saved.value.suggested_filename == "有错-错误清单.xlsx"
    page.get_by_role("link", name="上传改好的文件").click()
    send(page, good)
    confirm = page.get_by_role("button", name="确认导入")
    expect(confirm).to_be_visible(timeout=PATIENCE)
    at_ease(page)
    confirm.press("Enter")
    expect(page.get_by_text("已经导入，名录现在就是这样")).to_be_visible(timeout=PATIENCE)
    at_ease(page)
    assert messages == []


def test_the_page_counts_the_rows_without_being_left(start, files, messages):
    """The region alone is exchanged, nothing is announced, the keyboard stays there; at the end comes the page."""
    page, asked = start(javascript=True), list[str]()

    def answer(route: Route) -> None:
        if part := route.request.headers.get("x-fragment"):
            asked.append(part)
        if part and len(asked) == 1:
            route.fulfill(body=PART, content_type="text/html; charset=utf-8")
        else:
            route.continue_()

    page.route("**/import/*", answer)
    send(page, files[1])
    page.get_by_role("link", name="刷新").focus()
    expect(page.locator("[data-refresh]")).to_have_text("正在逐行核对：已处理 4,000 行")
    assert page.evaluate("document.activeElement.textContent") == "刷新"
    assert page.locator("[data-refresh] [role], [data-refresh][role], [aria-live]").count() == 0
    expect(page.locator("[data-refresh]")).to_have_count(0, timeout=PATIENCE)
    assert (set(asked), "?" in page.url, messages) == ({"progress"}, False, [])


def test_every_step_works_without_scripts(start, files, messages):
    """Looking again is a link."""
    page = start(javascript=False)
    send(page, files[1], scripts=False)
    for name in ("确认导入", "查看名录"):
        done = page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name, exact=True))
        for _ in range(PATIENCE // 500):
            if done.is_visible():
                break
            page.wait_for_timeout(500)
            page.get_by_role("link", name="刷新").click()
        done.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("检查对象名录")
    assert messages == []
