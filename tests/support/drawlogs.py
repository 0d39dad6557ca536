"""Small draw logs: bodies that fit the protocol, and one draw from plan to result."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from shuangsui.db import TenantSession
from shuangsui.ledger.service import append

ORIGIN = "draws.example/chongqing"


def digest(text: str) -> str:
    """Some 64 hex digits."""
    return sha256(text.encode()).hexdigest()


def plan(seq: int) -> dict[str, Any]:
    """Body of a PLAN."""
    return {"seq": seq, "plan_hash": digest(f"plan {seq}"), "item": "A-1", "reveal_by": "2027-01-01T00:00:00Z"}


def event(seq: int) -> dict[str, Any]:
    """Body of an EVENT."""
    return {"seq": seq, "name": "lottery", "value": "12 34 56"}


def reveal(seq: int) -> dict[str, Any]:
    """Body of a REVEAL."""
    return {"seq": seq, "r": 0, "who": "office", "value": digest(f"secret {seq}")}


def result(seq: int) -> dict[str, Any]:
    """Body of a RESULT."""
    return {"seq": seq, "r": 0, "seed": digest(f"seed {seq}"), "hash": digest(f"result {seq}"), "cut": {}}


def write(session: TenantSession, kind: str, body: dict[str, Any], origin: str = ORIGIN) -> None:
    """Append one entry."""
    append(session, kind, body, actor="zhang", origin=origin)


def write_draw(session: TenantSession, seq: int = 1, origin: str = ORIGIN) -> None:
    """A whole draw: four entries."""
    for kind, body in (("PLAN", plan(seq)), ("EVENT", event(seq)), ("REVEAL", reveal(seq)), ("RESULT", result(seq))):
        write(session, kind, body, origin)
