"""``shuangsui registry``: take files in, see what they changed, how old each registry is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial as bind
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import typer
from rich import progress

from shuangsui.access.service import require
from shuangsui.catalogue.service import import_items
from shuangsui.cli import feed, pool
from shuangsui.cli.common import JsonOption, TenantOption, UserOption, emit, existing, notes, table
from shuangsui.cli.desk import desk
from shuangsui.cli.typed import day_of, day_start
from shuangsui.disclosure.decisions import import_decisions
from shuangsui.errors import RowErrors
from shuangsui.inspections import access_log
from shuangsui.registry import history, read
from shuangsui.registry.columns import KINDS
from shuangsui.registry.history import Past
from shuangsui.registry.intake import Change
from shuangsui.registry.policy import Content, altered
from shuangsui.registry.report import write_errors
from shuangsui.registry.service import Imported, Progress, import_file
from shuangsui.registry.tables import RegistryImport
from shuangsui.tenancy.tenant import TIMEZONE

app = typer.Typer(
    help="名录库：检查对象、执法检查人员、专家、利害关系、事项清单；行政处罚和行政许可决定", no_args_is_help=True
)
app.add_typer(feed.app, name="feed")
app.add_typer(pool.app, name="pool")

Kind = Literal["objects", "inspectors", "experts", "interests", "items", "decisions"]
KindArgument = Annotated[Kind, typer.Argument(help="名录类别", show_default=False)]
SHOWN = 20
STAGES = {"check": "核对", "write": "写入"}
CHANGES = {"added": "新增", "changed": "变更", "removed": "移出"}


@app.command("import")
def import_registry(
    kind: KindArgument,
    file: Annotated[Path, typer.Argument(help="xlsx 或 CSV 文件", show_default=False)],
    tenant: TenantOption,
    user: UserOption,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只核对并显示差异，不写入")] = False,
    partial: Annotated[bool, typer.Option("--partial", help="文件里没有的行保持不变，不移出")] = False,
    sheet: Annotated[str | None, typer.Option(help="工作表名称", show_default=False)] = None,
    errors: Annotated[Path | None, typer.Option(help="错误清单写到这个 xlsx 文件", show_default=False)] = None,
    as_json: JsonOption = False,
) -> None:
    """导入名录、事项清单，或者行政处罚和行政许可决定：整份文件都正确才写入，有错误时一次列出全部错误。

    决定（decisions）只增加和更正，文件里没有的决定不移出。
    """
    at, path = desk(tenant), existing(file)
    take = _taker(kind, partial=partial)
    with at.session(readonly=True) as session:
        require(session, user, "edit_catalogue" if kind == "items" else "import_registry")
    try:
        with at.session(readonly=dry_run) as session, _progress(hidden=as_json) as tell:
            done = take(session, path=path, actor=user, dry_run=dry_run, sheet=sheet, on_progress=tell)
    except RowErrors as refused:
        _refused(refused, kind, path, sheet, errors, as_json=as_json)
        raise
    emit(_answer(done, dry_run=dry_run), as_json=as_json, human=lambda _: _show(kind, done, dry_run=dry_run))


@app.command("history")
def show_history(
    kind: KindArgument,
    tenant: TenantOption,
    user: UserOption,
    since: Annotated[str | None, typer.Option("--from", help="起始日期", show_default=False)] = None,
    until: Annotated[str | None, typer.Option("--to", help="终止日期（含）", show_default=False)] = None,
    key: Annotated[str | None, typer.Option(help="只看这个代码或编号", show_default=False)] = None,
    as_json: JsonOption = False,
) -> None:
    """列出名录的每处变更：何时、何人、来源、由何改为何；查阅一个检查对象的会留痕。"""
    first = day_start(day_of(since)) if since else None
    last = day_start(day_of(until) + timedelta(days=1)) if until else None
    with desk(tenant).session() as session:
        if kind == "objects" and key:
            access_log.opened(session, key, actor=user)
        past = history.changes_between(session, kind, first, last, key=key)
        found = list(past if as_json else islice(past, SHOWN + 1))
    emit([_past(one) for one in found], as_json=as_json, human=lambda _: _show_past(found))


@app.command("status")
def show_status(tenant: TenantOption, as_json: JsonOption = False) -> None:
    """每类名录最近一次导入的时间、来源和行数。"""
    with desk(tenant).session(readonly=True) as session:
        last = {kind: history.last_import(session, kind) for kind in KINDS}
        sizes = read.sizes(session)
    found = [_status(kind, sizes.get(kind), one) for kind, one in last.items()]
    emit(found, as_json=as_json, human=_show_status)


def _taker(kind: Kind, *, partial: bool) -> Callable[..., Imported]:
    if kind == "decisions":
        return import_decisions
    return bind(import_items, partial=partial) if kind == "items" else bind(import_file, kind=kind, partial=partial)


@contextmanager
def _progress(*, hidden: bool) -> Iterator[Progress]:
    """A bar for each stage on stderr; none where nobody looks."""
    columns = (progress.TextColumn("{task.description}"), progress.BarColumn(), progress.MofNCompleteColumn())
    with progress.Progress(*columns, console=notes, disable=hidden or not notes.is_terminal) as bars:
        tasks = {stage: bars.add_task(name, total=None, start=False) for stage, name in STAGES.items()}

        def tell(stage: str, done: int, total: int | None) -> None:
            bars.start_task(tasks[stage])
            bars.update(tasks[stage], completed=done, total=total)

        yield tell


def _refused(
    refused: RowErrors, kind: Kind, path: Path, sheet: str | None, errors: Path | None, *, as_json: bool
) -> None:
    """Where every error goes: to the file asked for, and into the answer."""
    if errors:
        write_errors(path, kind, refused.errors, existing(errors), sheet=sheet)
        notes.print(f"错误清单已写入 {errors}", soft_wrap=True, markup=False)
    if as_json:
        counts = {"rows": refused.params["rows"], "accepted": 0, "changed": dict.fromkeys(CHANGES, 0)}
        emit(counts | {"errors": [error.as_dict() for error in refused.errors]}, as_json=True)


def _answer(done: Imported, *, dry_run: bool) -> dict[str, Any]:
    return {
        "rows": done.rows,
        "accepted": done.rows,
        "changed": {"added": done.added, "changed": done.changed, "removed": done.removed},
        "errors": [],
        "warnings": len(done.warnings),
        "notes": len(done.notes),
        "dry_run": dry_run,
        "first_changes": [_change(change) for change in done.first],
        "first_warnings": [warning.as_dict() for warning in done.warnings[:SHOWN]],
    }


def _change(change: Change) -> dict[str, Any]:
    return {"key": change.key, "change": change.kind, "columns": altered(change.before, change.after)}


def _show(kind: Kind, done: Imported, *, dry_run: bool) -> None:
    verdict = "试运行，没有写入" if dry_run else "已写入"
    counts = f"新增 {done.added}，变更 {done.changed}，移出 {done.removed}"
    typer.echo(f"{KINDS[kind].title} {done.rows} 行，{counts}；{verdict}")
    if done.first:
        rows = [[one.key, CHANGES[one.kind], _columns(one.before, one.after)] for one in done.first[:SHOWN]]
        table(f"前 {len(rows)} 处差异", ["代码", "变化", "内容"], rows)
    for warning in done.warnings[:SHOWN]:
        notes.print(f"提醒：第 {warning.row} 行 {warning.column}：{warning.message}", soft_wrap=True, markup=False)
    if done.notes or done.warnings:
        typer.echo(f"规范化 {len(done.notes)} 处，提醒 {len(done.warnings)} 处")


def _columns(before: Content | None, after: Content | None) -> str:
    """What changed, column by column; the name of a row that came or went."""
    changed = [f"{name}：{_word(old)} → {_word(new)}" for name, (old, new) in altered(before, after).items()]
    return "；".join(changed) or str((after or before or {}).get("name", ""))


def _word(value: object) -> str:
    return "空" if value in (None, "", []) else str(value)


def _past(one: Past) -> dict[str, Any]:
    return {**asdict(one), "at": one.at.isoformat(), "columns": altered(one.before, one.after)}


def _show_past(found: list[Past]) -> None:
    rows = [
        [_local(one.at), one.actor, one.source, one.key, CHANGES[one.change], _columns(one.before, one.after)]
        for one in found[:SHOWN]
    ]
    title = f"变更 {len(rows)} 处" if len(found) <= SHOWN else f"前 {SHOWN} 处变更，全部见 --json"
    table(title, ["时间", "办理人", "来源", "代码", "变化", "内容"], rows)


def _status(kind: str, size: int | None, last: RegistryImport | None) -> dict[str, Any]:
    known = last.model_dump(mode="json", exclude={"tenant_id", "id", "kind"}) if last else None
    return {"kind": kind, "size": size, "last_import": known}


def _show_status(found: list[dict[str, Any]]) -> None:
    rows = [[KINDS[one["kind"]].title, one["size"], *_last(one["last_import"])] for one in found]
    table("名录库", ["名录", "现有行数", "最近导入", "办理人", "文件"], rows)


def _last(last: dict[str, Any] | None) -> list[str]:
    return [_local(datetime.fromisoformat(last["at"])), last["actor"], last["source"]] if last else ["从未", "", ""]


def _local(moment: datetime) -> str:
    return moment.astimezone(ZoneInfo(TIMEZONE)).strftime("%Y-%m-%d %H:%M")
