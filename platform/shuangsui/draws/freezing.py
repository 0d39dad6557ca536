"""FREEZE: the registry as it is now becomes the pool of one draw; nothing later can change it (R6.6)."""

from __future__ import annotations

import csv
import io
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fairdraw.snapshot import Frozen, Record, freeze
from fairdraw.snapshot import read as read_snapshot
from shuangsui.catalogue.phrases import Level
from shuangsui.catalogue.policy import yearly_limit
from shuangsui.catalogue.tables import Item
from shuangsui.db import TenantSession
from shuangsui.draws import feasibility, frame
from shuangsui.draws.drafting import SUITE, Heading, Reserve, Staff, Timing, draft
from shuangsui.draws.feasibility import Trial
from shuangsui.draws.frame import Circumstances
from shuangsui.draws.people import Crew, Interest, Person, crew, recusals, require_team, unmannable
from shuangsui.draws.quota import left_of_cap
from shuangsui.errors import RuleRefused
from shuangsui.planning import service as planning
from shuangsui.planning.policy import ItemTerms, Seats, Terms
from shuangsui.planning.tables import PlanLine
from shuangsui.registry import history, read
from shuangsui.registry.read import ExpertEntry, InspectorEntry, InterestEntry
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


@dataclass(frozen=True, slots=True)
class Pool:
    """The frozen pool with its secrets: rows, K (None in public mode), the real registry as CSV, names by code."""

    frozen: Frozen
    key: bytes | None
    records: Sequence[Record]
    names: dict[str, str]
    staff: Staff
    left: int | None


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


def legal_day(moment: datetime) -> date:
    """The day in Asia/Shanghai."""
    return moment.astimezone(ZONE).date()


def gather(session: TenantSession, s: Situation) -> Pool:
    """Read registries and counters, apply every exclusion, blind and sort."""
    teams, experts, recused = _people(session, s)
    require_team(teams, s.terms.team)
    drawn = planning.drawn_in_year(session, s.line.starts.year, s.item.family)
    circumstances = Circumstances(
        terms=s.terms,
        on=s.on,
        drawn=drawn,
        limit=yearly_limit(s.item, s.rules, s.level),
        flagged_exempt=s.rules.switch("frequency.flagged_exempt"),
        recused=unmannable(teams, recused["teams"], s.terms.team),
    )
    records, names = [], {}
    for thing in read.objects_of(session, s.item.code):
        records.append(frame.record(thing, circumstances))
        names[thing.code] = thing.name
    _require_pool(records, s)
    key = None if s.item.draw_mode == "public" else secrets.token_bytes(32)
    frozen = freeze(records, key, SUITE, s.terms.ratios)
    least_one = s.rules.switch("draw.general_min_one")
    left = left_of_cap(s.item_terms.cap, frame.before_exclusion(records), sum(drawn.values()), min_one=least_one)
    staff = Staff(teams, experts, recused, s.rules.switch("team.two_offices"))
    return Pool(frozen, key, records, names, staff, left)


def _require_pool(records: Sequence[Record], s: Situation) -> None:
    """R8.8: an empty pool is refused, never an empty success."""
    if any(r.status == frame.ELIGIBLE for r in records):
        return
    counts = frame.excluded(records)
    if counts.keys() == {frame.RECUSED}:
        raise RuleRefused("all_recused", article="第九条", item=s.item.code)
    reasons = "，".join(f"{code} {count}" for code, count in sorted(counts.items())) or "无"
    raise RuleRefused("empty_pool", article="第八条", item=s.item.code, n=len(records), excluded=reasons)


def _people(session: TenantSession, s: Situation) -> tuple[Crew, Crew | None, dict[str, dict[str, set[str]]]]:
    teams = crew(map(_inspector, read.inspectors(session)), s.on)
    experts = _experts(session, s.terms.experts, s.on) if s.terms.experts else None
    rows = list(read.interests(session))
    by_kind = {kind: [_interest(row) for row in rows if row.person_kind == kind] for kind in ("inspector", "expert")}
    recused = {
        "teams": recusals(teams, by_kind["inspector"], s.on),
        "experts": recusals(experts, by_kind["expert"], s.on) if experts else {},
    }
    return teams, experts, recused


def _experts(session: TenantSession, seats: Seats, on: date) -> Crew:
    """Experts of the needed field only."""
    people = map(_expert, read.experts(session))
    found = crew((p for p in people if not seats.qualification or seats.qualification in p.quals), on)
    if len(found.people) < seats.size:
        raise RuleRefused("experts_missing", article="第八条", qualification=seats.qualification)
    return found


def _inspector(row: InspectorEntry) -> Person:
    return Person(row.cert_no, row.office, tuple(row.quals), row.lead, row.status == "on_duty", row.valid_to)


def _expert(row: ExpertEntry) -> Person:
    return Person(row.expert_no, "专家", tuple(row.quals), False, row.status == "active", row.valid_to)


def _interest(row: InterestEntry) -> Interest:
    return Interest(row.person_no, row.object_code, row.since, row.until)


def draft_of(
    s: Situation, pool: Pool, order: Order, heading: Heading, holders: Sequence[str], draw_no: str
) -> dict[str, Any]:
    """The draft that secret holders get; refused when its quota is nothing."""
    timing = Timing(f"ceremony/{draw_no}", order.event_at, order.digits, order.reveal_by)
    reserve = Reserve(s.rules.number("draw.alternates"), s.rules.number("draw.person_replacements"))
    ext = {"line": s.line.no, "round": order.round, "year": order.year, "draw": draw_no}
    ext |= {"demo": True} if order.demo else {}
    made = draft(heading, pool.frozen, pool.key, s.terms, timing, pool.staff, reserve, holders, left=pool.left, ext=ext)
    if not sum(made["quota"].values()):
        raise RuleRefused("nothing_to_draw", article="第五条", item=s.item.code)
    return made


def trial(made: dict[str, Any], pool: Pool) -> list[Trial]:
    """Try the teams on random seeds; ``teams_infeasible`` names what to relax when no trial is complete."""
    trials = feasibility.try_out(made, read_snapshot(pool.frozen.rows, made), feasibility.TRIALS)
    for result in trials:
        if not result.complete:
            pool_name = "检查组" if result.pool == "teams" else "专家"
            advice = "；".join(result.advice)
            counts = {"trials": result.trials, "complete": result.complete}
            raise RuleRefused("teams_infeasible", article="第八条", pool=pool_name, advice=advice, **counts)
    return trials


def frame_csv(pool: Pool) -> bytes:
    """The real registry as frozen, in row order, for the supervisor's audit: ``id,stratum,weight,status,name``."""
    by_id = {record.id: record for record in pool.records}
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["id", "stratum", "weight", "status", "name"])
    writer.writerows([*by_id[id_], pool.names[id_]] for id_ in pool.frozen.ids)
    return out.getvalue().encode()


def require_fresh(session: TenantSession, rules: Rules, today: datetime) -> None:
    """R6.4: a registry that nobody has updated for too long cannot be drawn from."""
    last = history.last_import(session, "objects")
    if last is None:
        raise RuleRefused("registry_missing", article="第六条", registry="检查对象名录")
    days = rules.number("registry.feed_block_days")
    if today - last.at > timedelta(days=days):
        raise RuleRefused("registry_stale", article="第六条", last=legal_day(last.at).isoformat(), days=days)
