"""Signing in and out, and who a browser's cookie stands for.

A cookie is ``<tenant>.<token>``: the tenant only says where to look; who somebody is and what they may do is read anew
for each request from the session's row and the live memberships. Passwords are compared outside any transaction, so
that nobody waits for Argon2. Neither a password nor a token is ever recorded.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import Engine, delete
from sqlmodel import col, select

from shuangsui import db
from shuangsui.access import passwords, policy
from shuangsui.access.policy import Actor
from shuangsui.access.profiles import Terms
from shuangsui.access.service import actor_of, user_of
from shuangsui.access.tables import SignInThrottle, User, WebSession
from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.errors import BadInput, NotAllowed
from shuangsui.ledger.service import record

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
FAILURES = 5
WINDOW = timedelta(minutes=15)
NOTED_EVERY = timedelta(minutes=1)
"""How exactly the last use is known: a row per request would make every reader a writer."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """Where somebody signs in: an authority's part of the database, and what the authority asks for."""

    engine: Engine
    tenant: str
    terms: Terms


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whom a request comes from; ``csrf`` belongs into every form it is shown."""

    actor: Actor
    csrf: str
    session_id: UUID
    must_change: bool


def sign_in(entrance: Entrance, login: str, password: str) -> str:
    """The cookie of a new session; a password that the profile calls too old opens the page for a new one only.

    :class:`NotAllowed` ``sign_in_failed`` whatever was wrong: password, login, authority, no role here, not active;
    ``sign_in_paused`` after five failures in fifteen minutes.
    """
    with db.session(entrance.engine, entrance.tenant, readonly=True) as session:
        known = user_of(session, login)
    stored = known.password_hash if known else None
    right = passwords.matches(stored, password)
    renewed = passwords.renewed(stored, password) if right and stored else None
    with db.session(entrance.engine, entrance.tenant) as session:
        answer = _settle(session, entrance, login, stored if right else None, renewed)
    if isinstance(answer, NotAllowed):
        raise answer
    return answer


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


def sign_out(session: TenantSession, visitor: Visitor) -> None:
    """End the session; again changes nothing."""
    row = session.find(WebSession, visitor.session_id)
    if row and row.ended_at is None:
        row.ended_at = now(session)
        session.add(row)
        record(session, "session.end", actor=visitor.actor.login, subject=visitor.actor.login, payload={})


def change_password(entrance: Entrance, visitor: Visitor, old: str, new: str) -> str:
    """Set an own password; every session of the user ends, the answer is the cookie of a new one.

    :class:`BadInput` ``password_wrong`` and what :func:`passwords.check_own` refuses.
    """
    login = visitor.actor.login
    with db.session(entrance.engine, entrance.tenant, readonly=True) as session:
        before = user_of(session, login)
    stored = before.password_hash if before else None
    if before is None or stored is None or not passwords.matches(stored, old):
        raise BadInput("password_wrong")
    known = [stored, *before.password_former]
    passwords.check_own(new, entrance.terms, login=login, name=visitor.actor.name, before=known)
    made = passwords.hashed(new)
    with db.session(entrance.engine, entrance.tenant) as session:
        user = user_of(session, login)
        if user is None or user.password_hash != stored:
            raise BadInput("password_wrong")
        user.password_former = passwords.former(stored, user.password_former)
        user.password_hash, user.password_at, user.must_change = made, now(session), False
        session.add(user)
        record(session, "password.change", actor=login, subject=login, payload={})
        return _open(session, user)


def _settle(
    session: TenantSession, entrance: Entrance, login: str, stored: str | None, renewed: str | None
) -> str | NotAllowed:
    """Count, record and open, all in one transaction; ``stored`` is the hash that the password matched."""
    lock_tenant(session)
    moment, throttle = now(session), _throttle(session, login)
    if throttle and throttle.until and throttle.until > moment:
        return NotAllowed("sign_in_paused", minutes=int(WINDOW.total_seconds() // 60))
    user = user_of(session, login)
    actor = actor_of(session, user) if user else None
    if user is None or actor is None or stored is None or user.password_hash != stored:
        _count(session, login, throttle, moment)
        subject = login if actor else "unknown"  # what was typed may be a password in the wrong field
        record(session, "session.refuse", actor=subject, subject=subject, payload={})
        return NotAllowed("sign_in_failed")
    if throttle:
        session.delete(throttle)
    user.password_hash = renewed
    user.must_change |= entrance.terms.passwords.due(user.password_at, moment)
    session.add(user)
    record(session, "session.begin", actor=login, subject=login, payload={})
    return _open(session, user)


def _count(session: TenantSession, login: str, throttle: SignInThrottle | None, moment: datetime) -> None:
    if not policy.LOGIN.fullmatch(login):
        return
    old = col(SignInThrottle.since) < moment - 2 * WINDOW
    session.execute(delete(SignInThrottle).where(old, col(SignInThrottle.login) != login))
    row = throttle or SignInThrottle(login=login, failures=0, since=moment)
    if row.until or row.since < moment - WINDOW:
        row.failures, row.since, row.until = 0, moment, None
    row.failures += 1
    row.until = moment + WINDOW if row.failures >= FAILURES else None
    session.add(row)


def _throttle(session: TenantSession, login: str) -> SignInThrottle | None:
    return session.exec(select(SignInThrottle).where(SignInThrottle.login == login).with_for_update()).one_or_none()


def _open(session: TenantSession, user: User) -> str:
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
    outlived = user.password_at is not None and row.created_at < user.password_at
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
