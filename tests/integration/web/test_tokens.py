"""Tokens for programs: made by a person, narrower than the person, ended with the person's roles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from pyotp import TOTP
from sqlmodel import col, select

from console import DATA, HERE, PAGE, Browser, settings_of, staff
from shuangsui import db
from shuangsui.access import service
from shuangsui.access.policy import Role
from shuangsui.access.tables import ApiToken
from shuangsui.db import move_clock, now
from shuangsui.draws.freezing import legal_day
from shuangsui.errors import NotAllowed
from shuangsui.ledger.tables import LedgerEntry

ONCE = re.compile(r'<p class="once mono">([^<]+)</p>')


@pytest.fixture
def browser(database, engine, tmp_path) -> Iterator[Browser]:
    """Somebody with two roles, signed in."""
    staff(engine, {"zong": Role.LEAD_OFFICE, "li": Role.LEADER})
    with db.session(engine, HERE) as session:
        service.grant(session, "zong", Role.SUPERVISOR, by="anquan")
    with Browser(settings_of(database.app, tmp_path)) as made:
        made.sign_in("zong")
        yield made


@pytest.fixture
def today(engine):
    with db.session(engine, HERE, readonly=True) as session:
        return legal_day(now(session))


@pytest.fixture
def token(browser, today) -> str:
    """One that may look, and import registries."""
    form = {"name": "名录同步", "verbs": ["view", "import_registry"], "until": f"{today + timedelta(days=30)}"}
    answer = browser.submit("/console/tokens/make", form)
    assert answer.status_code == 200, answer.text
    return ONCE.search(answer.text)[1]


def program(browser, token: str):
    """A program elsewhere: no cookie, no page, only its token."""
    other = browser.beside()
    other.headers = {**DATA, "Authorization": f"Bearer {token}"}
    return other


def tokens_of(browser) -> list[dict]:
    return browser.get("/api/tokens", headers=DATA).json()["rows"]


def entries(engine, act: str) -> list[LedgerEntry]:
    with db.session(engine, HERE, readonly=True) as session:
        return list(session.exec(select(LedgerEntry).where(LedgerEntry.act == act).order_by(col(LedgerEntry.n))))


def test_a_token_is_shown_once_and_stored_as_its_hash(browser, engine, token):
    """The ledger has its name, verbs and end, and not the token."""
    assert re.fullmatch(rf"shuangsui_{HERE}\.[\w-]{{43}}", token)
    assert token not in browser.get("/console/tokens", headers=PAGE).text
    with db.session(engine, HERE, readonly=True) as session:
        kept = session.exec(select(ApiToken)).one()
    assert token.partition(".")[2] not in repr(kept)
    made = entries(engine, "token.make")
    assert [(row.actor, row.subject, token.partition(".")[2] in row.payload) for row in made] == [
        ("zong", "zong", False)
    ]


def test_a_program_needs_neither_cookie_nor_csrf(browser, token):
    """It reads and acts with the token alone, in the person's name; the verbs are those of the token."""
    me = program(browser, token).get("/api/me").json()
    assert (me["login"], me["verbs"], me["csrf"]) == ("zong", ["view", "import_registry"], None)
    assert program(browser, token).get("/api/objects").status_code == 200


def test_a_token_is_never_wider_than_what_it_names(browser, token):
    """The person may publish and audit; the program may not, by whatever route."""
    assert browser.get("/api/ledger", headers=DATA).status_code == 200
    told = program(browser, token).get("/api/ledger")
    assert (told.status_code, told.json()["code"]) == (403, "not_allowed")


def test_what_a_token_does_not_name_is_refused_below_the_route_too(engine, browser):
    """A use case that asks for another verb asks the session, which knows the token's."""
    with db.session(engine, HERE) as session:
        session.info[service.ONLY] = frozenset({"view"})
        with pytest.raises(NotAllowed, match="not_allowed"):
            service.require(session, "zong", "publish")


def test_a_token_is_never_wider_than_the_live_roles(browser, engine, token):
    """Roles taken away are gone with the next request, the last one with the token."""
    program_ = program(browser, token)
    with db.session(engine, HERE) as session:
        service.revoke(session, "zong", Role.LEAD_OFFICE, by="anquan")
    assert program_.get("/api/me").json()["verbs"] == ["view"]
    with db.session(engine, HERE) as session:
        service.revoke(session, "zong", Role.SUPERVISOR, by="anquan")
    assert program_.get("/api/me").status_code == 401


def test_a_token_ends_on_its_day(browser, engine, token):
    """The last day counts, in Beijing."""
    program_, days = program(browser, token), []
    for _ in range(3):
        days.append(program_.get("/api/me").status_code)
        with db.session(engine, HERE) as session:
            move_clock(session, timedelta(days=15, hours=12))
    assert days == [200, 200, 401]


def test_its_person_ends_it(browser, engine, token):
    """With the program's next request, and in the ledger; a second time there is nothing to end."""
    one = tokens_of(browser)[0]
    assert (one["name"], one["verbs"], one["state"]) == ("名录同步", ["查看", "导入名录库"], "有效")
    assert browser.submit(f"/console/tokens/{one['id']}/revoke").status_code == 303
    assert program(browser, token).get("/api/me").status_code == 401
    assert tokens_of(browser)[0]["state"] == "已撤销"
    again = browser.submit(f"/console/tokens/{one['id']}/revoke")
    assert (again.status_code, "不用再撤销" in again.text) == (409, True)
    assert len(entries(engine, "token.revoke")) == 1


def test_the_security_administrator_ends_somebodys(browser, engine, token):
    """All of them at once, on the user's page, which lists them."""
    admin = browser.beside()
    admin.sign_in("anquan")
    assert "名录同步" in admin.get("/console/users/zong", headers=PAGE).text
    assert admin.submit("/console/users/zong/tokens").status_code == 303
    assert program(browser, token).get("/api/me").status_code == 401
    assert [(row.actor, row.subject) for row in entries(engine, "token.revoke")] == [("anquan", "zong")]


def test_nobody_sees_or_ends_anothers(browser, token):
    """Exactly as for a token that nobody has."""
    one, other = tokens_of(browser)[0]["id"], browser.beside()
    other.sign_in("li")
    csrf = {"X-CSRF-Token": other.csrf()}
    for id_ in (one, one.replace(one[-4:], "0000"), "x"):
        read = other.get(f"/api/tokens/{id_}", headers=DATA)
        ended = other.post(f"/api/tokens/{id_}/revoke", headers={**DATA, **csrf})
        assert [(a.status_code, a.json()["code"]) for a in (read, ended)] == [(404, "token_missing")] * 2
    assert tokens_of(other) == []


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"verbs": ["manage_users"]}, 403, "not_allowed"),
        ({"verbs": ["view", "everything"]}, 422, "token_verbs"),
        ({"verbs": []}, 422, "form_invalid"),
        ({"until": -1}, 422, "token_until"),
        ({"until": 367}, 422, "token_until"),
        ({"name": " "}, 422, "token_name"),
    ],
)
def test_a_token_that_cannot_be_had(browser, today, change, status, code):
    """More than one may, none at all, for yesterday, for ever, without a name."""
    body = {"name": "x", "verbs": ["view"], "until": 1} | change
    body["until"] = f"{today + timedelta(days=body['until'])}"
    told = browser.post("/api/tokens/make", json=body, headers={**DATA, "X-CSRF-Token": browser.csrf()})
    assert (told.status_code, told.json()["code"], tokens_of(browser)) == (status, code, [])


def test_a_program_does_nothing_about_signing_in(browser, token, today):
    """No further token, no password, no second factor, no end of anything."""
    program_, body = program(browser, token), {"name": "x", "verbs": ["view"], "until": f"{today}"}
    one = tokens_of(browser)[0]["id"]
    paths = ("/api/tokens/make", f"/api/tokens/{one}/revoke", "/api/password", "/api/factor", "/api/account/digest")
    told = [program_.post(path, json=body) for path in paths]
    assert [(answer.status_code, answer.json()["code"]) for answer in told] == [(403, "token_not_here")] * len(paths)


def test_a_program_makes_no_session_of_its_token(browser, token):
    """Neither by being shown a secret for a telephone, nor by one that its person was shown and did not confirm."""
    asked = program(browser, token).get("/api/factor")
    assert (asked.status_code, asked.json()["code"]) == (403, "token_not_here")
    shown = browser.get("/api/factor", headers=DATA).json()
    form = {"tenant": HERE, "login": "zong", "ticket": shown["ticket"], "code": TOTP(shown["secret"]).now()}
    stranger = browser.beside()
    answer = stranger.post("/console/enrol", data=form, headers=PAGE)
    assert (answer.status_code, "set-cookie" in answer.headers) == (422, False)
    assert stranger.get("/api/me", headers=DATA).status_code == 401


def test_pages_are_for_people(browser, token):
    """A token below ``/console`` is not looked at."""
    assert program(browser, token).get("/console/").status_code == 401


@pytest.mark.parametrize("text", ["", "x", "shuangsui_", "shuangsui_chongqing.", "shuangsui_nowhere.x", "shuangsui_.x"])
def test_a_made_up_token_opens_nothing(browser, text):
    """401, even with a good cookie beside it."""
    headers = {**DATA, "Authorization": f"Bearer {text}"}
    assert browser.beside().get("/api/me", headers=headers).status_code == 401
    assert browser.get("/api/me", headers=headers).status_code == (401 if text else 200)


def test_a_token_of_one_authority_opens_no_other(browser, token):
    """Its first half says where to look, its second half is known only there."""
    assert program(browser, token.replace(HERE, "liangjiang")).get("/api/me").status_code == 401
