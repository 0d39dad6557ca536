"""The pages of the inspected behind their link, as a browser without scripts and without cookies uses them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from sqlmodel import col, func, select

from authority import Authority
from inspecting import Team, team
from letters import PDF, Inspected
from officials import Official
from shuangsui.cli.walk import Course
from shuangsui.documents.drawing import own_page
from shuangsui.inspections import followup, notices, records, tasks
from shuangsui.inspections.followup import Order
from shuangsui.inspections.links import HOLDER
from shuangsui.inspections.states import Disposition, Party
from shuangsui.inspections.tables import Signature
from shuangsui.ledger.tables import LedgerEntry

CLOSED = "链接无效或者已经过期"
PAGES = ("", "/confirm", "/rectify")
WITNESS = "王见证(模拟)"


@pytest.fixture
def one(authority: Authority) -> Team:
    """The first task of a draw, and something that it will find."""
    return team(authority, course=Course(("pending",), {"1": "发现淘汰设备一台"}))


@pytest.fixture
def inspected(one: Team, enter: Callable[..., Official]) -> Callable[[], Inspected]:
    """Whoever the lead office has handed the link to, as far as the inspection has come."""

    def handed() -> Inspected:
        link = str(enter("lead").call(f"/tasks/{one.no}/feedback").json()["once"])
        return Inspected(enter("business").browser, link)

    return handed


def acts(authority: Authority) -> list[str]:
    """What stands in the ledger as done by a link."""
    with authority.session() as session:
        query = select(LedgerEntry).where(LedgerEntry.actor == HOLDER).order_by(col(LedgerEntry.n))
        return [row.act for row in session.exec(query)]


def entries(one: Team) -> int:
    """How long the ledger is."""
    with one.authority.session() as session:
        return session.exec(select(func.count()).select_from(LedgerEntry)).one()


def officers_sign(one: Team) -> None:
    """Everybody who came, and somebody who looked on."""
    for person in one.people():
        one.act(records.sign, person, Party.OFFICER)
    one.act(records.sign, WITNESS, Party.WITNESS, role="居委会工作人员")


def test_r11_1_object_reads_what_is_inspected_by_whom_and_why(one: Team, inspected: Callable[[], Inspected]) -> None:
    """R11.1: what the notice says; opening it changes nothing and leaves nothing."""
    one.until("arrive")
    who, task = inspected(), one.read()
    before, page = entries(one), who.text()
    with one.authority.session() as session:
        said = notices.notice_of(session, task).content
    wanted = [task.object_name, task.item_name, said["basis"], said["content"], "营业执照", "有关台账"]
    assert [word for word in (*wanted, *said["rights"], *said["discipline"], *one.people()) if word not in page] == []
    assert (page.count("<h1>"), "<script" in page, "/confirm" in page) == (1, False, False)
    assert entries(one) == before


def test_object_is_led_to_the_draw_and_to_its_own_proof(one: Team, inspected: Callable[[], Inspected]) -> None:
    """The public page, and the verifier with the company's own salt behind the ``#``, as on the paper notice."""
    one.until("arrive")
    task, links = one.read(), [unescape(found) for found in re.findall(r'href="([^"]+)"', inspected().text())]
    with one.authority.session() as session:
        own = own_page(session, one.office, "/", task.draw_no, task.object_code)
    assert re.fullmatch(rf"/chongqing/verify/\?draw={task.draw_no}#code={task.object_code}&salt=[0-9a-f]{{32}}", own)
    assert [link for link in links if link.startswith("/chongqing/")] == [own, f"/chongqing/draws/{task.draw_no}/"]


def test_r13_4_object_reads_the_record_and_signs_it(one: Team, inspected: Callable[[], Inspected]) -> None:
    """R13.4: not before the officers have signed, not unread, once; one entry."""
    one.until("sign")
    who = inspected()
    assert "还没有由全部到场的检查人员签字" in who.text("/confirm")
    form = {"act": "sign", "person": "厂长(模拟)", "role": "法定代表人", "read": "yes"}
    assert who.refused("/confirm", **form)[0] == 409
    officers_sign(one)
    page = who.text("/confirm")
    assert [word for word in ("发现淘汰设备一台", "按检查要点逐项检查。", *one.people()) if word not in page] == []
    assert (WITNESS in page, "见证人" in page, who.text().count(f"{who.link}/confirm")) == (False, True, 1)
    status, told = who.refused("/confirm", act="sign", person="厂长(模拟)")
    assert (status, told) == (422, "没有确认已经阅读记录：请阅读全部内容，勾选之后再签字。")
    kept = who.post("/confirm", act="sign", person="厂长(模拟)", role="法定代表人").text
    assert ('value="厂长(模拟)"' in kept, 'value="法定代表人"' in kept) == (True, True)
    who.done("/confirm", **form)
    page = who.text("/confirm")
    assert ("厂长(模拟)" in page, 'id="sign"' in page, acts(one.authority)) == (True, False, ["record.sign"])
    assert who.refused("/confirm", **form)[0] == 409
    one.leave()
    one.submit()
    assert one.read().state == "ended"


def test_r13_5_object_does_not_sign_and_says_why(
    one: Team, inspected: Callable[[], Inspected], enter: Callable[..., Official]
) -> None:
    """R13.5: an objection, one entry; the inspecting office reads it beside the record."""
    one.until("sign")
    officers_sign(one)
    who = inspected()
    form = {"act": "object", "person": "厂长(模拟)", "text": "设备在检查之前已经停用"}
    assert who.refused("/confirm", act="object", person="厂长(模拟)", text=" ") == (
        422, "异议没有内容：请写明对记录的哪一处有异议。",
    )  # fmt: skip
    who.done("/confirm", **form)
    who.done("/confirm", **form)
    assert (who.text("/confirm").count("设备在检查之前已经停用"), acts(one.authority)) == (1, ["record.object"])
    shown = enter("inspection").read(f"/tasks/{one.no}/record")
    tables = {table["title"]: table["rows"] for table in shown["tables"]}
    assert "检查对象对这份记录提出了异议：请先阅读，再提交。" in shown["notes"]
    assert [(row["n"], row["person"], row["text"]) for row in tables["检查对象的异议"]] == [
        (1, "厂长(模拟)", "设备在检查之前已经停用"),
    ]  # fmt: skip
    with one.authority.session() as session:
        signed = session.exec(select(Signature.party)).all()
    assert Party.OBJECT not in signed


def test_r13_8_object_signs_what_was_corrected_afterwards(one: Team, inspected: Callable[[], Inspected]) -> None:
    """R13.8: each addendum once, beside the record that stays; one entry."""
    one.whole()
    who = inspected()
    form = {"act": "addendum", "n": "1", "person": "厂长(模拟)", "read": "yes"}
    assert who.refused("/confirm", **form)[0] == 422
    one.act(records.add, "设备编号应为 3 号")
    page = who.text("/confirm")
    assert ("设备编号应为 3 号" in page, 'id="addendum-1"' in page, 'id="sign"' in page) == (True, True, False)
    assert who.refused("/confirm", **{**form, "read": ""})[0] == 422
    who.done("/confirm", **form)
    assert ('id="addendum-1"' in who.text("/confirm"), acts(one.authority)) == (False, ["record.sign"])
    assert who.refused("/confirm", **form)[0] == 409
    assert who.refused("/confirm", **{**form, "n": "2"})[0] == 422


def ordered(one: Team, days: int) -> None:
    """责令改正."""
    due = one.authority.today + timedelta(days=days)
    order = Order(Disposition.RECTIFY, demand="拆除淘汰设备", due=due)
    one.decide(followup.dispose, 1, order, actor="lead")


def test_r15_2_object_uploads_its_proof_before_the_clock_runs_out(
    one: Team, inspected: Callable[[], Inspected], enter: Callable[..., Official]
) -> None:
    """R15.2: the term in days, a statement with files, then nothing until the re-check."""
    one.whole()
    who = inspected()
    assert "没有责令改正的问题" in who.text("/rectify")
    ordered(one, 10)
    assert ("还有 10 天" in who.text("/rectify"), "拆除淘汰设备" in who.text("/rectify")) == (True, True)
    one.authority.wait(days=11)
    assert "已逾期 1 天" in who.text("/rectify")
    status, told = who.refused("/rectify", n="1", statement=" ")
    assert (status, told) == (422, "整改情况是空的：请写明做了哪些整改。")
    files = [("files", ("拆除.pdf", PDF)), ("files", ("合格证.pdf", PDF + b"2"))]
    who.done("/rectify", files, n="1", statement="设备已经拆除")
    page = who.text("/rectify")
    assert ("设备已经拆除" in page, "材料 2 份" in page, "<form" in page) == (True, True, False)
    assert acts(one.authority) == ["evidence.add", "evidence.add", "rectification.submit"]
    assert who.refused("/rectify", n="1", statement="再交一次")[0] == 409
    rows = enter("inspection").read(f"/tasks/{one.no}/evidence")["tables"][0]["rows"]
    assert [(row["name"], row["by"]) for row in rows] == [("拆除.pdf", HOLDER), ("合格证.pdf", HOLDER)]


@pytest.mark.parametrize("n", ["", "x", "0", "7", "٣", "9" * 40])
def test_there_is_nothing_to_put_right_under_another_number(
    one: Team, inspected: Callable[[], Inspected], n: str
) -> None:
    """What was typed by hand is refused with a sentence, never with a mistake of ours."""
    one.whole()
    ordered(one, 10)
    assert inspected().refused("/rectify", n=n, statement="设备已经拆除")[0] == 422


def test_a_file_that_is_no_evidence_is_refused_and_nothing_is_kept(
    one: Team, inspected: Callable[[], Inspected]
) -> None:
    """The form keeps what was typed."""
    one.whole()
    ordered(one, 10)
    who = inspected()
    answer = who.post("/rectify", [("files", ("x.pdf", b"<script>"))], n="1", statement="设备已经拆除")
    assert (answer.status_code, "设备已经拆除</textarea>" in answer.text, acts(one.authority)) == (422, True, [])


def test_notice_leads_to_what_there_is_to_do(one: Team, inspected: Callable[[], Inspected]) -> None:
    """And to nothing else: the word on the team after the visit, what is to be put right once it is ordered."""
    one.until("submit")
    who = inspected()

    def ways() -> list[str]:
        return re.findall(r'<a class="card e-way" href="[^"]+/(\w+)"', who.text())

    assert ways() == ["confirm"]
    one.submit()
    assert ways() == ["confirm", "rate"]
    ordered(one, 10)
    assert ways() == ["confirm", "rectify", "rate"]
    assert 'name="rating"' in who.text("/rate")


def test_unknown_void_and_expired_links_open_nothing_alike(
    one: Team, inspected: Callable[[], Inspected], enter: Callable[..., Official]
) -> None:
    """Byte for byte, on every page and for every form; large files of strangers are not even read."""
    one.whole()
    void = inspected().link
    supervisor = enter("supervisor")
    renewed = str(supervisor.call(f"/tasks/{one.no}/renew-feedback").json()["once"])
    made_up = [f"/e/chongqing.{'x' * 24}", "/e/nowhere.abcdefghijklmnopqrstuvwxyz", "/e/x", "/e/%00.x"]
    who = Inspected(supervisor.browser, renewed)
    assert who.get().status_code == 200
    one.authority.wait(days=31)
    answers = {Inspected(who.browser, link).get(page).text for link in (void, renewed, *made_up) for page in PAGES}
    assert (len(answers), CLOSED in answers.pop()) == (1, True)
    form = {"act": "sign", "person": "厂长", "read": "yes", "n": "1", "statement": "改"}
    for link in (void, renewed, *made_up):
        stranger = Inspected(who.browser, link)
        assert [stranger.post(page, **form).status_code for page in PAGES[1:]] == [404, 404]
        large = [("files", ("x.pdf", PDF * 100_000))]
        assert stranger.post("/rectify", large, n="1").status_code == 404
    assert acts(one.authority) == []


def test_a_cancelled_inspection_is_behind_no_link(one: Team, inspected: Callable[[], Inspected]) -> None:
    """Or its link would never end."""
    one.until("arrive")
    who = inspected()
    assert who.get().status_code == 200
    one.act(tasks.cancel, "对象已注销", actor="lead")
    assert {who.get(page).status_code for page in PAGES} == {404}


def test_link_of_one_task_says_nothing_of_another(
    one: Team, inspected: Callable[[], Inspected], authority: Authority
) -> None:
    """Neither the other company nor its officers, on any page."""
    one.whole()
    with authority.session() as session:
        others = [task for task in tasks.all_tasks(session, one.read().draw_no) if task.no != one.no]
        strangers = {person for task in others for person in tasks.team_of(session, task)} - set(one.people())
    who = inspected()
    shown = "".join(who.text(page) for page in PAGES)
    names = [word for task in others for word in (task.no, task.object_code, task.object_name)]
    assert (len(others) > 1, len(strangers) > 1) == (True, True)
    assert [word for word in (*names, *strangers) if word in shown] == []


def test_whoever_inspects_is_not_given_the_link(one: Team, enter: Callable[..., Official]) -> None:
    """They could sign for the object (R13.4) and rate themselves (R16.1)."""
    one.until("arrive")
    a = enter("inspection")
    assert a.call(f"/tasks/{one.no}/feedback").status_code == 403
    assert a.call(f"/tasks/{one.no}/renew-feedback").status_code == 403
