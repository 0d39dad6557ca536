"""What a check or an import found, as it is kept beside the upload and shown; pure.

Good: ``rows``, ``added``, ``changed``, ``removed``, ``first`` changes, ``warnings`` of ``warned`` ones, the count of
``notes``. Refused: ``code`` and ``params`` of the reason; where it is the rows, ``kinds`` of errors by number and the
first ``errors``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shuangsui.errors import RowError, RowErrors, ShuangsuiError
from shuangsui.registry.heads import storable
from shuangsui.registry.intake import Change
from shuangsui.registry.service import Imported
from shuangsui.registry.wording import changed_text

SHOWN = 500
"""Errors and warnings that are kept here; the report has all."""


def good(kind: str, done: Imported) -> dict[str, Any]:
    """What the file does to its registry."""
    counts = {name: getattr(done, name) for name in ("rows", "added", "changed", "removed")}
    remarks = {"warnings": [_row(one) for one in done.warnings[:SHOWN]], "warned": len(done.warnings)}
    return {**counts, **remarks, "notes": len(done.notes), "first": [_change(kind, one) for one in done.first]}


def refused(error: ShuangsuiError) -> dict[str, Any]:
    """Why nothing can be taken in."""
    if not isinstance(error, RowErrors):
        return error.kept()
    return {**error.kept(), "kinds": _kinds(error.errors), "errors": [_row(one) for one in error.errors[:SHOWN]]}


def _kinds(errors: Sequence[RowError]) -> list[dict[str, Any]]:
    """Errors of one code and column together, the most frequent first, each with an example."""
    kinds: dict[tuple[str, str], dict[str, Any]] = {}
    for error in errors:
        one = kinds.setdefault((error.code, error.column), {**_row(error), "count": 0})
        one["count"] += 1
    return sorted(kinds.values(), key=lambda one: -one["count"])[:SHOWN]


def _row(error: RowError) -> dict[str, Any]:
    """Where, what is wrong, and how to mend it: our sentences say both, with a colon between."""
    what, colon, mend = storable(error.message).rpartition("：")
    said = {"what": what, "mend": mend} if colon else {"what": mend, "mend": ""}
    return {"row": error.row, "column": storable(error.column), "code": error.code, **said}


def _change(kind: str, change: Change) -> dict[str, Any]:
    text = changed_text(change.before, change.after, kind)
    return {"key": change.key, "change": change.kind.value, "text": text}
