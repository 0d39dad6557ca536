"""``shuangsui plan``: the annual plan, from its first line to publication (article 7)."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from shuangsui.cli import frequency, override, unplanned
from shuangsui.cli.common import JsonOption, TenantOption, UserOption, emit, table
from shuangsui.cli.desk import Desk, desk
from shuangsui.cli.typed import day_of, ratio_of
from shuangsui.draws.freezing import legal_day
from shuangsui.planning import service
from shuangsui.planning.policy import Seats, Terms
from shuangsui.planning.service import Line
from shuangsui.planning.tables import STATES, AnnualPlan

app = typer.Typer(help="年度抽查工作计划", no_args_is_help=True)

app.add_typer(unplanned.app, name="unplanned")
app.add_typer(override.app, name="override")
app.command("caps")(frequency.caps)
app.command("visits")(frequency.visits)

YearOption = Annotated[int, typer.Option("--year", help="计划年度", show_default=False)]


@app.command()
def new(
    tenant: TenantOption,
    user: UserOption,
    year: YearOption,
    reason: Annotated[str, typer.Option(help="年中修改的理由")] = "",
    as_json: JsonOption = False,
) -> None:
    """新建一版年度计划草案。"""
    _act(desk(tenant), as_json, lambda session: service.new_plan(session, year, actor=user, reason=reason))


@app.command()
def add(
    tenant: TenantOption,
    user: UserOption,
    year: YearOption,
    item: Annotated[str, typer.Option(help="事项编号", show_default=False)],
    ratio: Annotated[list[str], typer.Option(help="各层比例，如 A=1%、FLAG=10%；不分层用 ALL=5%", show_default=False)],
    starts: Annotated[str, typer.Option("--from", help="实施开始日期", show_default=False)],
    ends: Annotated[str, typer.Option("--to", help="实施结束日期", show_default=False)],
    district: Annotated[list[str] | None, typer.Option(help="只抽这些区县", show_default=False)] = None,
    industry: Annotated[list[str] | None, typer.Option(help="只抽这些行业代码开头的", show_default=False)] = None,
    rounds: Annotated[int, typer.Option(help="全年抽取次数", min=1)] = 1,
    batches: Annotated[int, typer.Option(help="批次数（重点事项只定批次顺序）", min=0)] = 0,
    team: Annotated[int, typer.Option(help="检查组人数", min=1, max=16)] = 2,
    qualification: Annotated[str, typer.Option(help="检查组须有人具备的岗位资格")] = "",
    experts: Annotated[int, typer.Option(help="每项任务抽取的专家人数", min=0, max=16)] = 0,
    field: Annotated[str, typer.Option(help="专家须具备的专业")] = "",
    per_day: Annotated[int, typer.Option(help="每天安排的任务数", min=1)] = 10,
    dispatch: Annotated[bool, typer.Option("--dispatch", help="只抽检查对象，交对象所在区县选派人员检查")] = False,
    partner: Annotated[list[str] | None, typer.Option(help="联合检查的其他机关（租户代码），可以重复")] = None,
    as_json: JsonOption = False,
) -> None:
    """在草案中加入一个条目；不符合清单或规则的当场拒绝。"""
    terms = Terms(
        ratios=dict(map(ratio_of, ratio)),
        districts=tuple(district or ()),
        industries=tuple(industry or ()),
        rounds=rounds,
        batches=batches,
        team=Seats(team, qualification),
        experts=Seats(experts, field) if experts else None,
        per_day=per_day,
        dispatch=dispatch,
        partners=tuple(partner or ()),
    )
    at = desk(tenant)
    for slug in terms.partners:
        at.office.tree.get(slug)
    line = Line(item, terms, day_of(starts), day_of(ends))
    with at.session() as session:
        rules = at.office.rules(legal_day(at.now(session)))
        row = service.add_line(session, year, line, rules=rules, level=at.office.level, actor=user)
    emit(
        {"year": year, "line": row.no, "item": item}, as_json=as_json, human=lambda v: typer.echo(f"第 {v['line']} 条")
    )


@app.command()
def drop(
    tenant: TenantOption, user: UserOption, year: YearOption, line: Annotated[int, typer.Argument(help="条目编号")]
) -> None:
    """从草案中删除一个没有抽取过的条目。"""
    with desk(tenant).session() as session:
        service.drop_line(session, year, line, actor=user)


@app.command()
def terminate(
    tenant: TenantOption,
    user: UserOption,
    year: YearOption,
    line: Annotated[int, typer.Argument(help="条目编号")],
    reason: Annotated[str, typer.Option(help="终止的理由", show_default=False)],
) -> None:
    """在草案中终止一个条目，不再抽取；已有的抽取保留。"""
    with desk(tenant).session() as session:
        service.terminate_line(session, year, line, reason, actor=user)


@app.command()
def submit(tenant: TenantOption, user: UserOption, year: YearOption, as_json: JsonOption = False) -> None:
    """提交委领导批准。"""
    _act(desk(tenant), as_json, lambda session: service.submit(session, year, actor=user))


@app.command()
def approve(tenant: TenantOption, user: UserOption, year: YearOption, as_json: JsonOption = False) -> None:
    """委领导批准；提出人和批准人不得为同一人。"""
    _act(desk(tenant), as_json, lambda session: service.approve(session, year, actor=user))


@app.command()
def publish(tenant: TenantOption, user: UserOption, year: YearOption, as_json: JsonOption = False) -> None:
    """公布已批准的计划。"""
    at = desk(tenant)
    _act(at, as_json, lambda session: service.publish(session, year, actor=user))
    at.publish_site(actor=user)


@app.command()
def show(tenant: TenantOption, year: YearOption, as_json: JsonOption = False) -> None:
    """显示最新一版计划。"""
    with desk(tenant).session(readonly=True) as session:
        emit(service.view(session, service.latest(session, year)), as_json=as_json, human=_show)


def _act(at: Desk, as_json: bool, act: Any) -> None:
    with at.session() as session:
        plan: AnnualPlan = act(session)
        view = service.view(session, plan)
    emit(view, as_json=as_json, human=_show)


def _show(view: dict[str, Any]) -> None:
    rows = [
        [
            line["no"],
            f"{line['item']} {line['item_name']}",
            _ratios(line),
            f"{line['starts']} 至 {line['ends']}",
            line["rounds"],
            _remark(line),
        ]
        for line in (*view["lines"], *view["unplanned"])
    ]
    title = f"{view['year']} 年度抽查工作计划第 {view['version']} 版（{STATES[view['state']]}）"
    table(title, ["条目", "事项", "比例", "实施时间", "次数", "备注"], rows)


def _remark(line: dict[str, Any]) -> str:
    """Outside the plan, or given up, and why."""
    words = {"unplanned": "计划外", "terminated": "已终止"}
    return "\n".join(f"{word}：{line[name]}" for name, word in words.items() if name in line)


def _ratios(line: dict[str, Any]) -> str:
    return "，".join(f"{name} {ratio}" for name, ratio in line["ratios"].items())
