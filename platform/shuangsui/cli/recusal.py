"""``shuangsui recusal``: requests to withdraw, their decisions, and tasks that cannot be manned (articles 8 and 9)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

import typer

from shuangsui.cli.common import JsonOption, TenantOption, UserOption, emit, table
from shuangsui.cli.desk import desk
from shuangsui.draws import absences, readiness, recusal, tasks
from shuangsui.draws.office import find
from shuangsui.draws.people import leader_of
from shuangsui.draws.readiness import Helper
from shuangsui.draws.recusal import Claim
from shuangsui.draws.recusal_tables import CaseState, Option, RaisedBy
from shuangsui.draws.tables import Draw, RecusalCase
from shuangsui.draws.tasks import day_of
from shuangsui.errors import BadInput

app = typer.Typer(help="回避：申请、决定，组长，人员不足时的处理，替换情况", no_args_is_help=True)

DrawArgument = Annotated[str, typer.Argument(metavar="DRAW", help="抽取编号", show_default=False)]
NoArgument = Annotated[str, typer.Argument(metavar="NO", help="回避申请编号", show_default=False)]
TaskOption = Annotated[int, typer.Option("--task", help="任务序号，从 0 起", show_default=False)]
PersonOption = Annotated[str, typer.Option("--person", help="执法证号或专家编号", show_default=False)]
ReasonOption = Annotated[str, typer.Option("--reason", help="理由", show_default=False)]
DocumentOption = Annotated[str, typer.Option("--document", help="商请函文号", show_default=False)]
STATES = {CaseState.RAISED: "待决定", CaseState.UPHELD: "同意回避", CaseState.REFUSED: "不同意回避"}


@app.command("raise")
def raise_(
    draw: DrawArgument,
    tenant: TenantOption,
    user: UserOption,
    task: TaskOption,
    person: PersonOption,
    by: Annotated[RaisedBy, typer.Option(help="谁提出", show_default=False)],
    raiser: Annotated[str, typer.Option(help="提出人：执法证号、专家编号、检查对象代码或用户名", show_default=False)],
    why: Annotated[str, typer.Option(help="事由类别：employment、shareholding、kinship…", show_default=False)],
    detail: Annotated[str, typer.Option(help="具体情况，不公开")] = "",
    pool: Annotated[Literal["teams", "experts"], typer.Option(help="teams 执法人员 · experts 专家")] = "teams",
    as_json: JsonOption = False,
) -> None:
    """登记一项回避申请。"""
    with desk(tenant).session() as session:
        claim = Claim(task, pool, person, by, raiser, why, detail)
        case = recusal.raise_case(session, draw, claim, actor=user)
        facts = _facts(case)
    emit(facts, as_json=as_json, human=_show_one)


@app.command()
def decide(
    no: NoArgument,
    tenant: TenantOption,
    user: UserOption,
    uphold: Annotated[bool, typer.Option("--uphold/--refuse", help="同意或不同意", show_default=False)],
    reason: ReasonOption,
    as_json: JsonOption = False,
) -> None:
    """作出决定；同意的，同时按抽取规则重新随机抽取人员。"""
    at = desk(tenant)
    with at.session() as session:
        case = recusal.decide(session, at.office, no, reason, uphold=uphold, actor=user)
        facts, draw = _facts(case), session.find(Draw, case.draw_id)
    if uphold and draw:
        at.after_act(draw, actor=user)
    emit(facts, as_json=as_json, human=_show_one)


@app.command("list")
def list_(tenant: TenantOption, as_json: JsonOption = False) -> None:
    """列出全部回避申请；具体情况不显示。"""
    with desk(tenant).session(readonly=True) as session:
        found = [_facts(case) for case in recusal.cases(session)]
    emit(found, as_json=as_json, human=_show_all)


@app.command()
def leader(
    draw: DrawArgument,
    tenant: TenantOption,
    user: UserOption,
    task: TaskOption,
    person: PersonOption,
    reason: ReasonOption,
    as_json: JsonOption = False,
) -> None:
    """另行指定检查组组长，只能是组内的执法检查人员。"""
    at = desk(tenant)
    with at.session() as session:
        row = readiness.appoint_leader(session, at.office, draw, task, person, reason, actor=user)
        facts = {"draw": draw, "task": task, "leader": leader_of(row)}
    emit(facts, as_json=as_json, human=lambda f: typer.echo(f"第 {f['task']} 项任务组长：{f['leader']}"))


@app.command()
def choose(
    draw: DrawArgument,
    tenant: TenantOption,
    user: UserOption,
    task: TaskOption,
    option: Annotated[Option, typer.Option(help="怎样处理", show_default=False)],
    reason: ReasonOption,
) -> None:
    """记录人员不足或专家全部回避时怎样处理。"""
    with desk(tenant).session() as session:
        readiness.choose(session, draw, task, option, reason, actor=user)


@app.command()
def assist(
    draw: DrawArgument,
    tenant: TenantOption,
    user: UserOption,
    task: TaskOption,
    document: DocumentOption,
    helper: Annotated[list[str], typer.Option(help="执法证号=所属机关，可以重复", show_default=False)],
) -> None:
    """登记跨区域调派的执法检查人员，只用于这一项任务。"""
    with desk(tenant).session() as session:
        readiness.request_assistance(session, draw, task, document, [*map(_helper, helper)], actor=user)


@app.command("approve-assist")
def approve_assist(
    draw: DrawArgument, tenant: TenantOption, user: UserOption, task: TaskOption, document: DocumentOption
) -> None:
    """委领导批准跨区域调派。"""
    with desk(tenant).session() as session:
        readiness.approve_assistance(session, draw, task, document, actor=user)


@app.command()
def report(
    tenant: TenantOption,
    year: Annotated[int, typer.Option(help="年度", show_default=False)],
    quarter: Annotated[int, typer.Option(help="季度", min=1, max=4, show_default=False)],
    as_json: JsonOption = False,
) -> None:
    """列出一个季度被替换次数超过规定的人员及其任务。"""
    at = desk(tenant)
    with at.session(readonly=True) as session:
        most = at.office.rules(day_of(session)).number("replacement.alert_per_quarter")
        found = absences.replacement_report(session, year, quarter, most)
    rows = [{"person": person, "seats": [asdict(seat) for seat in seats]} for person, seats in found.items()]
    emit(rows, as_json=as_json, human=_show_report)


@app.command()
def ready(draw: DrawArgument, tenant: TenantOption, task: TaskOption) -> None:
    """核对一项任务能否派发，不能的说明原因。"""
    at = desk(tenant)
    with at.session(readonly=True) as session:
        found = find(session, draw)
        least = readiness.least_of(at.office, found, day_of(session))
        readiness.require_ready(session, found, tasks.task_of(session, found, task), least=least)
    typer.echo("可以派发")


def _helper(text: str) -> Helper:
    cert_no, sign, authority = text.partition("=")
    if not (sign and cert_no.strip() and authority.strip()):
        raise BadInput("helper_invalid", text=text)
    return Helper(cert_no.strip(), authority.strip())


def _facts(case: RecusalCase) -> dict[str, Any]:
    """Everything but the private detail."""
    names = ("no", "task", "pool", "person", "raised_by", "raiser", "reason_class", "state", "decision", "r")
    return {name: getattr(case, name) for name in names}


def _show_one(facts: dict[str, Any]) -> None:
    typer.echo(f"回避申请 {facts['no']}：{STATES[facts['state']]}")


def _show_all(found: list[dict[str, Any]]) -> None:
    rows = [[f["no"], f["task"], f["person"], f["raiser"], STATES[f["state"]], f["decision"]] for f in found]
    table(f"回避申请 {len(found)} 项", ["编号", "任务", "人员", "申请人", "状态", "理由"], rows)


def _show_report(found: list[dict[str, Any]]) -> None:
    rows = [
        [f["person"], len(f["seats"]), "、".join(f"{s['draw']} 第 {s['task']} 项" for s in f["seats"])] for f in found
    ]
    table(f"替换次数超过规定的人员 {len(found)} 名", ["执法证号", "次数", "任务"], rows)
