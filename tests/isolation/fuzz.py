"""`make fuzz`: every door × every identifier of a neighbour's, on SQLite and PostgreSQL; what the answers give away."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support")]

from crossing import crossing  # noqa: E402 - the support of the tests is no package
from databases import Database, PostgresServer, SqliteFiles  # noqa: E402
from hashing import QUICK  # noqa: E402
from neighbours import neighbours_in  # noqa: E402
from shuangsui.access import passwords  # noqa: E402
from shuangsui.draws import feasibility  # noqa: E402
from sweep import Sweep  # noqa: E402

KINDS = ("sqlite", "postgresql")
REPORT = ROOT / "var" / "reports" / "fuzz.json"


def main(arguments: Sequence[str]) -> int:
    """Exit status 1 if anything is given away."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one identifier in each place, as in the suite")
    parser.add_argument("--only", choices=KINDS, help="one database")
    parser.add_argument("--report", type=Path, default=REPORT)
    wish = parser.parse_args(arguments)
    figures: dict[str, dict[str, int]] = {}
    found: list[str] = []
    for kind in [wish.only] if wish.only else KINDS:
        with tempfile.TemporaryDirectory(prefix="shuangsui-fuzz-") as folder, database(kind, Path(folder)) as made:
            figures[kind], faults = swept(made, Path(folder), thorough=not wish.quick)
        found += [f"{kind} {fault}" for fault in faults]
    show(figures, found)
    write(wish.report, figures, found)
    return int(bool(found))


@contextmanager
def database(kind: str, folder: Path) -> Iterator[Database]:
    """A fresh one; the server ends with it."""
    if kind == "sqlite":
        yield SqliteFiles(folder).create()
        return
    server = PostgresServer(folder)
    try:
        yield server.create()
    finally:
        server.stop()


def swept(made: Database, folder: Path, *, thorough: bool) -> tuple[dict[str, int], list[str]]:
    """Figures and faults of one database."""
    begun = time.monotonic()
    with patch.object(feasibility, "TRIALS", 1), patch.object(passwords, "_hasher", QUICK):
        neighbours = neighbours_in(made, folder)
    with crossing(neighbours) as across:
        sweep = Sweep(across, thorough)
        for step in (sweep.own_things, sweep.addresses, sweep.queries, sweep.forms):
            step()
            print(f"{made.app.split(':')[0]} {step.__name__}: {across.asked:,} requests", file=sys.stderr, flush=True)
    neighbours.engine.dispose()
    faults = sweep.faults()
    return {
        "doors": len(sweep.doors), "identifiers": len(sweep.every), "pairs": sweep.pairs, "requests": across.asked,
        "words of the neighbour's": len(sweep.secrets), "faults": len(faults),
        "seconds": round(time.monotonic() - begun),
    }, faults  # fmt: skip


def show(figures: dict[str, dict[str, int]], found: list[str]) -> None:
    """The table, and each fault."""
    for kind, counts in figures.items():
        for name, count in counts.items():
            print(f"{kind:12}{name:28}{count:>10,}")
    for fault in found:
        print(f"GIVEN AWAY: {fault}")


def write(report: Path, figures: dict[str, dict[str, int]], found: list[str]) -> None:
    """The report of DESIGN §12."""
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    document = {
        "target": "fuzz", "commit": commit.stdout.strip(), "checks": sum(one["pairs"] for one in figures.values()),
        "failures": len(found), "skipped": [], "figures": figures, "found": found,
    }  # fmt: skip
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text(json.dumps(document, ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
