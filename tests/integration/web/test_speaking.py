"""The console and the phone in English: a choice that stays with the browser, whoever uses it (decision 0032)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from console import DATA, PAGE, SITE, Browser, settings_of, staff
from english import chinese_in
from shuangsui.access.policy import Role
from shuangsui.web.languages import COOKIE, ENGLISH

CHOICE = "/console/language"


@pytest.fixture
def browser(database, engine, tmp_path) -> Iterator[Browser]:
    """``li`` is a leader, and has not signed in yet."""
    staff(engine, {"li": Role.LEADER})
    with Browser(settings_of(database.app, tmp_path)) as made:
        yield made


def choose(browser: Browser, language: str, came: str = f"{SITE}/console/login"):
    """The button, pressed on a page."""
    headers = {**PAGE, "Origin": SITE, "Referer": came}
    return browser.post(CHOICE, data={"language": language}, headers=headers, follow_redirects=False)


def test_the_choice_leads_back_and_stays(browser):
    """Before signing in and after it, until the other is chosen."""
    answer = choose(browser, "en", f"{SITE}/console/login?tenant=chongqing")
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/login?tenant=chongqing")
    assert "Sign in" in browser.get("/console/login", headers=PAGE).text
    browser.sign_in("li")
    assert '<html lang="en">' in browser.get("/console/", headers=PAGE).text
    choose(browser, "zh")
    assert '<html lang="zh-CN">' in browser.get("/console/", headers=PAGE).text


@pytest.mark.parametrize("came", ["https://elsewhere.example/console/", "/x", "//elsewhere.example", ""])
def test_the_choice_leads_nowhere_else(browser, came):
    """Only to a page of the console or the phone, of this very site."""
    assert choose(browser, "en", came).headers["location"] == "/console/"


def test_only_this_site_may_choose(browser):
    """Nobody's console changes its language by a page elsewhere; a language that there is not changes nothing."""
    headers = {**PAGE, "Origin": "https://elsewhere.example"}
    assert browser.post(CHOICE, data={"language": "en"}, headers=headers).status_code == 403
    refused = choose(browser, "fr")
    assert (refused.status_code, "set-cookie" in refused.headers) == (422, False)


def test_refusals_are_told_in_english_too(browser):
    """A wrong password, a page that is not there, a problem as JSON; its code is the same in every language."""
    browser.cookies.set(COOKIE, ENGLISH)
    wrong = browser.sign_in("li", "not the password")
    assert (wrong.status_code, chinese_in(wrong.text)) == (401, [])
    browser.sign_in("li")
    missing = browser.get("/console/tasks/none", headers=PAGE)
    assert (missing.status_code, chinese_in(missing.text)) == (404, [])
    problem = browser.get("/api/tasks/none", headers=DATA).json()
    assert (problem["code"], (problem["title"] + problem["detail"]).isascii()) == ("task_missing", True)
