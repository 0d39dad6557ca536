"""The two clocks of article 14: every object's own, and the batch's, which cannot be held open; a decision's; pure.

Days are legal ones (Asia/Shanghai). A clock names the day from which it runs and why; its last day comes from the
calendar, so that a new notice moves it without anybody's doing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from shuangsui.calendar import Calendar, Deadline
from shuangsui.rules.policy import Rules

REMAINING = (5, 2, 0)
"""So many working days before the end one is warned, besides the shares of the term."""
ONE = timedelta(days=1)


class Since(StrEnum):
    """Why a clock runs from its first day, or stands."""

    ENDED = "ended"
    REPORTED = "reported"
    """The report on what was tested has come (R14.4)."""
    TESTING = "testing"
    BATCH_ENDED = "batch_ended"
    LEFT_OPEN = "left_open"
    """The plan's last day, because the batch was not closed in time after it (R14.3)."""
    RUNNING = "running"
    """The inspection, or the batch, has not ended yet."""
    DECIDED = "decided"
    """The penalty or licence was decided."""
    DROPPED = "dropped"
    """The decision was annulled, or its time of disclosure was over, before anything of it was disclosed."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the rules in force say of the terms, in working days."""

    days: int
    per_object: bool
    per_batch: bool
    close_days: int
    testing_exempt: bool
    days_after_testing: int
    testing_alarm_days: int
    percents: tuple[int, ...]
    target_days: int
    decision_days: int
    decision_article: str
    """What decisions are under, the authority's own measures being about inspections."""

    @classmethod
    def of(cls, rules: Rules) -> Terms:
        """From the keys ``publication.*``."""
        clocks = rules.names("publication.clocks")
        return cls(
            rules.number("publication.days"), "object" in clocks, "batch" in clocks,
            rules.number("publication.batch_close_days"), rules.switch("publication.testing_exempt"),
            rules.number("publication.days_after_testing"), rules.number("publication.testing_alarm_days"),
            rules.steps("publication.alarm_percents"), rules.number("publication.target_days"),
            rules.number("publication.decision_days"), rules["publication.decision_days"].article,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Examination:
    """检验、检测、鉴定 of what was found at one object: commissioned, expected, and when the report came."""

    commissioned: date
    expected: date
    reported: date | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """A term of ``days`` working days from ``start``; both 0 and None while it stands, see ``since``."""

    since: Since
    start: date | None = None
    days: int = 0

    def deadline(self, calendar: Calendar) -> Deadline | None:
        """Its last day; None while it stands."""
        return calendar.add(self.start, self.days) if self.start else None


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of the ladder of warnings: ``percent`` of the term are over, or ``left`` working days remain."""

    on: date
    percent: int | None = None
    left: int | None = None


def object_clock(ended: date | None, testing: Examination | None, terms: Terms) -> Clock:
    """From the day the object's inspection ended (R14.2); a test takes it out until the report is there (R14.4)."""
    if ended is None:
        return Clock(Since.RUNNING)
    if testing is None or not terms.testing_exempt:
        return Clock(Since.ENDED, ended, terms.days)
    if testing.reported is None:
        return Clock(Since.TESTING)
    return Clock(Since.REPORTED, max(ended, testing.reported), terms.days_after_testing)


def batch_clock(
    ends: Sequence[date | None], planned_end: date | None, today: date, terms: Terms, calendar: Calendar
) -> Clock:
    """From the last object's end; from the plan's last day if the batch was still open ``close_days`` after it (R14.3).

    ``ends``: of every object that is not being tested, None for one whose inspection has not ended.
    """
    known = [day for day in ends if day]
    whole = max(known) if known and len(known) == len(ends) else None
    if planned_end and (whole or today) > calendar.add(planned_end, terms.close_days).due:
        return Clock(Since.LEFT_OPEN, planned_end, terms.days)
    return Clock(Since.BATCH_ENDED, whole, terms.days) if whole else Clock(Since.RUNNING)


def decision_clock(decided: date, terms: Terms, *, owed: bool) -> Clock:
    """From the day of the decision; it stands where nothing of it is owed to the public."""
    return Clock(Since.DECIDED, decided, terms.decision_days) if owed else Clock(Since.DROPPED)


def in_force(object_: Clock, batch: Clock, terms: Terms, calendar: Calendar) -> tuple[Clock, Deadline] | None:
    """The clock that ends first of those that are to be met, and its last day; None while all of them stand.

    A tested object is under no clock but its own.
    """
    clocks = [object_] if terms.per_object or object_.since in (Since.TESTING, Since.REPORTED) else []
    clocks += [batch] if terms.per_batch and object_.since not in (Since.TESTING, Since.REPORTED) else []
    due = [(clock, deadline) for clock in clocks if (deadline := clock.deadline(calendar))]
    return min(due, key=lambda one: one[1].due, default=None)


def ladder(clock: Clock, terms: Terms, calendar: Calendar) -> list[Rung]:
    """When one is warned (R14.9): the day after each share of the term, and 5, 2 and 0 working days before its end."""
    if clock.start is None:
        return []
    start, days = clock.start, clock.days
    shares = [Rung(calendar.add(start, -(-days * share // 100)).due + ONE, percent=share) for share in terms.percents]
    left = [Rung(calendar.add(start, days - n).due, left=n) for n in REMAINING if n < days]
    return sorted([*shares, *left], key=lambda rung: (rung.on, rung.left is not None, -(rung.left or 0)))


def target(clock: Clock, terms: Terms, calendar: Calendar) -> date | None:
    """The authority's own last day 内部期限 (R14.9); None while the clock stands, or if the term is no longer."""
    if clock.start is None or terms.target_days >= clock.days:
        return None
    return calendar.add(clock.start, terms.target_days).due


def reached(rungs: Iterable[Rung], today: date) -> Rung | None:
    """The last rung whose day has come; of one day, what is left says more than a share."""
    come = (rung for rung in rungs if rung.on <= today)
    return max(come, key=lambda rung: (rung.on, rung.left is not None), default=None)


def is_report_late(testing: Examination, today: date, terms: Terms, calendar: Calendar) -> bool:
    """Whether the report is missing so long after it was expected that somebody must ask (R14.4)."""
    return testing.reported is None and today > calendar.add(testing.expected, terms.testing_alarm_days).due
