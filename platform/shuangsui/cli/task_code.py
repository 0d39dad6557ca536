"""``task code`` and ``task file-code``: the inspection code of a task, and the report of a visit without one."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from shuangsui.cli.common import JsonOption, TenantOption, UserOption, emit
from shuangsui.cli.desk import Desk, desk
from shuangsui.extension.service import enforcement_systems
from shuangsui.inspections import codes, tasks

NoArgument = Annotated[str, typer.Argument(metavar="NO", help="任务编号", show_default=False)]


def code(
    no: NoArgument,
    tenant: TenantOption,
    user: UserOption,
    number: Annotated[str | None, typer.Option(help="已经取得的执法码；不写则向执法监督应用申请")] = None,
    without: Annotated[str | None, typer.Option(help="情况紧急、不能等待执法码的理由，检查后备案")] = None,
    as_json: JsonOption = False,
) -> None:
    """取得检查任务的执法码；情况紧急的写明理由，先检查、后备案。"""
    at, system = desk(tenant), ""
    if without is None and number is None:
        number, system = _asked(at, no, user)
    with at.session() as session:
        if without is not None:
            codes.go_without(session, no, without, actor=user)
        else:
            codes.enter(session, no, number or "", actor=user, system=system)
        facts = {"task": no, "code": tasks.find_task(session, no).code, "system": system, "without": without or ""}
    emit(facts, as_json=as_json, human=_show)


def file_code(
    no: NoArgument,
    tenant: TenantOption,
    user: UserOption,
    number: Annotated[str | None, typer.Option(help="已经备案的编号；不写则向执法监督应用备案")] = None,
    as_json: JsonOption = False,
) -> None:
    """把没有执法码的检查报司法行政部门备案。"""
    at, system = desk(tenant), ""
    if number is None:
        with at.session(readonly=True) as session:
            missing = codes.to_report(session, no, actor=user)
        receipt = codes.report(enforcement_systems(at.office.tenant, at.settings), missing)
        number, system = receipt.number, receipt.system
    with at.session() as session:
        filing = codes.file(session, no, number, actor=user, system=system)
        facts = {"task": no, "number": filing.number, "system": system, "due": filing.due, "filed_at": filing.filed_at}
    emit(facts, as_json=as_json, human=lambda f: typer.echo(f"任务 {f['task']}：备案编号 {f['number']}"))


def _asked(at: Desk, no: str, user: str) -> tuple[str | None, str]:
    with at.session(readonly=True) as session:
        notice = codes.to_ask(session, no, actor=user)
    receipt = codes.ask(enforcement_systems(at.office.tenant, at.settings), notice)
    return receipt.code, receipt.system


def _show(facts: dict[str, Any]) -> None:
    said = f"执法码 {facts['code']}" if facts["code"] else f"没有执法码，理由：{facts['without']}；检查后应当备案"
    typer.echo(f"任务 {facts['task']}：{said}")
