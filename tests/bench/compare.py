"""`make bench`: ours beside others, task by task, on this machine and in one run; tables, JSON, a plot for the README.

Every figure is the best of three in a process of its own, with its input ready (of files: the only one); memory is the
largest resident set of that process, input included. ``--readme`` writes tables and plot where the README shows them.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
import re
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from plot import plot
from tasks import MILLION, TASKS, Task

ROOT = Path(__file__).parents[2]
SHOWN = "tests/bench/compare.svg"
ENOUGH = 6.0
"""Seconds after which a larger size of the same way is left out."""
TIMES = 3
BLOCK = 64
"""Bytes of one compression of SHA-256, which is what a ticket costs."""
MARK = re.compile(r"(?<=<!-- bench -->\n).*?(?=<!-- /bench -->)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Figure:
    """One way at one size."""

    task: str
    way: str
    n: int
    seconds: float
    megabytes: float


def one(task: str, way: str, n: int) -> Figure:
    """In this very process."""
    draw = TASKS[task].ways[way].prepare(n)
    seconds = min(_timed(draw) for _ in range(TASKS[task].times))
    return Figure(task, way, n, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _timed(draw: object) -> float:
    assert callable(draw)
    begun = time.perf_counter()
    draw()
    return time.perf_counter() - begun


def bulk() -> float:
    """Compressions of SHA-256 a second that OpenSSL manages on one core, from hashing one large text."""
    text = bytes(64 << 20)
    return len(text) / BLOCK / min(_timed(lambda: sha256(text).digest()) for _ in range(TIMES))


def measured(names: Sequence[str], most: int) -> Iterator[Figure]:
    """Each in a process of its own, from small to large, as long as it is worth waiting."""
    for name in names:
        for key, way in TASKS[name].ways.items():
            for n in (size for size in TASKS[name].sizes if size <= min(most, way.most)):
                found = _apart(name, key, n)
                print(
                    f"{name:<10}{way.title:<34}{n:>12,}{found.seconds:>10.4f} s{found.megabytes:>8.0f} MB", flush=True
                )
                yield found
                if found.seconds > ENOUGH:
                    break


def _apart(task: str, way: str, n: int) -> Figure:
    asked = [sys.executable, __file__, "--one", task, way, str(n)]
    done = subprocess.run(asked, capture_output=True, text=True, check=True)
    return Figure(**json.loads(done.stdout.splitlines()[-1]))


def growth(figures: Sequence[Figure]) -> float | None:
    """The exponent with which time grows, from the last two sizes."""
    if len(figures) < 2:
        return None
    before, last = figures[-2:]
    return math.log(last.seconds / before.seconds) / math.log(last.n / before.n)


def table(task: Task, figures: Sequence[Figure]) -> str:
    """Markdown: seconds by size, memory and growth of the largest, times the base at the largest size both have."""
    sizes = [n for n in task.sizes if any(one.n == n for one in figures)]
    lines = [
        f"| {task.title} | {' | '.join(map(_short, sizes))} | ÷ {_of(task, task.base)} | MB | growth | recomputable |",
        f"|---|{'---:|' * (len(sizes) + 3)}---|",
    ]
    base = {one.n: one.seconds for one in figures if one.way == task.base}
    for name, way in task.ways.items():
        mine = [one for one in figures if one.way == name]
        by_size = {one.n: _seconds(one.seconds) for one in mine}
        ratio = next((f"{one.seconds / base[one.n]:.2g}" for one in reversed(mine) if one.n in base), "")
        power = growth(mine)
        cells = [
            *(by_size.get(n, "") for n in sizes), ratio, f"{mine[-1].megabytes:.0f}" if mine else "",
            f"n^{power:.2f}" if power is not None else "", "yes" if way.checkable else "",
        ]  # fmt: skip
        lines.append(f"| {way.title} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _of(task: Task, way: str) -> str:
    return task.ways[way].title.split(",")[-1].split()[0]


def _seconds(value: float) -> str:
    return f"{value:.4f}" if value < 0.1 else f"{value:.2f}"


def _short(n: int) -> str:
    return f"10{'⁰¹²³⁴⁵⁶⁷⁸⁹'[round(math.log10(n))]}"


def document(figures: Sequence[Figure], rate: float) -> dict[str, object]:
    """The report: machine, day, commit, figures, and what they come to against the targets."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    by = {(one.task, one.way, one.n): one.seconds for one in figures}
    return {
        "target": "bench", "commit": commit.stdout.strip(), "day": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": _processor(), "python": platform.python_version(), "compressions": round(rate),
        "targets": {name: value for name, value in _targets(by, rate).items() if value is not None},
        "figures": [asdict(one) for one in figures],
    }  # fmt: skip


def _targets(by: Mapping[tuple[str, str, int], float], rate: float) -> dict[str, float | None]:
    """What was asked for, in words, and what it came to; None where it was not measured."""

    def ratio(task: str, way: str, other: str, n: int) -> float | None:
        mine, theirs = by.get((task, way, n)), by.get((task, other, n))
        return round(mine / theirs, 2) if mine and theirs else None

    million, frozen = by.get(("uniform", "fairlanes", MILLION)), by.get(("freeze", "fairlanes-2", 10 * MILLION))
    return {
        "10^6 uniform ÷ numpy choice (≤ 10)": ratio("uniform", "fairlanes", "numpy", MILLION),
        "10^6 uniform, share of the bulk rate of SHA-256 (≥ 0.5)": million and round(MILLION / million / rate, 2),
        "10^7 weighted ÷ numpy choice (≤ 1.6)": ratio("weighted", "fairlanes", "numpy", 10 * MILLION),
        "consistent_sampler ÷ ours at 10^5 (≥ 80)": ratio("uniform", "consistent_sampler", "fairlanes", MILLION // 10),
        "freeze of 10^7, seconds (≤ 12)": frozen and round(frozen, 1),
        "5 000 teams out of 800 inspectors, seconds (≤ 2)": by.get(("teams", "fairdraw", 5_000)),
        "10^6 rows of CSV, seconds (≤ 40)": by.get(("csv", "take in", MILLION)),
        "10^6 rows of xlsx, seconds (≤ 90)": by.get(("xlsx", "take in", MILLION)),
    }


def _processor() -> str:
    names = re.findall(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text("utf-8"))
    return f"{names[0] if names else platform.machine()}, {len(names)} cores"


def main(arguments: Sequence[str]) -> int:
    """Targets are printed with what was reached; whoever reads them judges."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--one", nargs=3, metavar=("TASK", "WAY", "N"))
    parser.add_argument("--task", action="append", choices=TASKS, help="this one only, and those named likewise")
    parser.add_argument("--most", type=int, default=10 * MILLION)
    parser.add_argument("--readme", action="store_true")
    parser.add_argument("--report", type=Path, default=ROOT / "var" / "reports" / "bench.json")
    wish = parser.parse_args(arguments)
    if wish.one:
        task, way, n = wish.one
        print(json.dumps(asdict(one(task, way, int(n)))))
        return 0
    names = wish.task or list(TASKS)
    rate, figures = bulk(), list(measured(names, wish.most))
    report = document(figures, rate)
    wish.report.parent.mkdir(parents=True, exist_ok=True)
    wish.report.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", "utf-8")
    tables = "\n\n".join(table(TASKS[name], [one for one in figures if one.task == name]) for name in names)
    print(tables)
    for name, value in report["targets"].items():  # type: ignore[attr-defined]
        print(f"{name:<62}{value:>8}")
    if wish.readme:
        _show(report, tables, figures)
    return 0


def _show(report: Mapping[str, object], tables: str, figures: Sequence[Figure]) -> None:
    """Where the README has its marks."""
    readme = ROOT / "README.md"
    said = f"{report['machine']}, Python {report['python']}, {report['day']}, `{report['commit']}`"
    text = f"\n{tables}\n\nOne run of `make bench`, seconds: {said}.\n\n![seconds over objects]({SHOWN})\n\n"
    readme.write_text(MARK.sub(lambda _: text, readme.read_text("utf-8")), "utf-8")
    ways, uniform = TASKS["uniform"].ways, [one for one in figures if one.task == "uniform"]
    lines = {way.title: [(one.n, one.seconds) for one in uniform if one.way == name] for name, way in ways.items()}
    (ROOT / SHOWN).write_text(plot(lines), "utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
