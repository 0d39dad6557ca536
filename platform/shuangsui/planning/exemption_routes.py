"""Inspections outside the draw on pages: asked for with proof, approved by somebody else or refused (article 17)."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from litestar import Request, Response, get
from pydantic import BaseModel, Field
from sqlmodel import col, select

from shuangsui.disclosure.following import publish_site
from shuangsui.draws import assigning
from shuangsui.draws.dispatch_routes import Freeze, call_of
from shuangsui.draws.draw_routes import facts as draw_facts
from shuangsui.draws.office import all_draws
from shuangsui.draws.tables import DrawState
from shuangsui.errors import BadInput, NotFound
from shuangsui.inspections import evidence, special
from shuangsui.inspections.evidence_policy import clean_name, judge
from shuangsui.inspections.states import MODES as INSPECTED
from shuangsui.inspections.states import TASK_STATES, Mode
from shuangsui.inspections.tables import InspectionTask
from shuangsui.pages import Attachment, Detail, Here, Table, act, here_of, may, timeline, view
from shuangsui.planning import exemptions, visits
from shuangsui.planning.exemption_policy import FILING, PLAN, Wanted
from shuangsui.planning.indicator import Quarter, quarter_of
from shuangsui.planning.plan_routes import items_in_force
from shuangsui.planning.tables import CaseState, ExemptionCase
from shuangsui.registry.read import inspectors, objects_of
from shuangsui.registry.tables import InspectorStatus
from shuangsui.said import named, say
from shuangsui.settings import from_environment
from shuangsui.tenancy.annexes import EVIDENCE, MODES, SKIPS, TRIGGERS

CASES = {
    "no": "编号", "name": "情形", "mode_name": "方式", "item_code": "事项", "count": "对象数",
    "evidence_no": "证据编号", "state_name": "状态", "basis": "依据",
}  # fmt: skip
TABLE = {
    "code": "代码", "name": "情形", "trigger": "起因", "mode": "方式", "authority": "依据", "evidence": "须有的证据",
    "skips": "不适用的环节",
}  # fmt: skip
SHARES = {
    "quarter": "季度", "visits": "检查次数", "exempt": "其中不随机抽取", "threshold": "示警线（%）", "verdict": "结论",
}  # fmt: skip
THINGS = {"code": "检查对象", "name": "名称", "address": "地址"}
DRAWN = {"draw": "抽取", "state_name": "状态", "selected": "任务数"}
MADE = {"no": "编号", "object_name": "检查对象", "state_name": "状态"}
FILE = {"file_name": "证据文件", "file_type": "类型", "file": "摘要（SHA-256）"}
FACTS = {
    "code": "情形代码", "name": "情形", "trigger_text": "起因的具体内容", "item_code": "事项", "basis": "依据",
    "team": "执法检查人员", "proposer": "提出人", "requested_at": "提出时间", "approver": "决定人",
    "decided_at": "决定时间", "reason": "不批准的理由", "rules_on": "适用哪一天的规则", "rules_digest": "规则摘要",
}  # fmt: skip


class Case(BaseModel):
    """What somebody asks for."""

    code: str = Field(title="情形")
    trigger: str = Field(title="起因")
    why: str = Field(title="起因的具体内容", max_length=500, json_schema_extra={"kind": "textarea"})
    objects: list[str] = Field(title="检查对象代码", description="在检查对象的页面上申请的，代码已经填好")
    item: str | None = Field(None, title="事项")
    number: str = Field("", title="证据编号（文号）", max_length=200)
    source: str = Field("", title="证据来源", max_length=200)
    received_on: str = Field("", title="收到日期", json_schema_extra={"kind": "date"})
    summary: str = Field("", title="内容摘要", max_length=2000, json_schema_extra={"kind": "textarea"})
    ground: str = Field("", title="即时检查的情形", max_length=200)
    deployment: str = Field("", title="上级部署文件文号", max_length=200)
    file: Attachment | None = Field(None, title="证据文件", description="照片或 PDF，按实际内容识别")
    necessity: str = Field("", title="检查计划：必要性评估", max_length=2000, json_schema_extra={"kind": "textarea"})
    body: str = Field("", title="检查计划：实施主体", max_length=200)
    time: str = Field("", title="检查计划：时间", max_length=200, json_schema_extra={"kind": "text"})
    area: str = Field("", title="检查计划：区域", max_length=200)
    approval: str = Field("", title="检查计划：批准文号", max_length=200)
    filing_no: str = Field("", title="备案号", max_length=200)
    filing_at: str = Field("", title="备案日期", json_schema_extra={"kind": "date"})
    people: list[str] = Field([], title="执法检查人员", description="只限不抽取人员的情形，不少于两人")


class Opening(BaseModel):
    """How the team that the case names inspects."""

    mode: Mode = Field(Mode.ONSITE, title="检查方式")


class Refusal(BaseModel):
    """Why not."""

    reason: str = Field(title="不批准的理由", max_length=500)


def load_all(here: Here) -> Detail:
    """Every case, and what this authority exempts at all; their number is shown (R17.4)."""
    rows = [_row(case) for case in exemptions.cases(here.session)]
    approved = sum(one["state"] == CaseState.APPROVED for one in rows)
    table = [
        {
            "code": one.entry.code, "name": one.entry.name, "trigger": TRIGGERS[one.entry.trigger],
            "mode": MODES[one.entry.mode], "authority": one.entry.authority,
            "evidence": [EVIDENCE[name] for name in one.entry.evidence],
            "skips": [SKIPS[name] for name in one.entry.skips],
        }
        for one in here.office.tenant.exemptions
    ]  # fmt: skip
    tables = [Table(CASES, rows[::-1], "/exemptions/{no}", title="申请"), Table(TABLE, table, title="可以适用的情形")]
    return Detail("不适用随机抽取的检查", {"申请": len(rows), "已批准": approved}, tables)


def load_one(here: Here) -> Detail:
    """A case with its proof and its papers."""
    case = exemptions.find(here.session, here.path["no"])
    facts: dict[str, Any] = {"状态": exemptions.STATES[case.state], "起因": TRIGGERS[case.trigger]}
    facts |= {"方式": MODES[case.mode]} | {title: getattr(case, name) for name, title in FACTS.items()}
    facts |= {"不适用的环节": [SKIPS[name] for name in case.skips]}
    for kept, words in ((case.evidence, EVIDENCE), (case.plan, PLAN), (case.filing, FILING)):
        facts |= {title: kept[name] for name, title in words.items() if kept.get(name)}
    facts = {title: value for title, value in facts.items() if value not in (None, "", [])}
    drawn, made = _draws(here, case), _tasks(here, case)
    tables = [
        Table(THINGS, case.objects, "/objects/{code}", title="检查对象"),
        Table(DRAWN, drawn, "/draws/{draw}", title="选派执法检查人员的抽取"),
        Table(MADE, made, "/tasks/{no}", title="检查任务"),
    ]
    tables = [table for table in tables if table.rows]
    moves = _moves(case, drawn, made)
    if case.evidence.get("file"):
        tables.append(Table(FILE, [case.evidence | {"no": case.no}], "/exemptions/{no}/file", title="证据文件"))
    tables += timeline.of(here, f"exemption/{case.no}")
    return Detail(say("不适用情形 {no}", no=case.no), facts, tables, acts=moves, data={"case": _row(case)})


def _draws(here: Here, case: ExemptionCase) -> list[dict[str, Any]]:
    """Draws of people for the case, the newest first."""
    return [draw_facts(draw) for draw in all_draws(here.session) if draw.cause_key == f"special/{case.no}"]


def _tasks(here: Here, case: ExemptionCase) -> list[dict[str, Any]]:
    query = select(InspectionTask).where(InspectionTask.exemption == case.no).order_by(col(InspectionTask.no))
    rows = here.session.exec(query)
    return [task.model_dump(include={*MADE}) | {"state_name": TASK_STATES[task.state]} for task in rows]


def _moves(case: ExemptionCase, drawn: list[dict[str, Any]], made: list[dict[str, Any]]) -> set[str]:
    """Decided, its people are drawn, or the team that it names is sent out."""
    if case.state is CaseState.REQUESTED:
        return {"approve", "refuse"}
    if case.state is not CaseState.APPROVED:
        return set()
    if "inspector_draw" in case.skips:
        return {"open"} if len(made) < len(case.objects) else set()
    over = (DrawState.ABANDONED, DrawState.VOID, DrawState.WITHDRAWN)
    return set() if any(one["state"] not in over for one in drawn) else {"freeze"}


def load_indicator(here: Here) -> Table:
    """The share of visits outside the draw, quarter by quarter (R17.3)."""
    quarters = visits.quarters_with_visits(here.session)
    current = quarter_of(here.today)
    rows = [_share(here, quarter) for quarter in dict.fromkeys([current, *quarters])]
    return Table(SHARES, rows, notes=("不随机抽取：专项检查、线索核查、即时检查；整改复查不计。",))


def _share(here: Here, quarter: Quarter) -> dict[str, Any]:
    share = exemptions.indicator(here.session, quarter, here.office.rules(min(quarter.last, here.today)))
    return {
        "quarter": say("{year} 年第 {n} 季度", year=quarter.year, n=quarter.n), "visits": share.visits,
        "exempt": share.exempt,
        "threshold": share.threshold, "amber": share.amber, "verdict": "超过示警线" if share.amber else "正常",
    }  # fmt: skip


def request(here: Here, form: Case) -> dict[str, Any]:
    """What is not allowed is refused at once, and only the refusal is kept."""
    file = _judged(form.file) if form.file else {}
    given = {name: text.strip() for name in EVIDENCE if (text := getattr(form, name)).strip()}
    plan = {name: text.strip() for name in PLAN if (text := getattr(form, name)).strip()}
    filing = {name: text.strip() for name in FILING if (text := getattr(form, f"filing_{name}")).strip()}
    wanted = Wanted(
        form.code, form.trigger, form.why, _things(here, form.objects), given | file, form.item, tuple(form.people),
        plan, filing,
    )  # fmt: skip
    rules = here.office.rules(here.today)
    case = exemptions.request(here.session, here.office.tenant, wanted, rules=rules, actor=here.actor.login)
    if form.file:
        store, _ = evidence.configured(from_environment())
        store.put(here.office.tenant.slug, form.file.data)
    return _row(case)


def approve(here: Here, _form: BaseModel) -> dict[str, Any]:
    """Never by whoever asked."""
    row = _row(exemptions.approve(here.session, here.path["no"], rules=here.office.rules, actor=here.actor.login))
    publish_site(here)
    return row


def refuse(here: Here, form: Refusal) -> dict[str, Any]:
    """With the reason."""
    return _row(exemptions.refuse(here.session, here.path["no"], form.reason, actor=here.actor.login))


def freeze_people(here: Here, form: Freeze) -> dict[str, Any]:
    """Its objects are fixed, its people are drawn; what follows is a draw like any."""
    case = exemptions.approved(here.session, here.path["no"])
    draw = assigning.freeze_case(here.session, here.office, case, call_of(here, form), actor=here.actor.login)
    return {"draw": draw.no, "case": case.no, "objects": draw.draft["snapshot"]["n"], "draft": draw.draft}


def open_case(here: Here, form: Opening) -> dict[str, Any]:
    """One task for each object, for the team that the case names."""
    made = special.open_case(here.session, here.path["no"], actor=here.actor.login, mode=form.mode)
    return {"tasks": [task.no for task in made]}


@get("/console/exemptions/{no:str}/file", guards=[may("view")], sync_to_thread=True)
def download(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The proof's file, to be saved, never shown in our origin."""
    with here_of(request) as here:
        case = exemptions.find(here.session, here.path["no"])
        if not case.evidence.get("file"):
            raise NotFound("exemption_file_missing", case=case.no)
        store, _ = evidence.configured(from_environment())
        data = store.get(here.office.tenant.slug, case.evidence["file"])
    name = f"{case.no}.{case.evidence['file_name'].rpartition('.')[2]}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(data, media_type=case.evidence["file_type"], headers=headers)


def _judged(file: Attachment) -> dict[str, str]:
    """Name, type by content, and hash; ``evidence_*`` for anything else than images and PDF."""
    _, limits = evidence.configured(from_environment())
    name = clean_name(file.name)
    return {"file": sha256(file.data).hexdigest(), "file_name": name, "file_type": judge(file.data, name, limits)}


def _things(here: Here, codes: list[str]) -> list[dict[str, str]]:
    """Name and address as the registry has them; :class:`BadInput` ``object_unregistered``."""
    known = {thing.code: thing for thing in objects_of(here.session) if thing.code in set(codes)}
    if missing := [code for code in codes if code not in known]:
        raise BadInput("object_unregistered", codes="、".join(missing))
    return [{"code": c, "name": known[c].name, "address": known[c].address or ""} for c in dict.fromkeys(codes)]


def _row(case: ExemptionCase) -> dict[str, Any]:
    row = case.model_dump(exclude={"tenant_id", "id"})
    names = {"mode_name": MODES[case.mode], "state_name": exemptions.STATES[case.state], "count": len(case.objects)}
    return row | names


def _codes(here: Here) -> dict[str, str]:
    return {one.entry.code: named(one.entry.name, one.entry.code) for one in here.office.tenant.exemptions}


def _people(here: Here) -> dict[str, str]:
    """Inspectors on duty by certificate."""
    found = [one for one in inspectors(here.session) if one.status == InspectorStatus.ON_DUTY]
    return {one.cert_no: f"{one.name}（{one.cert_no}，{one.office}）" for one in found}


VIEWS = [
    view("/exemptions", verb="view", load=load_all, title="不随机抽取的检查", menu="年度计划"),
    view("/exemptions/{no:str}", verb="view", load=load_one, title="不适用情形"),
    view("/indicator", verb="view", load=load_indicator, title="不随机抽取占比", menu="年度计划"),
]
ACTS = [
    act(
        "/exemptions/request", verb="propose_exemption", model=Case, do=request, title="申请不适用随机抽取",
        done="已经提出，等待委领导批准。", then="/exemptions/{no}",
        choices={"code": _codes, "trigger": TRIGGERS, "item": items_in_force, "people": _people},
    ),
    act(
        "/exemptions/{no:str}/freeze", verb="operate_draw", model=Freeze, do=freeze_people,
        title="冻结对象并起草选派人员的方案",
        done="对象已经冻结：请把方案草案交给各随机数贡献方。",
        then="/draws/{draw}",
    ),
    act(
        "/exemptions/{no:str}/open", verb="dispatch_task", model=Opening, do=open_case, title="派发检查任务",
        done="任务已派发。", choices={"mode": {str(mode): name for mode, name in INSPECTED.items()}},
    ),
    act("/exemptions/{no:str}/approve", verb="approve_exemption", do=approve, title="批准", done="已经批准。"),
    act(
        "/exemptions/{no:str}/refuse", verb="approve_exemption", model=Refusal, do=refuse, title="不批准",
        done="已经记录。",
    ),
]  # fmt: skip
HANDLERS = [download]
