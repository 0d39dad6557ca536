"""The second factor: whose password alone opens nothing, codes that serve once, and what helps when one is lost."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pyotp import TOTP
from sqlalchemy import Engine
from sqlmodel import select

from shuangsui import db
from shuangsui.access import factors, service, signin
from shuangsui.access.policy import Role
from shuangsui.access.profiles import ASVS, DENGBAO3, FACTOR, Terms
from shuangsui.access.signin import Entrance, FactorDue
from shuangsui.access.tables import SecondFactor, WebSession
from shuangsui.db import move_clock, now
from shuangsui.errors import BadInput, NotAllowed, NotFound, ShuangsuiError
from shuangsui.ledger.keys import Keyring
from shuangsui.ledger.tables import LedgerEntry

HERE, SECRET = "chongqing", "Correct horse battery 1"
ROLES = {
    "anquan2": Role.SECURITY_ADMIN,
    "xitong": Role.SYSTEM_ADMIN,
    "shenji": Role.AUDIT_ADMIN,
    "li": Role.LEADER,
    "zong": Role.LEAD_OFFICE,
    "jiwei": Role.SUPERVISOR,
}


@pytest.fixture
def door(engine: Engine, tmp_path: Path) -> Entrance:
    """Where the staff signs in, by 等保; everybody has a password that needs no change."""
    with db.session(engine, HERE) as session:
        user = service.bootstrap(session, "anquan", "安", account="os:test")
        service.first_password(session, user, account="os:test", own=SECRET)
        for login, role in ROLES.items():
            service.add_user(session, login, f"某{role.value}", by="anquan")
            service.grant(session, login, role, by="anquan")
            service.give_password(session, login, by="anquan", own=SECRET)
    return Entrance(engine, HERE, Keyring(tmp_path / "master.key"), Terms())


def ask(door: Entrance, login: str) -> factors.Draft:
    """What somebody is shown who needs a second factor and has none."""
    with pytest.raises(FactorDue) as due:
        signin.sign_in(door, login, SECRET)
    return due.value.draft


def code(door: Entrance, secret: str, drift: int = 0) -> str:
    """What the telephone shows, by the installation's clock."""
    with db.session(door.engine, HERE, readonly=True) as session:
        return TOTP(secret).at(now(session), counter_offset=drift)


def enrolled(door: Entrance, login: str) -> tuple[str, list[str]]:
    """Somebody with a second factor: its secret and its recovery codes; the minute of the first code is over."""
    made = ask(door, login)
    _, codes = signin.enrol(door, login, made.ticket, code(door, made.secret))
    wait(door, minutes=2)
    return made.secret, codes


def wait(door: Entrance, **time: float) -> None:
    with db.session(door.engine, HERE) as session:
        move_clock(session, timedelta(**time))


def refusal(door: Entrance, login: str, given: str = "") -> str:
    """Why somebody with the right password does not get in."""
    with pytest.raises(ShuangsuiError) as refused:
        signin.sign_in(door, login, SECRET, given)
    return refused.value.code


def sessions(door: Entrance) -> int:
    with db.session(door.engine, HERE, readonly=True) as session:
        return len(session.exec(select(WebSession)).all())


def acts(door: Entrance, login: str) -> list[tuple[str, dict]]:
    """What the ledger has of somebody's signing in."""
    with db.session(door.engine, HERE, readonly=True) as session:
        rows = session.exec(select(LedgerEntry).where(LedgerEntry.actor == login).order_by(LedgerEntry.n))
        return [(row.act, json.loads(row.payload)) for row in rows]


@pytest.mark.parametrize("profile", [DENGBAO3, ASVS])
def test_a_password_alone_yields_no_session_for_administrators(door, profile):
    """Nor, by 等保, for whoever approves; everybody else gets in without."""
    door = Entrance(door.engine, HERE, door.keyring, Terms(profile, FACTOR[profile.name]))
    let_in = []
    for login, role in ROLES.items():
        try:
            signin.sign_in(door, login, SECRET)
            let_in.append(role)
        except FactorDue:
            pass
    assert let_in == [role for role in ROLES.values() if role not in FACTOR[profile.name]]
    assert sessions(door) == len(let_in)


def test_the_first_code_opens_the_session_that_the_password_did_not(door):
    """One act in the ledger for each step; from then on every sign-in needs a code."""
    made = ask(door, "xitong")
    assert made.address.startswith("otpauth://totp/")
    cookie, codes = signin.enrol(door, "xitong", made.ticket, code(door, made.secret))
    assert signin.resume(door.engine, cookie).actor.roles == {Role.SYSTEM_ADMIN}
    assert (len(set(codes)), {len(one) for one in codes}) == (8, {19})
    assert refusal(door, "xitong") == "sign_in_failed"
    wait(door, seconds=60)
    assert signin.sign_in(door, "xitong", SECRET, code(door, made.secret))
    assert acts(door, "xitong") == [
        ("factor.ask", {}), ("session.begin", {"factor": "enrolled"}), ("session.refuse", {}),
        ("session.begin", {"factor": "totp"}),
    ]  # fmt: skip


def test_a_code_is_used_once(door):
    """Neither the one of the enrolment nor one of a sign-in serves again, nor an older one after a newer."""
    made = ask(door, "li")
    first = code(door, made.secret)
    signin.enrol(door, "li", made.ticket, first)
    assert refusal(door, "li", first) == "sign_in_failed"
    wait(door, minutes=5)
    newer, older = code(door, made.secret), code(door, made.secret, -1)
    assert signin.sign_in(door, "li", SECRET, newer)
    assert [refusal(door, "li", one) for one in (newer, older)] == ["sign_in_failed"] * 2


@pytest.mark.parametrize(("drift", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_telephones_clock_may_be_half_a_minute_off(door, drift, right):
    """One step to either side."""
    secret, _ = enrolled(door, "li")
    given = code(door, secret, drift)
    assert (bool(signin.sign_in(door, "li", SECRET, given)) if right else refusal(door, "li", given)) == (
        True if right else "sign_in_failed"
    )


@pytest.mark.parametrize("kind", ["totp", "recovery"])
def test_a_code_serves_once_in_two_authorities_at_the_same_time(door, kind):
    """The lock of one authority keeps nobody out of the other: the second waits for the first and is refused."""
    secret, codes = enrolled(door, "li")
    with db.session(door.engine, "liangjiang") as session:
        service.bootstrap(session, "beian", "北岸", account="os:test")
        service.grant(session, "li", Role.LEADER, by="beian")
    other, given = replace(door, tenant="liangjiang"), code(door, secret) if kind == "totp" else codes[0]
    with ThreadPoolExecutor(1) as pool:
        with db.session(door.engine, HERE) as session:
            user = service.existing(session, "li")
            assert factors.passed(session, door.keyring, factors.held(session, user), user, given) == kind
            session.flush()
            second = pool.submit(refusal, other, "li", given)
            assert wait_for([second], timeout=1).not_done
        assert second.result(timeout=30) == "sign_in_failed"


@pytest.mark.parametrize("given", ["", "000000", "12345", "１２３４５６", "123456789", "x" * 400, "\0"])
def test_wrong_codes_answer_like_wrong_passwords(door, given):
    """Nothing says that the password was right."""
    enrolled(door, "li")
    assert refusal(door, "li", given) == "sign_in_failed"


def test_guesses_at_codes_are_counted_like_guesses_at_passwords(door):
    """Five, and even the right one waits."""
    secret, _ = enrolled(door, "li")
    assert [refusal(door, "li", f"{n:06}") for n in range(5)] == ["sign_in_failed"] * 5
    assert refusal(door, "li", code(door, secret)) == "sign_in_paused"


def test_a_recovery_code_serves_once(door):
    """Written in any case, with or without what people put between; the others stay good."""
    _, codes = enrolled(door, "li")
    assert signin.sign_in(door, "li", SECRET, f" {codes[0].upper()} ")
    assert refusal(door, "li", codes[0]) == "sign_in_failed"
    assert signin.sign_in(door, "li", SECRET, codes[1])
    with db.session(door.engine, HERE, readonly=True) as session:
        assert len(session.exec(select(SecondFactor)).one().recovery) == 6


def test_neither_secret_nor_codes_are_stored_readably(door):
    """The master key opens the secret; the codes are hashes."""
    secret, codes = enrolled(door, "li")
    with db.session(door.engine, HERE, readonly=True) as session:
        row = session.exec(select(SecondFactor)).one()
        kept = [row.sealed, json.dumps(row.recovery), *(one.payload for one in session.exec(select(LedgerEntry)))]
    assert [one for one in kept for leak in (secret, *codes) if leak.encode() in bytes(str(one), "utf-8")] == []
    other = Entrance(door.engine, HERE, Keyring(door.keyring._file.with_name("other.key")), door.terms)
    assert refusal(other, "li", "000000") == "seal_broken"


@pytest.mark.parametrize("change", ["late", "altered", "other", "password", "twice", "wrong"])
def test_a_ticket_that_no_longer_serves(door, change):
    """A quarter of an hour, for one person and one password, once, with the right code."""
    made = ask(door, "xitong")
    login, ticket, given = "xitong", made.ticket, code(door, made.secret)
    if change == "late":
        wait(door, minutes=16)
    if change == "password":
        with db.session(door.engine, HERE) as session:
            service.give_password(session, "xitong", by="anquan")
    if change == "twice":
        signin.enrol(door, login, ticket, given)
    altered = {"altered": ticket[:-4] + "AAAA", "other": ticket}.get(change, ticket)
    who, typed = ("shenji" if change == "other" else login), ("000000" if change == "wrong" else given)
    with pytest.raises(ShuangsuiError) as refused:
        signin.enrol(door, who, altered, typed)
    assert refused.value.code == {"twice": "factor_held", "wrong": "factor_code_wrong"}.get(change, "factor_over")
    assert sessions(door) == (1 if change == "twice" else 0)


def test_a_lost_telephone_is_reset_by_another_security_administrator(door):
    """Every session ends, the next sign-in enrols anew; nobody resets their own, nor one of another authority's."""
    made = ask(door, "anquan")
    cookie, _ = signin.enrol(door, "anquan", made.ticket, code(door, made.secret))
    with db.session(door.engine, HERE) as session, pytest.raises(NotAllowed, match="self_factor"):
        factors.reset(session, "anquan", by="anquan")
    with db.session(door.engine, "liangjiang") as session:
        service.bootstrap(session, "beian", "北岸", account="os:test")
        service.grant(session, "anquan", Role.SECURITY_ADMIN, by="beian")
        with pytest.raises(NotAllowed, match="password_other_home"):
            factors.reset(session, "anquan", by="beian")
    wait(door, seconds=1)
    with db.session(door.engine, HERE) as session:
        factors.reset(session, "anquan", by="anquan2")
    assert signin.resume(door.engine, cookie) is None
    assert ask(door, "anquan").secret != made.secret
    assert acts(door, "anquan2")[-1] == ("factor.reset", {})
    with db.session(door.engine, HERE) as session, pytest.raises(NotFound, match="factor_missing"):
        factors.reset(session, "anquan", by="anquan2")


def test_two_who_reset_at_the_same_time_reset_once(door):
    """The second waits for the first, and is told that nothing is left to reset."""
    enrolled(door, "li")

    def reset(by: str) -> str:
        with pytest.raises(NotFound) as refused, db.session(door.engine, HERE) as session:
            factors.reset(session, "li", by=by)
        return refused.value.code

    with ThreadPoolExecutor(1) as pool:
        with db.session(door.engine, HERE) as session:
            factors.reset(session, "li", by="anquan")
            second = pool.submit(reset, "anquan2")
            assert wait_for([second], timeout=1).not_done
        assert second.result(timeout=30) == "factor_missing"
    assert [act for by in ("anquan", "anquan2") for act, _ in acts(door, by)].count("factor.reset") == 1


def test_a_new_password_goes_round_no_second_factor(door):
    """What the security administrator gives out opens nothing without the telephone."""
    secret, _ = enrolled(door, "li")
    with db.session(door.engine, HERE) as session:
        once = service.give_password(session, "li", by="anquan")
    with pytest.raises(NotAllowed, match="sign_in_failed"):
        signin.sign_in(door, "li", once)
    assert signin.resume(door.engine, signin.sign_in(door, "li", once, code(door, secret))).must_change


def test_whoever_has_a_second_factor_needs_it_whatever_the_role(door):
    """Enrolled by choice, and kept where an authority leaves the choice to everybody."""
    enrolled(door, "li")
    free = Entrance(door.engine, HERE, door.keyring, Terms(DENGBAO3, frozenset()))
    assert refusal(free, "li") == "sign_in_failed"
    assert signin.sign_in(free, "xitong", SECRET)


def test_nobody_enrols_for_an_unknown_login(door):
    """The same sentence as for a ticket that is over."""
    with pytest.raises(BadInput, match="factor_over"):
        signin.enrol(door, "nobody", ask(door, "li").ticket, "000000")
