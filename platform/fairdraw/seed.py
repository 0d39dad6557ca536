"""Contributors' chains and commitments (srd-1 5.2) and the seed they give (8.1)."""

from __future__ import annotations

from collections.abc import Iterable

from fairdraw.suites import Hash, lp, u32


def next_link(link: bytes, h: Hash) -> bytes:
    """``c_{j+1}`` of ``c_j``; also: the value that must have been revealed before ``link``."""
    return h(b"srd1/chain\n" + link)


def chain(c0: bytes, length: int, h: Hash) -> list[bytes]:
    """``c_0 … c_L`` for ``length`` = L."""
    links = [c0]
    for _ in range(length):
        links.append(next_link(links[-1], h))
    return links


def commitment_input(origin: str, seq: int, who: str, last: bytes) -> bytes:
    """What a commitment hashes: the log, the seq, the contributor and ``c_L``."""
    return b"srd1/commit\n" + lp(origin.encode()) + u32(seq) + lp(who.encode()) + lp(last)


def contributor_message(origin: str, seq: int, commit: bytes) -> bytes:
    """What a contributor signs with Ed25519; ``commit`` as 32 bytes."""
    return b"srd1/contrib\n" + lp(origin.encode()) + u32(seq) + commit


def seed_input(plan_entry: bytes, reveals: Iterable[tuple[str, bytes]], events: Iterable[tuple[str, str]]) -> bytes:
    """What the seed hashes (8.1): ``E``, then (who, c_L) and (name, value) in plan order."""
    secrets = b"".join(lp(who.encode()) + lp(value) for who, value in reveals)
    public = b"".join(lp(name.encode()) + lp(value.encode()) for name, value in events)
    return b"srd1/seed\n" + plan_entry + secrets + public


def replacement_key(seed: bytes, r: int, links: Iterable[bytes], h: Hash) -> bytes:
    """``key_r`` of 11.2 from the contributors' links in plan order."""
    return h(b"srd1/replace\n" + seed + u32(r) + b"".join(map(lp, links)))
