"""Tasks as JSON values, for output and pages inside the authority; nothing of the object's feedback (R16.1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlmodel import col, select

from shuangsui.db import TenantSession
from shuangsui.inspections import access_log, codes, confirming, coordination, followup, notices, records, visits
from shuangsui.inspections.policy import CATEGORIES
from shuangsui.inspections.tables import Finding, InspectionRecord, InspectionResult, InspectionTask, Presence, Visit
from shuangsui.inspections.tasks import experts_of, find_task, team_of


def brief(session: TenantSession, task: InspectionTask, team: Sequence[str] | None = None) -> dict[str, Any]:
    """One line of a list; whoever lists many tasks knows their teams already."""
    names = ("no", "type", "state", "draw_no", "exemption", "item_code", "item_name", "object_code", "object_name")
    return {
        **{name: getattr(task, name) for name in names},
        "mode": task.mode,
        "planned_on": task.planned_on,
        "team": team_of(session, task) if team is None else list(team),
        "ended_at": task.ended_at,
    }


def opened(session: TenantSession, no: str, *, actor: str) -> dict[str, Any]:
    """:func:`full` for somebody who opens the object's file, which is written down (R16.2)."""
    task = find_task(session, no)
    access_log.opened(session, task.object_code, actor=actor)
    return full(session, task)


def full(session: TenantSession, task: InspectionTask) -> dict[str, Any]:
    """Everything about one task."""
    record = records.record_of(session, task)
    return {
        **brief(session, task),
        "experts": experts_of(session, task),
        "merges": [_plain(one) for one in coordination.undecided(session, task.no)],
        "merges_decided": [_plain(one) for one in coordination.decided(session, task.no)],
        "same_visit": [one.no for one in coordination.companions(session, task)],
        "mode_reason": task.mode_reason,
        "reason": task.reason,
        "rules_on": task.rules_on,
        "code": task.code,
        "code_filing": _plain(codes.filing_of(session, task)),
        "approval": _plain(notices.approval_of(session, task)),
        "notice": _plain(notices.notice_of(session, task)),
        "materials": [_plain(one) for one in notices.materials_of(session, task.no)],
        "visits": [_visit(session, visit) for visit in visits.visits_of(session, task)],
        "record": _record(session, record) if record else None,
        "findings": [_finding(session, one) for one in followup.findings_of(session, task)],
        "results": [_result(one) for one in _results(session, task)],
    }


def _visit(session: TenantSession, visit: Visit) -> dict[str, Any]:
    query = select(Presence).where(Presence.visit_id == visit.id).order_by(col(Presence.at), col(Presence.id))
    people = [_plain(row, "visit_id") for row in session.exec(query)]
    return {**(_plain(visit) or {}), "minutes": visits.minutes(visit), "people": people}


def _record(session: TenantSession, record: InspectionRecord) -> dict[str, Any]:
    signed = [_plain(row, "record_id") for row in records.signatures(session, record)]
    addenda = [
        {
            **(_plain(one, "record_id") or {}),
            "signatures": [s.person for s in records.signatures(session, record, one.n)],
        }
        for one in records.addenda(session, record)
    ]
    objected = [_plain(one, "record_id") for one in confirming.objections(session, record)]
    return {**(_plain(record) or {}), "signatures": signed, "addenda": addenda, "objections": objected}


def _finding(session: TenantSession, finding: Finding) -> dict[str, Any]:
    rectification, transfer = followup.rectification_of(session, finding), followup.transfer_of(session, finding)
    followed = {"rectification": _plain(rectification, "finding_id"), "transfer": _plain(transfer, "finding_id")}
    return {**(_plain(finding) or {}), **followed}


def _results(session: TenantSession, task: InspectionTask) -> list[InspectionResult]:
    query = select(InspectionResult).where(InspectionResult.task_id == task.id).order_by(col(InspectionResult.n))
    return list(session.exec(query))


def _result(result: InspectionResult) -> dict[str, Any]:
    names = [CATEGORIES[category] for category in result.categories]
    return {**(_plain(result) or {}), "category_names": names}


def _plain(row: Any, *without: str) -> dict[str, Any] | None:
    hidden = {"tenant_id", "id", "task_id", *without}
    return row.model_dump(exclude=hidden) if row else None
