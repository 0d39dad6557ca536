"""Staff sessions 运维会话: a person of the operator looks at one tenant for some hours, for a reason that it can read.

The operator has no standing power over anybody's business. A leave is given by an account of the operating system, as
the first user is; it lets somebody look and change nothing, its beginning, each page opened and its end stand in the
tenant's ledger, and the tenant may end it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import col, select

from shuangsui.access import passwords, policy, service
from shuangsui.access.policy import LONGEST_STAFF, OPERATOR
from shuangsui.access.profiles import Terms
from shuangsui.access.tables import Membership, StaffSession, User
from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.errors import BadInput, NotFound, RuleRefused
from shuangsui.ledger.alerts import CLOCK
from shuangsui.ledger.service import record
from shuangsui.outbox import enqueue

END = "access.staff_end"


def begin(
    session: TenantSession, login: str, name: str, *, hours: int, reason: str, account: str,
    terms: Terms = service.STRICT,
) -> tuple[StaffSession, str | None]:  # fmt: skip
    """Let somebody look for so many hours; with a one-time password, shown once, for whoever is new or let one expire.

    :class:`BadInput` ``staff_hours``, ``staff_reason``; :class:`RuleRefused` ``staff_has_role``,
    ``staff_begun``.
    """
    if not timedelta(0) < timedelta(hours=hours) <= LONGEST_STAFF:
        raise BadInput("staff_hours", most=int(LONGEST_STAFF.total_seconds() // 3600))
    if not reason.strip():
        raise BadInput("staff_reason")
    lock_tenant(session)
    user, password = _person(session, login, name, terms)
    if session.exec(select(Membership.id).where(Membership.user_id == user.id)).first():
        raise RuleRefused("staff_has_role", login=login)
    if service.leave_of(session, user):
        raise RuleRefused("staff_begun", login=login)
    moment = now(session)
    until = moment + timedelta(hours=hours)
    leave = StaffSession(user_id=user.id, reason=reason.strip(), by=account, begun_at=moment, until=until)
    session.add(leave)
    enqueue(session, END, key=str(leave.id), at=until, leave=str(leave.id))
    payload = {"reason": leave.reason, "until": until}
    record(session, "staff.begin", actor=account, subject=login, payload=payload)
    return leave, password


def end(session: TenantSession, id_: UUID, *, by: str) -> None:
    """Before its time; by the operator's account, or by this tenant's security administrator.

    :class:`NotFound` ``staff_missing``; :class:`RuleRefused` ``staff_over``.
    """
    leave = session.find(StaffSession, id_)
    if leave is None:
        raise NotFound("staff_missing")
    if leave.ended_at or leave.until <= now(session):
        raise RuleRefused("staff_over")
    _close(session, leave, now(session), by)


def run_out(session: TenantSession, id_: UUID) -> None:
    """Its time is over: the ledger says so, if nobody ended it before."""
    leave = session.find(StaffSession, id_)
    if leave and leave.ended_at is None and leave.until <= now(session):
        _close(session, leave, leave.until, CLOCK)


def listed(session: TenantSession) -> Sequence[tuple[StaffSession, User]]:
    """Every leave that was ever given, with its person, the newest first."""
    query = select(StaffSession, User).join(User, col(User.id) == StaffSession.user_id)
    return session.exec(query.order_by(col(StaffSession.id).desc())).all()


def _close(session: TenantSession, leave: StaffSession, at: datetime, by: str) -> None:
    leave.ended_at = at
    session.add(leave)
    user = session.get(User, leave.user_id)
    assert user is not None
    service.end_sessions(session, user)
    record(session, "staff.end", actor=by, subject=user.login, payload={"begun": leave.begun_at, "ended": at})


def _person(session: TenantSession, login: str, name: str, terms: Terms) -> tuple[User, str | None]:
    """The operator's person, made at the first leave; an authority's own people are not the operator's."""
    user = service.user_of(session, login)
    if user and user.home != OPERATOR:
        raise RuleRefused("staff_has_role", login=login)
    if user and not (user.must_change and terms.passwords.expired(user.password_at, now(session))):
        return user, None
    user, password = user or _new(login, name), passwords.one_time()
    user.password_former = passwords.former(user.password_hash, user.password_former)
    user.password_hash, user.password_at, user.must_change = passwords.hashed(password), now(session), True
    session.add(user)
    session.flush()
    return user, password


def _new(login: str, name: str) -> User:
    policy.check_login(login)
    if not name.strip():
        raise BadInput("name_empty", login=login)
    return User(login=login, name=name.strip(), home=OPERATOR)
