"""What every FREEZE writes, whatever the cause: the draw, its files, the holders, the operator's own secret."""

from __future__ import annotations

import csv
import io
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from fairdraw import secret
from fairdraw.seed import contributor_message
from fairdraw.snapshot import Frozen, Record
from fairdraw.snapshot import read as read_snapshot
from shuangsui.db import TenantSession, next_number
from shuangsui.draws import feasibility, panels
from shuangsui.draws.drafting import Heading, Staff
from shuangsui.draws.feasibility import Trial
from shuangsui.draws.office import Office, put_file
from shuangsui.draws.tables import Cause, Contribution, Draw
from shuangsui.errors import RuleRefused
from shuangsui.ledger import service as ledger
from shuangsui.ledger.tables import DrawLogEntry
from shuangsui.rules.policy import Rules
from shuangsui.said import listed


@dataclass(frozen=True, slots=True)
class Pool:
    """The frozen pool with its secrets: rows, K (None in public mode), the real registry as CSV, names by code."""

    frozen: Frozen
    key: bytes | None
    records: Sequence[Record]
    names: dict[str, str]
    staff: Staff
    left: int | None


def number(session: TenantSession, year: int) -> str:
    """The next ``YEAR-NNNN``."""
    return f"{year}-{next_number(session, f'draw/{year}'):04d}"


def heading(session: TenantSession, office: Office, rules: Rules, item: str) -> Heading:
    """Names of a plan; its seq is the next of the log."""
    plans = session.exec(select(DrawLogEntry.id).where(DrawLogEntry.kind == "PLAN")).all()
    tenant, basis = office.tenant, rules["draw.record_required"].basis
    return Heading(tenant.log_origin, len(plans) + 1, tenant.slug, item, basis, rules.digest())


def trial(made: dict[str, Any], pool: Pool) -> list[Trial]:
    """Try the teams on random seeds; ``teams_infeasible`` names what to relax when no trial is complete."""
    trials = feasibility.try_out(made, read_snapshot(pool.frozen.rows, made), feasibility.TRIALS)
    for result in trials:
        if not result.complete:
            pool_name = "检查组" if result.pool == "teams" else "专家"
            advice = listed(result.advice, "；")
            counts = {"trials": result.trials, "complete": result.complete}
            raise RuleRefused("teams_infeasible", article="第八条", pool=pool_name, advice=advice, **counts)
    return trials


def enter(
    session: TenantSession, office: Office, draw: Draw, pool: Pool, holders: Sequence[str], facts: Mapping[str, Any]
) -> None:
    """Store a frozen draw and what belongs to it; ``facts`` go into the ledger."""
    _add(session, draw)
    if pool.key is not None:
        draw.sealed_key = office.seal(pool.key, draw, "K")
    put_file(session, draw, "rows.txt", pool.frozen.rows)
    put_file(session, draw, "frame.csv", frame_csv(pool))
    _open_contributions(session, office, draw, holders)
    payload = {**facts, "root": pool.frozen.summary["root"], "trials": draw.trials}
    if asked := pool.staff.panels:
        put_file(session, draw, panels.FILE, panels.file_of(asked))
        payload["expert_pools"] = [panel.said() for panel in asked]
    ledger.record(session, "draw.freeze", actor=draw.operator, subject=f"draw/{draw.no}", payload=payload)


def frame_csv(pool: Pool) -> bytes:
    """The real registry as frozen, in row order, for the supervisor's audit: ``id,stratum,weight,status,name``."""
    by_id = {record.id: record for record in pool.records}
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["id", "stratum", "weight", "status", "name"])
    writer.writerows([*by_id[id_], pool.names[id_]] for id_ in pool.frozen.ids)
    return out.getvalue().encode()


def _add(session: TenantSession, draw: Draw) -> None:
    try:
        session.add(draw)
        session.flush()
    except IntegrityError:
        raise _taken(draw) from None


def _taken(draw: Draw) -> RuleRefused:
    """Somebody else was faster; in the words of the cause."""
    if draw.cause is Cause.LINE:
        where = {"line": draw.line_no, "round": draw.round, "draw": "（他人刚刚办理）"}
        return RuleRefused("round_drawn", article="第八条", **where)
    return RuleRefused("cause_drawn", article="第八条", cause=draw.cause_key, draw="（他人刚刚办理）")


def _open_contributions(session: TenantSession, office: Office, draw: Draw, holders: Sequence[str]) -> None:
    c0 = office.keyring.fresh()
    own = secret.make(draw.draft, office.operator, c0, None)
    message = contributor_message(draw.draft["origin"], draw.seq, bytes.fromhex(own["commit"]))
    sig = b64encode(office.contributor(session, actor=draw.operator).sign(message)).decode()
    sealed = office.seal(c0, draw, "c0")
    session.add(
        Contribution(draw_id=draw.id, position=0, who=office.operator, commit=own["commit"], sig=sig, sealed=sealed)
    )
    session.add_all(Contribution(draw_id=draw.id, position=i, who=who) for i, who in enumerate(holders, 1))
