"""``python -m fairdraw.vectors FILE…``: rebuild test vectors byte for byte and compare every intermediate value."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from fairdraw import merkle, seed, snapshot
from fairdraw.checkpoint import Trust, log_root, read_trust
from fairdraw.draw import result_hash
from fairdraw.rebuild import Rebuild
from fairdraw.report import warnings
from fairdraw.selection import ranking
from fairdraw.suites import hasher
from fairdraw.tickets import derive_key, ticket, words
from fairdraw.transcript import Files
from fairdraw.verification import Verification
from fairdraw.verify import say, verify

Json = Any


def differences(vector: Mapping[str, Json]) -> Iterator[str]:
    """What a vector states and we compute otherwise; nothing if it passes."""
    if "cases" in vector:
        yield from _failed_cases(vector["cases"])
        return
    made = Rebuild(vector["inputs"])
    files = made.files()
    for name in vector["files"].keys() | files.keys():
        if vector["files"].get(name, "").encode() != files.get(name):
            yield f"file {name}"
    found = Intermediates(made)
    for name, stated in vector["intermediate"].items():
        if COMPUTED[name](found) != stated:
            yield f"intermediate {name}"
    verdict, codes = judge(files, vector["inputs"]["trust"])
    if verdict != vector["expect"]:
        yield f"verdict {verdict}"
    if codes != set(vector["warnings"]):
        yield f"warnings {sorted(codes)}"


def _failed_cases(cases: Sequence[Mapping[str, Json]]) -> Iterator[str]:
    for case in cases:
        verdict, _ = judge({name: text.encode() for name, text in case["files"].items()}, case["trust"])
        if verdict.split(" ")[:2] != ["FAIL", case["expect"]]:
            yield f"case {case['edit']!r}: {verdict}"


def judge(files: Files, trust: str | None) -> tuple[str, set[str]]:
    """Verdict line and warning codes of a transcript under a trust list's text."""
    v = Verification(files, read_trust(trust) if trust else Trust())
    verdict = verify(v, quiet=True)
    return verdict, set() if verdict.startswith("FAIL") else {warning.code for warning in warnings(v)}


class Intermediates:
    """The intermediate values of a rebuilt transcript, in the form of the vectors' README."""

    def __init__(self, made: Rebuild) -> None:
        assert made.draw is not None
        self.made, self.plan, self.draw = made, made.plan, made.draw
        self.h = hasher(made.plan["suite"])
        self.log_suite = made.inputs["log_suite"]
        self.own = [e for e in made.entries if e.seq == made.plan["seq"]]
        self.rows = [snapshot.parse_row(line + b"\n") for line in made.frozen.rows[:-1].split(b"\n")]
        self.snapshot = snapshot.read(made.frozen.rows, made.plan.members)

    def per_id(self, f: Callable[[str], bytes]) -> dict[str, str]:
        """A value per object id."""
        return {id_: f(id_).hex() for id_ in self.made.frozen.ids}

    def salts(self) -> dict[str, str]:
        """Empty in public mode."""
        key = self.made.key
        return self.per_id(lambda id_: snapshot.salt_of(key, id_, self.h) if key else b"")

    def purpose(self, name: str) -> bytes:
        """``key(name)``."""
        return derive_key(self.draw.seed, name, self.h)

    def per_row(self) -> list[dict[str, Json]]:
        """Words and tickets of every row."""
        out = []
        for index, row in enumerate(self.rows):
            key = self.purpose(f"objects/{row.stratum}")
            count = -(-row.weight // 4) * 4
            out.append({
                "index": index, "b": row.b.hex(), "stratum": row.stratum, "weight": row.weight, "status": row.status,
                "words": [w.hex() for w in words(key, row.b, count, self.h)],
                "ticket": ticket(key, row.b, row.weight, self.h).hex(),
            })  # fmt: skip
        return out

    def tiles(self) -> list[str]:
        """Leaf hashes of the snapshot."""
        lines = [line + b"\n" for line in self.made.frozen.rows[:-1].split(b"\n")]
        return [leaf.hex() for leaf in snapshot.tile_hashes(lines, self.h)]

    def rankings(self) -> dict[str, list[list[str]]]:
        """All eligible rows in ticket order."""
        strata = self.snapshot.strata.items()
        ranked = {name: ranking(self.draw.seed, name, s, self.plan["suite"]) for name, s in strata}
        return {name: [[b.hex(), t.hex()] for t, b in rows] for name, rows in ranked.items()}

    def order(self) -> list[list[str]]:
        """Work order with order tickets."""
        weights = {row.b: row.weight for row in self.rows}
        key, tasks = self.purpose("order"), self.draw.selection.order
        return [[task.b.hex(), ticket(key, task.b, weights[task.b], self.h).hex()] for task in tasks]

    def keys(self) -> dict[str, str]:
        """Keys of every stratum, of the order, and of the first attempt of both pools."""
        purposes = [f"objects/{name}" for name in self.snapshot.strata] + ["order", "teams/0", "experts/0"]
        return {name: self.purpose(name).hex() for name in purposes}

    def commits(self, f: Callable[[str, bytes], bytes]) -> dict[str, str]:
        """A value per contributor from who and ``c_L``."""
        return {who: f(who, links[-1]).hex() for who, links in self.made.chains.items()}

    def commit_input(self, who: str, last: bytes) -> bytes:
        """Hash input of a commitment."""
        return seed.commitment_input(self.plan["origin"], self.plan["seq"], who, last)

    def message(self, who: str, last: bytes) -> bytes:
        """What a contributor signs."""
        return seed.contributor_message(self.plan["origin"], self.plan["seq"], self.h(self.commit_input(who, last)))

    def seed_input(self) -> str:
        """Hash input of the seed."""
        values = [e.body["value"] for e in self.own if e.kind == "EVENT"]
        names = [event["name"] for event in self.plan["events"]]
        secrets = [(who, self.made.chains[who][-1]) for who in self.plan.contributors]
        return seed.seed_input(self.own[0].hash, secrets, zip(names, values, strict=True)).hex()

    def team_words(self) -> dict[str, Json]:
        """Per pool the tasks and everybody's words in the kept attempt."""
        out = {}
        for pool, seating in self.draw.seatings.items():
            key, board = self.purpose(f"{pool}/{seating.attempt}"), seating.board
            tasks = self.draw.selection.order
            out[pool] = {
                "tasks": [[task.b.hex(), task.stratum, board.day(t)] for t, task in enumerate(tasks)],
                "words": [[w.hex() for w in words(key, task.b, len(board.pool.ids), self.h)] for task in tasks],
            }
        return out

    def roots(self) -> dict[str, str]:
        """Tree head per log size."""
        lines = self.made.lines
        return {str(n): log_root(lines[:n], self.log_suite).hex() for n in range(1, len(lines) + 1)}

    def leaves(self) -> list[str]:
        """Leaf hashes of the log."""
        return [merkle.leaf_hash(line, hasher(self.log_suite)).hex() for line in self.made.lines]


COMPUTED: Mapping[str, Callable[[Intermediates], Json]] = {
    "salts": Intermediates.salts,
    "blinded": lambda x: x.per_id(lambda id_: snapshot.blind_with(x.made.key, id_, x.h)),
    "rows": Intermediates.per_row,
    "tile_hashes": Intermediates.tiles,
    "root": lambda x: x.snapshot.root.hex(),
    "plan_canonical": lambda x: x.plan.data.decode(),
    "plan_hash": lambda x: x.plan.hash.hex(),
    "plan_entry_hash": lambda x: x.own[0].hash.hex(),
    "chains": lambda x: {who: [link.hex() for link in links] for who, links in x.made.chains.items()},
    "commit_inputs": lambda x: x.commits(x.commit_input),
    "commits": lambda x: x.commits(lambda who, last: x.h(x.commit_input(who, last))),
    "contrib_messages": lambda x: x.commits(x.message),
    "seed_input": Intermediates.seed_input,
    "seed": lambda x: x.draw.seed.hex(),
    "keys": Intermediates.keys,
    "ranking": Intermediates.rankings,
    "quota": lambda x: x.plan["quota"],
    "cut": lambda x: x.draw.selection.cut_json(),
    "order": Intermediates.order,
    "result_hash": lambda x: result_hash(x.draw.result_bytes(), x.plan["suite"]).hex(),
    "log_head": lambda x: x.made.entries[-1].hash.hex(),
    "team_words": Intermediates.team_words,
    "repairs": lambda x: {pool: seating.repairs for pool, seating in x.draw.seatings.items()},
    "steps": lambda x: x.made.steps,
    "entry_hashes": lambda x: [entry.hash.hex() for entry in x.made.entries],
    "leaf_hashes": Intermediates.leaves,
    "roots": Intermediates.roots,
}


def main(files: Sequence[str]) -> int:
    """Exit status 0 if every vector passes."""
    failed = 0
    for file in files:
        found = list(differences(json.loads(Path(file).read_text("utf-8"))))
        failed += bool(found)
        say(f"{'FAIL' if found else 'ok  '} {file}")
        for line in found:
            say(f"     {line}")
    return 1 if failed or not files else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
