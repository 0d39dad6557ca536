"""A rule from draft to effect and back in a real browser, without scripts; the preview's numbers against a re-run."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page
from sqlmodel import select

from authority import Authority
from console import SECRET
from shuangsui.access import service as access
from shuangsui.draws import changing
from shuangsui.draws.office import Office
from shuangsui.draws.tables import Draw
from shuangsui.extension.overlay import seated
from shuangsui.settings import Settings
from towns import founded, served

pytestmark = pytest.mark.browser

RULE = "/console/rules/draw.alternates"
Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Authority, Settings]]:
    """An authority that has drawn, with passwords for two people; its clock stands in June 2026."""
    with founded(tmp_path_factory.mktemp("rules")) as (authority, settings):
        authority.drawn()
        with authority.session() as session:
            for login in ("lead", "leader"):
                access.give_password(session, login, by="sec.admin", own=SECRET)
        yield authority, settings


@pytest.fixture(scope="module")
def origin(city: tuple[Authority, Settings]) -> Iterator[str]:
    """Its running server."""
    with served(*city) as server:
        yield server.url


@pytest.fixture
def visit(open_plain: Callable[[str], Visit], origin: str) -> Visit:
    """Open a path of the running server in a browser of its own."""
    return open_plain(origin)


@pytest.fixture
def people(visit: Visit) -> dict[str, Page]:
    """Two browsers, each signed in as one person."""
    pages = {login: visit("/console/login") for login in ("lead", "leader")}
    for login, page in pages.items():
        page.get_by_label("机关").select_option("chongqing")
        page.get_by_label("登录名").fill(login)
        page.get_by_label("口令").fill(SECRET)
        page.get_by_role("button", name="登录").click()
    return pages


def fill(page: Page, act: str, **fields: str) -> None:
    """Open a form, fill it in, and send it."""
    form = page.locator(f"#{act}")
    form.locator("summary").click()
    for name, text in fields.items():
        form.locator(f"#{act}-{name}").fill(text)
    form.locator("button").click()


def approve(page: Page, address: str) -> None:
    """Another person looks at a revision and approves it."""
    page.goto(address)
    page.locator("#approve button").click()
    assert "已批准" in page.locator("dl").first.inner_text()


def test_rule_goes_from_draft_to_effect_and_back(
    city: tuple[Authority, Settings], origin: str, people: dict[str, Page]
) -> None:
    """Draft, preview, a second person, effect, a real re-run with the preview's numbers, and the rollback."""
    authority, lead, leader, revision = city[0], people["lead"], people["leader"], f"{origin}/console/rules/revisions"
    today = authority.today.isoformat()
    lead.goto(f"{origin}{RULE}")
    before = lead.locator("dl").first.inner_text()
    fill(lead, "revise", value="4", article="第二条", own_basis="某〔2026〕1号")
    assert lead.url.startswith(f"{revision}/1?")
    lead.get_by_role("link", name="查看谁会受影响").click()
    assert "按哪一天推算" in lead.locator("dl").first.inner_text()
    foreseen = lead.request.get(f"{origin}/api/rules/revisions/1/preview").json()["lines"][0]
    lead.goto(f"{revision}/1")
    fill(lead, "propose", valid_from=today, reason="试点")
    approve(leader, f"{revision}/1")
    lead.goto(f"{origin}{RULE}")
    assert "规则修订 1 号" in lead.locator("dl").first.inner_text()
    assert foreseen["alternates_before"] != foreseen["alternates_after"] == 4
    assert rerun(authority) == (foreseen["strata_after"], foreseen["drawn_after"], foreseen["alternates_after"])
    lead.goto(f"{revision}/1")
    fill(lead, "rollback", valid_from=today, reason="试点结束")
    assert lead.url.startswith(f"{revision}/2?")
    approve(leader, f"{revision}/2")
    lead.goto(f"{origin}{RULE}")
    assert lead.locator("dl").first.inner_text() == before


def rerun(authority: Authority) -> tuple[dict[str, int], int, int]:
    """The round is voided and frozen again as things are now: quota, how many, alternates."""
    with authority.session() as session:
        tree = seated(session, authority.office.tree)
        authority.office = Office(tree, tree.get("chongqing"), authority.office.keyring)
        changing.void(session, session.exec(select(Draw.no)).one(), "试点", actor="leader")
    made = authority.freeze().draft
    return made["quota"], sum(made["quota"].values()), made["alternates"]
