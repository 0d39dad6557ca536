"""The annual plan on pages: versions, lines, and the way to publication (article 7)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from itertools import count
from typing import Any

from pydantic import BaseModel, Field
from sqlmodel import col, select

from shuangsui.catalogue import versions
from shuangsui.catalogue.service import item_in_force
from shuangsui.disclosure.following import publish_site
from shuangsui.errors import NotFound, ShuangsuiError
from shuangsui.pages import Detail, Here, Table, act, timeline, view
from shuangsui.planning import copying, service, year_routes
from shuangsui.planning.policy import Seats, Terms, parse_ratio, percent, ratios_in_words, usual_ratios
from shuangsui.planning.service import Line
from shuangsui.planning.tables import STATES, AnnualPlan, PlanState
from shuangsui.registry.read import objects_of
from shuangsui.said import listed, named, say
from shuangsui.texts import sentence

PLANS = {
    "year": "年度", "version": "版本", "state_name": "状态", "proposer": "提出人", "approver": "批准人",
    "approved_at": "批准时间", "published_at": "公布时间", "reason": "修改理由",
}  # fmt: skip
LINES = {
    "no": "条目", "item_text": "事项", "ratio_text": "比例", "window": "实施时间", "rounds": "次数",
    "people": "每项任务的人员", "remark": "备注",
}  # fmt: skip
BESIDE = ({"title": "计划外批次", "page": "unplanned"}, {"title": "突破年度次数", "page": "overrides"})
LAYERS = {"flag": "FLAG", "a": "A", "b": "B", "c": "C", "d": "D", "rest": "ALL"}


class New(BaseModel):
    """A draft of a year."""

    year: int = Field(title="年度", ge=2000, le=2100)
    reason: str = Field("", title="修改的理由", max_length=500, description="年中修改时必须写明")


class Batch(BaseModel):
    """What every line says."""

    item: str = Field(title="事项")
    starts: date = Field(title="实施开始日期")
    ends: date = Field(title="实施结束日期")
    flag: str = Field("", title="有违法违规记录的对象（FLAG 层）的比例", description="如 10%，须高于其他各层")
    a: str = Field("", title="信用风险 A 类的比例", description="如 1%")
    b: str = Field("", title="信用风险 B 类的比例")
    c: str = Field("", title="信用风险 C 类的比例")
    d: str = Field("", title="信用风险 D 类的比例")
    rest: str = Field("", title="其余对象（ALL 层）的比例", description="不分层时只填这一栏")
    team: int = Field(2, title="检查组人数", ge=1, le=16)
    qualification: str = Field("", title="检查组须有人具备的岗位资格", max_length=100)

    def ratios(self) -> dict[str, Fraction]:
        """Stratum → ratio, of those that are filled in."""
        return {layer: parse_ratio(text) for name, layer in LAYERS.items() if (text := getattr(self, name).strip())}


class Added(Batch):
    """A line of the draft."""

    rounds: int = Field(1, title="全年抽取次数", ge=1)
    batches: int = Field(0, title="批次数", ge=0, description="重点事项只定批次顺序时填写")
    experts: int = Field(0, title="每项任务抽取的专家人数", ge=0, le=16)
    field: str = Field("", title="专家须具备的专业", max_length=100)
    per_day: int = Field(10, title="每天安排的任务数", ge=1)
    districts: list[str] = Field([], title="只抽这些区县")
    industries: list[str] = Field([], title="只抽这些行业代码开头的")
    dispatch: bool = Field(False, title="只抽检查对象，交对象所在区县选派人员检查")
    partners: list[str] = Field([], title="联合检查的其他机关")

    def terms(self) -> Terms:
        """As the plan keeps it."""
        return Terms(
            ratios=self.ratios(), districts=tuple(self.districts), industries=tuple(self.industries),
            rounds=self.rounds, batches=self.batches, team=Seats(self.team, self.qualification),
            experts=Seats(self.experts, self.field) if self.experts else None, per_day=self.per_day,
            dispatch=self.dispatch, partners=tuple(self.partners),
        )  # fmt: skip


class Dropped(BaseModel):
    """A line that goes."""

    line: int = Field(title="条目编号", ge=1)


class Terminated(Dropped):
    """A line of which nothing more is drawn."""

    reason: str = Field(title="终止的理由", max_length=500)


def load_all(here: Here) -> Table:
    """Every version of every year, the newest first."""
    return Table(PLANS, [_plan_row(plan) for plan in _plans(here)], "/plans/{year}?version={version}")


def load_one(here: Here) -> Detail:
    """A year's newest version, or the one that ``?version=`` names."""
    year = year_of(here)
    newest = service.latest(here.session, year)
    plan = _chosen(here, newest)
    shown = service.view(here.session, plan)
    facts = {title: _plan_row(plan)[name] for name, title in PLANS.items() if name != "year"}
    facts |= {"摘要": plan.digest}
    others = [_plan_row(one) for one in _plans(here, year)]
    tables = [
        Table(LINES, [line_row(one) for one in shown["lines"]], title="计划条目"),
        Table(LINES, [line_row(one) for one in shown["unplanned"]], title="计划外批次"),
        Table(PLANS, others, "/plans/{year}?version={version}", title="各版计划"),
        Table({"title": "与计划有关的申请"}, [one | {"year": year} for one in BESIDE], "/plans/{year}/{page}"),
    ]
    tables = [table for table in tables if table.rows] + timeline.of(here, f"plan/{year}/{plan.version}")
    data = {"plan": shown, "grid": year_routes.rows(here, plan) if plan is newest else []}
    title = say("{year} 年度抽查工作计划第 {version} 版", year=year, version=plan.version)
    return Detail(
        title, facts, tables, _left_out(here, plan), acts=_moves(here, plan) if plan is newest else set(), data=data,
        awaits=plan.state is PlanState.SUBMITTED, begin="" if shown["lines"] else "add",
    )  # fmt: skip


def year_of(here: Here) -> int:
    """The year of the address; :class:`NotFound` ``plan_missing``."""
    text = here.path["year"]
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise NotFound("plan_missing", year=text)
    return int(text)


def line_row(line: dict[str, Any]) -> dict[str, Any]:
    """A line of :func:`planning.service.view` with words for people."""
    team, experts = line["team"], line["experts"]
    people = [say("检查组 {size} 人", size=team["size"])]
    if team["qualification"]:
        people = [named(people[0], team["qualification"])]
    people += [say("专家 {size} 人", size=experts["size"])] if experts else []
    people = ["区县选派"] if line.get("dispatch") else people
    words = {"unplanned": "计划外", "terminated": "已终止"}
    remark = listed(
        (say("{name}：{value}", name=word, value=line[name]) for name, word in words.items() if name in line), "；"
    )
    return {
        **line, "item_text": f"{line['item']} {line['item_name']}", "ratio_text": ratios_in_words(line["ratios"]),
        "window": say("{starts} 至 {ends}", starts=line["starts"], ends=line["ends"]),
        "people": listed(people, "，"), "remark": remark,
    }  # fmt: skip


def _plans(here: Here, year: int | None = None) -> Sequence[AnnualPlan]:
    query = select(AnnualPlan).order_by(col(AnnualPlan.year).desc(), col(AnnualPlan.version).desc())
    return here.session.exec(query.where(AnnualPlan.year == year) if year else query).all()


def _chosen(here: Here, newest: AnnualPlan) -> AnnualPlan:
    text = here.query.get("version", "")
    if not text or text == str(newest.version):
        return newest
    found = next((one for one in _plans(here, newest.year) if str(one.version) == text), None)
    if found is None:
        raise NotFound("plan_missing", year=newest.year)
    return found


def _plan_row(plan: AnnualPlan) -> dict[str, Any]:
    names = ("year", "version", "state", "proposer", "approver", "approved_at", "published_at", "reason", "digest")
    return {name: getattr(plan, name) for name in names} | {"state_name": STATES[plan.state]}


def _moves(here: Here, plan: AnnualPlan) -> set[str]:
    if plan.state is PlanState.DRAFT:
        from_before = {"copy"} if service.published(here.session, plan.year - 1) else set()
        begun = {"drop", "terminate", "submit"} if service.lines(here.session, plan) else set()
        return {"add", *begun, *from_before}
    return {PlanState.SUBMITTED: {"approve"}, PlanState.APPROVED: {"publish"}}.get(plan.state, {"amend"})


def _left_out(here: Here, plan: AnnualPlan) -> list[str]:
    """While the draft is worked on: which of last year's lines are not in it, and why."""
    left = copying.left_out(here.session, plan) if plan.state is PlanState.DRAFT else []
    return [
        say(
            "上年计划第 {line} 条（{item} {name}）没有照搬。{sentence}",
            line=one["line"],
            item=one["item"],
            name=one["name"],
            sentence=sentence(ShuangsuiError(one["code"], **one["params"])),
        )
        for one in left
    ]


def other_authorities(here: Here) -> dict[str, str]:
    """Everybody who might inspect beside, by slug."""
    return {one.slug: one.name for one in here.office.tree if one.slug != here.office.tenant.slug}


def items_in_force(here: Here) -> dict[str, str]:
    """Code → name, to choose from."""
    current = versions.in_force(here.session)
    found = versions.items_of(here.session, current) if current else []
    return {item.code: f"{item.code} {item.name}" for item in found if item.held is None}


def new(here: Here, form: New) -> dict[str, Any]:
    """A draft; a later version starts from the lines of the one before."""
    return _answer(here, service.new_plan(here.session, form.year, actor=here.actor.login, reason=form.reason))


class Amend(BaseModel):
    """Why a published plan is changed."""

    reason: str = Field(title="修改的理由", max_length=500, json_schema_extra={"kind": "textarea"})


def amend(here: Here, form: Amend) -> dict[str, Any]:
    """The next version's draft (R7.4)."""
    return _answer(here, service.new_plan(here.session, year_of(here), actor=here.actor.login, reason=form.reason))


def add(here: Here, form: Added) -> dict[str, Any]:
    """Refused at once when it fits neither the list nor the rules."""
    terms, rules = form.terms(), here.office.rules(here.today)
    for slug in terms.partners:
        here.office.tree.get(slug)
    line = Line(form.item, terms, form.starts, form.ends)
    level, actor = here.office.level, here.actor.login
    row = service.add_line(here.session, year_of(here), line, rules=rules, level=level, actor=actor)
    return {"line": row.no}


def copy(here: Here, _form: BaseModel) -> dict[str, Any]:
    """Last year's lines a year later; what stays out stands above the draft."""
    rules, level = here.office.rules(here.today), here.office.level
    made = copying.copy_lines(here.session, year_of(here), rules=rules, level=level, actor=here.actor.login)
    return {"lines": made.lines, "left": made.left}


def drop(here: Here, form: Dropped) -> None:
    """Of the draft, never drawn."""
    service.drop_line(here.session, year_of(here), form.line, actor=here.actor.login)


def terminate(here: Here, form: Terminated) -> None:
    """What was drawn stays."""
    service.terminate_line(here.session, year_of(here), form.line, form.reason, actor=here.actor.login)


def next_year(here: Here) -> dict[str, Any]:
    """The first year from this one on that has no plan."""
    taken = {plan.year for plan in _plans(here)}
    return {"year": next(year for year in count(here.today.year) if year not in taken)}


def usual_line(here: Here) -> dict[str, Any]:
    """An item that has objects and no line in the draft, all year, as many objects as its cap lets be drawn."""
    year, rules = year_of(here), here.office.rules(here.today)
    lines = service.lines(here.session, service.latest(here.session, year))
    there = {service.item_of(here.session, line).code for line in lines}
    open_ = items_in_force(here).keys() - there
    code = next((code for one in objects_of(here.session) for code in one.items if code in open_), None)
    if code is None:
        return {}
    terms = service.item_terms(item_in_force(here.session, code), here.office.level, rules)
    ratios = usual_ratios(terms, rules)
    said = {name: percent(ratios[layer]) for name, layer in LAYERS.items() if layer in ratios}
    return {"item": code, "starts": date(year, 1, 1), "ends": date(year, 12, 31), **said}


def _step(move: Callable[..., AnnualPlan]) -> Callable[[Here, BaseModel], dict[str, Any]]:
    def do(here: Here, _form: BaseModel) -> dict[str, Any]:
        return _answer(here, move(here.session, year_of(here), actor=here.actor.login))

    return do


def publish(here: Here, _form: BaseModel) -> dict[str, Any]:
    """In force and on the public site."""
    shown = _answer(here, service.publish(here.session, year_of(here), actor=here.actor.login))
    publish_site(here)
    return shown


def _answer(here: Here, plan: AnnualPlan) -> dict[str, Any]:
    return service.view(here.session, plan)


VIEWS = [
    view("/plans", verb="view", load=load_all, title="年度抽查工作计划", menu="年度计划"),
    view("/plans/{year:str}", verb="view", load=load_one, title="年度抽查工作计划", template="console/plan.html"),
]
_AT = "/plans/{year:str}"
ACTS = [
    act(
        "/plans/new", verb="edit_plan", model=New, do=new, title="新建计划", done="草案已经建立。",
        then="/plans/{year}", given=next_year,
    ),
    act(
        f"{_AT}/add", verb="edit_plan", model=Added, do=add, title="加入条目", done="条目已经加入。",
        choices={"item": items_in_force, "partners": other_authorities}, given=usual_line,
    ),
    act(
        f"{_AT}/copy", verb="edit_plan", do=copy, title="照搬上年条目",
        done="上年计划的条目已经照搬，实施时间顺延一年；如有不能照搬的，列在下面。",
    ),
    act(f"{_AT}/drop", verb="edit_plan", model=Dropped, do=drop, title="删除条目", done="条目已经删除。"),
    act(f"{_AT}/terminate", verb="edit_plan", model=Terminated, do=terminate, title="终止条目", done="条目已经终止。"),
    act(f"{_AT}/submit", verb="edit_plan", do=_step(service.submit), title="提交委领导批准", done="计划已经提交。"),
    act(f"{_AT}/approve", verb="approve_plan", do=_step(service.approve), title="批准计划", done="计划已经批准。"),
    act(f"{_AT}/publish", verb="publish", do=publish, title="公布计划", done="计划已经公布。"),
    act(f"{_AT}/amend", verb="edit_plan", model=Amend, do=amend, title="修改计划", done="新一版草案已经建立。"),
]  # fmt: skip
