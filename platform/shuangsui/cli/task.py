"""``shuangsui task``: tasks from dispatch to the submitted record (articles 11 to 13)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from shuangsui.cli import task_code
from shuangsui.cli.common import JsonOption, TenantOption, UserOption, emit, table
from shuangsui.cli.desk import Desk, desk
from shuangsui.cli.typed import day_of
from shuangsui.db import TenantSession
from shuangsui.draws.office import find
from shuangsui.draws.tables import Draw
from shuangsui.inspections import coordination, notices, results, tasks, views
from shuangsui.inspections.department_codes import chosen, known
from shuangsui.inspections.policy import CATEGORIES
from shuangsui.inspections.states import MODES, TASK_STATES, TASK_TYPES, Mode
from shuangsui.inspections.tables import InspectionTask

app = typer.Typer(help="检查任务：派发、接收、通知、提交、办结", no_args_is_help=True)
app.command("code")(task_code.code)
app.command("file-code")(task_code.file_code)

DrawArgument = Annotated[str, typer.Argument(metavar="DRAW", help="抽取编号", show_default=False)]
TaskArgument = Annotated[str, typer.Argument(metavar="NO", help="任务编号", show_default=False)]
CodeOption = Annotated[
    list[str] | None, typer.Option("--code", help="部门结果代码，见 task result-codes，可以重复", show_default=False)
]
ReasonOption = Annotated[str, typer.Option("--reason", help="理由", show_default=False)]


@app.command()
def dispatch(
    draw: DrawArgument,
    tenant: TenantOption,
    user: UserOption,
    mode: Annotated[Mode | None, typer.Option(help="检查方式，默认非现场优先", show_default=False)] = None,
    reason: Annotated[str, typer.Option(help="可以非现场而选择现场检查的理由")] = "",
    as_json: JsonOption = False,
) -> None:
    """把一次抽取的任务派发给检查处室。"""
    at = desk(tenant)
    with at.session() as session:
        made = tasks.dispatch(session, at.office, draw, actor=user, mode=mode, reason=reason)
        found = [views.brief(session, task) for task in made]
    emit(found, as_json=as_json, human=_show_all)


@app.command("list")
def list_tasks(
    tenant: TenantOption,
    draw: Annotated[str | None, typer.Option(help="只列这一次抽取的任务", show_default=False)] = None,
    as_json: JsonOption = False,
) -> None:
    """列出检查任务（内部，含对象名称）。"""
    with desk(tenant).session(readonly=True) as session:
        found = [views.brief(session, task) for task in tasks.all_tasks(session, draw)]
    emit(found, as_json=as_json, human=_show_all)


@app.command()
def show(no: TaskArgument, tenant: TenantOption, user: UserOption, as_json: JsonOption = False) -> None:
    """显示一项任务的全部情况：通知、到场、记录、签字、结果；查阅会留痕。"""
    with desk(tenant).session() as session:
        emit(views.opened(session, no, actor=user), as_json=as_json, human=_show_full)


@app.command()
def accept(no: TaskArgument, tenant: TenantOption, user: UserOption, as_json: JsonOption = False) -> None:
    """检查处室接收任务。"""
    _act(tenant, lambda s, _: tasks.accept(s, no, actor=user), as_json=as_json)


@app.command("hand-back")
def hand_back(
    no: TaskArgument, tenant: TenantOption, user: UserOption, reason: ReasonOption, as_json: JsonOption = False
) -> None:
    """检查处室退回任务，写明理由。"""
    _act(tenant, lambda s, _: tasks.hand_back(s, no, reason, actor=user), as_json=as_json)


@app.command()
def again(no: TaskArgument, tenant: TenantOption, user: UserOption, as_json: JsonOption = False) -> None:
    """重新派发退回的任务。"""
    _act(tenant, lambda s, _: tasks.dispatch_again(s, no, actor=user), as_json=as_json)


@app.command()
def cancel(
    no: TaskArgument, tenant: TenantOption, user: UserOption, reason: ReasonOption, as_json: JsonOption = False
) -> None:
    """取消尚未检查的任务；本年度次数随之释放。"""
    _act(tenant, lambda s, _: tasks.cancel(s, no, reason, actor=user), as_json=as_json)


@app.command()
def plan(
    no: TaskArgument,
    tenant: TenantOption,
    user: UserOption,
    on: Annotated[str, typer.Option(help="检查日期", show_default=False)],
    as_json: JsonOption = False,
) -> None:
    """安排检查日期；同一对象近期有其他任务的，提示合并检查。"""
    at = desk(tenant)
    with at.session() as session:
        found = coordination.schedule(session, at.office, no, day_of(on), actor=user)
        view = views.brief(session, tasks.find_task(session, no))
        view["merges"] = [[one.first_no, one.second_no] for one in found]
    emit(view, as_json=as_json, human=_show_one)
    for first, second in view["merges"] if not as_json else ():
        typer.echo(f"  同一对象近期有其他任务：{first}、{second}，请用 task merge 决定是否合并检查")


@app.command()
def merge(
    first: TaskArgument,
    second: TaskArgument,
    tenant: TenantOption,
    user: UserOption,
    merged: Annotated[bool, typer.Option("--yes/--no", help="合并或不合并", show_default=False)],
    reason: Annotated[str, typer.Option(help="不合并的理由")] = "",
    as_json: JsonOption = False,
) -> None:
    """决定两项任务是否合并检查（综合查一次）。"""

    def do(session: TenantSession, at: Desk) -> InspectionTask:
        coordination.decide(session, at.office, first, second, merged=merged, reason=reason, actor=user)
        return tasks.find_task(session, first)

    _act(tenant, do, as_json=as_json)


@app.command()
def propose(
    no: TaskArgument,
    tenant: TenantOption,
    user: UserOption,
    reason: ReasonOption,
    urgent: Annotated[bool, typer.Option("--urgent", help="情况紧急，检查后补批")] = False,
    as_json: JsonOption = False,
) -> None:
    """填写行政检查审批表，报委领导批准。"""

    def do(session: TenantSession, _: Desk) -> InspectionTask:
        notices.propose_visit(session, no, reason, actor=user, urgent=urgent)
        return tasks.find_task(session, no)

    _act(tenant, do, as_json=as_json)


@app.command()
def approve(no: TaskArgument, tenant: TenantOption, user: UserOption, as_json: JsonOption = False) -> None:
    """委领导批准检查；报批人和批准人不得为同一人。"""

    def do(session: TenantSession, _: Desk) -> InspectionTask:
        notices.approve_visit(session, no, actor=user)
        return tasks.find_task(session, no)

    _act(tenant, do, as_json=as_json)


@app.command()
def notify(
    no: TaskArgument,
    tenant: TenantOption,
    user: UserOption,
    material: Annotated[list[str] | None, typer.Option(help="需要准备的材料，可以重复", show_default=False)] = None,
    unannounced: Annotated[bool, typer.Option("--unannounced", help="不预先告知，到场时送达")] = False,
    ground: Annotated[str, typer.Option(help="不预先告知的理由")] = "",
    as_json: JsonOption = False,
) -> None:
    """发出检查通知书。"""

    def do(session: TenantSession, at: Desk) -> InspectionTask:
        notices.issue(
            session, at.office, no, actor=user, materials=material or (), unannounced=unannounced, ground=ground
        )
        return tasks.find_task(session, no)

    _act(tenant, do, as_json=as_json)


@app.command()
def materials(
    no: TaskArgument,
    tenant: TenantOption,
    user: UserOption,
    material: Annotated[list[str], typer.Option(help="需要准备的材料，可以重复", show_default=False)],
    reason: Annotated[str, typer.Option(help="一次告知之后补充的理由")] = "",
    as_json: JsonOption = False,
) -> None:
    """告知需要准备的材料；只告知一次，补充须有理由。"""

    def do(session: TenantSession, _: Desk) -> InspectionTask:
        notices.give_materials(session, no, material, actor=user, reason=reason)
        return tasks.find_task(session, no)

    _act(tenant, do, as_json=as_json)


@app.command()
def deliver(
    no: TaskArgument,
    tenant: TenantOption,
    user: UserOption,
    method: Annotated[str, typer.Option(help="送达方式，例如 直接送达", show_default=False)],
    to: Annotated[str, typer.Option(help="接收人", show_default=False)],
    as_json: JsonOption = False,
) -> None:
    """登记通知书的送达。"""

    def do(session: TenantSession, _: Desk) -> InspectionTask:
        notices.deliver(session, no, method, to, actor=user)
        return tasks.find_task(session, no)

    _act(tenant, do, as_json=as_json)


@app.command()
def submit(
    no: TaskArgument,
    tenant: TenantOption,
    user: UserOption,
    leader: Annotated[str, typer.Option(help="组长的执法证号", show_default=False)],
    category: Annotated[list[str], typer.Option(help="结果类别代码，可以重复", show_default=False)],
    remark: Annotated[str, typer.Option(help="内部备注，不公开")] = "",
    code: CodeOption = None,
    as_json: JsonOption = False,
) -> None:
    """组长提交检查记录和结果，检查结束。"""
    at = desk(tenant)
    codes = chosen(at.office.tenant, code or (), at.settings)
    with at.session() as session:
        results.submit(session, at.office, no, category, leader=leader, actor=user, codes=codes, remark=remark)
        view, draw = _with_draw(session, no)
    if draw:
        at.after_act(draw, actor=user)
    emit(view, as_json=as_json, human=_show_one)


@app.command()
def finalise(
    no: TaskArgument,
    tenant: TenantOption,
    user: UserOption,
    category: Annotated[list[str], typer.Option(help="最终的结果类别代码", show_default=False)],
    code: CodeOption = None,
    as_json: JsonOption = False,
) -> None:
    """把“发现问题待后续处理”改为最终结果；两次结果都公开并互相指明。"""
    at = desk(tenant)
    codes = chosen(at.office.tenant, code or (), at.settings)
    with at.session() as session:
        results.finalise(session, no, category, actor=user, codes=codes)
        view, draw = _with_draw(session, no)
    if draw:
        at.after_act(draw, actor=user)
    emit(view, as_json=as_json, human=_show_one)


@app.command("result-codes")
def result_codes(tenant: TenantOption, as_json: JsonOption = False) -> None:
    """列出结果类别，和插件登记的部门结果代码。"""
    at = desk(tenant)
    there = known(at.office.tenant, at.settings).values()
    found = [{"code": code, "parent": None, "label": name} for code, name in CATEGORIES.items()]
    found += [{"code": one.code, "parent": one.parent, "label": one.label} for one in there]
    emit(found, as_json=as_json, human=_show_codes)


def _show_codes(found: list[dict[str, Any]]) -> None:
    rows = [[one["code"], one["label"], CATEGORIES.get(one["parent"], "")] for one in found]
    table(f"结果类别和部门代码 {len(rows)} 个", ["代码", "名称", "所属类别"], rows)


def _act(tenant: str, do: Callable[[TenantSession, Desk], InspectionTask], *, as_json: bool) -> None:
    at = desk(tenant)
    with at.session() as session:
        view = views.brief(session, do(session, at))
    emit(view, as_json=as_json, human=_show_one)


def _with_draw(session: TenantSession, no: str) -> tuple[dict[str, Any], Draw | None]:
    """A task for output, and the draw whose pages name its result."""
    task = tasks.find_task(session, no)
    return views.brief(session, task), find(session, task.draw_no) if task.draw_no else None


def _show_one(task: dict[str, Any]) -> None:
    typer.echo(f"任务 {task['no']} {task['object_name']}：{TASK_STATES[task['state']]}")


def _show_all(found: list[dict[str, Any]]) -> None:
    rows = [
        [
            t["no"], TASK_TYPES[t["type"]], t["object_code"], t["object_name"], MODES[t["mode"]],
            "、".join(t["team"]), TASK_STATES[t["state"]],
        ]
        for t in found
    ]  # fmt: skip
    table(f"任务 {len(found)} 项", ["编号", "类型", "代码", "名称", "方式", "检查组", "状态"], rows)


def _show_full(view: dict[str, Any]) -> None:
    _show_one(view)
    for key, value in view.items():
        if key not in ("no", "state", "object_name") and value not in (None, "", []):
            typer.echo(f"  {key}：{value}")
