"""What the simulated year is made of: pure values, the same for the same seed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from shuangsui.draws.recusal_tables import RaisedBy
from shuangsui.inspections.states import Mode
from shuangsui.planning.policy import FLAGGED, Seats
from shuangsui.sample.dice import Dice
from shuangsui.sample.objects import Row


@dataclass(frozen=True, slots=True)
class Recusal:
    """One application: by whom, against whom, and how it is decided."""

    by: RaisedBy
    reason: str
    uphold: bool = True
    pool: str = "teams"


@dataclass(frozen=True, slots=True)
class Fate:
    """How an inspection goes; ``points`` are not in order, ``late`` is a rectification past its term."""

    refusal: str = ""
    missing: bool = False
    points: int = 0
    late: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the plan, the day of its draw, and what happens to its tasks."""

    item: str
    mode: Mode
    objects: int
    ratio: str
    flagged_ratio: str
    on: tuple[int, int]
    flagged: int = 0
    team: Seats = field(default_factory=lambda: Seats(2))
    experts: Seats | None = None
    recusals: tuple[Recusal, ...] = ()
    fates: tuple[Fate, ...] = ()

    @property
    def ratios(self) -> Mapping[str, str]:
        """Ratios per stratum as they are typed."""
        return {FLAGGED: self.flagged_ratio, "ALL": self.ratio}

    def day(self, year: int) -> date:
        """When its draw is held."""
        return date(year, *self.on)


REFUSALS = ("负责人外出，现场人员不愿代签", "对检查要点的认定有异议", "称须请示上级公司后再签")
NETWORK = Seats(2, "网络安全")
LINES = (
    Line(
        "JX-11", Mode.ONSITE, 1000, "4%", "10%", (3, 10), flagged=20, experts=Seats(1, "节能"),
        recusals=(
            Recusal(RaisedBy.OBJECT, "kinship"),
            Recusal(RaisedBy.OBJECT, "other", uphold=False),
            Recusal(RaisedBy.INSPECTOR, "kinship"),
            Recusal(RaisedBy.EXPERT, "former_employment", pool="experts"),
        ),
        fates=(
            *(Fate(refusal=reason) for reason in REFUSALS), Fate(missing=True), Fate(missing=True),
            *[Fate(points=1)] * 6, Fate(points=1, late=True),
        ),
    ),
    Line(
        "JX-12", Mode.DOCUMENT, 380, "10%", "20%", (5, 12), team=NETWORK,
        recusals=(Recusal(RaisedBy.OBJECT, "kinship"), Recusal(RaisedBy.INSPECTOR, "former_employment")),
        fates=(*[Fate(points=1)] * 2, Fate(points=1, late=True)),
    ),
    Line("JX-14", Mode.NETWORK, 1000, "2.2%", "5%", (7, 14), team=NETWORK),
    Line("JX-16", Mode.OTHER, 1000, "1%", "2%", (9, 15)),
)  # fmt: skip
OBJECTS, OTHER = 4000, "JX-05"
"""Rows of the object registry; those beyond the lines' numbers belong to an item that no line draws."""


@dataclass(frozen=True, slots=True)
class Special:
    """Inspections outside the draw (article 17): the entry of exemptions.toml and how many objects."""

    code: str
    trigger: str
    text: str
    evidence: Mapping[str, str]
    on: tuple[int, int]
    objects: int = 1
    named: bool = True
    """Whether the request names the officers, because the exemption skips their draw."""

    def day(self, year: int) -> date:
        """When somebody asks for it."""
        return date(year, *self.on)


SPECIALS = (
    Special(
        "complaint-special", "complaint", "群众反映使用国家明令淘汰的设备",
        {"number": "TS-001", "summary": "使用淘汰电机"}, (6, 2), objects=5, named=False,
    ),
    Special(
        "complaint-clue", "complaint", "群众举报夜间超限额用能",
        {"number": "TS-002", "summary": "夜间用能"}, (8, 4),
    ),
    Special(
        "transfer-clue", "transfer", "其他部门移送",
        {"number": "YS-001", "source": "区生态环境局", "summary": "设备台账不符"}, (10, 13),
    ),
    Special("instant", "ground", "途经厂区发现明显风险", {"ground": "现场可见烟火", "summary": "即时查看"}, (11, 10)),
)  # fmt: skip


def fates(line: Line, tasks: int, seed: str) -> list[Fate]:
    """One fate a task, dealt by the seed; what has no fate of its own is in order."""
    dealt = [*line.fates, *[Fate()] * (tasks - len(line.fates))]
    order = sorted(range(tasks), key=lambda place: Dice(seed, f"fate/{line.item}", place).below(1 << 64))
    return [dealt[place] for place in order]


def recused(line: Line, tasks: Sequence[int], seed: str) -> Iterator[tuple[int, Recusal]]:
    """The task that each application concerns, all of them different."""
    dice = Dice(seed, f"recusal/{line.item}", 0)
    left = list(tasks)
    for recusal in line.recusals:
        yield left.pop(dice.below(len(left))), recusal


def belonging(rows: Iterator[Row], since: date) -> Iterator[Row]:
    """The sample's firms, so many to each line as it says, the first of a line flagged for the whole year."""
    for line in LINES:
        for n in range(line.flagged + line.objects):
            flags = f"行政处罚|市场监管|{since.isoformat()}|" if n < line.flagged else ""
            yield {**next(rows), "items": line.item, "flags": flags, "status": "存续"}
    for row in rows:
        yield {**row, "items": OTHER, "flags": "", "status": "存续"}
