"""Objects on pages: the list, and each object's file with both counters side by side and never mixed (R10.2, R17.5).

Opening a file is written down with who opened it (R16.2).
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlmodel import col, or_, select

from shuangsui.catalogue import versions
from shuangsui.errors import BadInput, NotFound
from shuangsui.inspections import access_log
from shuangsui.inspections.states import TASK_TYPES, TaskType
from shuangsui.pages import Detail, Here, Stored, Table, view
from shuangsui.planning import caps
from shuangsui.planning.caps import Planned
from shuangsui.planning.inheriting import inherited
from shuangsui.planning.policy import active_flags, counting
from shuangsui.planning.tables import CounterState, FrequencyCounter
from shuangsui.planning.visits import frequency
from shuangsui.registry.read import ObjectEntry, object_of, object_rows
from shuangsui.registry.tables import InspectionObject, ObjectStatus
from shuangsui.said import say
from shuangsui.tenancy.annexes import TRIGGERS, CapEntry

STATUS = {
    ObjectStatus.ACTIVE: "存续", ObjectStatus.DEREGISTERED: "注销", ObjectStatus.REVOKED: "吊销",
    ObjectStatus.CANCELLED: "撤销", ObjectStatus.MOVED: "迁出",
}  # fmt: skip
OBJECTS = {"code": "代码", "name": "名称", "district": "区县", "risk_class": "信用风险分类", "items": "事项",
           "status_name": "状态"}  # fmt: skip
SHOWN = ("code", "name", "district", "risk_class", "items", "status")
SORTS = {name: col(getattr(InspectionObject, name)) for name in ("code", "name", "district", "risk_class")}
SORTS["status_name"] = col(InspectionObject.status)
SEARCHED = (col(InspectionObject.code), col(InspectionObject.name))
FILTERED = {name: col(getattr(InspectionObject, name)) for name in ("district", "risk_class", "status")}
COUNTERS = {"draw": "抽取", "family": "事项族", "line": "计划条目", "state_name": "计数"}
INHERITED = {"origin_name": "抽取机关", "draw": "抽取", "family": "事项族", "state_name": "计数"}
COUNTED = {CounterState.RESERVED: "已抽中", CounterState.CONSUMED: "已检查", CounterState.RELEASED: "已释放，不计"}
VISITS = {"on": "日期", "authority_name": "机关", "family": "事项族", "type_name": "类型", "trigger_name": "起因",
          "label_name": "标记"}  # fmt: skip
FAMILIES = {
    "family": "事项族", "count": "次数", "own": "其中本机关", "exempt": "其中不随机抽取的（按起因）",
    "labels": "其中有标记的",
}  # fmt: skip
CAPS = {
    "scope": "范围", "risk_class": "信用风险分类", "per_year": "每年最多", "rechecks": "复查计入", "basis": "依据",
    "published_on": "公布日期", "place": "出处",
}  # fmt: skip


def load_all(here: Here) -> Table:
    """The registry of objects, by part of a code or name."""
    statement = object_rows()
    if wanted := here.query.get("q", "").strip():
        statement = statement.where(or_(*(one.contains(wanted, autoescape=True) for one in SEARCHED)))
    for field, column in FILTERED.items():
        if chosen := here.query.get(field, ""):
            statement = statement.where(column == chosen)
    rows = Stored(here.session, statement, InspectionObject.code, _row, "code", sorts=SORTS)
    return Table(OBJECTS, rows, "/objects/{code}", filters=_filters(here))


def _filters(here: Here) -> dict[str, str | tuple[str, dict[str, str]]]:
    districts = [name for name in here.session.exec(select(InspectionObject.district).distinct()) if name]
    return {
        "q": "代码或名称的一部分",
        "district": ("区县", {name: name for name in sorted(districts)}),
        "risk_class": ("信用风险分类", {name: name for name in "ABCD"}),
        "status": ("状态", {status.value: name for status, name in STATUS.items()}),
    }


def load_one(here: Here) -> Detail:
    """What the registry says, how often it was drawn by this authority, and how often visited by all."""
    code, year = here.path["code"], _year(here)
    thing = object_of(here.session, code)
    if thing is None:
        raise NotFound("object_unregistered", codes=code)
    access_log.opened(here.session, code, actor=here.actor.login)
    seen = frequency(here.session, here.office.keyring, code, year)
    own = sum(one.authority == here.office.tenant.slug for one in seen)
    counters = _counters(here, code, year)
    before = _inherited(here, code, year)
    drawn = sum(one["state"] != CounterState.RELEASED for one in (*counters, *before))
    facts = _facts(here, thing) | {
        say("{year} 计划年度被本机关抽中（第十条）", year=year): say("{drawn} 次", drawn=drawn),
        say("{year} 年被检查（按检查日期，全部机关）", year=year): say(
            "{n} 次，其中本机关 {own} 次", n=len(seen), own=own
        ),
    }
    visits = [_visit(here, one) for one in seen]
    tables = [
        Table(
            COUNTERS,
            counters,
            "/draws/{draw}",
            title=say("第十条的年度次数：{year} 计划年度，只计本机关的抽取", year=year),
        ),
        *([Table(INHERITED, before, title="撤并前的机关抽取的，一并计次")] if before else []),
        Table(FAMILIES, _families(here, visits), title=say("{year} 年检查次数：按事项族，计全部机关", year=year)),
        Table(VISITS, visits, title=say("检查频次台账：{year} 年，按检查日期，计全部机关", year=year)),
        Table(CAPS, [_cap(one) for one in _binding(here, thing)], title="适用的检查频次上限（本机关）"),
        *_asking(here, code, year),
    ]
    return Detail(thing.name, facts, tables, data={"code": code, "year": year, "drawn": drawn, "visits": len(seen)})


def _asking(here: Here, code: str, year: int) -> list[Table]:
    """To the forms that ask for something about this object, its code filled in."""
    row, found = {"code": code, "year": year}, []
    if here.actor.may("propose_exemption"):
        rows = [row | {"what": "申请不适用随机抽取的检查"}]
        found.append(Table({"what": "办理"}, rows, "/exemptions?objects={code}", title="可以申请（第十七条）"))
    if here.actor.may("propose_override"):
        rows = [row | {"what": "申请突破年度次数"}]
        found.append(
            Table({"what": "办理"}, rows, "/plans/{year}/overrides?object_code={code}", title="可以申请（第十条）")
        )
    return found


def load_caps(here: Here) -> Table:
    """Published caps, each with its file and line."""
    rows = [_cap(one.entry) | {"place": f"{one.file}:{one.line}"} for one in here.office.tenant.caps]
    return Table(CAPS, rows, notes=("没有公布检查频次上限。",) if not rows else ())


def _year(here: Here) -> int:
    text = here.query.get("year", "")
    if not text:
        return here.today.year
    if not (text.isascii() and text.isdigit() and 2000 <= int(text[:5]) <= 2100):
        raise BadInput("year_invalid", year=text[:20])
    return int(text)


def _counters(here: Here, code: str, year: int) -> list[dict[str, Any]]:
    query = select(FrequencyCounter).where(FrequencyCounter.object_code == code, FrequencyCounter.year == year)
    return [
        {
            "family": row.family, "draw": row.draw_no, "line": row.line_no, "state": row.state,
            "state_name": COUNTED[row.state],
        }
        for row in here.session.exec(query.order_by(col(FrequencyCounter.draw_no)))
    ]  # fmt: skip


def _inherited(here: Here, code: str, year: int) -> list[dict[str, Any]]:
    names = {tenant.slug: tenant.name for tenant in here.office.tree}
    return [
        {
            "origin": row.origin, "origin_name": names.get(row.origin, row.origin), "draw": row.draw_no,
            "family": row.family, "state": row.state, "state_name": COUNTED[row.state],
        }
        for row in inherited(here.session, code, year)
    ]  # fmt: skip


def _visit(here: Here, one: Any) -> dict[str, Any]:
    names = {tenant.slug: tenant.name for tenant in here.office.tree}
    return {
        "on": one.on, "authority": one.authority, "authority_name": names.get(one.authority, one.authority),
        "family": one.family, "type": one.type, "type_name": TASK_TYPES[TaskType(one.type)], "trigger": one.trigger,
        "trigger_name": TRIGGERS.get(one.trigger or "", ""), "label": one.label,
        "label_name": caps.LABELS.get(one.label, ""),
    }  # fmt: skip


def _families(here: Here, visits: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Counts of a year; an exempt visit counts like any other and says what led to it (R17.5)."""
    grouped: dict[str, list[dict[str, Any]]] = {}
    for one in visits:
        grouped.setdefault(one["family"], []).append(one)
    return [
        {
            "family": family, "count": len(ones),
            "own": sum(one["authority"] == here.office.tenant.slug for one in ones),
            "exempt": dict(Counter(one["trigger_name"] for one in ones if one["trigger"])),
            "labels": dict(Counter(one["label_name"] for one in ones if one["label"])),
        }
        for family, ones in sorted(grouped.items())
    ]  # fmt: skip


def _binding(here: Here, thing: ObjectEntry) -> list[CapEntry]:
    """For a visit today about any of its items."""
    entries, current = [one.entry for one in here.office.tenant.caps], versions.in_force(here.session)
    items = versions.items_of(here.session, current) if current else []
    families = {item.code: item.family for item in items}
    codes = thing.items or [""]
    visits = [Planned(thing.name, code, families.get(code, ""), thing.risk_class, here.today) for code in codes]
    found = [cap for one in visits for cap in caps.binding(entries, one)]
    return list(dict.fromkeys(found))


def _cap(cap: CapEntry) -> dict[str, Any]:
    scope = cap.item or cap.family or "全部检查"
    return {**cap.model_dump(mode="json"), "scope": scope, "place": ""}


def _row(found: Any) -> dict[str, Any]:
    one = ObjectEntry(*found)
    return {name: getattr(one, name) for name in SHOWN} | {"status_name": STATUS[one.status]}


def _facts(here: Here, one: ObjectEntry) -> dict[str, Any]:
    flags = [
        say("{kind}（{since} 至 {until}）", kind=flag["kind"], since=flag["since"] or "", until=flag["until"] or "今")
        for flag in one.flags
    ]
    counted = counting(one.flags, here.office.rules(here.today).names("frequency.flags"))
    return {
        "代码": one.code, "区县": one.district, "地址": one.address,
        "行业代码": f"{one.gate or ''}{one.industry or ''}", "信用风险分类": one.risk_class, "事项": one.items,
        "状态": STATUS[one.status], "违法违规记录": flags,
        "现在有效的违法违规记录": len(active_flags(counted, here.today)),
    }  # fmt: skip


VIEWS = [
    view("/objects", verb="view", load=load_all, title="检查对象", menu="名录库"),
    view("/objects/{code:str}", verb="view", load=load_one, title="检查对象", notes=True),
    view("/caps", verb="view", load=load_caps, title="检查频次上限", menu="年度计划"),
]
