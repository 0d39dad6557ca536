"""srd-1 section 4.3: trees of RFC 9162."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest

from fairdraw import merkle


def h(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def leaves(n: int) -> list[bytes]:
    return [b"leaf %d" % i for i in range(n)]


def mth(data: Sequence[bytes]) -> bytes:
    """The recursive definition of RFC 9162 section 2.1.1."""
    if len(data) == 1:
        return h(b"\x00" + data[0])
    k = 1 << (len(data) - 1).bit_length() - 1
    return h(b"\x01" + mth(data[:k]) + mth(data[k:]))


@pytest.mark.parametrize("n", [*range(1, 34), 63, 64, 65, 257])
def test_4_3_root_equals_the_recursive_definition(n: int) -> None:
    """The bottom-up rule gives the same tree."""
    assert merkle.tree_root(leaves(n), h) == mth(leaves(n))


def test_4_3_leaf_and_node_are_separated() -> None:
    """The root of two leaves is no leaf of their concatenation."""
    a, b = (merkle.leaf_hash(leaf, h) for leaf in leaves(2))
    assert merkle.node_hash(a, b, h) != merkle.leaf_hash(a + b, h)


@pytest.mark.parametrize("n", [1, 2, 3, 5, 6, 7, 8, 9, 31, 33])
def test_13_path_of_every_leaf_leads_to_the_root(n: int) -> None:
    """Missing siblings are omitted."""
    hashes = [merkle.leaf_hash(leaf, h) for leaf in leaves(n)]
    for index in range(n):
        path = merkle.inclusion_path(hashes, index, h)
        assert merkle.root_of_path(hashes[index], index, n, path, h) == mth(leaves(n))


def test_13_path_at_another_index_does_not_lead_to_the_root() -> None:
    """The position is bound too."""
    hashes = [merkle.leaf_hash(leaf, h) for leaf in leaves(7)]
    path = merkle.inclusion_path(hashes, 3, h)
    others = [merkle.root_of_path(hashes[3], index, 7, path, h) for index in range(7) if index != 3]
    assert merkle.root_of_hashes(hashes, h) not in others


@pytest.mark.parametrize("n", [1, 2, 7, 8])
def test_13_path_of_wrong_length_has_no_root(n: int) -> None:
    """One node too many or too few."""
    hashes = [merkle.leaf_hash(leaf, h) for leaf in leaves(n)]
    path = merkle.inclusion_path(hashes, 0, h)
    assert merkle.root_of_path(hashes[0], 0, n, [*path, bytes(32)], h) is None
    if path:
        assert merkle.root_of_path(hashes[0], 0, n, path[:-1], h) is None


def test_13_endless_path_is_refused() -> None:
    """Work is bounded by the tree, not by the path."""
    assert merkle.root_of_path(bytes(32), 0, 2, [bytes(32)] * 100_000, h) is None
