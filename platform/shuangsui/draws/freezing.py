"""FREEZE: the registry as it is now becomes the pool of one draw; nothing later can change it (R6.6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from fairdraw.snapshot import Record
from shuangsui.catalogue.phrases import Level
from shuangsui.catalogue.policy import yearly_limit
from shuangsui.catalogue.tables import Item
from shuangsui.db import TenantSession
from shuangsui.draws import frame
from shuangsui.draws.calling import Call
from shuangsui.draws.drafting import SUITE, Heading, Reserve, Timing, draft
from shuangsui.draws.frame import Circumstances
from shuangsui.draws.kernels import freeze
from shuangsui.draws.office import Office
from shuangsui.draws.opening import Pool
from shuangsui.draws.people import unmannable
from shuangsui.draws.quota import left_of_cap
from shuangsui.draws.staffing import need, staff_of
from shuangsui.errors import RuleRefused
from shuangsui.planning import overrides, visits
from shuangsui.planning import service as planning
from shuangsui.planning.policy import ItemTerms, Terms, least_ratios
from shuangsui.planning.tables import PlanLine
from shuangsui.registry import read
from shuangsui.registry.freshness import freshness
from shuangsui.rules.policy import Rules

ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Order:
    """What an operator orders: the round of a line, the secret holders, the public event."""

    year: int
    line: int
    round: int
    holders: tuple[str, ...]
    event_at: datetime
    reveal_by: datetime
    digits: int = 20
    demo: bool = False

    @property
    def call(self) -> Call:
        """What it has in common with draws of other causes."""
        return Call(self.holders, self.event_at, self.reveal_by, self.digits, self.demo)

    @property
    def key(self) -> str:
        """The cause it takes."""
        return f"line/{self.year}/{self.line}/{self.round}"


@dataclass(frozen=True, slots=True)
class Situation:
    """What the law and the plan say about this draw on this day."""

    line: PlanLine
    item: Item
    item_terms: ItemTerms
    terms: Terms
    rules: Rules
    level: Level
    on: date
    again: str = ""
    """The draw that is held again as if it had not been: its objects do not count as drawn."""


def legal_day(moment: datetime) -> date:
    """The day in Asia/Shanghai."""
    return moment.astimezone(ZONE).date()


def gather(session: TenantSession, office: Office, s: Situation) -> Pool:
    """Read registries and counters, apply every exclusion, blind and sort."""
    team = None if s.terms.dispatch else s.terms.team
    staff = staff_of(session, office, need(team, s.terms.experts, s.item.family, s.rules))
    drawn = Counter(planning.drawn_in_year(session, s.line.starts.year, s.item.family, but=s.again))
    circumstances = Circumstances(
        terms=s.terms,
        on=s.on,
        drawn=drawn + _counted_elsewhere(session, office, s),
        limit=yearly_limit(s.item, s.rules, s.level),
        flagged_exempt=s.rules.switch("frequency.flagged_exempt"),
        recused=unmannable(staff.teams, staff.recused["teams"], s.terms.team) if staff.teams else frozenset(),
        allowances=overrides.allowances(session, s.line.starts.year, s.item.family),
        flags=s.rules.names("frequency.flags"),
    )
    records, names = [], {}
    for thing in read.objects_of(session, s.item.code):
        records.append(frame.record(thing, circumstances))
        names[thing.code] = thing.name
    _require_pool(records, s)
    key = None if s.item.draw_mode == "public" else office.keyring.fresh()
    frozen = freeze(records, key, SUITE, s.terms.ratios)
    return Pool(frozen, key, records, names, staff, _left(records, sum(drawn.values()), s))


def _counted_elsewhere(session: TenantSession, office: Office, s: Situation) -> Counter[str]:
    """Object code → how often other authorities inspected it this year, where the rules make that count (A7)."""
    if not s.rules.switch("frequency.shared_ledger_blocks"):
        return Counter()
    seen = visits.elsewhere(session, s.line.starts.year, s.item.family)
    things = read.objects_of(session, s.item.code) if seen else ()
    return Counter({thing.code: seen[visits.object_hash(office.keyring, thing.code)] for thing in things})


def _left(records: Sequence[Record], drawn: int, s: Situation) -> int | None:
    """What the item's cap leaves to this draw, as the authority's rules count it (R5.5)."""
    base = frame.cap_base(records, already=s.rules.switch("draw.cap_before_exclusion"))
    counted = drawn if s.rules.switch("draw.cap_cumulative") else 0
    return left_of_cap(s.item_terms.cap, base, counted, min_one=s.rules.switch("draw.general_min_one"))


def _require_pool(records: Sequence[Record], s: Situation) -> None:
    """R8.8: an empty pool is refused, never an empty success."""
    if any(r.status == frame.ELIGIBLE for r in records):
        return
    counts = frame.excluded(records)
    if counts.keys() == {frame.RECUSED}:
        raise RuleRefused("all_recused", article="第九条", item=s.item.code)
    reasons = "，".join(f"{code} {count}" for code, count in sorted(counts.items())) or "无"
    raise RuleRefused("empty_pool", article="第八条", item=s.item.code, n=len(records), excluded=reasons)


def draft_of(
    s: Situation,
    pool: Pool,
    order: Order,
    timing: Timing,
    heading: Heading,
    holders: Sequence[str],
    ext: Mapping[str, Any],
) -> dict[str, Any]:
    """The draft that secret holders get; refused when its quota is nothing."""
    reserve = Reserve(s.rules.number("draw.alternates"), s.rules.number("draw.person_replacements"))
    said = {"line": s.line.no, "round": order.round, "year": order.year, **ext}
    made = draft(
        heading, pool.frozen, pool.key, s.terms, timing, pool.staff, reserve, holders, left=pool.left, ext=said,
        least=least_ratios(s.terms.ratios, s.rules),
    )  # fmt: skip
    if not sum(made["quota"].values()):
        raise RuleRefused("nothing_to_draw", article="第五条", item=s.item.code)
    return made


def require_fresh(session: TenantSession, rules: Rules, today: datetime) -> None:
    """R6.4: a registry that nobody has updated for too long cannot be drawn from."""
    found = freshness(session, "objects", rules, legal_day(today))
    if found.as_of is None:
        raise RuleRefused("registry_missing", article="第六条", registry="检查对象名录")
    if found.state == "blocked":
        days = rules.number("registry.feed_block_days")
        raise RuleRefused("registry_stale", article="第六条", last=found.as_of.isoformat(), days=days)
