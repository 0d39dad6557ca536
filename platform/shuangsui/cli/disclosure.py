"""``shuangsui disclosure``: what is public, what is not confirmed, and publishing it again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from shuangsui.access.service import require
from shuangsui.cli import delivery, examination
from shuangsui.cli.common import JsonOption, TenantOption, UserOption, emit, table
from shuangsui.cli.desk import desk
from shuangsui.db import TenantSession
from shuangsui.disclosure import clocks, rulings, service, terms
from shuangsui.disclosure.clocks import Terms
from shuangsui.disclosure.messages import DECISIONS, KINDS, RULINGS, SINCE, STATES, TERMS
from shuangsui.disclosure.policy import recipients
from shuangsui.disclosure.receivers import receivers
from shuangsui.disclosure.tables import Publication, Ruling, Term
from shuangsui.disclosure.wording import breaker
from shuangsui.draws.freezing import legal_day
from shuangsui.errors import OutsideFailed
from shuangsui.rules import calendars
from shuangsui.texts import sentence
from shuangsui.web.telling import moment

app = typer.Typer(help="公示：公开决定、各项的送达与回执、更正和撤下、渠道、重新公示", no_args_is_help=True)
for name, command in delivery.COMMANDS.items():
    app.command(name)(command)
app.command("test")(examination.commission)
app.command("test-report")(examination.report)


@app.command("list")
def list_publications(tenant: TenantOption, as_json: JsonOption = False) -> None:
    """列出各项公示的最新一次及其回执。"""
    emit(_publications(tenant), as_json=as_json, human=_show_publications)


@app.command("channels")
def list_channels(tenant: TenantOption, as_json: JsonOption = False) -> None:
    """列出公示渠道：送什么、依何规定、能否使用、是否暂停、待送达和被退回多少项；有不能用的，退出码为 3。"""
    at = desk(tenant)
    with at.session(readonly=True) as session:
        found = [one.facts(sentence) for one in receivers(session, at.office.tenant, at.settings)]
    emit(found, as_json=as_json, human=_show_channels)
    if not all(one["ok"] for one in found):
        raise typer.Exit(OutsideFailed.exit_status)


@app.command("due")
def list_due(
    tenant: TenantOption,
    days: Annotated[
        int | None, typer.Option(min=0, help="列出几个工作日内到期的，默认按现行规则", show_default=False)
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """到期清单：期限内还没有公开的抽查情况、结果和行政决定；不依赖任何后台任务。"""
    at = desk(tenant)
    with at.session() as session:
        today = legal_day(at.now(session))
        rules = at.office.rules(today)
        calendar = calendars.in_force(session, at.office.tenant)
        wanted = Terms.of(rules)
        terms.refresh(session, wanted, calendar, today)
        terms.settle(session)
        ahead = rules.number("publication.due_list_days") if days is None else days
        due = terms.due_list(session, calendar.add(today, ahead).due)
        found = [_term(term) | {"target": clocks.target(term.clock, wanted, calendar)} for term in due]
    emit(found, as_json=as_json, human=_show_due)


RULING = ("task_no", "n", "decision", "state", "basis", "scope", "notified", "number", "proposer", "decider", "reason")
TaskArgument = Annotated[str, typer.Argument(metavar="TASK", help="检查任务编号")]


@app.command("decide")
def decide(task: TaskArgument, tenant: TenantOption, user: UserOption, as_json: JsonOption = False) -> None:
    """决定公开一项任务的抽查结果，随即送往各渠道。"""
    _ruled(tenant, lambda session: rulings.publish(session, task, actor=user), as_json, published_by=user)


@app.command("withhold")
def withhold(
    task: TaskArgument,
    tenant: TenantOption,
    user: UserOption,
    basis: Annotated[str, typer.Option(help="法律依据", show_default=False)],
    scope: Annotated[str, typer.Option(help="不予公开的范围", show_default=False)],
    notify: Annotated[list[str] | None, typer.Option(help="定向通报的单位，可以重复", show_default=False)] = None,
    nobody: Annotated[bool, typer.Option("--notify-nobody", help="不作定向通报")] = False,
    as_json: JsonOption = False,
) -> None:
    """提出依法不予公开；须由另一人批准，批准前不公开。"""
    told = recipients(notify or [], nobody=nobody)
    _ruled(
        tenant,
        lambda session: rulings.propose_withholding(session, task, basis=basis, scope=scope, notified=told, actor=user),
        as_json,
    )


@app.command("approve")
def approve(task: TaskArgument, tenant: TenantOption, user: UserOption, as_json: JsonOption = False) -> None:
    """批准不予公开；公示网站上只留有编号的说明。"""
    _ruled(tenant, lambda session: rulings.approve(session, task, actor=user), as_json, published_by=user)


@app.command("refuse")
def refuse(
    task: TaskArgument,
    tenant: TenantOption,
    user: UserOption,
    reason: Annotated[str, typer.Option(help="不批准的理由", show_default=False)],
    as_json: JsonOption = False,
) -> None:
    """不批准不予公开；之后另行决定公开。"""
    _ruled(tenant, lambda session: rulings.refuse(session, task, reason, actor=user), as_json)


def _ruled(
    tenant: str, act: Callable[[TenantSession], Ruling], as_json: bool, *, published_by: str | None = None
) -> None:
    at = desk(tenant)
    with at.session() as session:
        ruling = act(session)
    if published_by:
        at.publish_site(actor=published_by)
    emit({name: getattr(ruling, name) for name in RULING}, as_json=as_json, human=_show_ruling)


def _show_ruling(found: dict[str, Any]) -> None:
    typer.echo(f"检查任务 {found['task_no']}：{DECISIONS[found['decision']]}，{RULINGS[found['state']]}。")


@app.command()
def publish(tenant: TenantOption, user: UserOption, as_json: JsonOption = False) -> None:
    """把全部应公示的内容重新送到各渠道并读回核对；可以反复执行。"""
    at = desk(tenant)
    with at.session(readonly=True) as session:
        require(session, user, "publish")
    at.publish_site(actor=user)
    emit(_publications(tenant), as_json=as_json, human=_show_publications)


def _publications(tenant: str) -> list[dict[str, Any]]:
    with desk(tenant).session(readonly=True) as session:
        return [_facts(row) for row in service.publications(session)]


def _facts(row: Publication) -> dict[str, Any]:
    names = ("kind", "key", "revision", "state", "digest", "at", "receipts")
    return {name: getattr(row, name) for name in names}


def _show_publications(found: list[dict[str, Any]]) -> None:
    table(f"公示 {len(found)} 项", ["种类", "编号", "版次", "状态", "时间", "回执"], [_cells(one) for one in found])


def _cells(one: dict[str, Any]) -> list[Any]:
    names = [KINDS[one["kind"]], one["key"], one["revision"], STATES[one["state"]]]
    return [*names, moment(one["at"]), _receipts(one["receipts"])]


def _receipts(receipts: list[dict[str, Any]]) -> str:
    return "；".join(f"{one['channel']} {one['problem'] or one['reference']}" for one in receipts)


def _term(term: Term) -> dict[str, Any]:
    names = ("kind", "key", "draw_no", "ended", "since", "start", "days", "due", "provisional", "calendar")
    return {name: getattr(term, name) for name in names}


def _show_due(found: list[dict[str, Any]]) -> None:
    rows = [
        [
            TERMS[one["kind"]], one["key"], SINCE[one["since"]], one["start"], one["days"], one["target"] or "",
            f"{one['due']}{'（暂定）' if one['provisional'] else ''}",
        ]
        for one in found
    ]  # fmt: skip
    table(f"到期清单 {len(rows)} 项", ["内容", "编号", "起算", "起算日", "工作日", "内部期限", "期限"], rows)


def _show_channels(found: list[dict[str, Any]]) -> None:
    rows = [
        [one["channel"], "、".join(one["kind_names"]), one["duty_name"], "正常" if one["ok"] else "不能用",
         one["message"], breaker(one["failures"], moment(one["open_until"]) if one["open_until"] else ""),
         one["waiting"], one["refused"]]
        for one in found
    ]  # fmt: skip
    headings = ["渠道", "内容", "依规定", "状态", "说明", "送达情况", "待送达", "被退回"]
    table(f"公示渠道 {len(rows)} 个", headings, rows)
