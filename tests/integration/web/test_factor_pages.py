"""The second factor on pages: enrolled at the first sign-in or by choice, asked for ever after."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyotp import TOTP

from console import DATA, HERE, PAGE, ROOT, SECRET, Browser, settings_of, staff
from shuangsui import db
from shuangsui.access.policy import Role
from shuangsui.db import now
from shuangsui.pages.guards import COOKIE

TICKET = re.compile(r'name="ticket" value="([^"]+)"')
SHOWN = re.compile(r'id="secret" value="([A-Z2-7]+)"')
CODES = re.compile(r"<li>([a-z2-9-]{19})</li>")


@pytest.fixture
def browser(database, engine, tmp_path) -> Iterator[Browser]:
    """An authority as it is in production: no word of a second factor in its file."""
    staff(engine, {"root": Role.SYSTEM_ADMIN, "zong": Role.LEAD_OFFICE})
    home = tmp_path / "tenants" / HERE
    home.mkdir(parents=True)
    text = (ROOT / "tenants" / HERE / "tenant.toml").read_text("utf-8")
    kept = [line for line in text.splitlines() if not line.startswith(("second_factor", "witnesses"))]
    (home / "tenant.toml").write_text("\n".join(kept), "utf-8")
    with Browser(settings_of(database.app, tmp_path).model_copy(update={"tenants": Path(home.parent)})) as made:
        yield made


def code(engine, secret: str, drift: int = 0) -> str:
    with db.session(engine, HERE, readonly=True) as session:
        return TOTP(secret).at(now(session), counter_offset=drift)


def test_an_administrator_enrols_before_the_first_session(browser, engine):
    """The password leads to the secret, as text, link and QR code, and to no cookie; the first code to the console."""
    asked = browser.sign_in(" root ", next="/console/plugins")
    assert (asked.status_code, "set-cookie" in asked.headers) == (200, False)
    secret, ticket = SHOWN.search(asked.text)[1], TICKET.search(asked.text)[1]
    assert '<input type="hidden" name="login" value="root">' in asked.text
    assert '<a href="otpauth://totp/' in asked.text
    assert "<svg" in asked.text
    assert "style=" not in asked.text
    form = {"tenant": HERE, "login": "root", "ticket": ticket, "next": "/console/plugins"}
    wrong = browser.post("/console/enrol", data={**form, "code": "000000"}, headers=PAGE)
    assert (wrong.status_code, SHOWN.search(wrong.text)[1], "动态验证码不对" in wrong.text) == (422, secret, True)
    done = browser.post("/console/enrol", data={**form, "code": code(engine, secret)}, headers=PAGE)
    assert (done.status_code, len(CODES.findall(done.text)), done.headers["cache-control"]) == (200, 8, "no-store")
    assert '<a class="btn primary" href="/console/plugins">' in done.text
    assert browser.get("/console/", headers=PAGE).status_code == 200
    over = browser.post("/console/enrol", data={**form, "code": code(engine, secret, 1)}, headers=PAGE)
    assert (over.status_code, "用户 root 已登记第二因素" in over.text) == (403, True)


def test_a_code_is_asked_for_ever_after(browser, engine):
    """In the same form; a recovery code does as well."""
    asked = browser.sign_in("root").text
    secret = SHOWN.search(asked)[1]
    form = {"tenant": HERE, "login": "root", "ticket": TICKET.search(asked)[1], "code": code(engine, secret)}
    codes = CODES.findall(browser.post("/console/enrol", data=form, headers=PAGE).text)
    other = browser.beside()
    assert other.sign_in("root").status_code == 401
    assert other.sign_in("root", code=code(engine, secret, 1)).status_code == 303
    assert browser.beside().sign_in("root", code=codes[0]).status_code == 303


def test_somebody_enrols_by_choice(browser, engine):
    """On the own page; a wrong code shows the same secret again, and the page says how many recovery codes are left."""
    browser.sign_in("zong")
    page = browser.get("/console/factor", headers=PAGE)
    secret, token = SHOWN.search(page.text)[1], browser.csrf("/console/factor")
    form = {"csrf": token, "ticket": TICKET.search(page.text)[1], "password": SECRET}
    wrong = browser.post("/console/factor", data={**form, "code": "1"}, headers=PAGE)
    assert (wrong.status_code, SHOWN.search(wrong.text)[1]) == (422, secret)
    done = browser.post("/console/factor", data={**form, "code": code(engine, secret)}, headers=PAGE)
    assert (done.status_code, len(CODES.findall(done.text))) == (200, 8)
    assert "<dt>剩余备用码</dt><dd>8 个</dd>" in browser.get("/console/factor", headers=PAGE).text
    assert browser.csrf() in done.text
    assert browser.beside().sign_in("zong").status_code == 401


def test_a_program_enrols_too(browser, engine):
    """The twin says the secret, the act answers the recovery codes."""
    browser.sign_in("zong")
    told = browser.get("/api/factor", headers=DATA).json()
    assert (told["since"], told["left"], told["address"].startswith("otpauth://")) == (None, 0, True)
    body = {"ticket": told["ticket"], "code": code(engine, told["secret"]), "password": SECRET}
    made = browser.post("/api/factor", json=body, headers={**DATA, "X-CSRF-Token": browser.csrf()})
    assert (made.status_code, len(made.json()["recovery"])) == (200, 8)
    after = browser.get("/api/factor", headers=DATA).json()
    assert (sorted(after), after["left"]) == (["left", "since"], 8)


def test_within_a_session_the_password_is_asked_for_and_every_other_session_ends(browser, engine):
    """Whoever stole one enrols no telephone of theirs, and is out as soon as its owner enrols one."""
    stolen = browser.beside()
    browser.sign_in("zong")
    stolen.cookies.set(COOKIE, browser.cookies[COOKIE], domain="console.example")
    told = stolen.get("/api/factor", headers=DATA).json()
    body = {"ticket": told["ticket"], "code": code(engine, told["secret"])}
    said = []
    for password in ("", "Another horse battery 1", SECRET):
        headers = {**DATA, "X-CSRF-Token": browser.csrf()}
        said.append(browser.post("/api/factor", json={**body, "password": password}, headers=headers).status_code)
    assert said == [422, 422, 200]
    assert [one.get("/api/me", headers=DATA).status_code for one in (browser, stolen)] == [200, 401]


def test_the_security_administrator_resets_it(browser, engine):
    """On the user's page, which says who has one."""
    browser.sign_in("zong")
    told = browser.get("/api/factor", headers=DATA).json()
    body = {"ticket": told["ticket"], "code": code(engine, told["secret"]), "password": SECRET}
    browser.post("/api/factor", json=body, headers={**DATA, "X-CSRF-Token": browser.csrf()})
    admin = browser.beside()
    shown = admin.sign_in("anquan").text
    form = {"tenant": HERE, "login": "anquan", "ticket": TICKET.search(shown)[1]}
    admin.post("/console/enrol", data={**form, "code": code(engine, SHOWN.search(shown)[1])}, headers=PAGE)
    assert "<dt>第二因素</dt><dd>已登记</dd>" in admin.get("/console/users/zong", headers=PAGE).text
    assert admin.submit("/console/users/zong/factor").status_code == 303
    assert "<dt>第二因素</dt><dd>—</dd>" in admin.get("/console/users/zong", headers=PAGE).text
    assert browser.beside().sign_in("zong", SECRET).status_code == 303


def test_another_site_cannot_enrol_for_somebody(browser):
    """As for the form for signing in."""
    answer = browser.post("/console/enrol", data={}, headers={**DATA, "Origin": "https://evil.example"})
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_refused")
