"""The last plan held again under other rules: who could be drawn, how many, by which teams; nothing is written.

A line is replayed by the very functions that freeze a draw, on the registries and counters as they are, as if its last
draw had not been: what a preview says is what a freeze of that day finds. Whom a draw takes nobody can foresee; so both
runs draw with one value, the same for both, and what differs between them is the doing of the rules alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from sqlmodel import col, select

from fairdraw.quota import quotas
from fairdraw.selection import select as choose
from fairdraw.snapshot import Record, blind_with
from fairdraw.snapshot import read as read_snapshot
from fairdraw.suites import hasher
from shuangsui.catalogue.service import item_in_force
from shuangsui.db import TenantSession
from shuangsui.draws import frame, freezing
from shuangsui.draws.drafting import SUITE
from shuangsui.draws.freezing import Situation
from shuangsui.draws.kernels import freeze
from shuangsui.draws.office import Office
from shuangsui.draws.quota import sampling_rules
from shuangsui.draws.tables import Draw
from shuangsui.errors import RuleRefused, ShuangsuiError
from shuangsui.planning import service as planning
from shuangsui.planning.policy import Terms, check_line, least_ratios
from shuangsui.planning.tables import PlanLine
from shuangsui.rules.policy import Rules


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a draw of one line would find. ``refusal``: it would not be held; then there is nothing else.

    ``statuses``: object → why it is kept out, ``-`` for who may be drawn (srd-1 4.2). ``quota``: stratum → how many.
    ``chosen``: who would be drawn with a value that is the same for both runs.
    """

    statuses: Mapping[str, str] = field(default_factory=dict)
    quota: Mapping[str, int] = field(default_factory=dict)
    chosen: frozenset[str] = frozenset()
    team: int = 0
    alternates: int = 0
    refusal: ShuangsuiError | None = None

    @property
    def eligible(self) -> frozenset[str]:
        """Who may be drawn."""
        return frozenset(code for code, status in self.statuses.items() if status == frame.ELIGIBLE)

    @property
    def drawn(self) -> int:
        """How many would be drawn."""
        return sum(self.quota.values())


@dataclass(frozen=True, slots=True)
class Replay:
    """One line under the rules as they are and as they would be; ``names``: object → its name."""

    line: int
    item: str
    item_name: str
    draw: str
    before: Outcome
    after: Outcome
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def changed(self) -> bool:
        """Whether the rules make any difference to it."""
        return self._facts(self.before) != self._facts(self.after)

    def moved(self, what: str) -> tuple[list[str], list[str]]:
        """Codes that come in and that go out; ``what`` is ``eligible`` or ``chosen``."""
        before, after = getattr(self.before, what), getattr(self.after, what)
        return sorted(after - before), sorted(before - after)

    @staticmethod
    def _facts(one: Outcome) -> tuple[Any, ...]:
        refusal = one.refusal and (one.refusal.code, str(one.refusal.params))
        return dict(one.statuses), dict(one.quota), one.team, one.alternates, refusal


def last_plan(session: TenantSession) -> tuple[int, Sequence[PlanLine]]:
    """Year and lines of the last published plan, without those given up; no lines if there is no plan."""
    for year in planning.published_years(session)[:1]:
        if plan := planning.published(session, year):
            return year, [one for one in planning.lines(session, plan) if one.terminated_reason is None]
    return 0, ()


def replay(session: TenantSession, office: Office, before: Rules, after: Rules) -> Iterator[Replay]:
    """Every line of the last plan, as it would be drawn on the day of the rules."""
    year, lines = last_plan(session)
    for line in lines:
        last = _last_draw(session, year, line.no)
        item = planning.item_of(session, line)
        names = dict[str, str]()
        ran = [_held(session, office, line, rules, last, names) for rules in (before, after)]
        yield Replay(line.no, item.code, item.name, last.no if last else "", ran[0], ran[1], names)


def situation(
    session: TenantSession, office: Office, line: PlanLine, rules: Rules, on: date, again: str = ""
) -> Situation:
    """What a draw of the line stands on; refused where the line is not lawful under the rules."""
    item = item_in_force(session, planning.item_of(session, line).code)
    item_terms, terms = planning.item_terms(item, office.level, rules), Terms.from_json(line.terms)
    check_line(terms, item_terms, rules)
    return Situation(line, item, item_terms, terms, rules, office.level, on, again)


def _held(
    session: TenantSession, office: Office, line: PlanLine, rules: Rules, last: Draw | None, names: dict[str, str]
) -> Outcome:
    try:
        s = situation(session, office, line, rules, rules.on, last.no if last else "")
        pool = freezing.gather(session, office, s)
        names |= pool.names
        least, eligible = least_ratios(s.terms.ratios, rules), pool.frozen.summary["eligible"]
        sampling = sampling_rules(s.terms.ratios, eligible, left=pool.left, item=s.item.code, least=least)
        quota = quotas(sampling, eligible)
        if not sum(quota.values()):
            raise RuleRefused("nothing_to_draw", article="第五条", item=s.item.code)
    except ShuangsuiError as error:
        return Outcome(refusal=error)
    alternates = 0 if s.terms.batches else rules.number("draw.alternates")
    statuses = {one.id: one.status for one in pool.records}
    chosen = _chosen(pool.records, s.terms, quota, _seed(last, line))
    return Outcome(statuses, quota, chosen, s.terms.team.size, alternates)


def _chosen(records: Sequence[Record], terms: Terms, quota: Mapping[str, int], seed: bytes) -> frozenset[str]:
    """Drawn without blinding, so that the same object has the same ticket in both runs."""
    frozen = freeze(records, None, SUITE, terms.ratios)
    rows = read_snapshot(frozen.rows, {"suite": SUITE, "snapshot": frozen.summary})
    found = {one.b for one in choose(rows, quota, seed, SUITE).order}
    return frozenset(code for code in frozen.ids if blind_with(None, code, hasher(SUITE)) in found)


def _seed(last: Draw | None, line: PlanLine) -> bytes:
    """Public, and the same for both runs."""
    said = f"replay/{last.no}/{last.draft['snapshot']['root']}" if last else f"replay/{line.no}"
    return sha256(said.encode()).digest()


def _last_draw(session: TenantSession, year: int, line: int) -> Draw | None:
    query = select(Draw).where(Draw.year == year, Draw.line_no == line, col(Draw.live).is_(True))
    return session.exec(query.order_by(col(Draw.frozen_at).desc())).first()
