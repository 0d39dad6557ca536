"""Tokens: what a program signs in with, made by a person for themselves, with some of their verbs and an end.

A token is ``shuangsui_<tenant>.<secret>``. As with a cookie the tenant only says where to look, and what may be done is
what the token names and the person's live roles still allow.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from hashlib import sha256
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import col, select

from shuangsui import db
from shuangsui.access import policy, service
from shuangsui.access.policy import Actor
from shuangsui.access.signin import Visitor
from shuangsui.access.tables import ApiToken, User
from shuangsui.db import TenantSession, now
from shuangsui.errors import BadInput, NotFound
from shuangsui.ledger.service import record

PREFIX = "shuangsui_"
"""By which tools that look for lost secrets find ours."""
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
NOTED_EVERY = timedelta(minutes=10)


def make(
    session: TenantSession, actor: Actor, name: str, verbs: Iterable[str], *, today: date, until: date
) -> tuple[ApiToken, str]:
    """A new token, good to the end of the day ``until``; the text is shown once.

    :class:`BadInput` ``token_name`` and what :func:`policy.check_token` refuses.
    """
    wanted = sorted(set(verbs))
    policy.check_token(actor, wanted, today=today, until=until)
    if not name.strip():
        raise BadInput("token_name")
    secret = secrets.token_urlsafe(32)
    expires = datetime.combine(until + timedelta(days=1), time(), SHANGHAI).astimezone(UTC)
    made = ApiToken(
        user_id=service.existing(session, actor.login).id, name=name.strip(), token_hash=_digest(secret), verbs=wanted,
        created_at=now(session), expires_at=expires,
    )  # fmt: skip
    session.add(made)
    payload = {"id": made.id, "name": made.name, "verbs": wanted, "until": until}
    record(session, "token.make", actor=actor.login, subject=actor.login, payload=payload)
    return made, f"{PREFIX}{session.tenant}.{secret}"


def of(session: TenantSession, login: str) -> Sequence[ApiToken]:
    """Somebody's tokens here, the newest first."""
    user = service.existing(session, login)
    return session.exec(select(ApiToken).where(ApiToken.user_id == user.id).order_by(col(ApiToken.id).desc())).all()


def find(session: TenantSession, login: str, id_: str) -> ApiToken:
    """One of somebody's own; :class:`NotFound` ``token_missing`` for another's just as for nobody's."""
    for token in of(session, login):
        if str(token.id) == id_:
            return token
    raise NotFound("token_missing")


def revoke(session: TenantSession, login: str, ids: Iterable[UUID], *, by: str) -> int:
    """End these tokens of somebody's at once; how many were still good. What ended before is left as it is."""
    wanted, moment = set(ids), now(session)
    ended = [one for one in of(session, login) if one.id in wanted and is_good(session, one)]
    for token in ended:
        token.revoked_at = moment
        session.add(token)
    if ended:
        payload = {"ids": [token.id for token in ended], "names": [token.name for token in ended]}
        record(session, "token.revoke", actor=by, subject=login, payload=payload)
    return len(ended)


def is_good(session: TenantSession, token: ApiToken) -> bool:
    """Whether it still opens anything: it ends on its day, by hand, and with all that its person had opened before."""
    over = token.revoked_at is not None or now(session) >= token.expires_at
    return not (over or is_outlived(session, token))


def is_outlived(session: TenantSession, token: ApiToken) -> bool:
    """Whether its person left, or got another second factor, since it was made."""
    user = session.get(User, token.user_id)
    return user is None or (user.sessions_after is not None and token.created_at < user.sessions_after)


def resume(engine: Engine, text: str) -> Visitor | None:
    """Whom the token stands for now, narrowed to its verbs; None for one that is unknown, over, or nobody's now."""
    tenant, _, secret = text.removeprefix(PREFIX).partition(".")
    if not text.startswith(PREFIX) or not tenant or not secret:
        return None
    with db.session(engine, tenant, readonly=True) as session:
        token = session.exec(select(ApiToken).where(ApiToken.token_hash == _digest(secret))).one_or_none()
        moment = now(session)
        if token is None or not is_good(session, token):
            return None
        user = session.get(User, token.user_id)
        actor = service.actor_of(session, user) if user else None
        stale = token.seen_at is None or moment - token.seen_at >= NOTED_EVERY
    if user is None or actor is None:
        return None
    if stale:
        _see(engine, tenant, token.id)
    return Visitor(replace(actor, only=frozenset(token.verbs)), "", token.id, user.must_change)


def _see(engine: Engine, tenant: str, id_: UUID) -> None:
    with db.session(engine, tenant) as session:
        if row := session.find(ApiToken, id_):
            row.seen_at = now(session)
            session.add(row)


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
