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
from shuangsui.db import Sealed, TenantSession, lock_tenant
from shuangsui.errors import Misconfigured, NotAllowed, NotFound, OutsideFailed
from shuangsui.ledger.alerts import addressed_to
from shuangsui.ledger.service import record
from shuangsui.ledger.tables import Alert
from shuangsui.notification import policy
from shuangsui.notification.tables import Recipient
from shuangsui.vault.policy import Place
from shuangsui.vault.service import Vault


@dataclass(frozen=True, slots=True)
class Person:
    """An active user with a role in this authority."""

    id: UUID
    login: str
    name: str
    roles: frozenset[Role]
    registered: Recipient | None = field(default=None, repr=False)

    @property
    def addresses(self) -> Mapping[str, Sealed]:
        """Sealed, by kind: which kinds there are is known without opening any."""
        return self.registered.addresses if self.registered else {}

    @property
    def digest(self) -> bool:
        """Whether the daily digest is wanted."""
        return self.registered.digest if self.registered else True

    def address(self, vault: Vault, kind: str) -> str:
        """One of :attr:`addresses`, opened; errors as of :meth:`Vault.open`."""
        return vault.open(self.addresses[kind], Place.of(self.registered, "addresses", kind))

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
    return {
        id_: Person(id_, user.login, user.name, frozenset(roles[id_]), known.get(id_)) for id_, user in users.items()
    }


def reached(session: TenantSession, login: str) -> Person:
    """One of them, by login; :class:`NotFound` ``user_missing``, also for somebody of another authority only."""
    for person in people(session).values():
        if person.login == login:
            return person
    raise NotFound("user_missing", login=login)


def set_address(session: TenantSession, vault: Vault, login: str, kind: str, address: str, *, by: str) -> None:
    """Where ``login`` may be reached from now on; an empty address takes the kind away."""
    row = _own(session, login, by)
    if address.strip():
        known, plain = policy.check_address(kind, address)
        row.addresses = {**row.addresses, known: vault.seal(plain, Place.of(row, "addresses", known))}
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


def shown(session: TenantSession, vault: Vault, login: str, *, by: str) -> dict[str, Any]:
    """What is registered for ``login``, masked, for himself and for the security administrator.

    What cannot be opened now is masked altogether.
    """
    _allow(session, login, by)
    person = reached(session, login)
    addresses = {}
    for kind in sorted(person.addresses):
        try:
            addresses[kind] = policy.masked(person.address(vault, kind))
        except (OutsideFailed, Misconfigured):
            addresses[kind] = policy.HIDDEN
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
