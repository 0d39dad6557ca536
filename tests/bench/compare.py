"""`make bench`: the draw beside other ways to draw, on this machine and in one run; table, JSON, a plot for the README.

Every figure is the best of three in a process of its own, with its input ready; memory is the largest resident set of
that process, input included. ``--readme`` writes the table and the plot where the README shows them.
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

from peers import WAYS
from plot import plot

ROOT = Path(__file__).parents[2]
PICTURE = Path(__file__).with_name("compare.svg")
SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
ENOUGH = 60.0
"""Seconds after which a larger register of the same way is left out."""
TIMES = 3
BLOCK = 64
"""Bytes of one compression of SHA-256, which is what a ticket costs."""
MARK = re.compile(r"(?<=<!-- bench -->\n).*?(?=<!-- /bench -->)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Figure:
    """One way on one register."""

    way: str
    n: int
    weighted: bool
    seconds: float
    megabytes: float


def one(way: str, n: int, weighted: bool) -> Figure:
    """In this very process."""
    draw = WAYS[way].prepare(n, weighted)
    seconds = min(_timed(draw) for _ in range(TIMES))
    return Figure(way, n, weighted, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _timed(draw: object) -> float:
    assert callable(draw)
    begun = time.perf_counter()
    draw()
    return time.perf_counter() - begun


def bulk() -> float:
    """Compressions of SHA-256 a second that OpenSSL manages on one core, from hashing one large text."""
    text = bytes(64 << 20)
    return len(text) / BLOCK / min(_timed(lambda: sha256(text).digest()) for _ in range(TIMES))


def measured(sizes: Sequence[int]) -> Iterator[Figure]:
    """Each in a process of its own, from small to large, as long as it is worth waiting."""
    for weighted in (False, True):
        for name, way in WAYS.items():
            if weighted and not way.weighted:
                continue
            for n in (size for size in sizes if size <= way.most):
                found = _apart(name, n, weighted)
                print(
                    f"{way.title:<42}{n:>12,}{' weighted' if weighted else '':<10}{found.seconds:>9.3f} s", flush=True
                )
                yield found
                if found.seconds > ENOUGH / 10:
                    break


def _apart(name: str, n: int, weighted: bool) -> Figure:
    asked = [sys.executable, __file__, "--one", name, str(n), str(int(weighted))]
    done = subprocess.run(asked, capture_output=True, text=True, check=True)
    return Figure(**json.loads(done.stdout.splitlines()[-1]))


def growth(figures: Sequence[Figure]) -> float | None:
    """The exponent with which time grows, from the last two sizes."""
    if len(figures) < 2:
        return None
    before, last = figures[-2:]
    return math.log(last.seconds / before.seconds) / math.log(last.n / before.n)


def table(figures: Sequence[Figure], sizes: Sequence[int]) -> str:
    """Markdown: seconds by size, memory and growth of the largest, how many times slower than numpy."""
    lines = [
        f"| | {' | '.join(_short(n) for n in sizes)} | ÷ numpy | MB | N^ |",
        f"|---|{'---:|' * (len(sizes) + 3)}",
    ]
    base = {(one.n, one.weighted): one.seconds for one in figures if one.way == "numpy"}
    for weighted in (False, True):
        for name, way in WAYS.items():
            mine = [one for one in figures if (one.way, one.weighted) == (name, weighted)]
            if mine:
                by_size = {one.n: f"{one.seconds:.4f}" if one.seconds < 0.1 else f"{one.seconds:.2f}" for one in mine}
                last, power = mine[-1], growth(mine)
                cells = [by_size.get(n, "") for n in sizes]
                ratio = f"{last.seconds / base[last.n, weighted]:.1f}"
                power_text = f"{power:.2f}" if power is not None else ""
                title = f"{way.title}{', weighted' if weighted else ''}"
                lines.append(f"| {title} | {' | '.join(cells)} | {ratio} | {last.megabytes:.0f} | {power_text} |")
    return "\n".join(lines)


def _short(n: int) -> str:
    return f"10{'⁰¹²³⁴⁵⁶⁷⁸⁹'[round(math.log10(n))]}"


def document(figures: Sequence[Figure], rate: float) -> dict[str, object]:
    """The report: machine, day, commit, figures, and what they come to against the targets."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    by = {(one.way, one.n, one.weighted): one.seconds for one in figures}
    return {
        "target": "bench", "commit": commit.stdout.strip(), "day": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": _processor(), "python": platform.python_version(), "compressions": round(rate),
        "targets": {name: value for name, value in _targets(by, rate).items() if value is not None},
        "figures": [asdict(one) for one in figures],
    }  # fmt: skip


def _targets(by: Mapping[tuple[str, int, bool], float], rate: float) -> dict[str, float | None]:
    def ratio(way: str, other: str, n: int, *, weighted: bool = False) -> float | None:
        mine, theirs = by.get((way, n, weighted)), by.get((other, n, weighted))
        return round(mine / theirs, 2) if mine and theirs else None

    million = by.get(("fairlanes", 1_000_000, False))
    sampler = ratio("consistent_sampler", "fairlanes", 100_000)
    return {
        "10^6 uniform ÷ numpy choice (≤ 10)": ratio("fairlanes", "numpy", 1_000_000),
        "10^6 uniform, share of the bulk rate of SHA-256 (≥ 0.5)": million and round(1_000_000 / million / rate, 2),
        "10^7 weighted ÷ numpy choice (≤ 1.6)": ratio("fairlanes", "numpy", 10_000_000, weighted=True),
        "consistent_sampler ÷ ours at 10^5 (≥ 80)": sampler,
    }


def _processor() -> str:
    names = re.findall(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text("utf-8"))
    return f"{names[0] if names else platform.machine()}, {len(names)} cores"


def main(arguments: Sequence[str]) -> int:
    """Targets are printed with what was reached; whoever reads them judges."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--one", nargs=3, metavar=("WAY", "N", "WEIGHTED"))
    parser.add_argument("--most", type=int, default=SIZES[-1])
    parser.add_argument("--readme", action="store_true")
    parser.add_argument("--report", type=Path, default=ROOT / "var" / "reports" / "bench.json")
    wish = parser.parse_args(arguments)
    if wish.one:
        name, n, weighted = wish.one
        print(json.dumps(asdict(one(name, int(n), bool(int(weighted))))))
        return 0
    sizes = [n for n in SIZES if n <= wish.most]
    rate, figures = bulk(), list(measured(sizes))
    report = document(figures, rate)
    wish.report.parent.mkdir(parents=True, exist_ok=True)
    wish.report.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", "utf-8")
    print(table(figures, sizes))
    for name, value in report["targets"].items():  # type: ignore[attr-defined]
        print(f"{name:<62}{value:>8}")
    if wish.readme:
        _show(report, table(figures, sizes), figures)
    return 0


def _show(report: Mapping[str, object], rows: str, figures: Sequence[Figure]) -> None:
    """Where the README has its marks."""
    readme = ROOT / "README.md"
    said = f"{report['machine']}, Python {report['python']}, {report['day']}, `{report['commit']}`"
    text = f"\n{rows}\n\nOne run of `make bench`: {said}.\n\n![seconds over objects](tests/bench/compare.svg)\n\n"
    readme.write_text(MARK.sub(lambda _: text, readme.read_text("utf-8")), "utf-8")
    uniform = [one for one in figures if not one.weighted]
    PICTURE.write_text(
        plot({way.title: [(one.n, one.seconds) for one in uniform if one.way == name] for name, way in WAYS.items()}),
        "utf-8",
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
