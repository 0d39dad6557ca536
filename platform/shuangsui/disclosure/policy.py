"""When something counts as public; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any

from shuangsui.contracts import Bundle, Receipt
from shuangsui.disclosure.messages import NOT_CONFIRMED
from shuangsui.errors import BadInput

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".jsonl": "application/jsonl; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".csv": "text/csv; charset=utf-8",
    ".atom": "application/atom+xml; charset=utf-8",
}


class PublicationState(StrEnum):
    """``sent`` before any channel was called, so that an interrupted publication can be seen; then how it ended."""

    SENT = "sent"
    CONFIRMED = "confirmed"
    FAILED = "failed"


class Choice(StrEnum):
    """What becomes of a task's results (R14.7); what the item's list keeps back needs no decision."""

    PUBLISH = "publish"
    WITHHELD = "withheld"
    """依法不予公开."""


class RulingState(StrEnum):
    """Proposed by one person, decided by another; what needs nobody else is in force at once."""

    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    REFUSED = "refused"


class Action(StrEnum):
    """What a revision does; see :data:`shuangsui.disclosed.Action`."""

    PUBLISH = "publish"
    CORRECT = "correct"
    WITHDRAW = "withdraw"


class DeliveryState(StrEnum):
    """How far one revision is on one channel."""

    WAITING = "waiting"
    HANDED_OVER = "handed_over"
    """Taken by the channel, not yet seen there."""
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    """A dead letter: it cannot pass by itself, somebody must look at it."""
    SUPERSEDED = "superseded"
    """A newer revision goes instead."""


OPEN = (DeliveryState.WAITING, DeliveryState.HANDED_OVER)
LEFT = (*OPEN, DeliveryState.REFUSED)
"""Not confirmed, and not superseded."""
DEAD_LETTER = "delivery_refused"
"""The alert of a dead letter."""


def recipients(units: Sequence[str], *, nobody: bool) -> list[str] | None:
    """Who gets the directed notice 定向通报; [] if it was chosen that nobody does, None if nothing was (R14.8)."""
    if nobody and units:
        raise BadInput("withholding_contradicts")
    return list(units) if units else [] if nobody else None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one bundle on one channel; ``problem`` is empty if and only if the public sees the bundle."""

    channel: str
    receipt: Receipt | None
    problem: str = ""

    def as_json(self) -> dict[str, Any]:
        """The form kept in the row and in the ledger."""
        receipt = self.receipt
        return {
            "channel": self.channel,
            "confirmed": not self.problem,
            "reference": receipt.reference if receipt else None,
            "digest": receipt.digest if receipt else None,
            "at": receipt.at.isoformat() if receipt and receipt.at else None,
            "problem": self.problem or None,
        }


def judge(channel: str, bundle: Bundle, receipt: Receipt) -> Outcome:
    """A channel's word is not enough: what it read back must be this bundle."""
    seen = receipt.confirmed and receipt.digest == bundle.digest
    return Outcome(channel, receipt, "" if seen else NOT_CONFIRMED)


def state_of(deliveries: Sequence[Outcome]) -> PublicationState:
    """Confirmed by every channel, or failed."""
    failed = not deliveries or any(one.problem for one in deliveries)
    return PublicationState.FAILED if failed else PublicationState.CONFIRMED


def media_type(path: str) -> str:
    """The Content-Type of a public file, by its ending; what is unknown is for download only."""
    return _TYPES.get(PurePosixPath(path).suffix, "application/octet-stream")
