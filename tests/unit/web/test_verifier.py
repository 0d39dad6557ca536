"""The browser's verifier against the protocol's vectors, and against the Python kernel on spoilt transcripts."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import random
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fairdraw.checkpoint import Trust, read_trust
from fairdraw.failures import Failure
from fairdraw.report import warnings
from fairdraw.suites import hasher
from fairdraw.verification import Verification

VECTORS = Path(__file__).parents[2] / "vectors"
STEPS = [
    "files", "plan", "snapshot", "quota", "log", "logged", "events", "contributors", "abandoned", "seed", "selection",
    "teams", "replacements", "openings", "checkpoints", "receipts",
]  # fmt: skip
L = 2**252 + 27742317777372353535851937790883648493
Node = Callable[[str, Any], Any]
Files = dict[str, bytes]


def vector(name: str) -> dict[str, Any]:
    """One vector file."""
    content: dict[str, Any] = json.loads((VECTORS / f"{name}.json").read_text("utf-8"))
    return content


def case(files: Mapping[str, str | bytes], trust: str | None) -> dict[str, Any]:
    """A transcript as the script takes it."""
    raw = {name: data if isinstance(data, bytes) else data.encode() for name, data in files.items()}
    return {"files": {name: base64.b64encode(data).decode() for name, data in raw.items()}, "trust": trust}


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


def spoil(value: Any, chance: random.Random) -> None:
    """Change one place of a JSON value: drop it, replace it, move it, or alter a character."""
    parent, key = chance.choice(list(_places(value)))
    old = parent[key]
    match chance.randrange(5):
        case 0:
            del parent[key]
        case 1:
            parent[key] = copy.deepcopy(chance.choice([0, 1, -1, "", "x", "0" * 64, None, True, [], {}]))
        case 2 if isinstance(old, int):
            parent[key] = old + chance.choice([1, -1])
        case 3 if isinstance(old, str) and old:
            at = chance.randrange(len(old))
            parent[key] = old[:at] + chance.choice("09afXZ 渝😀") + old[at + 1 :]
        case _:
            other, place = chance.choice(list(_places(value)))
            parent[key] = copy.deepcopy(other[place])


def _places(value: Any) -> Any:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in items:
        yield value, key
        yield from _places(child)


def relinked(entries: list[Any], suite: str) -> bytes:
    """The log of these entries, with the chain made to fit."""
    h, prev, lines = hasher(suite), "0" * 64, list[bytes]()
    for i, entry in enumerate(entries):
        if isinstance(entry, dict):
            entry |= {"i": i, "prev": prev}
        lines.append(canon(entry))
        prev = h(b"srd1/log\n" + lines[-1]).hex()
    return b"".join(line + b"\n" for line in lines)


def canon(value: Any) -> bytes:
    """Canonical JSON."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def spoilt(name: str, chance: random.Random) -> Files:
    """A transcript of a vector with one change: in a log entry, in another file's JSON, or in a raw byte."""
    files = {file: text.encode() for file, text in vector(name)["files"].items()}
    target = chance.choice(list(files))
    if chance.random() < 0.5:
        entries = [json.loads(line) for line in files["log.jsonl"].splitlines()]
        suite = entries[0]["suite"]
        spoil(entries, chance)
        files["log.jsonl"] = relinked(entries, suite)
    elif target.endswith(".json") and len(json.loads(files[target])) > 0:
        value = json.loads(files[target])
        spoil(value, chance)
        files[target] = canon(value)
    else:
        raw = bytearray(files[target])
        raw[chance.randrange(len(raw))] = chance.randrange(256)
        files[target] = bytes(raw)
    return files


def kernel_says(files: Files, trust: str | None) -> tuple[str, list[str]]:
    """Verdict line (of a failure only the code) and warning codes of the Python kernel."""
    verification = Verification(files, read_trust(trust) if trust else Trust())
    try:
        for _ in verification.run():
            pass
    except Failure as failure:
        return f"FAIL {failure.code}", []
    return verification.verdict(), sorted({warning.code for warning in warnings(verification)})


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
