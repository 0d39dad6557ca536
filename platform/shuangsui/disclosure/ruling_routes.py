"""公开决定: what waits for one, and how it is made by one person or by two (R14.7, R14.8)."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from shuangsui.disclosure import docket, examination_routes, rulings, wording
from shuangsui.disclosure.docket import Case, Stage
from shuangsui.disclosure.following import publish_site
from shuangsui.disclosure.messages import DECISIONS, RULINGS, STAGES
from shuangsui.disclosure.outlook import Outlook
from shuangsui.disclosure.policy import recipients
from shuangsui.disclosure.tables import Ruling, Term
from shuangsui.draws.office import facts_of, find
from shuangsui.inspections.common_routes import opened, reached, whole
from shuangsui.inspections.policy import CATEGORIES
from shuangsui.inspections.tables import InspectionResult
from shuangsui.pages import Detail, Here, Several, Table, act, timeline, view
from shuangsui.said import listed, say

ONE = "/rulings/{no:str}"
COLUMNS = {
    "no": "任务", "object_name": "检查对象", "item_name": "事项", "category_names": "检查结果", "ended": "检查结束",
    "due": "期限", "left_text": "剩余", "stage_name": "状态",
}  # fmt: skip
RESULTS = {
    "n": "次",
    "category_names": "结果",
    "code_names": "部门结果代码",
    "ended": "检查结束",
    "recorded_by": "提交人",
}
HISTORY = {
    "n": "次", "decision_name": "决定", "state_name": "状态", "basis": "法律依据", "scope": "不予公开的范围",
    "notified_text": "定向通报", "proposer": "提出人", "proposed_at": "提出时间", "decider": "决定人",
    "decided_at": "决定时间", "reason": "不批准的理由",
}  # fmt: skip
TERM = {"key": "编号", "due": "期限", "left_text": "剩余", "derivation": "期限推算"}
ACTS_OF = {Stage.WAITING: {"publish", "withhold"}, Stage.PROPOSED: {"approve", "refuse"}}


class Withholding(BaseModel):
    """依法不予公开."""

    basis: str = Field(title="法律依据", max_length=500, description="法律、行政法规的名称和条款")
    scope: str = Field(
        title="不予公开的范围", max_length=500, description="检查结果的哪些内容", json_schema_extra={"kind": "textarea"}
    )
    notify: list[str] = Field([], title="定向通报的单位", description="只把结果告知这些单位")
    nobody: bool = Field(False, title="不作定向通报", description="不填单位的，须选择这一项")


class Reason(BaseModel):
    """Why it is not approved."""

    reason: str = Field(title="不批准的理由", max_length=500, json_schema_extra={"kind": "textarea"})


def load_all(here: Here) -> Table:
    """What waits for somebody first, the earliest last day on top."""
    outlook = Outlook.of(here.session, here.office, here.today)
    due, wanted = outlook.by_task(), here.query.get("state", "")
    found = docket.in_turn(docket.cases(here.session), due)
    rows = [_row(case, due.get(case.task.no), outlook) for case in found if wanted in ("", case.stage)]
    return Table(COLUMNS, rows, "/rulings/{no}", filters={"state": ("状态", STAGES)}, notes=_counts(found), pick="pick")


def load_one(here: Here) -> Detail:
    """A task's results, and everything that was decided on them."""
    task = opened(here)
    case, outlook = docket.case_of(here.session, task), Outlook.of(here.session, here.office, here.today)
    row = _row(case, outlook.by_task().get(task.no), outlook)
    history = [_ruling(one) for one in docket.history(here.session, task)]
    tables = [
        Table(RESULTS, [_result(one) for one in case.results], title="检查结果"),
        Table(HISTORY, history, title="作出的决定"),
        _terms(case, outlook),
        whole(task),
        *timeline.of(here, f"task/{task.no}"),
    ]
    return Detail(
        say("公开决定：检查任务 {no}", no=task.no), _facts(here, case, row), [table for table in tables if table.rows],
        notes=_notes(case), acts=_offered(here, case, outlook), data=row,
    )  # fmt: skip


def publish(here: Here, _form: BaseModel) -> dict[str, Any]:
    """The results go out at once."""
    made = rulings.publish(here.session, reached(here).no, actor=here.actor.login)
    publish_site(here)
    return _answer(made)


def publish_several(here: Here, form: Several) -> dict[str, Any]:
    """Each is a decision of its own; one that may not be made undoes all of them."""
    for no in form.picked:
        rulings.publish(here.session, no, actor=here.actor.login)
    publish_site(here)
    return {"published": len(form.picked)}


def withhold(here: Here, form: Withholding) -> dict[str, Any]:
    """Proposed; nothing is public before somebody else has approved."""
    notified = recipients(form.notify, nobody=form.nobody)
    return _answer(rulings.propose_withholding(
        here.session, reached(here).no, basis=form.basis, scope=form.scope, notified=notified, actor=here.actor.login
    ))  # fmt: skip


def approve(here: Here, _form: BaseModel) -> dict[str, Any]:
    """The public sees a numbered placeholder."""
    made = rulings.approve(here.session, reached(here).no, actor=here.actor.login)
    publish_site(here)
    return _answer(made)


def refuse(here: Here, form: Reason) -> dict[str, Any]:
    """Somebody has to decide anew."""
    return _answer(rulings.refuse(here.session, reached(here).no, form.reason, actor=here.actor.login))


def _offered(here: Here, case: Case, outlook: Outlook) -> set[str]:
    """What the state allows; whoever proposed does not approve; what is being tested is not decided on."""
    if not case.results or case.task.drawn_id is None:
        return set()
    own = [term for term in outlook.open if term.task_no == case.task.no]
    if case.stage is Stage.WAITING:
        testing = any(term.awaits_report and not term.partial_allowed for term in own)
        return (set() if testing else ACTS_OF[case.stage]) | examination_routes.offered(own)
    mine = case.ruling is not None and case.ruling.proposer == here.actor.login
    return ACTS_OF.get(case.stage, set()) - ({"approve"} if mine else set())


def _counts(found: list[Case]) -> tuple[str, ...]:
    waiting, proposed = (sum(case.stage is stage for case in found) for stage in docket.FIRST)
    return (say("{waiting} 项待决定，{proposed} 项不予公开待批准", waiting=waiting, proposed=proposed),)


def _row(case: Case, term: Term | None, outlook: Outlook) -> dict[str, Any]:
    task, ruling, due = case.task, case.ruling, term.due if term else None
    newest = case.results[-1] if case.results else None
    return {
        "no": task.no, "pick": task.no if case.stage is Stage.WAITING and case.results else "",
        "object_name": task.object_name, "item_name": task.item_name, "draw_no": task.draw_no,
        "category_names": _categories(newest), "ended": newest.ended if newest else None,
        "due": due, "provisional": bool(term and term.provisional),
        "left_text": wording.remaining(due, outlook.left(term), outlook.today) if term and due else "",
        "stage": case.stage, "stage_name": STAGES[case.stage],
        "proposer": ruling.proposer if ruling else "", "number": ruling.number if ruling else None,
    }  # fmt: skip


def _facts(here: Here, case: Case, row: dict[str, Any]) -> dict[str, Any]:
    facts = {
        "状态": row["stage_name"] if case.results else "检查尚未结束", "检查对象": row["object_name"],
        "事项": row["item_name"], "抽取": row["draw_no"], "检查结束": row["ended"],
    }  # fmt: skip
    if row["due"]:
        due = say("{due}（暂定）", due=row["due"]) if row["provisional"] else str(row["due"])
        facts |= {"公开期限": listed((due, row["left_text"]), "，")}
    if case.stage is Stage.LISTED and case.task.draw_no:
        facts |= {"清单的规定": facts_of(here.session, find(here.session, case.task.draw_no)).publication}
    if row["number"]:
        facts |= {"公示网站上的说明": say("第 {number} 号：依法不予公开的抽查结果", number=row["number"])}
    return facts


def _notes(case: Case) -> list[str]:
    if case.results and case.task.drawn_id is None:
        return ["这项检查不是随机抽取的，结果不在双随机抽查结果中公开（第十七条）。"]
    if case.stage is Stage.PROPOSED:
        return ["批准前，这项结果不公开，公开期限照常计算；提出人不能批准自己提出的不予公开。"]
    return []


def _terms(case: Case, outlook: Outlook) -> Table:
    """Of the results that are not public yet, each leading to its derivation."""
    rows = [
        {
            "key": term.key, "no": term.task_no, "part": term.key.rpartition("/")[2],
            "due": term.due, "derivation": wording.derivation(term),
            "left_text": wording.remaining(term.due, outlook.left(term), outlook.today) if term.due else "",
        }
        for term in outlook.open
        if term.task_no == case.task.no
    ]  # fmt: skip
    return Table(TERM, rows, "/due/{no}/{part}", title="公开期限")


def _result(result: InspectionResult) -> dict[str, Any]:
    return {
        "n": result.n, "categories": result.categories, "category_names": _categories(result),
        "code_names": [f"{code['code']} {code['label']}" for code in result.codes], "ended": result.ended,
        "recorded_by": result.recorded_by, "recorded_at": result.recorded_at,
    }  # fmt: skip


def _categories(result: InspectionResult | None) -> list[str]:
    return [CATEGORIES[one] for one in result.categories] if result else []


def _ruling(ruling: Ruling) -> dict[str, Any]:
    told = ruling.notified if ruling.decision == "withheld" else None
    return {
        **_answer(ruling), "decision_name": DECISIONS[ruling.decision], "state_name": RULINGS[ruling.state],
        "basis": ruling.basis, "scope": ruling.scope, "notified": told,
        "notified_text": "" if told is None else told or "不作定向通报", "proposer": ruling.proposer,
        "proposed_at": ruling.proposed_at, "decider": ruling.decider, "decided_at": ruling.decided_at,
        "reason": ruling.reason,
    }  # fmt: skip


def _answer(ruling: Ruling) -> dict[str, Any]:
    return {"n": ruling.n, "decision": ruling.decision, "state": ruling.state, "number": ruling.number}


VIEWS = [
    view("/rulings", verb="view", load=load_all, title="公开决定", menu="公示"),
    view(ONE, verb="view", load=load_one, title="公开决定", notes=True),
]
ACTS = [
    act("/rulings/publish-several", verb="publish", model=Several, do=publish_several, title="决定公开勾选的各项",
        done="已决定公开勾选的各项：公示网站已更新，其他渠道随后送达。"),
    act(f"{ONE}/publish", verb="publish", do=publish, title="决定公开",
        done="已决定公开：公示网站已更新，其他渠道随后送达。"),
    act(f"{ONE}/withhold", verb="publish", model=Withholding, do=withhold, title="提出依法不予公开",
        done="已提出，等待另一人批准。"),
    act(f"{ONE}/approve", verb="approve_withholding", do=approve, title="批准不予公开",
        done="已批准，公示网站上只留有编号的说明。"),
    act(f"{ONE}/refuse", verb="approve_withholding", model=Reason, do=refuse, title="不批准",
        done="没有批准：请另行决定是否公开。"),
]  # fmt: skip
