"""Check forms 检查表: versions taken from files, and which form an item is inspected by.

A version is never changed: a record keeps a copy of the one it was opened with.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlmodel import col, func, select

from shuangsui.access.service import require
from shuangsui.catalogue import versions
from shuangsui.catalogue.tables import Item
from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.errors import NotFound, RowError
from shuangsui.inspections.form_files import Draft, read_forms
from shuangsui.inspections.items import item_of
from shuangsui.inspections.tables import CheckForm, FormAttachment, InspectionTask
from shuangsui.ledger.service import record
from shuangsui.said import say

GENERAL = "general"
"""Code of the form of an item that has none of its own."""
_PARTS = re.compile("[；;\n]")


@dataclass(frozen=True, slots=True)
class ImportedForms:
    """What a file did: codes with their new version, codes it left as they were, remarks on its cells."""

    points: int
    new: dict[str, int]
    unchanged: list[str]
    warnings: list[RowError]


def import_forms(session: TenantSession, path: Path, *, actor: str, sheet: str | None = None) -> ImportedForms:
    """A new version of every form that the file has otherwise; forms it does not name stay.

    :class:`~shuangsui.errors.RowErrors` with every bad row; nothing is changed then.
    """
    require(session, actor, "manage_settings")
    drafts, warnings = read_forms(path, sheet=sheet)
    lock_tenant(session)
    latest = _latest(session)
    changed = [draft for draft in drafts if not _same(draft, latest.get(draft.code))]
    new = {draft.code: _stored(session, draft, latest.get(draft.code), actor).version for draft in changed}
    payload = {"source": path.name, "sha256": sha256(path.read_bytes()).hexdigest(), "versions": new}
    record(session, "form.import", actor=actor, subject="forms", payload=payload)
    unchanged = [draft.code for draft in drafts if draft.code not in new]
    return ImportedForms(sum(len(draft.points) for draft in drafts), new, unchanged, warnings)


def attach(session: TenantSession, item_code: str, form_code: str, *, actor: str) -> FormAttachment:
    """From now on the item is inspected by the newest version of the form; records opened before keep theirs.

    :class:`NotFound` ``form_item_missing`` for an item of no version of the list, ``form_missing``.
    """
    require(session, actor, "manage_settings")
    lock_tenant(session)
    if not _listed(session, item_code):
        raise NotFound("form_item_missing", item=item_code)
    show(session, form_code)
    found = _attachment(session, item_code) or FormAttachment(item_code=item_code, form_code="")
    if found.form_code != form_code:
        before, found.form_code = found.form_code or None, form_code
        session.add(found)
        payload = {"form": form_code, "before": before}
        record(session, "form.attach", actor=actor, subject=f"item/{item_code}", payload=payload)
    return found


def form_of(session: TenantSession, item_code: str) -> dict[str, Any]:
    """``{code, version, title, points: [{no, content, method}]}`` that an item is inspected by.

    Without a form of its own, the general one made of the item's 抽查内容; its version is that of the list.
    """
    found = _attachment(session, item_code)
    if found:
        return view(show(session, found.form_code))
    item, number = _item(session, item_code)
    return _general(item.name, item.content, item.method, number)


def form_for(session: TenantSession, task: InspectionTask) -> dict[str, Any]:
    """The form a task's record is opened with; an item that is not of the own list has the general one."""
    if _listed(session, task.item_code or ""):
        return form_of(session, task.item_code or "")
    item = item_of(session, task)
    return _general(item.name, item.content, item.method, 1)


def show(session: TenantSession, code: str, version: int | None = None) -> CheckForm:
    """One version of a form, by default the newest; :class:`NotFound` ``form_missing``."""
    query = select(CheckForm).where(CheckForm.code == code).order_by(col(CheckForm.version).desc())
    found = session.exec(query if version is None else query.where(CheckForm.version == version)).first()
    if found is None:
        raise NotFound(
            "form_missing", form=code if version is None else say("{code} 第 {version} 版", code=code, version=version)
        )
    return found


def list_forms(session: TenantSession) -> list[dict[str, Any]]:
    """The newest version of every form by its code, with the items it is attached to."""
    items: dict[str, list[str]] = defaultdict(list)
    for row in session.exec(select(FormAttachment).order_by(col(FormAttachment.item_code))):
        items[row.form_code].append(row.item_code)
    return [
        {**view(form), "points": len(form.points), "items": items[code], "by": form.by, "at": form.at}
        for code, form in sorted(_latest(session).items())
    ]


def view(form: CheckForm) -> dict[str, Any]:
    """What a record copies."""
    return {"code": form.code, "version": form.version, "title": form.title, "points": form.points}


def _general(name: str, content: str | None, method: str | None, version: int) -> dict[str, Any]:
    """One point for each part of the item's own content."""
    parts = [part.strip() for part in _PARTS.split(content or "") if part.strip()] or ["检查内容"]
    points = [{"no": str(n), "content": part, "method": method or ""} for n, part in enumerate(parts, start=1)]
    return {"code": GENERAL, "version": version, "title": say("{name}记录表", name=name), "points": points}


def _item(session: TenantSession, code: str) -> tuple[Item, int]:
    if (found := _listed(session, code)) is None:
        raise NotFound("form_item_missing", item=code)
    return found


def _listed(session: TenantSession, code: str) -> tuple[Item, int] | None:
    """The item and the number of its list version: the one in force, else the newest that has it."""
    current = versions.in_force(session)
    others = versions.versions(session)
    for one in [current, *others] if current else others:
        found = session.exec(select(Item).where(Item.list_id == one.id, Item.code == code)).one_or_none()
        if found:
            return found, one.number
    return None


def _attachment(session: TenantSession, item_code: str) -> FormAttachment | None:
    return session.exec(select(FormAttachment).where(FormAttachment.item_code == item_code)).one_or_none()


def _latest(session: TenantSession) -> dict[str, CheckForm]:
    """The newest version of every form."""
    newest = select(CheckForm.code, func.max(CheckForm.version)).group_by(CheckForm.code)
    numbers = dict(session.exec(newest).all())
    rows = session.exec(select(CheckForm).where(col(CheckForm.code).in_(numbers)))
    return {row.code: row for row in rows if row.version == numbers[row.code]}


def _same(draft: Draft, form: CheckForm | None) -> bool:
    return form is not None and (form.title, form.points) == (draft.title, draft.points)


def _stored(session: TenantSession, draft: Draft, before: CheckForm | None, actor: str) -> CheckForm:
    version = before.version + 1 if before else 1
    made = CheckForm(
        code=draft.code, version=version, title=draft.title, points=draft.points, by=actor, at=now(session)
    )
    session.add(made)
    return made
