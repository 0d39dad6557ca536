"""The one gate that every official act passes: an authority that is suspended or merged away begins nothing new."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from shuangsui.db import TenantSession, now
from shuangsui.errors import RuleRefused
from shuangsui.tenancy import tenure
from shuangsui.tenancy.tables import TenureChange
from shuangsui.tenancy.tenant import TIMEZONE
from shuangsui.tenancy.tenure import TENURES, Tenure, Turn


def check(session: TenantSession, act: str) -> None:
    """:class:`RuleRefused` ``tenure_begins`` for an act that begins something where nothing may begin."""
    if not tenure.refuses(Tenure.SUSPENDED, act):
        return
    found, today = changes(session), _today(session)
    stands = tenure.tenure_on(found, today)
    if tenure.refuses(stands, act):
        last = _last(found, today)
        raise RuleRefused(
            "tenure_begins", tenant=session.tenant, state=TENURES[stands], since=last.since.isoformat(),
            document=last.document, act=act,
        )  # fmt: skip


def changes(session: TenantSession) -> Sequence[TenureChange]:
    """Every decision about the tenant, in the order in which they were made."""
    return session.exec(select(TenureChange).order_by(col(TenureChange.at), col(TenureChange.id))).all()


def standing(session: TenantSession) -> Tenure:
    """How the tenant stands today."""
    return tenure.tenure_on(changes(session), _today(session))


def predecessors(session: TenantSession) -> list[str]:
    """Those whose area, or a part of it, is the tenant's by now."""
    today = _today(session)
    found = [one for one in changes(session) if one.turn is Turn.SUCCEED and one.since <= today]
    return list(dict.fromkeys(other["tenant"] for one in found for other in one.others))


def _last(found: Sequence[TenureChange], today: date) -> TenureChange:
    """The change that made it so; a final one stands before any later one."""
    turns = [one for one in found if one.turn in tenure.LEADS_TO and one.since <= today]
    closed = [one for one in turns if one.turn is Turn.CLOSE]
    return (closed or sorted(turns, key=lambda one: one.since))[-1]


def _today(session: TenantSession) -> date:
    return now(session).astimezone(ZoneInfo(TIMEZONE)).date()
