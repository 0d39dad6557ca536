"""Consistency proofs of RFC 6962 section 2.1.2: every pair of sizes, every change."""

from __future__ import annotations

import pytest

from fairdraw.checkpoint import log_root
from shuangsui.ledger.consistency import SUITE, is_consistent, proof

LINES = [f"line {n}".encode() for n in range(40)]
ROOTS = [b"", *(log_root(LINES[:n], SUITE) for n in range(1, 41))]
PAIRS = [(old, size) for size in range(1, 41) for old in range(1, size + 1)]


def test_every_prefix_is_proved() -> None:
    """820 pairs of sizes."""
    assert len(PAIRS) == 820
    for old, size in PAIRS:
        assert is_consistent(old, ROOTS[old], size, ROOTS[size], proof(LINES[:size], old)), (old, size)


def test_nothing_else_is_proved() -> None:
    """Another old root, another new root, another size, a hash less, a hash more, two swapped, a bit turned."""
    for old, size in PAIRS:
        path, wrong = proof(LINES[:size], old), b"\x01" * 32
        assert not is_consistent(old, wrong, size, ROOTS[size], path)
        assert not is_consistent(old, ROOTS[old], size, wrong, path)
        assert not is_consistent(old, ROOTS[old], size, ROOTS[size], [*path, wrong])
        if path:
            assert not is_consistent(old, ROOTS[old], size, ROOTS[size], path[:-1])
            turned = bytes([path[0][0] ^ 1]) + path[0][1:]
            assert not is_consistent(old, ROOTS[old], size, ROOTS[size], [turned, *path[1:]])
        if len(path) > 1:
            assert not is_consistent(old, ROOTS[old], size, ROOTS[size], [path[1], path[0], *path[2:]])


@pytest.mark.parametrize("size", [2, 3, 7, 8, 40])
def test_log_that_was_rewritten_has_no_proof(size: int) -> None:
    """Not even an honest one for what it is now."""
    forged = [b"forged", *LINES[1:size]]
    for old in range(1, size):
        assert not is_consistent(old, ROOTS[old], size, log_root(forged, SUITE), proof(forged, old))
