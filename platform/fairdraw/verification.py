"""All checks of srd-1 section 12.1 over one transcript, in the order of its table; the first failure ends them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from fairdraw import checkpoint, ed25519, log, receipt, snapshot
from fairdraw import plan as plans
from fairdraw.canonical import canon, parse
from fairdraw.checkpoint import Checked, Trust
from fairdraw.draw import RESULT_MEMBERS, Draw, conduct, draw_seed, result_hash
from fairdraw.failures import Failure, require
from fairdraw.fields import has_members
from fairdraw.log import Entry, Log
from fairdraw.plan import Plan
from fairdraw.quota import quotas
from fairdraw.replacement import State
from fairdraw.seed import commitment_input, contributor_message
from fairdraw.snapshot import Snapshot
from fairdraw.suites import hasher
from fairdraw.tickets import Kernel, reference_kernel
from fairdraw.transcript import Files, check_openings, needed

REQUIRED = ("plan.json", "rows.txt", "log.jsonl", "openings.json")


class Check(NamedTuple):
    """A check that passed: its name and what it found, for people."""

    name: str
    found: str


@dataclass
class Verification:
    """One pass over a transcript; each step leaves what it found for the next and for the report."""

    files: Files
    trust: Trust = field(default_factory=Trust)
    kernel: Kernel = reference_kernel
    plan: Plan = field(init=False)
    snapshot: Snapshot = field(init=False)
    log: Log = field(init=False)
    entries: list[Entry] = field(init=False)
    ids: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    authenticated: set[str] = field(default_factory=set)
    reveals: dict[str, bytes] = field(default_factory=dict)
    draw: Draw | None = None
    state: State | None = None
    openings: dict[str, str] = field(default_factory=dict)
    checkpoints: list[Checked] = field(default_factory=list)
    _by_r: dict[int, list[Entry]] = field(default_factory=dict)

    def run(self) -> Iterator[Check]:
        """Run the checks one by one; :class:`~fairdraw.failures.Failure` ends them."""
        for name, step in BEFORE:
            yield Check(name, step(self))
        for name, step in DRAWN if self.abandon() is None else ABANDONED:
            yield Check(name, step(self))
        for name, step in AFTER:
            yield Check(name, step(self))

    def verdict(self) -> str:
        """The last output line, once every check has passed."""
        if abandon := self.abandon():
            return f"ABANDONED {abandon.body['reason']}"
        return "VERIFIED witnessed" if self.is_witnessed() else "VERIFIED unwitnessed"

    def of_kind(self, kind: str, r: int | None = None) -> list[Entry]:
        """This draw's entries of a kind, of one ``r`` if given."""
        entries = self.entries if r is None else self._by_r.get(r, [])
        return [entry for entry in entries if entry.kind == kind]

    def abandon(self) -> Entry | None:
        """The entry that abandons the whole draw."""
        return next(iter(self.of_kind("ABANDON", 0)), None)

    # steps 1 to 4: the plan and what it froze

    def check_files(self) -> str:
        """Step 1."""
        for name in REQUIRED:
            needed(self.files, name)
        return f"{len(self.files)} 个文件"

    def check_plan(self) -> str:
        """Step 2."""
        self.plan = plans.read(self.files["plan.json"])
        return f"方案摘要 {self.plan.hash.hex()}"

    def check_snapshot(self) -> str:
        """Step 3."""
        if not self.plan.salted:
            needed(self.files, "ids.txt")
        self.snapshot = snapshot.read(self.files["rows.txt"], self.plan.members)
        if not self.plan.salted:
            self.ids = snapshot.check_ids(self.files["ids.txt"], self.snapshot, self.plan["suite"])
        return f"{self.snapshot.n} 行，根 {self.snapshot.root.hex()}"

    def check_quotas(self) -> str:
        """Step 4."""
        found = quotas(self.plan["rules"], self.snapshot.eligible)
        require(found == self.plan["quota"], "QUOTA", f"{found} instead of {self.plan['quota']}")
        return f"共 {sum(found.values())} 个名额"

    # steps 5 to 9: what was said in public, and when

    def check_log(self) -> str:
        """Step 5."""
        self.log = log.read(self.files["log.jsonl"])
        return f"{len(self.log.entries)} 条记录"

    def check_plan_entry(self) -> str:
        """Step 6."""
        plan, digest = self.plan, self.plan.hash.hex()
        found = [e for e in self.log.entries if e.kind == "PLAN" and e.body["plan_hash"] == digest]
        require(len(found) == 1, "PLAN_NOT_LOGGED", f"{len(found)} PLAN entries carry {digest}")
        same = all(found[0].body[member] == plan[member] for member in ("seq", "item", "reveal_by"))
        require(same, "PLAN_NOT_LOGGED", "seq, item or reveal_by differ from the plan")
        require(plan["origin"] == self.log.origin, "PLAN_ORIGIN", f"the log is {self.log.origin}")
        require(found[0].time < plan.first_event, "PLAN_LATE", f"logged {found[0].time}, event {plan.first_event}")
        self.entries = self.log.of(plan["seq"])
        for entry in self.entries:
            self._by_r.setdefault(entry.r, []).append(entry)
        return f"第 {plan['seq']} 号方案，登记于 {found[0].time}"

    def check_events(self) -> str:
        """Step 7; an abandoned draw may have fewer events."""
        entries, events = self.of_kind("EVENT"), self.plan["events"]
        complete = len(entries) == len(events) or (self.abandon() and len(entries) < len(events))
        require(complete, "EVENT", f"{len(entries)} of {len(events)} events")
        for entry, event in zip(entries, events, strict=False):
            value = entry.body["value"]
            named = entry.body["name"] == event["name"] and entry.time >= event["at"]
            require(named and plans.is_event_value(event, value), "EVENT", event["name"])
            self.values.append(value)
        return "；".join(self.values) or "没有登记"

    def check_reveals(self) -> str:
        """Step 8: contributors' signatures, then every opened commitment."""
        for contributor in self.plan["contributors"]:
            self._check_signature(contributor)
        commits = {c["who"]: c["commit"] for c in self.plan["contributors"]}
        for entry in self.of_kind("REVEAL", 0):
            who, value = entry.body["who"], bytes.fromhex(entry.body["value"])
            require(who in commits and who not in self.reveals, "COMMIT_OPEN", f"a value of {who}")
            opened = commitment_input(self.plan["origin"], self.plan["seq"], who, value)
            require(
                self._h(opened).hex() == commits[who], "COMMIT_OPEN", f"the value of {who} is not what it committed to"
            )
            self.reveals[who] = value
        complete = self.abandon() or len(self.reveals) == len(commits)
        require(complete, "COMMIT_OPEN", f"missing: {', '.join(commits.keys() - self.reveals.keys())}")
        return f"{len(self.reveals)} 方揭示"

    def _h(self, data: bytes) -> bytes:
        return hasher(self.plan["suite"])(data)

    def _check_signature(self, contributor: dict[str, Any]) -> None:
        who, keys = contributor["who"], self.trust.keys_of(contributor["who"])
        if not keys:
            return
        message = contributor_message(self.plan["origin"], self.plan["seq"], bytes.fromhex(contributor["commit"]))
        signature = plans.signature(contributor["sig"])
        valid = signature is not None and any(ed25519.verify(key.public, message, signature) for key in keys)
        require(valid, "CONTRIBUTOR_SIG", f"no valid signature of {who}")
        self.authenticated.add(who)

    def check_abandon(self) -> str:
        """Step 9."""
        entry = self.abandon()
        assert entry is not None
        late = entry.body["reason"] != "reveal-missing" or entry.time > self.plan["reveal_by"]
        require(late, "ABANDON_EARLY", f"{entry.time} is not after {self.plan['reveal_by']}")
        return f"{entry.time} 由 {'、'.join(entry.body['by'])} 登记"

    # steps 10 to 12: the draw, recomputed

    def check_result(self) -> str:
        """Step 10."""
        entry = next(iter(self.of_kind("RESULT", 0)), None)
        if entry is None:
            raise Failure("LOG_STATE", "no RESULT yet")
        seed = draw_seed(self.plan, self.of_kind("PLAN")[0].hash, self.reveals, self.values)
        require(entry.body["seed"] == seed.hex(), "SEED", f"the seed is {seed.hex()}")
        data = needed(self.files, "result.json")
        result = parse(data, "result.json")
        digest = result_hash(data, self.plan["suite"]).hex()
        require(entry.body["hash"] == digest, "RESULT_HASH", f"result.json has {digest}")
        require(has_members(result, *RESULT_MEMBERS), "RESULT_FIELD", "members of result.json")
        self.draw = conduct(self.plan, self.snapshot, seed, kernel=self.kernel)
        return f"种子 {seed.hex()}"

    def check_draw(self) -> str:
        """Step 11."""
        assert self.draw is not None
        published, mine = parse(self.files["result.json"]), self.draw.result()
        cut = self.of_kind("RESULT", 0)[0].body["cut"]
        require(published["objects"] == mine["objects"], "SELECT", "other objects win")
        require(cut == self.draw.selection.cut_json(), "CUT", "the cut of the RESULT entry")
        require(published["order"] == mine["order"], "ORDER", "another work order")
        require(_same(published["teams"], mine["teams"]), "TEAM", "other teams")
        require(_same(published["experts"], mine["experts"]), "EXPERT", "other experts")
        return f"抽中 {len(mine['order'])} 个"

    def check_replacements(self) -> str:
        """Step 12."""
        state = self.apply_replacements()
        state.check_recusals()
        return f"{len(self.of_kind('REPLACE'))} 次申请"

    def apply_replacements(self) -> State:
        """The state after every request so far, an open one included; recusals of the final state are not checked."""
        assert self.draw is not None
        self.state = State(self.draw, dict(self.reveals))
        for entry in self.of_kind("REPLACE"):
            self._check_replacement(entry, self.state)
        return self.state

    def _check_replacement(self, request: Entry, state: State) -> None:
        results = self.of_kind("RESULT", request.r)
        placed = results[0].body["in"] if results else None
        if request.body["what"] == "object":
            state.request_object(request.body)
            if results:
                found = state.replace_object(request.body["task"])
                require(placed == found, "REPLACE_OBJECT", f"r = {request.r}: {found} takes the task")
            return
        seats = state.request_person(request.body)
        links = self._links(request.r)
        state.check_links(links)
        if results:
            require(len(links) == len(self.reveals), "REPLACE_CHAIN", f"r = {request.r}: a link is missing")
            expected, _ = state.replace_person(request.body["pool"], seats, request.r)
            require(placed == expected, "REPLACE_PERSON", f"r = {request.r}: {expected} is drawn")

    def _links(self, r: int) -> dict[str, bytes]:
        links: dict[str, bytes] = {}
        for entry in self.of_kind("REVEAL", r):
            require(entry.body["who"] not in links, "REPLACE_CHAIN", f"r = {r}: a second link of {entry.body['who']}")
            links[entry.body["who"]] = bytes.fromhex(entry.body["value"])
        return links

    # steps 13 to 15: openings, checkpoints, receipts

    def check_openings(self) -> str:
        """Step 13."""
        drawn = self.state.drawn if self.state else set()
        h = hasher(self.plan["suite"])
        self.openings = check_openings(self.files["openings.json"], drawn, salted=self.plan.salted, h=h)
        return f"已公开 {len(self.openings)} / 抽中 {len(drawn)}"

    def check_checkpoints(self) -> str:
        """Step 14."""
        lines = [entry.line for entry in self.log.entries]
        for file in sorted(name for name in self.files if checkpoint.size_of(name)):
            checked = checkpoint.check(self.files[file], file, self.log.origin, lines, self.log.suite, self.trust)
            self.checkpoints.append(checked)
        return f"{len(self.checkpoints)} 个检查点"

    def check_receipts(self) -> str:
        """Step 15."""
        receipts = [name for name in sorted(self.files) if name.startswith("receipt-") and name.endswith(".json")]
        for name in receipts:
            receipt.read(self.files[name], self.plan)
        return f"{len(receipts)} 份"

    # witnesses

    def is_witnessed(self) -> bool:
        """A quorum saw the plan before the event, and a quorum saw the draw's last entry (12.1)."""
        plan, last = self.entries[0].i, self.entries[-1].i
        after = min(e.i for e in self.entries if e.kind in ("EVENT", "ABANDON"))
        at = unix(self.plan.first_event)
        before = any(plan < c.size <= after and self.has_quorum(c, at) for c in self.checkpoints)
        return before and any(c.size > last and self.has_quorum(c) for c in self.checkpoints)

    def has_quorum(self, checked: Checked, before: float = float("inf")) -> bool:
        """Whether the log's key and a quorum of witnesses, each before a Unix time, signed a checkpoint (7.4)."""
        return checked.signed and checked.witnesses(before) >= self.trust.quorum

    def newest_quorum(self) -> tuple[int, int] | None:
        """(Unix time, size) of the newest checkpoint with a quorum: the state this transcript is known to be of."""
        seen = [(max(map(max, c.cosigned.values())), c.size) for c in self.checkpoints if self.has_quorum(c)]
        return max(seen, default=None)


def _same(a: Any, b: Any) -> bool:
    """Equal as JSON values where numbers occur: in Python ``False == 0``."""
    return canon(a) == canon(b)


def unix(time: str) -> float:
    """Seconds since 1970 of a protocol time."""
    return datetime.strptime(time, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()


Step = tuple[str, Callable[[Verification], str]]

BEFORE: tuple[Step, ...] = (
    ("档案文件齐全", Verification.check_files),
    ("抽取方案格式正确", Verification.check_plan),
    ("冻结名录未被改动", Verification.check_snapshot),
    ("各层名额重算一致", Verification.check_quotas),
    ("公示日志环环相扣", Verification.check_log),
    ("方案先于公开随机事件登记", Verification.check_plan_entry),
    ("公开随机事件齐全有效", Verification.check_events),
    ("揭示的随机数与承诺一致", Verification.check_reveals),
)
ABANDONED: tuple[Step, ...] = (("作废登记合规", Verification.check_abandon),)
DRAWN: tuple[Step, ...] = (
    ("种子与结果文件一致", Verification.check_result),
    ("抽中对象、顺序、人员重算一致", Verification.check_draw),
    ("替换过程重算一致", Verification.check_replacements),
)
AFTER: tuple[Step, ...] = (
    ("公开的身份与盲化标识一致", Verification.check_openings),
    ("检查点与日志一致", Verification.check_checkpoints),
    ("个体查验单有效", Verification.check_receipts),
)
