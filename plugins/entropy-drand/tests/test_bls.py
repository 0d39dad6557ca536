"""Signatures of drand: genuine rounds hold under the pinned keys, whatever was changed does not."""

from __future__ import annotations

from typing import Any

import pytest
from py_arkworks_bls12381 import G1Point, G2Point, Scalar

from shuangsui.testing.drand import chains
from shuangsui_entropy_drand.bls import is_genuine
from shuangsui_entropy_drand.chains import CHAINS, DEFAULT, QUICKNET, Chain

STORED = [(CHAINS[hash_], one) for hash_, chain in chains().items() for one in chain["rounds"]]
NAMED = [f"{chain.name} {one['round']}" for chain, one in STORED]
P = 0x1A0111EA397FE69A4B1BA7B6434BACD764774B84F38512BF6730D2A0F6B0F6241EABFFFEB153FFFFB9FEFFFFFFFFAAAB


def holds(chain: Chain, beacon: dict[str, Any], **changed: Any) -> bool:
    """Whether a stored beacon, or what was changed of it, is genuine."""
    given = beacon | changed
    previous = bytes.fromhex(given.get("previous_signature", ""))
    return is_genuine(chain, given["round"], bytes.fromhex(given["signature"]), previous)


def outside(chain: Chain) -> bytes:
    """A point of the curve that is not in the subgroup of prime order, compressed."""
    point, size = (G1Point, 48) if chain.signs == "G1" else (G2Point, 96)
    for x in range(1, 1000):
        data = bytes([0x80]) + x.to_bytes(size - 1, "big")
        try:
            if not point.from_compressed_bytes_unchecked(data).is_in_subgroup():
                return data
        except ValueError:
            continue
    raise AssertionError


@pytest.mark.parametrize(("chain", "beacon"), STORED, ids=NAMED)
def test_r8_6_genuine_round_holds(chain: Chain, beacon: dict[str, Any]) -> None:
    """Every stored round of both chains."""
    assert holds(chain, beacon)


@pytest.mark.parametrize("chain", CHAINS.values(), ids=lambda chain: chain.name)
def test_pinned_key_is_the_one_that_the_protocol_means(chain: Chain) -> None:
    """srd-1 5.3 fixes the chain's hash, and the hash is a digest of the key."""
    assert chain.fingerprint == chain.hash


@pytest.mark.parametrize(("chain", "beacon"), STORED, ids=NAMED)
def test_wrong_round_is_refused(chain: Chain, beacon: dict[str, Any]) -> None:
    """The signature of one round is none of its neighbours."""
    assert [holds(chain, beacon, round=beacon["round"] + step) for step in (-1, 1)] == [False, False]


@pytest.mark.parametrize("chain", CHAINS.values(), ids=lambda chain: chain.name)
def test_flipped_bit_is_refused(chain: Chain) -> None:
    """Any bit of the signature, the three flags of its encoding included."""
    beacon = chains()[chain.hash]["rounds"][1]
    raw = bytes.fromhex(beacon["signature"])
    for bit in range(8 * len(raw)):
        turned = bytearray(raw)
        turned[bit // 8] ^= 0x80 >> bit % 8
        assert not holds(chain, beacon, signature=turned.hex()), bit


def test_flipped_bit_of_the_signature_before_is_refused() -> None:
    """Rounds of the default chain hang together."""
    beacon = chains()[DEFAULT.hash]["rounds"][1]
    turned = bytearray.fromhex(beacon["previous_signature"])
    turned[7] ^= 1
    assert not holds(DEFAULT, beacon, previous_signature=turned.hex())
    assert not holds(DEFAULT, beacon, previous_signature="")


def test_other_chains_signature_is_refused() -> None:
    """Of the same round number, and under the other key."""
    first = {hash_: chain["rounds"][0] for hash_, chain in chains().items()}
    assert not holds(QUICKNET, first[QUICKNET.hash], signature=first[DEFAULT.hash]["signature"])
    assert not holds(DEFAULT, first[DEFAULT.hash], signature=first[QUICKNET.hash]["signature"])


@pytest.mark.parametrize("chain", CHAINS.values(), ids=lambda chain: chain.name)
def test_degenerate_points_are_refused(chain: Chain) -> None:
    """Infinity, a point outside the subgroup, the negated signature, the generator, nothing at all."""
    beacon = chains()[chain.hash]["rounds"][1]
    point = G1Point if chain.signs == "G1" else G2Point
    genuine = point.from_compressed_bytes(bytes.fromhex(beacon["signature"]))
    for made in (point.identity(), -genuine, genuine * Scalar(2), point(), genuine + point()):
        assert not holds(chain, beacon, signature=bytes(made.to_compressed_bytes()).hex())
    for data in (outside(chain), b"", bytes(48), bytes(96), b"\xff" * 96, bytes.fromhex(beacon["signature"]) + b"\0"):
        assert not holds(chain, beacon, signature=data.hex())


def test_coordinate_beyond_the_prime_is_no_second_form() -> None:
    """The same point written in another way would be another randomness: the decoder knows one way only."""
    flag, written = 1 << 383, []
    for x in range(1, 50):
        try:
            G1Point.from_compressed_bytes_unchecked((flag | x).to_bytes(48, "big"))
        except ValueError:
            continue
        with pytest.raises(ValueError, match="invalid"):
            G1Point.from_compressed_bytes_unchecked((flag | (x + P)).to_bytes(48, "big"))
        written.append(x)
    assert len(written) > 5


def test_message_that_no_chain_signs_is_refused() -> None:
    """Rounds beyond 64 bits and below zero have no message."""
    beacon = chains()[QUICKNET.hash]["rounds"][0]
    assert [holds(QUICKNET, beacon, round=round_) for round_ in (1 << 64, -1, 0)] == [False, False, False]
