"""Declared pages and acts: what a form does, what it never does, and that the JSON twin says the same."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import BaseModel, Field
from sqlmodel import select
from structlog.testing import capture_logs

from console import DATA, PAGE, SITE, Browser, settings_of, staff
from shuangsui import db
from shuangsui.access.policy import Role, separate
from shuangsui.errors import NotFound, RuleRefused
from shuangsui.ledger.service import record
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.pages import Attachment, Detail, Here, Table, act, view
from shuangsui.web import home
from shuangsui.web.areas import gathered
from shuangsui.web.parting import ROWS

THINGS = {f"T{i:03d}": i for i in range(ROWS + 5)}


class Note(BaseModel):
    """What is typed."""

    text: str = Field(title="说明", max_length=20, json_schema_extra={"kind": "textarea"})
    kind: str = Field("", title="类别")
    at: datetime | None = Field(None, title="时间")
    names: list[str] = Field([], title="名单")
    proof: Attachment | None = Field(None, title="证据")
    sure: bool = Field(False, title="确认")


def find(here: Here) -> int:
    if here.path["no"] not in THINGS:
        raise NotFound("registry_unknown", registry=here.path["no"])
    return THINGS[here.path["no"]]


def load(here: Here) -> Detail:
    return Detail(f"事物 {here.path['no']}", {"序号": find(here), "机关": here.session.tenant}, acts={"note", "break"})


def load_all(here: Here) -> Table:
    rows = [
        {"no": no, "n": n, "tags": ["<b>", "乙"]}
        for no, n in THINGS.items()
        if here.query.get("n") in (None, "", f"{n}")
    ]
    return Table({"no": "编号", "n": "序号", "tags": "标记"}, rows, link="/things/{no}", filters={"n": "序号"})


def note(here: Here, form: Note) -> dict[str, Any]:
    proof = form.proof.data.decode() if form.proof else ""
    record(here.session, "thing.note", actor=here.actor.login, subject=here.path["no"], payload={
        "text": form.text, "kind": form.kind, "at": form.at and form.at.isoformat(), "names": form.names,
        "proof": proof, "sure": form.sure,
    })  # fmt: skip
    if form.text == "refuse":
        raise RuleRefused("link_taken", article="第十三条", number="ZF1")
    return {"n": find(here)}


def secret(here: Here, _form: Any) -> dict[str, str]:
    return {"once": "only-now"}


def broken(here: Here, _form: Any) -> None:
    raise ZeroDivisionError


def alone(here: Here, _form: Any) -> None:
    separate(here.actor.login, here.actor.login)


def refused(here: Here, _form: Any) -> None:
    raise RuleRefused("link_taken", number="ZF1")


DECLARED = gathered([home, SimpleNamespace(
    VIEWS=[
        view("/things", verb="view", load=load_all, title="事物", menu="检查"),
        view("/things/{no:str}", verb="view", load=load, title="事物"),
        view("/hidden", verb="read_audit", load=load_all, title="台账", menu="管理"),
    ],
    ACTS=[
        act("/things/{no:str}/note", verb="inspect", model=Note, do=note, title="记录", done="已记录。",
            choices={"kind": {"a": "甲类", "b": "乙类"}}),
        act("/things/{no:str}/never", verb="inspect", do=note, title="不该出现", done="。"),
        act("/things/{no:str}/break", verb="inspect", do=broken, title="出错", done="。"),
        act("/things/secret", verb="inspect", do=secret, title="密", done="已发放。"),
        act("/things/alone", verb="inspect", do=alone, title="独办", done="。"),
        act("/things/audit", verb="read_audit", do=secret, title="审计", done="。"),
        act("/hidden/note", verb="inspect", do=refused, title="越权", done="。"),
    ],
)])  # fmt: skip


@pytest.fixture
def browser(database, engine, tmp_path) -> Iterator[Browser]:
    """Somebody of the inspection office."""
    staff(engine, {"zhou": Role.INSPECTION_OFFICE})
    with Browser(settings_of(database.app, tmp_path), DECLARED) as made:
        made.sign_in("zhou")
        yield made


@pytest.fixture
def notes(engine):
    """What the acts left in the ledger."""

    def read() -> list[dict[str, Any]]:
        with db.session(engine, "chongqing", readonly=True) as session:
            rows = session.exec(select(LedgerEntry).where(LedgerEntry.act == "thing.note").order_by(LedgerEntry.n))
            return [json.loads(row.payload) for row in rows]

    return read


FORM = {"text": "好", "kind": "b", "at": "2026-06-15T09:00", "names": "甲\r\n\r\n 乙 \r\n", "sure": "yes"}


def test_a_form_does_what_its_twin_does(browser, notes):
    """303 with a notice for a person, the answer for a program, the same row for both."""
    answer = browser.submit("/console/things/T001/note", FORM)
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/things/T001?done=things.note")
    assert "已记录。" in browser.get(answer.headers["location"], headers=PAGE).text
    body = {"text": "好", "kind": "b", "at": "2026-06-15T09:00+08:00", "names": ["甲", "乙"], "sure": True}
    told = browser.post("/api/things/T001/note", json=body, headers={**DATA, "X-CSRF-Token": browser.csrf()})
    assert (told.status_code, told.json()) == (200, {"n": 1})
    one, two = notes()
    assert one == two
    assert one == {
        "text": "好", "kind": "b", "at": "2026-06-15T09:00:00+08:00", "names": ["甲", "乙"], "proof": "", "sure": True,
    }  # fmt: skip


def test_a_file_arrives_with_the_form(browser, notes):
    """As bytes; without a file the field is absent."""
    for files in ({"proof": ("a.txt", b"bytes")}, {"proof": ("", b"")}):
        answer = browser.submit("/console/things/T001/note", {"text": "x"}, files=files)
        assert answer.status_code == 303
    assert [row["proof"] for row in notes()] == ["bytes", ""]


def test_a_refusal_shows_the_page_again_with_everything_typed(browser, notes):
    """409, the sentence with its article, open form, and nothing of the act in the database."""
    answer = browser.submit("/console/things/T001/note", {**FORM, "text": "refuse"})
    assert answer.status_code == 409
    assert "证件号 ZF1 已由本机关的另一个用户使用：请核对证件号，或先改正那个用户。（依据：第十三条）" in answer.text
    assert ">refuse</textarea>" in answer.text
    assert ">甲\n乙</textarea>" in answer.text
    assert 'value="2026-06-15T09:00"' in answer.text
    assert '<option value="b" selected>' in answer.text
    assert 'value="yes" id="note-sure" name="sure" checked' in answer.text
    assert '<details class="card act" id="note" open>' in answer.text
    assert notes() == []


def test_a_refusal_tells_programs_code_and_article(browser, notes):
    """Problem details, 409."""
    token = {"X-CSRF-Token": browser.csrf()}
    told = browser.post("/api/things/T001/note", json={"text": "refuse"}, headers={**DATA, **token})
    assert (told.status_code, told.headers["content-type"]) == (409, "application/problem+json")
    assert (told.json()["code"], told.json()["article"]) == ("link_taken", "第十三条")
    assert notes() == []


def test_who_is_refused_what_is_in_the_log(browser):
    """Page, act and form, whatever the place that refused; a stranger is no line of it."""
    token = browser.csrf()
    with capture_logs() as lines:
        browser.get("/console/hidden", headers=PAGE)
        browser.post("/api/things/audit", json={}, headers={**DATA, "X-CSRF-Token": token})
        browser.post("/console/things/alone", data={"csrf": token}, headers=PAGE)
        browser.beside().get("/console/hidden", headers=PAGE)
    said = [(one["code"], one["actor"], one["path"]) for one in lines if one["event"] == "refused"]
    assert said == [
        ("not_allowed", "zhou", "/console/hidden"), ("not_allowed", "zhou", "/api/things/audit"),
        ("same_person", "zhou", "/console/things/alone"),
    ]  # fmt: skip


def test_an_address_fills_no_field_in_and_the_first_of_two_counts(browser, notes):
    """What stands in the query is no answer, for form and twin; a field that came twice is not joined."""
    token, query = browser.csrf(), "?text=query&sure=on&csrf=x"
    form = {"csrf": token, "text": ["one", "two"]}
    assert browser.post(f"/console/things/T001/note{query}", data=form, headers=PAGE).status_code == 303
    headers = {**DATA, "X-CSRF-Token": token}
    told = browser.post(f"/api/things/T001/note{query}", json={}, headers=headers)
    assert told.json()["fields"] == {"text": "请填写。"}
    assert [(one["text"], one["sure"]) for one in notes()] == [("one", False)]


def test_faults_stand_at_their_fields(browser, notes):
    """422; the field is marked and described by what is wrong with it."""
    answer = browser.submit("/console/things/T001/note", {"text": "x" * 21, "at": "soon"})
    assert answer.status_code == 422
    assert "有 2 处填写有误" in answer.text
    assert 'id="note-text-told" class="err">太长。' in answer.text
    assert 'value="soon" autocomplete="off" id="note-at" name="at" aria-invalid="true"' in answer.text
    told = browser.post("/api/things/T001/note", json={}, headers={**DATA, "X-CSRF-Token": browser.csrf()})
    assert (told.status_code, told.json()["fields"]) == (422, {"text": "请填写。"})
    assert notes() == []


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff", b"null"])
def test_a_body_that_is_no_object_is_bad_input(browser, body):
    """422 for a program, never an error of ours."""
    told = browser.post("/api/things/T001/note", content=body, headers={**DATA, "X-CSRF-Token": browser.csrf()})
    assert (told.status_code, told.json()["code"]) == (422, "form_invalid")


@pytest.mark.parametrize("token", [None, "", "wrong"])
def test_without_the_sessions_token_nothing_is_done(browser, notes, token):
    """Missing or wrong, as a field or as a header."""
    form = {"text": "x"} | ({} if token is None else {"csrf": token})
    headers = {} if token is None else {"X-CSRF-Token": token}
    answers = [
        browser.post("/console/things/T001/note", data=form, headers=DATA),
        browser.post("/console/things/T001/note", data=form, files={"proof": ("a", b"b")}, headers=DATA),
        browser.post("/api/things/T001/note", json={"text": "x"}, headers={**DATA, **headers}),
        browser.post("/console/logout", data=form, headers=DATA),
    ]
    assert [(one.status_code, one.json()["code"]) for one in answers] == [(403, "csrf_refused")] * 4
    assert notes() == []
    assert browser.get("/console/", headers=PAGE).status_code == 200


def test_another_sites_token_is_of_no_use(browser, database, tmp_path, notes):
    """The token of one session does not serve for another, even of the same person."""
    with Browser(settings_of(database.app, tmp_path), DECLARED) as other:
        other.sign_in("zhou")
        token = other.csrf()
    answer = browser.post("/console/things/T001/note", data={"text": "x", "csrf": token}, headers=DATA)
    assert (answer.status_code, notes()) == (403, [])


@pytest.mark.parametrize(
    "sent",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_origin_is_refused_even_with_the_token(browser, notes, sent):
    """By what the browser says of where the request comes from."""
    token = browser.csrf()
    form = browser.post("/console/things/T001/note", data={"text": "x", "csrf": token}, headers={**DATA, **sent})
    api = browser.post("/api/things/T001/note", json={"text": "x"}, headers={**DATA, "X-CSRF-Token": token, **sent})
    assert (form.status_code, api.status_code, notes()) == (403, 403, [])
    own = {"Origin": SITE, "Sec-Fetch-Site": "same-origin"}
    done = browser.post("/console/things/T001/note", data={"text": "x", "csrf": token}, headers={**PAGE, **own})
    assert (done.status_code, len(notes())) == (303, 1)


def test_a_role_without_the_verb_gets_403(browser):
    """Page, twin, form and act; the sentence names what is lacking. Neither menu nor form offers it."""
    token = browser.csrf()
    answers = [
        browser.get("/console/hidden", headers=DATA),
        browser.get("/api/hidden", headers=DATA),
        browser.post("/console/things/audit", data={"csrf": token}, headers=DATA),
        browser.post("/api/things/audit", json={}, headers={**DATA, "X-CSRF-Token": token}),
    ]
    assert [(one.status_code, one.json()["code"]) for one in answers] == [(403, "not_allowed")] * 4
    assert "“查阅审计台账”的权限" in answers[0].json()["detail"]
    page = browser.get("/console/things", headers=PAGE).text
    assert 'href="/console/things" aria-current="page"' in page
    assert "/console/hidden" not in page
    assert 'action="/console/things/audit"' not in page


def test_a_refused_act_shows_no_page_that_its_visitor_may_not_see(browser):
    """The act's verb opens the form's address, not the page it stands on."""
    answer = browser.submit("/console/hidden/note")
    assert (answer.status_code, "T001" in answer.text) == (403, False)


def test_only_acts_that_make_sense_are_offered(browser):
    """Those that the detail names; one without fields is a button."""
    page = browser.get("/console/things/T001", headers=PAGE).text
    assert 'action="/console/things/T001/note" enctype="multipart/form-data"' in page
    assert '<button class="btn">出错</button>' in page
    assert "不该出现" not in page


def test_what_is_not_there_is_404(browser):
    """As a page and as problem details."""
    assert browser.get("/console/things/T999", headers=PAGE).status_code == 404
    assert browser.get("/api/things/T999", headers=DATA).json()["code"] == "registry_unknown"
    assert browser.get("/console/nothing", headers=PAGE).status_code == 404
    assert browser.get("/api/nothing", headers=DATA).json()["code"] == "not_found"


def test_a_mistake_of_ours_tells_nothing(browser):
    """500; a person's page does not show what broke."""
    answer = browser.submit("/console/things/T001/break")
    assert (answer.status_code, "ZeroDivision" in answer.text) == (500, False)


def test_the_twin_says_what_the_page_says(browser):
    """Every fact and every row of the page."""
    page, twin = browser.get("/console/things/T001", headers=PAGE).text, browser.get("/api/things/T001", headers=DATA)
    assert twin.json() == {
        "title": "事物 T001", "facts": {"序号": 1, "机关": "chongqing"}, "tables": [], "notes": [],
        "acts": ["break", "note"],
    }  # fmt: skip
    assert "<dt>序号</dt><dd>1</dd><dt>机关</dt><dd>chongqing</dd>" in page
    assert 'href="/api/things/T001" title="本页数据"' in page
    assert twin.headers["cache-control"] == "no-store"


def test_a_long_list_is_leafed_through(browser):
    """So many rows on a page, all of them in the twin; the links keep the filter."""
    first = browser.get("/console/things?done=things.note", headers=PAGE).text
    last = browser.get("/console/things?page=2", headers=PAGE).text
    end = f'href="/console/things/{max(THINGS)}"'
    assert ('href="/console/things/T000"' in first, end in first) == (True, False)
    assert ('href="/console/things/T000"' in last, end in last) == (False, True)
    assert 'href="/console/things?page=2" rel="next"' in first
    assert browser.get("/api/things", headers=DATA).json()["count"] == ROWS + 5
    for asked in ("0", "-1", "x", "²", "9" * 40):
        assert browser.get(f"/console/things?page={asked}", headers=PAGE).status_code == 200


def test_filters_keep_what_was_asked(browser):
    """The form is filled in, the list is shorter, and values are escaped."""
    page = browser.get("/console/things?n=7", headers=PAGE).text
    assert 'name="n" value="7"' in page
    assert page.count('href="/console/things/T') == 1
    assert "&lt;b&gt;、乙" in page
    assert '"><script>' not in browser.get('/console/things?n="><script>', headers=PAGE).text


def test_a_secret_is_shown_once(browser):
    """On the answer of the act itself, which no cache keeps; nowhere afterwards."""
    answer = browser.submit("/console/things/secret")
    assert (answer.status_code, "only-now" in answer.text) == (200, True)
    assert answer.headers["cache-control"] == "no-store"
    assert "only-now" not in browser.get("/console/things", headers=PAGE).text


def test_a_made_up_notice_is_not_shown(browser):
    """The address carries a code, never a sentence."""
    page = browser.get("/console/things?done=You+have+won", headers=PAGE)
    assert (page.status_code, "You have won" in page.text, "note ok" in page.text) == (200, False, False)


def test_openapi_lists_every_route(browser):
    """Each path and method below ``/api``, with the model of what it takes."""
    document = browser.get("/api/openapi.json", headers=DATA).json()
    listed = {(path, method) for path, methods in document["paths"].items() for method in methods}
    assert listed == {
        ("/api", "get"), ("/api/openapi.json", "get"), ("/api/me", "get"), ("/api/password", "post"),
        ("/api/factor", "get"), ("/api/factor", "post"),
        ("/api/things", "get"), ("/api/things/{no}", "get"),
        ("/api/hidden", "get"), ("/api/things/{no}/note", "post"), ("/api/things/{no}/never", "post"),
        ("/api/things/{no}/break", "post"), ("/api/things/secret", "post"), ("/api/things/audit", "post"),
        ("/api/things/alone", "post"), ("/api/hidden/note", "post"),
    }  # fmt: skip
    body = document["paths"]["/api/things/{no}/note"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert body["properties"]["text"]["title"] == "说明"
    names = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(re.findall(r'"\$ref": "([^"]+)"', json.dumps(document))) == names


def test_a_moved_clock_is_shown_on_every_page(browser, engine):
    """What is done then is a drill."""
    assert "模拟时钟" not in browser.get("/console/", headers=PAGE).text
    with db.session(engine, "chongqing") as session:
        db.move_clock(session, timedelta(minutes=5))
    assert "模拟时钟" in browser.get("/console/", headers=PAGE).text
