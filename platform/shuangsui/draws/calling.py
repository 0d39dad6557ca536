"""Who holds secrets and when the public event is: what every draw needs, whatever its cause."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from shuangsui.db import TenantSession
from shuangsui.draws.drafting import protocol_time
from shuangsui.draws.office import Office
from shuangsui.draws.tables import Draw
from shuangsui.errors import BadInput, RuleRefused
from shuangsui.rules.policy import Rules

_HOLDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class Call:
    """Secret holders besides the operator, and when the public events are; ``digits`` of a ceremony among them."""

    holders: tuple[str, ...]
    event_at: datetime
    reveal_by: datetime
    digits: int = 20
    demo: bool = False


def check_call(call: Call, office: Office, rules: Rules, moment: datetime) -> None:
    """Refuse too few holders, a weak ceremony and times that cannot be kept."""
    _check_holders(call, office, rules.number("draw.min_contributors"))
    digits = max(20, rules.number("draw.min_ceremony_digits"))
    if not digits <= call.digits <= 256:
        raise RuleRefused("ceremony_digits", article="第八条", digits=call.digits, least=digits)
    if call.event_at <= moment + timedelta(seconds=1):
        raise RuleRefused("event_passed", at=protocol_time(call.event_at))
    if protocol_time(call.reveal_by) <= protocol_time(call.event_at):
        raise BadInput("timing_invalid", reveal_by=protocol_time(call.reveal_by), at=protocol_time(call.event_at))


def _check_holders(call: Call, office: Office, least: int) -> None:
    if len(call.holders) + 1 < least:
        raise RuleRefused("holders_few", article="第八条", found=len(call.holders) + 1, least=least)
    for who in call.holders:
        if not _HOLDER.fullmatch(who) or (office.operator, *call.holders).count(who) > 1:
            raise BadInput("holder_name_invalid", who=who)


def check_unused(session: TenantSession, key: str) -> None:
    """One live draw of a cause (R8.7), and one plan under commitment; the database's own constraints say it too."""
    twin = select(Draw).where(Draw.cause_key == key, col(Draw.live).is_(True))
    if found := session.exec(twin).first():
        raise RuleRefused("cause_drawn", article="第八条", cause=key, draw=found.no)
    check_nothing_pending(session)


def check_nothing_pending(session: TenantSession) -> None:
    """Commitments are bound to the next seq (srd-1 5.2)."""
    if other := session.exec(select(Draw).where(col(Draw.pending).is_(True))).first():
        raise RuleRefused("commitment_pending", draw=other.no)
