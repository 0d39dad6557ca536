"""Whoever leaves an authority, and whoever is called back."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from threading import Barrier, BrokenBarrierError

import pytest
from sqlmodel import select

from shuangsui import db
from shuangsui.access import leaving, service, signin, tokens
from shuangsui.access.policy import Role
from shuangsui.access.profiles import DENGBAO3, Terms
from shuangsui.access.signin import Entrance
from shuangsui.access.tables import PersonOf
from shuangsui.errors import NotAllowed, RuleRefused, ShuangsuiError
from shuangsui.ledger.keys import Keyring
from shuangsui.ledger.tables import LedgerEntry

HERE, THERE = "chongqing", "liangjiang"
SECRET = "Correct horse battery 1"


@pytest.fixture
def staffed(engine) -> None:
    """Two security administrators here; a leader, who is an inspector too and the neighbour's supervisor."""
    with db.session(engine, HERE) as session:
        first = service.bootstrap(session, "anquan", "安", account="os:test")
        service.first_password(session, first, account="os:test", own=SECRET)
        for login, role in (("li", Role.LEADER), ("second", Role.SECURITY_ADMIN)):
            service.add_user(session, login, login, by="anquan")
            service.grant(session, login, role, by="anquan")
            service.give_password(session, login, by="anquan", own=SECRET)
        service.link(session, "li", PersonOf.INSPECTOR, "ZF0001", by="anquan")
    with db.session(engine, THERE) as session:
        service.bootstrap(session, "beian", "北岸", account="os:test")
        service.grant(session, "li", Role.SUPERVISOR, by="beian")


def entrance(engine, tenant: str) -> Entrance:
    """Where people of an authority sign in; a second factor has tests of its own."""
    keyring = Keyring(Path(os.environ["SHUANGSUI_TEST_FOLDER"]) / "signin.key")
    return Entrance(engine, tenant, keyring, Terms(DENGBAO3, frozenset()))


def token(engine, tenant: str) -> str:
    """Of the leader's, for a program."""
    with db.session(engine, tenant) as session:
        actor = service.require(session, "li", "view")
        today = db.now(session).date()
        return tokens.make(session, actor, "程序", ["view"], today=today, until=today + timedelta(days=9))[1]


def refusal(engine, tenant: str) -> str:
    """What the leader is told who does not get in."""
    with pytest.raises(NotAllowed) as refused:
        signin.sign_in(entrance(engine, tenant), "li", SECRET)
    return refused.value.code


def keys(engine) -> list[tuple[str, str]]:
    """A session and a token in both authorities."""
    return [(signin.sign_in(entrance(engine, one), "li", SECRET), token(engine, one)) for one in (HERE, THERE)]


def opened(engine, held: list[tuple[str, str]]) -> list[bool]:
    """What each of them still opens."""
    return [
        found is not None
        for cookie, text in held
        for found in (signin.resume(engine, cookie), tokens.resume(engine, text))
    ]


def act(engine, does, login: str, by: str = "anquan", tenant: str = HERE) -> None:
    with db.session(engine, tenant) as session:
        does(session, login, by=by)


def told(engine, does, login: str, by: str = "anquan", tenant: str = HERE) -> str:
    """The code of the refusal."""
    with pytest.raises(ShuangsuiError) as refused:
        act(engine, does, login, by, tenant)
    return refused.value.code


def written(engine, tenant: str) -> list[tuple[str, str, str]]:
    with db.session(engine, tenant, readonly=True) as session:
        rows = session.exec(select(LedgerEntry).order_by(LedgerEntry.n))
        return [(row.act, row.actor, row.subject) for row in rows if "activate" in row.act]


def test_whoever_leaves_is_out_everywhere_at_once(engine, staffed):
    """Sessions and tokens in both authorities, and signing in; one entry, here."""
    held = keys(engine)
    assert opened(engine, held) == [True] * 4
    act(engine, leaving.deactivate, "li")
    assert opened(engine, held) == [False] * 4
    assert [refusal(engine, one) for one in (HERE, THERE)] == ["sign_in_failed"] * 2
    assert (written(engine, HERE), written(engine, THERE)) == ([("user.deactivate", "anquan", "li")], [])


def test_whoever_comes_back_signs_in_anew(engine, staffed):
    """What was opened before stays shut, in the other authority too; what is opened now is open."""
    held = keys(engine)
    for does in (leaving.deactivate, leaving.reactivate):
        act(engine, does, "li")
    assert opened(engine, held) == [False] * 4
    assert opened(engine, keys(engine)) == [True] * 4
    assert [one for one, *_ in written(engine, HERE)] == ["user.deactivate", "user.reactivate"]


def test_what_the_person_was_stays(engine, staffed):
    """Roles and numbers, for whoever takes over or for the day of coming back."""
    act(engine, leaving.deactivate, "li")
    with db.session(engine, HERE, readonly=True) as session:
        member = next(one for one in service.members(session) if one.login == "li")
        assert (member.active, member.roles) == (False, (Role.LEADER,))
        assert service.links_of(session, "li") == {PersonOf.INSPECTOR: "ZF0001"}


def test_only_a_security_administrator_of_the_own_authority_does_it(engine, staffed):
    """Not a leader, not oneself, not another authority; nobody who is not there, nobody twice."""
    assert told(engine, leaving.deactivate, "second", by="li") == "not_allowed"
    assert told(engine, leaving.deactivate, "anquan") == "self_deactivate"
    assert told(engine, leaving.deactivate, "li", by="beian", tenant=THERE) == "user_other_home"
    assert told(engine, leaving.deactivate, "nobody") == "user_missing"
    assert told(engine, leaving.reactivate, "li") == "user_active"
    act(engine, leaving.deactivate, "li")
    assert told(engine, leaving.deactivate, "li") == "user_inactive"
    assert told(engine, leaving.reactivate, "li", by="beian", tenant=THERE) == "user_other_home"
    assert told(engine, leaving.reactivate, "li", by="li") == "user_unknown"


def revoke(session, login: str, *, by: str) -> None:
    """Take the role of a security administrator away."""
    service.revoke(session, login, Role.SECURITY_ADMIN, by=by)


@pytest.mark.parametrize("does", [leaving.deactivate, revoke])
def test_the_last_security_administrator_stays(engine, staffed, does):
    """Two who deactivate each other at the same time, or take the role away: one is still there to undo it."""
    meeting = Barrier(2)

    def at_each_other(login: str, by: str) -> str | None:
        try:
            with db.session(engine, HERE) as session:
                service.members(session)
                with suppress(BrokenBarrierError):
                    meeting.wait(timeout=2)
                does(session, login, by=by)
        except (NotAllowed, RuleRefused) as error:
            return error.code
        return None

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(at_each_other, ("anquan", "second"), ("second", "anquan")))
    assert said.count(None) == 1
    assert {*said} - {None} <= {"last_security_admin", "user_unknown", "not_allowed"}
    with db.session(engine, HERE, readonly=True) as session:
        left = [one.login for one in service.members(session) if one.active and Role.SECURITY_ADMIN in one.roles]
    assert len(left) == 1
