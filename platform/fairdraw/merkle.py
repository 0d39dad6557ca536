"""Merkle trees of RFC 9162 section 2.1 as srd-1 uses them: tiles of a snapshot (4.3), entries of a log (7.4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fairdraw.suites import Hash


def leaf_hash(data: bytes | memoryview, h: Hash) -> bytes:
    """``H(0x00 || data)``."""
    return h(b"\x00" + data)


def node_hash(left: bytes, right: bytes, h: Hash) -> bytes:
    """``H(0x01 || left || right)``."""
    return h(b"\x01" + left + right)


def _level_up(nodes: Sequence[bytes], h: Hash) -> list[bytes]:
    """Pair neighbours; a last node without neighbour moves up unchanged."""
    paired = [node_hash(nodes[i], nodes[i + 1], h) for i in range(0, len(nodes) - 1, 2)]
    return paired + list(nodes[len(nodes) - len(nodes) % 2 :])


def root_of_hashes(hashes: Sequence[bytes], h: Hash) -> bytes:
    """Tree head over at least one leaf hash."""
    nodes = list(hashes)
    while len(nodes) > 1:
        nodes = _level_up(nodes, h)
    return nodes[0]


def tree_root(leaves: Iterable[bytes], h: Hash) -> bytes:
    """Tree head over the data of at least one leaf."""
    return root_of_hashes([leaf_hash(leaf, h) for leaf in leaves], h)


def inclusion_path(hashes: Sequence[bytes], index: int, h: Hash) -> list[bytes]:
    """Siblings of leaf ``index``, lowest level first; a missing sibling is omitted."""
    path, nodes = [], list(hashes)
    while len(nodes) > 1:
        sibling = index ^ 1
        if sibling < len(nodes):
            path.append(nodes[sibling])
        nodes, index = _level_up(nodes, h), index // 2
    return path


def root_of_path(leaf: bytes, index: int, size: int, path: Sequence[bytes], h: Hash) -> bytes | None:
    """Tree head that ``path`` gives for ``leaf`` at ``index`` of ``size`` leaves, None for a path of wrong length."""
    fn, sn, node = index, size - 1, leaf
    for sibling in path:
        if sn == 0:
            return None
        if fn % 2 or fn == sn:
            node = node_hash(sibling, node, h)
            while fn % 2 == 0 and fn != 0:
                fn, sn = fn // 2, sn // 2
        else:
            node = node_hash(node, sibling, h)
        fn, sn = fn // 2, sn // 2
    return node if sn == 0 else None
