"""The browser's verifier against the protocol's vectors, and against the Python kernel on spoilt transcripts."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import transcripts
from fairdraw import plan as plans
from fairdraw import receipt
from fairdraw import snapshot as snapshots
from fairdraw.snapshot import salt_of
from fairdraw.suites import hasher
from spoiling import case, kernel_says, spoilt, vector

STEPS = [
    "files", "plan", "snapshot", "quota", "log", "logged", "events", "contributors", "abandoned", "seed", "selection",
    "teams", "replacements", "openings", "checkpoints", "receipts",
]  # fmt: skip
L = 2**252 + 27742317777372353535851937790883648493
Node = Callable[[str, Any], Any]
Edit = Callable[[bytes], bytes]


def outcomes(node: Node, cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the browser's verifier says."""
    answers: list[dict[str, Any]] = node("verify_cases.mjs", cases)
    return answers


@pytest.mark.parametrize("name", [f"v{i}" for i in range(1, 8)])
def test_positive_vector_gives_its_verdict_and_warnings(name: str, node: Node) -> None:
    """The last line and the set of warnings of every complete transcript."""
    content = vector(name)
    [found] = outcomes(node, [case(content["files"], content["inputs"]["trust"])])
    assert (found["line"], found["warnings"]) == (content["expect"], sorted(content["warnings"]))
    assert found["heard"] == STEPS


def test_negative_vectors_fail_with_their_codes(node: Node) -> None:
    """Every case of v8; what stands behind the failed check is not concluded."""
    cases = vector("v8")["cases"]
    found = outcomes(node, [case(c["files"], c["trust"]) for c in cases])
    assert [answer["line"] for answer in found] == [f"FAIL {c['expect']}" for c in cases]
    for answer in found:
        at = list(answer["checks"].values()).index("fail")
        assert set(list(answer["checks"].values())[at + 1 :]) <= {"waiting"}


@pytest.mark.parametrize("name", ["v6", "v7"])
def test_witnessed_vector_is_unwitnessed_without_a_trust_list(name: str, node: Node) -> None:
    """No reader's list, no signature counts."""
    [found] = outcomes(node, [case(vector(name)["files"], None)])
    assert found["line"] == "VERIFIED unwitnessed"
    assert found["counts"]["state"] is None


def test_counts_of_the_vector_with_an_abandoned_draw(node: Node) -> None:
    """The item's sum, and the newest witnessed state, of v6."""
    content = vector("v6")
    [found] = outcomes(node, [case(content["files"], content["inputs"]["trust"])])
    assert found["counts"]["item"] == {"plans": 2, "results": 1, "abandoned": 1, "afterEvent": 0, "open": 0}
    assert found["counts"]["state"] == {"time": 1796099500, "size": 11}


def test_unfinished_draw_is_open_not_failed(node: Node) -> None:
    """A log that ends after the plan: the events are still to come."""
    files = dict(vector("v1")["files"])
    files["log.jsonl"] = files["log.jsonl"].splitlines(keepends=True)[0]
    [found] = outcomes(node, [case(files, None)])
    assert found["checks"]["events"] == "open"


def test_hashes_agree_with_the_reference_for_all_lengths(node: Node) -> None:
    """SHA-256, SM3 and SHA-512 of 0 to 1000 bytes."""
    found = node("hash_lengths.mjs", {"count": 1001})
    messages = [bytes((7 * i + n) % 256 for i in range(n)) for n in range(1001)]
    assert found["sha256"] == [hashlib.sha256(m).hexdigest() for m in messages]
    assert found["sm3"] == [hasher("sm3")(m).hex() for m in messages]
    assert found["sha512"] == [hashlib.sha512(m).hexdigest() for m in messages]


def test_signatures_are_checked_as_rfc_8032_says(node: Node) -> None:
    """Good ones pass; a changed bit anywhere, S + L, and a key that is no point do not."""
    cases, expected = [], []
    for i in range(8):
        private = Ed25519PrivateKey.from_private_bytes(bytes([i] * 32))
        key, message = private.public_key().public_bytes_raw(), bytes(range(i * 20))
        signature = private.sign(message)
        malleable = signature[:32] + (int.from_bytes(signature[32:], "little") + L).to_bytes(32, "little")
        flipped = bytes([signature[0] ^ 1]) + signature[1:]
        for k, m, s in [
            (key, message, signature),
            (key, message + b"x", signature),
            (key, message, flipped),
            (key, message, malleable),
            (b"\x02" + bytes(31), message, signature),
        ]:
            cases.append({"key": k.hex(), "message": m.hex(), "signature": s.hex()})
            expected.append((k, m, s) == (key, message, signature))
    assert node("signatures.mjs", cases) == expected


# two verifiers that share no code must say the same of the same spoilt transcript


@pytest.mark.parametrize("piece", [1, 73, 4096])
def test_verdict_does_not_depend_on_how_the_files_arrive(piece: int, node: Node) -> None:
    """Pieces that end anywhere, inside a line or a character; good lists and every spoilt one of v8."""
    cases = [(c["files"], c["trust"], f"FAIL {c['expect']}") for c in vector("v8")["cases"]]
    for name in ("v1", "v3", "v7"):
        content = vector(name)
        cases.append((content["files"], content["inputs"]["trust"], content["expect"]))
    found = outcomes(node, [case(files, trust) | {"piece": piece} for files, trust, _ in cases])
    assert [answer["line"] for answer in found] == [expected for _, _, expected in cases]


IDS: dict[str, tuple[Edit, str | None]] = {
    "as published": (lambda ids: ids, None),
    "the last line cut": (lambda ids: ids[:-1], "PUBLIC_ID"),
    "a line too few": (lambda ids: b"".join(ids.splitlines(keepends=True)[:-1]), "PUBLIC_ID"),
    "a line too many": (lambda ids: ids + b"X\n", "PUBLIC_ID"),
    "an empty line": (lambda ids: ids.replace(b"\n", b"\n\n", 1), "PUBLIC_ID"),
    "no line": (lambda ids: b"", "PUBLIC_ID"),
    "an endless line": (lambda ids: ids + b"X" * 9000, "PUBLIC_ID"),
    "two lines exchanged": (lambda ids: b"".join(sorted(ids.splitlines(keepends=True))), "PUBLIC_ID"),
    "not UTF-8": (lambda ids: b"\xff" + ids[1:], "PUBLIC_ID"),
}


@pytest.mark.parametrize("piece", [7, 65536])
@pytest.mark.parametrize("edit", IDS)
def test_published_ids_are_checked_line_by_line(edit: str, piece: int, node: Node) -> None:
    """Number, end, form and hash of the lines of ids.txt."""
    change, code = IDS[edit]
    content = vector("v7")
    files = {name: text.encode() for name, text in content["files"].items()}
    files["ids.txt"] = change(files["ids.txt"])
    [found] = outcomes(node, [case(files, content["inputs"]["trust"]) | {"piece": piece}])
    assert found["line"] == (f"FAIL {code}" if code else content["expect"])


def _swapped(rows: bytes) -> bytes:
    first, second, *others = rows.splitlines(keepends=True)
    return b"".join([second, first, *others])


ROWS: dict[str, tuple[Edit, str]] = {
    "the last line cut": (lambda rows: rows[:-1], "ROW_FORMAT"),
    "no line": (lambda rows: b"", "ROW_FORMAT"),
    "an endless line": (lambda rows: rows + b"0" * 9000, "ROW_FORMAT"),
    "an empty line": (lambda rows: rows + b"\n", "ROW_FORMAT"),
    "weight 65": (lambda rows: rows.replace(b" 1 -", b" 65 -", 1), "ROW_FORMAT"),
    "capitals": (lambda rows: rows[:64].upper() + rows[64:], "ROW_FORMAT"),
    "a byte above ASCII": (lambda rows: rows[:70] + b"\xe9" + rows[71:], "ROW_FORMAT"),
    "the first two lines exchanged, the last one malformed": (lambda rows: _swapped(rows) + b"x\n", "ROW_FORMAT"),
    "the first two lines exchanged": (_swapped, "ROW_ORDER"),
    "a line twice": (lambda rows: rows.splitlines(keepends=True)[0] + rows, "ROW_ORDER"),
    "a line too few": (lambda rows: b"".join(rows.splitlines(keepends=True)[:-1]), "SNAPSHOT_COUNT"),
}


@pytest.mark.parametrize("edit", ROWS)
def test_rows_are_checked_as_they_arrive(edit: str, node: Node) -> None:
    """Form of every row first, then order, then numbers; the Python kernel says the same."""
    change, code = ROWS[edit]
    files = {name: text.encode() for name, text in vector("v7")["files"].items()}
    files["rows.txt"] = change(files["rows.txt"])
    found = outcomes(node, [case(files, None) | {"piece": piece} for piece in (7, 65536)])
    assert [answer["line"] for answer in found] == [f"FAIL {code}"] * 2 == [kernel_says(files, None)[0]] * 2


def test_ids_that_look_alike_are_told(node: Node) -> None:
    """Full-width and small spellings of one code, and two odd spellings of a name that stands nowhere plainly."""
    ids = ["91500ABC", "９１５００ＡＢＣ", "91500abc", "n 1", "N　1", "渝企1", "渝企2", "Only1"]
    records = [[id_, "A", 1, "-"] for id_ in ids] + transcripts.records(30)
    strata = {s: {"ratio": "1/5", "floor": 0, "cap": None} for s in "ABC"}
    planned = transcripts.plan_given(
        mode="public", teams=None, experts=None, rules={"mode": "ratio", "total": None, "strata": strata}
    )
    files = transcripts.build(transcripts.inputs(records=records, plan_given=planned, K=None)).files
    plain = transcripts.build(transcripts.inputs(records=records[5:], plan_given=planned, K=None)).files
    found = outcomes(node, [case(files, None), case(plain, None)])
    assert [(answer["line"], answer["warnings"]) for answer in found] == [
        kernel_says(files, None), kernel_says(plain, None),
    ]  # fmt: skip
    assert ["NEAR_DUPLICATE_ID" in answer["warnings"] for answer in found] == [True, False]


@pytest.mark.parametrize("mode", ["salted", "public"])
def test_receipt_made_in_the_browser_is_the_kernels(mode: str, node: Node) -> None:
    """Any company of the list: the same bytes, so that every verifier takes them; the chance is its stratum's."""
    example = transcripts.full("sm3", mode)
    read = plans.read(example.files["plan.json"])
    rows = snapshots.read(example.files["rows.txt"], read.members)
    key = bytes.fromhex(transcripts.SALT_KEY) if mode == "salted" else None
    ids = [id_ for id_, *_ in transcripts.records(120)]
    salts = ["" if key is None else salt_of(key, id_, hasher("sm3")).hex() for id_ in ids]
    found = node("receipts.mjs", case(example.files, None) | {"asked": list(zip(ids, salts, strict=True))})
    made = [receipt.build(id_, key, read, rows).decode() for id_ in ids]
    assert [answer["proof"]["receipt"] for answer in found] == made
    assert all(receipt.read(one.encode(), read).id == id_ for one, id_ in zip(made, ids, strict=True))
    assert {answer["state"] for answer in found} == {"drawn", "passed", "excluded"}
    for answer in found:
        if answer["state"] != "excluded":
            stratum = answer["stratum"]
            numbers = read["quota"][stratum], read["snapshot"]["eligible"][stratum]
            assert (answer["quota"], answer["of"]) == numbers
            assert (answer["place"] <= answer["quota"]) == (answer["ticket"] <= answer["cut"])


def test_p9_both_verifiers_agree_on_spoilt_transcripts(node: Node) -> None:
    """600 transcripts, each with one change: same verdict, same code, same warnings."""
    chance = random.Random(20260121)
    names = [chance.choice(["v1", "v2", "v3", "v4", "v5", "v6", "v7"]) for _ in range(600)]
    trust = {name: vector(name)["inputs"]["trust"] for name in set(names)}
    transcripts = [(spoilt(name, chance), trust[name]) for name in names]
    found = outcomes(node, [case(files, list_) for files, list_ in transcripts])
    expected = [kernel_says(files, list_) for files, list_ in transcripts]
    assert [(answer["line"], answer["warnings"]) for answer in found] == expected
    assert len({line for line, _ in expected}) > 20
