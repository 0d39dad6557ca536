"""First uses, counted: a clerk from nothing to a published draw, an inspector's record, a citizen's own verification.

Counted is whatever the person taps, types or chooses. What others do meanwhile they do by themselves, and the page
follows them.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import httpx
from playwright.sync_api import Page, expect

from authority import Authority
from fairdraw import seed
from fairdraw.secret import make
from fairdraw.suites import hasher
from shuangsui.catalogue import drafting
from shuangsui.catalogue import service as catalogue
from shuangsui.draws import events, witnessing
from shuangsui.draws import service as draws
from shuangsui.draws.office import find
from shuangsui.draws.tables import Draw
from shuangsui.planning import service as planning
from steps import Steps

PROMISED = {"clerk": 25, "inspector": 20, "citizen": 3}
"""At most so many interactions each."""
PATIENCE = 60_000
"""Milliseconds for the worker, and for a page to notice what somebody else has done."""
NUMBER = bytes(32)
DIGITS = "31415926535897932384"


@dataclass
class Hall:
    """A running authority of whose people everybody has a password, and nobody has done anything."""

    authority: Authority
    url: str

    @property
    def watching(self) -> str:
        """The holder of a secret that the form proposes."""
        return f"{self.authority.slug}-supervision"

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
            draws.reveal(session, self.authority.office, no, self.watching, links[-1].hex(), actor="supervisor")

    def _promise(self, no: str) -> Draw:
        office = self.authority.office
        with self.authority.session() as session:
            promise = make(find(session, no).draft, self.watching, NUMBER, None)["commit"]
            draw = draws.commit(session, office, no, self.watching, promise, None, actor="supervisor")
        witnessing.collect(self.authority.engine, office, actor="supervisor")
        return draw


def first_draw(steps: Steps, hall: Hall, files: Path, password: str) -> str:
    """The clerk's whole way on a page to sign in; the number of the draw, which is public then."""
    _sign_in(steps, password)
    _take_in(steps, "检查对象名录", files / "objects.csv")
    _take_in(steps, "执法检查人员名录", files / "inspectors.csv")
    _publish_list(steps, hall, files / "items.csv")
    _publish_plan(steps, hall)
    no = _draw(steps, hall)
    _published(f"{hall.url}/{hall.authority.slug}/draws/{no}/result.json")
    return no


def _sign_in(steps: Steps, password: str) -> None:
    """At the own authority's door."""
    steps.fill("登录名", "lead")
    steps.fill("口令", password)
    steps.tap("button", "登录")


def _take_in(steps: Steps, title: str, file: Path) -> None:
    """A registry whose columns are named as ours."""
    steps.tap("link", f"导入{title}")
    steps.upload("文件", file)
    _shown(steps.page, "确认导入")
    steps.tap("button", "确认导入")
    expect(steps.page.get_by_text("已经导入，名录现在就是这样")).to_be_visible(timeout=PATIENCE)


def _publish_list(steps: Steps, hall: Hall, file: Path) -> None:
    """Handed in, confirmed, approved."""
    steps.tap("link", "公布随机抽查事项清单")
    steps.upload("文件", file)
    steps.tap("button", "导入事项")
    hall.confirm_list()
    steps.tap("button", "提交委领导批准")
    hall.approve_list()
    _shown(steps.page, "公布清单")
    steps.tap("button", "公布清单")


def _publish_plan(steps: Steps, hall: Hall) -> None:
    """One line, as it is proposed."""
    steps.tap("link", "公布年度抽查工作计划")
    steps.tap("button", "新建计划")
    steps.tap("button", "加入条目")
    steps.tap("button", "提交委领导批准")
    hall.approve_plan()
    _shown(steps.page, "公布计划")
    steps.tap("button", "公布计划")


def _draw(steps: Steps, hall: Hall) -> str:
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


def _shown(page: Page, button: str) -> None:
    """Without being asked for."""
    expect(page.get_by_role("button", name=button)).to_be_visible(timeout=PATIENCE)


def _published(address: str) -> None:
    deadline = time.monotonic() + PATIENCE / 1000
    while not httpx.get(address).is_success:
        assert time.monotonic() < deadline, address
        time.sleep(0.5)


def walk_in(steps: Steps, no: str) -> None:
    """From the cards to the record: both officers are there and have shown their certificates."""
    steps.choose(f'a[href="/m/tasks/{no}/visit"]')
    steps.fill("地点", "厂区大门")
    steps.tap("button", "签到：")
    expect(steps.page.locator(".note.ok")).to_be_visible()
    steps.tap("button", "签到：")
    steps.tap("button", "已经出示证件")
    steps.tap("link", "检查记录")
    ready(steps.page)


def ready(page: Page) -> None:
    """The page's scripts have taken over the form."""
    expect(page.locator("body[data-bound]")).to_be_attached()


def record(steps: Steps, no: str, officers: int) -> None:
    """From the card of the task to the submitted result, with a signature by hand."""
    page = steps.page
    walk_in(steps, no)
    steps.choose(".p-seg .yes")
    steps.tap("button", "保存记录")
    expect(page.locator(".note.ok")).to_have_text("检查记录已保存。")
    ready(page)
    steps.draw()
    steps.fill("签字人姓名或单位名称", "王某(模拟)")
    steps.tap("button", "检查对象签字")
    expect(page.locator(".note.ok")).to_have_text("检查对象已签字或盖章。")
    for _ in range(officers):
        steps.tap("button", "签字：")
    steps.tap("link", "现场")
    for _ in range(officers):
        steps.tap("button", "离开：")
    steps.tap("link", "记录")
    steps.tap("button", "提交记录和结果")
    expect(page.locator(".note.ok")).to_have_text("检查记录已提交。")


def verify(steps: Steps) -> str:
    """From an authority's first page to the verdict of the reader's own device."""
    steps.tap("link", "查看这次抽取")
    steps.tap("link", "在浏览器里核验")
    steps.page.wait_for_selector("body[data-done]", timeout=PATIENCE)
    return steps.page.locator("#verdict h2").inner_text()
