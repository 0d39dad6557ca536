"""A whole transcript from its inputs: registry, plan, secrets, events and requests, keys (test vectors are made so)."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fairdraw import checkpoint, ed25519, log, receipt, seed, snapshot
from fairdraw import plan as plans
from fairdraw.canonical import canon
from fairdraw.draw import Draw, conduct, draw_seed
from fairdraw.plan import POOLS, Plan
from fairdraw.quota import quotas
from fairdraw.replacement import Choice, State
from fairdraw.snapshot import Frozen, Record, blind_with
from fairdraw.suites import Hash, hasher
from fairdraw.transcript import build_openings


@dataclass
class Rebuild:
    """Builds the files of a transcript; ``inputs`` as in the vectors' README."""

    inputs: Mapping[str, Any]
    h: Hash = field(init=False)
    key: bytes | None = field(init=False)
    frozen: Frozen = field(init=False)
    plan: Plan = field(init=False)
    chains: dict[str, list[bytes]] = field(init=False)
    entries: list[log.Entry] = field(init=False)
    draw: Draw | None = None
    state: State | None = None
    steps: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Freeze, plan, log."""
        given = self.inputs["plan_given"]
        self.h = hasher(given["suite"])
        self.key = bytes.fromhex(self.inputs["K"]) if self.inputs["K"] else None
        records = [Record(*record) for record in self.inputs["records"]]
        self.frozen = snapshot.freeze(records, self.key, given["suite"], given["rules"]["strata"])
        secrets = self.inputs["secrets"].items()
        self.chains = {who: seed.chain(bytes.fromhex(c0), given["replacements"], self.h) for who, c0 in secrets}
        self.plan = plans.read(canon(self._plan(given)))
        self.entries = LogBuilder(self).build()

    def _plan(self, given: Mapping[str, Any]) -> dict[str, Any]:
        contributors = [c | self._commitment(given, c["who"]) for c in given["contributors"]]
        derived = {
            "snapshot": self.frozen.summary,
            "quota": quotas(given["rules"], self.frozen.summary["eligible"]),
            "contributors": contributors,
        }
        return {**given, **derived, **{pool: self._pool(given[pool]) for pool in POOLS}}

    def _pool(self, pool: Mapping[str, Any] | None) -> dict[str, Any] | None:
        if pool is None:
            return None
        pairs = [[person, blind_with(self.key, id_, self.h).hex()] for person, id_ in pool["recuse"]]
        return {**pool, "recuse": sorted(pairs, key=lambda pair: (pair[0].encode(), pair[1]))}

    def _commitment(self, given: Mapping[str, Any], who: str) -> dict[str, Any]:
        commit = self.h(seed.commitment_input(given["origin"], given["seq"], who, self.chains[who][-1]))
        private = self.private_key("contributor", who)
        message = seed.contributor_message(given["origin"], given["seq"], commit)
        sig = base64.b64encode(ed25519.sign(private, message)).decode() if private else None
        return {"commit": commit.hex(), "sig": sig}

    def private_key(self, role: str, name: str) -> bytes | None:
        """The private seed of a test key."""
        keys = [key["seed"] for key in self.inputs["keys"] if (key["role"], key["name"]) == (role, name)]
        return bytes.fromhex(keys[0]) if keys else None

    @property
    def lines(self) -> list[bytes]:
        """Log lines without LF."""
        return [entry.line for entry in self.entries]

    def files(self) -> dict[str, bytes]:
        """File name to bytes, complete."""
        files = {"plan.json": self.plan.data, "rows.txt": self.frozen.rows}
        files["log.jsonl"] = b"".join(line + b"\n" for line in self.lines)
        files["openings.json"] = build_openings(self.inputs["openings"], self.key, self.h)
        if self.key is None:
            files["ids.txt"] = "".join(id_ + "\n" for id_ in self.frozen.ids).encode()
        if self.draw:
            files["result.json"] = self.draw.result_bytes()
        return files | self._receipts() | self._checkpoints()

    def _receipts(self) -> dict[str, bytes]:
        rows = snapshot.read(self.frozen.rows, self.plan.members)
        given = self.inputs["receipts"]
        return {r["file"]: receipt.build(r["id"], self.key, self.plan, rows) for r in given}

    def _checkpoints(self) -> dict[str, bytes]:
        given = self.inputs["checkpoints"]
        return {f"checkpoint-{c['size']}.txt": self._checkpoint(c).encode() for c in given}

    def _checkpoint(self, given: Mapping[str, Any]) -> str:
        lines = self.lines[: given["size"]]
        text = checkpoint.note_text(given["log"], given["size"], checkpoint.log_root(lines, self.inputs["log_suite"]))
        signed = [self._sign("log", given["log"], checkpoint.LOG_KEY, text.encode())]
        for name, time in given["cosignatures"]:
            message = checkpoint.cosign_message(text, time)
            signed.append(self._sign("witness", name, checkpoint.COSIGNATURE_KEY, message, time.to_bytes(8, "big")))
        return text + "\n" + "".join(signed)

    def _sign(self, role: str, name: str, key_type: int, message: bytes, before: bytes = b"") -> str:
        private = self.private_key(role, name)
        assert private is not None
        payload = before + ed25519.sign(private, message)
        return checkpoint.signature_line(name, key_type, ed25519.public_key(private), payload)


@dataclass
class LogBuilder:
    """Writes the log: entries of other draws as given, derived members of this draw filled in."""

    made: Rebuild
    reader: log.Reader = field(default_factory=log.Reader)
    values: list[str] = field(default_factory=list)
    seats: Sequence[tuple[int, int]] = ()
    request: Mapping[str, Any] = field(default_factory=dict)

    def build(self) -> list[log.Entry]:
        """Append every given entry."""
        for given in self.made.inputs["log_given"]:
            body = given["body"]
            own = body["seq"] == self.made.plan["seq"]
            self._append(given, {**body, **self._derived(given["kind"], body)} if own else body)
        return self.reader.entries

    def _append(self, given: Mapping[str, Any], body: Mapping[str, Any]) -> None:
        entries = self.reader.entries
        members = {
            "i": len(entries),
            "kind": given["kind"],
            "origin": self.made.plan["origin"],
            "prev": entries[-1].hash.hex() if entries else log.ZERO,
            "suite": self.made.inputs["log_suite"],
            "time": given["time"],
            "body": body,
        }
        self.reader.append(canon(members), members)

    def _derived(self, kind: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        plan = self.made.plan
        if kind == "PLAN":
            return {"plan_hash": plan.hash.hex(), "item": plan["item"], "reveal_by": plan["reveal_by"]}
        if kind == "EVENT":
            self.values.append(body["value"])
        if kind == "REVEAL":
            return self._reveal(body)
        if kind == "RESULT":
            return self._result(body)
        return self._request(body) if kind == "REPLACE" else {}

    def _reveal(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        people = self.made.state.people if self.made.state else 0
        link = self.made.chains[body["who"]][-1 - people]
        if self.made.state and body["r"]:
            self.made.state.check_links({body["who"]: link})
        return {"value": link.hex()}

    def _result(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        if body["r"] == 0:
            return self._draw()
        assert self.made.state is not None
        if self.request["what"] == "object":
            placed: Any = self.made.state.replace_object(self.request["task"])
            self._note(placed, None, [])
        else:
            placed, choices = self.made.state.replace_person(self.request["pool"], self.seats, body["r"])
            self._note(placed, self.made.state.key(body["r"]).hex(), choices)
        return {"in": placed}

    def _draw(self) -> Mapping[str, Any]:
        made = self.made
        reveals = {who: links[-1] for who, links in made.chains.items()}
        plan_entry = next(e for e in self.reader.entries if e.kind == "PLAN" and e.seq == made.plan["seq"])
        found = draw_seed(made.plan, plan_entry.hash, reveals, self.values)
        made.draw = conduct(made.plan, snapshot.read(made.frozen.rows, made.plan.members), found)
        made.state = State(made.draw, reveals)
        return made.draw.body()

    def _request(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        state = self.made.state
        assert state is not None
        if body["what"] == "object":
            self.request = {**body, "out": state.tasks[body["task"]].b.hex()}
            state.request_object(self.request)
        else:
            board = state.boards[body["pool"]]
            i = board.seats[body["task"]][body["slot"]]
            self.request = {**body, "out": None if i is None else board.pool.ids[i]}
            self.seats = state.request_person(self.request)
        return {"out": self.request["out"]}

    def _note(self, placed: Any, key: str | None, choices: Sequence[Choice]) -> None:
        body = self.request
        call = [body[m] for m in ("pool", "task", "slot", "scope", "reason") if m in body]
        people = [[[id_, word.hex()] for id_, word in choice.candidates] for choice in choices] or None
        self.made.steps.append({"r": body["r"], "call": call, "key": key, "candidates": people, "in": placed})
