"""Sign-in, sessions, pauses and passwords, against a real database with a clock that moves."""

from __future__ import annotations

import itertools
import os
import re
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from sqlmodel import select

from shuangsui import db
from shuangsui.access import passwords, service, signin, throttle
from shuangsui.access.policy import Role
from shuangsui.access.profiles import ASVS, DENGBAO3, Terms
from shuangsui.access.signin import Entrance
from shuangsui.access.tables import PersonOf, User, WebSession
from shuangsui.db import move_clock
from shuangsui.errors import BadInput, NotAllowed, RuleRefused, ShuangsuiError
from shuangsui.ledger.keys import Keyring
from shuangsui.ledger.tables import LedgerEntry

HERE = "chongqing"
SECRET = "Correct horse battery 1"
OWN = "Own words, long enough"
TERMS = Terms(DENGBAO3, frozenset())
"""A second factor has tests of its own."""


@pytest.fixture
def staffed(engine: Engine) -> None:
    """A security administrator and a leader, both with passwords that need no change."""
    with db.session(engine, HERE) as session:
        user = service.bootstrap(session, "anquan", "安", account="os:test")
        service.first_password(session, user, account="os:test", own=SECRET)
        service.add_user(session, "li", "李", by="anquan")
        service.grant(session, "li", Role.LEADER, by="anquan")
        service.give_password(session, "li", by="anquan", own=SECRET)


def entrance(engine: Engine, tenant: str = HERE, terms: Terms = TERMS, address: str = "") -> Entrance:
    """Where people of an authority sign in."""
    return Entrance(engine, tenant, Keyring(Path(os.environ["SHUANGSUI_TEST_FOLDER"]) / "signin.key"), terms, address)


def refusal(engine: Engine, login: str, password: str, tenant: str = HERE) -> tuple[str, dict]:
    """What somebody is told who does not get in."""
    with pytest.raises(NotAllowed) as refused:
        signin.sign_in(entrance(engine, tenant), login, password)
    return refused.value.code, refused.value.params


def wait(engine: Engine, **time: float) -> None:
    with db.session(engine, HERE) as session:
        move_clock(session, timedelta(**time))


def test_a_session_stands_for_its_user(engine, staffed):
    """Name, roles and authority are read from the live rows."""
    visitor = signin.resume(engine, signin.sign_in(entrance(engine), "li", SECRET))
    assert (visitor.actor.login, visitor.actor.tenant, visitor.actor.roles) == ("li", HERE, {Role.LEADER})
    assert (visitor.must_change, len(visitor.csrf)) == (False, 43)


def test_tokens_of_sessions_are_long_and_never_the_same(engine, staffed):
    """256 bits each."""
    tokens = [signin.sign_in(entrance(engine), "li", SECRET).removeprefix(f"{HERE}.") for _ in range(4)]
    assert (len(set(tokens)), {bool(re.fullmatch(r"[\w-]{43}", one)) for one in tokens}) == (4, {True})


def test_every_failure_answers_the_same(engine, staffed):
    """Wrong password, unknown login, no role in that authority, no login at all, an inactive user."""
    tries = [("li", "wrong"), ("nobody", SECRET), ("", ""), ("LI; --", "x"), ("li", "")]
    said = [refusal(engine, *one) for one in tries] + [refusal(engine, "li", SECRET, "liangjiang")]
    with db.session(engine, HERE) as session:
        user = session.exec(select(User).where(User.login == "li")).one()
        user.active = False
        session.add(user)
    said.append(refusal(engine, "li", SECRET))
    assert said == [("sign_in_failed", {})] * 7


@pytest.mark.parametrize("login", ["li", "nobody"])
def test_five_failures_pause_a_login_for_a_quarter_of_an_hour(engine, staffed, login):
    """Whether it exists or not, and even for the right password; then it is open again."""
    said = [refusal(engine, login, "wrong")[0] for _ in range(6)] + [refusal(engine, login, SECRET)[0]]
    assert said == ["sign_in_failed"] * 5 + ["sign_in_paused"] * 2
    wait(engine, minutes=15, seconds=1)
    if login == "li":
        assert signin.sign_in(entrance(engine), login, SECRET).startswith(f"{HERE}.")
    else:
        assert refusal(engine, login, SECRET)[0] == "sign_in_failed"


def test_guesses_in_several_authorities_count_together(engine, staffed):
    """They guess at one person's password."""
    for tenant in (HERE, "liangjiang", HERE, "liangjiang", "liangjiang"):
        refusal(engine, "li", "wrong", tenant)
    assert refusal(engine, "li", SECRET)[0] == "sign_in_paused"


def test_fifty_failures_from_one_address_pause_it(engine, staffed):
    """Whatever the logins, known or not, and in whatever authority; from elsewhere the same login gets in."""
    here = [entrance(engine, tenant, address="198.51.100.7") for tenant in (HERE, "liangjiang")]
    logins = [f"guess{n}" for n in range(46)] + ["li"] * 3 + ["anquan"]
    said = [told(here[n % 2], login, "Spring 2026!") for n, login in enumerate(logins)]
    assert said == ["sign_in_failed"] * 50
    assert [told(here[0], login, SECRET) for login in ("li", "nobody")] == ["sign_in_paused"] * 2
    assert signin.sign_in(entrance(engine, address="198.51.100.8"), "li", SECRET)
    wait(engine, minutes=15, seconds=1)
    assert signin.sign_in(here[0], "li", SECRET)


def told(door: Entrance, login: str, password: str) -> str:
    """The code of the refusal."""
    with pytest.raises(NotAllowed) as refused:
        signin.sign_in(door, login, password)
    return refused.value.code


def test_whoever_is_paused_costs_no_work(engine, staffed, monkeypatch):
    """Argon2 is not asked, by login or by address: whoever is refused anyway must not keep the processors busy."""
    for n in range(50):
        told(entrance(engine, address="198.51.100.7"), "li" if n < 5 else f"guess{n}", "wrong")
    hasher = Counted(passwords._hasher)
    monkeypatch.setattr(passwords, "_hasher", hasher)
    for login, address in (("li", ""), ("anquan", "198.51.100.7"), ("nobody", "198.51.100.7")):
        assert told(entrance(engine, address=address), login, SECRET) == "sign_in_paused"
    assert hasher.calls == []


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("testclient", ""),
        ("", ""),
    ],
)
def test_what_counts_as_one_address(address, counted):
    """A network of IPv6 is one; what is no address is not counted at all."""
    assert throttle.place(address) == counted


def test_failures_far_apart_do_not_add_up(engine, staffed):
    """Four, a quarter of an hour, four more."""
    for _ in range(2):
        for _ in range(4):
            refusal(engine, "li", "wrong")
        wait(engine, minutes=16)
    assert signin.sign_in(entrance(engine), "li", SECRET)


@pytest.mark.parametrize(("used_after", "alive"), [(29, True), (31, False)])
def test_idle_session_ends_after_half_an_hour(engine, staffed, used_after, alive):
    """Counted from the last use."""
    cookie = signin.sign_in(entrance(engine), "li", SECRET)
    wait(engine, minutes=used_after)
    assert (signin.resume(engine, cookie) is not None) == alive


def test_session_ends_after_twelve_hours_however_busy(engine, staffed):
    """Used every 25 minutes."""
    cookie, alive = signin.sign_in(entrance(engine), "li", SECRET), []
    for _ in range(29):
        wait(engine, minutes=25)
        alive.append(signin.resume(engine, cookie) is not None)
    assert alive == [True] * 28 + [False]


def test_signed_out_session_is_over(engine, staffed):
    """And the ledger says so once."""
    cookie = signin.sign_in(entrance(engine), "li", SECRET)
    visitor = signin.resume(engine, cookie)
    for _ in range(2):
        with db.session(engine, HERE) as session:
            signin.sign_out(session, visitor)
    with db.session(engine, HERE, readonly=True) as session:
        ends = session.exec(select(LedgerEntry).where(LedgerEntry.act == "session.end")).all()
    assert (signin.resume(engine, cookie), len(ends)) == (None, 1)


def test_another_role_ends_the_sessions_of_before(engine, staffed):
    """Given or taken, here and not elsewhere; a role that somebody has already changes nothing."""
    with db.session(engine, "liangjiang") as session:
        service.bootstrap(session, "beian", "北岸", account="os:test")
        service.grant(session, "li", Role.LEADER, by="beian")
    elsewhere = signin.sign_in(entrance(engine, "liangjiang"), "li", SECRET)
    lived = []
    for change, role in ((service.grant, Role.LEADER), (service.grant, Role.SUPERVISOR), (service.revoke, Role.LEADER)):
        cookie = signin.sign_in(entrance(engine), "li", SECRET)
        with db.session(engine, HERE) as session:
            change(session, "li", role, by="anquan")
        lived.append(signin.resume(engine, cookie) is not None)
    assert lived == [True, False, False]
    assert signin.resume(engine, elsewhere) is not None


def test_losing_the_last_role_ends_a_session_at_once(engine, staffed):
    """The next request is nobody's."""
    cookie = signin.sign_in(entrance(engine), "li", SECRET)
    with db.session(engine, HERE) as session:
        service.revoke(session, "li", Role.LEADER, by="anquan")
    assert signin.resume(engine, cookie) is None


@pytest.mark.parametrize("change", ["tenant", "token", "shape", "empty"])
def test_altered_cookie_is_nobodys(engine, staffed, change):
    """The tenant's part gives no authority of its own."""
    token = signin.sign_in(entrance(engine), "li", SECRET).partition(".")[2]
    altered = {"tenant": f"liangjiang.{token}", "token": f"{HERE}.{token[:-1]}", "shape": token, "empty": ""}
    assert signin.resume(engine, altered[change]) is None


def test_own_password_replaces_the_one_time_password(engine, staffed):
    """Old sessions end, the new one needs no change any more, the old password is gone."""
    with db.session(engine, HERE) as session:
        once = service.give_password(session, "li", by="anquan")
    cookie = signin.sign_in(entrance(engine), "li", once)
    first = signin.resume(engine, cookie)
    second = signin.resume(engine, signin.change_password(entrance(engine), first, once, OWN))
    assert (first.must_change, second.must_change, signin.resume(engine, cookie)) == (True, False, None)
    assert refusal(engine, "li", once)[0] == "sign_in_failed"


def test_a_one_time_password_that_nobody_uses_expires(engine, staffed):
    """After seven days, and the person is told why; a new one opens again, an own one of before stays as it was."""
    with db.session(engine, HERE) as session:
        once = service.give_password(session, "li", by="anquan")
    wait(engine, days=6, hours=23)
    assert signin.resume(engine, signin.sign_in(entrance(engine), "li", once)).must_change
    wait(engine, hours=1)
    assert refusal(engine, "li", once) == ("password_expired", {"days": 7})
    assert refusal(engine, "li", "wrong") == ("sign_in_failed", {})
    with db.session(engine, HERE) as session:
        once = service.give_password(session, "li", by="anquan")
    assert signin.sign_in(entrance(engine), "li", once)
    assert signin.sign_in(entrance(engine), "anquan", SECRET)


def test_an_own_password_that_is_due_does_not_expire(engine, staffed):
    """Whoever was sent to the page for a new one and left it may come again: only one that was given out runs out."""
    wait(engine, days=91)
    for _ in range(2):
        assert signin.resume(engine, signin.sign_in(entrance(engine), "li", SECRET)).must_change


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("wrong", OWN, "password_wrong"),
        (SECRET, "short", "password_short"),
        (SECRET, "x" * 257, "password_short"),
        (SECRET, "Aa1Aa1Aa1Aa1", "password_obvious"),
        (SECRET, SECRET, "password_old"),
    ],
)
def test_password_that_will_not_do(engine, staffed, old, new, code):
    """Nothing is changed by it."""
    visitor = signin.resume(engine, signin.sign_in(entrance(engine), "li", SECRET))
    with pytest.raises(BadInput, match=code):
        signin.change_password(entrance(engine), visitor, old, new)
    assert signin.sign_in(entrance(engine), "li", SECRET)


def test_password_is_taken_as_it_was_typed(engine, staffed):
    """Long, with spaces at its ends and letters of any script; nothing is cut off or folded."""
    own = " " + "Früh ist’s 早上好 " * 10
    visitor = signin.resume(engine, signin.sign_in(entrance(engine), "li", SECRET))
    signin.change_password(entrance(engine), visitor, SECRET, own)
    assert len(own) > 64
    assert signin.sign_in(entrance(engine), "li", own)
    for other in (own.strip(), own[:-1], own.casefold(), own[:72]):
        assert refusal(engine, "li", other)[0] == "sign_in_failed"


def test_guesses_within_a_session_count_like_those_of_signing_in(engine, staffed):
    """Whoever has stolen one learns no password by changing it; each guess is in the ledger."""
    visitor, said = signin.resume(engine, signin.sign_in(entrance(engine), "li", SECRET)), []
    for old in [*["wrong"] * 5, SECRET]:
        with pytest.raises(ShuangsuiError) as refused:
            signin.change_password(entrance(engine), visitor, old, OWN)
        said.append(refused.value.code)
    assert said == ["password_wrong"] * 5 + ["sign_in_paused"]
    assert refusal(engine, "li", SECRET)[0] == "sign_in_paused"
    with db.session(engine, HERE, readonly=True) as session:
        assert len(session.exec(select(LedgerEntry).where(LedgerEntry.act == "session.refuse")).all()) == 5


def test_password_that_was_replaced_meanwhile_is_the_old_one_no_more(engine, staffed):
    """Whoever was given a new one while the person chose one: the later comparison sees it, and nothing undoes it."""
    visitor = signin.resume(engine, signin.sign_in(entrance(engine), "li", SECRET))

    def change() -> str:
        with pytest.raises(BadInput) as refused:
            signin.change_password(entrance(engine), visitor, SECRET, OWN)
        return refused.value.code

    with ThreadPoolExecutor(1) as pool:
        with db.session(engine, HERE) as session:
            once = service.give_password(session, "li", by="anquan")
            session.flush()
            second = pool.submit(change)
            assert wait_for([second], timeout=2).not_done
        assert second.result(timeout=30) == "password_wrong"
    assert signin.sign_in(entrance(engine), "li", once)


@pytest.mark.parametrize("password", [SECRET, "wrong"])
def test_pause_that_begins_while_a_password_is_compared_holds(engine, staffed, monkeypatch, password):
    """Many guesses at once are compared at once; which of them was right is not to be learnt from the answer."""
    visitor, matches = signin.resume(engine, signin.sign_in(entrance(engine), "li", SECRET)), passwords.matches

    def compared(stored, given):
        with db.session(engine, HERE) as session:
            for _ in range(throttle.FAILURES):
                throttle.count(session, "li", "", db.now(session))
        return matches(stored, given)

    monkeypatch.setattr(passwords, "matches", compared)
    with pytest.raises(NotAllowed, match="sign_in_paused"):
        signin.prove(entrance(engine), visitor.actor.login, password)
    with db.session(engine, HERE, readonly=True) as session:
        assert session.exec(select(LedgerEntry).where(LedgerEntry.act == "session.refuse")).all() == []


class Counted:
    """A hasher that says how often it was asked to do its slow work."""

    def __init__(self, hasher) -> None:
        self.hasher, self.calls = hasher, []

    def __getattr__(self, name):
        self.calls.append(name)
        return getattr(self.hasher, name)


def test_unknown_and_known_users_take_the_same_work(engine, staffed, monkeypatch):
    """Whoever does not get in waits for one comparison by Argon2id and the same statements, whatever was wrong:
    nobody learns from a clock who works here. Counted, because times would differ on a busy machine.
    """
    with db.session(engine, "yuzhong") as session:
        service.bootstrap(session, "elsewhere", "别", account="os:test")
        service.add_user(session, "roleless", "无", by="elsewhere")
    hasher = Counted(passwords._hasher)
    monkeypatch.setattr(passwords, "_hasher", hasher)
    passwords._dummy.cache_clear()
    statements = []
    event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    refusal(engine, "first", "wrong")  # the first failure of all makes the row of its login
    work = {}
    for login in ("nobody", "li", "elsewhere", "roleless", "not a login"):
        hasher.calls.clear(), statements.clear()
        refusal(engine, login, "wrong")
        work[login] = ([*hasher.calls], len(statements))
    assert work["nobody"][0] == ["verify"]
    assert {login: did for login, did in work.items() if did != work["nobody"] and login != "not a login"} == {}
    assert work["not a login"][0] == ["verify"]


def test_a_password_of_ninety_days_opens_the_page_for_a_new_one_only(engine, staffed):
    """By 等保; OWASP asks for no such change. The new one counts anew."""
    asvs = entrance(engine, terms=Terms(ASVS, frozenset()))
    wait(engine, days=89)
    assert not signin.resume(engine, signin.sign_in(entrance(engine), "li", SECRET)).must_change
    wait(engine, days=1)
    assert not signin.resume(engine, signin.sign_in(asvs, "li", SECRET)).must_change
    due = signin.resume(engine, signin.sign_in(entrance(engine), "li", SECRET))
    after = signin.resume(engine, signin.change_password(entrance(engine), due, SECRET, OWN))
    assert (due.must_change, after.must_change) == (True, False)


@pytest.mark.parametrize(("profile", "refused"), [(DENGBAO3, 5), (ASVS, 1)])
def test_former_passwords_do_not_come_back(engine, staffed, profile, refused):
    """The last five by 等保, the present one by OWASP."""
    door, words = entrance(engine, terms=Terms(profile, frozenset())), [f"Own words, try {n} more" for n in range(5)]
    visitor = signin.resume(engine, signin.sign_in(door, "li", SECRET))
    for old, new in itertools.pairwise([SECRET, *words]):
        visitor = signin.resume(engine, signin.change_password(door, visitor, old, new))
    said = []
    for former in [*reversed(words), SECRET]:
        try:
            visitor = signin.resume(engine, signin.change_password(door, visitor, words[-1], former))
            break
        except BadInput as error:
            said.append((error.code, error.params))
    assert said == [("password_old", {"former": profile.former})] * refused


def test_reset_lifts_a_pause_and_ends_sessions(engine, staffed):
    """The security administrator helps out."""
    cookie = signin.sign_in(entrance(engine), "li", SECRET)
    for _ in range(5):
        refusal(engine, "li", "wrong")
    with db.session(engine, HERE) as session:
        once = service.give_password(session, "li", by="anquan")
    assert (signin.resume(engine, cookie), signin.sign_in(entrance(engine), "li", once) != "") == (None, True)


def test_another_authority_resets_nobodys_password(engine, staffed):
    """It would take over the person's work at home."""
    with db.session(engine, "liangjiang") as session:
        service.bootstrap(session, "anquan-lj", "安", account="os:test")
        service.grant(session, "li", Role.LEADER, by="anquan-lj")
        with pytest.raises(NotAllowed, match="password_other_home"):
            service.give_password(session, "li", by="anquan-lj")


def test_neither_password_nor_token_is_recorded(engine, staffed):
    """Not even one typed into the wrong field."""
    cookie = signin.sign_in(entrance(engine), "li", SECRET)
    refusal(engine, "hunter2password", "x")
    refusal(engine, "li", "hunter2password")
    with db.session(engine, HERE, readonly=True) as session:
        rows = session.exec(select(LedgerEntry)).all()
        stored = [repr(row) for row in (*rows, *session.exec(select(WebSession)), *session.exec(select(User)))]
    leaks = (SECRET, cookie.partition(".")[2], "hunter2password")
    assert [text for text in stored for leak in leaks if leak in text] == []
    assert [row.act for row in rows[-3:]] == ["session.begin", "session.refuse", "session.refuse"]


def test_nobody_makes_an_inspector_of_themselves(engine, staffed):
    """Whoever manages users would read the tasks of any team, before the company is told."""
    with db.session(engine, HERE) as session, pytest.raises(NotAllowed, match="self_grant"):
        service.link(session, "anquan", PersonOf.INSPECTOR, "ZF0001", by="anquan")


def test_one_certificate_one_user(engine, staffed):
    """Who acts on a task under a number is never in doubt."""
    with db.session(engine, HERE) as session:
        service.link(session, "li", PersonOf.INSPECTOR, "ZF0001", by="anquan")
        service.link(session, "li", PersonOf.INSPECTOR, "ZF0002", by="anquan")
        service.add_user(session, "wang", "王", by="anquan")
        with pytest.raises(RuleRefused, match="link_taken"):
            service.link(session, "wang", PersonOf.INSPECTOR, "ZF0002", by="anquan")
    visitor = signin.resume(engine, signin.sign_in(entrance(engine), "li", SECRET))
    assert (visitor.actor.inspector, visitor.actor.expert) == ("ZF0002", None)
