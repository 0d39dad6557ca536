"""``shuangsui dispatch``: drawn objects to the districts or to partners, and what is received (article 17)."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from shuangsui.cli.common import JsonOption, TenantOption, UserOption, emit, table
from shuangsui.cli.desk import desk
from shuangsui.cli.typed import HolderOption, HoursOption, MinutesOption, call_of, day_of
from shuangsui.draws import assigning, dispatching, handing
from shuangsui.draws.handing import STATE_NAMES
from shuangsui.draws.office import find
from shuangsui.draws.tables import Assignment, Dispatch

app = typer.Typer(help="分派：市级抽取的对象交区县或联合部门，区县接收、退回、选派人员", no_args_is_help=True)

DrawArgument = Annotated[str, typer.Argument(metavar="DRAW", help="抽取编号", show_default=False)]
NoArgument = Annotated[str, typer.Argument(metavar="NO", help="分派任务编号", show_default=False)]
ReasonOption = Annotated[str, typer.Option("--reason", help="理由", show_default=False)]


@app.command()
def send(draw: DrawArgument, tenant: TenantOption, user: UserOption, as_json: JsonOption = False) -> None:
    """把抽中的对象交给所在区县；重复执行只补办没有送达的。"""
    at = desk(tenant)
    emit(_sent(dispatching.dispatch(at.engine, at.office, draw, actor=user)), as_json=as_json, human=_show_sent)


@app.command()
def joint(
    draw: DrawArgument,
    tenant: TenantOption,
    user: UserOption,
    day: Annotated[str, typer.Option(help="共同检查的日期", show_default=False)],
    as_json: JsonOption = False,
) -> None:
    """把抽中的对象和共同检查日期告知联合检查的部门。"""
    at = desk(tenant)
    rows = dispatching.dispatch_joint(at.engine, at.office, draw, day_of(day), actor=user)
    emit(_sent(rows), as_json=as_json, human=_show_sent)


@app.command()
def redirect(
    draw: DrawArgument,
    tenant: TenantOption,
    user: UserOption,
    receiver: Annotated[str, typer.Option("--from", help="退回的机关（租户代码）", show_default=False)],
    to: Annotated[str, typer.Option(help="改派给哪个机关（租户代码）", show_default=False)],
    reason: ReasonOption,
    as_json: JsonOption = False,
) -> None:
    """把退回的对象重新分派。"""
    at = desk(tenant)
    rows = dispatching.redirect(at.engine, at.office, draw, receiver, to, reason, actor=user)
    emit(_sent(rows), as_json=as_json, human=_show_sent)


@app.command()
def show(draw: DrawArgument, tenant: TenantOption, as_json: JsonOption = False) -> None:
    """显示一次抽取分派给了谁。"""
    with desk(tenant).session(readonly=True) as session:
        rows = list(dispatching.dispatches(session, find(session, draw)))
    emit(_sent(rows), as_json=as_json, human=_show_sent)


@app.command()
def inbox(tenant: TenantOption, as_json: JsonOption = False) -> None:
    """列出收到的分派任务。"""
    with desk(tenant).session(readonly=True) as session:
        found = [_received(assignment) for assignment in handing.assignments(session)]
    emit(found, as_json=as_json, human=_show_inbox)


@app.command()
def accept(no: NoArgument, tenant: TenantOption, user: UserOption, as_json: JsonOption = False) -> None:
    """接收一项分派任务。"""
    at = desk(tenant)
    _answer(handing.accept(at.engine, at.office, no, actor=user), as_json)


@app.command("hand-back")
def hand_back(
    no: NoArgument, tenant: TenantOption, user: UserOption, reason: ReasonOption, as_json: JsonOption = False
) -> None:
    """退回一项分派任务并说明理由。"""
    at = desk(tenant)
    _answer(handing.hand_back(at.engine, at.office, no, reason, actor=user), as_json)


@app.command()
def freeze(
    no: NoArgument,
    tenant: TenantOption,
    user: UserOption,
    holder: HolderOption,
    minutes: MinutesOption = 30,
    hours: HoursOption = 24,
    demo: Annotated[bool, typer.Option("--demo", help="标明为演示，每页都会显示")] = False,
    as_json: JsonOption = False,
) -> None:
    """冻结已接收的对象，为其随机选派执法检查人员；之后的步骤与 draw 相同。"""
    at = desk(tenant)
    with at.session() as session:
        call = call_of(at.now(session), holder, minutes, hours, demo=demo)
        draw = assigning.freeze_assignment(session, at.office, no, call, actor=user)
    facts = {"draw": draw.no, "assignment": no, "objects": draw.draft["snapshot"]["n"], "seq": draw.seq}
    emit(facts, as_json=as_json, human=lambda f: typer.echo(f"抽取 {f['draw']}：{f['objects']} 个对象"))


def _answer(assignment: Assignment, as_json: bool) -> None:
    facts = _received(assignment)
    emit(facts, as_json=as_json, human=lambda f: typer.echo(f"分派任务 {f['no']}：{f['state_name']}"))


def _sent(rows: list[Dispatch]) -> list[dict[str, Any]]:
    return [
        {
            "receiver": row.receiver, "attempt": row.attempt, "kind": row.kind, "state": row.state,
            "state_name": STATE_NAMES[row.state], "tasks": row.tasks, "visit_day": row.visit_day,
            "reason": row.reason, "answer": row.answer,
        }
        for row in rows
    ]  # fmt: skip


def _received(row: Assignment) -> dict[str, Any]:
    return {
        "no": row.no, "kind": row.kind, "state": row.state, "state_name": STATE_NAMES[row.state],
        "sender": row.sender, "draw": row.draw_no, "item": row.item["code"], "item_name": row.item["name"],
        "objects": len(row.objects), "visit_day": row.visit_day, "reason": row.reason,
    }  # fmt: skip


def _show_sent(found: list[dict[str, Any]]) -> None:
    rows = [[f["receiver"], f["attempt"], len(f["tasks"]), f["state_name"], f["answer"]] for f in found]
    table(f"分派 {len(found)} 次", ["机关", "第几次", "任务数", "状态", "退回理由"], rows)


def _show_inbox(found: list[dict[str, Any]]) -> None:
    rows = [[f["no"], f["sender"], f["item_name"], f["objects"], f["state_name"], f["visit_day"]] for f in found]
    table(f"分派任务 {len(found)} 项", ["编号", "来自", "事项", "对象", "状态", "联合检查日"], rows)
