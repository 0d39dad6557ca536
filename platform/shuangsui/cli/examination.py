"""``shuangsui disclosure test`` and ``test-report``: out of the clock while it is tested, into a fresh one after."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from shuangsui.cli.common import JsonOption, TenantOption, UserOption, emit, existing
from shuangsui.cli.desk import Desk, desk
from shuangsui.cli.typed import day_of
from shuangsui.db import TenantSession
from shuangsui.disclosure import examinations
from shuangsui.disclosure.messages import SINCE
from shuangsui.disclosure.tables import Term
from shuangsui.inspections import evidence as files

TaskArgument = Annotated[str, typer.Argument(metavar="TASK", help="检查任务编号", show_default=False)]
EvidenceOption = Annotated[
    list[str] | None, typer.Option("--evidence", help="证据材料的 SHA-256，可以重复", show_default=False)
]


def commission(
    task: TaskArgument,
    tenant: TenantOption,
    user: UserOption,
    institution: Annotated[str, typer.Option(help="检验、检测、鉴定机构", show_default=False)],
    commissioned: Annotated[str, typer.Option(help="委托日期", show_default=False)],
    expected: Annotated[str, typer.Option(help="预计收到报告的日期", show_default=False)],
    evidence: EvidenceOption = None,
    as_json: JsonOption = False,
) -> None:
    """登记委托检验、检测、鉴定，该对象的公开期限停止计算；须附委托的证据材料。"""
    at = desk(tenant)
    with at.session() as session:
        term = examinations.commission(
            session, at.office, task, institution=institution, commissioned=day_of(commissioned),
            expected=day_of(expected), evidence=evidence or [], actor=user,
        )  # fmt: skip
    emit(_view(term), as_json=as_json, human=_show)


def report(
    task: TaskArgument,
    tenant: TenantOption,
    user: UserOption,
    reported: Annotated[str, typer.Option(help="收到报告的日期", show_default=False)],
    evidence: EvidenceOption = None,
    file: Annotated[Path | None, typer.Option(help="报告文件，随即存为证据材料", show_default=False)] = None,
    as_json: JsonOption = False,
) -> None:
    """登记收到检验、检测、鉴定报告，公开期限自收到之日重新计算。"""
    at = desk(tenant)
    with at.session() as session:
        kept = [_kept(session, at, task, file, user)] if file else []
        term = examinations.report(
            session, at.office, task, reported=day_of(reported), evidence=[*(evidence or []), *kept], actor=user
        )
    emit(_view(term), as_json=as_json, human=_show)


def _kept(session: TenantSession, at: Desk, task: str, file: Path, user: str) -> str:
    store, limits = files.configured(at.settings)
    path = existing(file)
    with path.open("rb") as stream:
        data = stream.read(limits.max_bytes + 1)
    return examinations.keep_report(session, store, task, data, path.name, actor=user, limits=limits).sha256


def _view(term: Term) -> dict[str, Any]:
    names = ("kind", "key", "task_no", "ended", "since", "start", "days", "due", "provisional", "examination")
    return {name: getattr(term, name) for name in names}


def _show(found: dict[str, Any]) -> None:
    due = f"期限 {found['due']}" if found["due"] else "期限停止计算"
    typer.echo(f"抽查结果 {found['key']}：{SINCE[found['since']]}，{due}。")
