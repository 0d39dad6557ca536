"""The pages of inspectors on a phone, without scripts: from the card of a task to the submitted record."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from markupsafe import escape
from sqlalchemy import Engine, event

from authority import Authority, inspectors
from console import HERE, PAGE
from inspecting import Team, team
from officials import Official
from shuangsui.access.policy import Role
from shuangsui.errors import RuleRefused
from shuangsui.inspections import coordination, tasks
from shuangsui.inspections.states import TaskState
from shuangsui.texts import sentence
from shuangsui.web.phone import GROUPS, grouped, start_of
from shuangsui.web.rendering import STATIC

POINT = re.compile(r'name="(answer-[^"]+)"')


@pytest.fixture
def one(authority: Authority) -> Team:
    """The first task of a draw."""
    return team(authority)


class Phone:
    """What one inspector does on the phone."""

    def __init__(self, official: Official, no: str) -> None:
        self.official, self.no = official, no

    def page(self, path: str = "") -> str:
        """A page of the task."""
        answer = self.official.browser.get(f"/m/tasks/{self.no}{path}", headers=PAGE)
        assert answer.status_code == 200, answer.text
        return str(answer.text)

    def send(self, path: str, **fields: object) -> object:
        """A form of the task."""
        form = {"csrf": self.official.csrf, **fields}
        return self.official.browser.post(f"/m/tasks/{self.no}{path}", data=form, headers=PAGE)

    def done(self, path: str, **fields: object) -> None:
        """The same; it must lead back to a page of the phone, which says so."""
        answer = self.send(path, **fields)
        assert answer.status_code == 303, answer.text
        where = str(answer.headers["location"])
        assert where.startswith(f"/m/tasks/{self.no}/")
        assert 'class="note ok"' in self.official.browser.get(where, headers=PAGE).text


@pytest.fixture
def phone(one: Team, enter: Callable[..., Official]) -> Phone:
    """The leader of the team, before anybody has arrived."""
    one.until("arrive")
    return Phone(enter("tan", Role.INSPECTOR, certificate=one.people()[0]), one.no)


def carried(page: str) -> dict[str, str]:
    """Form of the record's page → the revision that it carries back."""
    found = re.findall(
        r'action="/m/[^"]+/record/([a-z-]+)"(?:(?!</form>).)*?name="revision" value="(\d+)"', page, re.DOTALL
    )
    return {name: revision for name, revision in found if name != "save"}


def test_from_the_card_to_the_submitted_record(one: Team, phone: Phone) -> None:
    """Arrival, certificates, answers, signatures, departure, result: forms without any script."""
    cards = phone.official.browser.get("/m/", headers=PAGE).text
    assert re.findall(r'<a href="/m(/tasks/[^"]+)"', cards)[0] == f"/tasks/{one.no}/visit"
    for person in one.people():
        phone.done("/visit/check-in", person=person, place="厂区大门")
    phone.done("/visit/certificates", numbers=one.people())
    names = sorted(set(POINT.findall(phone.page("/record"))))
    assert names
    phone.done("/record/save", **dict.fromkeys(names, "yes"), facts="逐项检查。", device="phone-1", revision="0")
    phone.done("/record/sign-object", person="王某", how="signature", revision=1)
    for person in one.people():
        phone.done("/record/sign", person=person, revision=1)
        phone.done("/visit/leave", person=person)
    phone.done("/record/submit", leader=one.people()[0], categories=["no_problem"])
    assert one.read().state is TaskState.ENDED
    assert "已经检查 1 项" in phone.official.browser.get("/m/", headers=PAGE).text


def test_r13_8_nobody_signs_on_a_phone_another_text_than_was_read(one: Team, phone: Phone) -> None:
    """R13.8: somebody wrote meanwhile: 409, the present text and its number on the page, nothing signed."""
    for person in one.people():
        phone.done("/visit/check-in", person=person, place="厂区大门")
    phone.done("/visit/certificates", numbers=one.people())
    names = dict.fromkeys(POINT.findall(phone.page("/record")), "yes")
    phone.done("/record/save", **names, facts="先写的。", device="phone-1", revision="0")
    forms = {"sign", "sign-object", "sign-witness", "refuse"}
    assert carried(phone.page("/record")) == dict.fromkeys(forms, "1")
    phone.done("/record/save", facts="后写的。", **{"was-facts": "先写的。"}, device="phone-2", revision="1")
    for name in sorted(forms):
        answer = phone.send(f"/record/{name}", person=one.people()[0], how="signature", reason="外出", revision="1")
        told = sentence(RuleRefused("record_differs", article="第十三条", task=one.no, revision=2))
        assert (name, answer.status_code, str(escape(told)) in answer.text) == (name, 409, True)
        assert carried(answer.text) == dict.fromkeys(forms, "2")
    phone.done("/record/sign-object", person="王某", how="signature", revision="2")


def test_a_refusal_is_said_on_the_same_page_of_the_phone(one: Team, phone: Phone) -> None:
    """With what had been typed, and the article."""
    first = one.people()[0]
    phone.done("/visit/check-in", person=first, place="厂区大门")
    answer = phone.send("/visit/check-in", person=first, place="厂区大门")
    told = sentence(RuleRefused("checked_in", article="第十三条", person=first))
    assert answer.status_code == 409
    assert str(escape(told)) in answer.text
    assert f'action="/m/tasks/{one.no}/visit/check-in"' in answer.text
    assert 'name="place"' in answer.text


def test_only_inspectors_and_only_their_own_tasks(
    one: Team, authority: Authority, enter: Callable[..., Official]
) -> None:
    """Others are refused; a task of another team answers as missing."""
    strange = next(row["cert_no"] for row in inspectors(12) if row["cert_no"] not in one.people())
    stranger, lead = enter("mo", Role.INSPECTOR, certificate=strange), enter("lead")
    for path in ("", "/visit", "/record", "/evidence", "/conflicts"):
        missing = stranger.browser.get(f"/m/tasks/{one.no}{path}", headers=PAGE)
        never = stranger.browser.get(f"/m/tasks/RW2026-9999{path}", headers=PAGE)
        assert (missing.status_code, missing.text.replace(one.no, "RW2026-9999")) == (404, never.text)
        assert lead.browser.get(f"/m/tasks/{one.no}{path}", headers=PAGE).status_code == 403
    assert lead.browser.get("/m/", headers=PAGE).status_code == 403
    assert one.no not in stranger.browser.get("/m/", headers=PAGE).text


def test_who_has_not_signed_in_comes_back_to_the_phone(phone: Phone) -> None:
    """Through the page for signing in."""
    browser = phone.official.browser
    browser.cookies.clear()
    led = browser.get(f"/m/tasks/{phone.no}/record", headers=PAGE).headers["location"]
    assert led == f"/console/login?next=%2Fm%2Ftasks%2F{phone.no}%2Frecord"
    answer = browser.sign_in("tan", next=f"/m/tasks/{phone.no}/record")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/m/tasks/{phone.no}/record")


def test_two_devices_differ_and_a_person_chooses(one: Team, phone: Phone) -> None:
    """Both texts side by side; until then nothing can be signed."""
    for person in one.people():
        phone.done("/visit/check-in", person=person, place="厂区大门")
    phone.done("/record/save", facts="先到的内容", device="phone-1", revision="0")
    assert phone.send("/record/save", facts="后到的内容", device="phone-2", revision="0").status_code == 303
    shown = phone.page("/conflicts")
    assert ("先到的内容" in shown, "后到的内容" in shown) == (True, True)
    assert f'href="/m/tasks/{one.no}/conflicts"' in phone.page("/record")
    submission = re.search(r'name="submission" value="([^"]+)"', shown)
    assert submission
    phone.done("/record/resolve", submission=submission[1], keep="mine")
    assert "后到的内容" in phone.page("/record")
    assert "没有需要选定的内容" in phone.page("/conflicts")


def test_cards_come_late_ones_first(one: Team, authority: Authority) -> None:
    """Then today's, those to come, those without a day; what was inspected stands below."""
    one.accept()
    with authority.session() as session:
        task = tasks.find_task(session, one.no)
        coordination.schedule(session, one.office, one.no, date(2026, 6, 16), actor="inspection")
        row = {"no": one.no, "state": task.state, "mode": task.mode, "planned_on": task.planned_on}
    days = (date(2026, 6, 20), date(2026, 6, 16), date(2026, 6, 10))
    assert [next(name for name, rows in grouped([row], today).items() if rows) for today in days] == [
        "late", "today", "coming",
    ]  # fmt: skip
    assert list(grouped([row | {"planned_on": None}], days[0])) == list(GROUPS)
    assert grouped([row | {"planned_on": None}], days[0])["undated"][0]["start"] == "/visit"
    assert start_of(row | {"state": TaskState.UNDERWAY}) == "/record"
    assert start_of(row | {"state": TaskState.DISPATCHED}) == ""


def test_the_cards_ask_the_database_as_often_for_many_tasks_as_for_one(
    phone: Phone, one: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a list of every task of the authority, of which most are other teams'."""
    with one.authority.session() as session:
        found = tasks.all_tasks(session)
        assert tasks.teams_of(session, found) == {task.id: tasks.team_of(session, task) for task in found}
    statements: list[str] = []
    every = tasks.all_tasks

    def asked(count: int) -> int:
        monkeypatch.setattr(tasks, "all_tasks", lambda session: every(session)[:count])
        statements.clear()
        page = phone.official.browser.get("/m/", headers=PAGE).text
        assert f"/m/tasks/{one.no}/visit" in page
        return len(statements)

    def listen(*given: Any) -> None:
        statements.append(given[2])

    asked(1)
    event.listen(Engine, "before_cursor_execute", listen)
    try:
        assert 0 < asked(1) == asked(len(found))
    finally:
        event.remove(Engine, "before_cursor_execute", listen)
    assert len(found) > 5


def test_what_works_without_a_network_knows_nobody(phone: Phone) -> None:
    """Shell, worker and manifest are the same for everybody, signed in or not; the outbox asks who it is."""
    browser = phone.official.browser
    addresses = ("/m/offline", "/m/sw.js", "/m/manifest.webmanifest")
    mine = [browser.get(address, headers=PAGE) for address in addresses]
    assert f'data-who="{HERE}/tan"' in browser.get("/m/outbox", headers=PAGE).text
    browser.cookies.clear()
    assert [browser.get(address, headers=PAGE).content for address in addresses] == [one.content for one in mine]
    assert [one.headers["content-type"].partition(";")[0] for one in mine] == [
        "text/html", "text/javascript", "application/manifest+json",
    ]  # fmt: skip
    assert mine[2].json()["scope"] == "/m/"
    assert browser.get("/m/outbox", headers=PAGE).status_code == 303


def test_the_worker_keeps_files_that_there_are(phone: Phone) -> None:
    """Every style and module that the shell needs; one missing file, and nothing would be kept."""
    worker = phone.official.browser.get("/m/sw.js").text
    sheets, modules = (re.findall(r'"([\w-]+)"', found) for found in re.findall(r"\.\.\.\[([^\]]+)\]", worker))
    kept = {f"css/{name}.css" for name in sheets} | {f"js/phone/{name}.js" for name in modules}
    shell = phone.official.browser.get("/m/offline", headers=PAGE).text
    linked = set(re.findall(r'"/static/\w+/([^"]+\.(?:css|js))"', shell))
    loaded, left = set[str](), {path for path in linked if path.endswith(".js")}
    while left:
        path = left.pop()
        loaded.add(path)
        for name in re.findall(r'from "([^"]+)"', (STATIC / path).read_text("utf-8")):
            target = (STATIC / path).parent.joinpath(name).resolve().relative_to(STATIC.resolve()).as_posix()
            left |= {target} - loaded
    assert kept | {"js/trusted.js", "js/words.js"} == {path for path in linked if path.endswith(".css")} | loaded
