"""Spoilt transcripts for two verifiers that share no code: what the Python kernel says of them is what any must say."""

from __future__ import annotations

import base64
import copy
import json
import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from fairdraw.checkpoint import Trust, read_trust
from fairdraw.failures import Failure
from fairdraw.report import warnings
from fairdraw.suites import hasher
from fairdraw.verification import Verification

VECTORS = Path(__file__).parents[1] / "vectors"
Files = dict[str, bytes]


def vector(name: str) -> dict[str, Any]:
    """One vector file."""
    content: dict[str, Any] = json.loads((VECTORS / f"{name}.json").read_text("utf-8"))
    return content


def case(files: Mapping[str, str | bytes], trust: str | None) -> dict[str, Any]:
    """A transcript as the script takes it."""
    raw = {name: data if isinstance(data, bytes) else data.encode() for name, data in files.items()}
    return {"files": {name: base64.b64encode(data).decode() for name, data in raw.items()}, "trust": trust}


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


# single bytes


def flipped(files: Files, name: str, at: int, mask: int) -> Files:
    """One byte of one file changed."""
    data = files[name]
    return {**files, name: data[:at] + bytes([data[at] ^ mask]) + data[at + 1 :]}


def random_flips(files: Files, count: int, seed: int) -> Iterator[tuple[str, int, int]]:
    """Uniform over all bytes of all files; any mask."""
    rng, names = random.Random(seed), sorted(files)
    sizes = [len(files[name]) for name in names]
    for _ in range(count):
        name = rng.choices(names, sizes)[0]
        yield name, rng.randrange(len(files[name])), rng.randint(1, 255)
