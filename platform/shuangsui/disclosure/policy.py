"""When something counts as public; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any

from shuangsui.contracts import Bundle, Receipt
from shuangsui.disclosure.messages import NOT_CONFIRMED

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".jsonl": "application/jsonl; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".csv": "text/csv; charset=utf-8",
}


class PublicationState(StrEnum):
    """``sent`` before any channel was called, so that an interrupted publication can be seen; then how it ended."""

    SENT = "sent"
    CONFIRMED = "confirmed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Delivery:
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


def judge(channel: str, bundle: Bundle, receipt: Receipt) -> Delivery:
    """A channel's word is not enough: what it read back must be this bundle."""
    seen = receipt.confirmed and receipt.digest == bundle.digest
    return Delivery(channel, receipt, "" if seen else NOT_CONFIRMED)


def state_of(deliveries: Sequence[Delivery]) -> PublicationState:
    """Confirmed by every channel, or failed."""
    failed = not deliveries or any(one.problem for one in deliveries)
    return PublicationState.FAILED if failed else PublicationState.CONFIRMED


def media_type(path: str) -> str:
    """The Content-Type of a public file, by its ending; what is unknown is for download only."""
    return _TYPES.get(PurePosixPath(path).suffix, "application/octet-stream")
