"""Inspection codes on pages and on paper: asked for, typed in, reported, printed (order 375 article 18)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from pypdf import PdfReader

from authority import Authority
from inspecting import Team, team
from officials import Official, officials
from plugged import plugged
from shelf import Place
from shuangsui.testing.faults import Fault
from shuangsui.testing.sink import TOKEN, Sink

WHY = "正在发生泄漏"


@pytest.fixture
def one(authority: Authority) -> Team:
    """An accepted task."""
    return team(authority).until("notify")


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    """The enforcement application."""
    monkeypatch.setenv("SHUANGSUI_ZHIFA_TOKEN", TOKEN)
    with Sink() as started:
        yield started


@pytest.fixture
def enter_at(
    authority: Authority, place: Place, sink: Sink, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Callable[..., Official]]:
    """Signs an official in where the application is connected."""
    tenants = plugged(tmp_path / "configuration", "adapter-zhifa", f'address = "{sink.url("zhifa")}"')
    with officials(authority, place.database.app, monkeypatch, tenants) as made:
        yield made


def on_paper(official: Official, form: str, no: str) -> list[str]:
    """What the PDF and the DOCX say after 执法码, white space left out."""
    address = f"/console/documents/{form}/{no}"
    pages = PdfReader(BytesIO(official.browser.get(address).content)).pages
    document = Document(BytesIO(official.browser.get(f"{address}?as=docx").content))
    rows = ["".join(dict.fromkeys(cell.text for cell in row.cells)) for table in document.tables for row in table.rows]
    files = [[page.extract_text() for page in pages], [*(p.text for p in document.paragraphs), *rows]]
    bare = [re.sub(r"\s+", "", "".join(file)) for file in files]
    return [said for file in bare for said in re.findall("执法码：?(.*?)(?:。|执法检查人员)", file)]


def announced(official: Official, boss: Official, no: str) -> None:
    """Approved and noticed."""
    official.done(f"/tasks/{no}/propose", reason="计划")
    boss.done(f"/tasks/{no}/approve")
    official.done(f"/tasks/{no}/notify", materials="营业执照")


def check_in(official: Official, one: Team) -> None:
    """The whole team, with the record opened."""
    for person in one.people():
        official.done(f"/tasks/{one.no}/visit/check-in", person=person, place="大门")
    official.done(f"/tasks/{one.no}/record/open")


def test_r17_4_code_is_on_the_page_and_on_both_forms(one: Team, enter: Callable[..., Official]) -> None:
    """R17.4: the notice has it once it is there; the record has it in both files; so has the page of the task."""
    a, b = enter("inspection"), enter("leader")
    announced(a, b, one.no)
    assert on_paper(a, "notice", one.no) == []
    a.done(f"/tasks/{one.no}/code", code="ZFM-0007")
    assert on_paper(a, "notice", one.no) == ["ZFM-0007", "ZFM-0007"]
    check_in(a, one)
    assert on_paper(a, "visit", one.no) == ["ZFM-0007", "ZFM-0007"]
    assert a.read(f"/tasks/{one.no}")["facts"]["执法码"] == "ZFM-0007"


def test_r17_4_record_of_a_visit_without_a_code_says_why(one: Team, enter: Callable[..., Official]) -> None:
    """R17.4: with the number of the report once that was made, and a code that came later does not hide it."""
    a, b = enter("inspection"), enter("leader")
    announced(a, b, one.no)
    a.done(f"/tasks/{one.no}/no-code", reason=WHY)
    check_in(a, one)
    said = f"（检查开始时没有执法码，理由：{WHY}）"
    assert on_paper(a, "visit", one.no) == [said, said]
    a.done(f"/tasks/{one.no}/file-code", number="备1")
    a.done(f"/tasks/{one.no}/code", code="ZFM-0007")
    said = f"ZFM-0007（检查开始时没有执法码，理由：{WHY}；备案编号备1）"
    assert on_paper(a, "visit", one.no) == [said, said]


def test_r17_4_code_is_asked_of_the_application(one: Team, sink: Sink, enter_at: Callable[..., Official]) -> None:
    """R17.4: one button; the same again keeps it, and the button is gone."""
    a = enter_at("inspection")
    path = f"/tasks/{one.no}"
    acts = {"code", "ask-code", "no-code"}
    assert set(a.read(path)["acts"]) & {*acts, "report-code", "file-code"} == acts
    a.done(f"{path}/ask-code")
    assert (one.read().code, set(a.read(path)["acts"]) & acts) == ("ZF000001", set())
    assert a.call(f"{path}/ask-code").json() == {"code": "ZF000001", "system": "zhifa"}
    assert {request.path.rpartition("/")[2] for request in sink.received} == {one.no}


def test_r17_4_visit_without_a_code_is_reported_to_the_application(
    one: Team, enter_at: Callable[..., Official]
) -> None:
    """R17.4: with its last day; a second report is refused with the article."""
    a, b = enter_at("inspection"), enter_at("leader")
    path = f"/tasks/{one.no}"
    announced(a, b, one.no)
    assert "没有需要备案的无码检查" in a.form(f"{path}/report-code").text
    a.done(f"{path}/no-code", reason=WHY)
    check_in(a, one)
    assert {"file-code", "report-code"} <= set(a.read(path)["acts"])
    due = (one.authority.today + timedelta(days=3)).isoformat()
    assert a.call(f"{path}/report-code").json() == {"number": "BB000001", "system": "zhifa", "due": due}
    again = a.form(f"{path}/report-code")
    assert (again.status_code, "已经备案，编号 BB000001" in again.text, "第十八条" in again.text) == (409, True, True)


def test_silent_application_is_told_in_a_sentence(one: Team, sink: Sink, enter_at: Callable[..., Official]) -> None:
    """The page again, nothing kept; typed in by hand the code still helps."""
    a = enter_at("inspection")
    sink.fail("zhifa", Fault(status=500))
    answer = a.form(f"/tasks/{one.no}/ask-code")
    assert (answer.status_code, "执法监督应用答复 500" in answer.text, one.read().code) == (503, True, None)
    a.done(f"/tasks/{one.no}/code", code="ZFM7")
    assert one.read().code == "ZFM7"


def test_nothing_is_told_to_the_application_that_the_platform_would_refuse(
    authority: Authority, sink: Sink, enter_at: Callable[..., Official]
) -> None:
    """A task that nobody took over, and an officer of another team."""
    fresh = team(authority)
    a, lead = enter_at("inspection"), enter_at("lead")
    assert a.call(f"/tasks/{fresh.no}/ask-code").json()["code"] == "task_state"
    assert lead.call(f"/tasks/{fresh.no}/ask-code").status_code == 403
    assert sink.received == []


def test_without_an_application_there_is_no_button(one: Team, enter: Callable[..., Official]) -> None:
    """And who sends the form all the same learns what to do instead."""
    a = enter("inspection")
    assert "ask-code" not in a.read(f"/tasks/{one.no}")["acts"]
    answer = a.form(f"/tasks/{one.no}/ask-code")
    assert (answer.status_code, "没有接入执法监督应用" in answer.text) == (422, True)
