"""Signing in and out, and who a browser's cookie stands for.

A cookie is ``<tenant>.<token>``: the tenant only says where to look; who somebody is and what they may do is read anew
for each request from the session's row and the live memberships. Passwords are compared outside any transaction, so
that nobody waits for Argon2. Neither a password nor a code nor a token is ever recorded.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import select

from shuangsui import db
from shuangsui.access import factors, passwords, throttle
from shuangsui.access.factors import Draft
from shuangsui.access.policy import Actor
from shuangsui.access.profiles import Terms
from shuangsui.access.service import actor_of, existing, user_of
from shuangsui.access.tables import User, WebSession
from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.errors import BadInput, NotAllowed
from shuangsui.ledger.keys import Keyring
from shuangsui.ledger.service import record

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
NOTED_EVERY = timedelta(minutes=1)
"""How exactly the last use is known: a row per request would make every reader a writer."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """Where somebody signs in: an authority's part of the database, what it asks for, and whence a request comes."""

    engine: Engine
    tenant: str
    keyring: Keyring
    terms: Terms
    address: str = ""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whom a request comes from; ``csrf`` belongs into every form it is shown."""

    actor: Actor
    csrf: str
    session_id: UUID
    must_change: bool


class FactorDue(NotAllowed):
    """The password was right, but some role needs a second factor and none is enrolled: no session, but a draft."""

    def __init__(self, login: str, draft: Draft) -> None:
        super().__init__("factor_due", login=login)
        self.draft = draft


def sign_in(entrance: Entrance, login: str, password: str, code: str = "") -> str:
    """The cookie of a new session; a password that the profile calls too old opens the page for a new one only.

    :class:`NotAllowed` ``sign_in_failed`` whatever was wrong: password, code, login, authority, no role here, not
    active; ``password_expired`` for a one-time password that is right and older than the profile allows;
    ``sign_in_paused`` after five failures in fifteen minutes. :class:`FactorDue` for somebody whose roles need a second
    factor and who has none yet.
    """
    known = _looked_up(entrance, login)
    stored = known.password_hash if known else None
    right = passwords.matches(stored, password)
    renewed = passwords.renewed(stored, password) if right and stored else None
    once = passwords.is_one_time(password)
    with db.session(entrance.engine, entrance.tenant) as session:
        answer = _settle(session, entrance, _Given(login, stored if right else None, renewed, code, once))
    if isinstance(answer, NotAllowed):
        raise answer
    return answer


def enrol(entrance: Entrance, login: str, ticket: str, code: str) -> tuple[str, list[str]]:
    """Confirm the draft of :class:`FactorDue`: the cookie of a session, and the recovery codes.

    :class:`BadInput` ``factor_over`` and what :func:`factors.enrol` refuses.
    """
    with db.session(entrance.engine, entrance.tenant) as session:
        lock_tenant(session)
        user = user_of(session, login)
        if user is None or actor_of(session, user) is None:
            raise BadInput("factor_over")
        codes = factors.enrol(session, entrance.keyring, user, ticket, code, "door")
        user.must_change |= entrance.terms.passwords.due(user.password_at, now(session))
        session.add(user)
        record(session, "session.begin", actor=login, subject=login, payload={"factor": "enrolled"})
        return open_session(session, user), codes


def add_factor(entrance: Entrance, visitor: Visitor, password: str, ticket: str, code: str) -> tuple[str, list[str]]:
    """Enrol within a session: every one of the user's ends; the cookie of a new one, and the recovery codes.

    The password is asked for again, of whoever has one: a stolen session must not lock its owner out. What
    :func:`prove` and :func:`factors.enrol` refuse.
    """
    login = visitor.actor.login
    prove(entrance, login, password)
    with db.session(entrance.engine, entrance.tenant) as session:
        lock_tenant(session)
        user = existing(session, login)
        codes = factors.enrol(session, entrance.keyring, user, ticket, code, "inside")
        record(session, "factor.enrol", actor=login, subject=login, payload={})
        return open_session(session, user), codes


def resume(engine: Engine, cookie: str) -> Visitor | None:
    """Whom the cookie stands for now; None for one that is unknown, ended, too old, or whose user lost every role."""
    tenant, _, token = cookie.partition(".")
    if not tenant or not token:
        return None
    with db.session(engine, tenant, readonly=True) as session:
        found = _live(session, token)
        visitor = _visitor(session, *found) if found else None
        stale = found is not None and now(session) - found[0].seen_at >= NOTED_EVERY
    if visitor and stale:
        with db.session(engine, tenant) as session:
            _see(session, visitor)
    return visitor


def supersede(engine: Engine, cookie: str) -> None:
    """End the session that a browser comes with when it is given another: whoever copied that cookie is out as well."""
    if visitor := resume(engine, cookie):
        with db.session(engine, visitor.actor.tenant) as session:
            sign_out(session, visitor)


def sign_out(session: TenantSession, visitor: Visitor) -> None:
    """End the session; again changes nothing."""
    row = session.find(WebSession, visitor.session_id)
    if row and row.ended_at is None:
        row.ended_at = now(session)
        session.add(row)
        record(session, "session.end", actor=visitor.actor.login, subject=visitor.actor.login, payload={})


def change_password(entrance: Entrance, visitor: Visitor, old: str, new: str) -> str:
    """Set an own password; every session of the user ends, the answer is the cookie of a new one.

    What :func:`prove` and :func:`passwords.check_own` refuse; :class:`BadInput` ``password_wrong`` too for one that was
    replaced meanwhile.
    """
    login = visitor.actor.login
    before = prove(entrance, login, old)
    stored = before.password_hash
    if stored is None:
        raise BadInput("password_wrong")
    known = [stored, *before.password_former]
    passwords.check_own(new, entrance.terms, login=login, name=visitor.actor.name, before=known)
    made = passwords.hashed(new)
    with db.session(entrance.engine, entrance.tenant) as session:
        lock_tenant(session)
        user = existing(session, login)
        session.refresh(user, with_for_update=True)  # another authority's transactions have another lock
        if user.password_hash != stored:
            raise BadInput("password_wrong")
        user.password_former = passwords.former(stored, user.password_former)
        user.password_hash, user.password_at, user.must_change = made, now(session), False
        session.add(user)
        record(session, "password.change", actor=login, subject=login, payload={})
        return open_session(session, user)


def prove(entrance: Entrance, login: str, password: str) -> User:
    """The person, whose password this is: asked for again before anything about signing in changes.

    Whom only another server knows has none to be asked for. A stolen session is no place to guess at it either:
    failures count like those of signing in. :class:`BadInput` ``password_wrong``; :class:`NotAllowed`
    ``sign_in_paused``.
    """
    known = _looked_up(entrance, login)
    right = known is not None and (known.password_hash is None or passwords.matches(known.password_hash, password))
    with db.session(entrance.engine, entrance.tenant) as session:
        lock_tenant(session)
        if throttle.paused(session, login, entrance.address, now(session)):
            raise _paused()
        if not right:
            _refuse(session, entrance, login, known=known is not None)
    if known is None or not right:
        raise BadInput("password_wrong")
    return known


@dataclass(frozen=True, slots=True)
class _Given:
    """What came in; ``stored`` is the hash that the password matched, ``once`` whether it looks like a one-time one."""

    login: str
    stored: str | None
    renewed: str | None
    code: str
    once: bool


def _settle(session: TenantSession, entrance: Entrance, given: _Given) -> str | NotAllowed:
    """Count, record and open, all in one transaction."""
    lock_tenant(session)
    moment, login = now(session), given.login
    if throttle.paused(session, login, entrance.address, moment):
        return _paused()
    user = user_of(session, login)
    actor = actor_of(session, user or _nobody())
    if user is None or actor is None or given.stored is None or user.password_hash != given.stored:
        return _refuse(session, entrance, login, known=actor is not None)
    factor = factors.held(session, user)
    how = factors.passed(session, entrance.keyring, factor, user, given.code) if factor else None
    if factor and how is None:
        return _refuse(session, entrance, login, known=True)
    if given.once and user.must_change and entrance.terms.passwords.expired(user.password_at, moment):
        _refuse(session, entrance, login, known=True)
        return NotAllowed("password_expired", days=entrance.terms.passwords.once)
    throttle.forgive(session, login)
    if factor is None and (actor.roles & entrance.terms.factor_for or (actor.staff and entrance.terms.factor_for)):
        record(session, "factor.ask", actor=login, subject=login, payload={})
        label = entrance.terms.label
        return FactorDue(login, factors.draft(entrance.keyring, user, moment, label=label, where="door"))
    user.password_hash = given.renewed
    user.must_change |= entrance.terms.passwords.due(user.password_at, moment)
    session.add(user)
    record(session, "session.begin", actor=login, subject=login, payload={"factor": how})
    return open_session(session, user)


def _looked_up(entrance: Entrance, login: str) -> User | None:
    """Whoever is paused is told so before Argon2 does its work: refusals must not cost more than questions."""
    with db.session(entrance.engine, entrance.tenant, readonly=True) as session:
        if throttle.paused(session, login, entrance.address, now(session), locked=False):
            raise _paused()
        return user_of(session, login)


def _paused() -> NotAllowed:
    return NotAllowed("sign_in_paused", minutes=int(throttle.WINDOW.total_seconds() // 60))


def _nobody() -> User:
    """A stranger is looked up like anybody else: who works here is not to be learnt from a clock."""
    return User(login="", name="")


def _refuse(session: TenantSession, entrance: Entrance, login: str, *, known: bool) -> NotAllowed:
    throttle.count(session, login, entrance.address, now(session))
    subject = login if known else "unknown"  # what was typed may be a password in the wrong field
    record(session, "session.refuse", actor=subject, subject=subject, payload={})
    return NotAllowed("sign_in_failed")


def open_session(session: TenantSession, user: User) -> str:
    """The cookie of a new session; the caller has made sure who it is, and writes the ledger."""
    token, moment = secrets.token_urlsafe(32), now(session)
    session.add(
        WebSession(
            user_id=user.id,
            token_hash=_digest(token),
            csrf=secrets.token_urlsafe(32),
            created_at=moment,
            seen_at=moment,
            expires_at=moment + LONGEST,
        )
    )
    session.flush()
    return f"{session.tenant}.{token}"


def _live(session: TenantSession, token: str) -> tuple[WebSession, User] | None:
    row = session.exec(select(WebSession).where(WebSession.token_hash == _digest(token))).one_or_none()
    user = session.get(User, row.user_id) if row else None
    if row is None or user is None or row.ended_at:
        return None
    moment = now(session)
    too_old = moment >= row.expires_at or moment - row.seen_at >= IDLE
    outlived = any(limit and row.created_at < limit for limit in (user.password_at, user.sessions_after))
    return None if too_old or outlived else (row, user)


def _visitor(session: TenantSession, row: WebSession, user: User) -> Visitor | None:
    actor = actor_of(session, user)
    return Visitor(actor, row.csrf, row.id, user.must_change) if actor else None


def _see(session: TenantSession, visitor: Visitor) -> None:
    row = session.find(WebSession, visitor.session_id)
    if row:
        row.seen_at = now(session)
        session.add(row)


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
