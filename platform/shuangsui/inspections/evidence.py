"""Evidence 证据材料 of a task: photographs and papers kept under their hash, and who opened them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlmodel import col, select

from shuangsui.access.service import require
from shuangsui.db import TenantSession, now
from shuangsui.errors import BadInput, NotAllowed, NotFound
from shuangsui.inspections import access_log
from shuangsui.inspections.evidence_policy import Limits, clean_name, judge
from shuangsui.inspections.evidence_store import Folder, Store
from shuangsui.inspections.states import TaskState
from shuangsui.inspections.tables import Evidence, Finding, InspectionTask
from shuangsui.inspections.tasks import find_task, find_to_change_task, require_task_state
from shuangsui.ledger.service import record
from shuangsui.settings import Settings

_NOTE = 500
_OPEN = tuple(state for state in TaskState if state not in (TaskState.CLOSED, TaskState.CANCELLED))


@dataclass(frozen=True, slots=True)
class File:
    """What somebody sends: a name of their choice, the bytes, and what they show."""

    name: str
    data: bytes = field(repr=False)
    note: str = ""


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
    awaited: bool = False,
) -> Evidence:
    """Keep a file for a task that is not cancelled and not settled; the same bytes again answer the first row.

    ``awaited``: whoever calls knows that the file is still to come although the task is settled.
    :class:`BadInput` as of :func:`~shuangsui.inspections.evidence_policy.judge`; :class:`RuleRefused` ``task_state``.
    """
    require(session, actor, "inspect")
    task = find_to_change_task(session, no)
    if not (awaited and task.state is TaskState.CLOSED) and not _awaits_proof(session, task):
        require_task_state(task, "上传证据", *_OPEN)
    return keep(session, store, task, File(name, data, note), actor=actor, limits=limits)


def keep(
    session: TenantSession, store: Store, task: InspectionTask, file: File, *, actor: str, limits: Limits | None = None
) -> Evidence:
    """The same for whoever has judged that the file may come now, and that ``actor`` may hand it in."""
    name, data, note = clean_name(file.name), file.data, file.note
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
    record(session, "evidence.add", actor=actor, subject=f"task/{task.no}", payload=payload)
    return made


def list_files(session: TenantSession, no: str) -> Sequence[Evidence]:
    """A task's files in the order of their arrival."""
    task = find_task(session, no)
    return session.exec(select(Evidence).where(Evidence.task_id == task.id).order_by(col(Evidence.id))).all()


def require_known(session: TenantSession, task: InspectionTask, hashes: Iterable[str]) -> list[str]:
    """Hashes of files of the task, each once, in the given order; :class:`BadInput` ``evidence_unknown``."""
    known = set(session.exec(select(Evidence.sha256).where(Evidence.task_id == task.id)))
    given = list(dict.fromkeys(one.strip().lower() for one in hashes))
    for one in given:
        if one not in known:
            raise BadInput("evidence_unknown", task=task.no, sha256=one[:64])
    return given


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
    access_log.opened(session, task.object_code, actor=actor)
    return found, data


def _require_reader(session: TenantSession, actor: str) -> None:
    """Whoever may view, and whoever inspects."""
    try:
        require(session, actor, "view")
    except NotAllowed:
        require(session, actor, "inspect")


def _awaits_proof(session: TenantSession, task: InspectionTask) -> bool:
    """Whether a closed task still has a finding whose proof or receipt is to come (R15.2, R15.4)."""
    query = select(Finding.id).where(Finding.task_id == task.id, col(Finding.closed_at).is_(None)).limit(1)
    return task.state is TaskState.CLOSED and session.exec(query).first() is not None


def _find(session: TenantSession, task: InspectionTask, digest: str) -> Evidence | None:
    query = select(Evidence).where(Evidence.task_id == task.id, Evidence.sha256 == digest)
    return session.exec(query).one_or_none()
