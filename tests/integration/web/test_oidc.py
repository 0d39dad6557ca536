"""Signing in by the authority's own server, a real one beside: who comes back, with which roles, and who does not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlmodel import select

from console import DATA, HERE, PAGE, ROOT, Browser, settings_of, staff
from provider import SECRET_ENV, Provider, configuration, provider
from shuangsui import db
from shuangsui.access import joining, service
from shuangsui.access.policy import Role
from shuangsui.access.tables import OidcIdentity, SecondFactor, User
from shuangsui.db import move_clock, now
from shuangsui.ledger.tables import LedgerEntry

AT = f"/console/oidc/{HERE}"


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Provider]:
    """One server for the whole file."""
    with provider(tmp_path_factory.mktemp("provider")) as made:
        yield made


@pytest.fixture
def tenants(tmp_path, server, monkeypatch):
    """An authority by 等保, with a sign-in server; its tree as a folder that a test may change."""
    monkeypatch.setenv(SECRET_ENV, "a-secret")
    home = tmp_path / "tenants" / HERE
    home.mkdir(parents=True)
    text = (ROOT / "tenants" / HERE / "tenant.toml").read_text("utf-8")
    kept = [line for line in text.splitlines() if not line.startswith(("second_factor", "witnesses"))]
    (home / "tenant.toml").write_text("\n".join(kept) + configuration(server), "utf-8")
    return home.parent


@pytest.fixture
def browser(database, engine, tmp_path, tenants) -> Iterator[Browser]:
    """Nobody has signed in; the security administrator ``anquan`` and ``zong`` have passwords."""
    staff(engine, {"zong": Role.LEAD_OFFICE})
    with Browser(settings_of(database.app, tmp_path).model_copy(update={"tenants": tenants})) as made:
        yield made


def come(browser, server: Provider, sub: str, wanted: str = "/console/objects"):
    """To the server, signed in there, and back; the last answer."""
    away = browser.get(f"{AT}?next={wanted}")
    assert away.status_code == 303, away.text
    back = urlsplit(server.signs_in(away.headers["location"], sub))
    assert (back.scheme, back.netloc, back.path) == ("https", "console.example", f"{AT}/callback")
    return browser.get(f"{back.path}?{back.query}", headers=PAGE)


def acts(engine, login: str) -> list[tuple[str, str, dict]]:
    with db.session(engine, HERE, readonly=True) as session:
        rows = session.exec(select(LedgerEntry).where(LedgerEntry.subject == login).order_by(LedgerEntry.n))
        return [(row.act, row.actor, json.loads(row.payload)) for row in rows]


def roles(engine, login: str) -> set[Role]:
    with db.session(engine, HERE, readonly=True) as session:
        return set(service.roles_of(session, service.existing(session, login)))


def test_the_page_for_signing_in_leads_there(browser):
    """For authorities that have a server, and to the page that was wanted."""
    page = browser.get("/console/login?next=/console/plans", headers=PAGE).text
    assert f'<a href="{AT}?next=/console/plans">市经济信息委</a>' in page


def test_another_site_signs_nobody_in(browser):
    """Where somebody has a session already, the other server answers without asking: the act must be theirs."""
    said = {site: browser.get(AT, headers={**PAGE, "Sec-Fetch-Site": site}) for site in ("cross-site", "same-origin")}
    assert {site: answer.status_code for site, answer in said.items()} == {"cross-site": 403, "same-origin": 303}
    assert ("<form" in said["cross-site"].text, "set-cookie" in said["cross-site"].headers) == (True, False)


def test_what_is_asked_is_fresh_and_bound_to_this_browser(browser, server):
    """State, nonce and a hashed verifier, new each time; the answer address; nothing of it readable in the cookie."""
    asked = []
    for _ in range(2):
        away = browser.get(AT)
        query = parse_qs(urlsplit(away.headers["location"]).query)
        asked.append(query)
        flags = {part.strip() for part in away.headers["set-cookie"].split(";")[1:]}
        assert {"HttpOnly", "Secure", "Path=/", "SameSite=lax"} <= flags
        assert query["state"][0] not in away.headers["set-cookie"]
        assert away.headers["set-cookie"].startswith("__Host-shuangsui-asked=")
    fixed = {"response_type", "client_id", "redirect_uri", "scope", "code_challenge_method"}
    assert {name: asked[0][name][0] for name in fixed} == {
        "response_type": "code", "client_id": "shuangsui", "scope": "openid profile", "code_challenge_method": "S256",
        "redirect_uri": f"https://console.example{AT}/callback",
    }  # fmt: skip
    assert all(asked[0][name] != asked[1][name] for name in ("state", "nonce", "code_challenge"))


def test_a_new_person_gets_the_roles_that_the_claims_stand_for(browser, server, engine):
    """A user of this authority without a password, and a session like any other."""
    server.knows("s-1", preferred_username="wang", name="王(模拟)", groups=["zhifa", "elsewhere"])
    answer = come(browser, server, "s-1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/objects")
    me = browser.get("/api/me", headers=DATA).json()
    assert (me["login"], me["name"], list(me["roles"])) == ("wang", "王(模拟)", ["lead_office"])
    assert [(act, actor) for act, actor, _ in acts(engine, "wang")] == [
        ("user.add", "oidc"), ("user.grant", "oidc"), ("session.begin", "wang"),
    ]  # fmt: skip
    assert acts(engine, "wang")[-1][2] == {"factor": "oidc", "issuer": server.issuer, "amr": []}
    with db.session(engine, HERE, readonly=True) as session:
        user = service.existing(session, "wang")
        assert (user.password_hash, user.home) == (None, HERE)


def test_roles_follow_the_claims_at_each_sign_in(browser, server, engine):
    """Those of the table come and go; what the security administrator gave beside it stays."""
    server.knows("s-2", preferred_username="zhao", name="赵", groups=["zhifa"])
    come(browser, server, "s-2")
    with db.session(engine, HERE) as session:
        service.grant(session, "zhao", Role.SUPERVISOR, by="anquan")
    server.knows("s-2", preferred_username="zhao", name="赵", groups="lingdao", amr=["pwd", "mfa"])
    assert come(browser, server, "s-2").status_code == 303
    assert roles(engine, "zhao") == {Role.LEADER, Role.SUPERVISOR}


def test_who_has_lost_every_role_gets_no_session(browser, server, engine):
    """And the roles are gone in the database as well, so that an older session is over."""
    server.knows("s-3", preferred_username="qian", name="钱", groups=["zhifa"])
    come(browser, server, "s-3")
    other = browser.beside()
    server.knows("s-3", preferred_username="qian", name="钱", groups=[])
    answer = come(other, server, "s-3")
    assert (answer.status_code, "统一认证没有为用户 qian 声明本机关的任何角色" in answer.text) == (403, True)
    assert (roles(engine, "qian"), browser.get("/api/me", headers=DATA).status_code) == (set(), 401)
    assert acts(engine, "qian")[-1] == ("session.refuse", "qian", {"why": "oidc_no_role"})


@pytest.mark.parametrize(("amr", "status"), [([], 403), (["pwd"], 403), (["pwd", "otp"], 303)])
def test_roles_that_need_a_second_factor_need_it_there_too(browser, server, amr, status):
    """The other server must say that it asked for one."""
    server.knows("s-4", preferred_username="sun", name="孙", groups=["xitong"], amr=amr)
    answer = come(browser, server, "s-4")
    assert answer.status_code == status
    assert ("set-cookie" in answer.headers, browser.get("/api/me", headers=DATA).status_code) == (
        status == 303,
        200 if status == 303 else 401,
    )


@pytest.mark.parametrize(("amr", "status"), [([], 403), (["mfa"], 303)])
def test_whoever_enrolled_a_second_factor_by_choice_needs_one_there_too(browser, server, engine, amr, status):
    """Otherwise the other server's password alone would open what the password here does not."""
    with db.session(engine, HERE) as session:
        joining.link(session, "zong", server.issuer, "s-13", by="anquan")
        user = service.existing(session, "zong")
        session.add(SecondFactor(user_id=user.id, sealed=b"x", since=now(session), step=0, recovery=[]))
    server.knows("s-13", preferred_username="zong", name="宗", groups=["zhifa"], amr=amr)
    assert come(browser, server, "s-13").status_code == status


def test_administrators_stay_apart(browser, server, engine):
    """Whatever the claims say: nobody becomes two of the three."""
    server.knows("s-5", preferred_username="zhou", name="周", groups=["xitong"], amr=["mfa"])
    come(browser, server, "s-5")
    with db.session(engine, HERE) as session:
        service.revoke(session, "zhou", Role.SYSTEM_ADMIN, by="anquan")
        service.grant(session, "zhou", Role.AUDIT_ADMIN, by="anquan")
    answer = come(browser, server, "s-5")
    assert (answer.status_code, "三类管理员须由不同人员担任" in answer.text) == (403, True)
    assert roles(engine, "zhou") == {Role.AUDIT_ADMIN}


def test_nobody_takes_an_account_over_by_its_name(browser, server, engine):
    """Until the security administrator has said whose subject it is; then the subject counts, whatever the name."""
    server.knows("s-6", preferred_username="zong", name="冒名", groups=["zhifa"])
    refused = come(browser, server, "s-6")
    assert (refused.status_code, "登录名 zong 在本平台已有用户" in refused.text) == (409, True)
    with db.session(engine, HERE) as session:
        joining.link(session, "zong", server.issuer, "s-6", by="anquan")
    assert come(browser, server, "s-6").status_code == 303
    assert browser.get("/api/me", headers=DATA).json()["name"] == "zong(模拟)"


def test_a_subject_of_another_server_is_somebody_else(browser, server, engine):
    """An authority that changes its server keeps nobody by a number that both happen to use."""
    with db.session(engine, HERE) as session:
        joining.link(session, "zong", "https://former.example", "s-12", by="anquan")
    server.knows("s-12", preferred_username="chen", name="陈", groups=["zhifa"])
    assert come(browser, server, "s-12").status_code == 303
    assert browser.get("/api/me", headers=DATA).json()["login"] == "chen"


def test_a_name_given_out_again_is_not_the_person_of_before(browser, server, engine):
    """Another subject with an old login is somebody else."""
    server.knows("s-7", preferred_username="li", name="李", groups=["zhifa"])
    come(browser, server, "s-7")
    server.knows("s-8", preferred_username="li", name="李二", groups=["zhifa"])
    assert come(browser.beside(), server, "s-8").status_code == 409
    with db.session(engine, HERE, readonly=True) as session:
        assert len(session.exec(select(OidcIdentity)).all()) == 1


def test_somebody_inactive_stays_out(browser, server, engine):
    """Whatever the other server says."""
    server.knows("s-9", preferred_username="wu", name="吴", groups=["zhifa"])
    come(browser, server, "s-9")
    with db.session(engine, HERE) as session:
        user = session.exec(select(User).where(User.login == "wu")).one()
        user.active = False
        session.add(user)
    assert come(browser.beside(), server, "s-9").status_code == 403


@pytest.mark.parametrize("change", ["state", "no_cookie", "late", "no_code", "code", "iss"])
def test_an_answer_to_another_question_opens_nothing(browser, server, engine, change):
    """Another browser's or another server's, an old one, one without a code or with one that the server never gave."""
    server.knows("s-10", preferred_username="zheng", name="郑", groups=["zhifa"])
    away = browser.get(AT)
    query = parse_qs(urlsplit(server.signs_in(away.headers["location"], "s-10")).query)
    state, code = query["state"][0], query["code"][0]
    if change == "late":
        with db.session(engine, HERE) as session:
            move_clock(session, timedelta(minutes=11))
    asking = browser.beside() if change == "no_cookie" else browser
    given = {"state": "x" if change == "state" else state, "code": {"no_code": "", "code": "x"}.get(change, code)}
    given |= {"iss": "https://elsewhere.example"} if change == "iss" else {}
    answer = asking.get(f"{AT}/callback", params=given, headers=PAGE)
    assert answer.status_code in (403, 422)
    assert asking.get("/api/me", headers=DATA).status_code == 401
    with db.session(engine, HERE, readonly=True) as session:
        assert service.user_of(session, "zheng") is None


def test_a_code_serves_once(browser, server):
    """The server takes it once, and what this browser asked is forgotten with the answer."""
    server.knows("s-11", preferred_username="feng", name="冯", groups=["zhifa"])
    away = browser.get(AT)
    back = urlsplit(server.signs_in(away.headers["location"], "s-11"))
    assert browser.get(f"{back.path}?{back.query}").status_code == 303
    browser.cookies.clear()
    assert browser.get(f"{back.path}?{back.query}", headers=PAGE).status_code == 422


def test_a_server_that_is_down_is_said_on_the_page(browser, tenants, server, database, tmp_path):
    """503, and the way by password stays open; an authority without a server says so."""
    file = tenants / HERE / "tenant.toml"
    file.write_text(file.read_text("utf-8").replace(server.issuer, "http://127.0.0.1:9"), "utf-8")
    with Browser(settings_of(database.app, tmp_path).model_copy(update={"tenants": tenants})) as other:
        down = other.get(AT, headers=PAGE)
        assert (down.status_code, "统一认证服务器没有答复" in down.text, "<form" in down.text) == (503, True, True)
        none = other.get("/console/oidc/nowhere", headers=PAGE)
        assert none.status_code == 404
