"""``shuangsui draw``: one draw from frozen registry to result, and what may follow (articles 8 to 10)."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from fairdraw.log import ABANDON_REASONS
from fairdraw.transcript import read_folder
from shuangsui.cli.common import JsonOption, TenantOption, UserOption, emit, notes, table
from shuangsui.cli.desk import desk
from shuangsui.cli.registry import CHANGES
from shuangsui.cli.typed import HolderOption
from shuangsui.draws import changing, events, parentage, service, surroundings, transcripts, witnessing
from shuangsui.draws.changing import Seat
from shuangsui.draws.freezing import ZONE, Order, legal_day
from shuangsui.draws.office import STATE_NAMES, all_draws, find
from shuangsui.draws.tables import Draw
from shuangsui.errors import BadInput, OutsideFailed
from shuangsui.extension.isolation import Absent, LoadedSource
from shuangsui.inspections import tasks
from shuangsui.texts import sentence

app = typer.Typer(help="随机抽取：冻结、承诺、随机事件、揭示、结果、替换、作废", no_args_is_help=True)

DrawArgument = Annotated[str, typer.Argument(metavar="NO", help="抽取编号", show_default=False)]
Pool = Literal["object", "teams", "experts"]
Scope = Literal["task", "draw"]
WhoOption = Annotated[str, typer.Option("--who", help="随机数贡献方的名称", show_default=False)]


@app.command()
def freeze(
    tenant: TenantOption,
    user: UserOption,
    year: Annotated[int, typer.Option(help="计划年度", show_default=False)],
    line: Annotated[int, typer.Option(help="计划条目编号", show_default=False)],
    holder: HolderOption,
    round_: Annotated[int, typer.Option("--round", help="全年第几次", min=1)] = 1,
    event_at: Annotated[
        str | None, typer.Option(help="公开随机事件的时间（默认 30 分钟后）", show_default=False)
    ] = None,
    reveal_by: Annotated[
        str | None, typer.Option(help="最迟揭示时间（默认事件后 24 小时）", show_default=False)
    ] = None,
    digits: Annotated[int, typer.Option(help="现场摇号的位数")] = 20,
    out: Annotated[Path | None, typer.Option(help="方案草案写到哪个文件", show_default=False)] = None,
    demo: Annotated[bool, typer.Option("--demo", help="标明为演示，每页都会显示")] = False,
    as_json: JsonOption = False,
) -> None:
    """冻结名录并起草方案；把草案文件交给每个随机数贡献方。"""
    at = desk(tenant)
    with at.session() as session:
        event = _moment(event_at) if event_at else at.now(session) + timedelta(minutes=30)
        by = _moment(reveal_by) if reveal_by else event + timedelta(hours=24)
        order = Order(year, line, round_, tuple(holder), event, by, digits, demo)
        draw = service.freeze(session, at.office, order, actor=user)
    file = out or at.settings.var / "drafts" / f"{tenant}-{draw.no}.json"
    _write_draft(file, draw)
    emit({**_facts(draw), "draft": str(file), "trials": draw.trials}, as_json=as_json, human=_show_frozen)


@app.command()
def commit(
    no: DrawArgument,
    tenant: TenantOption,
    user: UserOption,
    who: WhoOption,
    commitment: Annotated[str, typer.Option(help="fairdraw.secret new 输出的 commit", show_default=False)],
    sig: Annotated[str | None, typer.Option(help="fairdraw.secret new 输出的 sig", show_default=False)] = None,
    as_json: JsonOption = False,
) -> None:
    """登记一方的承诺；最后一方到齐后方案写入公示日志。"""
    at = desk(tenant)
    with at.session() as session:
        draw = service.commit(session, at.office, no, who, commitment, sig, actor=user)
    at.after_act(draw, actor=user)
    emit(_facts(draw), as_json=as_json, human=_show_one)


@app.command()
def event(
    no: DrawArgument,
    tenant: TenantOption,
    user: UserOption,
    digits: Annotated[str | None, typer.Option(help="摇出的全部数字，连续书写", show_default=False)] = None,
    fetch: Annotated[bool, typer.Option("--fetch", help="由系统获取数值并核验，例如公共随机信标")] = False,
    name: Annotated[
        str | None, typer.Option(help="哪一个事件或来源；不写则是方案中的下一个", show_default=False)
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """监督人员登记现场摇号的数字，或者获取公共随机信标的数值。"""
    at = desk(tenant)
    if fetch == (digits is not None):
        raise BadInput("event_digits_or_fetch")
    if digits is None:
        draw = events.fetch_event(at.engine, at.office, no, actor=user, name=name)
    else:
        with at.session() as session:
            draw = events.enter_event(session, at.office, no, digits, actor=user, name=name)
    at.after_act(draw, actor=user)
    emit(_facts(draw), as_json=as_json, human=_show_one)


@app.command()
def reveal(
    no: DrawArgument,
    tenant: TenantOption,
    user: UserOption,
    who: WhoOption,
    value: Annotated[str, typer.Option(help="fairdraw.secret reveal 输出的 value", show_default=False)],
    as_json: JsonOption = False,
) -> None:
    """登记一方揭示的数值；有替换在办时登记下一个链值。"""
    at = desk(tenant)
    with at.session() as session:
        replacing = changing.has_open_replacement(session, find(session, no))
        act = changing.reveal_link if replacing else service.reveal
        draw = act(session, at.office, no, who, value, actor=user)
    at.after_act(draw, actor=user)
    emit(_facts(draw), as_json=as_json, human=_show_one)


@app.command()
def run(no: DrawArgument, tenant: TenantOption, user: UserOption, as_json: JsonOption = False) -> None:
    """揭示本机关的数值并得出结果；有替换在办时得出替换结果。"""
    at = desk(tenant)
    with at.session() as session:
        replacing = changing.has_open_replacement(session, find(session, no))
        act = changing.finish_replacement if replacing else service.run
        draw = act(session, at.office, no, actor=user)
    at.after_act(draw, actor=user)
    emit(_facts(draw), as_json=as_json, human=_show_one)


@app.command()
def replace(
    no: DrawArgument,
    tenant: TenantOption,
    user: UserOption,
    task: Annotated[int, typer.Option(help="任务序号，从 0 起", show_default=False)],
    pool: Annotated[Pool, typer.Option(help="object 检查对象 · teams 执法人员 · experts 专家")] = "teams",
    slot: Annotated[int, typer.Option(help="席位，0 为组长")] = 0,
    scope: Annotated[Scope, typer.Option(help="task 只换这一项 · draw 换该人的全部任务")] = "task",
    reason: Annotated[str, typer.Option(help="recusal 回避 · unavailable 不能参加 · unfilled 空缺")] = "unavailable",
    as_json: JsonOption = False,
) -> None:
    """申请替换：对象由候补依次替上，人员由未揭示的随机数重新抽取。"""
    at = desk(tenant)
    with at.session() as session:
        if pool == "object":
            draw = changing.replace_object(session, at.office, no, task, actor=user)
        else:
            seat = Seat(pool, task, slot, scope)
            draw = changing.replace_person(session, at.office, no, seat, reason, actor=user)
    at.after_act(draw, actor=user)
    emit(_facts(draw), as_json=as_json, human=_show_one)


@app.command()
def abandon(
    no: DrawArgument,
    tenant: TenantOption,
    user: UserOption,
    reason: Annotated[str, typer.Option(help="、".join(ABANDON_REASONS), show_default=False)],
    second: Annotated[str, typer.Option(help="共同办理的第二人", show_default=False)],
    as_json: JsonOption = False,
) -> None:
    """在结果产生之前作废；两个不同角色的人共同办理，记录永久公开。"""
    at = desk(tenant)
    with at.session() as session:
        draw = changing.abandon(session, at.office, no, reason, actor=user, second=second)
    at.after_act(draw, actor=user)
    emit(_facts(draw), as_json=as_json, human=_show_one)


@app.command()
def void(
    no: DrawArgument,
    tenant: TenantOption,
    user: UserOption,
    reason: Annotated[str, typer.Option(help="理由", show_default=False)],
    as_json: JsonOption = False,
) -> None:
    """委领导作废一次已有结果的抽取；档案仍然公开，本次计数释放。"""
    at = desk(tenant)
    with at.session() as session:
        draw = tasks.void(session, no, reason, actor=user)
    at.after_act(draw, actor=user)
    emit(_facts(draw), as_json=as_json, human=_show_one)


@app.command()
def show(
    tenant: TenantOption,
    no: Annotated[str | None, typer.Argument(metavar="NO", help="抽取编号；不写则列出全部", show_default=False)] = None,
    as_json: JsonOption = False,
) -> None:
    """显示一次抽取的公开情况，或列出全部抽取。"""
    at = desk(tenant)
    with at.session(readonly=True) as session:
        if no is None:
            emit([_facts(draw) for draw in all_draws(session)], as_json=as_json, human=_show_all)
        else:
            emit(transcripts.public_view(session, find(session, no)), as_json=as_json, human=_show_view)


@app.command()
def sources(
    tenant: TenantOption,
    check: Annotated[bool, typer.Option("--check", help="同时试一试能否取到")] = False,
    as_json: JsonOption = False,
) -> None:
    """列出本租户可用的公开随机事件来源，规则要求的另行标明。"""
    at = desk(tenant)
    with at.session(readonly=True) as session:
        wanted = at.office.rules(legal_day(at.now(session))).names("draw.entropy")
    found = [_source(one, wanted, check=check) for one in at.office.entropy()]
    emit(found, as_json=as_json, human=_show_sources)


@app.command()
def supervise(
    no: DrawArgument,
    tenant: TenantOption,
    user: UserOption,
    out: Annotated[Path, typer.Option(help="写到哪个文件夹", show_default=False)],
) -> None:
    """把冻结时的真实名录和盐密钥交给监督人员，用于 fairdraw.audit。"""
    at = desk(tenant)
    with at.session() as session:
        files = service.hand_over(session, at.office, no, actor=user)
    out.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, data in files.items():
        _keep_private(out / name, data)
    notes.print(f"已写入 {out}，请妥善保管，不得公开。", markup=False)


@app.command()
def draft(
    no: DrawArgument,
    tenant: TenantOption,
    out: Annotated[Path, typer.Option(help="写到哪个文件", show_default=False)],
) -> None:
    """重新写出方案草案，交给随机数贡献方。"""
    with desk(tenant).session(readonly=True) as session:
        _write_draft(out, find(session, no))


@app.command()
def trust(tenant: TenantOption) -> None:
    """列出本机关日志、贡献方和见证方的公钥；读者核实后可以写进自己的信任名单。"""
    at = desk(tenant)
    for line in witnessing.trust_lines(at.engine, at.office):
        typer.echo(line)


@app.command()
def changes(no: DrawArgument, tenant: TenantOption, user: UserOption, as_json: JsonOption = False) -> None:
    """列出冻结前 30 日内名录的每一处变更：何人、何时、由何改为何、来源。"""
    with desk(tenant).session(readonly=True) as session:
        found = [{**asdict(past), "at": past.at.isoformat()} for past in surroundings.changes(session, no, actor=user)]
    emit(found, as_json=as_json, human=_show_changes)


@app.command("check-parent")
def check_parent(
    child: Annotated[Path, typer.Argument(help="区县抽取的公示档案", exists=True, file_okay=False)],
    parent: Annotated[Path, typer.Argument(help="市级抽取的公示档案", exists=True, file_okay=False)],
    as_json: JsonOption = False,
) -> None:
    """核对区县选派人员的抽取是否出自市级的抽取。"""
    kinship = parentage.check_parent(read_folder(child), read_folder(parent))
    facts = {"objects": kinship.objects, "opened": kinship.opened, "pairs": kinship.pairs}
    emit(facts, as_json=as_json, human=lambda f: typer.echo(f"一致：{f['objects']} 个对象，已公开 {f['opened']} 个"))


def _source(one: LoadedSource | Absent, wanted: Sequence[str], *, check: bool) -> dict[str, Any]:
    facts: dict[str, Any] = {"source": one.name, "plugin": one.plugin, "required": one.name in wanted}
    facts |= {"fetched": one.network, "ok": None, "message": ""}
    try:
        if check or isinstance(one, Absent):
            health = one.check()
            facts |= {"ok": health.ok, "message": health.message}
    except OutsideFailed as error:
        facts |= {"ok": False, "message": sentence(error)}
    return facts


def _show_sources(found: list[dict[str, Any]]) -> None:
    rows = [[f["source"], f["plugin"], "是" if f["required"] else "", f["message"]] for f in found]
    table(f"公开随机事件来源 {len(found)} 个", ["来源", "插件", "规则要求", "状况"], rows)


def _show_changes(found: list[dict[str, Any]]) -> None:
    rows = [[one["at"], one["actor"], one["source"], one["key"], CHANGES[one["change"]]] for one in found]
    table(f"冻结前 30 日名录变更 {len(found)} 处", ["时间", "办理人", "来源", "代码", "变化"], rows)


def _write_draft(file: Path, draw: Draw) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(draw.draft, ensure_ascii=False, indent=1), "utf-8")


def _keep_private(file: Path, data: bytes) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(data)


def _moment(text: str) -> datetime:
    """A moment typed by a person; without an offset it is Beijing time."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput("date_invalid", date=text) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)


def _facts(draw: Draw) -> dict[str, Any]:
    return {
        "draw": draw.no,
        "state": draw.state,
        "item": draw.item_code,
        "cause": draw.cause,
        "line": draw.line_no,
        "round": draw.round,
        "seq": draw.seq,
        "objects": draw.draft["snapshot"]["n"],
        "selected": sum(draw.draft["quota"].values()),
    }


def _show_one(facts: dict[str, Any]) -> None:
    typer.echo(f"抽取 {facts['draw']}：{STATE_NAMES[facts['state']]}")


def _show_frozen(facts: dict[str, Any]) -> None:
    _show_one(facts)
    typer.echo(f"名录 {facts['objects']} 个，名额 {facts['selected']} 个；方案草案 {facts['draft']}")
    for trial in facts["trials"]:
        typer.echo(f"试排 {trial['pool']}：{trial['complete']}/{trial['trials']} 次排满 {'；'.join(trial['advice'])}")


def _show_all(found: list[dict[str, Any]]) -> None:
    rows = [
        [f["draw"], f["item"], f["line"], f["round"], f["objects"], f["selected"], STATE_NAMES[f["state"]]]
        for f in found
    ]
    table(f"抽取 {len(found)} 次", ["编号", "事项", "条目", "次", "名录", "名额", "状态"], rows)


def _show_view(view: dict[str, Any]) -> None:
    rows = [[t["task"], t["b"][:8], t["stratum"], _names(t["teams"]), _names(t["experts"])] for t in view["tasks"]]
    table(f"{view['no']} {view['item_name']}（{view['state_name']}）", ["任务", "对象", "层", "检查组", "专家"], rows)
    for kind, name in (("objects", "检查对象"), ("inspectors", "执法检查人员")):
        if counts := (view["registry_changes"] or {}).get(kind):
            words = f"新增 {counts['added']}、变更 {counts['changed']}、移出 {counts['removed']}"
            typer.echo(f"冻结前 {view['registry_changes']['days']} 日{name}名录：{words}")


def _names(seats: list[str | None]) -> str:
    return "、".join(name or "空缺" for name in seats)
