"""Use cases of users and roles; every change is in the ledger of the tenant where it was made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select

from shuangsui.access import passwords, policy, throttle
from shuangsui.access.policy import ROLE_NAMES, Actor, Role, Verb
from shuangsui.access.profiles import Terms
from shuangsui.access.tables import ApiToken, Membership, PersonLink, PersonOf, StaffSession, User, WebSession
from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.errors import BadInput, NotAllowed, NotFound, RuleRefused
from shuangsui.ledger.alerts import CLOCK
from shuangsui.ledger.service import record

ONLY = "only"
"""Under which name a session knows that a program's token narrows what everybody in it may do."""
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
    """The user at work in this tenant; None for one who is inactive and whoever has neither role nor leave to look."""
    roles = roles_of(session, user)
    if not roles or not user.active:
        leave = leave_of(session, user)
        if leave is None or not user.active:
            return None
        return Actor(user.login, user.name, session.tenant, roles, staff=leave.reason)
    links = _links(session, user)
    inspector, expert = links.get(PersonOf.INSPECTOR), links.get(PersonOf.EXPERT)
    return Actor(user.login, user.name, session.tenant, roles, inspector, expert, session.info.get(ONLY))


def bootstrap(session: TenantSession, login: str, name: str, *, account: str) -> User:
    """The first user of a tenant, as its security administrator; ``account`` of the operating system is the proof.

    :class:`NotAllowed` ``bootstrap_over`` once anybody belongs to the tenant.
    """
    lock_tenant(session)
    if session.exec(select(Membership.id).limit(1)).first():
        raise NotAllowed("bootstrap_over", tenant=session.tenant)
    user = user_of(session, login) or new_user(session, login, name, actor=account)
    give(session, user, Role.SECURITY_ADMIN, actor=account)
    return user


def add_user(session: TenantSession, login: str, name: str, *, by: str) -> User:
    """A new user, without any role yet; :class:`BadInput` ``login_taken``."""
    require(session, by, "manage_users")
    if user_of(session, login):
        raise BadInput("login_taken", login=login)
    return new_user(session, login, name, actor=by)


def grant(session: TenantSession, login: str, role: Role, *, by: str) -> User:
    """Give an existing user a role in this tenant; again changes nothing. :class:`NotFound` ``user_missing``.

    Ends the user's sessions here, as taking a role away does: what may do more is opened by signing in.
    """
    require(session, by, "manage_users")
    user = existing(session, login)
    held = roles_of(session, user)
    policy.check_grant(held, role, login=login, by=by)
    if role not in held:
        give(session, user, role, actor=by)
    return user


def revoke(session: TenantSession, login: str, role: Role, *, by: str) -> None:
    """Take a role away; its verbs end at once, with the user's sessions.

    :class:`NotFound` ``role_missing``; :class:`RuleRefused` ``last_security_admin``.
    """
    lock_tenant(session)
    require(session, by, "manage_users")
    policy.check_revoke(login=login, by=by)
    user = existing(session, login)
    if role is Role.SECURITY_ADMIN:
        check_last(session, user)
    take(session, user, role, actor=by)


def link(session: TenantSession, login: str, kind: PersonOf, number: str, *, by: str) -> PersonLink:
    """Let a user act under a number of the registries; the one linked before is replaced.

    :class:`RuleRefused` ``link_taken``: one certificate, one user. :class:`NotAllowed` ``self_grant``: the number opens
    the tasks of its teams.
    """
    require(session, by, "manage_users")
    policy.check_grant((), Role.INSPECTOR, login=login, by=by)
    user = existing(session, login)
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
    return _give_password(session, existing(session, login), own, terms, actor=by)


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
    return _links(session, existing(session, login))


def tidy(session: TenantSession, before: datetime) -> int:
    """Forget sessions and tokens that were over before; how many. One entry says so, none where nothing was left."""
    gone = 0
    for kind, ended in ((WebSession, WebSession.ended_at), (ApiToken, ApiToken.revoked_at)):
        over = func.coalesce(ended, kind.expires_at) < before
        for row in session.exec(select(kind).where(over, kind.expires_at < before)):
            session.delete(row)
            gone += 1
    if gone:
        record(session, "access.tidy", actor=CLOCK, subject="access", payload={"count": gone, "before": before})
    return gone


def user_of(session: TenantSession, login: str) -> User | None:
    """The person with this login, whatever the authority."""
    return session.exec(select(User).where(User.login == login)).one_or_none()


def existing(session: TenantSession, login: str) -> User:
    """The same; :class:`NotFound` ``user_missing``."""
    user = user_of(session, login)
    if user is None:
        raise NotFound("user_missing", login=login)
    return user


def check_home(session: TenantSession, user: User, code: str = "password_other_home") -> None:
    """Only the authority that gave the password out replaces what somebody signs in with, or lets them in no more."""
    if (user.home or session.tenant) != session.tenant:
        raise NotAllowed(code, login=user.login)


def check_last(session: TenantSession, user: User) -> None:
    """:class:`RuleRefused` ``last_security_admin`` for the only one at work here, in a tenant that is locked.

    Asks the database anew: two administrators may be at each other at the same time, both still in when asked. Whether
    somebody is the only one of another authority is that authority's to know: its memberships cannot be read here.
    """
    holders = select(User.id).join(Membership, col(Membership.user_id) == User.id)
    active = holders.where(Membership.role == Role.SECURITY_ADMIN, col(User.active).is_(True), User.id != user.id)
    if Role.SECURITY_ADMIN in roles_of(session, user) and session.exec(active.limit(1)).first() is None:
        raise RuleRefused("last_security_admin", login=user.login)


def end_sessions(session: TenantSession, user: User) -> None:
    """Every session here, when what the user may do changes: the next one has a token of its own."""
    open_ = select(WebSession).where(WebSession.user_id == user.id, col(WebSession.ended_at).is_(None))
    for row in session.exec(open_):
        row.ended_at = now(session)
        session.add(row)


def leave_of(session: TenantSession, user: User) -> StaffSession | None:
    """The operator's person's leave to look at this tenant, while it lasts."""
    open_ = select(StaffSession).where(StaffSession.user_id == user.id, col(StaffSession.ended_at).is_(None))
    longest = session.exec(open_.order_by(col(StaffSession.until).desc())).first()
    return longest if longest and longest.until > now(session) else None


def _links(session: TenantSession, user: User) -> dict[PersonOf, str]:
    links = session.exec(select(PersonLink).where(PersonLink.user_id == user.id))
    return {link.kind: link.number for link in links}


def _give_password(session: TenantSession, user: User, own: str | None, terms: Terms, *, actor: str) -> str:
    check_home(session, user)
    if own is not None:
        passwords.check_own(own, terms, login=user.login, name=user.name)
    password = passwords.one_time() if own is None else own
    user.password_former = passwords.former(user.password_hash, user.password_former)
    user.password_hash, user.password_at = passwords.hashed(password), now(session)
    user.must_change, user.home = own is None, session.tenant
    session.add(user)
    throttle.forgive(session, user.login)
    record(session, "password.give", actor=actor, subject=user.login, payload={"one_time": own is None})
    return password


def roles_of(session: TenantSession, user: User) -> frozenset[Role]:
    """What the user is here."""
    memberships = session.exec(select(Membership).where(Membership.user_id == user.id))
    return frozenset(membership.role for membership in memberships)


def new_user(session: TenantSession, login: str, name: str, *, actor: str) -> User:
    """Somebody of this authority, without any role or password yet."""
    policy.check_login(login)
    if not name.strip():
        raise BadInput("name_empty", login=login)
    user = User(login=login, name=name.strip(), home=session.tenant)
    session.add(user)
    record(session, "user.add", actor=actor, subject=login, payload={"name": name})
    return user


def take(session: TenantSession, user: User, role: Role, *, actor: str) -> None:
    """Take a role away, which ends the user's sessions here."""
    query = select(Membership).where(Membership.user_id == user.id, Membership.role == role)
    held = session.exec(query).one_or_none()
    if held is None:
        raise NotFound("role_missing", login=user.login, role=ROLE_NAMES[role])
    session.delete(held)
    end_sessions(session, user)
    record(session, "user.revoke", actor=actor, subject=user.login, payload={"role": role})


def give(session: TenantSession, user: User, role: Role, *, actor: str) -> None:
    """Give a role that the user does not have, which ends the user's sessions here.

    :class:`RuleRefused` ``staff_no_role``: whoever is the operator's has no power that outlives a leave to look.
    """
    if user.home == policy.OPERATOR:
        raise RuleRefused("staff_no_role", login=user.login)
    session.add(Membership(user_id=user.id, role=role))
    end_sessions(session, user)
    record(session, "user.grant", actor=actor, subject=user.login, payload={"role": role})
