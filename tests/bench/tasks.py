"""What `make bench` measures side by side, and which ways of doing it there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import peers
import peers_imports
import peers_teams
from peers import Prepare


@dataclass(frozen=True, slots=True)
class Way:
    """``most``: the largest size on which it is worth waiting; ``checkable``: whether anybody can recompute it."""

    title: str
    prepare: Prepare
    most: int = 10_000_000
    checkable: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """Ratios are those to the way called ``base``; ``times``: how often, of which the best counts."""

    title: str
    sizes: Sequence[int]
    ways: Mapping[str, Way]
    base: str
    times: int = 3


def _ours(weighted: bool) -> dict[str, Way]:
    lanes, alone = partial(peers.compiled, weighted=weighted), partial(peers.standard_library, weighted=weighted)
    return {
        "fairlanes": Way("Shuangsui, one thread", partial(lanes, threads=1), checkable=True),
        "fairlanes-2": Way("Shuangsui, two threads", partial(lanes, threads=2), checkable=True),
        "fairdraw": Way("Shuangsui, standard library", alone, checkable=True),
        "numpy": Way("numpy Generator.choice", partial(peers.numpy_choice, weighted=weighted)),
    }


MILLION = 1_000_000
SIZES = (10_000, 100_000, MILLION, 10 * MILLION)
TASKS = {
    "uniform": Task("Draw of 5 %, everybody alike", SIZES, {
        **_ours(weighted=False),
        "random": Way("random.sample", peers.random_sample),
        "consistent_sampler": Way("consistent_sampler", peers.consistent_sampler, most=MILLION, checkable=True),
        "cryptorandom": Way("cryptorandom", peers.cryptorandom, most=MILLION),
        "polars": Way("polars-hash", peers.polars_hash, checkable=True),
        "duckdb": Way("DuckDB ORDER BY sha256()", peers.duckdb_order, checkable=True),
        "postgresql": Way("PostgreSQL ORDER BY sha256()", peers.postgresql_order, checkable=True),
    }, "numpy"),
    "weighted": Task("Draw of 5 %, weights 1, 2, 4, 8", SIZES, _ours(weighted=True), "numpy"),
    "freeze": Task("Freeze of a salted register: blinded, sorted, hashed, written", SIZES, {
        "fairlanes": Way("Shuangsui, one thread", partial(peers.frozen_lanes, threads=1), checkable=True),
        "fairlanes-2": Way("Shuangsui, two threads", partial(peers.frozen_lanes, threads=2), checkable=True),
        "fairdraw": Way("Shuangsui, standard library", peers.frozen, most=MILLION, checkable=True),
    }, "fairdraw"),
    "teams": Task("Teams of two with recusals, two offices, qualifications, limits", (50, 500, 5_000), {
        "fairdraw": Way("Shuangsui, standard library", peers_teams.teams, checkable=True),
        "solver": Way("OR-Tools CP-SAT, any that fits", peers_teams.solver, most=500),
        "panel": Way("sortition-algorithms, one panel", peers_teams.panel),
    }, "fairdraw"),
    "csv": Task("A CSV file of objects", SIZES[:3], {
        "check": Way("Shuangsui, every cell judged", partial(peers_imports.checked, kind="csv")),
        "take in": Way("Shuangsui, judged and written", partial(peers_imports.taken_in, kind="csv")),
        "pandas": Way("pandas.read_csv", partial(peers_imports.pandas, kind="csv")),
    }, "pandas", times=1),
    "xlsx": Task("A workbook of objects", SIZES[:3], {
        "check": Way("Shuangsui, every cell judged", partial(peers_imports.checked, kind="xlsx")),
        "take in": Way("Shuangsui, judged and written", partial(peers_imports.taken_in, kind="xlsx")),
        "openpyxl": Way("openpyxl", peers_imports.openpyxl),
        "pandas": Way("pandas.read_excel", partial(peers_imports.pandas, kind="xlsx")),
    }, "openpyxl", times=1),
}  # fmt: skip
