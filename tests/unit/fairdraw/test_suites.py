"""srd-1 section 3.1: hash suites."""

from __future__ import annotations

import hashlib

import pytest

from fairdraw import sm3
from fairdraw.suites import hasher, lp, u32

ABC = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
LONG = "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
"""Example 2 of GB/T 32905: "abcd" sixteen times."""


def test_3_1_sm3_of_abc() -> None:
    """The value of the specification, by our own code and by the suite."""
    assert sm3.digest(b"abc").hex() == ABC
    assert hasher("sm3")(b"abc").hex() == ABC


def test_3_1_sm3_second_example_of_the_standard() -> None:
    """Two blocks."""
    assert sm3.digest(b"abcd" * 16).hex() == LONG


@pytest.mark.skipif("sm3" not in hashlib.algorithms_available, reason="this OpenSSL has no SM3")
def test_3_1_own_sm3_equals_openssl_at_every_length() -> None:
    """Every padding case up to 300 bytes."""
    for length in range(301):
        data = hashlib.shake_128(length.to_bytes(2, "big")).digest(length)
        assert sm3.digest(data) == hashlib.new("sm3", data).digest(), length


def test_3_1_sha256_is_the_standard_one() -> None:
    """FIPS 180-4."""
    assert hasher("sha256")(b"abc") == hashlib.sha256(b"abc").digest()


def test_3_1_unknown_suite_has_no_hash() -> None:
    """New suites need a new version."""
    with pytest.raises(KeyError):
        hasher("md5")


def test_3_length_prefix_counts_bytes() -> None:
    """``lp`` and ``u32`` are big-endian."""
    assert u32(0x01020304) == b"\x01\x02\x03\x04"
    assert lp("渝".encode()) == b"\x00\x00\x00\x03\xe6\xb8\x9d"
    assert lp(b"") == b"\x00\x00\x00\x00"
