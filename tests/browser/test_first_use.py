"""The first use: from an authority with nothing in it to a published draw, by a clerk who has never been here.

Counted is whatever the clerk taps, types or chooses, signing in included. What others do meanwhile they do by
themselves, and the clerk's page follows them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from authority import Authority, inspectors, items, objects
from console import SECRET
from fairdraw import seed
from fairdraw.secret import make
from fairdraw.suites import hasher
from serving import Server
from shuangsui.access import service as access
from shuangsui.catalogue import drafting
from shuangsui.catalogue import service as catalogue
from shuangsui.draws import events, witnessing
from shuangsui.draws import service as draws
from shuangsui.draws.office import find
from shuangsui.draws.tables import Draw
from shuangsui.planning import service as planning
from steps import Steps
from towns import founded, served

pytestmark = pytest.mark.browser

STEPS = 24
"""At most 25 are promised."""
PATIENCE = 60_000
"""Milliseconds for the worker, and for a page to notice what somebody else has done."""
NUMBER = bytes(32)
DIGITS = "31415926535897932384"
UNDECIDED = "JX-15"
WATCHING = "chongqing-supervision"
"""As the form had proposed."""


@dataclass
class Hall:
    """A running authority of whose people everybody has a password, and nobody has done anything."""

    authority: Authority
    server: Server

    def file(self, name: str, rows: list[dict[str, str]]) -> Path:
        """What the clerk has on the desk."""
        return self.authority.write(name, rows)

    def confirm_list(self) -> None:
        """By the business office."""
        with self.authority.session() as session:
            drafting.confirm(session, actor="business")

    def approve_list(self) -> None:
        """By the leader."""
        with self.authority.session() as session:
            rules = self.authority.office.rules(self.authority.today)
            catalogue.approve(session, actor="leader", rules=rules)

    def approve_plan(self) -> None:
        """By the leader."""
        with self.authority.session() as session:
            planning.approve(session, self.authority.today.year, actor="leader")

    def watch(self, no: str) -> None:
        """All that whoever watches the draw does: a promise, the digits that fell, the number that was promised."""
        draw = self._promise(no)
        self.authority.wait(minutes=30)
        with self.authority.session() as session:
            events.enter_event(session, self.authority.office, no, DIGITS, actor="supervisor")
        links = seed.chain(NUMBER, draw.draft["replacements"], hasher("sha256"))
        with self.authority.session() as session:
            draws.reveal(session, self.authority.office, no, WATCHING, links[-1].hex(), actor="supervisor")

    def _promise(self, no: str) -> Draw:
        office = self.authority.office
        with self.authority.session() as session:
            promise = make(find(session, no).draft, WATCHING, NUMBER, None)["commit"]
            draw = draws.commit(session, office, no, WATCHING, promise, None, actor="supervisor")
        witnessing.collect(self.authority.engine, office, actor="supervisor")
        return draw


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """Served."""
    with founded(tmp_path_factory.mktemp("first")) as (authority, settings):
        with authority.session() as session:
            for login in ("lead", "business", "leader", "supervisor"):
                access.give_password(session, login, by="sec.admin", own=SECRET)
        with served(authority, settings) as server:
            yield Hall(authority, server)


def sign_in(steps: Steps) -> None:
    """At the own authority's door."""
    steps.fill("登录名", "lead")
    steps.fill("口令", SECRET)
    steps.tap("button", "登录")


def take_in(steps: Steps, title: str, file: Path) -> None:
    """A registry whose columns are named as ours."""
    steps.tap("link", f"导入{title}")
    steps.upload("文件", file)
    button = steps.page.get_by_role("button", name="确认导入")
    expect(button).to_be_visible(timeout=PATIENCE)
    steps.tap("button", "确认导入")
    expect(steps.page.get_by_text("已经导入，名录现在就是这样")).to_be_visible(timeout=PATIENCE)


def publish_list(steps: Steps, hall: Hall, file: Path) -> None:
    """Handed in, confirmed, approved."""
    steps.tap("link", "公布随机抽查事项清单")
    steps.upload("文件", file)
    steps.tap("button", "导入事项")
    hall.confirm_list()
    steps.tap("button", "提交委领导批准")
    hall.approve_list()
    shown(steps.page, "公布清单")
    steps.tap("button", "公布清单")


def publish_plan(steps: Steps, hall: Hall) -> None:
    """One line, as it is proposed."""
    steps.tap("link", "公布年度抽查工作计划")
    steps.tap("button", "新建计划")
    steps.tap("button", "加入条目")
    steps.tap("button", "提交委领导批准")
    hall.approve_plan()
    shown(steps.page, "公布计划")
    steps.tap("button", "公布计划")


def draw(steps: Steps, hall: Hall) -> str:
    """Four steps; the number of the draw."""
    steps.tap("link", "发起第一次抽取")
    steps.tap("link", f"{hall.authority.today.year}-1")
    steps.tap("link", "下一步")
    steps.tap("link", "下一步")
    steps.tap("button", "冻结名录并起草方案")
    no = steps.page.url.rpartition("/")[2].partition("?")[0]
    hall.watch(no)
    hall.authority.wait(minutes=5)  # then the result comes without anybody's pressing
    return no


def shown(page: Page, button: str) -> None:
    """Without being asked for."""
    expect(page.get_by_role("button", name=button)).to_be_visible(timeout=PATIENCE)


def test_a_clerk_publishes_the_first_draw(
    open_plain: Callable[[str], Callable[..., Page]], hall: Hall, messages: list[str]
) -> None:
    """No step more than there are; the result is public."""
    rows = {"objects": objects(200), "inspectors": inspectors(12)}
    listed = hall.file("items", [row for row in items() if row["编号"] != UNDECIDED])
    page = open_plain(hall.server.url)("/console/login?tenant=chongqing", "desktop", javascript=True)
    steps = Steps(page)
    sign_in(steps)
    take_in(steps, "检查对象名录", hall.file("objects", rows["objects"]))
    take_in(steps, "执法检查人员名录", hall.file("inspectors", rows["inspectors"]))
    publish_list(steps, hall, listed)
    publish_plan(steps, hall)
    no = draw(steps, hall)
    assert is_public(hall.server.url, no)
    assert (steps.count, messages) == (STEPS, [])


def is_public(url: str, no: str) -> bool:
    """Its result, on the public site."""
    deadline, page = time.monotonic() + PATIENCE / 1000, f"{url}/chongqing/draws/{no}/result.json"
    while not (found := httpx.get(page).is_success) and time.monotonic() < deadline:
        time.sleep(0.5)
    return found
