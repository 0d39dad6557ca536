"""``shuangsui plan unplanned``: batches outside the plan, approved one by one (R7.5)."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from shuangsui.cli.common import JsonOption, TenantOption, UserOption, emit, table
from shuangsui.cli.desk import desk
from shuangsui.cli.typed import day_of, ratio_of
from shuangsui.draws.freezing import legal_day
from shuangsui.planning import batches
from shuangsui.planning.policy import Seats, Terms
from shuangsui.planning.service import Line
from shuangsui.planning.tables import PROPOSALS, UnplannedBatch

app = typer.Typer(help="计划外批次：须经委领导批准并写明理由", no_args_is_help=True)

YearOption = Annotated[int, typer.Option("--year", help="计划年度", show_default=False)]
NumberArgument = Annotated[int, typer.Argument(metavar="N", help="计划外批次的序号", show_default=False)]
ReasonOption = Annotated[str, typer.Option("--reason", help="理由", show_default=False)]


@app.command()
def propose(
    tenant: TenantOption,
    user: UserOption,
    year: YearOption,
    item: Annotated[str, typer.Option(help="事项编号", show_default=False)],
    ratio: Annotated[list[str], typer.Option(help="各层比例，如 A=1%、FLAG=10%；不分层用 ALL=5%", show_default=False)],
    starts: Annotated[str, typer.Option("--from", help="实施开始日期", show_default=False)],
    ends: Annotated[str, typer.Option("--to", help="实施结束日期", show_default=False)],
    reason: ReasonOption,
    team: Annotated[int, typer.Option(help="检查组人数", min=1, max=16)] = 2,
    qualification: Annotated[str, typer.Option(help="检查组须有人具备的岗位资格")] = "",
    as_json: JsonOption = False,
) -> None:
    """提出一个计划外批次。"""
    at = desk(tenant)
    terms = Terms(dict(map(ratio_of, ratio)), team=Seats(team, qualification))
    line = Line(item, terms, day_of(starts), day_of(ends))
    with at.session() as session:
        rules = at.office.rules(legal_day(at.now(session)))
        batch = batches.propose(session, year, line, reason, rules=rules, level=at.office.level, actor=user)
        facts = _facts(batch)
    emit(facts, as_json=as_json, human=lambda f: _show([f]))


@app.command()
def approve(
    n: NumberArgument, tenant: TenantOption, user: UserOption, year: YearOption, as_json: JsonOption = False
) -> None:
    """委领导批准；批准后即可抽取，公示中单独列出。"""
    at = desk(tenant)
    with at.session() as session:
        rules = at.office.rules(legal_day(at.now(session)))
        facts = _facts(batches.approve(session, year, n, rules=rules, level=at.office.level, actor=user))
    at.publish_site(actor=user)
    emit(facts, as_json=as_json, human=lambda f: _show([f]))


@app.command()
def refuse(
    n: NumberArgument,
    tenant: TenantOption,
    user: UserOption,
    year: YearOption,
    reason: ReasonOption,
    as_json: JsonOption = False,
) -> None:
    """委领导不批准，写明理由。"""
    with desk(tenant).session() as session:
        facts = _facts(batches.refuse(session, year, n, reason, actor=user))
    emit(facts, as_json=as_json, human=lambda f: _show([f]))


@app.command("list")
def list_(tenant: TenantOption, year: YearOption, as_json: JsonOption = False) -> None:
    """列出一年的计划外批次。"""
    with desk(tenant).session(readonly=True) as session:
        found = [_facts(batch) for batch in batches.batches(session, year)]
    emit(found, as_json=as_json, human=_show)


def _facts(batch: UnplannedBatch) -> dict[str, Any]:
    return batch.model_dump(exclude={"tenant_id", "id"})


def _show(found: list[dict[str, Any]]) -> None:
    rows = [[f["n"], f["item_code"], PROPOSALS[f["state"]], f["line_no"], f["reason"], f["decision"]] for f in found]
    table("计划外批次", ["序号", "事项", "状态", "条目", "理由", "不批准的理由"], rows)
