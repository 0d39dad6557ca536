"""What this installation freezes and draws with: compiled lanes for large registers where they are installed, else the
standard library. The answers are the same bytes (srd-1 section 15).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from types import ModuleType

from fairdraw import snapshot
from fairdraw.snapshot import Frozen, Record
from fairdraw.tickets import Kernel, Ranked, Rows, reference_kernel

WORTH = 200_000
"""Rows from which on compiled lanes are faster although they have to be loaded first."""


@cache
def compiled() -> ModuleType | None:
    """The extra ``shuangsui[fast]``; None too where numba finds no folder to keep what it has compiled."""
    try:
        import fairlanes  # noqa: PLC0415 - loading it takes a second
    except (ImportError, RuntimeError):
        return None
    return fairlanes


def fastest() -> Kernel:
    """Of the ticket kernels there are."""
    lanes = compiled()
    return lanes.kernel if lanes else reference_kernel


def freeze(records: Sequence[Record], key: bytes | None, suite: str, strata: Iterable[str] = ()) -> Frozen:
    """Every snapshot of the platform comes from here; failures of :func:`fairdraw.snapshot.freeze`."""
    lanes = compiled() if len(records) >= WORTH else None
    return (lanes.frozen if lanes else snapshot.freeze)(records, key, suite, strata)


def _for(rows: int) -> Kernel:
    return fastest() if rows >= WORTH else reference_kernel


def _tickets(suite: str, key: bytes, blinded: Rows, weights: Rows) -> bytes:
    return _for(len(weights)).tickets(suite, key, blinded, weights)


def _nearest(tickets: bytes, blinded: Rows, limit: int) -> list[Ranked]:
    return _for(len(tickets) // 8).nearest(tickets, blinded, limit)


kernel = Kernel("by size", _tickets, _nearest)
"""What every draw and every check of one uses here."""
