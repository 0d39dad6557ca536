"""A file taken in in four steps: upload, columns, check, confirmation (article 6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from anyio import to_thread
from litestar import Request, Response, get

from shuangsui.errors import BadInput, NotFound
from shuangsui.pages import Detail, Here, Table, here_of, may, view
from shuangsui.registry import imports
from shuangsui.registry.columns import KINDS
from shuangsui.registry.import_forms import ACTS, ONE, START, columns_of, head_of, kind_of, row_of, store_of
from shuangsui.registry.tables import RegistryUpload, UploadState
from shuangsui.registry.wording import CHANGES, UPLOADS
from shuangsui.said import say
from shuangsui.texts import sentence
from shuangsui.web.exporting import XLSX

STEPS = ("上传文件", "对应各列", "逐行核对", "确认导入")
STEP = {
    UploadState.COLUMNS: 1, UploadState.CHECKING: 2, UploadState.REFUSED: 2, UploadState.READY: 3,
    UploadState.WRITING: 3, UploadState.DONE: 4,
}  # fmt: skip
MOVES = {
    UploadState.COLUMNS: {"check", "discard"}, UploadState.CHECKING: {"discard"},
    UploadState.REFUSED: {"check", "discard"}, UploadState.READY: {"check", "confirm", "discard"},
}  # fmt: skip
STAGES = {"check": "正在逐行核对", "compare": "正在与现有名录比较", "write": "正在写入名录"}
WAITING = {"name": "文件", "state_name": "进度", "by": "上传人", "at": "上传时间"}
KINDS_OF_ERRORS = {"what": "错误（举例）", "column": "列", "count": "处数", "row": "最先在第几行", "mend": "怎样改"}
ERRORS = {"row": "行", "column": "列", "what": "错误", "mend": "怎样改"}
WARNED = {"row": "行", "column": "列", "what": "情况", "mend": "建议"}
CHANGED = {"key": "代码或编号", "change_name": "变化", "text": "内容"}
COUNTS = {"rows": "行数", "added": "新增", "changed": "变更", "removed": "移出"}


def begin(here: Here) -> Detail:
    """The first step, and what somebody has begun already."""
    kind = kind_of(here)
    rows = [_waiting(row) for row in imports.under_way(here.session, kind)]
    tables = [Table(WAITING, rows, "/registries/{kind}/import/{id}", title="还没有办完的导入")] if rows else []
    asked = [{"title": one.headers[0], "required": one.required} for one in KINDS[kind].columns]
    return Detail(
        say("导入{title}", title=KINDS[kind].title),
        {},
        tables,
        data={"steps": STEPS, "step": 0, "state": "", "asked": asked},
    )


def go_on(here: Here) -> Detail:
    """The step at which the upload is: its columns, how far the work is, or what came of it."""
    row = row_of(here)
    stuck = imports.is_stuck(here.session, row)
    data = {
        "id": str(row.id), "kind": row.kind, "state": row.state, "steps": STEPS, "step": STEP[row.state],
        "outcome": row.outcome, "counts": _counts(row), "problem": _problem(row),
        "progress": None if stuck else _progress(here, row),
        "columns": _columns(here, row), "editing": _editing(here, row), "report": _report(here, row),
        "partial": row.partial, "stuck": stuck,
    }  # fmt: skip
    facts = {"文件": row.name, "工作表": row.sheet, "上传人": row.by, "上传时间": row.at}
    facts = {name: value for name, value in facts.items() if value}
    tables = [] if data["editing"] else _tables(row)
    acts = {"discard"} if stuck else MOVES.get(row.state, set())
    return Detail(say("导入{title}", title=KINDS[row.kind].title), facts, tables, acts=acts, data=data)


@get([f"/console{ONE}/report", f"/api{ONE}/report"], guards=[may("import_registry")], opt={"title": "下载错误清单"})
async def report(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The rows with errors, and beside each what is wrong and how to mend it."""

    def work() -> tuple[str, bytes]:
        with here_of(request) as here:
            row = row_of(here)
            path = store_of(here).report(row.id)
            if not path.is_file():
                raise NotFound("report_missing", file=row.name)
            return row.name, path.read_bytes()

    name, data = await to_thread.run_sync(work)
    saved = quote(f"{name.rpartition('.')[0] or name}-错误清单.xlsx", safe="")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{saved}", "Cache-Control": "no-store"}
    return Response(data, media_type=XLSX, headers=headers)


def _waiting(row: RegistryUpload) -> dict[str, Any]:
    return {**row.model_dump(include={"kind", "name", "by", "at"}), "id": str(row.id), "state_name": UPLOADS[row.state]}


def _editing(here: Here, row: RegistryUpload) -> bool:
    """Whether the columns are looked at: at the second step, or again afterwards."""
    again = row.state in (UploadState.REFUSED, UploadState.READY) and here.query.get("edit") == "columns"
    return row.state is UploadState.COLUMNS or again


def _columns(here: Here, row: RegistryUpload) -> dict[str, Any]:
    """Each field with where its header comes from, the sheets, and what of the file nobody takes."""
    head, columns = head_of(here, row), columns_of(here, row)
    remembered = imports.remembered(here.session, row.kind)
    fields = {
        one.field: {"required": one.required, "known": bool(columns[one.field]), "again": one.field in remembered}
        for one in KINDS[row.kind].columns
    }
    unused = [title for title in head.header if title and title not in columns.values()]
    sheets = [{"name": one["sheet"], "now": one["sheet"] == head.sheet} for one in row.heads]
    return {"fields": fields, "unused": unused, "sheets": sheets if len(sheets) > 1 else [], "fits": head.fits}


def _progress(here: Here, row: RegistryUpload) -> dict[str, Any] | None:
    """How far the worker is; None where nobody waits for him."""
    if row.state not in imports.AT_WORK:
        return None
    found = store_of(here).progress(row.id)
    if found is None:
        return {"words": "排队等候处理", "done": None, "total": None}
    return {"words": STAGES[found.stage], "done": found.done, "total": max(found.total or 0, found.done)}


def _counts(row: RegistryUpload) -> dict[str, int]:
    return {title: row.outcome[name] for name, title in COUNTS.items()} if "added" in row.outcome else {}


def _problem(row: RegistryUpload) -> str:
    if row.state is not UploadState.REFUSED:
        return ""
    return sentence(BadInput(row.outcome["code"], **row.outcome["params"]))


def _report(here: Here, row: RegistryUpload) -> str:
    there = row.state is UploadState.REFUSED and store_of(here).report(row.id).is_file()
    return f"/console/registries/{row.kind}/import/{row.id}/report" if there else ""


def _tables(row: RegistryUpload) -> list[Table]:
    """What the check found, or what the import did."""
    found = row.outcome
    first = [{**one, "change_name": CHANGES[one["change"]]} for one in found.get("first", [])]
    differing = sum(found.get(name, 0) for name in ("added", "changed", "removed"))
    tables = [
        Table(KINDS_OF_ERRORS, found.get("kinds", []), title="错误的种类"),
        _cut(ERRORS, found.get("errors", []), found.get("params", {}).get("count", 0), "逐处错误"),
        _cut(CHANGED, first, differing, "与原有名录的差异"),
        _cut(WARNED, found.get("warnings", []), found.get("warned", 0), "提醒：不妨碍导入，请留意"),
    ]
    return [table for table in tables if table.rows]


def _cut(columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]], count: int, title: str) -> Table:
    """A list that says so where there were more than it has."""
    notes = (say("共 {n} 处，这里只列出前 {shown} 处。", n=count, shown=len(rows)),) if len(rows) < count else ()
    return Table(columns, rows, title=title, notes=notes)


VIEWS = [
    view(START, verb="import_registry", load=begin, title="导入名录", template="console/import.html"),
    view(ONE, verb="import_registry", load=go_on, title="导入名录", template="console/import.html"),
]
HANDLERS = [report]
__all__ = ["ACTS", "HANDLERS", "VIEWS"]
