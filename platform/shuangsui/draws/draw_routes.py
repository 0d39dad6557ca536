"""Draws on pages: what each one is, where it stands, what changed in the registries before it (article 8, R6.5)."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import asdict
from datetime import datetime
from typing import Any

from litestar import Request, Response, get
from litestar.response import Redirect

from shuangsui.disclosure.following import engine_of
from shuangsui.draws import (
    changing,
    dispatching,
    events,
    service,
    sources,
    surroundings,
    tasks,
    transcripts,
    witnessing,
)
from shuangsui.draws.office import STATE_NAMES, all_draws, find
from shuangsui.draws.people import leader_of
from shuangsui.draws.tables import Cause, Draw, DrawnTask, DrawState
from shuangsui.pages import Detail, Here, Table, here_of, may, timeline, view
from shuangsui.planning.policy import stratum_name
from shuangsui.registry.wording import CHANGES, changed_text
from shuangsui.said import listed, named, say
from shuangsui.web.languages import labels

CAUSES = {
    Cause.LINE: "年度计划", Cause.DISPATCH: "上级分派", Cause.JOINT: "部门联合", Cause.SPECIAL: "专项检查（非双随机）",
}  # fmt: skip
DRAWS = {
    "draw": "编号", "item_text": "事项", "cause_name": "起因", "line": "条目", "round": "次", "objects": "名录",
    "selected": "名额", "state_name": "状态",
}  # fmt: skip
TASKS = {
    "task": "任务", "object": "检查对象", "stratum_name": "层", "batch": "批次", "team": "检查组",
    "experts_text": "专家", "state_name": "状态",
}  # fmt: skip
STRATA = {"name": "层", "title": "含义", "eligible": "可抽对象", "quota": "名额"}
HOLDERS = {"who": "随机数贡献方", "commit": "承诺", "signed": "有签名", "at": "揭示时间"}
EVENTS = {"name": "公开随机事件", "kind_name": "种类", "form": "内容", "time": "不早于", "value": "结果"}
OPEN = (DrawState.FROZEN, DrawState.COMMITTED, DrawState.REVEALING)
"""Holders, an event or whoever operates it come next."""
COUNTS = {"registry": "名录", "days": "冻结前天数", "added": "新增", "changed": "变更", "removed": "移出"}
ASKED = {"pool": "专家库", "day": "名单日期", "people": "人数", "digest": "名单摘要"}
TRIALS = {"pool_name": "人员", "trials": "试排次数", "complete": "排满次数", "advice": "建议"}
REPLACED = {
    "r": "第几次", "kind": "替换", "task": "任务", "out": "换下", "in": "换上", "why": "理由", "at": "时间",
}  # fmt: skip
OBJECTIONS = {"no": "次序", "time": "时间", "text": "异议"}
PAGES = {"title": "有关内容"}
CHANGED = {"at": "时间", "actor": "办理人", "source": "来源", "key": "代码", "change_name": "变化", "text": "内容"}
NAMES = {"objects": "检查对象名录", "inspectors": "执法检查人员名录"}


def load_all(here: Here) -> Table:
    """Every draw, the newest first."""
    return Table(DRAWS, [facts(draw) for draw in all_draws(here.session)], "/draws/{draw}")


def load_one(here: Here) -> Detail:
    """A draw as those inside see it: objects by name, the registries' changes as counts."""
    draw = find(here.session, here.path["no"])
    shown = transcripts.public_view(here.session, draw)
    rows = [task_row(here, draw, task) for task in tasks.tasks_of(here.session, draw)]
    trials = [{**one, "pool_name": labels()["pool"][one["pool"]]} for one in draw.trials]
    tables = [
        Table(OBJECTIONS, objection_rows(shown["objections"]), title="异议"),
        Table(COUNTS, _counts(shown["registry_changes"]), title="冻结前的名录变更"),
        Table(ASKED, shown["expert_pools"] or [], title="冻结时的专家库"),
        Table(TASKS, rows, "/draws/{no}/tasks/{task}", title="抽取结果"),
        Table(REPLACED, _replaced(shown["replacements"]), title="替换"),
        Table(STRATA, _strata(shown["strata"]), title="分层名额"),
        Table(EVENTS, event_rows(shown["events"]), title="公开随机事件"),
        Table(HOLDERS, holder_rows(shown["contributors"]), title="随机数贡献方"),
        Table(TRIALS, trials, title="冻结时的试排"),
        Table(PAGES, _pages(here, draw), "/draws/{no}/{page}"),
        Table({"title": "检查任务"}, _sent_out(draw), "/tasks?draw={no}"),
    ]
    tables = [table for table in tables if table.rows] + timeline.of(here, f"draw/{draw.no}", seq=_logged(draw))
    data = {"draw": facts(draw), "draft": draw.draft, "public": shown}
    return Detail(
        say("抽取 {no}", no=draw.no),
        _about(draw, shown),
        tables,
        acts=moves(here, draw),
        data=data,
        awaits=draw.state in OPEN,
    )


def _logged(draw: Draw) -> int | None:
    """Under which number the public log has it; one that was withdrawn before has left its number to the next."""
    return None if draw.state in transcripts.HIDDEN else draw.seq


def load_changes(here: Here) -> Table:
    """Who changed what in the registries in the 30 days before the freeze."""
    rows = [
        {**asdict(past), "change_name": CHANGES[past.change], "text": changed_text(past.before, past.after)}
        for past in surroundings.changes(here.session, here.path["no"], actor=here.actor.login)
    ]
    return Table(CHANGED, rows)


def load_trust(here: Here) -> Table:
    """Public keys that a reader may put on a trust list once checked."""
    drawn = bool(transcripts.public_draws(here.session))
    lines = witnessing.trust_lines(engine_of(here), here.office) if drawn else []
    notes = () if drawn else ("本机关还没有公开的抽取，因此还没有公钥。",)
    return Table({"line": "信任名单的一行"}, [{"line": line} for line in lines], notes=notes)


def facts(draw: Draw) -> dict[str, Any]:
    """A draw in a list; the same names as on the command line."""
    return {
        "draw": draw.no, "state": draw.state, "state_name": STATE_NAMES[draw.state], "item": draw.item_code,
        "item_text": f"{draw.item_code} {draw.item_name}", "cause": draw.cause, "cause_name": CAUSES[draw.cause],
        "line": draw.line_no, "round": draw.round, "seq": draw.seq, "objects": draw.draft["snapshot"]["n"],
        "selected": sum(draw.draft["quota"].values()),
    }  # fmt: skip


def task_row(here: Here, draw: Draw, task: DrawnTask) -> dict[str, Any]:
    """A task with its people; whoever leads stands first."""
    lead = leader_of(task)
    others = [who or "空缺" for who in task.teams if who is None or who != lead]
    state = "已取消" if task.cancelled else "已有结果" if task.settled else "待检查"
    state = "已分派" if state == "待检查" and dispatching.is_sent(here.session, draw, task.task) else state
    return {
        "no": draw.no, "task": task.task, "object": named(task.object_name, task.object_code),
        "code": task.object_code, "name": task.object_name, "stratum": task.stratum,
        "stratum_name": stratum_name(task.stratum), "batch": task.batch,
        "team": listed([*([say("{lead}（组长）", lead=lead)] if lead else []), *others]), "teams": task.teams,
        "leader": lead,
        "experts": task.experts, "experts_text": listed(who or "空缺" for who in task.experts),
        "state_name": state, "cancelled": task.cancelled, "settled": task.settled,
    }  # fmt: skip


def moves(here: Here, draw: Draw) -> set[str]:
    """What the state allows; the services refuse anyway."""
    if draw.state is DrawState.DRAWN:
        waiting = changing.has_open_replacement(here.session, draw)
        return {"reveal", "run", "abandon"} if waiting else {"void"}
    return {
        DrawState.FROZEN: {"commit", "abandon"},
        DrawState.COMMITTED: {_event_act(here, draw), "abandon"},
        DrawState.REVEALING: {"reveal", "run", "abandon"},
    }.get(draw.state, set())


def _event_act(here: Here, draw: Draw) -> str:
    """How the next event comes in; if its source is gone, the act says so."""
    event, offered = events.pending(here.session, draw), here.office.entropy()
    fetched = {one.name for one in offered if one.network}
    return "fetch-event" if event and sources.source_name(event) in fetched else "event"


def _about(draw: Draw, shown: dict[str, Any]) -> dict[str, Any]:
    """What there is to say; empty facts are left out."""
    reasons = labels()["exclusion"]
    times = shown["times"]
    found = {
        "状态": shown["state_name"], "事项": f"{draw.item_code} {draw.item_name}", "起因": CAUSES[draw.cause],
        "计划条目": draw.line_no
        and say("{year} 年第 {line} 条第 {turn} 次", year=draw.year, line=draw.line_no, turn=draw.round),
        "计划外": (shown["unplanned"] or {}).get("reason"), "组织人": draw.operator, "冻结时间": draw.frozen_at,
        "冻结名录": say("{n} 个对象", n=shown['snapshot']['n']),
        "不列入抽取": {reasons.get(code, code): count for code, count in shown["excluded"].items()},
        "人员范围": shown["eligibility"] and say("第 {version} 版", version=shown['eligibility']['version']),
        "最迟揭示": time_of(shown["reveal_by"]), "抽取时间": time_of(times.get("RESULT")),
        "作废理由": draw.void_reason, "演示": shown["demo"] or None,
    }  # fmt: skip
    return {title: value for title, value in found.items() if value not in (None, "", {})}


def time_of(text: str | None) -> datetime | None:
    """A time of the protocol, to be shown in Beijing's."""
    return datetime.fromisoformat(text) if text else None


def event_rows(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What kind of event each is, and what came out of it."""
    return [
        {**one, "kind_name": labels()["event"][one["kind"]], "form": _form(one), "time": time_of(one["at"])}
        for one in rows
    ]


def holder_rows(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Who holds a number, and when it was revealed."""
    return [{**one, "at": time_of(one["revealed_at"])} for one in rows]


def objection_rows(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was objected, and when."""
    return [{**one, "time": time_of(one["at"])} for one in rows]


def _form(event: dict[str, Any]) -> str:
    if event["kind"] == "ceremony":
        return say("{digits} 位数字", digits=event["digits"])
    return say("第 {round} 轮", round=event["round"]) if "round" in event else ""


def _strata(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**one, "title": stratum_name(one["name"])} for one in rows]


def _replaced(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    reasons, kinds = labels()["replace"], {"object": "检查对象", "person": "人员"}
    return [
        {
            "in": None, **one, "kind": kinds[one["what"]], "why": reasons.get(one["reason"], one["reason"]),
            "at": time_of(one["time"]),
        }
        for one in rows
    ]  # fmt: skip


def _counts(said: dict[str, Any] | None) -> list[dict[str, Any]]:
    found = said or {}
    return [{"registry": name, "days": found["days"], **found[kind]} for kind, name in NAMES.items() if kind in found]


def _sent_out(draw: Draw) -> list[dict[str, Any]]:
    """Where tasks of a draw with people are dispatched and listed."""
    ready = draw.state is DrawState.DRAWN and draw.draft["teams"] is not None
    return [{"no": draw.no, "title": "派发和查看本次抽取的检查任务"}] if ready else []


def _pages(here: Here, draw: Draw) -> list[dict[str, Any]]:
    pages = {
        "changes": "冻结前 30 日名录变更的明细",
        "dispatch": "分派",
        "panel": "监督席：登记摇出的数字、揭示数值、提出异议",
        "draft.json": "下载方案草案，交给随机数贡献方",
    }
    if draw.state not in transcripts.HIDDEN:
        pages["live"] = "抽取直播：投到现场的大屏，也可以在手机上看"
    if dispatching.dispatches(here.session, draw):
        pages["children"] = "分派后的抽取：核对接收机关公示的抽取"
    if draw.draft["ext"].get("assignment"):
        pages["parent"] = "与上级抽取的关系：逐个对象核对"
    if here.actor.may("audit_draw"):
        pages["registry.zip"] = "下载冻结时的真实名录和盐密钥，用于核对；下载留痕，不得公开"
    return [{"no": draw.no, "page": page, "title": title} for page, title in pages.items()]


@get("/console/draws/{no:str}/draft.json", guards=[may("view")], sync_to_thread=True)
def draft(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The plan before the commitments: what a holder makes a commitment for."""
    with here_of(request) as here:
        draw = find(here.session, here.path["no"])
        data = json.dumps(draw.draft, ensure_ascii=False, indent=1).encode()
    return _saved(data, f"draft-{draw.no}.json", "application/json")


@get("/console/draws/{no:str}/live", guards=[may("view")], sync_to_thread=True)
def to_live(request: Request[Any, Any, Any]) -> Redirect:
    """The public live page of the same draw."""
    with here_of(request) as here:
        draw = find(here.session, here.path["no"])
        return Redirect(f"/live/{here.office.tenant.slug}/{draw.no}")


@get("/console/draws/{no:str}/registry.zip", guards=[may("audit_draw")], sync_to_thread=True)
def hand_over(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The real registry as frozen and its key, for the supervisor alone; every hand-over is recorded (srd-1 14)."""
    with here_of(request, readonly=False) as here:
        no = here.path["no"]
        files = service.hand_over(here.session, here.office, no, actor=here.actor.login)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return _saved(packed.getvalue(), f"registry-{no}.zip", "application/zip")


def _saved(data: bytes, name: str, kind: str) -> Response[bytes]:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(data, media_type=kind, headers=headers)


VIEWS = [
    view("/draws", verb="view", load=load_all, title="随机抽取", menu="抽取"),
    view("/draws/{no:str}", verb="view", load=load_one, title="抽取"),
    view("/draws/{no:str}/changes", verb="view", load=load_changes, title="冻结前 30 日名录变更"),
    view("/trust", verb="view", load=load_trust, title="公钥", menu="抽取"),
]
HANDLERS = [draft, hand_over, to_live]
