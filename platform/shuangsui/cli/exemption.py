"""``shuangsui exemption``: inspections outside the draw, asked for, approved or refused (article 17)."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from shuangsui.cli.common import JsonOption, TenantOption, UserOption, emit, table
from shuangsui.cli.desk import Desk, desk
from shuangsui.cli.typed import HolderOption, HoursOption, MinutesOption, call_of, pairs_of
from shuangsui.db import TenantSession
from shuangsui.draws import assigning
from shuangsui.draws.freezing import legal_day
from shuangsui.errors import BadInput
from shuangsui.inspections import special
from shuangsui.inspections.states import Mode
from shuangsui.planning import exemptions
from shuangsui.planning.exemption_policy import FILING, PLAN, Wanted
from shuangsui.planning.indicator import Quarter, quarter_of
from shuangsui.planning.tables import CaseState, ExemptionCase
from shuangsui.registry.read import objects_of
from shuangsui.tenancy.annexes import EVIDENCE, MODES, TRIGGERS

app = typer.Typer(help="不适用情形：专项检查、拉网式检查、线索核查、即时检查", no_args_is_help=True)

NoArgument = Annotated[str, typer.Argument(metavar="NO", help="编号，如 LX2026-0001", show_default=False)]
ReasonOption = Annotated[str, typer.Option("--reason", help="理由", show_default=False)]


def _names(table_: dict[str, str] | Any) -> str:
    return "、".join(f"{key} {name}" for key, name in table_.items())


@app.command()
def request(
    tenant: TenantOption,
    user: UserOption,
    code: Annotated[str, typer.Option(help="exemptions.toml 中的代码", show_default=False)],
    trigger: Annotated[str, typer.Option(help=f"起因：{_names(TRIGGERS)}", show_default=False)],
    why: Annotated[str, typer.Option(help="起因的具体内容", show_default=False)],
    object_: Annotated[list[str], typer.Option("--object", help="检查对象代码，可以重复", show_default=False)],
    item: Annotated[str | None, typer.Option(help="事项编号", show_default=False)] = None,
    evidence: Annotated[list[str] | None, typer.Option(help=f"证据，如 number=…：{_names(EVIDENCE)}")] = None,
    plan: Annotated[list[str] | None, typer.Option(help=f"检查计划，如 area=…：{_names(PLAN)}")] = None,
    filing: Annotated[list[str] | None, typer.Option(help=f"备案，如 no=…：{_names(FILING)}")] = None,
    person: Annotated[list[str] | None, typer.Option(help="执法证号，只限不抽取人员的情形，可以重复")] = None,
    as_json: JsonOption = False,
) -> None:
    """申请；不符合规定的当场拒绝，只留下拒绝的记录。"""
    at = desk(tenant)
    with at.session() as session:
        wanted = Wanted(
            code, trigger, why, _objects(session, object_), pairs_of(evidence or ()), item, tuple(person or ()),
            pairs_of(plan or ()), pairs_of(filing or ()),
        )  # fmt: skip
        rules = at.office.rules(legal_day(at.now(session)))
        facts = _facts(exemptions.request(session, at.office.tenant, wanted, rules=rules, actor=user))
    emit(facts, as_json=as_json, human=lambda f: _show([f]))


@app.command()
def approve(no: NoArgument, tenant: TenantOption, user: UserOption, as_json: JsonOption = False) -> None:
    """委领导批准；提出人不得批准。"""
    at = desk(tenant)
    with at.session() as session:
        facts = _facts(exemptions.approve(session, no, rules=at.office.rules, actor=user))
    at.publish_site(actor=user)
    emit(facts, as_json=as_json, human=lambda f: _show([f]))


@app.command()
def refuse(
    no: NoArgument, tenant: TenantOption, user: UserOption, reason: ReasonOption, as_json: JsonOption = False
) -> None:
    """委领导不批准，写明理由。"""
    with desk(tenant).session() as session:
        facts = _facts(exemptions.refuse(session, no, reason, actor=user))
    emit(facts, as_json=as_json, human=lambda f: _show([f]))


@app.command()
def freeze(
    no: NoArgument,
    tenant: TenantOption,
    user: UserOption,
    holder: HolderOption,
    minutes: MinutesOption = 30,
    hours: HoursOption = 24,
    as_json: JsonOption = False,
) -> None:
    """为已批准的检查随机选派执法检查人员；之后的步骤与 draw 相同。"""
    at = desk(tenant)
    with at.session() as session:
        call = call_of(at.now(session), holder, minutes, hours)
        case = exemptions.approved(session, no)
        draw = assigning.freeze_case(session, at.office, case, call, actor=user)
    facts = {"draw": draw.no, "case": no, "objects": draw.draft["snapshot"]["n"], "seq": draw.seq}
    emit(facts, as_json=as_json, human=lambda f: typer.echo(f"抽取 {f['draw']}：{f['objects']} 个对象"))


@app.command()
def dispatch(
    no: NoArgument,
    tenant: TenantOption,
    user: UserOption,
    mode: Annotated[Mode, typer.Option(help="检查方式")] = Mode.ONSITE,
    as_json: JsonOption = False,
) -> None:
    """为不抽取人员的检查派发任务，检查组为申请时写明的人员。"""
    at = desk(tenant)
    with at.session() as session:
        made = [
            {"no": task.no, "type": task.type, "object": task.object_code}
            for task in special.open_case(session, no, actor=user, mode=mode)
        ]
    emit(made, as_json=as_json, human=lambda m: typer.echo(f"已派发 {len(m)} 项任务"))


@app.command("list")
def list_(
    tenant: TenantOption,
    year: Annotated[int | None, typer.Option("--year", help="年度，默认全部", show_default=False)] = None,
    as_json: JsonOption = False,
) -> None:
    """列出全部申请和每年批准的数量。"""
    with desk(tenant).session(readonly=True) as session:
        found = [_facts(case) for case in exemptions.cases(session, year)]
    emit(found, as_json=as_json, human=_show)


@app.command()
def show(no: NoArgument, tenant: TenantOption, as_json: JsonOption = False) -> None:
    """显示一项申请。"""
    with desk(tenant).session(readonly=True) as session:
        facts = _facts(exemptions.find(session, no))
    emit(facts, as_json=as_json, human=lambda f: table(no, ["项目", "内容"], [list(pair) for pair in f.items()]))


@app.command()
def indicator(
    tenant: TenantOption,
    quarter: Annotated[str | None, typer.Option(help="季度，如 2026-2，默认本季度", show_default=False)] = None,
    as_json: JsonOption = False,
) -> None:
    """显示不随机抽取的检查占一个季度全部检查的比例。"""
    at = desk(tenant)
    with at.session(readonly=True) as session:
        chosen = _quarter(quarter, at, session)
        share = exemptions.indicator(session, chosen, at.office.rules(min(chosen.last, legal_day(at.now(session)))))
    facts = {
        "year": chosen.year, "quarter": chosen.n, "visits": share.visits, "exempt": share.exempt,
        "threshold": share.threshold, "amber": share.amber,
    }  # fmt: skip
    emit(facts, as_json=as_json, human=_show_share)


def _objects(session: TenantSession, codes: list[str]) -> list[dict[str, str]]:
    """Name and address as the registry has them; :class:`BadInput` ``object_unregistered``."""
    known = {thing.code: thing for thing in objects_of(session) if thing.code in set(codes)}
    if missing := [code for code in codes if code not in known]:
        raise BadInput("object_unregistered", codes="、".join(missing))
    return [{"code": c, "name": known[c].name, "address": known[c].address or ""} for c in dict.fromkeys(codes)]


def _quarter(text: str | None, at: Desk, session: TenantSession) -> Quarter:
    if text is None:
        return quarter_of(legal_day(at.now(session)))
    year, _, n = text.partition("-")
    if not (year.isdigit() and len(year) == 4 and n in ("1", "2", "3", "4")):
        raise BadInput("quarter_invalid", text=text)
    return Quarter(int(year), int(n))


def _facts(case: ExemptionCase) -> dict[str, Any]:
    return case.model_dump(exclude={"tenant_id", "id"})


def _show(found: list[dict[str, Any]]) -> None:
    rows = [
        [f["no"], f["name"], MODES[f["mode"]], f["item_code"], len(f["objects"]), f["evidence_no"],
         exemptions.STATES[f["state"]], f["basis"]]
        for f in found
    ]  # fmt: skip
    approved = sum(f["state"] == CaseState.APPROVED for f in found)
    head = ["编号", "情形", "方式", "事项", "对象数", "证据编号", "状态", "依据"]
    table(f"不适用情形 {len(rows)} 项，已批准 {approved} 项", head, rows)


def _show_share(facts: dict[str, Any]) -> None:
    state = "超过示警线" if facts["amber"] else "正常"
    typer.echo(
        f"{facts['year']} 年第 {facts['quarter']} 季度：检查 {facts['visits']} 次，不随机抽取 {facts['exempt']} 次，"
        f"示警线 {facts['threshold']}%，{state}"
    )
