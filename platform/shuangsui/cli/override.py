"""``shuangsui plan override``: one more draw of an object above once a year (R10.6)."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from shuangsui.cli.common import JsonOption, TenantOption, UserOption, emit, table
from shuangsui.cli.desk import desk
from shuangsui.draws.freezing import legal_day
from shuangsui.planning import overrides
from shuangsui.planning.tables import PROPOSALS, FrequencyOverride

app = typer.Typer(help="突破年度次数：须经委领导批准并写明理由，次数公开", no_args_is_help=True)

YearOption = Annotated[int, typer.Option("--year", help="计划年度", show_default=False)]
NumberArgument = Annotated[int, typer.Argument(metavar="N", help="申请的序号", show_default=False)]
ReasonOption = Annotated[str, typer.Option("--reason", help="理由", show_default=False)]


@app.command()
def propose(
    tenant: TenantOption,
    user: UserOption,
    year: YearOption,
    family: Annotated[str, typer.Option(help="事项族", show_default=False)],
    code: Annotated[str, typer.Option("--object", help="检查对象代码", show_default=False)],
    reason: ReasonOption,
    as_json: JsonOption = False,
) -> None:
    """申请让今年已抽查过的检查对象再次可被抽取。"""
    at = desk(tenant)
    with at.session() as session:
        rules = at.office.rules(legal_day(at.now(session)))
        facts = _facts(overrides.propose(session, year, family, code, reason, rules=rules, actor=user))
    emit(facts, as_json=as_json, human=lambda f: _show([f]))


@app.command()
def approve(
    n: NumberArgument, tenant: TenantOption, user: UserOption, year: YearOption, as_json: JsonOption = False
) -> None:
    """委领导批准；公示中的年度次数加一。"""
    at = desk(tenant)
    with at.session() as session:
        facts = _facts(overrides.approve(session, year, n, actor=user))
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
        facts = _facts(overrides.refuse(session, year, n, reason, actor=user))
    emit(facts, as_json=as_json, human=lambda f: _show([f]))


@app.command("list")
def list_(tenant: TenantOption, year: YearOption, as_json: JsonOption = False) -> None:
    """列出一年的申请。"""
    with desk(tenant).session(readonly=True) as session:
        found = [_facts(one) for one in overrides.overrides(session, year)]
    emit(found, as_json=as_json, human=_show)


def _facts(override: FrequencyOverride) -> dict[str, Any]:
    return override.model_dump(exclude={"tenant_id", "id"})


def _show(found: list[dict[str, Any]]) -> None:
    rows = [[f["n"], f["family"], f["object_code"], PROPOSALS[f["state"]], f["reason"], f["decision"]] for f in found]
    table("突破年度次数", ["序号", "事项族", "检查对象", "状态", "理由", "不批准的理由"], rows)
