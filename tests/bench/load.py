"""`make load`: three roles browse and write from processes of their own; what 40 authorities cost against one.

Two installations on one PostgreSQL and one RabbitMQ hold as many objects and get as many requests: one has a single
authority, the other spreads both over forty. They take turns, the other's server and worker stopped meanwhile; the
ratio is the median over the pairs of the time that the same number of requests took.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import mkdtemp
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(Path(__file__).parent), str(ROOT / "tests" / "support")]

from databases import TENDED, PostgresServer  # noqa: E402 - the support of the tests is no package
from programs import provide  # noqa: E402
from province import Province, province  # noqa: E402
from queues import PROGRAMS, Queue, missing  # noqa: E402
from roles import Found, Turn  # noqa: E402

LIMIT = 1.1


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for on the command line."""

    tenants: int
    objects: int
    pairs: int
    requests: int
    at_once: int
    report: Path


def read(arguments: Sequence[str]) -> Wish:
    """Without arguments: what is promised; less is for a quick look."""
    parser = argparse.ArgumentParser(description=__doc__)
    sizes = (("tenants", 40), ("objects", 150_000), ("pairs", 7), ("requests", 400), ("at-once", 2))
    helps = {"requests": "of each role in a turn", "at-once": "requests of a role under way at a time"}
    for name, default in sizes:
        parser.add_argument(f"--{name}", type=int, default=default, help=helps.get(name))
    parser.add_argument("--report", type=Path, default=ROOT / "var" / "reports" / "load.json")
    return Wish(**vars(parser.parse_args(arguments)))


def main(arguments: Sequence[str]) -> int:
    """Exit status 1 for an error or a ratio beyond the limit, or if the broker could not be had."""
    wish = read(arguments)
    provide("rabbitmq-server")
    if missing("amqp"):
        print(f"NOT RUN: the broker is not installed ({PROGRAMS['amqp']})")
        write(wish, {"broker": 1}, {}, [{"what": "everything", "why": "RabbitMQ is not installed"}])
        return 1
    folder = Path(mkdtemp(prefix="shuangsui-load-"))
    try:
        with ExitStack() as stack:
            pairs = measured(stack, folder, wish)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return told(wish, pairs)


def measured(stack: ExitStack, folder: Path, wish: Wish) -> list[dict[str, Found]]:
    """Both installations at work, in pairs of turns; the first turn of each gets used to going and is dropped."""
    postgres = PostgresServer(folder, TENDED)
    stack.callback(postgres.stop)
    sides = dict[str, Province]()
    for name, count in (("one", 1), ("many", wish.tenants)):
        queue = Queue("amqp", folder / f"rabbitmq-{name}")
        queue.start()
        stack.callback(queue.stop)
        sides[name] = stack.enter_context(province(folder / name, postgres, queue.url, count, wish.objects))
        say(f"{name}: {count} authorities, {wish.objects} objects, server and worker up")
    for side in sides.values():
        turn(side, wish)
    return [pair(n, sides, wish) for n in range(wish.pairs)]


def pair(n: int, sides: Mapping[str, Province], wish: Wish) -> dict[str, Found]:
    """Both, in turns who comes first."""
    names = ["one", "many"] if n % 2 == 0 else ["many", "one"]
    found = {name: turn(sides[name], wish) for name in names}
    say(f"pair {n + 1}: one {found['one'].seconds:.1f} s, many {found['many'].seconds:.1f} s")
    return found


def turn(side: Province, wish: Wish) -> Found:
    """One round of all roles while the other installation is stopped."""
    side.going()
    try:
        return Turn(side.url, side.people, wish.requests, wish.at_once).run()
    finally:
        side.stopped()


def told(wish: Wish, pairs: Sequence[Mapping[str, Found]]) -> int:
    """The table; the exit status."""
    ratio = median(each["many"].seconds / each["one"].seconds for each in pairs)
    every = {name: Found.joined(each[name] for each in pairs) for name in ("one", "many")}
    checks = {
        "errors": sum(len(found.failed) for found in every.values()),
        "ratio beyond the limit": int(ratio > LIMIT),
    }
    figures: dict[str, Any] = {name: found.summary() for name, found in every.items()}
    figures |= {"ratio": round(ratio, 3), "tenants": wish.tenants, "objects": wish.objects, "pairs": wish.pairs}
    show(figures, checks)
    for line in [line for found in every.values() for line in found.failed][:10]:
        print(f"ERROR {line}")
    write(wish, checks, figures, [])
    return int(any(checks.values()))


def show(figures: Mapping[str, Any], checks: Mapping[str, int]) -> None:
    """What was measured, in words and numbers."""
    print(f"{figures['objects']} objects, three roles; one authority against {figures['tenants']}; milliseconds")
    print(f"{'':24}{'a second':>10}{'p50':>9}{'p99':>9}{'n':>8}")
    for name in ("one", "many"):
        for kind, row in figures[name].items():
            rate = f"{row['rate']:10.1f}" if "rate" in row else " " * 10
            print(f"{name:6}{kind:18}{rate}{row['p50']:9.1f}{row['p99']:9.1f}{row['n']:8}")
    print(f"errors: {checks['errors']}")
    print(f"cost of {figures['tenants']} authorities against one: ratio {figures['ratio']} (at most {LIMIT})")


def write(
    wish: Wish, checks: Mapping[str, int], figures: Mapping[str, Any], skipped: Sequence[Mapping[str, str]]
) -> None:
    """The report of every target."""
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    document = {
        "target": "load", "commit": commit.stdout.strip(), "checks": len(checks),
        "failures": sum(map(bool, checks.values())), "skipped": [*skipped], "figures": {**figures},
    }  # fmt: skip
    wish.report.parent.mkdir(parents=True, exist_ok=True)
    wish.report.write_text(json.dumps(document, ensure_ascii=False, indent=1), "utf-8")


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
