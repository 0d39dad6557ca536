"""What waits for somebody, by what they may do; counted, never read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlmodel import SQLModel, col, func, select

from shuangsui.access.policy import Verb
from shuangsui.catalogue.tables import ItemList, ListState
from shuangsui.disclosure.policy import RulingState
from shuangsui.disclosure.tables import Ruling
from shuangsui.draws.recusal_tables import CaseState, RecusalCase
from shuangsui.inspections.states import TaskState
from shuangsui.inspections.tables import InspectionTask, VisitApproval
from shuangsui.pages import Here
from shuangsui.planning import case_tables
from shuangsui.planning.tables import AnnualPlan, FrequencyOverride, PlanState, ProposalState, UnplannedBatch
from shuangsui.rules.tables import RevisionState, RuleRevision


@dataclass(frozen=True, slots=True)
class Pile:
    """One kind of thing in one state, and where whoever may act on it finds it."""

    verb: Verb
    title: str
    path: str
    table: type[SQLModel]
    where: tuple[Any, ...]


UNAPPROVED = (
    col(VisitApproval.approver).is_(None),
    col(VisitApproval.task_id).in_(select(InspectionTask.id).where(InspectionTask.state != TaskState.CANCELLED)),
)
"""What was cancelled waits for nobody."""
PILES = (
    Pile("approve_catalogue", "事项清单待批准", "/catalogue", ItemList, (ItemList.state == ListState.SUBMITTED,)),
    Pile("approve_plan", "年度计划待批准", "/plans", AnnualPlan, (AnnualPlan.state == PlanState.SUBMITTED,)),
    Pile(
        "approve_plan", "计划外批次待批准", "/plans", UnplannedBatch, (UnplannedBatch.state == ProposalState.PROPOSED,)
    ),
    Pile(
        "approve_plan", "规则修订待批准", "/rules/revisions", RuleRevision,
        (RuleRevision.state == RevisionState.PROPOSED,),
    ),
    Pile(
        "approve_override", "突破年度次数待批准", "/plans", FrequencyOverride,
        (FrequencyOverride.state == ProposalState.PROPOSED,),
    ),
    Pile(
        "approve_exemption", "不随机抽取的检查待批准", "/exemptions", case_tables.ExemptionCase,
        (case_tables.ExemptionCase.state == case_tables.CaseState.REQUESTED,),
    ),
    Pile("approve_visit", "行政检查待审批", "/tasks", VisitApproval, UNAPPROVED),
    Pile(
        "approve_withholding", "不予公开待批准", "/rulings?state=proposed", Ruling,
        (Ruling.state == RulingState.PROPOSED,),
    ),
    Pile("decide_recusal", "回避申请待决定", "/recusals", RecusalCase, (RecusalCase.state == CaseState.RAISED,)),
    Pile(
        "accept_task", "检查任务待接收", "/tasks?state=dispatched", InspectionTask,
        (InspectionTask.state == TaskState.DISPATCHED,),
    ),
    Pile(
        "dispatch_task", "退回的任务待重派", "/tasks?state=handed_back", InspectionTask,
        (InspectionTask.state == TaskState.HANDED_BACK,),
    ),
)  # fmt: skip


def waiting(here: Here) -> Iterator[dict[str, Any]]:
    """Every pile of the visitor's that is not empty."""
    for pile in PILES:
        if here.actor.may(pile.verb):
            counted = select(func.count()).select_from(pile.table).where(*pile.where)
            if count := here.session.exec(counted).one():
                yield {"title": pile.title, "count": count, "path": pile.path}
