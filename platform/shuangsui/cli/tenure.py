"""``shuangsui tenant suspend`` and what follows: an authority suspended, merged, divided; handed over, taken over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from getpass import getuser
from pathlib import Path
from typing import Annotated, Any

import typer

from shuangsui import db
from shuangsui.cli.common import JsonOption, TenantOption, UserOption, emit, settings, table
from shuangsui.cli.config import checked_tree
from shuangsui.cli.desk import database, desk
from shuangsui.succession import deciding, handing, taking
from shuangsui.succession.deciding import STATES, TURNS
from shuangsui.succession.policy import Chosen, Wanted
from shuangsui.succession.tables import Handover, TenureDecision
from shuangsui.tenancy.tenure import Turn

Subject = Annotated[str, typer.Argument(help="租户代码", show_default=False)]
Subjects = Annotated[list[str], typer.Argument(help="撤销的租户，可以几个", show_default=False)]
Document = Annotated[str, typer.Option("--document", help="文号", show_default=False)]
Reason = Annotated[str, typer.Option("--reason", help="理由", show_default=False)]
Since = Annotated[datetime, typer.Option("--from", help="自哪一天起", formats=["%Y-%m-%d"], show_default=False)]
Into = Annotated[list[str], typer.Option("--into", help="承接的租户，可以几次", show_default=False)]
Above = Annotated[str, typer.Option("--tenant", help="作出决定的上级租户；运维人员直接办理的不写")]
As = Annotated[str, typer.Option("--as", help="以上级哪个用户的身份提出；运维人员直接办理的不写")]
Number = Annotated[str, typer.Argument(help="决定的编号，见 tenant decisions", show_default=False)]
File = Annotated[Path, typer.Argument(help="移交清单，例如 moushi.zip", show_default=False)]
To = Annotated[str, typer.Option("--to", help="承接的租户", show_default=False)]
Districts = Annotated[list[str] | None, typer.Option("--district", help="只移交这些区域的检查对象，可以几次")]
Offices = Annotated[list[str] | None, typer.Option("--office", help="只移交这些处室的人员，可以几次")]


def suspend(
    slug: Subject, document: Document, reason: Reason, since: Since, tenant: Above = "", user: As = "",
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """暂停一个机关办理新的事项：在办的检查和公示照常办结。上级提出的，另一人批准后生效；运维人员办理的即时生效。"""
    _one(Turn.SUSPEND, slug, document, reason, since.date(), tenant, user, as_json=as_json)


def resume(
    slug: Subject, document: Document, reason: Reason, since: Since, tenant: Above = "", user: As = "",
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """恢复一个暂停的机关。"""
    _one(Turn.RESUME, slug, document, reason, since.date(), tenant, user, as_json=as_json)


def reorganize(
    slugs: Subjects, into: Into, document: Document, reason: Reason, since: Since, tenant: TenantOption,
    user: UserOption, as_json: JsonOption = False,
) -> None:  # fmt: skip
    """提出撤并或分设：被撤销的机关自该日起只办结在办事项，职责由承接的机关行使。另一人批准后生效。"""
    wanted = Wanted(Turn.CLOSE, tuple(slugs), since.date(), document, reason, tuple(into))
    _emit(_proposed(tenant, wanted, user), as_json=as_json)


def approve(no: Number, tenant: TenantOption, user: UserOption, as_json: JsonOption = False) -> None:
    """批准一项决定并告知有关机关；没有告知完的，再执行一次即可。"""
    at = desk(tenant)
    row = deciding.approve(at.engine, tenant, no, at.office.keyring, actor=user)
    _emit(row, as_json=as_json)


def refuse(no: Number, reason: Reason, tenant: TenantOption, user: UserOption, as_json: JsonOption = False) -> None:
    """不批准一项决定，写明理由。"""
    with desk(tenant).session() as session:
        row = deciding.refuse(session, no, reason, actor=user)
    _emit(row, as_json=as_json)


def decisions(tenant: TenantOption, as_json: JsonOption = False) -> None:
    """列出本机关就下级机关作出的决定。"""
    with desk(tenant).session(readonly=True) as session:
        found = [_facts(row) for row in deciding.decisions(session)]
    emit(found, as_json=as_json, human=_show)


def hand_over(
    file: File, to: To, tenant: TenantOption, user: UserOption, district: Districts = None, office: Offices = None,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """移交：把名录、事项清单和年度次数写进一个签了名的文件，交给承接的机关。文件里有个人信息，请妥善保管。"""
    at, chosen = desk(tenant), Chosen(tuple(district or ()), tuple(office or ()))
    at.office.tree.get(to)
    row = handing.hand_over(at.engine, tenant, at.office.keyring, to, file, actor=user, chosen=chosen)
    with at.session(readonly=True) as session:
        rest = handing.left(session)
    emit(_handed(row) | {"left": rest}, as_json=as_json, human=_show_handed)


def take_over(file: File, tenant: TenantOption, user: UserOption, as_json: JsonOption = False) -> None:
    """承接：核对移交清单的签名，把本机关没有的名录和年度次数收进来；重复执行不会重复收。"""
    package = taking.opened(file)
    with desk(tenant).session() as session:
        row = taking.take_over(session, package, actor=user)
    emit(_handed(row), as_json=as_json, human=_show_handed)


COMMANDS: dict[str, Callable[..., None]] = {
    "suspend": suspend, "resume": resume, "reorganize": reorganize, "approve": approve, "refuse": refuse,
    "decisions": decisions, "hand-over": hand_over, "take-over": take_over,
}  # fmt: skip


def _one(
    turn: Turn, slug: str, document: str, reason: str, since: date, tenant: str, user: str, *, as_json: bool
) -> None:
    wanted = Wanted(turn, (slug,), since, document, reason)
    if tenant or user:
        _emit(_proposed(tenant, wanted, user), as_json=as_json)
        return
    environment = settings()
    checked_tree().get(slug)
    deciding.by_operator(database(environment), slug, wanted, account=f"os:{getuser()}")
    emit({"tenant": slug, "turn": turn.value}, as_json=as_json, human=lambda _: typer.echo(f"{slug} 已{TURNS[turn]}"))


def _proposed(tenant: str, wanted: Wanted, user: str) -> TenureDecision:
    at = desk(tenant)
    with db.session(at.engine, tenant) as session:
        return deciding.propose(session, at.office.tree, wanted, actor=user)


def _emit(row: TenureDecision, *, as_json: bool) -> None:
    emit(_facts(row), as_json=as_json, human=lambda found: _show([found]))


def _facts(row: TenureDecision) -> dict[str, Any]:
    return {
        "no": row.no, "turn": row.turn.value, "subjects": row.subjects, "successors": row.successors,
        "since": row.since, "document": row.document, "reason": row.reason, "state": row.state.value,
        "proposer": row.proposer, "decider": row.decider,
    }  # fmt: skip


def _show(found: list[dict[str, Any]]) -> None:
    rows = [
        [one["no"], TURNS[Turn(one["turn"])], "、".join(one["subjects"]), "、".join(one["successors"]), one["since"],
         one["document"], STATES[one["state"]]]
        for one in found
    ]  # fmt: skip
    table(f"决定 {len(found)} 项", ["编号", "事项", "机关", "承接", "自", "文号", "状态"], rows)


def _handed(row: Handover) -> dict[str, Any]:
    return {"partner": row.partner, "digest": row.digest, "document": row.document, "rows": row.counts}


def _show_handed(found: dict[str, Any]) -> None:
    rows = "，".join(f"{name} {count}" for name, count in found["rows"].items())
    typer.echo(f"{found['partner']}，清单 {found['digest'][:16]}：{rows}")
    if rest := found.get("left"):
        typer.echo("还没有移交：" + "，".join(f"{name} {count}" for name, count in rest.items()))
