"""The pages of the inspected in English: everything but names and what the authority wrote, in every answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from string import Formatter

import pytest

from authority import Authority
from english import CHINESE, chinese_in
from inspecting import Team, team
from letters import PDF, Inspected
from officials import Official
from shuangsui.cli.walk import Course
from shuangsui.errors import BadInput
from shuangsui.inspections import followup, records
from shuangsui.inspections.followup import Order
from shuangsui.inspections.link_routes import told_of
from shuangsui.inspections.messages import TO_HOLDERS
from shuangsui.inspections.states import Disposition, Party
from shuangsui.texts import catalogue
from shuangsui.web.languages import CHINESE as IN_CHINESE
from shuangsui.web.languages import ENGLISH

EN = "?lang=en"
PAGES = ("", "/confirm", "/rectify", "/rate")
SIGN = {"act": "sign", "person": "厂长(模拟)", "role": "法定代表人"}


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


def english(who: Inspected, *pages: str) -> str:
    """Pages that must be there, of which nothing is Chinese that does not say so; together."""
    found = {page: who.text(page + EN) for page in pages}
    assert {page: chinese_in(text) for page, text in found.items()} == {page: [] for page in pages}
    assert [page for page, text in found.items() if '<html lang="en">' not in text] == []
    return unescape("".join(found.values()))


def officers_sign(one: Team) -> None:
    for person in one.people():
        one.act(records.sign, person, Party.OFFICER)
    one.act(records.sign, "王见证(模拟)", Party.WITNESS, role="居委会工作人员")


def ordered(one: Team, days: int) -> None:
    """责令改正."""
    due = one.authority.today + timedelta(days=days)
    one.decide(followup.dispose, 1, Order(Disposition.RECTIFY, demand="拆除淘汰设备", due=due), actor="lead")


def test_an_announced_inspection_is_told_in_english(one: Team, inspected: Callable[[], Inspected]) -> None:
    """Before there is a record or anything to correct."""
    one.until("arrive")
    said = english(inspected(), *PAGES[:3])
    wanted = ("Inspection notice", "Companies drawn at random", "Not every inspector", "There is nothing to correct.")
    assert [word for word in wanted if word not in said] == []


def test_a_record_to_be_signed_is_told_in_english(one: Team, inspected: Callable[[], Inspected]) -> None:
    """With those who signed it."""
    one.until("sign")
    officers_sign(one)
    said = english(inspected(), *PAGES[:3])
    assert [word for word in ("Waiting for your signature", "witness", "Not compliant") if word not in said] == []


def test_an_ended_inspection_is_told_in_english(one: Team, inspected: Callable[[], Inspected]) -> None:
    """An addendum, an order and its clock, and the rating."""
    one.whole()
    one.act(records.add, "设备编号应为 3 号")
    ordered(one, 10)
    who = inspected()
    said = english(who, *PAGES)
    assert [word for word in ("Days left: 10", "Sign addendum 1", "Rate the inspection") if word not in said] == []
    one.authority.wait(days=11)
    assert "Days overdue: 1" in english(who, "/rectify")


def test_every_way_on_keeps_the_language(one: Team, inspected: Callable[[], Inspected]) -> None:
    """Below the link by the address, on the public site by its English pages; the switch leads back."""
    one.whole()
    ordered(one, 9)
    who = inspected()
    ways = re.findall(r'(?:href|action)="(/[^"]+)"', english(who, *PAGES))
    assert [way for way in ways if way.startswith("/e/") and not way.endswith(EN)] == []
    assert [way for way in ways if way.startswith("/chongqing/") and not way.startswith("/chongqing/en/")] == []
    assert len([way for way in ways if way.startswith("/chongqing/en/")]) == 2
    assert [who.text(page + EN).count('href="?lang=zh"') for page in PAGES] == [1] * len(PAGES)
    assert [who.text(page).count('href="?lang=en"') for page in PAGES] == [1] * len(PAGES)
    assert "<h1>检查通知</h1>" in who.text("?lang=zh")
    assert "<h1>检查通知</h1>" in who.text("?lang=fr")


def test_whoever_signs_and_proves_in_english_is_answered_in_english(
    one: Team, inspected: Callable[[], Inspected]
) -> None:
    """What is refused, what was typed, and what is done."""
    one.until("sign")
    who = inspected()
    early = who.post(f"/confirm{EN}", **SIGN, read="yes")
    assert (early.status_code, chinese_in(early.text), "Not every inspector" in early.text) == (409, [], True)
    officers_sign(one)
    unread = who.post(f"/confirm{EN}", **SIGN)
    assert (unread.status_code, chinese_in(unread.text)) == (422, [])
    assert "Read all of it and tick the box" in unread.text
    assert 'value="厂长(模拟)"' in unread.text
    who.done(f"/confirm{EN}", **SIGN, read="yes")
    again = who.post(f"/confirm{EN}", **SIGN, read="yes")
    assert (again.status_code, chinese_in(again.text)) == (409, [])
    who.done(f"/confirm{EN}", act="object", person="厂长(模拟)", text="设备在检查之前已经停用")
    english(who, "/confirm")


def test_proof_is_refused_and_taken_in_english(one: Team, inspected: Callable[[], Inspected]) -> None:
    """Names of files are the company's own."""
    one.whole()
    ordered(one, 10)
    who = inspected()
    bad = who.post(f"/rectify{EN}", [("files", ("拆除.pdf", b"<script>"))], n="1", statement="设备已经拆除")
    assert (bad.status_code, chinese_in(bad.text), "not of a kind" in bad.text) == (422, [], True)
    who.done(f"/rectify{EN}", [("files", ("拆除.pdf", PDF))], n="1", statement="设备已经拆除")
    twice = who.post(f"/rectify{EN}", n="1", statement="再交一次")
    assert (twice.status_code, chinese_in(twice.text)) == (409, [])
    assert "files: 1" in english(who, "/rectify")


def test_rating_is_asked_and_thanked_for_in_english(one: Team, inspected: Callable[[], Inspected]) -> None:
    """Once; afterwards and behind a wrong link the one sentence is English as well."""
    one.whole()
    who = inspected()
    none, good, used = (who.post(f"/rate{EN}", rating=rating, text="态度生硬") for rating in ("", "2", "2"))
    assert [answer.status_code for answer in (none, good, used)] == [422, 200, 404]
    assert [chinese_in(answer.text) for answer in (none, good, used)] == [[], [], []]
    assert ("Choose one of the five" in none.text, "Thank you" in good.text) == (True, True)
    strangers = [Inspected(who.browser, "/e/x").get(page + EN) for page in PAGES]
    assert [(one.status_code, chinese_in(one.text)) for one in strangers] == [(404, [])] * len(PAGES)


@pytest.mark.parametrize("code", TO_HOLDERS)
def test_each_refusal_has_its_english(code: str) -> None:
    """With every value that its sentence names; the Chinese stays as it was."""
    template = catalogue()[code]
    error = BadInput(code, **{name: "7" for _, name, _, _ in Formatter().parse(template) if name})
    assert CHINESE.search(told_of(error, ENGLISH)) is None
    assert told_of(error, IN_CHINESE) == template.format(**error.params)
