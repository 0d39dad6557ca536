"""``shuangsui catalogue``: the item list 随机抽查事项清单, from its draft to publication (articles 4 and 5)."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from shuangsui.catalogue import basis, service, versions, views
from shuangsui.catalogue.tables import Item, ItemList
from shuangsui.catalogue.versions import STATES
from shuangsui.cli.common import JsonOption, TenantOption, UserOption, emit, table
from shuangsui.cli.desk import Desk, desk
from shuangsui.cli.typed import day_of
from shuangsui.db import TenantSession
from shuangsui.draws.freezing import legal_day
from shuangsui.rules.policy import Rules

app = typer.Typer(help="随机抽查事项清单", no_args_is_help=True)

CodeArgument = Annotated[str, typer.Argument(help="事项编号", show_default=False)]
ReasonOption = Annotated[str, typer.Option(help="理由", show_default=False)]

CLASSES = {"key": "重点", "general": "一般", None: ""}


@app.command("list")
def list_versions(tenant: TenantOption, as_json: JsonOption = False) -> None:
    """列出清单的全部版本。"""
    with desk(tenant).session(readonly=True) as session:
        found = [views.summary(one) for one in versions.versions(session)]
    emit(found, as_json=as_json, human=_show_versions)


@app.command()
def show(
    tenant: TenantOption,
    version: Annotated[int | None, typer.Option(help="版本，默认最新一版", show_default=False)] = None,
    as_json: JsonOption = False,
) -> None:
    """显示一版清单的全部事项，以及需要人工处理的地方。"""
    with desk(tenant).session(readonly=True) as session:
        emit(views.work_view(session, versions.version(session, version)), as_json=as_json, human=_show)


@app.command()
def confirm(
    tenant: TenantOption,
    user: UserOption,
    codes: Annotated[list[str] | None, typer.Argument(metavar="[CODE]...", help="事项编号")] = None,
    everything: Annotated[bool, typer.Option("--all", help="确认全部没有搁置的事项")] = False,
    as_json: JsonOption = False,
) -> None:
    """业务处室确认事项。"""
    if bool(codes) is everything:
        raise typer.BadParameter("请写明事项编号，或者用 --all 确认全部，两者取一。")
    with desk(tenant).session() as session:
        found = [item.code for item in service.confirm(session, codes or [], actor=user)]
    emit({"confirmed": found}, as_json=as_json, human=lambda _: typer.echo(f"已确认 {len(found)} 项"))


@app.command("set")
def set_field(
    code: CodeArgument,
    field: Annotated[str, typer.Argument(help="栏目，例如 抽查比例", show_default=False)],
    value: Annotated[str, typer.Argument(help="内容，空文字表示清除", show_default=False)],
    tenant: TenantOption,
    user: UserOption,
    as_json: JsonOption = False,
) -> None:
    """修改草案中一个事项的一栏；修改后须重新确认。"""
    with desk(tenant).session() as session:
        _tell(service.set_field(session, code, field, value, actor=user), "已修改", as_json=as_json)


@app.command()
def hold(
    code: CodeArgument, tenant: TenantOption, user: UserOption, reason: ReasonOption, as_json: JsonOption = False
) -> None:
    """搁置一个事项，留待下一版。"""
    with desk(tenant).session() as session:
        _tell(service.hold(session, code, reason, actor=user), "已搁置", as_json=as_json)


@app.command()
def release(code: CodeArgument, tenant: TenantOption, user: UserOption, as_json: JsonOption = False) -> None:
    """取消搁置。"""
    with desk(tenant).session() as session:
        _tell(service.release(session, code, actor=user), "已取消搁置", as_json=as_json)


@app.command()
def submit(tenant: TenantOption, user: UserOption, as_json: JsonOption = False) -> None:
    """提交委领导批准；不合规定的事项一次全部列出。"""
    at = desk(tenant)
    with at.session() as session:
        found = service.submit(session, actor=user, rules=_rules(at, session), level=at.office.level)
        _tell_state(found, as_json=as_json)


@app.command()
def approve(tenant: TenantOption, user: UserOption, as_json: JsonOption = False) -> None:
    """委领导批准；提出人和批准人不得为同一人。"""
    at = desk(tenant)
    with at.session() as session:
        _tell_state(service.approve(session, actor=user, rules=_rules(at, session)), as_json=as_json)


@app.command("return")
def give_back(tenant: TenantOption, user: UserOption, reason: ReasonOption, as_json: JsonOption = False) -> None:
    """委领导退回清单，由综合执法处修改。"""
    with desk(tenant).session() as session:
        _tell_state(service.give_back(session, reason, actor=user), as_json=as_json)


@app.command()
def publish(tenant: TenantOption, user: UserOption, as_json: JsonOption = False) -> None:
    """公布已批准的清单；搁置的事项留在下一版草案。"""
    at = desk(tenant)
    with at.session() as session:
        found = service.publish(session, actor=user, rules=_rules(at, session))
    at.publish_site(actor=user)
    _tell_state(found, as_json=as_json)


@app.command("basis")
def mark_basis(
    law: Annotated[str, typer.Argument(metavar="LAW", help="依据，按清单“抽查依据”一栏的写法", show_default=False)],
    tenant: TenantOption,
    user: UserOption,
    on: Annotated[str, typer.Option("--amended-on", help="修改日期", show_default=False)],
) -> None:
    """登记一项依据已经修改；以它为依据的事项须在期限内复核。"""
    with desk(tenant).session() as session:
        basis.mark_amended(session, law, day_of(on), actor=user)


@app.command()
def review(
    code: CodeArgument,
    law: Annotated[str, typer.Argument(metavar="LAW", help="已修改的依据", show_default=False)],
    tenant: TenantOption,
    user: UserOption,
    outcome: Annotated[str, typer.Option(help="复核结果：保持不变，或者已在第几版修改", show_default=False)],
) -> None:
    """登记复核结果。"""
    with desk(tenant).session() as session:
        basis.review(session, code, law, outcome, actor=user)


@app.command()
def reviews(tenant: TenantOption, as_json: JsonOption = False) -> None:
    """列出待复核的事项。"""
    at = desk(tenant)
    with at.session(readonly=True) as session:
        rules = _rules(at, session)
        found = [
            {"item": item.code, "law": one.law, "amended_on": str(one.amended_on), "due": str(basis.due(one, rules))}
            for item, one in basis.pending(session)
        ]
    emit(found, as_json=as_json, human=_show_reviews)


def _show_reviews(found: list[dict[str, Any]]) -> None:
    table(f"待复核 {len(found)} 项", ["事项", "依据", "修改日期", "复核期限"], [list(one.values()) for one in found])


def _rules(at: Desk, session: TenantSession) -> Rules:
    return at.office.rules(legal_day(at.now(session)))


def _tell(item: Item, done: str, *, as_json: bool) -> None:
    """The item as it is now, and what still needs a person."""
    emit(views.item_view(item) | views.work(item), as_json=as_json, human=lambda _: typer.echo(f"{item.code} {done}"))
    for question in views.questions(item) if not as_json else ():
        typer.echo(f"  {question}")


def _tell_state(found: ItemList, *, as_json: bool) -> None:
    text = f"清单第 {found.number} 版{STATES[found.state]}"
    emit(views.summary(found), as_json=as_json, human=lambda _: typer.echo(text))


def _show_versions(found: list[dict[str, Any]]) -> None:
    rows = [[one["version"], STATES[one["state"]], one["published_at"], one["digest"]] for one in found]
    table(f"清单 {len(rows)} 版", ["版本", "状态", "公布时间", "摘要"], rows)


def _show(view: dict[str, Any]) -> None:
    rows = [
        [one["code"], one["name"], CLASSES[one["item_class"]], one["ratio_text"], one["frequency_text"], _remark(one)]
        for one in view["items"]
    ]
    title = f"清单第 {view['version']} 版（{STATES[view['state']]}）{len(rows)} 项"
    table(title, ["编号", "事项", "类别", "抽查比例", "抽查频次", "待办"], rows)


def _remark(item: dict[str, Any]) -> str:
    """Held, unconfirmed, and every open question."""
    state = f"已搁置：{item['held']}" if item["held"] else "" if item["confirmed_by"] else "未确认"
    return "\n".join(filter(None, (state, *item["questions"])))
