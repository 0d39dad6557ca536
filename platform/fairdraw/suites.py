"""Hash suites of srd-1 section 3.1."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from fairdraw import sm3

Hash = Callable[[bytes], bytes]

SUITES = ("sha256", "sm3")


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _openssl_sm3(data: bytes) -> bytes:
    return hashlib.new("sm3", data).digest()


def _sm3() -> Hash:
    """OpenSSL's SM3 where this interpreter has it, else our own: the same answers."""
    try:
        hashlib.new("sm3")
    except ValueError:
        return sm3.digest
    return _openssl_sm3


_HASHES: dict[str, Hash] = {"sha256": _sha256, "sm3": _sm3()}


def hasher(suite: str) -> Hash:
    """``H`` of ``suite``: bytes to 32 bytes; :class:`KeyError` for an unknown suite."""
    return _HASHES[suite]


def u32(n: int) -> bytes:
    """4 bytes, big-endian."""
    return n.to_bytes(4, "big")


def lp(x: bytes) -> bytes:
    """``x`` behind its length in bytes (section 3)."""
    return u32(len(x)) + x
