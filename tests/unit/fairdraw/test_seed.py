"""srd-1 sections 5.2, 8.1 and 11.2: chains, commitments, seed."""

from __future__ import annotations

import hashlib

import transcripts
from fairdraw import seed
from fairdraw.suites import hasher

H = hasher("sha256")


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def test_5_2_chain_hashes_forward() -> None:
    """``c_j = H("srd1/chain\\n" || c_{j-1})``, ``c_0`` first; L = 0 is the secret itself."""
    links = seed.chain(bytes(32), 2, H)
    assert links == [bytes(32), sha256(b"srd1/chain\n" + bytes(32)), sha256(b"srd1/chain\n" + links[1])]
    assert seed.chain(b"x" * 32, 0, H) == [b"x" * 32]


def test_5_2_commitment_binds_log_seq_and_contributor() -> None:
    """Every part with its length."""
    last = bytes(range(32))
    expected = b"srd1/commit\n\0\0\0\x01o\0\0\0\x07\0\0\0\x03\xe6\xb8\x9d\0\0\0\x20" + last
    assert seed.commitment_input("o", 7, "渝", last) == expected


def test_5_2_contributor_signs_origin_seq_and_commitment() -> None:
    """The commitment as 32 raw bytes."""
    assert seed.contributor_message("o", 7, bytes(32)) == b"srd1/contrib\n\0\0\0\x01o\0\0\0\x07" + bytes(32)


def test_8_1_seed_input_is_entry_secrets_events() -> None:
    """In plan order, each with its length."""
    made = seed.seed_input(b"E" * 32, [("a", b"1" * 32), ("b", b"2" * 32)], [("n", "31")])
    secrets = b"\0\0\0\x01a\0\0\0\x20" + b"1" * 32 + b"\0\0\0\x01b\0\0\0\x20" + b"2" * 32
    assert made == b"srd1/seed\n" + b"E" * 32 + secrets + b"\0\0\0\x01n\0\0\0\x0231"


def test_11_2_replacement_key_binds_seed_r_and_links() -> None:
    """Links in plan order."""
    expected = sha256(
        b"srd1/replace\n" + b"s" * 32 + b"\0\0\0\x05" + b"\0\0\0\x20" + b"1" * 32 + b"\0\0\0\x20" + b"2" * 32
    )
    assert seed.replacement_key(b"s" * 32, 5, [b"1" * 32, b"2" * 32], H) == expected


def test_8_1_seed_of_a_transcript_is_bound_to_its_plan_entry() -> None:
    """One second later in the log is another seed."""
    given = transcripts.inputs()
    given["log_given"][0]["time"] = transcripts.at(2)
    first, later = transcripts.plain().made.draw, transcripts.build(given).made.draw
    assert first is not None
    assert later is not None
    assert first.seed != later.seed
