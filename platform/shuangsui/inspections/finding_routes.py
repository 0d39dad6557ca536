"""One finding: its disposition, rectification, transfer (article 15)."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel, Field

from shuangsui.errors import NotFound
from shuangsui.inspections import evidence, followup, rechecks, views
from shuangsui.inspections.common_routes import officers, opened, pages_of, reached, whole
from shuangsui.inspections.followup import Order
from shuangsui.inspections.states import DISPOSITIONS, RECTIFICATION_STATES, Disposition, RectificationState
from shuangsui.pages import Detail, Here, act, view
from shuangsui.said import say

ONE = "/tasks/{no:str}/findings/{n:int}"


class Decision(BaseModel):
    """处理意见."""

    disposition: Disposition = Field(title="处理意见")
    reason: str = Field("", title="理由", max_length=500, description="无需处理的必须写明")
    demand: str = Field(
        "", title="整改要求", max_length=1000, description="责令改正的必须写明", json_schema_extra={"kind": "textarea"}
    )
    due: date | None = Field(None, title="整改期限", description="责令改正的必须写明")
    to: str = Field("", title="移交给哪个单位", max_length=200, description="移交立案、移送其他部门的必须写明")
    evidence: list[str] = Field([], title="随附的证据材料")


class Proof(BaseModel):
    """What the object says and shows."""

    statement: str = Field(title="整改情况", max_length=2000, json_schema_extra={"kind": "textarea"})
    evidence: list[str] = Field([], title="证明材料", description="先在“证据材料”中上传")


class Check(BaseModel):
    """复查."""

    passed: bool = Field(False, title="复查合格")
    remark: str = Field("", title="复查情况", max_length=500, json_schema_extra={"kind": "textarea"})
    due: date | None = Field(None, title="不合格的，新的整改期限")


class Revisit(BaseModel):
    """现场复查."""

    people: list[str] = Field(title="到场的执法人员", min_length=1)


class Receipt(BaseModel):
    """回执."""

    receipt: str = Field(title="接收单位的回执", max_length=200, description="如回执文号、签收人和日期")


def load(here: Here) -> Detail:
    """The finding with what became of it."""
    task, n = opened(here), int(here.path["n"])
    found = [one for one in views.full(here.session, task)["findings"] if one["n"] == n]
    if not found:
        raise NotFound("finding_missing", task=task.no, n=n)
    title = say("检查任务 {no} 的第 {n} 个问题", no=task.no, n=n)
    return Detail(
        title,
        _facts(task.object_name, found[0]),
        [pages_of(task), whole(task)],
        acts=_offered(found[0]),
        data={"no": task.no, **found[0]},
    )


def dispose(here: Here, form: Decision) -> None:
    """Once."""
    order = Order(form.disposition, form.reason, form.demand, form.due, form.to, tuple(form.evidence))
    followup.dispose(here.session, here.office, reached(here).no, _n(here), order, actor=here.actor.login)


def prove(here: Here, form: Proof) -> None:
    """What the object handed in."""
    no, actor = reached(here).no, here.actor.login
    followup.submit_proof(here.session, no, _n(here), form.statement, actor=actor, evidence=form.evidence)


def recheck(here: Here, form: Check) -> None:
    """By somebody else than who took the proof in."""
    followup.check_rectification(
        here.session, here.office, reached(here).no, _n(here), passed=form.passed, remark=form.remark,
        actor=here.actor.login, new_term=form.due,
    )  # fmt: skip


def revisit(here: Here, form: Revisit) -> dict[str, Any]:
    """A visit of its own, which no yearly counter sees (R15.3)."""
    no, actor = reached(here).no, here.actor.login
    return {"visit": rechecks.recheck(here.session, here.office, no, _n(here), form.people, actor=actor).n}


def take_receipt(here: Here, form: Receipt) -> None:
    """Of a lead handed over."""
    followup.receive_receipt(here.session, reached(here).no, _n(here), form.receipt, actor=here.actor.login)


def files(here: Here) -> dict[str, str]:
    """The evidence of the task by its hash."""
    return {row.sha256: f"{row.name} {row.note}".strip() for row in evidence.list_files(here.session, reached(here).no)}


def _n(here: Here) -> int:
    return int(here.path["n"])


def _facts(object_name: str, finding: dict[str, Any]) -> dict[str, Any]:
    facts = {
        "检查对象": object_name,
        "检查要点": finding["point"],
        "查明的情况": finding["text"],
        "发现时间": finding["found_at"],
    }
    if finding["disposition"]:
        facts |= {
            "处理意见": DISPOSITIONS[finding["disposition"]],
            "理由": finding["reason"],
            "处理人": finding["disposed_by"],
        }
    if order := finding["rectification"]:
        facts |= {
            "整改通知": order["no"], "整改要求": order["demand"], "整改期限": order["due"],
            "整改进度": RECTIFICATION_STATES[order["state"]], "整改情况": order["statement"],
            "复查情况": order["check_note"],
        }  # fmt: skip
    if sent := finding["transfer"]:
        facts |= {
            "移交给": sent["to"], "移交时间": sent["sent_at"], "移交人": sent["sent_by"],
            "移交的证据材料": say("{n} 份", n=len(sent["evidence"])),
            "接收单位的回执": sent["receipt"] or "尚未收到",
            "收到回执": sent["receipt_at"],
        }  # fmt: skip
    return facts | {"了结": finding["closed_at"]}


def _offered(finding: dict[str, Any]) -> set[str]:
    if finding["disposition"] is None:
        return {"dispose"}
    if finding["closed_at"]:
        return set()
    order = finding["rectification"]
    if order is None:
        return {"receipt"}
    return {"revisit", "proof" if order["state"] == RectificationState.ORDERED else "recheck"}


VIEWS = [view(ONE, verb=None, load=load, title="问题", notes=True)]
ACTS = [
    act(f"{ONE}/dispose", verb="dispose_finding", model=Decision, do=dispose, title="作出处理意见",
        done="处理意见已登记。",
        choices={"disposition": {str(one): name for one, name in DISPOSITIONS.items()}, "evidence": files}),
    act(f"{ONE}/proof", verb="inspect", model=Proof, do=prove, title="登记整改材料", done="整改材料已登记。",
        choices={"evidence": files}),
    act(f"{ONE}/recheck", verb="check_rectification", model=Check, do=recheck, title="复查整改",
        done="复查结果已登记。"),
    act(f"{ONE}/revisit", verb="inspect", model=Revisit, do=revisit, title="登记现场复查", done="现场复查已登记。",
        choices={"people": officers}),
    act(f"{ONE}/receipt", verb="dispose_finding", model=Receipt, do=take_receipt, title="登记移交回执",
        done="回执已登记。"),
]  # fmt: skip
