"""One draw from plan, rows, secrets and events to its result: what the platform runs and every verifier repeats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fairdraw.canonical import canon
from fairdraw.plan import POOLS, Plan
from fairdraw.seed import seed_input
from fairdraw.selection import Selection, select
from fairdraw.snapshot import Snapshot
from fairdraw.suites import hasher
from fairdraw.teams import Pool, Seating, seat
from fairdraw.tickets import Kernel, reference_kernel

RESULT_MEMBERS = ("objects", "order", "teams", "experts")


@dataclass(frozen=True, slots=True)
class Draw:
    """A computed draw: seed, selection, seating per pool of the plan."""

    plan: Plan
    seed: bytes
    selection: Selection
    seatings: Mapping[str, Seating]

    def result(self) -> dict[str, Any]:
        """``result.json`` as a value (9.6)."""
        people = {pool: self.seatings[pool].json() if pool in self.seatings else None for pool in POOLS}
        order = [task.b.hex() for task in self.selection.order]
        return {"objects": self.selection.objects_json(), "order": order, **people}

    def result_bytes(self) -> bytes:
        """The bytes of ``result.json``."""
        return canon(self.result())

    def body(self) -> dict[str, Any]:
        """Body of the RESULT entry (7.2)."""
        digest = result_hash(self.result_bytes(), self.plan["suite"])
        cut = self.selection.cut_json()
        return {"seq": self.plan["seq"], "r": 0, "seed": self.seed.hex(), "hash": digest.hex(), "cut": cut}


def result_hash(data: bytes, suite: str) -> bytes:
    """``H("srd1/result\\n" || bytes)``."""
    return hasher(suite)(b"srd1/result\n" + data)


def draw_seed(plan: Plan, plan_entry: bytes, reveals: Mapping[str, bytes], values: Sequence[str]) -> bytes:
    """The seed (8.1): ``reveals`` maps who to ``c_L``, ``values`` are the event values in plan order."""
    secrets = [(who, reveals[who]) for who in plan.contributors]
    public = [(event["name"], value) for event, value in zip(plan["events"], values, strict=True)]
    return hasher(plan["suite"])(seed_input(plan_entry, secrets, public))


def conduct(plan: Plan, snapshot: Snapshot, seed: bytes, *, kernel: Kernel = reference_kernel) -> Draw:
    """Select the objects, order them, seat teams, then experts."""
    suite = plan["suite"]
    drawn = select(snapshot, plan["quota"], seed, suite, alternates=plan["alternates"], kernel=kernel)
    pools = [Pool(name, plan[name]) for name in POOLS if plan[name] is not None]
    return Draw(plan, seed, drawn, {pool.name: seat(pool, drawn.order, seed, suite) for pool in pools})
