"""Evidence 证据材料 of a task: photographs and papers kept under their hash, and who opened them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, select

from shuangsui.access.service import require
from shuangsui.db import TenantSession, now
from shuangsui.errors import BadInput, NotAllowed, NotFound
from shuangsui.inspections.evidence_policy import Limits, clean_name, judge
from shuangsui.inspections.evidence_store import Folder, Store
from shuangsui.inspections.states import TaskState
from shuangsui.inspections.tables import Evidence, InspectionTask, ObjectAccess
from shuangsui.inspections.tasks import find_task, find_to_change_task, require_task_state
from shuangsui.ledger.service import record
from shuangsui.settings import Settings

_NOTE = 500
_OPEN = tuple(state for state in TaskState if state not in (TaskState.CLOSED, TaskState.CANCELLED))


def configured(settings: Settings) -> tuple[Store, Limits]:
    """The installation's store, and what it takes."""
    types = tuple(name.strip() for name in settings.evidence_types.split(",") if name.strip())
    return Folder(settings.evidence), Limits(settings.evidence_max_bytes, types)


def add(
    session: TenantSession,
    store: Store,
    no: str,
    data: bytes,
    name: str,
    *,
    actor: str,
    note: str = "",
    limits: Limits | None = None,
) -> Evidence:
    """Keep a file for a task that is not closed or cancelled; the same bytes again answer the first row.

    :class:`BadInput` as of :func:`~shuangsui.inspections.evidence_policy.judge`; :class:`RuleRefused` ``task_state``.
    """
    require(session, actor, "inspect")
    task = find_to_change_task(session, no)
    require_task_state(task, "上传证据", *_OPEN)
    name = clean_name(name)
    media_type = judge(data, name, limits or Limits())
    if len(note) > _NOTE:
        raise BadInput("evidence_note", limit=_NOTE)
    digest = store.put(session.tenant, data)
    if found := _find(session, task, digest):
        return found
    made = Evidence(
        task_id=task.id, sha256=digest, media_type=media_type, size=len(data), name=name, note=note.strip(),
        by=actor, at=now(session),
    )  # fmt: skip
    session.add(made)
    payload = {"sha256": digest, "media_type": media_type, "size": len(data)}
    record(session, "evidence.add", actor=actor, subject=f"task/{no}", payload=payload)
    return made


def list_files(session: TenantSession, no: str) -> Sequence[Evidence]:
    """A task's files in the order of their arrival."""
    task = find_task(session, no)
    return session.exec(select(Evidence).where(Evidence.task_id == task.id).order_by(col(Evidence.id))).all()


def open_file(session: TenantSession, store: Store, no: str, sha256: str, *, actor: str) -> tuple[Evidence, bytes]:
    """A file with its bytes, checked against the hash; who opened it is written down (R16.2).

    :class:`NotFound` ``evidence_missing``; :class:`OutsideFailed` ``evidence_damaged``.
    """
    _require_reader(session, actor)
    task = find_task(session, no)
    found = _find(session, task, sha256)
    if found is None:
        raise NotFound("evidence_missing", task=no, sha256=sha256[:64])
    data = store.get(session.tenant, sha256)
    session.add(ObjectAccess(actor=actor, object_code=task.object_code, task_no=no, at=now(session)))
    return found, data


def _require_reader(session: TenantSession, actor: str) -> None:
    """Whoever may view, and whoever inspects."""
    try:
        require(session, actor, "view")
    except NotAllowed:
        require(session, actor, "inspect")


def _find(session: TenantSession, task: InspectionTask, digest: str) -> Evidence | None:
    query = select(Evidence).where(Evidence.task_id == task.id, Evidence.sha256 == digest)
    return session.exec(query).one_or_none()
