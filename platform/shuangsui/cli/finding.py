"""``shuangsui finding``: what becomes of findings (article 15): disposition, rectification, hand-over, closing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from shuangsui.cli.common import JsonOption, TenantOption, UserOption, emit, table
from shuangsui.cli.desk import Desk, desk
from shuangsui.cli.task import TaskArgument
from shuangsui.cli.typed import day_of
from shuangsui.db import TenantSession
from shuangsui.inspections import followup, rechecks, tasks, views
from shuangsui.inspections.followup import Order
from shuangsui.inspections.states import DISPOSITIONS, RECTIFICATION_STATES, Disposition

app = typer.Typer(help="问题处理：处理意见、整改、移交、办结", no_args_is_help=True)

NumberArgument = Annotated[int, typer.Argument(metavar="N", help="第几个问题", min=1, show_default=False)]
EvidenceOption = Annotated[list[str] | None, typer.Option(help="本任务证据文件的摘要，可以重复", show_default=False)]


@app.command("list")
def list_findings(no: TaskArgument, tenant: TenantOption, user: UserOption, as_json: JsonOption = False) -> None:
    """列出一项任务发现的问题和处理进度；查阅会留痕。"""
    with desk(tenant).session() as session:
        found = views.opened(session, no, actor=user)["findings"]
    emit(found, as_json=as_json, human=_show)


@app.command()
def dispose(
    no: TaskArgument,
    n: NumberArgument,
    tenant: TenantOption,
    user: UserOption,
    disposition: Annotated[
        Disposition,
        typer.Option(
            help="rectify 责令改正 · case 移交立案 · transfer 移送其他部门 · none 无需处理", show_default=False
        ),
    ],
    reason: Annotated[str, typer.Option(help="理由，无需处理时必填")] = "",
    demand: Annotated[str, typer.Option(help="整改要求")] = "",
    due: Annotated[str | None, typer.Option(help="整改期限", show_default=False)] = None,
    to: Annotated[str, typer.Option(help="移交给哪个单位")] = "",
    evidence: EvidenceOption = None,
    as_json: JsonOption = False,
) -> None:
    """对一个问题作出处理意见。"""
    order = Order(disposition, reason, demand, day_of(due) if due else None, to, tuple(evidence or ()))
    _act(tenant, no, lambda s, at: followup.dispose(s, at.office, no, n, order, actor=user), as_json=as_json)


@app.command()
def proof(
    no: TaskArgument,
    n: NumberArgument,
    tenant: TenantOption,
    user: UserOption,
    statement: Annotated[str, typer.Option(help="整改情况", show_default=False)],
    evidence: EvidenceOption = None,
    as_json: JsonOption = False,
) -> None:
    """登记检查对象提交的整改材料。"""
    _act(
        tenant, no, lambda s, _: followup.submit_proof(s, no, n, statement, actor=user, evidence=evidence or ()),
        as_json=as_json,
    )  # fmt: skip


@app.command()
def recheck(
    no: TaskArgument,
    n: NumberArgument,
    tenant: TenantOption,
    user: UserOption,
    passed: Annotated[bool, typer.Option("--passed/--failed", help="合格或不合格", show_default=False)],
    remark: Annotated[str, typer.Option(help="复查情况")] = "",
    due: Annotated[str | None, typer.Option(help="不合格的，新的整改期限", show_default=False)] = None,
    as_json: JsonOption = False,
) -> None:
    """复查整改；复查人和登记材料的人不得为同一人。"""
    term = day_of(due) if due else None
    _act(
        tenant, no,
        lambda s, at: followup.check_rectification(
            s, at.office, no, n, passed=passed, remark=remark, actor=user, new_term=term
        ),
        as_json=as_json,
    )  # fmt: skip


@app.command()
def revisit(
    no: TaskArgument,
    n: NumberArgument,
    tenant: TenantOption,
    user: UserOption,
    person: Annotated[list[str], typer.Option(help="到场的执法证号，可以重复", show_default=False)],
    as_json: JsonOption = False,
) -> None:
    """登记一次现场复查；不计入年度次数，在检查频次台账中标明。"""
    _act(tenant, no, lambda s, at: rechecks.recheck(s, at.office, no, n, person, actor=user), as_json=as_json)


@app.command()
def receipt(
    no: TaskArgument,
    n: NumberArgument,
    tenant: TenantOption,
    user: UserOption,
    number: Annotated[str, typer.Option(help="接收单位的回执", show_default=False)],
    as_json: JsonOption = False,
) -> None:
    """登记移交的回执。"""
    _act(tenant, no, lambda s, _: followup.receive_receipt(s, no, n, number, actor=user), as_json=as_json)


@app.command()
def close(no: TaskArgument, tenant: TenantOption, user: UserOption, as_json: JsonOption = False) -> None:
    """办结任务：每个问题都有处理意见，移交的都有回执。"""
    _act(tenant, no, lambda s, _: followup.close(s, no, actor=user), as_json=as_json)


def _act(tenant: str, no: str, do: Callable[[TenantSession, Desk], object], *, as_json: bool) -> None:
    at = desk(tenant)
    with at.session() as session:
        do(session, at)
        found = views.full(session, tasks.find_task(session, no))["findings"]
    emit(found, as_json=as_json, human=_show)


def _show(found: list[dict[str, Any]]) -> None:
    rows = [[f["n"], f["text"], DISPOSITIONS.get(f["disposition"], "未处理"), _progress(f)] for f in found]
    table(f"问题 {len(found)} 个", ["序号", "问题", "处理意见", "整改"], rows)


def _progress(finding: dict[str, Any]) -> str:
    made = finding["rectification"]
    return f"{made['no']} {RECTIFICATION_STATES[made['state']]}，期限 {made['due']}" if made else ""
