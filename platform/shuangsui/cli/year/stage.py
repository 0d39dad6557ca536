"""Where the simulated year plays: a fresh embedded installation, a clock that stands until moved, and an agenda."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from heapq import heappop, heappush
from itertools import count
from pathlib import Path

from shuangsui import db
from shuangsui.calendar import official
from shuangsui.cli.config import checked_tree
from shuangsui.cli.desk import Desk, database
from shuangsui.db import StillClock, TenantSession
from shuangsui.draws.freezing import ZONE
from shuangsui.draws.office import Office
from shuangsui.inspections.evidence_store import Folder
from shuangsui.ledger.keys import Keyring
from shuangsui.settings import Settings
from shuangsui.worker.jobs import sweep

Act = Callable[[], None]


class SeededKeyring(Keyring):
    """Secrets out of a seed, so that two runs draw the same: for invented data in a folder of its own, never else."""

    __slots__ = ("_counter", "_seed")

    def __init__(self, file: Path, seed: str) -> None:
        """``file`` still seals what is stored."""
        super().__init__(file)
        self._seed, self._counter = seed, count()

    def fresh(self) -> bytes:
        """The next secret of the seed."""
        return secret_of(self._seed, f"fresh/{next(self._counter)}")


def secret_of(seed: str, name: str) -> bytes:
    """32 bytes that only the seed and the name decide."""
    return sha256(f"simulated year\0{seed}\0{name}".encode()).digest()


@dataclass
class Stage:
    """The desk of the authority and what is still to come."""

    desk: Desk
    clock: StillClock
    year: int
    seed: str
    _agenda: list[tuple[datetime, int, Act]] = field(default_factory=list)
    _turn: Iterator[int] = field(default_factory=count)

    @property
    def office(self) -> Office:
        """The authority."""
        return self.desk.office

    @property
    def evidence(self) -> Folder:
        """Where its evidence is kept."""
        return Folder(self.desk.settings.evidence)

    @property
    def today(self) -> date:
        """The simulated day."""
        return self.clock.moment.astimezone(ZONE).date()

    @contextmanager
    def session(self) -> Iterator[TenantSession]:
        """One official act."""
        with self.desk.session() as session:
            yield session

    def wait(self, **duration: float) -> None:
        """Let time pass within an act that takes its time."""
        self.clock.moment += timedelta(**duration)

    def at(self, day: date, hour: float, act: Act) -> None:
        """Put an act on the agenda of a workday: the day itself or the next one that is."""
        calendar = official()
        while not calendar.is_workday(day):
            day += timedelta(days=1)
        moment = datetime.combine(day, time(), ZONE) + timedelta(hours=hour)
        heappush(self._agenda, (moment, next(self._turn), act))

    def play(self) -> None:
        """Every act in the order of its time; what is due earlier than now happens now."""
        while self._agenda:
            moment, _, act = heappop(self._agenda)
            self.clock.moment = max(self.clock.moment, moment)
            act()


def watch(stage: Stage) -> None:
    """Look at every term, as a scheduler would."""
    with stage.session() as session:
        sweep(session, stage.office, stage.today)


def stage(settings: Settings, tenant: str, year: int, seed: int) -> Stage:
    """A new installation in ``settings.var`` on the morning of 4 January."""
    clock = StillClock(datetime(year, 1, 4, 9, tzinfo=ZONE))
    database(settings).dispose()
    tree, name = checked_tree(), f"{tenant}/{year}/{seed}"
    keyring = SeededKeyring(settings.master_key, name)
    engine = db.engine(settings, simulated_clock=clock)
    return Stage(Desk(settings, engine, Office(tree, tree.get(tenant), keyring)), clock, year, name)
