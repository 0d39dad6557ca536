"""The pages of the inspected in a real browser: on a telephone and wide, with and without scripts."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from english import chinese_in
from inspecting import Team, team
from shuangsui.cli.walk import Course
from shuangsui.inspections import followup, links, records
from shuangsui.inspections.followup import Order
from shuangsui.inspections.states import Disposition, Party
from towns import founded, served

pytestmark = pytest.mark.browser

Visit = Callable[..., Page]
PHOTO = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGNoUFAAIgYIBQAWjgMBwmTFJwAAAABJRU5ErkJggg=="
)
"""Four pixels."""
SMALL = """els => els.filter((el) => {
  const box = (el.type === "checkbox" || el.type === "radio" ? el.closest("label") : el).getBoundingClientRect();
  return box.width > 0 && box.height < 44;
}).map((el) => el.outerHTML)"""
"""Whatever is tapped and is lower than 44 px."""
PAGES = ["", "/confirm", "/rectify", "/rate"]


@dataclass
class Town:
    """A running authority; the links of three inspections: announced, to be signed, with something to put right."""

    url: str
    announced: str
    signing: str
    ended: str


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Three tasks of one draw."""
    with founded(tmp_path_factory.mktemp("enterprise")) as (authority, settings):
        first, second = (team(authority, task=n) for n in (0, 1))
        third = team(authority, task=2, course=Course(("pending",), {"1": "发现淘汰设备一台"}))
        first.until("arrive")
        second.until("sign")
        for person in second.people():
            second.act(records.sign, person, Party.OFFICER)
        third.whole()
        order = Order(Disposition.RECTIFY, demand="拆除淘汰设备", due=authority.today + timedelta(days=3))
        third.decide(followup.dispose, 1, order, actor="lead")
        with served(authority, settings) as server:
            yield Town(server.url, *map(_link, (first, second, third)))


def _link(one: Team) -> str:
    return f"/e/{one.decide(links.make_link, actor='lead')}"


@pytest.fixture
def visit(open_plain: Callable[[str], Visit], town: Town) -> Visit:
    """Open a path of the running server in a browser of its own, without scripts."""
    return open_plain(town.url)


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("which", ["announced", "signing", "ended"])
def test_page_is_silent_accessible_and_fits(
    town: Town, visit: Visit, messages: list[str], which: str, page: str, size: str
) -> None:
    """No console message, no axe violation, no sideways scrolling, no style attribute, one column."""
    shown = visit(getattr(town, which) + page, size, javascript=True)
    violations = Axe().run(shown).response["violations"]
    assert [(v["id"], [node["html"] for node in v["nodes"]]) for v in violations] == []
    assert shown.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    assert shown.locator("[style]").count() == 0
    gone = page == "/rate" and which != "ended"
    assert [one for one in messages if not (gone and "404" in one)] == []


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("page", PAGES)
def test_english_page_is_silent_accessible_and_fits(
    town: Town, visit: Visit, messages: list[str], page: str, size: str
) -> None:
    """The same, reached by the switch; nothing is Chinese that does not say so."""
    shown = visit(town.ended + page, size, javascript=True)
    shown.get_by_role("link", name="English").click()
    shown.wait_for_url("**?lang=en")
    assert chinese_in(shown.content()) == []
    violations = Axe().run(shown).response["violations"]
    assert [(v["id"], [node["html"] for node in v["nodes"]]) for v in violations] == []
    assert shown.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    found = shown.locator("main a, main button, main input:not([type=hidden]), main textarea, header a")
    assert (found.evaluate_all(SMALL), shown.locator("[style]").count(), messages) == ([], 0, [])


@pytest.mark.parametrize("page", PAGES)
def test_whatever_is_tapped_is_large_enough(town: Town, visit: Visit, page: str) -> None:
    """44 px, on the page with everything on it."""
    for link in (town.signing, town.ended):
        shown = visit(link + page, "phone", javascript=True)
        found = shown.locator("main a, main button, main input:not([type=hidden]), main textarea, header a")
        assert found.evaluate_all(SMALL) == []


def test_record_is_signed_and_objected_to_without_scripts(town: Town, visit: Visit) -> None:
    """From the notice and back, on a telephone."""
    page = visit(town.signing, "phone")
    page.get_by_role("link", name="检查记录").click()
    form = page.locator("#object")
    form.get_by_label("提出人姓名").fill("厂长(模拟)")
    form.get_by_label("对记录的哪一处有异议").fill("设备在检查之前已经停用")
    form.get_by_role("button", name="提交异议").click()
    expect(page.get_by_role("heading", name="已经提出的异议")).to_be_visible()
    form = page.locator("#sign")
    form.get_by_label("签字人姓名").fill("厂长(模拟)")
    form.get_by_label("我代表本单位签字").check()
    form.get_by_role("button", name="签字确认").click()
    expect(page.locator("#sign")).to_have_count(0)
    expect(page.get_by_text("厂长(模拟)").first).to_be_visible()
    page.get_by_role("link", name="检查通知").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("检查通知")


def test_proof_is_uploaded_without_scripts(town: Town, visit: Visit) -> None:
    """A statement and a photograph, before the clock runs out."""
    page = visit(f"{town.ended}/rectify", "phone")
    expect(page.locator(".e-clock.warn")).to_contain_text("还有 3 天")
    page.get_by_label("做了哪些整改").fill("设备已经拆除")
    page.get_by_label("照片或者文件").set_input_files({"name": "拆除.png", "mimeType": "image/png", "buffer": PHOTO})
    page.get_by_role("button", name="提交整改材料").click()
    expect(page.get_by_text("材料已经提交，等待检查机关复查。")).to_be_visible()
    expect(page.get_by_text("材料 1 份")).to_be_visible()


def test_the_address_is_told_to_no_other_page(town: Town, visit: Visit) -> None:
    """Whoever follows the way to the public draw comes from nowhere."""
    page, told = visit(town.announced, "phone"), []
    page.on("request", lambda request: told.append(request.headers.get("referer", "")))
    page.get_by_role("link", name="查看公开的抽取过程").click()
    assert [one for one in told if "/e/" in one] == []
