"""A draw begun in four steps: which line, whom it may take, who would inspect, and the call (article 8)."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlencode

from shuangsui.draws import frame
from shuangsui.draws.preparing import Prepared
from shuangsui.draws.rehearsing import open_rounds, rehearse
from shuangsui.draws.step_routes import line_of
from shuangsui.errors import BadInput, ShuangsuiError
from shuangsui.pages import Detail, Here, Table, view
from shuangsui.planning import service as planning
from shuangsui.planning.policy import Terms, ratios_in_words, stratum_name
from shuangsui.said import say
from shuangsui.texts import sentence
from shuangsui.web.languages import labels

STEPS = ("选定条目", "核对对象", "核对人员", "确认并冻结")
NO_PLAN = "还没有公布的年度计划：先编制、批准并公布计划，再发起抽取。"
NO_LINE = "现在没有可以抽取的条目：请先按程序增加计划条目或者批次。"
LINES = {"line": "条目", "item": "事项", "ratio": "比例", "window": "实施时间", "turn": "这是第几次"}
SHUT = {"line": "条目", "item": "事项", "window": "实施时间", "why": "现在不能抽取的原因"}
STRATA = {"title": "层", "eligible": "可抽对象（家）", "quota": "抽取名额（家）"}
REASONS = {"why": "不列入抽取的原因", "count": "家数"}
OUT = {"code": "代码", "name": "名称", "why": "原因"}
TRIALS = {"pool": "人员", "trials": "试排次数", "complete": "排满次数", "advice": "建议"}


def load(here: Here) -> Detail:
    """The step that the address asks for; what stands against the draw is said at the step it is found at."""
    chosen = here.query.get("line", "")
    if not chosen:
        return _choose(here)
    step = _step(here)
    try:
        found = rehearse(here.session, here.office, *line_of(chosen), _turn(here))
        return (_objects, _people, _confirm)[step - 1](here, found)
    except ShuangsuiError as error:
        return Detail("发起抽取", {}, notes=[sentence(error)], acts=(), data=_frame(here, step, stopped=True))


def _choose(here: Here) -> Detail:
    """Lines that may be drawn now, and the others with the reason."""
    ready: list[dict[str, Any]] = []
    shut: list[dict[str, Any]] = []
    for year, line, turn in open_rounds(here.session):
        row = _line(here, year, line, turn)
        (shut if row["why"] else ready).append(row)
    tables = [
        Table(LINES, ready, "/draws/new?line={line}&round={turn}", title="现在可以抽取"),
        Table(SHUT, shut, title="现在不能抽取"),
    ]
    tables, notes = [one for one in tables if one.rows], [] if ready else [NO_LINE if shut else NO_PLAN]
    return Detail("发起抽取", {}, tables, notes, acts=(), data=_frame(here, 0))


def _line(here: Here, year: int, line: Any, turn: int) -> dict[str, Any]:
    item, terms = planning.item_of(here.session, line), Terms.from_json(line.terms)
    why = "各次都已经抽取" if not turn else "实施时间已过" if here.today > line.ends else ""
    return {
        "line": f"{year}-{line.no}", "item": f"{item.code} {item.name}", "ratio": ratios_in_words(line.terms["ratios"]),
        "window": say("{starts} 至 {ends}", starts=line.starts, ends=line.ends),
        "turn": turn, "rounds": terms.rounds, "why": why,
    }  # fmt: skip


def _objects(here: Here, found: Prepared) -> Detail:
    """How many of the registry may be drawn, how many will be, and who is kept out and why."""
    records, reasons = found.pool.records, labels()["exclusion"]
    kept_out = Counter(one.status for one in records if one.status != frame.ELIGIBLE)
    wanted = here.query.get("q", "").strip()
    out = [
        {"code": one.id, "name": found.pool.names[one.id], "why": reasons.get(one.status, one.status)}
        for one in records
        if one.status != frame.ELIGIBLE and (wanted in one.id or wanted in found.pool.names[one.id])
    ]
    tables = [
        Table(STRATA, _strata(found), title="分层与名额"),
        Table(REASONS, _reasons(kept_out), title="不列入抽取"),
        Table(OUT, out, "/objects/{code}", title="不列入抽取的对象", filters={"q": "代码或名称的一部分"}),
    ]
    facts = {
        "事项": f"{found.s.item.code} {found.s.item.name}",
        "名录中该事项的对象": say("{n} 家", n=len(records)),
        "可以抽取": say("{n} 家", n=len(records) - kept_out.total()),
        "抽取": say("{n} 家", n=sum(found.draft['quota'].values())),
    }  # fmt: skip
    return Detail("发起抽取", facts, [one for one in tables if one.rows or one.filters], acts=(), data=_frame(here, 1))


def _reasons(kept_out: Counter[str]) -> list[dict[str, Any]]:
    words = labels()["exclusion"]
    return [{"why": words.get(code, code), "count": count} for code, count in kept_out.most_common()]


def _strata(found: Prepared) -> list[dict[str, Any]]:
    eligible, quota = found.draft["snapshot"]["eligible"], found.draft["quota"]
    return [{"title": stratum_name(name), "eligible": n, "quota": quota.get(name, 0)} for name, n in eligible.items()]


def _people(here: Here, found: Prepared) -> Detail:
    """Who may be seated, and how often the teams were filled on trial seeds."""
    facts: dict[str, Any] = {}
    for name, title in labels()["pool"].items():
        if pool := found.draft[name]:
            facts[title] = say("可抽 {n} 人，每项任务 {size} 人", n=len(pool["people"]), size=pool["size"])
            facts[say("{title}：须回避的", title=title)] = say("{n} 人次", n=len(pool["recuse"]))
    if teams := found.draft["teams"]:
        facts["可任组长的"] = say("{n} 人", n=sum(one["lead"] for one in teams["people"]))
    if not facts:
        facts["检查人员"] = "由检查对象所在区县选派，这次只抽检查对象"
    rows = [{**one.as_json(), "pool": labels()["pool"][one.pool]} for one in found.trials()]
    tables = [Table(TRIALS, rows, title="试排：用随机种子试着排满各组")] if rows else []
    return Detail("发起抽取", facts, tables, acts=(), data=_frame(here, 2))


def _confirm(here: Here, found: Prepared) -> Detail:
    """The call; after this nothing of the pool, the rules and the quota can be changed."""
    facts = {
        "事项": f"{found.s.item.code} {found.s.item.name}",
        "计划条目": say("{line}，第 {turn} 次", line=here.query['line'], turn=_turn(here)),
        "可以抽取": say("{n} 家", n=sum(found.draft['snapshot']['eligible'].values())),
        "抽取": say("{n} 家", n=sum(found.draft['quota'].values())), "规则摘要": found.draft["policy"],
    }  # fmt: skip
    return Detail("发起抽取", facts, acts={"freeze"}, data=_frame(here, 3))


def _frame(here: Here, step: int, *, stopped: bool = False) -> dict[str, Any]:
    """Where the step stands among the four."""
    asked = {name: here.query[name] for name in ("line", "round") if name in here.query}
    address = f"/console/draws/new?{urlencode(asked)}"
    back = "/console/draws/new" if step <= 1 else f"{address}&step={step - 1}"
    onward = f"{address}&step={step + 1}" if 0 < step < len(STEPS) - 1 and not stopped else ""
    return {"steps": STEPS, "step": step, "back": back if step else "", "onward": onward}


def _step(here: Here) -> int:
    given = here.query.get("step", "1")
    return int(given) if given in ("1", "2", "3") else 1


def _turn(here: Here) -> int:
    given = here.query.get("round", "1")
    if not (given.isascii() and given.isdigit() and len(given) < 4):
        raise BadInput("plan_line_invalid", text=given[:20])
    return int(given)


VIEWS = [
    view("/draws/new", verb="operate_draw", load=load, title="发起抽取", template="console/draw_new.html", menu="抽取")
]
