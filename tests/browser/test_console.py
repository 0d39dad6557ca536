"""The console in a real browser, without and with scripts: signing in and out, forms, barriers, narrow screens."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from console import staff
from serving import serving
from shuangsui import db
from shuangsui.access.policy import Role
from shuangsui.migrations import migrate
from shuangsui.settings import Settings
from signing import sign_in

pytestmark = pytest.mark.browser

PAGES = [
    "/console/login", "/console/", "/console/users", "/console/users/li", "/console/password",
    "/console/calendar?end=2026-12-03&days=20", "/console/calendar/2026",
]  # fmt: skip
Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running server whose authority has a security administrator and a leader."""
    settings = Settings(var=tmp_path_factory.mktemp("console") / "var")
    settings.public.mkdir(parents=True)
    migrate(settings.database)
    engine = db.engine(settings)
    staff(engine, {"li": Role.LEADER})
    engine.dispose()
    with serving(settings) as server:
        yield server.url


@pytest.fixture
def visit(open_plain: Callable[[str], Visit], origin: str) -> Visit:
    """Open a path of the running server in a browser of its own."""
    return open_plain(origin)


def test_signing_in_and_out_without_scripts(visit: Visit, origin: str) -> None:
    """A wrong password says its sentence; then the wanted page opens; after signing out it is closed again."""
    page = visit("/console/users")
    assert page.url == f"{origin}/console/login?next=%2Fconsole%2Fusers"
    sign_in(page, "anquan", "quite wrong indeed")
    said = "登录名、口令、动态验证码或机关不对，或者该用户在所选机关没有角色：请核对后重新输入。"
    assert page.get_by_role("alert").inner_text() == said
    assert page.get_by_label("登录名").input_value() == "anquan"
    sign_in(page, "anquan")
    assert (page.url, page.get_by_role("heading", level=1).inner_text()) == (f"{origin}/console/users", "用户与角色")
    page.get_by_role("button", name="退出").click()
    assert page.url == f"{origin}/console/login"
    page.goto(f"{origin}/console/")
    assert page.url == f"{origin}/console/login?next=%2Fconsole%2F"


def test_a_form_is_filled_in_refused_and_done_without_scripts(visit: Visit, origin: str) -> None:
    """The refusal keeps what was typed; the one-time password then opens the page for an own one."""
    page = visit("/console/login")
    sign_in(page, "anquan")
    page.get_by_role("link", name="用户与角色").click()
    page.get_by_text("添加用户", exact=True).first.click()
    form = page.locator("#add")
    form.get_by_label("登录名").fill("li")
    form.get_by_label("姓名").fill("王某")
    form.get_by_label("角色").select_option("inspector")
    form.get_by_role("button", name="添加用户").click()
    assert page.get_by_role("alert").inner_text() == "登录名 li 已被使用：请另取登录名；已有的用户只须授权。"
    assert form.get_by_label("姓名").input_value() == "王某"
    form.get_by_label("登录名").fill("wang")
    form.get_by_role("button", name="添加用户").click()
    once = page.locator(".once").inner_text()
    page.get_by_role("button", name="退出").click()
    sign_in(page, "wang", once)
    assert page.url == f"{origin}/console/password"


@pytest.mark.parametrize("size", ["desktop", "narrow"])
def test_console_is_silent_accessible_and_fits(visit: Visit, origin: str, size: str, messages: list[str]) -> None:
    """No axe violation, no sideways scrolling, no message of the content policy; every form opened."""
    page = visit("/console/login", size, javascript=True)
    for path in PAGES:
        page.goto(origin + path)
        for summary in page.locator("summary").all():
            summary.click()
        violations = Axe().run(page).response["violations"]
        assert [(path, v["id"], [node["html"] for node in v["nodes"]]) for v in violations] == []
        assert (path, page.evaluate("document.documentElement.scrollWidth - innerWidth")) == (path, 0)
        assert page.locator("[style]").count() == 0
        if path == "/console/login":
            sign_in(page, "anquan")
    assert messages == []
