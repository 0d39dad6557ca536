"""到期清单: what must be public in the next days, each with how its last day was found (R14.9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlmodel import col, select

from shuangsui.disclosure import wording
from shuangsui.disclosure.decision_terms import DECISION
from shuangsui.disclosure.messages import TERMS, WHY
from shuangsui.disclosure.outlook import Outlook
from shuangsui.disclosure.tables import Disclosure, Term
from shuangsui.disclosure.terms import RESULT, ROUND, address
from shuangsui.draws.tables import Draw
from shuangsui.errors import BadInput, NotFound
from shuangsui.inspections.tables import InspectionTask
from shuangsui.pages import Detail, Here, Table, view
from shuangsui.registry.tables import Decision
from shuangsui.said import named, say

COLUMNS = {
    "key": "编号", "kind_name": "内容", "about": "检查对象或事项", "target": "内部期限", "due": "期限",
    "left_text": "剩余", "derivation": "期限推算", "warned": "提醒",
}  # fmt: skip
RUNGS = {"on": "日期", "what": "提醒", "state": "状态"}
STEPS = {"day": "日期", "weekday": "星期", "why_name": "性质", "n": "第几个工作日"}
PAGES = {"what": "页面", "no": "编号"}
LOW, HIGH = 0, 250


def load_all(here: Here) -> Table:
    """Within the days of the rule, or those of the query."""
    ahead = here.office.rules(here.today).number("publication.due_list_days")
    days = number(here.query.get("days", ""), ahead, LOW, HIGH)
    outlook = Outlook.of(here.session, here.office, here.today)
    found = outlook.within(days)
    until = outlook.calendar.add(here.today, days).due
    notes = (
        say(
            "列出到 {until}（{days} 个工作日内）到期和已经逾期、还没有公开的内容；打开本页时当场推算。",
            until=until,
            days=days,
        ),
    )
    return Table(
        COLUMNS, rows_of(here, outlook, found), "/due/{no}/{part}",
        filters={"days": say("几个工作日内到期（默认 {ahead}）", ahead=ahead)}, notes=notes,
    )  # fmt: skip


def load_one(here: Here) -> Detail:
    """One term: its last day, day by day, and when one is warned of it."""
    outlook = Outlook.of(here.session, here.office, here.today)
    term = _find(here, outlook)
    row = _row(outlook, term, _names(here, [term]))
    tables = [_steps(outlook, term), _ladder(outlook, term)] if term.start else []
    return Detail(
        say("公开期限 {key}", key=term.key), _facts(outlook, term, row), [*tables, _around(here, term)],
        data={**row, "met": term.met},
    )  # fmt: skip


def rows_of(here: Here, outlook: Outlook, found: Iterable[Term]) -> list[dict[str, Any]]:
    """Terms as people read them."""
    terms = list(found)
    names = _names(here, terms)
    return [_row(outlook, term, names) for term in terms]


def number(text: str, default: int, low: int, high: int) -> int:
    """A number of the query; :class:`BadInput` ``days_invalid``."""
    if not text.strip():
        return default
    value = int(text) if text.strip().isdecimal() and len(text) < 6 else -1
    if not low <= value <= high:
        raise BadInput("days_invalid", days=text, low=low, high=high)
    return value


def steps(outlook: Outlook, term: Term) -> list[dict[str, Any]]:
    """Every day of the term."""
    assert term.start is not None
    return step_rows(outlook.calendar.derive(term.start, term.days))


def step_rows(derived: Iterable[Any]) -> list[dict[str, Any]]:
    """Days of a derivation for people and programs."""
    return [
        {"day": one.day, "weekday": wording.weekday(one.day), "why": one.why, "why_name": WHY[one.why], "n": one.n}
        for one in derived
    ]


def _find(here: Here, outlook: Outlook) -> Term:
    """The term of the address, open or met; another authority's answers as missing."""
    no, part = here.path["no"], here.path["part"]
    kind, key = (part, no) if part in (ROUND, DECISION) else (RESULT, f"{no}/{part}")
    found = [term for term in (*outlook.open, *outlook.closed) if (term.kind, term.key) == (kind, key)]
    met = select(Term).where(Term.kind == kind, Term.key == key, col(Term.met).is_not(None))
    found += here.session.exec(met).all()
    if not found:
        raise NotFound("term_missing", term=key)
    return found[0]


def _names(here: Here, found: Iterable[Term]) -> dict[tuple[str, str], str]:
    """Kind and number of the address → what it is about."""
    wanted: dict[str, set[str]] = {kind: set() for kind in (RESULT, ROUND, DECISION)}
    for term in found:
        wanted[term.kind].add(address(term)[0])
    objects = here.session.exec(select(InspectionTask).where(col(InspectionTask.no).in_(wanted[RESULT])))
    rounds = here.session.exec(select(Draw).where(col(Draw.no).in_(wanted[ROUND])))
    decided = here.session.exec(select(Decision).where(col(Decision.number).in_(wanted[DECISION])))
    return {
        **{(RESULT, task.no): named(task.object_name, task.item_name) for task in objects},
        **{(ROUND, draw.no): draw.item_name for draw in rounds},
        **{(DECISION, one.number): named(one.object_name, one.name) for one in decided},
    }


def _row(outlook: Outlook, term: Term, names: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    no, part = address(term)
    left, rung = outlook.left(term), outlook.rung(term)
    late = term.due is not None and term.due < outlook.today
    said, target = wording.warned(rung) if rung else "", outlook.target(term)
    return {
        "key": term.key, "no": no, "part": part, "kind": term.kind, "kind_name": TERMS[term.kind],
        "task_no": term.task_no, "draw_no": term.draw_no, "about": names.get((term.kind, no), ""), "ended": term.ended,
        "since": term.since, "start": term.start, "days": term.days, "due": term.due, "late": late, "left": left,
        "target": target,
        "provisional": term.provisional, "calendar": term.calendar, "derivation": wording.derivation(term),
        "left_text": wording.remaining(term.due, left, outlook.today) if term.due else "",
        "rung": {"on": rung.on, "percent": rung.percent, "left": rung.left} if rung else None,
        "warned": "已过期限" if late else said,
    }  # fmt: skip


def _facts(outlook: Outlook, term: Term, row: dict[str, Any]) -> dict[str, Any]:
    facts = {
        "内容": row["kind_name"], "检查对象或事项": row["about"],
        **({} if term.kind == DECISION else {"检查结束": term.ended}),
        "期限推算": say("{how}，起算当日不计入", how=row["derivation"]) if term.start else row["derivation"],
        "期限": say("{due}，当日 24 时", due=term.due) if term.due else "未起算",
    }  # fmt: skip
    if row["target"]:
        facts["内部期限"] = row["target"]
    if term.provisional and term.start:
        deadline = outlook.calendar.add(term.start, term.days)
        facts["暂定"] = say(
            "下一年的放假安排还没有公布，按可能的最早日期执行；只按法定节假日推算为 {formula}，最晚可能为 {latest}",
            formula=deadline.formula,
            latest=deadline.latest,
        )
    shown = {"公开": term.met} if term.met else {"剩余": row["left_text"], "提醒": row["warned"]}
    return facts | shown | {"工作日历": say("版本 {calendar}", calendar=term.calendar)}


def _steps(outlook: Outlook, term: Term) -> Table:
    return Table(STEPS, steps(outlook, term), title="逐日推算")


def _ladder(outlook: Outlook, term: Term) -> Table:
    rows = [
        {"on": rung.on, "what": wording.warned(rung), "state": "已到" if rung.on <= outlook.today else "未到"}
        for rung in outlook.ladder(term)
    ]
    return Table(RUNGS, rows, title="到期前的提醒")


def _around(here: Here, term: Term) -> Table:
    if term.kind == DECISION:
        made = select(Disclosure.key).where(Disclosure.kind == DECISION, Disclosure.key == term.key).distinct()
        rows = [{"no": no, "what": "公示事项"} for no in here.session.exec(made)]
        return Table(PAGES, rows, "/disclosures/decision/{no}", title="有关的页面")
    pages = [
        ("tasks", term.task_no, "检查任务"),
        ("rulings", term.task_no, "公开决定"),
        ("draws", term.draw_no, "抽取"),
    ]
    rows = [{"area": area, "no": no, "what": what} for area, no, what in pages if no]
    return Table(PAGES, rows, "/{area}/{no}", title="有关的页面")


VIEWS = [
    view("/due", verb="view", load=load_all, title="到期清单", menu="公示"),
    view("/due/{no:str}/{part:str}", verb="view", load=load_one, title="公开期限"),
]
