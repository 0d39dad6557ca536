"""The phone's pages in a real browser at 390×844: a record in few steps, one written without a network, sign-out."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import col, select

from authority import Authority
from console import SECRET
from inspecting import Team, team
from shuangsui.access import service as access
from shuangsui.access.policy import Role
from shuangsui.access.tables import PersonOf
from shuangsui.inspections import evidence, forms, records, tasks, visits
from shuangsui.inspections.states import TaskState
from shuangsui.inspections.tables import Submission
from signing import sign_in
from steps import Steps
from towns import founded, served
from uses import PROMISED, ready, record, walk_in

pytestmark = pytest.mark.browser

Visit = Callable[..., Page]
PHOTO = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGNoUFAAIgYIBQAWjgMBwmTFJwAAAABJRU5ErkJggg=="
)
"""Four pixels."""
LOGINS = ("tan", "xie", "lu", "wen", "gu", "ma")
"""One inspector for each story, the leader of a team of the own."""


@dataclass
class Town:
    """A running authority that has drawn; ``teams`` by login, each on its way to its object."""

    authority: Authority
    url: str
    teams: dict[str, Team]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Tasks whose notices have been delivered, and the leaders of their teams as users."""
    with founded(tmp_path_factory.mktemp("phone")) as (authority, settings):
        teams = {login: team(authority, task=n).until("arrive") for n, login in enumerate(LOGINS)}
        leaders = {login: one.people()[0] for login, one in teams.items()}
        with authority.session() as session:
            for login, certificate in leaders.items():
                access.add_user(session, login, f"{login}(模拟)", by="sec.admin")
                access.grant(session, login, Role.INSPECTOR, by="sec.admin")
                access.link(session, login, PersonOf.INSPECTOR, certificate, by="sec.admin")
                access.give_password(session, login, by="sec.admin", own=SECRET)
        with served(authority, settings) as server:
            yield Town(authority, server.url, teams)


@pytest.fixture
def phone(open_plain: Callable[[str], Visit], town: Town) -> Callable[..., Page]:
    """``phone("tan")``: that inspector's phone, with the cards in sight."""

    def open_(login: str, *, javascript: bool = True) -> Page:
        page = open_plain(town.url)("/console/login?next=/m/", size="phone", javascript=javascript)
        sign_in(page, login)
        expect(page.get_by_role("heading", level=1)).to_have_text("我的任务")
        return page

    return open_


def test_a_record_without_scripts(town: Town, phone: Callable[..., Page], messages: list[str]) -> None:
    """Only what the server renders."""
    one = town.teams["wen"]
    page = phone("wen", javascript=False)
    page.locator(f'a[href="/m/tasks/{one.no}/visit"]').click()
    page.locator("#place").fill("厂区大门")
    for _ in range(2):
        page.get_by_role("button", name="签到：").first.click()
    page.get_by_role("button", name="已经出示证件").click()
    page.get_by_role("link", name="检查记录").click()
    for choice in page.locator(".p-seg .yes").all():
        choice.click()
    page.get_by_role("button", name="保存记录").click()
    with town.authority.session() as session:
        record = records.record_of(session, tasks.find_task(session, one.no))
    assert {answer["answer"] for answer in record.answers.values()} == {"yes"}
    assert messages == []


def submissions(town: Town, no: str) -> list[Submission]:
    """What has reached the server of a record."""
    with town.authority.session() as session:
        record = records.record_of(session, tasks.find_task(session, no))
        known = record.id if record else None
        query = select(Submission).where(Submission.record_id == known).order_by(col(Submission.id))
        return list(session.exec(query))


def test_a_record_is_filed_in_twenty_interactions(town: Town, phone: Callable[..., Page], messages: list[str]) -> None:
    """From the card of the task to the submitted result, with a signature by hand."""
    one, page = town.teams["tan"], phone("tan")
    steps = Steps(page)
    record(steps, one.no, len(one.people()))
    assert (one.read().state, messages) == (TaskState.ENDED, [])
    with town.authority.session() as session:
        files = [(row.media_type, row.note) for row in evidence.list_files(session, one.no)]
    assert files == [("image/png", "检查对象 王某(模拟) 的签字笔迹")]
    assert steps.count <= PROMISED["inspector"]


def test_a_record_written_offline_arrives_exactly_once(town: Town, phone: Callable[..., Page]) -> None:
    """Written, saved and written on after a reload without any network; the answer to the first delivery gets lost."""
    one, page = town.teams["xie"], phone("xie")
    walk_in(Steps(page), one.no)
    page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    page.context.set_offline(True)
    Steps(page).choose(".p-seg .yes")
    page.get_by_role("button", name="保存记录").click()
    expect(page.locator("[data-waiting]")).to_have_text("待送 1")
    page.locator("[data-photo]").first.set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": PHOTO})
    expect(page.locator("[data-waiting]")).to_have_text("待送 2")
    page.reload()
    ready(page)
    expect(page.locator("h1")).to_have_text(one.read().object_name)
    assert page.locator(".p-seg .yes input:checked").count() == page.locator(".p-seg").count() > 0
    page.get_by_label("检查情况").fill("没有网络时写的。")
    expect(page.locator(".p-bar [data-said]")).to_have_text("本机已保存，1 处还没有送出")
    assert submissions(town, one.no) == []
    lost = iter([True])

    def lose(route: object) -> None:
        if next(lost, False):
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.context.route("**/submissions", lose)
    page.context.set_offline(False)
    expect(page.locator("[data-told]")).to_have_text("还没有送达，联网后自动送出。")
    ready(page)
    expect(page.get_by_label("检查情况")).to_have_value("没有网络时写的。")
    page.get_by_role("button", name="保存记录").click()
    expect(page.locator(".note.ok")).to_have_text("检查记录已保存。")
    assert [(row.counter, sorted(row.content), row.conflict) for row in submissions(town, one.no)] == [
        (1, ["answers"], False), (2, ["answers", "facts"], False),
    ]  # fmt: skip
    expect(page.get_by_label("检查情况")).to_have_value("没有网络时写的。")
    expect(page.locator("[data-waiting]")).to_be_hidden()
    with town.authority.session() as session:
        files = [(row.media_type, row.note) for row in evidence.list_files(session, one.no)]
    assert files == [("image/jpeg", "要点 1")]


def test_two_devices_differ_and_a_person_chooses(town: Town, phone: Callable[..., Page]) -> None:
    """Somebody wrote at the console meanwhile: both texts side by side, the phone's is taken."""
    one, page = town.teams["lu"], phone("lu")
    walk_in(Steps(page), one.no)
    page.get_by_label("检查情况").fill("手机上写的。")
    expect(page.locator(".p-bar [data-said]")).to_have_text("本机已保存，1 处还没有送出")
    with town.authority.session() as session:
        form = forms.form_for(session, tasks.find_task(session, one.no))
        made = records.open_record(session, one.no, form, actor="inspection")
        records.write(session, one.no, {"facts": "电脑上写的。"}, base_revision=made.revision, actor="inspection")
    page.get_by_role("button", name="保存记录").click()
    expect(page.locator(".p-sides dd")).to_have_text(["电脑上写的。", "手机上写的。"])
    page.get_by_role("button", name="采用提交").click()
    expect(page.get_by_label("检查情况")).to_have_value("手机上写的。")


def test_nobody_signs_what_is_not_on_the_screen(town: Town, phone: Callable[..., Page]) -> None:
    """Something was written since the record was saved: it has to arrive first."""
    one, page = town.teams["ma"], phone("ma")
    walk_in(Steps(page), one.no)
    Steps(page).choose(".p-seg .yes")
    page.get_by_role("button", name="保存记录").click()
    expect(page.locator(".note.ok")).to_have_text("检查记录已保存。")
    ready(page)
    page.get_by_label("检查情况").fill("签字以前又写的。")
    expect(page.locator(".p-bar [data-said]")).to_have_text("本机已保存，1 处还没有送出")
    Steps(page).fill("签字人姓名或单位名称", "王某(模拟)")
    page.get_by_role("button", name="检查对象签字").click()
    expect(page.locator("[data-sign] [data-said]").first).to_contain_text("本机写的还没有送达")
    with town.authority.session() as session:
        record = records.record_of(session, tasks.find_task(session, one.no))
        assert list(records.signatures(session, record)) == []


TWICE = "(button) => { button.click(); setTimeout(() => button.click(), 10); }"
"""Two taps, the second before the answer to the first."""


def test_two_taps_send_once(town: Town, phone: Callable[..., Page], messages: list[str]) -> None:
    """Plain forms and the record: each is sent once, and no refusal is seen."""
    one, page = town.teams["gu"], phone("gu")
    with town.authority.session() as session:
        assert not visits.is_writable(session, tasks.find_task(session, one.no))
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.url.rpartition("/")[2]) if asked.method == "POST" else None)
    page.goto(f"{town.url}/m/tasks/{one.no}/visit")
    page.get_by_label("地点").first.fill("厂区大门")
    page.get_by_role("button", name="签到：").first.evaluate(TWICE)
    expect(page.locator(".note.ok")).to_be_visible()
    page.get_by_role("button", name="签到：").first.evaluate(TWICE)
    expect(page.locator(".p-rows li")).to_have_count(2)
    page.get_by_role("button", name="已经出示证件").evaluate(TWICE)
    page.get_by_role("link", name="检查记录").click()
    ready(page)
    Steps(page).choose(".p-seg .yes")
    page.get_by_role("button", name="保存记录").evaluate(TWICE)
    expect(page.locator(".note.ok")).to_have_text("检查记录已保存。")
    assert sent == ["check-in", "check-in", "certificates", "submissions"]
    assert (len(submissions(town, one.no)), messages) == (1, [])


LEFT = """new Promise((done) => {
  const opened = indexedDB.open("shuangsui-phone", 1);
  opened.onsuccess = () => {
    const change = opened.result.transaction("outbox", "readwrite");
    change.objectStore("outbox").add({ who: "chongqing/another", no: "RW", kind: "record", body: {} });
    change.oncomplete = () => { opened.result.close(); done(); };
  };
})"""
"""What somebody else left on the phone whose session ended before there was a network."""


KEPT = """new Promise((done) => {
  const opened = indexedDB.open("shuangsui-phone", 1);
  opened.onsuccess = () => {
    const asked = opened.result.transaction(["outbox", "records", "facts"]);
    const rows = ["outbox", "records", "facts"].map((store) => asked.objectStore(store).getAll());
    asked.oncomplete = () => { opened.result.close(); done(rows.flatMap((one) => one.result.map((row) => row.who))); };
  };
})"""
"""Whose rows there are on the phone, in the order of its stores."""
STORES = "indexedDB.databases().then((found) => found.map((one) => one.name))"


def write_down(town: Town, page: Page, text: str) -> str:
    """Something of gu's that was never saved; the number of the task."""
    one = town.teams["gu"]
    with town.authority.session() as session:
        there = visits.is_writable(session, tasks.find_task(session, one.no))
    if not there:
        one.arrive()
    page.goto(f"{town.url}/m/tasks/{one.no}/record")
    ready(page)
    page.get_by_label("检查情况").fill(text)
    expect(page.locator(".p-bar [data-said]")).to_have_text("本机已保存，1 处还没有送出")
    return one.no


def test_signing_out_gives_up_only_what_its_owner_gives_up(town: Town, phone: Callable[..., Page]) -> None:
    """What was not sent is shown first; given up knowingly, nothing of the person is left, what others wrote stays."""
    page = phone("gu")
    write_down(town, page, "没有保存就放弃的。")
    page.evaluate(LEFT)
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("退出之前")
    expect(page.locator("[data-kept] li")).to_have_count(1)
    expect(page.locator("[data-kept] li")).to_contain_text("1 处没有保存")
    expect(page.locator("[data-others]")).to_contain_text("本机还有别人没有送达的内容 1 份")
    page.get_by_role("button", name="放弃这 1 份并退出").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    assert page.evaluate(KEPT) == ["chongqing/another"]


def test_the_console_signs_nobody_out_over_unsent_work(
    town: Town, phone: Callable[..., Page], messages: list[str]
) -> None:
    """Its 退出 leads to the same page; saved and sent from there, nothing is lost and nothing left behind."""
    page = phone("gu")
    no = write_down(town, page, "退出以前送出的。")
    before = len(submissions(town, no))
    page.goto(f"{town.url}/console/")
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("退出之前")
    expect(page.get_by_role("button", name="放弃这 1 份并退出")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    page.get_by_role("button", name="保存并全部送出").click()
    expect(page.locator("[data-kept]")).to_have_text("您在本机没有还没送达的内容，可以退出。")
    (sent,) = submissions(town, no)[before:]
    assert sent.content["facts"] == "退出以前送出的。"
    page.get_by_role("main").get_by_role("button", name="退出").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    assert (page.evaluate(STORES), [one for one in messages if "Cleared data types" not in one]) == ([], [])


def test_who_signs_in_next_sees_nothing_of_who_was_there(town: Town, phone: Callable[..., Page]) -> None:
    """A session that ended by itself leaves what was not sent: it is shown to its owner and to nobody else."""
    page, offline = phone("gu"), "/m/offline?at=once"
    write_down(town, page, "登录结束以前写的。")
    page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    page.goto(town.url + offline)
    expect(page.locator("[data-kept] li")).to_contain_text("1 处没有保存")
    page.context.clear_cookies()
    page.goto(f"{town.url}/console/login")
    sign_in(page, "xie")
    expect(page).to_have_url(f"{town.url}/console/")
    page.wait_for_load_state("networkidle")
    page.goto(town.url + offline)
    expect(page.locator("[data-kept]")).to_have_text("没有等待送出的内容。")
    page.goto(f"{town.url}/m/outbox")
    ready(page)
    expect(page.locator("[data-kept]")).to_have_text("没有等待送出的内容。")
    page.context.clear_cookies()
    page.goto(f"{town.url}/console/login?next=/m/outbox")
    sign_in(page, "gu")
    expect(page.locator("[data-kept] li")).to_contain_text("1 处没有保存")


def test_a_page_says_when_nothing_works_without_a_network(phone: Callable[..., Page]) -> None:
    """In a browser that has no service workers, and without scripts."""
    page = phone("wen")
    expect(page.locator("[data-offline]")).to_contain_text("离线可用")
    page.add_init_script("delete Navigator.prototype.serviceWorker")
    page.reload()
    expect(page.locator("[data-offline]")).to_contain_text("离线功能没有开启")
    plain = phone("wen", javascript=False)
    expect(plain.locator("[data-offline]")).to_contain_text("离线功能没有开启")


def test_a_browser_that_keeps_nothing_works_and_signs_out(
    town: Town, phone: Callable[..., Page], messages: list[str]
) -> None:
    """A private window without IndexedDB: the form is sent at once, and 退出 signs out."""
    page = phone("gu")
    write_down(town, page, "别处写的。")
    page.add_init_script("Object.defineProperty(self, 'indexedDB', { value: undefined })")
    page.reload()
    ready(page)
    expect(page.locator("[data-offline]")).to_contain_text("浏览器不在本机保存内容")
    page.get_by_label("检查情况").fill("无痕窗口里写的。")
    page.get_by_role("button", name="保存记录").click()
    expect(page.locator(".note.ok")).to_have_text("检查记录已保存。")
    expect(page.get_by_label("检查情况")).to_have_value("无痕窗口里写的。")
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    assert [one for one in messages if "Cleared data types" not in one] == []
