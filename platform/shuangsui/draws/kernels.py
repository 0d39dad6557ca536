"""The ticket kernel of this installation: compiled lanes for large registers where they are installed, else the
standard library's. The answers are the same bytes (srd-1 section 15).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from fairdraw.tickets import Kernel, reference_kernel

WORTH = 200_000
"""Rows from which on compiled lanes are faster although they have to be loaded first."""


@cache
def fastest() -> Kernel:
    """Of those installed; the extra ``shuangsui[fast]`` brings the compiled one."""
    try:
        from fairlanes import kernel as compiled  # noqa: PLC0415 - loading it takes a second
    except ImportError:
        return reference_kernel
    return compiled


def _for(rows: int) -> Kernel:
    return fastest() if rows >= WORTH else reference_kernel


def _tickets(suite: str, key: bytes, blinded: bytes, weights: bytes) -> bytes:
    return _for(len(weights)).tickets(suite, key, blinded, weights)


def _nearest(tickets: bytes, limit: int) -> Sequence[int]:
    return _for(len(tickets) // 8).nearest(tickets, limit)


kernel = Kernel("by size", _tickets, _nearest)
"""What every draw and every check of one uses here."""
