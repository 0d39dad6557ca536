"""`make bench-hostile`: what eleven hostile plugins cost everybody else, and whether each was found out.

Two servers on equal databases take turns, the other one stopped meanwhile: A has decent plugins of the same hooks and
number, B the hostile ones. So the difference is what hostility costs, not what twelve plugins more cost. A plugin that
hangs costs whoever asks it five seconds, three times at most in a process; that is reported by itself, since the
promise is about the time after the fuses have blown.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import mkdtemp
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(Path(__file__).parent), str(ROOT / "tests" / "support")]

from openloop import Answered, Ask, Load, quantile  # noqa: E402 - the support of the tests is no package
from reported import HARMLESS, blown, log, reports, stolen, unreported  # noqa: E402
from town import CANARY, HERE, Side, town  # noqa: E402

MIX = (
    Ask("public", "/"), Ask("public", f"/{HERE}/", share=3), Ask("public", f"/{HERE}/draws/", share=2),
    Ask("list", "/console/tasks", "lead"), Ask("list", "/console/rules", "lead"), Ask("list", "/console/due", "lead"),
    Ask("list", "/console/registries/pools", "lead"), Ask("list", "/console/objects", "lead"),
    Ask("plugins", "/console/plugins", "root"), Ask("channels", "/console/channels", "lead"),
    Ask("read", "/api/tasks", "inspection", share=2), Ask("read", "/api/draws", "lead", share=2),
    Ask("read", "/api/rules", "lead"), Ask("read", "/api/disclosures", "lead"),
    Ask("act", "/api/tasks/{}/accept", "inspection"),
)  # fmt: skip
"""Twenty: public pages, lists of the console, the two pages that ask every plugin, reads of the API, an act."""
LIMIT = 1.2
FUSES = 240.0
"""Seconds in which the plugin that hangs has to be given up: three hangs, and a minute's pause after each."""
Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for on the command line."""

    pairs: int
    seconds: int
    rate: float
    first: int
    settle: int
    report: Path

    @property
    def acts(self) -> int:
        """So many numbers are needed, at one act in twenty, with some to spare."""
        return round((self.first + self.pairs * (self.seconds + self.settle)) * self.rate / 20 * 1.2) + 20


def read(arguments: Sequence[str]) -> Wish:
    """Without arguments: what is promised; less is for a quick look."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("pairs", 7), ("seconds", 30), ("first", 20), ("settle", 5)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--rate", type=float, default=6, help="requests a second")
    parser.add_argument("--report", type=Path, default=ROOT / "var" / "reports" / "bench-hostile.json")
    return Wish(**vars(parser.parse_args(arguments)))


def main(arguments: Sequence[str]) -> int:
    """Exit status 1 for an error, a foreign row, a plugin that was not reported, or a ratio beyond the limit."""
    wish, folder = read(arguments), Path(mkdtemp(prefix="shuangsui-hostile-"))
    try:
        with town(folder, wish.acts) as sides:
            say(f"{wish.acts} tasks dispatched, two servers up")
            first = {state: turn(side, wish.first, wish.rate) for state, side in sides.items()}
            say(f"B: the plugin that hangs is given up after {_blown(sides['B']):.0f} s more")
            pairs = [pair(n, sides, wish) for n in range(wish.pairs)]
            found = _reported(sides["B"])
            keep(sides, wish)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return told(wish, first, pairs, found)


def pair(n: int, sides: Mapping[str, Side], wish: Wish) -> dict[str, list[Answered]]:
    """Both, in turns who comes first; each gets used to going again before it is measured."""
    found = {}
    for state in "AB" if n % 2 == 0 else "BA":
        answers = turn(sides[state], wish.seconds + wish.settle, wish.rate)
        found[state] = answers[round(wish.settle * wish.rate) :]
    say(f"pair {n + 1}: p99 {' '.join(f'{state} {quantile(found[state], 0.99):.0f} ms' for state in 'AB')}")
    return found


def turn(side: Side, seconds: float, rate: float) -> list[Answered]:
    """The mix on one server while its neighbours publish."""
    side.going()
    try:
        side.publish_beside()
        return Load(side.server.url, MIX, side.people, side.numbers, CANARY).run(seconds, rate)
    finally:
        side.stopped()


def told(
    wish: Wish, first: Mapping[str, list[Answered]], pairs: Sequence[Mapping[str, list[Answered]]],
    found: Mapping[str, list[str]],
) -> int:  # fmt: skip
    """The tables; the exit status."""
    every = {state: [one for each in pairs for one in each[state]] for state in "AB"}
    whole = [one for state in "AB" for one in (*first[state], *every[state])]
    p99 = {state: median(quantile(each[state], 0.99) for each in pairs) for state in "AB"}
    checks = {
        "errors": sum(one.failed for one in whole),
        "foreign rows": sum(one.foreign for one in whole) + stolen(dict(found)),
        "plugins that nobody was told of": len(unreported(dict(found))),
        "p99 beyond the limit": int(p99["B"] / p99["A"] > LIMIT),
    }
    figures: dict[str, Any] = {
        "pairs": [{state: summary(each[state]) for state in "AB"} for each in pairs],
        "median p99": p99, "ratio": round(p99["B"] / p99["A"], 3), "kinds": kinds(every),
        "first seconds": {state: summary(first[state]) for state in "AB"}, "reports": dict(found),
        "requests": len(whole), "rate": wish.rate, "seconds": wish.seconds,
    }  # fmt: skip
    show(figures | checks)
    for one in [one for one in whole if one.failed][:10]:
        print(f"ERROR {one.status} {one.path} after {one.ms:.0f} ms")
    write(wish, checks, figures | checks)
    return int(any(checks.values()))


def summary(answers: Sequence[Answered]) -> Figures:
    """Milliseconds, and how late the client itself was at most."""
    times = {"p50": quantile(answers, 0.5), "p99": quantile(answers, 0.99), "max": max(one.ms for one in answers)}
    late = {"client late p99": sorted(one.lag for one in answers)[int(len(answers) * 0.99)]}
    return {name: round(ms, 1) for name, ms in (times | late).items()} | {"n": len(answers)}


def kinds(every: Mapping[str, list[Answered]]) -> dict[str, dict[str, Figures]]:
    """By kind of request, over all pairs."""
    names = dict.fromkeys(ask.kind for ask in MIX)
    return {
        name: {state: summary([one for one in every[state] if one.kind == name]) for state in "AB"} for name in names
    }


def show(figures: Mapping[str, Any]) -> None:
    """What was measured, in words and numbers."""
    print(f"{figures['requests']} requests, {figures['rate']:g} a second whether answered or not; milliseconds")
    print("A: decent plugins of the same hooks and number. B: hostile ones, on for the measured authority too, but for")
    print("the one that loosens a rule: on for a neighbour only, since it leaves whoever has it without rules.")
    print(f"\n{'':16}{'A p50':>9}{'A p99':>9}{'A max':>9}{'B p50':>9}{'B p99':>9}{'B max':>9}")
    rows = {f"pair {n}": each for n, each in enumerate(figures["pairs"], 1)}
    for name, each in (rows | figures["kinds"] | {"first seconds": figures["first seconds"]}).items():
        cells = "".join(f"{each[state][column]:9.1f}" for state in "AB" for column in ("p50", "p99", "max"))
        print(f"{name:16}{cells}")
    print("\nThe first seconds are not judged: until its fuse has blown, whoever asks the plugin that hangs waits 5 s.")
    p99, late = figures["median p99"], max(each[s]["client late p99"] for each in figures["pairs"] for s in "AB")
    print(f"median p99: A {p99['A']:.1f}, B {p99['B']:.1f}, ratio {figures['ratio']} (at most {LIMIT})")
    print(f"the client itself was late by {late:.1f} ms at most (p99 of a pair)")
    for name in ("errors", "foreign rows", "plugins that nobody was told of"):
        print(f"{name}: {figures[name]}")
    print("\nWhat was reported of each (not among them: a route that collides, which has tests of its own)")
    for name, said in figures["reports"].items():
        for line in said or [HARMLESS if name == "mutates" else "NOTHING"]:
            print(f"  {name:14} {line[:160]}")


def write(wish: Wish, checks: Mapping[str, int], figures: Mapping[str, Any]) -> None:
    """The report of every target."""
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    document = {
        "target": "bench-hostile", "commit": commit.stdout.strip(), "checks": len(checks),
        "failures": sum(map(bool, checks.values())), "skipped": [], "figures": figures,
    }  # fmt: skip
    wish.report.parent.mkdir(parents=True, exist_ok=True)
    wish.report.write_text(json.dumps(document, ensure_ascii=False, indent=1), "utf-8")


def keep(sides: Mapping[str, Side], wish: Wish) -> None:
    """The servers' logs stay, for whoever looks for a reason."""
    wish.report.parent.mkdir(parents=True, exist_ok=True)
    for state, side in sides.items():
        wish.report.with_suffix(f".{state}.log").write_text(log(side), "utf-8")


def _blown(side: Side) -> float:
    side.going()
    try:
        return blown(side, FUSES)
    finally:
        side.stopped()


def _reported(side: Side) -> dict[str, list[str]]:
    side.going()
    try:
        return reports(side)
    finally:
        side.stopped()


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
