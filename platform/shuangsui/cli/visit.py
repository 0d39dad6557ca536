"""``shuangsui visit``: what happens at the inspected object (article 13): arrival, record, signatures, departure."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from shuangsui.cli.common import JsonOption, TenantOption, UserOption, emit
from shuangsui.cli.desk import Desk, desk
from shuangsui.cli.task import TaskArgument
from shuangsui.db import TenantSession
from shuangsui.errors import BadInput
from shuangsui.inspections import forms, records, tasks, views, visits
from shuangsui.inspections.states import RECORD_STATES, Confirmation, Party
from shuangsui.inspections.visits import Arrival

app = typer.Typer(help="检查实施：签到、出示证件、记录、签字、离开", no_args_is_help=True)

PersonOption = Annotated[str, typer.Option("--person", help="执法证号、专家编号或姓名", show_default=False)]
PartyOption = Annotated[
    Party, typer.Option("--as-party", help="officer 执法人员 · object 检查对象 · expert 专家 · witness 见证人")
]


@app.command("check-in")
def check_in(
    no: TaskArgument,
    tenant: TenantOption,
    user: UserOption,
    person: PersonOption,
    place: Annotated[str, typer.Option(help="地点", show_default=False)],
    party: PartyOption = Party.OFFICER,
    as_json: JsonOption = False,
) -> None:
    """到场签到；第二名执法人员签到后记录表可以填写。"""
    _act(
        tenant, no, lambda s, at: visits.check_in(s, at.office, no, Arrival(person, place, party), actor=user),
        as_json=as_json,
    )  # fmt: skip


@app.command()
def certificates(
    no: TaskArgument,
    tenant: TenantOption,
    user: UserOption,
    number: Annotated[list[str], typer.Option(help="出示的执法证号，每人一个", show_default=False)],
    as_json: JsonOption = False,
) -> None:
    """出示行政执法证。"""
    _act(tenant, no, lambda s, _: visits.show_certificates(s, no, number, actor=user), as_json=as_json)


@app.command("not-found")
def not_found(no: TaskArgument, tenant: TenantOption, user: UserOption, as_json: JsonOption = False) -> None:
    """登记本次上门没有找到检查对象。"""
    _act(tenant, no, lambda s, _: visits.nobody_found(s, no, actor=user), as_json=as_json)


@app.command()
def leave(
    no: TaskArgument, tenant: TenantOption, user: UserOption, person: PersonOption, as_json: JsonOption = False
) -> None:
    """登记离开；最后一名执法人员离开后计算检查时长。"""
    _act(tenant, no, lambda s, _: visits.leave(s, no, person, actor=user), as_json=as_json)


@app.command()
def write(
    no: TaskArgument,
    tenant: TenantOption,
    user: UserOption,
    file: Annotated[Path, typer.Argument(help="记录内容的 JSON 文件：answers、facts", show_default=False)],
    revision: Annotated[int, typer.Option(help="填写时看到的修改次数")] = 0,
    as_json: JsonOption = False,
) -> None:
    """填写检查记录。"""
    content = _content(file)

    def do(session: TenantSession, _: Desk) -> object:
        records.open_record(session, no, forms.form_for(session, tasks.find_task(session, no)), actor=user)
        return records.write(session, no, content, base_revision=revision, actor=user)

    _act(tenant, no, do, as_json=as_json)


@app.command()
def sign(
    no: TaskArgument,
    tenant: TenantOption,
    user: UserOption,
    person: PersonOption,
    party: PartyOption = Party.OFFICER,
    how: Annotated[Confirmation, typer.Option(help="signature 签字 · seal 盖章")] = Confirmation.SIGNATURE,
    role: Annotated[str, typer.Option(help="见证人或签字人的身份")] = "",
    contact: Annotated[str, typer.Option(help="见证人联系方式，不公开")] = "",
    as_json: JsonOption = False,
) -> None:
    """在检查记录上签字或盖章。"""

    def do(session: TenantSession, at: Desk) -> Any:
        sealing = at.office.vault.sealing(contact) if contact else None
        return records.sign(session, no, person, party, actor=user, how=how, role=role, contact=sealing)

    _act(tenant, no, do, as_json=as_json)


@app.command()
def refuse(
    no: TaskArgument,
    tenant: TenantOption,
    user: UserOption,
    reason: Annotated[str, typer.Option(help="拒绝签字的原因", show_default=False)],
    as_json: JsonOption = False,
) -> None:
    """检查对象拒绝签字或者盖章：注明原因，执法人员仍须签名。"""
    _act(tenant, no, lambda s, _: records.refuse(s, no, reason, actor=user), as_json=as_json)


@app.command()
def addendum(
    no: TaskArgument,
    tenant: TenantOption,
    user: UserOption,
    text: Annotated[str, typer.Option(help="更正或补充的内容", show_default=False)],
    as_json: JsonOption = False,
) -> None:
    """签字之后的补充说明；原记录不变。"""
    _act(tenant, no, lambda s, _: records.add(s, no, text, actor=user), as_json=as_json)


@app.command("sign-addendum")
def sign_addendum(
    no: TaskArgument,
    tenant: TenantOption,
    user: UserOption,
    n: Annotated[int, typer.Option(help="第几份补充说明", min=1, show_default=False)],
    person: PersonOption,
    party: PartyOption = Party.OFFICER,
    as_json: JsonOption = False,
) -> None:
    """在补充说明上签字。"""
    _act(tenant, no, lambda s, _: records.sign_addendum(s, no, n, person, party, actor=user), as_json=as_json)


def _act(tenant: str, no: str, do: Callable[[TenantSession, Desk], object], *, as_json: bool) -> None:
    at = desk(tenant)
    with at.session() as session:
        do(session, at)
        view = views.full(session, tasks.find_task(session, no))
    emit(view, as_json=as_json, human=_show)


def _show(view: dict[str, Any]) -> None:
    record = view["record"]
    state = RECORD_STATES[record["state"]] if record else "还没有记录"
    typer.echo(f"任务 {view['no']}：到场 {len(view['visits'])} 次，记录{state}")


def _content(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_text("utf-8"))
    except ValueError:
        raise BadInput("record_content") from None
    if not isinstance(content, dict):
        raise BadInput("record_content")
    return content
