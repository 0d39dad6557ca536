"""`make faults`: a month in which channels, workers and the broker fail; what was late, lost or doubled."""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(Path(__file__).parent), str(ROOT / "tests" / "support")]

from counting import Count, Verdict  # noqa: E402 - the support of the tests is no package
from course import Course, Plan  # noqa: E402
from databases import TENDED, PostgresServer  # noqa: E402
from installation import REPEATING, Installation, installed  # noqa: E402
from programs import provide  # noqa: E402
from queues import PROGRAMS, Queue, missing  # noqa: E402
from shuangsui.testing.faults import Fault  # noqa: E402
from workers import Broker, Workers  # noqa: E402

OUTAGES = 3
SEEDED = ("blind", "silent", "twice")
"""What a run can be told to do wrong, so that one sees that it would be found."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for on the command line."""

    publications: int
    kills: int
    seed: int
    hours: int
    quiet: int
    broker: bool
    seeded: frozenset[str]
    report: Path

    @property
    def extra(self) -> int:
        """So many more are due while their channel is down."""
        return max(5, self.publications // 20)


def read(arguments: Sequence[str]) -> Wish:
    """Without arguments: what is promised; less is for a quick look."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("publications", 1000), ("kills", 200), ("seed", 7), ("hours", 2), ("quiet", 3)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--without-broker", action="store_true", help="the queue is inside the worker")
    parser.add_argument("--seeded", action="append", default=[], choices=SEEDED, help="a defect that is to be found")
    parser.add_argument("--report", type=Path, default=ROOT / "var" / "reports" / "faults.json")
    said = vars(parser.parse_args(arguments))
    broker, seeded = not said.pop("without_broker"), frozenset(said.pop("seeded"))
    return Wish(**said, broker=broker, seeded=seeded)


def main(arguments: Sequence[str]) -> int:
    """Exit status 1 if any count is wrong, or if the broker could not be had."""
    wish, begun = read(arguments), time.monotonic()
    if wish.broker:
        provide("rabbitmq-server")
    reachable = wish.broker and not missing("amqp")
    with (
        folder() as here,
        server(here) as postgres,
        installed(here, postgres, wish.publications, wish.extra) as made,
    ):
        say(f"{len(made.coming)} results to come, {time.monotonic() - begun:.0f} s")
        lines, figures = conducted(made, wish, here, reachable)
    figures |= {"broker": "RabbitMQ" if reachable else "none, the queue is inside the worker", "seed": wish.seed}
    figures["seconds"] = round(time.monotonic() - begun)
    show(lines, figures)
    write(wish, lines, figures, reachable)
    if wish.broker and not reachable:
        print(f"NOT RUN: the broker is not installed ({PROGRAMS['amqp']}); --without-broker does without")
    return int(wish.broker is not reachable or not all(line.right for line in lines))


def conducted(made: Installation, wish: Wish, here: Path, reachable: bool) -> tuple[list[Count], dict[str, object]]:
    """The month, then the counts."""
    dice = random.Random(wish.seed)
    queue = Queue("amqp", here / "rabbitmq") if reachable else None
    if queue:
        queue.start()
    if "twice" in wish.seeded:
        made.sinks[REPEATING].fail("credit", Fault(twice=True))
    environment = made.environment(queue and queue.url) | {"SHUANGSUI_FAULTS_SEEDED": ",".join(wish.seeded)}
    workers, broker = Workers(made, environment, here / "worker.log"), Broker(queue)
    try:
        workers.start()
        plan = Plan.of((wish.hours, wish.quiet), wish.kills, OUTAGES if queue else 0, dice)
        Course(made, workers, broker, plan, dice, say).run()
    finally:
        workers.close()
        if queue:
            queue.stop()
        keep(here, wish)
    lines = [
        *Verdict(made).lines(),
        Count("workers killed", workers.kills, f"{wish.kills}", workers.kills == wish.kills),
        Count("workers that ended by themselves", workers.ends, "0", workers.ends == 0),
    ]
    if queue:
        lines += [Count("restarts of the broker", broker.restarts, f">= {OUTAGES}", broker.restarts >= OUTAGES)]
    return lines, {"killed while at": dict(workers.hit.most_common())}


def show(lines: Sequence[Count], figures: Mapping[str, object]) -> None:
    """The table."""
    for line in lines:
        print(f"{line.name:40} {line.found:8,}  {line.wanted:>8}{'' if line.right else '  WRONG'}")
    for name, found in figures.items():
        print(f"{name:40} {found}")


@contextmanager
def folder() -> Iterator[Path]:
    made = Path(mkdtemp(prefix="shuangsui-faults-"))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextmanager
def server(here: Path) -> Iterator[PostgresServer]:
    made = PostgresServer(here, TENDED)
    try:
        yield made
    finally:
        made.stop()


def keep(here: Path, wish: Wish) -> None:
    """The workers' log stays, for whoever looks for a reason."""
    wish.report.parent.mkdir(parents=True, exist_ok=True)
    if (here / "worker.log").exists():
        shutil.copy(here / "worker.log", wish.report.with_suffix(".log"))


def write(wish: Wish, lines: Sequence[Count], figures: dict[str, object], reachable: bool) -> None:
    """The report of DESIGN §12."""
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    checked = [line for line in lines if line.wanted]
    skipped = [] if reachable else [{"what": "stops of the broker", "why": "without RabbitMQ"}]
    document = {
        "target": "faults", "commit": commit.stdout.strip(), "checks": len(checked),
        "failures": sum(not line.right for line in checked), "skipped": skipped,
        "figures": {line.name: line.found for line in lines} | figures,
    }  # fmt: skip
    wish.report.parent.mkdir(parents=True, exist_ok=True)
    wish.report.write_text(json.dumps(document, ensure_ascii=False, indent=1), "utf-8")


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
