"""Every route that changes something leaves its entry in the ledger, and does nothing where that cannot be written.

The routes are those of the application itself: one that is added tomorrow is looked at as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import structlog
from pyotp import TOTP
from sqlalchemy import Engine, text
from sqlmodel import select

import entries
from console import DATA, HERE, PAGE, SECRET, Browser, Visiting, settings_of, staff
from databases import Database
from shuangsui import db
from shuangsui.access import service, tokens
from shuangsui.access.policy import Role
from shuangsui.access.tables import PersonLink, PersonOf
from shuangsui.db import new_id, now
from shuangsui.draws.freezing import legal_day
from shuangsui.ledger.service import record
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.pages import Act, Here
from shuangsui.pages.declaring import Nothing, filled
from shuangsui.settings import Settings
from shuangsui.web.app import create_app
from shuangsui.web.areas import Declared, declared
from shuangsui.web.boot import handlers

BY_HAND = {
    "/api/factor", "/api/password", "/api/tasks/{no:str}/evidence", "/console/enrol", "/console/factor",
    "/console/login", "/console/logout", "/console/password", "/console/tasks/{no:str}/evidence",
    "/console/tasks/{no:str}/record/save", "/console/templates/{form:str}/file",
    "/console/templates/{form:str}/restore", "/e/{token:str}/confirm", "/e/{token:str}/rate",
    "/e/{token:str}/rectify", "/m/tasks/{no:str}/evidence", "/m/tasks/{no:str}/record/save",
    "/callbacks/{tenant:str}/{plugin:str}/{name:str}", "/witness/{tenant:str}/add-checkpoint", "/console/language",
}  # fmt: skip
"""Routes that change something and are no declared act; those about signing in are tried below, others by the areas:
of a callback one entry for each message that changes, of a witness one for each cosignature."""
OWN = "Own words, long enough"
BUSINESS = [role for role in Role if role not in (Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)]
Do = Callable[[Here, Any], Any]


@pytest.fixture(autouse=True)
def silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of mistakes of ours need not be told in full."""
    monkeypatch.setattr("shuangsui.web.errors.log", structlog.wrap_logger(None, processors=[drop]))


def drop(*_: Any) -> Any:
    """Writes nothing."""
    raise structlog.DropEvent


@pytest.fixture
def settings(database: Database, engine: Engine, tmp_path) -> Settings:
    """Somebody with every role of the business, and the security administrator."""
    staff(engine, {"zong": Role.LEAD_OFFICE})
    with db.session(engine, HERE) as session:
        for role in BUSINESS:
            service.grant(session, "zong", role, by="anquan")
    return settings_of(database.app, tmp_path)


def stubbed(do: Do) -> Declared:
    """The acts of the application at their own addresses and behind their own guards, but each doing this."""
    found = declared()

    def made(act: Act) -> Act:
        names = dict.fromkeys(re.findall(r"\{(\w+)", act.then), "x")

        def stub(here: Here, form: Any) -> dict[str, str]:
            do(here, form)
            return names

        return replace(act, do=stub, model=Nothing, model_here=None, choices={})

    return replace(found, acts=tuple(made(act) for act in found.acts))


@contextmanager
def everybody(settings: Settings, found: Declared) -> Iterator[Callable[[Act], Visiting]]:
    """For each act a browser of somebody who may do it."""
    with Browser(settings, found) as zong:
        anquan = zong.beside()
        for browser, login in ((zong, "zong"), (anquan, "anquan")):
            assert browser.sign_in(login).status_code == 303
            browser.token = browser.csrf()
        yield lambda act: anquan if act.verb == "manage_users" else zong


def both(browser: Visiting, act: Act) -> tuple[int, int]:
    """What form and twin answer."""
    path = filled(act.path, dict.fromkeys(re.findall(r"\{(\w+):", act.path), "1"))
    form = browser.post(f"/console{path}", data={"csrf": browser.token}, headers=DATA)
    twin = browser.post(f"/api{path}", json={}, headers={**DATA, "X-CSRF-Token": browser.token})
    return form.status_code, twin.status_code


def refused(form: int, twin: int) -> bool:
    """Whether neither did anything."""
    return (form, twin) in ((503, 503), (404, 503))


def change(here: Here) -> None:
    """Some row of this authority."""
    user = service.existing(here.session, here.actor.login)
    here.session.add(PersonLink(user_id=user.id, kind=PersonOf.EXPERT, number="x", id=new_id()))


def silent(here: Here, _form: Any) -> None:
    """Changes a row and says nothing."""
    change(here)


def honest(here: Here, _form: Any) -> None:
    """Changes a row back and forth and says so once."""
    change(here)
    here.session.flush()
    for row in here.session.exec(select(PersonLink)):
        here.session.delete(row)
    record(here.session, "test.act", actor=here.actor.login, subject="x", payload={})


def kept(engine: Engine) -> tuple[int, int]:
    """How many entries there are, and how many rows that the stubs make."""
    with db.session(engine, HERE, readonly=True) as session:
        return len(session.exec(select(LedgerEntry)).all()), len(session.exec(select(PersonLink)).all())


@contextmanager
def without_ledger(database: Database) -> Iterator[None]:
    """The application may write everything but the ledger."""
    if database.is_postgres:
        refuse, allow = "REVOKE INSERT ON ledger_entry FROM app", "GRANT INSERT ON ledger_entry TO app"
    else:
        refuse = "CREATE TRIGGER no_ledger BEFORE INSERT ON ledger_entry BEGIN SELECT RAISE(ABORT, 'full'); END"
        allow = "DROP TRIGGER IF EXISTS no_ledger"
    with database.by_hand() as connection:
        connection.execute(text(refuse))
    try:
        yield
    finally:
        with database.by_hand() as connection:
            connection.execute(text(allow))


def test_every_route_that_changes_something_is_an_act_or_known(settings):
    """What is not declared is listed here, and tried by hand."""
    app, found = create_app(settings), set()
    for path, handler in handlers(app):
        methods = {str(one) for one in getattr(handler, "http_methods", ())} - {"GET", "HEAD", "OPTIONS"}
        if methods and not (handler.name or "").startswith(("form ", "act ")):
            found.add(path)
    assert found == BY_HAND
    made = {handler.name for _, handler in handlers(app) if handler.name}
    assert {f"{kind}{act.path}" for act in declared().acts for kind in ("form /console", "act ")} <= made


def test_no_act_succeeds_without_an_entry(settings, engine):
    """A change that nobody wrote down is undone, and the answer is a mistake of ours, whatever the route."""
    before, wrong = kept(engine), {}
    with everybody(settings, stubbed(silent)) as who:
        signed_in = kept(engine)
        for act in declared().acts:
            if (said := both(who(act), act)) != (500, 500):
                wrong[act.path] = said
    assert wrong == {}
    assert (kept(engine), before[1]) == (signed_in, 0)


def test_every_act_that_says_so_once_leaves_one_entry(settings, engine):
    """Form and twin each; nothing else is written around them."""
    with everybody(settings, stubbed(honest)) as who:
        start, acts = kept(engine)[0], declared().acts
        wrong = {act.path: said for act in acts if (said := both(who(act), act)) != (303, 200)}
    assert wrong == {}
    assert kept(engine) == (start + 2 * len(acts), 0)


def test_real_act_that_writes_twice_is_found(settings, engine, monkeypatch):
    """Seeded: whatever test does such an act in a browser fails; see ``tests/support/entries.py``."""

    def twice(*given: Any, **named: Any) -> LedgerEntry:
        record(*given, **named)
        return record(*given, **named)

    with db.session(engine, HERE, readonly=True) as session:
        until = legal_day(now(session))
    form = {"name": "名录同步", "verbs": ["view"], "until": f"{until}"}
    with Browser(settings) as browser:
        browser.sign_in("zong")
        assert browser.submit("/console/tokens/make", form).status_code == 200
        monkeypatch.setattr(tokens, "record", twice)
        with pytest.raises(AssertionError, match="/tokens/make left 2 entries"):
            browser.submit("/console/tokens/make", form)


def test_acts_that_leave_several_entries_are_acts_of_the_application():
    """And nothing that is silent passes for one."""
    assert {*entries.SEVERAL} <= {act.path for act in declared().acts}
    assert [path for path in entries.SEVERAL if not entries.fault(path, [])] == []


def test_no_act_is_done_that_cannot_be_written_down(settings, engine, database):
    """503, and not a row of it stays; a form says so on the page it stands on, if there is such a page."""
    with everybody(settings, stubbed(honest)) as who:
        before = kept(engine)
        with without_ledger(database):
            acts = declared().acts
            wrong = {act.path for act in acts if not refused(*both(who(act), act))}
    assert (wrong, kept(engine)) == (set(), before)


def signing_in(browser: Browser, engine: Engine) -> dict[str, Callable[[], Any]]:
    """Every route about signing in, in an order in which each succeeds."""

    def csrf() -> dict[str, str]:
        return {"X-CSRF-Token": browser.csrf(), **DATA}

    def code(secret: str) -> str:
        with db.session(engine, HERE, readonly=True) as session:
            return TOTP(secret).at(now(session))

    def factor() -> dict[str, str]:
        told = browser.get("/api/factor", headers=DATA).json()
        return {"ticket": told["ticket"], "code": code(told["secret"]), "password": f"{OWN} 2"}

    def submit_factor() -> Any:
        return browser.submit("/console/factor", factor())

    def form(path: str, **fields: str) -> Any:
        return browser.submit(path, fields)

    return {
        "/console/login": lambda: browser.sign_in("zong"),
        "/api/password": lambda: browser.post("/api/password", json={"old": SECRET, "new": OWN}, headers=csrf()),
        "/console/password": lambda: form("/console/password", old=OWN, new=f"{OWN} 2", again=f"{OWN} 2"),
        "/console/factor": submit_factor,
        "/console/logout": lambda: form("/console/logout"),
    }


def test_every_route_about_signing_in_leaves_exactly_one_entry(settings, engine):
    """Each of them done once, with success."""
    left = {}
    with Browser(settings) as browser:
        for path, act in signing_in(browser, engine).items():
            before = kept(engine)[0]
            assert act().status_code in (200, 303), path
            left[path] = kept(engine)[0] - before
    assert left == dict.fromkeys(left, 1)


def test_nobody_signs_in_unwritten(settings, engine, database):
    """Neither in nor out, with right or wrong words."""
    with Browser(settings) as browser:
        browser.sign_in("zong")
        with without_ledger(database):
            said = [
                browser.beside().sign_in("zong").status_code,
                browser.beside().sign_in("zong", "wrong").status_code,
                browser.post("/console/logout", data={"csrf": browser.csrf()}, headers=PAGE).status_code,
            ]
        assert said == [503] * 3
        assert browser.get("/console/", headers=PAGE).status_code == 200
