"""What the pages behind an object's link show of its own inspection, as values; nothing personal of anybody else.

Officers are named as the notice names them, by law; of experts and witnesses it says only that they signed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from shuangsui.db import TenantSession
from shuangsui.draws.office import Office
from shuangsui.inspections import confirming, feedback, notices, proving, records
from shuangsui.inspections.items import item_of
from shuangsui.inspections.links import Held
from shuangsui.inspections.states import (
    ANSWERS,
    MODES,
    RECORD_NAMES,
    RECORD_STATES,
    RECTIFICATION_STATES,
    TASK_STATES,
    TASK_TYPES,
    Answer,
    Confirmation,
    Party,
    RectificationState,
)
from shuangsui.inspections.tables import InspectionRecord, InspectionTask, Rectification, Signature
from shuangsui.registry import read
from shuangsui.said import named, say

HOW = {Confirmation.SIGNATURE: "签字", Confirmation.SEAL: "盖章"}
OTHERS = {Party.EXPERT: "专家", Party.WITNESS: "见证人"}
NAMED = {Party.OFFICER: "执法检查人员", Party.OBJECT: "检查对象"}
EMPTY = "未填写"


def notice(session: TenantSession, office: Office, held: Held) -> dict[str, Any]:
    """What is inspected, by whom and on which basis, and what there is to do; ``draw`` is for who knows the site."""
    task = held.task
    row = notices.notice_of(session, task)
    said = row.content if row else {}
    item = item_of(session, task)
    given = notices.materials_of(session, task.no)
    return {
        **_heading(office, task),
        "type": TASK_TYPES[task.type], "mode": MODES[task.mode], "state": TASK_STATES[task.state],
        "notice_no": row.no if row else "", "planned_on": task.planned_on, "code": task.code or "",
        "basis": said.get("basis") or item.grounds, "content": said.get("content") or item.content,
        "officers": said.get("officers", []), "rights": said.get("rights", []),
        "discipline": said.get("discipline", []), "times_this_year": said.get("times_this_year"),
        "materials": [one for row_ in given for one in row_.materials],
        "draw": None, "exemption": task.exemption or "",
        "record": confirming.presented(session, task) is not None, "rate": feedback.is_asked(session, held),
        "orders": len(proving.orders(session, task)),
    }  # fmt: skip


def record(session: TenantSession, office: Office, held: Held) -> dict[str, Any]:
    """The record as the object may read it; ``record`` is None before it is presented."""
    task = held.task
    row = confirming.presented(session, task)
    shown = _heading(office, task) | {
        "title": RECORD_NAMES[task.mode],
        "record": None,
        "can_sign": False,
        "addenda": [],
    }
    if row is None:
        return shown
    can_sign = confirming.can_sign(session, office, task, row)
    to_sign = confirming.unsigned_addenda(session, office, task, row)
    return shown | {"record": _record(session, row), "can_sign": can_sign, "addenda": to_sign}


def orders(session: TenantSession, office: Office, held: Held, today: date) -> dict[str, Any]:
    """What is to be put right, each with its clock on ``today``."""
    task = held.task
    rows = [
        {"n": finding.n, "found": finding.text, **_order(order, today)}
        for finding, order in proving.orders(session, task)
    ]
    return _heading(office, task) | {"orders": rows}


def clock(due: date, today: date) -> tuple[int, str]:
    """Days left, negative when overdue, and the same in words of the Chinese page."""
    left = (due - today).days
    if left < 0:
        return left, say("已逾期 {left} 天", left=-left)
    return left, say("还有 {left} 天", left=left) if left else "今天到期"


def _heading(office: Office, task: InspectionTask) -> dict[str, Any]:
    return {
        "authority": office.tenant.name, "no": task.no, "object_name": task.object_name, "item_name": task.item_name,
    }  # fmt: skip


def _record(session: TenantSession, row: InspectionRecord) -> dict[str, Any]:
    names = {one.cert_no: one.name for one in read.inspectors(session)}
    points = [_point(one, row.answers.get(str(one["no"]), {})) for one in row.form["points"]]
    return {
        "form": row.form["title"], "state": RECORD_STATES[row.state], "points": points, "facts": row.facts,
        "refusal": row.refusal_reason, "late": row.late,
        "signatures": [_signature(one, names) for one in records.signatures(session, row)],
        "addenda": [{"n": one.n, "text": one.text, "at": one.at} for one in records.addenda(session, row)],
        "objections": [
            {"n": one.n, "text": one.text, "person": one.person, "at": one.at}
            for one in confirming.objections(session, row)
        ],
    }  # fmt: skip


def _point(point: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, str]:
    said = ANSWERS[Answer(answer["answer"])] if answer.get("answer") else EMPTY
    return {"no": str(point["no"]), "content": point["content"], "answer": said, "facts": answer.get("facts", "")}


def _signature(row: Signature, names: Mapping[str, str]) -> dict[str, Any]:
    """Officers and the object's own people by name; others as what they were."""
    known = row.party is Party.OFFICER and row.person in names
    who = named(names[row.person], row.person) if known else row.person
    party = NAMED.get(row.party, "")
    other = OTHERS.get(row.party, "")
    return {"who": "" if other else who, "as": other, "party": party, "how": HOW[row.how], "at": row.at}


def _order(order: Rectification, today: date) -> dict[str, Any]:
    left, words = clock(order.due, today)
    awaited = order.state is RectificationState.ORDERED
    return {
        "order_no": order.no, "demand": order.demand, "due": order.due, "state": RECTIFICATION_STATES[order.state],
        "awaited": awaited, "passed": order.state is RectificationState.PASSED, "left": left, "clock": words,
        "statement": order.statement, "files": len(order.evidence), "submitted_at": order.submitted_at,
        "check_note": order.check_note,
    }  # fmt: skip
