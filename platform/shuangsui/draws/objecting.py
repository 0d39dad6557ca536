"""异议: whoever watches a draw says that something is wrong, for good and for everybody to read.

It stops nothing: what follows from it is decided by those who may abandon or void.
"""

from __future__ import annotations

import json
from typing import Any

from sqlmodel import col, select

from shuangsui.access.service import require
from shuangsui.db import TenantSession
from shuangsui.draws.drafting import protocol_time
from shuangsui.draws.office import find
from shuangsui.draws.tables import Draw
from shuangsui.errors import BadInput
from shuangsui.ledger import service as ledger
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.privacy.writing import require_public

RAISED = "draw.object"


def raise_objection(session: TenantSession, no: str, text: str, *, actor: str) -> Draw:
    """One entry in the ledger, at any time from the freeze on; the draw's own pages show it as soon as they are public.

    :class:`BadInput` ``objection_empty``; :class:`RuleRefused` ``personal_data`` for what must not be public.
    """
    require(session, actor, "audit_draw")
    text = text.strip()
    if not text:
        raise BadInput("objection_empty", draw=no)
    require_public(session, {"异议": text})
    draw = find(session, no)
    payload = {"text": text, "state": draw.state}
    ledger.record(session, RAISED, actor=actor, subject=f"draw/{no}", payload=payload)
    return draw


def objections(session: TenantSession, draw: Draw) -> list[dict[str, Any]]:
    """``{"no": from 1, "at": UTC as in the protocol, "text"}`` in the order in which they were raised."""
    raised = select(LedgerEntry).where(LedgerEntry.act == RAISED, LedgerEntry.subject == f"draw/{draw.no}")
    rows = session.exec(raised.order_by(col(LedgerEntry.n)))
    return [
        {"no": i, "at": protocol_time(row.time), "text": json.loads(row.payload)["text"]}
        for i, row in enumerate(rows, 1)
    ]
