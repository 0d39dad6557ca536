"""A registry file that comes through a page: kept for the moment of its import, told about in one sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePosixPath, PureWindowsPath
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import BaseModel, Field

from shuangsui.pages import Attachment
from shuangsui.registry.service import Imported
from shuangsui.said import say

SHOWN = 20
LONGEST = 60
"""Signs of a name, of which each may take four bytes; disks take 255."""


class Upload(BaseModel):
    """The form of an import."""

    file: Attachment = Field(title="文件", description="xlsx 工作簿或 CSV；整份文件都正确才写入")
    sheet: str = Field("", title="工作表", max_length=100, description="只有一张表时不必填")
    partial: bool = Field(False, title="文件里没有的行保持不变，不移出")
    dry_run: bool = Field(False, title="只核对，不写入")


def taken(form: Upload, take: Callable[..., Imported]) -> dict[str, Any]:
    """Import the upload with ``take(path, …)``; the answer counts what changed and lists remarks on cells."""
    with TemporaryDirectory(prefix="shuangsui-upload-") as folder:
        path = Path(folder) / plain_name(form.file.name)
        path.write_bytes(form.file.data)
        done = take(path=path, partial=form.partial, sheet=form.sheet or None, dry_run=form.dry_run)
    return answer(done, dry_run=form.dry_run)


def plain_name(name: str) -> str:
    """The last part of what a browser calls the file, as short as any disk takes it: no path of anybody's machine."""
    last = PurePosixPath(PureWindowsPath(name).name).name
    shown = "".join(sign for sign in last if sign.isprintable())[-LONGEST:]
    return shown if shown.strip(".") else "upload"


def answer(done: Imported, *, dry_run: bool) -> dict[str, Any]:
    """Numbers for programs, and the same as a sentence where nothing else would show them."""
    changed = {"added": done.added, "changed": done.changed, "removed": done.removed}
    warnings = [warning.as_dict() for warning in done.warnings[:SHOWN]]
    told = {"once": spoken(done)} if dry_run or done.warnings else {}
    return {"rows": done.rows, "changed": changed, "warnings": warnings, "dry_run": dry_run, **told}


def spoken(done: Imported) -> str:
    """The counts and the first remarks."""
    counts = say(
        "{rows} 行：新增 {added}，变更 {changed}，移出 {removed}。",
        rows=done.rows,
        added=done.added,
        changed=done.changed,
        removed=done.removed,
    )
    remarks = [
        say("第 {row} 行“{column}”：{message}", row=one.row, column=one.column, message=one.message)
        for one in done.warnings[:SHOWN]
    ]
    return "\n".join([counts, *remarks])
