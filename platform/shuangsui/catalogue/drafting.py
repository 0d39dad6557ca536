"""Work on the draft: rows of a file, edits by hand, confirmation by business offices, items held back (R4.1, R5.7)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from shuangsui.access.service import require
from shuangsui.catalogue import versions
from shuangsui.catalogue.derivation import attention
from shuangsui.catalogue.edits import CONTENT, content_of, edited, from_row
from shuangsui.catalogue.tables import Item, ItemList, ListState
from shuangsui.db import TenantSession, new_id, now
from shuangsui.errors import BadInput
from shuangsui.ledger.service import record
from shuangsui.registry.policy import fingerprint, plain
from shuangsui.registry.service import Imported, Progress, good_file, preview, take_in
from shuangsui.registry.shelves import Columns, Shelf


def import_items(
    session: TenantSession,
    path: Path,
    *,
    actor: str,
    dry_run: bool = False,
    partial: bool = False,
    sheet: str | None = None,
    on_progress: Progress | None = None,
) -> Imported:
    """Make ``path`` the content of the draft; every row of it is taken, whatever its wording.

    An item that the file changes must be confirmed again. Errors as of :func:`shuangsui.registry.service.import_file`.
    """
    file = good_file(path, "items", sheet=sheet, on_progress=on_progress)
    require(session, actor, "edit_catalogue")
    if dry_run:
        compared = versions.draft(session) or versions.in_force(session)
        return preview(session, _shelf(compared, actor), file, partial=partial)
    return take_in(session, _shelf(versions.opened(session), actor), file, actor=actor, partial=partial)


def set_field(session: TenantSession, code: str, field: str, value: str, *, actor: str) -> Item:
    """Change one field of an item of the draft (:func:`shuangsui.catalogue.edits.edited`); then confirm it again."""
    require(session, actor, "edit_catalogue")
    draft = versions.opened(session)
    item = versions.item_of(session, draft, code)
    changes = edited(field, value)
    before = {name: plain(getattr(item, name)) for name in changes}
    _change(item, {**changes, "proposed_by": actor, "confirmed_by": None, "confirmed_at": None})
    payload = {"version": draft.number, "field": field, "from": before, "to": plain(changes)}
    record(session, "catalogue.set", actor=actor, subject=code, payload=payload)
    return item


def confirm(session: TenantSession, codes: Sequence[str] = (), *, actor: str) -> list[Item]:
    """The business office agrees to these items, or to all that are not held and not yet confirmed (R4.1)."""
    require(session, actor, "confirm_item")
    draft = versions.in_state(session, ListState.DRAFT, "确认事项")
    chosen = [versions.item_of(session, draft, code) for code in codes] or versions.items_of(session, draft)
    fresh = [item for item in chosen if item.held is None and item.confirmed_by is None]
    for item in fresh:
        item.confirmed_by, item.confirmed_at = actor, now(session)
    payload = {"items": [item.code for item in fresh]}
    record(session, "catalogue.confirm", actor=actor, subject=_subject(draft), payload=payload)
    return fresh


def hold(session: TenantSession, code: str, reason: str, *, actor: str) -> Item:
    """Keep an item out of this version; it waits in the draft of the next (搁置)."""
    require(session, actor, "edit_catalogue")
    if not reason.strip():
        raise BadInput("reason_required")
    draft = versions.opened(session)
    item = versions.item_of(session, draft, code)
    item.held = reason.strip()
    payload = {"version": draft.number, "reason": item.held}
    record(session, "catalogue.hold", actor=actor, subject=code, payload=payload)
    return item


def release(session: TenantSession, code: str, *, actor: str) -> Item:
    """Put a held item back on this version."""
    require(session, actor, "edit_catalogue")
    draft = versions.in_state(session, ListState.DRAFT, "取消搁置")
    item = versions.item_of(session, draft, code)
    item.held = None
    record(session, "catalogue.release", actor=actor, subject=code, payload={"version": draft.number})
    return item


def _shelf(item_list: ItemList | None, actor: str) -> Shelf:
    """The items of one version, as the place of the file; without a version an empty one."""
    fresh = {"proposed_by": actor, "confirmed_by": None, "confirmed_at": None}

    def columns(row: Any) -> Columns:
        return {**from_row(row), **fresh}

    fixed = {"list_id": item_list.id if item_list else new_id()}
    return Shelf("items", Item, "code", CONTENT, columns, fixed)


def _change(item: Item, columns: Columns) -> None:
    for name, value in columns.items():
        setattr(item, name, value)
    item.attention = attention(dict(item))
    item.fingerprint = fingerprint(content_of(item))


def _subject(item_list: ItemList) -> str:
    return f"item_list/{item_list.number}"
