"""The page of the visits of a task: arrival, certificates, departure (article 13)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel, Field

from shuangsui.inspections import tasks, views, visits
from shuangsui.inspections.common_routes import called, names_of, officers, opened, pages_of, people, reached, whole
from shuangsui.inspections.offering import of_visit
from shuangsui.inspections.states import MODES, TASK_STATES, Direction, Mode, Party
from shuangsui.inspections.visits import Arrival
from shuangsui.pages import Detail, Here, Table, act, view
from shuangsui.said import say

ONE = "/tasks/{no:str}/visit"
PARTIES = {Party.OFFICER: "执法人员", Party.OBJECT: "检查对象", Party.EXPERT: "专家", Party.WITNESS: "见证人"}
DIRECTIONS = {Direction.IN: "到场", Direction.OUT: "离开"}
COLUMNS = {
    "who": "人员", "party_name": "身份", "direction_name": "到离", "at": "时间", "place": "地点", "remark": "备注",
}  # fmt: skip


class CheckIn(BaseModel):
    """An officer or an expert of the task arrives."""

    person: str = Field(title="人员", max_length=64)
    place: str = Field(title="地点", max_length=200)


class DeviceArrival(CheckIn):
    """The same, kept by a device that was offline (R13.9)."""

    party: Party = Field(Party.OFFICER, title="身份")
    device_at: AwareDatetime | None = Field(None, title="设备时间")
    counter: int | None = Field(None, title="设备序号", ge=0)


class Witness(BaseModel):
    """Somebody from outside who is present."""

    person: str = Field(title="见证人姓名", max_length=64)
    place: str = Field(title="地点", max_length=200)


class Certificates(BaseModel):
    """Of every officer present."""

    numbers: list[str] = Field(title="出示的执法证", min_length=1)


class Leaving(BaseModel):
    """Who goes."""

    person: str = Field(title="离开的人员", max_length=64)


def load(here: Here) -> Detail:
    """Who came and went, and how long it took."""
    task = opened(here)
    data, names = views.full(here.session, task)["visits"], names_of(here)
    facts = {
        "任务状态": TASK_STATES[task.state], "检查对象": task.object_name,
        "记录表": "可以填写" if visits.is_writable(here.session, task) else "还不能填写：须有两名执法人员签到",
        "检查组": [called(one, names) for one in tasks.team_of(here.session, task)],
    }  # fmt: skip
    tables = [*(_table(one, names) for one in data), pages_of(task), whole(task)]
    notes = [] if task.mode is Mode.ONSITE else [say("本任务采用{mode}，不需要到场签到。", mode=MODES[task.mode])]
    acts = of_visit(here.session, task)
    return Detail(say("现场检查 {no}", no=task.no), facts, tables, notes, acts, data={"no": task.no, "visits": data})


def check_in(here: Here, form: CheckIn) -> dict[str, Any]:
    """Whom the draw made an expert arrives as one."""
    task = reached(here)
    expert = form.person in tasks.experts_of(here.session, task)
    return _arrive(here, Arrival(form.person, form.place, Party.EXPERT if expert else Party.OFFICER))


def witness(here: Here, form: Witness) -> dict[str, Any]:
    """A witness arrives; does not count as an officer."""
    return _arrive(here, Arrival(form.person, form.place, Party.WITNESS))


def arrive(here: Here, form: DeviceArrival) -> dict[str, Any]:
    """As a device tells it."""
    device_at: datetime | None = form.device_at
    return _arrive(here, Arrival(form.person, form.place, form.party, device_at, form.counter))


def certificates(here: Here, form: Certificates) -> None:
    """The step of showing certificates."""
    visits.show_certificates(here.session, reached(here).no, form.numbers, actor=here.actor.login)


def not_found(here: Here, _form: BaseModel) -> dict[str, Any]:
    """Nobody of the object is there."""
    return {"visit": visits.nobody_found(here.session, reached(here).no, actor=here.actor.login).n}


def leave(here: Here, form: Leaving) -> dict[str, Any]:
    """Somebody goes; with the last officer the visit ends."""
    visit = visits.leave(here.session, reached(here).no, form.person, actor=here.actor.login)
    return {"visit": visit.n, "ended_at": visit.ended_at, "minutes": visits.minutes(visit)}


def absent(here: Here) -> dict[str, str]:
    """Officers and experts who have not checked in to the visit going on."""
    open_ = [visit for visit in visits.visits_of(here.session, reached(here)) if visit.ended_at is None]
    came = {row.person for visit in open_ for row in visits.presences(here.session, visit)}
    return {one: name for one, name in people(here).items() if one not in came}


def present(here: Here) -> dict[str, str]:
    """Who is there and has not left."""
    names = names_of(here)
    found: dict[str, str] = {}
    for visit in visits.visits_of(here.session, reached(here)):
        if visit.ended_at is None:
            there = [row.person for row in visits.presences(here.session, visit)]
            found |= {one: called(one, names) for one in there if one not in visits.gone(here.session, visit)}
    return found


def _arrive(here: Here, arrival: Arrival) -> dict[str, Any]:
    visit = visits.check_in(here.session, here.office, reached(here).no, arrival, actor=here.actor.login)
    return {"visit": visit.n, "started_at": visit.started_at}


def _table(visit: dict[str, Any], names: dict[str, str]) -> Table:
    rows = [
        one | {
            "who": called(one["person"], names), "party_name": PARTIES[one["party"]],
            "direction_name": DIRECTIONS[one["direction"]], "remark": "设备时钟倒退" if one["clock_jump"] else "",
        }
        for one in visit["people"]
    ]  # fmt: skip
    kind = "复查" if visit["recheck"] else "检查"
    notes = [] if visit["met"] else ["没有找到检查对象"]
    if visit["certificates_at"]:
        notes.append(say("已出示执法证：{listed}", listed="、".join(visit["certificates"])))
    if visit["minutes"] is not None:
        notes.append(say("检查时长 {minutes} 分钟", minutes=visit["minutes"]))
    return Table(COLUMNS, rows, title=say("第 {n} 次到场（{kind}）", n=visit["n"], kind=kind), notes=notes)


VIEWS = [view(ONE, verb=None, load=load, title="现场检查", notes=True)]
ACTS = [
    act(f"{ONE}/check-in", verb="inspect", model=CheckIn, do=check_in, title="到场签到", done="已签到。",
        choices={"person": absent}),
    act(f"{ONE}/witness", verb="inspect", model=Witness, do=witness, title="见证人到场", done="见证人已登记。"),
    act(f"{ONE}/arrivals", verb="inspect", model=DeviceArrival, do=arrive, title="设备签到", done="已签到。",
        choices={"party": {str(party): name for party, name in PARTIES.items()}}),
    act(f"{ONE}/certificates", verb="inspect", model=Certificates, do=certificates, title="出示行政执法证",
        done="已记录出示证件。", choices={"numbers": officers}),
    act(f"{ONE}/not-found", verb="inspect", do=not_found, title="没有找到检查对象", done="已登记没有找到检查对象。"),
    act(f"{ONE}/leave", verb="inspect", model=Leaving, do=leave, title="登记离开", done="离开已登记。",
        choices={"person": present}),
]  # fmt: skip
