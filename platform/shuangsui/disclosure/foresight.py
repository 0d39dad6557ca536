"""What a revision of rules would do: who could be drawn, and which open last days would be others; nothing is written.

Both are worked out as on the day on which it would take effect, by what draws and deadlines themselves are made with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shuangsui.db import TenantSession
from shuangsui.disclosure import terms
from shuangsui.disclosure.clocks import Terms
from shuangsui.disclosure.terms import Moved
from shuangsui.draws import replaying
from shuangsui.draws.office import Office
from shuangsui.draws.replaying import Replay
from shuangsui.rules import calendars
from shuangsui.rules.policy import Rules


@dataclass(frozen=True, slots=True)
class Foresight:
    """``on``: the day looked at. ``values``: keys whose value or basis changes, before and after."""

    on: date
    before: Rules
    after: Rules
    lines: tuple[Replay, ...]
    moved: tuple[Moved, ...]

    @property
    def keys(self) -> list[str]:
        """Keys that would say something else."""
        both = [key for key in self.after if key in self.before]
        return [key for key in both if self._said(self.before, key) != self._said(self.after, key)]

    @staticmethod
    def _said(rules: Rules, key: str) -> tuple[object, ...]:
        value = rules[key]
        return value.value, value.basis, value.mode


def foresee(session: TenantSession, office: Office, before: Rules, after: Rules) -> Foresight:
    """Under the rules of one day as they are and as they would be; ``office`` as it is."""
    lines = tuple(replaying.replay(session, office, before, after))
    return Foresight(after.on, before, after, lines, tuple(moved(session, office, before, after)))


def moved(session: TenantSession, office: Office, before: Rules, after: Rules) -> Sequence[Moved]:
    """Open terms whose last day would be another one; one that only stands, or begins to, has no day to move."""
    calendar = calendars.in_force(session, office.tenant)
    days = [
        {(one.kind, one.key): one.due for one in terms.worked_out(session, Terms.of(rules), calendar, rules.on)
         if one.met is None}
        for rules in (before, after)
    ]  # fmt: skip
    found = [(key, old, days[1].get(key)) for key, old in days[0].items()]
    return [Moved(*key, old, new) for key, old, new in found if old and new and old != new]
