"""Approval and notice on the page of a task (article 11)."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from shuangsui.inspections import notices
from shuangsui.inspections.common_routes import reached
from shuangsui.pages import Here, act

ONE = "/tasks/{no:str}"


class Proposal(BaseModel):
    """行政检查审批表."""

    reason: str = Field(title="检查理由", max_length=500, json_schema_extra={"kind": "textarea"})
    urgent: bool = Field(False, title="情况紧急，检查后补批")


class Notification(BaseModel):
    """检查通知书."""

    materials: list[str] = Field([], title="需要准备的材料", description="一次告知；以后补充须写明理由")
    unannounced: bool = Field(False, title="不预先告知，到场时送达")
    ground: str = Field("", title="不预先告知的理由", max_length=500)


class Materials(BaseModel):
    """Materials of an object that has its notice."""

    materials: list[str] = Field(title="需要准备的材料", min_length=1)
    reason: str = Field("", title="一次告知之后补充的理由", max_length=500)


class Delivery(BaseModel):
    """送达."""

    method: str = Field("直接送达", title="送达方式", max_length=32)
    to: str = Field(title="接收人", max_length=100)


def propose(here: Here, form: Proposal) -> None:
    """Ask the leadership."""
    notices.propose_visit(here.session, reached(here).no, form.reason, actor=here.actor.login, urgent=form.urgent)


def approve(here: Here, _form: BaseModel) -> None:
    """Somebody else than who proposed."""
    notices.approve_visit(here.session, reached(here).no, actor=here.actor.login)


def notify(here: Here, form: Notification) -> dict[str, Any]:
    """Write the notice."""
    made = notices.issue(
        here.session, here.office, reached(here).no, actor=here.actor.login, materials=form.materials,
        unannounced=form.unannounced, ground=form.ground,
    )  # fmt: skip
    return {"notice": made.no}


def give_materials(here: Here, form: Materials) -> dict[str, Any]:
    """Tell the object what to prepare."""
    no, actor = reached(here).no, here.actor.login
    made = notices.give_materials(here.session, no, form.materials, actor=actor, reason=form.reason)
    return {"n": made.n}


def deliver(here: Here, form: Delivery) -> None:
    """How the notice reached the object."""
    notices.deliver(here.session, reached(here).no, form.method, form.to, actor=here.actor.login)


ACTS = [
    act(f"{ONE}/propose", verb="issue_notice", model=Proposal, do=propose, title="报批检查", done="已报委领导审批。"),
    act(f"{ONE}/approve", verb="approve_visit", do=approve, title="批准检查", done="已批准。"),
    act(f"{ONE}/notify", verb="issue_notice", model=Notification, do=notify, title="发出检查通知书",
        done="检查通知书已发出。"),
    act(f"{ONE}/materials", verb="issue_notice", model=Materials, do=give_materials, title="告知准备材料",
        done="材料清单已告知。"),
    act(f"{ONE}/deliver", verb="inspect", model=Delivery, do=deliver, title="登记送达", done="送达已登记。"),
]  # fmt: skip
