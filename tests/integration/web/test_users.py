"""Users and roles on pages, and a person's own account."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlmodel import select

from console import DATA, HERE, PAGE, SECRET, Browser, settings_of, staff
from shuangsui import db
from shuangsui.access import service
from shuangsui.access.policy import Role
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.pages.guards import COOKIE
from shuangsui.registry.service import import_file

OWN = "Own words, long enough"
ONCE = re.compile(r'<p class="once mono">([^<]+)</p>')


@pytest.fixture
def settings(database, engine, tmp_path):
    """A leader here, and somebody whom only another authority knows; the installation that several browsers use."""
    staff(engine, {"li": Role.LEADER, "zong": Role.LEAD_OFFICE})
    with db.session(engine, "liangjiang") as session:
        service.bootstrap(session, "beian", "北岸", account="os:test")
    return settings_of(database.app, tmp_path)


@pytest.fixture
def browser(settings) -> Iterator[Browser]:
    """The security administrator's."""
    with Browser(settings) as made:
        made.sign_in("anquan")
        yield made


def list_expert(engine, folder, number: str) -> None:
    """Somebody of that number in the registry of experts."""
    file = folder / "experts.csv"
    file.write_text(f"expert_no,name,quals\n{number},专家,节能\n", "utf-8")
    with db.session(engine, HERE) as session:
        import_file(session, "experts", file, actor="zong")


def acts(engine) -> list[tuple[str, str]]:
    """What the administrator did, as the ledger has it."""
    with db.session(engine, HERE, readonly=True) as session:
        rows = session.exec(select(LedgerEntry).where(LedgerEntry.actor == "anquan").order_by(LedgerEntry.n))
        return [(row.act, row.subject) for row in rows if not row.act.startswith("session.")]


def test_a_new_user_gets_a_password_that_is_shown_once(browser, settings, engine):
    """User, role and password are one act; the password opens the page for an own one."""
    before = acts(engine)
    answer = browser.submit("/console/users/add", {"login": "wang", "name": "王", "role": "inspector"})
    once = ONCE.search(answer.text)[1]
    assert "一次性口令如下，7 天内有效。" in answer.text
    assert answer.status_code == 200
    assert acts(engine)[len(before) :] == [("user.add", "wang"), ("user.grant", "wang"), ("password.give", "wang")]
    page = browser.get("/console/users", headers=PAGE).text
    assert ('<a href="/console/users/wang">wang</a>' in page, once in page) == (True, False)
    with Browser(settings) as other:
        assert other.sign_in("wang", once).status_code == 303
        assert other.get("/console/", headers=PAGE).headers["location"] == "/console/password"


def test_a_login_in_use_is_refused_as_a_whole(browser, engine):
    """The page again with what was typed; no half of the act stands."""
    before = acts(engine)
    answer = browser.submit("/console/users/add", {"login": "li", "name": "另一个李", "role": "inspector"})
    assert answer.status_code == 422
    assert "登录名 li 已被使用：请另取登录名；已有的用户只须授权。" in answer.text
    assert 'value="另一个李"' in answer.text
    assert '<option value="inspector" selected>' in answer.text
    assert acts(engine) == before


def test_a_user_of_another_authority_is_not_there(browser, engine, tmp_path):
    """404 for the page and every act on it, exactly as for a login that nobody has."""
    token = {"X-CSRF-Token": browser.csrf()}
    before = acts(engine)

    def said(login: str) -> list[tuple[int, str, str]]:
        bodies = {"grant": {"role": "leader"}, "revoke": {"role": "security_admin"}, "reset": {},
                  "link": {"kind": "expert", "number": "ZJ1"}}  # fmt: skip
        answers = [browser.get(f"/api/users/{login}", headers=DATA)]
        for act, body in bodies.items():
            answers.append(browser.post(f"/api/users/{login}/{act}", json=body, headers={**DATA, **token}))
        return [(one.status_code, one.json()["code"], one.json()["detail"].replace(login, "")) for one in answers]

    list_expert(engine, tmp_path, "ZJ1")
    assert said("beian") == said("nobody")
    assert {(status, code) for status, code, _ in said("beian")} == {(404, "user_missing")}
    assert acts(engine) == before


def test_roles_are_given_and_taken(browser, settings):
    """The sessions of before end: what may do more is opened by signing in; nobody takes their own."""
    with Browser(settings) as other:
        other.sign_in("li")
        assert other.get("/console/users", headers=DATA).status_code == 403
        answer = browser.submit("/console/users/li/grant", {"role": "supervisor"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/console/users/li?done=users.grant")
        assert other.get("/api/me", headers=DATA).status_code == 401
        other.sign_in("li")
        assert "read_audit" in other.get("/api/me", headers=DATA).json()["verbs"]
        page = browser.get("/console/users/li", headers=PAGE).text
        assert "<dt>角色</dt><dd>委领导、纪检（见证）</dd>" in page
        for role in ("supervisor", "leader"):
            taken = browser.submit("/console/users/li/revoke", {"role": role})
            assert (taken.status_code, taken.headers["location"]) == (303, "/console/users?done=users.revoke")
        assert other.get("/api/me", headers=DATA).status_code == 401
    own = browser.submit("/console/users/anquan/revoke", {"role": "security_admin"})
    assert (own.status_code, "用户 anquan 不能撤销自己的角色" in own.text) == (403, True)


def test_somebody_from_another_authority_is_admitted(browser):
    """With a role here; the password stays that authority's to replace."""
    assert browser.submit("/console/users/admit", {"login": "beian", "role": "expert"}).status_code == 303
    answer = browser.submit("/console/users/beian/reset")
    assert (answer.status_code, "用户 beian 的口令由另一机关发放" in answer.text) == (403, True)


def test_a_new_password_ends_what_the_old_one_opened(browser, settings):
    """Shown once; the sessions of before are over."""
    with Browser(settings) as other:
        other.sign_in("li")
        once = ONCE.search(browser.submit("/console/users/li/reset").text)[1]
        assert other.get("/api/me", headers=DATA).status_code == 401
        assert other.sign_in("li").status_code == 401
        assert other.sign_in("li", once).status_code == 303


def test_whoever_leaves_is_out_with_the_next_request(browser, settings, engine):
    """Told on the page, with one entry; called back, the person signs in anew."""
    before = acts(engine)
    with Browser(settings) as other:
        other.sign_in("li")
        answer = browser.submit("/console/users/li/deactivate")
        assert (answer.status_code, answer.headers["location"]) == (303, "/console/users/li?done=users.deactivate")
        assert (other.get("/api/me", headers=DATA).status_code, other.sign_in("li").status_code) == (401, 401)
        assert browser.get("/api/users/li", headers=DATA).json()["facts"]["在用"] is False
        csrf = {"X-CSRF-Token": browser.csrf()}
        told = [browser.post("/api/users/li/reactivate", json={}, headers={**DATA, **csrf}) for _ in range(2)]
        assert [told[0].status_code, told[1].status_code, told[1].json()["code"]] == [200, 409, "user_active"]
        assert (other.get("/api/me", headers=DATA).status_code, other.sign_in("li").status_code) == (401, 303)
    own = browser.submit("/console/users/anquan/deactivate")
    assert (own.status_code, "用户 anquan 不能停用自己" in own.text) == (403, True)
    assert acts(engine)[len(before) :] == [("user.deactivate", "li"), ("user.reactivate", "li")]


def test_nobody_is_given_a_password_for_their_own_account(browser, engine):
    """By form or by program: a stolen session, or a token with that verb, would become a password."""
    before = acts(engine)
    told = browser.post("/api/users/anquan/reset", json={}, headers={**DATA, "X-CSRF-Token": browser.csrf()})
    page = browser.submit("/console/users/anquan/reset")
    assert (told.status_code, told.json()["code"]) == (403, "self_password")
    assert (page.status_code, "不能重置自己的口令" in page.text, ONCE.search(page.text)) == (403, True, None)
    assert acts(engine) == before


def test_a_user_is_linked_to_somebody_in_the_registry_only(browser, engine, tmp_path):
    """One number, one user; a number that nobody has is refused."""
    form = {"kind": "expert", "number": "ZJ1"}
    nobody = browser.post("/api/users/li/link", json=form, headers={**DATA, "X-CSRF-Token": browser.csrf()})
    assert (nobody.status_code, nobody.json()["code"]) == (404, "person_unlisted")
    list_expert(engine, tmp_path, "ZJ1")
    assert browser.submit("/console/users/li/link", form).status_code == 303
    assert browser.get("/api/users/li", headers=DATA).json()["facts"]["专家（专家编号）"] == "ZJ1"
    browser.submit("/console/users/add", {"login": "wang", "name": "王", "role": "expert"})
    taken = browser.submit("/console/users/wang/link", form)
    assert (taken.status_code, "证件号 ZJ1 已由本机关的另一个用户使用" in taken.text) == (409, True)
    own = browser.submit("/console/users/anquan/link", form)
    assert (own.status_code, "用户 anquan 不能给自己授权" in own.text) == (403, True)


def test_who_am_i(browser):
    """Everything a program needs to go on, the token for its POSTs included."""
    told = browser.get("/api/me", headers=DATA).json()
    token = told.pop("csrf")
    assert told == {
        "login": "anquan", "name": "安全员", "tenant": HERE, "roles": {"security_admin": "安全管理员"},
        "verbs": ["manage_users"], "inspector": None, "expert": None, "password_due": False,
    }  # fmt: skip
    body = {"login": "wang", "name": "王", "role": "inspector"}
    made = browser.post("/api/users/add", json=body, headers={**DATA, "X-CSRF-Token": token})
    assert (made.status_code, made.json()["login"]) == (200, "wang")


def test_a_program_sets_its_password(browser, settings):
    """The answer's cookie is a new session; the old one and the old password are over."""
    token = {"X-CSRF-Token": browser.csrf()}
    old = browser.cookies[COOKIE]
    for body, code in (
        ({"old": "wrong", "new": OWN}, "password_wrong"),
        ({"old": SECRET, "new": "short"}, "password_short"),
        ({"old": SECRET}, "form_invalid"),
    ):
        refused = browser.post("/api/password", json=body, headers={**DATA, **token})
        assert (refused.status_code, refused.json()["code"]) == (422, code)
    done = browser.post("/api/password", json={"old": SECRET, "new": OWN}, headers={**DATA, **token})
    assert (done.status_code, done.json()) == (200, {})
    assert browser.cookies[COOKIE] != old
    assert browser.get("/api/me", headers=DATA).json()["login"] == "anquan"
    with Browser(settings) as other:
        assert (other.sign_in("anquan").status_code, other.sign_in("anquan", OWN).status_code) == (401, 303)
