"""Chance from SHA-256: the same on every Python, platform and day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import sha256
from math import gcd
from typing import TypeVar

T = TypeVar("T")
PER_MILLE = 1000


class Dice:
    """The decisions of one row, taken one after the other from 512 bits of (seed, label, index).

    A decision among n uses log2(n) bits, so the forty-odd decisions of a row leave more than half of them, and
    the bias of a remainder stays below 2^-200.
    """

    __slots__ = ("_rest",)

    def __init__(self, seed: str, label: str, index: int) -> None:
        """``label`` keeps the kinds of rows apart, ``index`` the rows of a kind."""
        name = f"{label}\0{index}\0{seed}".encode()
        self._rest = int.from_bytes(sha256(b"0" + name).digest() + sha256(b"1" + name).digest(), "big")

    def below(self, n: int) -> int:
        """A whole number from 0 to n - 1."""
        self._rest, value = divmod(self._rest, n)
        return value

    def chance(self, per_mille: int) -> bool:
        """True in ``per_mille`` of a thousand rows."""
        return self.below(PER_MILLE) < per_mille

    def pick(self, values: Sequence[T]) -> T:
        """One of ``values``, each as likely as its copies are many."""
        return values[self.below(len(values))]


def wheel(shares: Iterable[tuple[T, int]]) -> tuple[T, ...]:
    """Each value repeated by its share, for ``Dice.pick``; shares per thousand give a thousand places."""
    return tuple(value for value, share in shares for _ in range(share))


@lru_cache(maxsize=64)
def _stride(size: int) -> int:
    """The step next to the golden section of ``size`` that has no common divisor with it."""
    step = max(1, size * 6_180_339_887 // 10**10)
    while gcd(step, size) != 1:
        step += 1
    return step


@lru_cache(maxsize=64)
def _start(seed: str, label: str, size: int) -> int:
    """Where the scattering of ``label`` begins."""
    return Dice(seed, label, 0).below(size)


def scattered(seed: str, label: str, index: int, size: int) -> int:
    """A one-to-one map of 0 … size - 1 in which neighbours land far apart and any run is spread evenly."""
    return (index * _stride(size) + _start(seed, label, size)) % size
