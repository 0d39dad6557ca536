"""Use cases of users and roles; every change is in the ledger of the tenant where it was made."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import col, select

from shuangsui.access import policy
from shuangsui.access.policy import Actor, Role, Verb
from shuangsui.access.tables import Membership, User
from shuangsui.db import TenantSession, lock_tenant
from shuangsui.errors import BadInput, NotAllowed, NotFound
from shuangsui.ledger.service import record


@dataclass(frozen=True, slots=True)
class Member:
    """A user with the roles held in this tenant."""

    login: str
    name: str
    active: bool
    roles: tuple[Role, ...]


def require(session: TenantSession, login: str, verb: Verb) -> Actor:
    """The user as an actor who holds ``verb`` here.

    :class:`NotAllowed` ``not_allowed``, or ``user_unknown``: the same for no user, an inactive one, and another
    tenant's.
    """
    user = _user(session, login)
    roles = _roles(session, user) if user and user.active else frozenset()
    if user is None or not roles:
        raise NotAllowed("user_unknown", login=login)
    return policy.allow(Actor(login, user.name, session.tenant, roles), verb)


def bootstrap(session: TenantSession, login: str, name: str, *, account: str) -> User:
    """The first user of a tenant, as its security administrator; ``account`` of the operating system is the proof.

    :class:`NotAllowed` ``bootstrap_over`` once anybody belongs to the tenant.
    """
    lock_tenant(session)
    if session.exec(select(Membership.id).limit(1)).first():
        raise NotAllowed("bootstrap_over", tenant=session.tenant)
    user = _user(session, login) or _new_user(session, login, name, actor=account)
    _give(session, user, Role.SECURITY_ADMIN, actor=account)
    return user


def add_user(session: TenantSession, login: str, name: str, *, by: str) -> User:
    """A new user, without any role yet; :class:`BadInput` ``login_taken``."""
    require(session, by, "manage_users")
    if _user(session, login):
        raise BadInput("login_taken", login=login)
    return _new_user(session, login, name, actor=by)


def grant(session: TenantSession, login: str, role: Role, *, by: str) -> User:
    """Give an existing user a role in this tenant; again changes nothing. :class:`NotFound` ``user_missing``."""
    require(session, by, "manage_users")
    user = _user(session, login)
    if user is None:
        raise NotFound("user_missing", login=login)
    held = _roles(session, user)
    policy.check_grant(held, role, login=login, by=by)
    if role not in held:
        _give(session, user, role, actor=by)
    return user


def members(session: TenantSession) -> list[Member]:
    """Everybody with a role in this tenant, by login."""
    query = select(User, Membership).join(Membership, col(Membership.user_id) == User.id)
    found: dict[str, Member] = {}
    for user, membership in session.exec(query.order_by(col(User.login), col(Membership.role))):
        held = found[user.login].roles if user.login in found else ()
        found[user.login] = Member(user.login, user.name, user.active, (*held, membership.role))
    return list(found.values())


def _user(session: TenantSession, login: str) -> User | None:
    return session.exec(select(User).where(User.login == login)).one_or_none()


def _roles(session: TenantSession, user: User) -> frozenset[Role]:
    memberships = session.exec(select(Membership).where(Membership.user_id == user.id))
    return frozenset(membership.role for membership in memberships)


def _new_user(session: TenantSession, login: str, name: str, *, actor: str) -> User:
    policy.check_login(login)
    if not name.strip():
        raise BadInput("name_empty", login=login)
    user = User(login=login, name=name.strip())
    session.add(user)
    record(session, "user.add", actor=actor, subject=login, payload={"name": name})
    return user


def _give(session: TenantSession, user: User, role: Role, *, actor: str) -> None:
    session.add(Membership(user_id=user.id, role=role))
    record(session, "user.grant", actor=actor, subject=user.login, payload={"role": role})
