"""What of a draw is public: the transcript's files (srd-1 12) and the same facts in plain words for the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import col, select

from fairdraw.log import Entry
from fairdraw.suites import hasher
from fairdraw.transcript import build_openings
from shuangsui.db import TenantSession
from shuangsui.draws import tasks
from shuangsui.draws.objecting import objections
from shuangsui.draws.office import STATE_NAMES, Office, all_draws, draw_log
from shuangsui.draws.people import leader_of
from shuangsui.draws.service import contributions, key_of
from shuangsui.draws.standing import stored_files
from shuangsui.draws.tables import Draw, DrawnTask, DrawState
from shuangsui.ledger.tables import Checkpoint

HIDDEN = (DrawState.FROZEN, DrawState.WITHDRAWN)
"""States in which nothing of a draw is public yet, or ever."""


def transcript(session: TenantSession, office: Office, draw: Draw) -> dict[str, bytes]:
    """Every file of the published transcript; drawn objects that were told so are opened."""
    files = stored_files(session, draw)
    opened = [task.object_code for task in tasks.tasks_of(session, draw) if task.opened]
    files["openings.json"] = build_openings(opened, key_of(office, draw), hasher(draw.draft["suite"]))
    files |= _checkpoints(session, draw)
    if draw.draft["mode"] == "public":
        ids = (named.code for named in tasks.frame(session, draw).values())
        files["ids.txt"] = "".join(f"{code}\n" for code in ids).encode()
    return files


def _checkpoints(session: TenantSession, draw: Draw) -> dict[str, bytes]:
    """What proves the draw as witnessed (srd-1 12.1): those from its PLAN to its event, and the newest."""
    own = draw_log(session).of(draw.seq)
    after = next((e.i for e in own if e.kind in ("EVENT", "ABANDON")), own[-1].i + 1)
    rows = session.exec(select(Checkpoint).order_by(col(Checkpoint.size))).all()
    wanted = [row for row in rows if own[0].i < row.size <= after]
    return {f"checkpoint-{row.size}.txt": row.text.encode() for row in [*wanted, *rows[-1:]]}


def public_draws(session: TenantSession) -> list[Draw]:
    """Draws whose plan is in the log, the newest first."""
    return [draw for draw in all_draws(session) if draw.state not in HIDDEN]


def tally(session: TenantSession) -> dict[str, int]:
    """ "P plans = R results + A abandoned (of these after the event: E) + O open", over the whole log."""
    by_seq: dict[int, list[Entry]] = {}
    for entry in draw_log(session).entries if public_draws(session) else ():
        by_seq.setdefault(entry.seq, []).append(entry)
    ends = [_end(entries) for entries in by_seq.values()]
    return {
        "plans": len(ends),
        "results": ends.count("RESULT"),
        "abandoned": ends.count("ABANDON") + ends.count("ABANDON after EVENT"),
        "after_event": ends.count("ABANDON after EVENT"),
        "open": ends.count(""),
    }


def _end(entries: list[Entry]) -> str:
    kinds = [entry.kind for entry in entries if entry.r == 0]
    if "RESULT" in kinds:
        return "RESULT"
    if "ABANDON" in kinds:
        return "ABANDON after EVENT" if "EVENT" in kinds else "ABANDON"
    return ""


def public_view(session: TenantSession, draw: Draw) -> dict[str, Any]:
    """A draw in plain words, JSON; nobody is named who must not be (srd-1 14)."""
    entries = draw_log(session).of(draw.seq)
    plan = draw.draft
    return {
        "no": draw.no,
        "seq": draw.seq,
        "state": draw.state,
        "state_name": STATE_NAMES[draw.state],
        "demo": bool(plan["ext"].get("demo")),
        "item": draw.item_code,
        "item_name": draw.item_name,
        "basis": plan["basis"],
        "cause": draw.cause,
        "parent": plan["ext"].get("parent"),
        "eligibility": plan["ext"].get("eligibility"),
        "amendments": plan["ext"].get("amendments", []),
        "registry_changes": plan["ext"].get("registry_changes"),
        "expert_pools": plan["ext"].get("expert_pools"),
        "unplanned": plan["ext"].get("unplanned"),
        "line": draw.line_no,
        "round": draw.round,
        "mode": plan["mode"],
        "origin": plan["origin"],
        "frozen_at": draw.frozen_at,
        "times": _times(entries),
        "snapshot": plan["snapshot"],
        "strata": _strata(plan),
        "excluded": plan["snapshot"]["excluded"],
        "batch": plan["batch"],
        "contributors": _contributors(session, draw, entries),
        "events": _events(plan, entries),
        "reveal_by": plan["reveal_by"],
        "team_size": plan["teams"]["size"] if plan["teams"] else 0,
        "pools": {pool: len(plan[pool]["people"]) for pool in ("teams", "experts") if plan[pool]},
        "tasks": [_task(task) for task in tasks.tasks_of(session, draw)],
        "replacements": [_replacement(e, entries) for e in entries if e.kind == "REPLACE"],
        "abandon": next(({**e.body, "time": e.time} for e in entries if e.kind == "ABANDON" and e.r == 0), None),
        "void_reason": draw.void_reason,
        "objections": objections(session, draw),
    }


def _times(entries: list[Entry]) -> dict[str, str]:
    """First time of each kind of entry of the draw itself."""
    times: dict[str, str] = {}
    for entry in entries:
        if entry.r == 0:
            times.setdefault(entry.kind, entry.time)
    return times


def _events(plan: Mapping[str, Any], entries: list[Entry]) -> list[dict[str, Any]]:
    """As planned, with the value of each that has happened."""
    values = {entry.body["name"]: entry.body["value"] for entry in entries if entry.kind == "EVENT"}
    return [{**event, "value": values.get(event["name"])} for event in plan["events"]]


def _strata(plan: Mapping[str, Any]) -> list[dict[str, Any]]:
    eligible, quota = plan["snapshot"]["eligible"], plan["quota"]
    return [{"name": name, "eligible": eligible[name], "quota": quota[name]} for name in sorted(quota)]


def _contributors(session: TenantSession, draw: Draw, entries: list[Entry]) -> list[dict[str, Any]]:
    revealed = {e.body["who"]: e.time for e in entries if e.kind == "REVEAL" and e.r == 0}
    return [
        {"who": c.who, "commit": c.commit, "signed": c.sig is not None, "revealed_at": revealed.get(c.who)}
        for c in contributions(session, draw)
    ]


def _task(task: DrawnTask) -> dict[str, Any]:
    """People under their published codes; the object's name and code only once opened."""
    return {
        "task": task.task,
        "b": task.b,
        "stratum": task.stratum,
        "batch": task.batch,
        "teams": task.teams,
        "leader": leader_of(task),
        "experts": task.experts,
        "cancelled": task.cancelled,
        "object": {"code": task.object_code, "name": task.object_name} if task.opened else None,
    }


def _replacement(request: Entry, entries: list[Entry]) -> dict[str, Any]:
    result = next((e for e in entries if e.kind in ("RESULT", "ABANDON") and e.r == request.r), None)
    return {**request.body, "time": request.time, "in": result.body.get("in") if result else None}
