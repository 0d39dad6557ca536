"""Whom an authority's sign-in server sends: the same person each time, with the roles that its claims stand for.

The server's word makes new users of this authority and moves the roles that ``tenant.toml`` maps, nothing else. Nobody
who has an account here already is taken over by a name: the security administrator says whose subject it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import select

from shuangsui import db
from shuangsui.access import factors, policy, service, signin
from shuangsui.access.policy import Role
from shuangsui.access.signin import Entrance
from shuangsui.access.tables import OidcIdentity, User
from shuangsui.db import TenantSession, lock_tenant
from shuangsui.errors import BadInput, NotAllowed, RuleRefused
from shuangsui.ledger.service import record
from shuangsui.tenancy.schema import Oidc

ACTOR = "oidc"
"""Who gives and takes roles when the other server's claims do."""
STRONG = frozenset({"mfa", "otp", "hwk", "swk", "sc", "pop"})
"""Ways of the other server, by RFC 8176, that are a second factor."""


def enter(entrance: Entrance, oidc: Oidc, claims: Mapping[str, Any]) -> str:
    """The cookie of a session for whom the claims name.

    :class:`NotAllowed` ``oidc_no_role``, ``oidc_factor_missing``, ``user_unknown``, ``administrators_apart``;
    :class:`RuleRefused` ``oidc_login_taken``; :class:`BadInput` ``login_invalid``, ``name_empty``.
    """
    with db.session(entrance.engine, entrance.tenant) as session:
        lock_tenant(session)
        answer = _settle(session, entrance, oidc, claims)
    if isinstance(answer, NotAllowed):
        raise answer
    return answer


def link(session: TenantSession, login: str, issuer: str, subject: str, *, by: str) -> None:
    """Say that a subject of the authority's sign-in server is this user; again changes nothing.

    :class:`BadInput` ``oidc_subject_empty``; :class:`RuleRefused` ``oidc_subject_taken``; :class:`NotAllowed`
    ``self_grant``, and ``password_other_home`` for another authority's user.
    """
    service.require(session, by, "manage_users")
    policy.check_grant((), Role.EXPERT, login=login, by=by)
    user, sub = service.existing(session, login), subject.strip()
    service.check_home(session, user)
    if not sub:
        raise BadInput("oidc_subject_empty")
    known = _identity(session, issuer, sub)
    if known and known.user_id != user.id:
        raise RuleRefused("oidc_subject_taken")
    if known is None:
        session.add(OidcIdentity(user_id=user.id, issuer=issuer, subject=sub))
        record(session, "user.oidc", actor=by, subject=login, payload={"issuer": issuer, "sub": sub})


def _settle(session: TenantSession, entrance: Entrance, oidc: Oidc, claims: Mapping[str, Any]) -> str | NotAllowed:
    """Roles that are taken away stay so, whether or not what is left opens a session."""
    user = _person(session, oidc, claims)
    if not user.active:
        return _refused(session, user, "user_unknown")
    _follow(session, user, oidc, claims)
    actor = service.actor_of(session, user)
    if actor is None or not actor.roles:
        return _refused(session, user, "oidc_no_role")
    amr = [one for one in claims.get("amr") or () if isinstance(one, str)]
    asked = actor.roles & entrance.terms.factor_for or (user.password_hash and factors.held(session, user))
    if asked and not STRONG & set(amr):
        return _refused(session, user, "oidc_factor_missing")
    payload = {"factor": "oidc", "issuer": oidc.issuer, "amr": amr}
    record(session, "session.begin", actor=user.login, subject=user.login, payload=payload)
    return signin.open_session(session, user)


def _refused(session: TenantSession, user: User, code: str) -> NotAllowed:
    record(session, "session.refuse", actor=user.login, subject=user.login, payload={"why": code})
    return NotAllowed(code, login=user.login)


def _person(session: TenantSession, oidc: Oidc, claims: Mapping[str, Any]) -> User:
    """Known by issuer and subject, never by name; a new one gets the login that the claims say, if nobody has it."""
    subject = str(claims["sub"])
    if known := _identity(session, oidc.issuer, subject):
        user = session.get(User, known.user_id)
        assert user is not None
        return user
    login, name = (str(claims.get(claim) or "") for claim in (oidc.login_claim, oidc.name_claim))
    if service.user_of(session, login):
        raise RuleRefused("oidc_login_taken", login=login)
    user = service.new_user(session, login, name, actor=ACTOR)
    session.add(OidcIdentity(user_id=user.id, issuer=oidc.issuer, subject=subject))
    return user


def _follow(session: TenantSession, user: User, oidc: Oidc, claims: Mapping[str, Any]) -> None:
    """Give and take the roles of the table, so that they are what the claims say; roles beside the table stay."""
    said = claims.get(oidc.roles_claim) or ()
    values = {said} if isinstance(said, str) else {one for one in said if isinstance(one, str)}
    wanted = {Role(role) for value, role in oidc.roles.items() if value in values}
    held, mapped = service.roles_of(session, user), {Role(role) for role in oidc.roles.values()}
    for role in sorted((held & mapped) - wanted):
        service.take(session, user, role, actor=ACTOR)
    for role in sorted(wanted - held):
        policy.check_grant(service.roles_of(session, user), role, login=user.login, by=ACTOR)
        service.give(session, user, role, actor=ACTOR)


def _identity(session: TenantSession, issuer: str, subject: str) -> OidcIdentity | None:
    query = select(OidcIdentity).where(OidcIdentity.issuer == issuer, OidcIdentity.subject == subject)
    return session.exec(query).one_or_none()
