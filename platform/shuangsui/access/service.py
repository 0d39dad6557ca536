"""Use cases of users and roles; every change is in the ledger of the tenant where it was made."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import col, select

from shuangsui.access import passwords, policy
from shuangsui.access.policy import ROLE_NAMES, Actor, Role, Verb
from shuangsui.access.profiles import Terms
from shuangsui.access.tables import Membership, PersonLink, PersonOf, SignInThrottle, User
from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.errors import BadInput, NotAllowed, NotFound, RuleRefused
from shuangsui.ledger.service import record

STRICT = Terms()
"""For callers who have no authority's own terms at hand."""


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
    user = user_of(session, login)
    actor = actor_of(session, user) if user else None
    if actor is None:
        raise NotAllowed("user_unknown", login=login)
    return policy.allow(actor, verb)


def actor_of(session: TenantSession, user: User) -> Actor | None:
    """The user at work in this tenant; None for one who is inactive or has no role here."""
    roles = _roles(session, user) if user.active else frozenset()
    if not roles:
        return None
    links = _links(session, user)
    inspector, expert = links.get(PersonOf.INSPECTOR), links.get(PersonOf.EXPERT)
    return Actor(user.login, user.name, session.tenant, roles, inspector, expert)


def bootstrap(session: TenantSession, login: str, name: str, *, account: str) -> User:
    """The first user of a tenant, as its security administrator; ``account`` of the operating system is the proof.

    :class:`NotAllowed` ``bootstrap_over`` once anybody belongs to the tenant.
    """
    lock_tenant(session)
    if session.exec(select(Membership.id).limit(1)).first():
        raise NotAllowed("bootstrap_over", tenant=session.tenant)
    user = user_of(session, login) or _new_user(session, login, name, actor=account)
    _give(session, user, Role.SECURITY_ADMIN, actor=account)
    return user


def add_user(session: TenantSession, login: str, name: str, *, by: str) -> User:
    """A new user, without any role yet; :class:`BadInput` ``login_taken``."""
    require(session, by, "manage_users")
    if user_of(session, login):
        raise BadInput("login_taken", login=login)
    return _new_user(session, login, name, actor=by)


def grant(session: TenantSession, login: str, role: Role, *, by: str) -> User:
    """Give an existing user a role in this tenant; again changes nothing. :class:`NotFound` ``user_missing``."""
    require(session, by, "manage_users")
    user = _existing(session, login)
    held = _roles(session, user)
    policy.check_grant(held, role, login=login, by=by)
    if role not in held:
        _give(session, user, role, actor=by)
    return user


def revoke(session: TenantSession, login: str, role: Role, *, by: str) -> None:
    """Take a role away; its verbs end with the next request. :class:`NotFound` ``role_missing``."""
    require(session, by, "manage_users")
    policy.check_revoke(login=login, by=by)
    user = _existing(session, login)
    query = select(Membership).where(Membership.user_id == user.id, Membership.role == role)
    held = session.exec(query).one_or_none()
    if held is None:
        raise NotFound("role_missing", login=login, role=ROLE_NAMES[role])
    session.delete(held)
    record(session, "user.revoke", actor=by, subject=login, payload={"role": role})


def link(session: TenantSession, login: str, kind: PersonOf, number: str, *, by: str) -> PersonLink:
    """Let a user act under a number of the registries; the one linked before is replaced.

    :class:`RuleRefused` ``link_taken``: one certificate, one user.
    """
    require(session, by, "manage_users")
    user = _existing(session, login)
    lock_tenant(session)
    links = session.exec(select(PersonLink).where(PersonLink.kind == kind)).all()
    if any(one.number == number and one.user_id != user.id for one in links):
        raise RuleRefused("link_taken", number=number)
    own = next((one for one in links if one.user_id == user.id), None)
    own = own or PersonLink(user_id=user.id, kind=kind, number=number)
    own.number = number
    session.add(own)
    record(session, "user.link", actor=by, subject=login, payload={"kind": kind, "number": number})
    return own


def give_password(session: TenantSession, login: str, *, by: str, own: str | None = None, terms: Terms = STRICT) -> str:
    """A new password, which also ends every session of the user and a pause after failures; shown once, stored never.

    Without ``own`` it is random and must be changed at the first sign-in; ``own`` must fit the ``terms``.
    :class:`NotAllowed` ``password_other_home`` for a user whose password another authority gave out.
    """
    require(session, by, "manage_users")
    return _give_password(session, _existing(session, login), own, terms, actor=by)


def first_password(
    session: TenantSession, user: User, *, account: str, own: str | None = None, terms: Terms = STRICT
) -> str | None:
    """The same for the first user of a tenant; None for somebody who has a password already."""
    return None if user.password_hash else _give_password(session, user, own, terms, actor=account)


def members(session: TenantSession) -> list[Member]:
    """Everybody with a role in this tenant, by login."""
    query = select(User, Membership).join(Membership, col(Membership.user_id) == User.id)
    found: dict[str, Member] = {}
    for user, membership in session.exec(query.order_by(col(User.login), col(Membership.role))):
        held = found[user.login].roles if user.login in found else ()
        found[user.login] = Member(user.login, user.name, user.active, (*held, membership.role))
    return list(found.values())


def links_of(session: TenantSession, login: str) -> dict[PersonOf, str]:
    """Under which numbers the user acts here."""
    return _links(session, _existing(session, login))


def user_of(session: TenantSession, login: str) -> User | None:
    """The person with this login, whatever the authority."""
    return session.exec(select(User).where(User.login == login)).one_or_none()


def _existing(session: TenantSession, login: str) -> User:
    user = user_of(session, login)
    if user is None:
        raise NotFound("user_missing", login=login)
    return user


def _links(session: TenantSession, user: User) -> dict[PersonOf, str]:
    links = session.exec(select(PersonLink).where(PersonLink.user_id == user.id))
    return {link.kind: link.number for link in links}


def _give_password(session: TenantSession, user: User, own: str | None, terms: Terms, *, actor: str) -> str:
    if (user.home or session.tenant) != session.tenant:
        raise NotAllowed("password_other_home", login=user.login)
    if own is not None:
        passwords.check_own(own, terms, login=user.login, name=user.name)
    password = passwords.one_time() if own is None else own
    user.password_former = passwords.former(user.password_hash, user.password_former)
    user.password_hash, user.password_at = passwords.hashed(password), now(session)
    user.must_change, user.home = own is None, session.tenant
    session.add(user)
    if throttle := session.get(SignInThrottle, user.login):
        session.delete(throttle)
    record(session, "password.give", actor=actor, subject=user.login, payload={"one_time": own is None})
    return password


def _roles(session: TenantSession, user: User) -> frozenset[Role]:
    memberships = session.exec(select(Membership).where(Membership.user_id == user.id))
    return frozenset(membership.role for membership in memberships)


def _new_user(session: TenantSession, login: str, name: str, *, actor: str) -> User:
    policy.check_login(login)
    if not name.strip():
        raise BadInput("name_empty", login=login)
    user = User(login=login, name=name.strip(), home=session.tenant)
    session.add(user)
    record(session, "user.add", actor=actor, subject=login, payload={"name": name})
    return user


def _give(session: TenantSession, user: User, role: Role, *, actor: str) -> None:
    session.add(Membership(user_id=user.id, role=role))
    record(session, "user.grant", actor=actor, subject=user.login, payload={"role": role})
