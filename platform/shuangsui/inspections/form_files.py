"""A file of check forms, one row per point: good as a whole, or refused with every bad row at once."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from shuangsui.errors import BadInput, RowError, RowErrors
from shuangsui.inspections.messages import ROW_TEXTS
from shuangsui.registry.columns import Column, Kind
from shuangsui.registry.findings import Findings
from shuangsui.registry.pipeline import CheckedRow, checked_rows
from shuangsui.registry.reading import read_table
from shuangsui.registry.values import code, ordinal, wording

KIND = Kind(
    "forms", "检查表",
    (
        Column("code", ("检查表编号", "form_code", "item_code"), code(), required=True),
        Column("title", ("检查表名称", "form_title"), wording(200), required=True),
        Column("no", ("序号", "要点序号"), ordinal, required=True),
        Column("content", ("检查内容", "检查要点", "check_content"), wording(2000), required=True),
        Column("method", ("检查方法", "检查方式"), wording(2000), empty=lambda: ""),
    ),
    key=("code", "no"),
)  # fmt: skip
"""Answers are kept under a point's number, so a number stands once in a form."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A form as a file has it; ``points`` in the file's order."""

    code: str
    title: str
    points: list[dict[str, Any]]


def read_forms(path: Path, *, sheet: str | None = None) -> tuple[list[Draft], list[RowError]]:
    """The forms of a CSV file or workbook, and remarks on its cells; :class:`RowErrors`, :class:`BadInput`."""
    findings = Findings()
    with read_table(path, KIND, sheet=sheet) as table:
        rows = list(checked_rows(table, findings))
        title = table.layout.title_of("title")
    if not rows:
        raise BadInput("no_rows")
    findings.close()
    good = [row for row in rows if not row.failed & {"code", "title"}]
    errors = sorted([*findings.errors, *_several_titles(good, title)], key=lambda error: error.row)
    if errors:
        raise RowErrors(errors, rows=len(rows))
    by_code = sorted(rows, key=_code)  # stable: the rows of a form need not stand together
    return [_draft(name, list(own)) for name, own in groupby(by_code, key=_code)], findings.warnings


def _several_titles(rows: list[CheckedRow], column: str) -> list[RowError]:
    """Rows that call a form otherwise than its first row does."""
    first: dict[str, CheckedRow] = {}
    wrong = []
    for row in rows:
        began = first.setdefault(_code(row), row)
        if row.values["title"] != began.values["title"]:
            sentence = ROW_TEXTS["form_title_differs"].format(form=_code(row), first=began.number)
            wrong.append(RowError(row.number, column, "form_title_differs", sentence))
    return wrong


def _draft(name: str, rows: list[CheckedRow]) -> Draft:
    points = [{field: str(row.values[field]) for field in ("no", "content", "method")} for row in rows]
    return Draft(name, str(rows[0].values["title"]), points)


def _code(row: CheckedRow) -> str:
    return str(row.values["code"])
