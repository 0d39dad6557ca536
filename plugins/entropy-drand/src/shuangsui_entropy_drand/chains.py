"""The two chains that the draw protocol knows (srd-1 5.3), with their public keys.

The keys were taken from drand's documentation (``https://api.drand.sh/<chain hash>/info``) and need not be believed:
a chain's hash is the digest of its parameters with the key among them, and the protocol fixes the hash.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Literal


@dataclass(frozen=True, slots=True)
class Chain:
    """One chain: first round at ``genesis`` (Unix seconds), then one every ``period`` seconds.

    ``chained``: each message contains the signature before it. ``signs``: the group of the signatures.
    """

    name: str
    hash: str
    genesis: int
    period: int
    key: bytes
    group: bytes
    scheme: str
    signs: Literal["G1", "G2"]
    chained: bool

    def time_of(self, round_: int) -> datetime:
        """When a round is made, UTC."""
        return datetime.fromtimestamp(self.genesis + (round_ - 1) * self.period, UTC)

    def first_round(self, at: datetime) -> int:
        """The first round that is not made before ``at``."""
        whole, part = divmod(at - datetime.fromtimestamp(self.genesis, UTC), timedelta(seconds=self.period))
        return max(1, whole + 1 + bool(part))

    @property
    def fingerprint(self) -> str:
        """The hash that these parameters give, as drand computes it (``chain.Info.Hash``)."""
        data = self.period.to_bytes(4, "big") + self.genesis.to_bytes(8, "big") + self.key + self.group
        return sha256(data + (b"" if self.name == "default" else self.name.encode())).hexdigest()


QUICKNET = Chain(
    name="quicknet",
    hash="52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
    genesis=1692803367,
    period=3,
    key=bytes.fromhex(
        "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451"
        "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
    ),
    group=bytes.fromhex("f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e"),
    scheme="bls-unchained-g1-rfc9380",
    signs="G1",
    chained=False,
)
DEFAULT = Chain(
    name="default",
    hash="8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce",
    genesis=1595431050,
    period=30,
    key=bytes.fromhex(
        "868f005eb8e6e4ca0a47c8a77ceaa5309a47978a7c71bc5cce96366b5d7a569937c529eeda66c7293784a9402801af31"
    ),
    group=bytes.fromhex("176f93498eac9ca337150b46d21dd58673ea4e3581185f869672e59fa4cb390a"),
    scheme="pedersen-bls-chained",
    signs="G2",
    chained=True,
)
CHAINS = {chain.hash: chain for chain in (QUICKNET, DEFAULT)}
