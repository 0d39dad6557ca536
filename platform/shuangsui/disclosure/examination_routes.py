"""检验、检测、鉴定 on the page of the decision: what is being tested waits for its report (R14.4)."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel, Field

from shuangsui.disclosure import examinations
from shuangsui.disclosure.tables import Term
from shuangsui.inspections import evidence
from shuangsui.inspections.common_routes import reached
from shuangsui.pages import Attachment, Here, act
from shuangsui.settings import from_environment

ONE = "/rulings/{no:str}"


class Commission(BaseModel):
    """Handed to an institution."""

    institution: str = Field(title="检验检测鉴定机构", max_length=200)
    commissioned: date = Field(title="委托日期")
    expected: date = Field(title="预计出报告的日期")
    evidence: list[str] = Field(title="委托书等材料", description="先在任务的证据材料中上传", min_length=1)


class Arrived(BaseModel):
    """The report."""

    reported: date = Field(title="收到报告的日期")
    file: Attachment = Field(title="报告文件")


def files(here: Here) -> dict[str, str]:
    """The evidence of the task by its hash."""
    rows = evidence.list_files(here.session, reached(here).no)
    return {row.sha256: f"{row.name} {row.note}".strip() for row in rows}


def commission(here: Here, form: Commission) -> dict[str, Any]:
    """The result leaves its clock."""
    return _answer(examinations.commission(
        here.session, here.office, reached(here).no, institution=form.institution, commissioned=form.commissioned,
        expected=form.expected, evidence=form.evidence, actor=here.actor.login,
    ))  # fmt: skip


def arrive(here: Here, form: Arrived) -> dict[str, Any]:
    """The report is kept as evidence, and a fresh term runs from its day."""
    no, (store, limits) = reached(here).no, evidence.configured(from_environment())
    kept = examinations.keep_report(
        here.session, store, no, form.file.data, form.file.name, actor=here.actor.login, limits=limits
    )
    return _answer(examinations.report(
        here.session, here.office, no, reported=form.reported, evidence=[kept.sha256], actor=here.actor.login
    ))  # fmt: skip


def offered(terms: list[Term]) -> set[str]:
    """Of a task nobody has decided on: commissioned once, and reported once."""
    if any(term.awaits_report for term in terms):
        return {"arrive"}
    return set() if any(term.examination for term in terms) else {"commission"}


def _answer(term: Term) -> dict[str, Any]:
    return {"key": term.key, "since": term.since, "due": term.due, "examination": term.examination}


ACTS = [
    act(f"{ONE}/commission", verb="inspect", model=Commission, do=commission, title="委托检验、检测、鉴定",
        done="已登记，公开期限停止计算。", choices={"evidence": files}),
    act(f"{ONE}/arrive", verb="inspect", model=Arrived, do=arrive, title="登记收到的报告",
        done="已登记，公开期限自收到之日重新计算。"),
]  # fmt: skip
