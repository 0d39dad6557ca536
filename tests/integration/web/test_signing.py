"""Signing in and out by form, without scripts: cookies, pauses, one-time passwords, and who is let in at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlmodel import select

from console import DATA, HERE, PAGE, SECRET, SITE, Browser, settings_of, staff
from shuangsui import db
from shuangsui.access.policy import Role
from shuangsui.access.tables import User, WebSession
from shuangsui.pages.guards import COOKIE

OWN = "Own words, long enough"
LETTER = "chongqing.0123456789012345678901"
FAILED = "登录名、口令、动态验证码或机关不对，或者该用户在所选机关没有角色：请核对后重新输入。"
PAUSED = "登录失败次数过多，15 分钟内不能再登录：请稍后再试，或请安全管理员重置口令。"


@pytest.fixture
def browser(database, engine, tmp_path) -> Iterator[Browser]:
    """Nobody has signed in yet; ``li`` is a leader."""
    staff(engine, {"li": Role.LEADER})
    with Browser(settings_of(database.app, tmp_path)) as made:
        yield made


def cookie(answer) -> set[str]:
    """The attributes of the cookie that an answer sets, without its value."""
    return {part.strip() for part in answer.headers["set-cookie"].split(";")[1:]}


def test_the_form_needs_no_script(browser):
    """Labels, a password field, the authorities to choose from, nothing that runs."""
    page = browser.get("/console/login", headers=PAGE)
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    for control in ("tenant", "login", "password"):
        assert f'<label for="{control}">' in page.text
    assert f'<option value="{HERE}">' in page.text
    assert "<script" not in page.text
    assert "style=" not in page.text


def test_nobody_is_asked_what_others_know_as_well(browser):
    """No question about a mother's name and no hint, neither on the form nor among what is kept of a person."""
    page = browser.get("/console/login", headers=PAGE).text
    assert set(re.findall(r'<(?:input|select)[^>]* name="(\w+)"', page)) == {
        "tenant", "login", "password", "code", "next",
    }  # fmt: skip
    assert set(User.model_fields) == {
        "id", "login", "name", "active", "home", "password_hash", "password_at", "password_former", "must_change",
        "sessions_after",
    }  # fmt: skip


def test_the_right_password_opens_the_console(browser):
    """303 to the first page, which names the person."""
    answer = browser.sign_in("li")
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/")
    page = browser.get("/console/", headers=PAGE)
    assert page.status_code == 200
    assert "li(模拟)" in page.text
    assert "委领导" in page.text


def test_a_wrong_password_says_one_sentence_and_keeps_the_login(browser):
    """No cookie, and the password is not written back."""
    answer = browser.sign_in("li", "quite wrong indeed")
    assert answer.status_code == 401
    assert FAILED in answer.text
    assert 'value="li"' in answer.text
    assert "quite wrong indeed" not in answer.text
    assert "set-cookie" not in answer.headers


def test_an_unknown_authority_is_refused(browser):
    """Whatever a program sends instead of a choice of the list."""
    for tenant in ("", "nowhere", "-", "chongqing.x"):
        answer = browser.sign_in("li", tenant=tenant)
        assert (answer.status_code, "没有选择机关" in answer.text) == (422, True)


def test_five_failures_pause(browser):
    """429 even for the right password."""
    said = [browser.sign_in("li", "wrong").status_code for _ in range(5)]
    answer = browser.sign_in("li")
    assert said == [401] * 5
    assert (answer.status_code, PAUSED in answer.text) == (429, True)


@pytest.mark.parametrize(
    ("site", "name", "secure"),
    [
        ("https://console.example", "__Host-shuangsui", True),
        ("https://127.0.0.1:8000", "__Host-shuangsui", True),
        ("http://127.0.0.1:8000", "shuangsui", False),
        ("http://localhost:8000", "shuangsui", False),
    ],
)
def test_the_cookie_is_out_of_reach(database, engine, tmp_path, site, name, secure):
    """HttpOnly, SameSite, this host only; by plain http on this very machine only, where it needs another name."""
    staff(engine, {"li": Role.LEADER})
    with Browser(settings_of(database.app, tmp_path), site=site) as browser:
        answer = browser.sign_in("li")
        page = browser.get("/console/", headers=PAGE)
    assert answer.headers["set-cookie"].partition("=")[0] == name
    assert cookie(answer) == {"HttpOnly", "Path=/", "SameSite=lax"} | ({"Secure"} if secure else set())
    assert page.status_code == 200


def test_a_cookie_for_this_machine_is_none_for_the_network(browser):
    """What another page of the same host might have set by plain http is not looked at."""
    browser.sign_in("li")
    browser.cookies.set("shuangsui", browser.cookies.pop(COOKIE), domain="console.example")
    assert browser.get("/api/", headers=DATA).status_code == 401


def test_a_one_time_password_opens_one_page_only(database, engine, tmp_path):
    """Every other page leads there; programs are told; an own password opens the rest."""
    once = staff(engine, {"wang": Role.LEADER}, own=None)["wang"]
    with Browser(settings_of(database.app, tmp_path)) as browser:
        assert browser.sign_in("wang", once).status_code == 303
        page = browser.get("/console/", headers=PAGE)
        assert (page.status_code, page.headers["location"]) == (303, "/console/password")
        told = browser.get("/api/", headers=DATA)
        assert (told.status_code, told.json()["code"]) == (401, "password_due")
        form = browser.get("/console/password", headers=PAGE)
        assert "一次性口令" in form.text
        token = browser.csrf("/console/password")
        wanted = {"csrf": token, "old": once, "new": OWN, "again": OWN}
        unequal = browser.post("/console/password", data={**wanted, "again": "other"}, headers=PAGE)
        assert (unequal.status_code, "两次输入的新口令不一致" in unequal.text) == (422, True)
        done = browser.post("/console/password", data=wanted, headers=PAGE)
        assert (done.status_code, done.headers["location"]) == (303, "/console/")
        assert browser.get("/console/", headers=PAGE).status_code == 200


def test_signing_in_again_ends_the_session_of_before(browser):
    """A copy of its cookie opens nothing any more; somebody's session in another browser goes on."""
    other, copy = browser.beside(), browser.beside()
    other.sign_in("li")
    browser.sign_in("li")
    copy.cookies.set(COOKIE, browser.cookies[COOKIE], domain="console.example")
    assert browser.sign_in("li").status_code == 303
    assert [one.get("/api/me", headers=DATA).status_code for one in (browser, other, copy)] == [200, 200, 401]


def test_signing_out_ends_the_session_itself(browser, engine):
    """The old cookie opens nothing, even if the browser had kept it."""
    browser.sign_in("li")
    kept = browser.cookies[COOKIE]
    answer = browser.submit("/console/logout")
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/login")
    browser.cookies.set(COOKIE, kept, domain="console.example")
    assert browser.get("/api/", headers=DATA).status_code == 401
    with db.session(engine, HERE) as session:
        assert session.exec(select(WebSession)).one().ended_at is not None


def test_signing_out_clears_what_was_seen_and_nothing_that_was_not_sent(browser):
    """Going back shows nothing; what a phone has not sent is not wiped by an answer that nobody reads (0030)."""
    browser.sign_in("li")
    assert browser.submit("/console/logout").headers["clear-site-data"] == '"cache"'


def test_before_signing_out_there_is_a_page_for_what_was_not_sent(browser):
    """For everybody who has signed in; without scripts it says so and signs out."""
    assert browser.get("/console/leaving", headers=PAGE).status_code == 303
    browser.sign_in("li")
    page = browser.get("/console/leaving", headers=PAGE)
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
    assert f'data-give-up="{HERE}/li"' in page.text


def test_passwords_are_masked_and_managers_welcome(browser):
    """Every field for a password, on every page that has one."""
    pages = [browser.get("/console/login", headers=PAGE).text]
    browser.sign_in("li")
    pages.append(browser.get("/console/password", headers=PAGE).text)
    fields = [field for page in pages for field in re.findall(r"<input[^>]*>", page) if "password" in field]
    assert len(fields) == 4
    assert [field for field in fields if 'type="password"' not in field or "onpaste" in field] == []
    assert [re.search(r'autocomplete="([a-z-]+)"', field)[1] for field in fields] == [
        "current-password", "current-password", "new-password", "new-password",
    ]  # fmt: skip


def test_nobody_is_led_to_the_form_and_back(browser):
    """With the page that was wanted; programs get 401 as problem details."""
    answer = browser.get("/console/", headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/login?next=%2Fconsole%2F")
    told = browser.get("/api/", headers=DATA)
    assert (told.status_code, told.headers["content-type"]) == (401, "application/problem+json")
    assert told.json()["code"] == "sign_in_needed"


@pytest.mark.parametrize(
    ("wanted", "led"),
    [
        ("/console/tasks", "/console/tasks"),
        ("https://evil.example/console/", "/console/"),
        ("//evil.example/console/", "/console/"),
        ("/console//evil.example", "/console/"),
        ("/console/\\evil", "/console/"),
        ("/api/", "/console/"),
        ("/console/\r\nx: y", "/console/"),
        ("javascript:alert(1)//console/", "/console/"),
        ("data:text/html,/console/", "/console/"),
    ],
)
def test_the_form_leads_nowhere_else(browser, wanted, led):
    """Whatever ``next`` says."""
    assert browser.sign_in("li", next=wanted).headers["location"] == led


@pytest.mark.parametrize("path", ["/console/login", "/console/enrol", f"/e/{LETTER}/rate", f"/e/{LETTER}/confirm"])
def test_strangers_send_no_large_forms(browser, path):
    """As evidence may be: nobody fills the memory who may not even sign in."""
    form = {"tenant": HERE, "login": "li", "password": SECRET, "next": "x" * (64 << 10)}
    assert browser.post(path, data=form, headers=PAGE).status_code == 413


def test_another_site_cannot_sign_somebody_in(browser):
    """As an account of the attacker's, whose forms the victim would then fill in."""
    form = {"tenant": HERE, "login": "li", "password": SECRET}
    for sent in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = browser.post("/console/login", data=form, headers={**DATA, **sent})
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf_refused")
    own = browser.post("/console/login", data=form, headers={**PAGE, "Origin": SITE, "Sec-Fetch-Site": "same-origin"})
    assert own.status_code == 303


@pytest.mark.parametrize("value", ["", "x", "chongqing", "chongqing.", ".x", "nowhere.x", "liangjiang.x", "a.b.c"])
def test_a_made_up_cookie_opens_nothing(browser, value):
    """401, never an error of ours."""
    browser.cookies.set(COOKIE, value, domain="console.example")
    assert browser.get("/api/", headers=DATA).status_code == 401


def test_a_cookie_of_one_authority_opens_no_other(browser):
    """Its first half says where to look, its second half is known only there."""
    browser.sign_in("li")
    kept = browser.cookies[COOKIE].partition(".")[2]
    browser.cookies.set(COOKIE, f"liangjiang.{kept}", domain="console.example")
    assert browser.get("/api/", headers=DATA).status_code == 401


def test_an_unknown_page_of_the_console_has_the_frame_of_the_form(browser):
    """Nobody who is lost stands on a bare page; outside the console it is the public site's."""
    form = browser.get("/console/login", headers=PAGE).text
    lost = browser.get("/console/nowhere", headers=PAGE)
    assert (lost.status_code, framed(lost.text)) == (404, framed(form))
    assert '<a href="/console/">首页</a>' in lost.text
    assert framed(browser.get("/consoles", headers=PAGE).text) == []


def framed(text):
    """The frame's own parts, in order."""
    return re.findall(r'<main class="entry" id="main">|<p class="brand">.*</p>|[^"]*/css/console.css', text)
