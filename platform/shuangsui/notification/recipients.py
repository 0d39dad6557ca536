"""Who hears of what, and where each may be reached; use cases of the addresses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from shuangsui.access.policy import VERBS, Role
from shuangsui.access.service import actor_of, require, user_of
from shuangsui.access.tables import Membership, User
from shuangsui.db import TenantSession, lock_tenant
from shuangsui.errors import NotAllowed, NotFound
from shuangsui.ledger.alerts import addressed_to
from shuangsui.ledger.service import record
from shuangsui.ledger.tables import Alert
from shuangsui.notification import policy
from shuangsui.notification.tables import Recipient


@dataclass(frozen=True, slots=True)
class Person:
    """An active user with a role in this authority."""

    id: UUID
    login: str
    name: str
    roles: frozenset[Role]
    addresses: Mapping[str, str] = field(repr=False)
    digest: bool = True

    def concerned(self, alert: Alert) -> bool:
        """Whether it is addressed to one of the roles, or to whoever may view."""
        if alert.to:
            return addressed_to(alert, self.roles)
        return any("view" in VERBS[role] for role in self.roles)


def people(session: TenantSession) -> dict[UUID, Person]:
    """Everybody who works here, by id, in the order of the logins."""
    query = select(User, Membership).join(Membership, col(Membership.user_id) == User.id)
    known = {row.user_id: row for row in session.exec(select(Recipient))}
    users: dict[UUID, User] = {}
    roles: dict[UUID, set[Role]] = {}
    for user, membership in session.exec(query.where(col(User.active).is_(True)).order_by(col(User.login))):
        users[user.id] = user
        roles.setdefault(user.id, set()).add(membership.role)
    return {id_: _person(user, roles[id_], known.get(id_)) for id_, user in users.items()}


def reached(session: TenantSession, login: str) -> Person:
    """One of them, by login; :class:`NotFound` ``user_missing``, also for somebody of another authority only."""
    for person in people(session).values():
        if person.login == login:
            return person
    raise NotFound("user_missing", login=login)


def set_address(session: TenantSession, login: str, kind: str, address: str, *, by: str) -> None:
    """Where ``login`` may be reached from now on; an empty address takes the kind away."""
    row = _own(session, login, by)
    if address.strip():
        known, plain = policy.check_address(kind, address)
        row.addresses = {**row.addresses, known: plain}
    else:
        row.addresses = {name: one for name, one in row.addresses.items() if name != kind}
    session.add(row)
    # The ledger is kept for ever and read by many: it says that the address changed, never to what.
    record(session, "user.address", actor=by, subject=login, payload={"kind": kind, "set": kind in row.addresses})


def set_digest(session: TenantSession, login: str, wanted: bool, *, by: str) -> None:
    """Whether the daily digest comes; breaches come in any case."""
    row = _own(session, login, by)
    row.digest = wanted
    session.add(row)
    record(session, "user.digest", actor=by, subject=login, payload={"wanted": wanted})


def shown(session: TenantSession, login: str, *, by: str) -> dict[str, Any]:
    """What is registered for ``login``, masked, for himself and for the security administrator."""
    _allow(session, login, by)
    person = reached(session, login)
    addresses = {kind: policy.masked(text) for kind, text in sorted(person.addresses.items())}
    return {"login": login, "addresses": addresses, "digest": person.digest}


def _allow(session: TenantSession, login: str, by: str) -> None:
    """Everybody his own, and the security administrator everybody's."""
    if by != login:
        require(session, by, "manage_users")
    user = user_of(session, by)
    if user is None or actor_of(session, user) is None:
        raise NotAllowed("user_unknown", login=by)


def _own(session: TenantSession, login: str, by: str) -> Recipient:
    _allow(session, login, by)
    lock_tenant(session)
    person = reached(session, login)
    found = session.exec(select(Recipient).where(Recipient.user_id == person.id)).one_or_none()
    return found or Recipient(user_id=person.id)


def _person(user: User, roles: set[Role], row: Recipient | None) -> Person:
    addresses, digest = (dict(row.addresses), row.digest) if row else ({}, True)
    return Person(user.id, user.login, user.name, frozenset(roles), addresses, digest)
