"""Lists in a real browser: filtering, sorting, leafing, going back, with the keyboard, without scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from console import HERE, staff
from crowd import crowd
from serving import serving
from shuangsui import db
from shuangsui.access.policy import Role
from shuangsui.migrations import migrate
from shuangsui.settings import Settings
from signing import sign_in

pytestmark = pytest.mark.browser

N = 230
Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running server whose authority has a few pages of objects."""
    settings = Settings(var=tmp_path_factory.mktemp("lists") / "var")
    settings.public.mkdir(parents=True)
    migrate(settings.database)
    engine = db.engine(settings)
    staff(engine, {"li": Role.LEAD_OFFICE})
    crowd(engine, HERE, (f"企业{i:04d}(模拟)" for i in range(N)))
    engine.dispose()
    with serving(settings) as server:
        yield server.url


@pytest.fixture
def objects(open_plain: Callable[[str], Visit], origin: str) -> Callable[..., Page]:
    """The list of objects, signed in."""

    def open_(**named: bool) -> Page:
        page = open_plain(origin)("/console/login?next=/console/objects", **named)
        sign_in(page, "li")
        if named["javascript"]:
            expect(page.get_by_role("group", name="行距")).to_be_visible()  # until its scripts run, a page does without
        return page

    return open_


def first(page: Page) -> str:
    """The code in the first row."""
    return page.locator("tbody a").first.inner_text()


def test_typing_filters_and_keeps_the_caret(objects, messages):
    """Letter by letter, without leaving the page; the address says what is shown."""
    page = objects(javascript=True)
    field = page.get_by_label("代码或名称的一部分")
    field.press_sequentially("企业012", delay=20)
    expect(page.locator("tbody tr")).to_have_count(10)
    expect(page.get_by_role("status")).to_have_text("共 10 条")
    assert page.evaluate("[document.activeElement.name, document.activeElement.selectionStart]") == ["q", 5]
    assert page.evaluate("decodeURIComponent(location.search)") == "?q=企业012"
    assert messages == []


def test_sorting_and_leafing_keep_the_focus_and_go_back(objects, messages):
    """The keyboard stays where it was; the back button brings back the order and the page before."""
    page = objects(javascript=True)
    page.get_by_role("link", name="名称").press("Enter")
    expect(page.locator("[aria-sort=ascending]")).to_have_text("名称")
    page.locator(":focus").press("Enter")
    expect(page.locator("[aria-sort=descending]")).to_have_text("名称")
    assert first(page) == f"9150{N - 1:014d}"
    page.get_by_role("link", name="下一页").press("Enter")
    expect(page.locator("tbody a").first).to_have_text(f"9150{N - 51:014d}")
    assert page.evaluate("document.activeElement.id") == "next-0"
    page.go_back()
    expect(page.locator("tbody a").first).to_have_text(f"9150{N - 1:014d}")
    page.go_back()
    expect(page.locator("[aria-sort=ascending]")).to_have_text("名称")
    assert messages == []


def test_an_ended_session_leads_to_the_page_for_signing_in(objects):
    """Never the form inside the list."""
    page = objects(javascript=True)
    page.context.clear_cookies()
    page.get_by_role("link", name="下一页").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    assert page.locator("[data-swap]").count() == 0


def test_rows_stand_as_close_as_chosen(objects):
    """Remembered on this device."""
    page = objects(javascript=True)
    before = page.locator("tbody tr").first.bounding_box()["height"]
    page.get_by_role("button", name="紧凑").click()
    assert page.locator("tbody tr").first.bounding_box()["height"] < before
    page.reload()
    assert page.get_by_role("button", name="紧凑").get_attribute("aria-pressed") == "true"


def test_everything_works_without_scripts(objects, origin):
    """Filter, order, next page and export are plain addresses."""
    page = objects(javascript=False)
    page.get_by_label("区县").select_option("渝中区")
    page.get_by_role("button", name="查询").click()
    page.get_by_role("link", name="名称").click()
    page.get_by_role("link", name="名称").click()
    page.get_by_role("link", name="下一页").click()
    assert first(page) == f"9150{N - 101:014d}"
    assert page.get_by_role("group", name="行距").is_hidden()
    with page.expect_download() as saved:
        page.get_by_role("link", name="CSV").click()
    assert len(saved.value.path().read_text("utf-8-sig").splitlines()) == N // 2 + 1
