"""What the simulated year left behind, counted in the database and not in the script."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import Any

from sqlmodel import col, select

from fairdraw.checkpoint import log_root
from shuangsui.db import TenantSession
from shuangsui.disclosure.tables import Term
from shuangsui.draws import recusal
from shuangsui.draws.recusal_tables import CaseState
from shuangsui.draws.tables import Cause, Draw, DrawState
from shuangsui.inspections.states import MODES, TASK_TYPES, RecordState, TaskState
from shuangsui.inspections.tables import InspectionRecord, InspectionTask, Rectification
from shuangsui.inspections.tasks import all_tasks
from shuangsui.inspections.watch import OVERDUE
from shuangsui.ledger import policy
from shuangsui.ledger import service as ledger
from shuangsui.ledger.tables import Alert


def report(session: TenantSession) -> dict[str, Any]:
    """Draws with their tasks, and the year's totals."""
    tasks = [task for task in all_tasks(session) if task.state is TaskState.CLOSED]
    lines = ledger.draw_log(session)
    return {
        "draws": _draws(session, tasks),
        "totals": _totals(session, tasks),
        "ledger": asdict(ledger.verify(session)),
        "root": log_root(lines, policy.read_lines(lines).suite).hex(),
    }


def _draws(session: TenantSession, tasks: list[InspectionTask]) -> list[dict[str, Any]]:
    done = Counter(task.draw_no for task in tasks)
    modes = {task.draw_no: MODES[task.mode] for task in tasks}
    query = select(Draw).where(Draw.cause == Cause.LINE, Draw.state == DrawState.DRAWN).order_by(col(Draw.no))
    return [
        {
            "draw": draw.no, "day": draw.frozen_at.date(), "item": draw.item_code, "mode": modes.get(draw.no, ""),
            "pool": draw.draft["snapshot"]["n"], "drawn": sum(draw.draft["quota"].values()), "inspected": done[draw.no],
        }
        for draw in session.exec(query)
    ]  # fmt: skip


def _totals(session: TenantSession, tasks: list[InspectionTask]) -> dict[str, int]:
    records = Counter(session.exec(select(InspectionRecord.state)))
    cases = [case.state for case in recusal.cases(session)]
    late = {alert.subject for alert in session.exec(select(Alert).where(Alert.kind == OVERDUE))}
    results = session.exec(select(Term).where(Term.kind == "result")).all()
    types = Counter(task.type for task in tasks)
    modes = Counter(task.mode for task in tasks)
    return {
        "办结的检查": len(tasks),
        **{name: types[type_] for type_, name in TASK_TYPES.items()},
        **{name: modes[mode] for mode, name in MODES.items()},
        "回避申请": len(cases),
        "其中同意": cases.count(CaseState.UPHELD),
        "拒绝签字": records[RecordState.REFUSED_RECORDED],
        "无法联系": records[RecordState.UNREACHABLE],
        "责令改正": len(session.exec(select(Rectification)).all()),
        "其中逾期": len(late),
        "公开的结果": sum(1 for term in results if term.met),
        "逾期公开": sum(1 for term in results if term.due and (not term.met or term.met > term.due)),
    }
