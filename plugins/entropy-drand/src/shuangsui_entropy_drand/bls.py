"""BLS signatures of drand over the curve BLS12-381: pure, no network, no clock.

A message is hashed to the group of the signatures (RFC 9380, random-oracle suites with the tags below); a signature
``s`` of the message ``m`` under the key ``k`` holds if ``e(s, g) = e(H(m), k)``, on the default chain with the groups
the other way round.
"""

from __future__ import annotations

from hashlib import sha256

from py_arkworks_bls12381 import GT, G1Point, G2Point

from shuangsui_entropy_drand.chains import Chain

TAG_G1 = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"
TAG_G2 = b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_"


def message(chain: Chain, round_: int, previous: bytes) -> bytes:
    """What the chain signs: SHA-256 of the round, after the signature before it if there is one in the chain."""
    return sha256((previous if chain.chained else b"") + round_.to_bytes(8, "big")).digest()


def is_genuine(chain: Chain, round_: int, signature: bytes, previous: bytes = b"") -> bool:
    """Whether the chain signed this round.

    Decoding refuses what is not on the curve, not in the subgroup of prime order, or not the one encoding of its
    point: the randomness is the digest of these bytes, so a second form of them would be a second outcome.
    """
    try:
        signed = message(chain, round_, previous)
        return _holds_g1(chain, signed, signature) if chain.signs == "G1" else _holds_g2(chain, signed, signature)
    except (ValueError, OverflowError):
        return False


def _holds_g1(chain: Chain, signed: bytes, signature: bytes) -> bool:
    point, key = G1Point.from_compressed_bytes(signature), G2Point.from_compressed_bytes(chain.key)
    if point == G1Point.identity() or bytes(point.to_compressed_bytes()) != signature:
        return False
    return GT.pairing_check([point, -G1Point.hash_to_curve(signed, TAG_G1)], [G2Point(), key])


def _holds_g2(chain: Chain, signed: bytes, signature: bytes) -> bool:
    point, key = G2Point.from_compressed_bytes(signature), G1Point.from_compressed_bytes(chain.key)
    if point == G2Point.identity() or bytes(point.to_compressed_bytes()) != signature:
        return False
    return GT.pairing_check([-G1Point(), key], [point, G2Point.hash_to_curve(signed, TAG_G2)])
