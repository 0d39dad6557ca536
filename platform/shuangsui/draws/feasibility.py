"""Can the teams be filled? Tried on random seeds before anything is committed (srd-1 5.5)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from fairdraw.selection import Task, select
from fairdraw.snapshot import Snapshot
from fairdraw.teams import Pool, seat
from shuangsui.said import say

TRIALS = 200
SEATINGS = 20
"""Seatings tried for each trial selection: selecting from a large pool costs more than seating."""


@dataclass(frozen=True, slots=True)
class Trial:
    """How often all seats of a pool were filled, and what to relax where they were not."""

    pool: str
    trials: int
    complete: int
    worst: int
    """Most empty seats in one trial."""
    advice: tuple[str, ...]

    @property
    def feasible(self) -> bool:
        """Whether every trial was complete."""
        return self.complete == self.trials

    def as_json(self) -> dict[str, Any]:
        """For output and ledger."""
        return {
            "pool": self.pool, "trials": self.trials, "complete": self.complete, "worst": self.worst,
            "advice": list(self.advice),
        }  # fmt: skip


def try_out(plan: Mapping[str, Any], snapshot: Snapshot, trials: int) -> list[Trial]:
    """Run the team draw of a draft on random seeds."""
    pools = [Pool(name, plan[name]) for name in ("teams", "experts") if plan[name]]
    unfilled: dict[str, list[int]] = {pool.name: [] for pool in pools}
    tasks: list[Task] = []
    for trial in range(trials if pools else 0):
        seed = secrets.token_bytes(32)
        if trial % SEATINGS == 0:
            tasks = select(snapshot, plan["quota"], seed, plan["suite"]).order
        for pool in pools:
            unfilled[pool.name].append(seat(pool, tasks, seed, plan["suite"]).board.unfilled())
    return [_judge(pool, unfilled[pool.name], tasks) for pool in pools]


def _judge(pool: Pool, unfilled: Sequence[int], tasks: Sequence[Task]) -> Trial:
    complete = sum(not empty for empty in unfilled)
    advice = () if complete == len(unfilled) else tuple(_advice(pool, len(tasks)))
    return Trial(pool.name, len(unfilled), complete, max(unfilled, default=0), advice)


def _advice(pool: Pool, tasks: int) -> list[str]:
    """Which constraint is short, one sentence each; the last one if no single constraint is."""
    rules, people, leaders = pool.rules, len(pool.ids), len(pool.leaders)
    per_day = min(int(rules["per_day"]), tasks)
    found = []
    if people * rules["cap"] < tasks * rules["size"]:
        found.append(
            say(
                "每人最多 {cap} 次任务，{people} 人不够分派 {tasks} 个席位：增加人员或减少对象",
                cap=rules["cap"],
                people=people,
                tasks=tasks * rules["size"],
            )
        )
    if people * rules["day_cap"] < per_day * rules["size"]:
        found.append(
            say(
                "每天 {per_day} 项任务、每人每天最多 {day_cap} 项：减少每天任务数",
                per_day=per_day,
                day_cap=rules["day_cap"],
            )
        )
    if pool.teams and leaders * rules["day_cap"] < per_day:
        found.append(say("可任组长的只有 {leaders} 人：增加组长人选或减少每天任务数", leaders=leaders))
    found += [_short(pool, name, need, tasks) for name, need in rules["need"].items()][:1]
    if rules["two_offices"]:
        found.append("检查组前两席须来自不同处室：放宽该要求，或补充其他处室人员")
    return found


def _short(pool: Pool, stratum: str, need: str, tasks: int) -> str:
    holders = len(pool.qualified(stratum))
    least = ceil(tasks / pool.rules["cap"])
    return say(
        "具备“{need}”资格的只有 {holders} 人，要参加 {tasks} 项任务（至少 {least} 人）：补充人员或放宽资格要求",
        need=need,
        holders=holders,
        tasks=tasks,
        least=least,
    )
