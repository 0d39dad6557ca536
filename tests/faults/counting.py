"""What came of it, counted at the systems themselves and not by what the platform says of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlmodel import func, select

from installation import CHANNELS, DOWN, EXPORTERS, LOSSY, PORTAL, REPEATING, SLUG, Coming, Installation
from shuangsui.calendar import official
from shuangsui.disclosure import watch
from shuangsui.disclosure.deliveries import DOWN as CHANNEL_DOWN
from shuangsui.disclosure.policy import DeliveryState
from shuangsui.disclosure.tables import Delivery, Disclosure, Term
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.tables import Draw, DrawnTask
from shuangsui.inspections.tables import InspectionTask
from shuangsui.ledger import service as ledger
from shuangsui.ledger.tables import Alert
from shuangsui.outbox import OutboxRow, WorkState

DAYS = 20
"""Working days of R14.1."""
MOST_ATTEMPTS = 20_000
"""Trust T7."""
CHANNEL = {name: f"exporter-{name}/{name}" for name in EXPORTERS}
ROUND = (PORTAL, CHANNEL[DOWN])
"""Who is told of the round as a whole."""


@dataclass(frozen=True, slots=True)
class Count:
    """One line of the table; ``wanted`` says what makes it right, empty for a mere figure."""

    name: str
    found: int
    wanted: str = ""
    right: bool = True


@dataclass
class Verdict:
    """Counts over one run that has ended."""

    installation: Installation

    def lines(self) -> Iterator[Count]:
        """The promises first, then what shows that they were put to the test."""
        hopeless = sum(one.hopeless for one in self.coming)
        yield Count("publications", len(self.coming))
        whole = len(self.coming) * len(CHANNELS) + len(ROUND)
        yield Count("deliveries to make", len(self._owed), f"{whole:,}", len(self._owed) == whole)
        yield _none("late though there was time", sum(not self._is_hopeless(one) for one in self.late))
        yield Count("late because the channel was down", len(self.late), f"{hopeless}", len(self.late) == hopeless)
        yield _none("late without an alarm before the day", len(self.unalarmed))
        yield _none("lost", len(self.lost))
        yield _none("duplicated", self.duplicated)
        yield _none("due days wrong", self.wrong_days)
        yield _none("terms left open", sum(term.met is None for term in self.terms.values()))
        yield _none("dead letters of deliveries", self._deliveries_in(DeliveryState.REFUSED))
        yield _none("dead letters of the outbox", self._dead)
        yield _none("faults of the ledger", self._ledger_faults)
        yield Count("attempts", self.attempts, f"< {MOST_ATTEMPTS:,}", self.attempts < MOST_ATTEMPTS)
        lossy, repeating = (self.installation.sinks[name].credit for name in (LOSSY, REPEATING))
        yield _some("forgotten by the channel that lies", lossy.lost)
        yield _some("handed over once more by the network", repeating.posts - len(repeating.held))
        yield _some("alarms that the channel is down", self._channel_alarms)

    @property
    def coming(self) -> list[Coming]:
        return self.installation.coming

    @cached_property
    def late(self) -> list[tuple[str, str]]:
        """Task and channel, where the confirmation is missing or of a later day than the last."""
        with self.installation.session(readonly=True) as session:
            query = select(Disclosure.task_no, Delivery.channel, Delivery.confirmed_at)
            rows = session.exec(query.join(Delivery, Delivery.disclosure_id == Disclosure.id)).all()
        seen = {(task, channel): at for task, channel, at in rows if at}
        return [
            (one.no, channel) for one in self.coming for channel in CHANNELS
            if (one.no, channel) not in seen or legal_day(seen[one.no, channel]) > self.due[one.no]
        ]  # fmt: skip

    @cached_property
    def unalarmed(self) -> list[tuple[str, str]]:
        """Of those, where nobody was warned before the last day."""
        with self.installation.session(readonly=True) as session:
            alerts = session.exec(select(Alert.subject, Alert.raised_at).where(Alert.kind == watch.DUE)).all()
        first: dict[str, date] = {}
        for subject, at in alerts:
            task = subject.split("/")[1]
            first[task] = min(first.get(task, date.max), legal_day(at))
        return [one for one in self.late if first.get(one[0], date.max) >= self.due[one[0]]]

    @cached_property
    def lost(self) -> list[tuple[str, str]]:
        """Name and channel of what is not there with its content."""
        return [one for one, content in self._owed.items() if content not in self._held.get(one, b"")]

    @cached_property
    def duplicated(self) -> int:
        """Copies beyond the first, and whatever nobody asked for."""
        extra = len(set(self._held) - set(self._owed))
        return extra + sum(sink.credit.counts()["duplicates"] for sink in self.installation.sinks.values())

    @cached_property
    def due(self) -> dict[str, date]:
        """Task → last day, worked out here."""
        calendar = official()
        return {one.no: calendar.add(one.ended, DAYS).due for one in self.coming}

    @cached_property
    def wrong_days(self) -> int:
        return sum(no not in self.terms or self.terms[no].due != day for no, day in self.due.items())

    @cached_property
    def terms(self) -> dict[str, Term]:
        with self.installation.session(readonly=True) as session:
            return {term.task_no or term.key: term for term in session.exec(select(Term))}

    @cached_property
    def attempts(self) -> int:
        with self.installation.session(readonly=True) as session:
            return session.exec(select(func.sum(Delivery.attempts))).one() or 0

    @cached_property
    def _owed(self) -> dict[tuple[str, str], bytes]:
        """(name at the channel, channel) → a part of its content."""
        with self.installation.session(readonly=True) as session:
            query = select(Draw.no, DrawnTask.task, InspectionTask.no, InspectionTask.object_code)
            query = query.join(DrawnTask, DrawnTask.draw_id == Draw.id)
            rows = session.exec(query.join(InspectionTask, InspectionTask.drawn_id == DrawnTask.id)).all()
        wanted = {one.no for one in self.coming}
        things = [("result", f"{draw}-{task}", code) for draw, task, no, code in rows if no in wanted]
        rounds = [("round", draw, draw) for draw in {row[0] for row in rows}]
        results = {(_name(channel, kind, key), channel): code.encode()
                   for kind, key, code in things for channel in CHANNELS}  # fmt: skip
        return results | {
            (_name(channel, kind, key), channel): content.encode()
            for kind, key, content in rounds for channel in ROUND
        }  # fmt: skip

    @cached_property
    def _held(self) -> dict[tuple[str, str], bytes]:
        """(name, channel) → what people would see there."""
        held: dict[tuple[str, str], bytes] = {}
        for name, sink in self.installation.sinks.items():
            for system, external_id in sink.credit.held:
                newest = sink.credit.newest(system, external_id)
                held[external_id, CHANNEL[name]] = newest.data if newest else b""
        public = self.installation.folder / "var" / "public" / SLUG
        for file in [*public.glob("results/*.json"), *public.glob("rounds/*.json")]:
            if file.stem != "index":
                held[f"{file.parent.name}/{file.stem}", PORTAL] = file.read_bytes()
        return held

    def _is_hopeless(self, late: tuple[str, str]) -> bool:
        return late[1] == CHANNEL[DOWN] and any(one.hopeless for one in self.coming if one.no == late[0])

    def _deliveries_in(self, state: DeliveryState) -> int:
        return self._number(select(func.count()).select_from(Delivery).where(Delivery.state == state))

    @property
    def _dead(self) -> int:
        return self._number(select(func.count()).select_from(OutboxRow).where(OutboxRow.state == WorkState.DEAD))

    @property
    def _ledger_faults(self) -> int:
        with self.installation.session(readonly=True) as session:
            return len(ledger.verify(session).faults)

    @property
    def _channel_alarms(self) -> int:
        wanted = (Alert.kind == CHANNEL_DOWN, Alert.subject == CHANNEL[DOWN])
        return self._number(select(func.count()).select_from(Alert).where(*wanted))

    def _number(self, query: Any) -> int:
        with self.installation.session(readonly=True) as session:
            return int(session.exec(query).one())


def _name(channel: str, kind: str, key: str) -> str:
    """A file of the portal; a receiver's own number for it (:attr:`shuangsui.Disclosed.external_id`)."""
    if channel == PORTAL:
        return f"{kind}s/{key}"
    return hashlib.sha256(f"{SLUG}\n{kind}\n{key}".encode()).hexdigest()[:40]


def _none(name: str, found: int) -> Count:
    return Count(name, found, "0", found == 0)


def _some(name: str, found: int) -> Count:
    return Count(name, found, "> 0", found > 0)
