"""Merkle consistency proofs (RFC 6962 section 2.1.2): that a longer log begins with the shorter one; SHA-256, pure."""

from __future__ import annotations

from collections.abc import Sequence

from fairdraw.merkle import leaf_hash, node_hash, root_of_hashes
from fairdraw.suites import hasher

SUITE = "sha256"
"""Of the logs that outside witnesses understand."""
_h = hasher(SUITE)


def proof(lines: Sequence[bytes], old: int) -> list[bytes]:
    """Hashes that lead from the root of the first ``old`` lines, one at least, to that of all of them."""
    return _subproof(old, [leaf_hash(line, _h) for line in lines], whole=True)


def is_consistent(old: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> bool:
    """Whether ``path`` proves that the tree of ``size`` leaves begins with that of ``old``; ``1 <= old <= size``."""
    if old == size:
        return not path and old_root == root
    hashes = [old_root, *path] if old & (old - 1) == 0 else [*path]
    if not path or not hashes:
        return False
    return _climbed(old - 1, size - 1, hashes) == (old_root, root)


def _climbed(fn: int, sn: int, hashes: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """Both roots that the hashes give, from the lowest level up; None for too many or too few of them."""
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    old = new = hashes[0]
    for one in hashes[1:]:
        if sn == 0:
            return None
        if fn & 1 or fn == sn:
            old, new = node_hash(one, old, _h), node_hash(one, new, _h)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            new = node_hash(new, one, _h)
        fn, sn = fn >> 1, sn >> 1
    return (old, new) if sn == 0 else None


def _subproof(old: int, hashes: Sequence[bytes], *, whole: bool) -> list[bytes]:
    if old == len(hashes):
        return [] if whole else [root_of_hashes(hashes, _h)]
    split = 1 << ((len(hashes) - 1).bit_length() - 1)
    if old <= split:
        return [*_subproof(old, hashes[:split], whole=whole), root_of_hashes(hashes[split:], _h)]
    return [*_subproof(old - split, hashes[split:], whole=False), root_of_hashes(hashes[:split], _h)]
