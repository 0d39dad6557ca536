"""Whoever leaves 离岗人员: deactivated by the authority that they belong to, everywhere at once; or called back.

Roles, numbers of the registries and whatever waits for the person stay as they are: it is for people to hand them on.
"""

from __future__ import annotations

from shuangsui.access import policy, service
from shuangsui.access.tables import User
from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.errors import RuleRefused
from shuangsui.ledger.service import record


def deactivate(session: TenantSession, login: str, *, by: str) -> None:
    """End every way in of somebody, with all sessions and tokens, in every authority.

    :class:`NotAllowed` ``self_deactivate``, ``user_other_home``; :class:`NotFound` ``user_missing``;
    :class:`RuleRefused` ``user_inactive``, ``last_security_admin``.
    """
    policy.check_deactivation(login=login, by=by)
    user = _own(session, login, by=by)
    if not user.active:
        raise RuleRefused("user_inactive", login=login)
    service.check_last(session, user)
    _turn(session, user, active=False)
    record(session, "user.deactivate", actor=by, subject=login, payload={})


def reactivate(session: TenantSession, login: str, *, by: str) -> None:
    """Let somebody in again, by the password of before; sessions and tokens of before stay ended.

    :class:`NotAllowed` ``user_other_home``; :class:`NotFound` ``user_missing``; :class:`RuleRefused` ``user_active``.
    """
    user = _own(session, login, by=by)
    if user.active:
        raise RuleRefused("user_active", login=login)
    _turn(session, user, active=True)
    record(session, "user.reactivate", actor=by, subject=login, payload={})


def _own(session: TenantSession, login: str, *, by: str) -> User:
    """The authority's own person, as the last transaction left them and until this one ends."""
    lock_tenant(session)
    service.require(session, by, "manage_users")
    user = service.existing(session, login)
    service.check_home(session, user, "user_other_home")
    session.refresh(user, with_for_update=True)
    return user


def _turn(session: TenantSession, user: User, *, active: bool) -> None:
    """Both ways everything of before is over: a sign-in of that very moment must not outlive the other state."""
    user.active, user.sessions_after = active, now(session)
    session.add(user)
