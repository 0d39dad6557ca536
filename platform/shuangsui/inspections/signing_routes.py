"""Signatures on the page of a record, refusals, and addenda that are signed like it (R13.4 to R13.6, R13.8)."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from shuangsui.inspections import records
from shuangsui.inspections.common_routes import people, reached
from shuangsui.inspections.states import Confirmation, Party
from shuangsui.inspections.tables import InspectionTask
from shuangsui.inspections.tasks import experts_of
from shuangsui.inspections.visit_routes import PARTIES
from shuangsui.pages import Here, act
from shuangsui.said import say

ONE = "/tasks/{no:str}/record"
HOW = {Confirmation.SIGNATURE: "签字", Confirmation.SEAL: "盖章"}


class Read(BaseModel):
    """What is signed is what was read: ``revision`` is that of the record as the signer saw it.

    Required of forms and programs alike, because the page of a record shows it to both (``GET /api/tasks/…/record``).
    """

    revision: int = Field(title="签字时看到的修改次数", ge=0, json_schema_extra={"kind": "hidden"})


class Sign(Read):
    """An officer or an expert."""

    person: str = Field(title="签字人", max_length=100)


class SignObject(Read):
    """The inspected object."""

    person: str = Field(title="签字人姓名或单位名称", max_length=100)
    role: str = Field("", title="职务", max_length=100)
    how: Confirmation = Field(Confirmation.SIGNATURE, title="方式")


class SignWitness(Read):
    """Somebody from outside; the contact is never published."""

    person: str = Field(title="见证人姓名", max_length=100)
    role: str = Field("", title="身份", max_length=100)
    contact: str = Field("", title="联系方式", max_length=100, description="不公开")


class Refusal(Read):
    """拒签."""

    reason: str = Field(title="拒绝签字的原因", max_length=500, json_schema_extra={"kind": "textarea"})


class Text(BaseModel):
    """补充说明."""

    text: str = Field(title="更正或补充的内容", json_schema_extra={"kind": "textarea"})


class SignAddendum(BaseModel):
    """An officer or an expert under one of them."""

    n: int = Field(title="补充说明", ge=1)
    person: str = Field(title="签字人", max_length=100)


class ConfirmAddendum(BaseModel):
    """The inspected object or a witness under one of them."""

    n: int = Field(title="补充说明", ge=1)
    party: Literal["object", "witness"] = Field("object", title="身份")
    person: str = Field(title="签字人姓名或单位名称", max_length=100)


def sign(here: Here, form: Sign) -> None:
    """Whom the draw made an expert signs as one."""
    task, actor = reached(here), here.actor.login
    party = _party(here, task, form.person)
    records.sign(here.session, task.no, form.person, party, actor=actor, base_revision=form.revision)


def sign_object(here: Here, form: SignObject) -> None:
    """签字或盖章."""
    no, actor = reached(here).no, here.actor.login
    records.sign(
        here.session, no, form.person, Party.OBJECT, actor=actor, how=form.how, role=form.role,
        base_revision=form.revision,
    )  # fmt: skip


def sign_witness(here: Here, form: SignWitness) -> None:
    """Nobody of the team."""
    no, actor = reached(here).no, here.actor.login
    contact = here.office.vault.sealing(form.contact) if form.contact else None
    records.sign(
        here.session, no, form.person, Party.WITNESS, actor=actor, role=form.role, contact=contact,
        base_revision=form.revision,
    )  # fmt: skip


def refuse(here: Here, form: Refusal) -> None:
    """The officers sign all the same."""
    no, actor = reached(here).no, here.actor.login
    records.refuse(here.session, no, form.reason, actor=actor, base_revision=form.revision)


def add(here: Here, form: Text) -> dict[str, Any]:
    """Instead of an edit."""
    return {"addendum": records.add(here.session, reached(here).no, form.text, actor=here.actor.login).n}


def sign_addendum(here: Here, form: SignAddendum) -> None:
    """As under the record."""
    task = reached(here)
    party = _party(here, task, form.person)
    records.sign_addendum(here.session, task.no, form.n, form.person, party, actor=here.actor.login)


def confirm_addendum(here: Here, form: ConfirmAddendum) -> None:
    """Somebody who is not of the team."""
    no, actor = reached(here).no, here.actor.login
    records.sign_addendum(here.session, no, form.n, form.person, Party(form.party), actor=actor)


def ways(here: Here) -> dict[str, str]:
    """How the object may confirm, by the rules of the task."""
    accepted = here.office.rules(reached(here).rules_on).names("record.confirmation")
    return {str(how): name for how, name in HOW.items() if how in accepted}


def unsigned(here: Here) -> dict[str, str]:
    """Officers and experts who have not signed the record of the address."""
    record = records.record_of(here.session, reached(here))
    signed = {row.person for row in records.signatures(here.session, record)} if record else set()
    return {one: name for one, name in people(here).items() if one not in signed}


def written_addenda(here: Here) -> dict[str, str]:
    """What was added to the record of the address, by its number."""
    record = records.record_of(here.session, reached(here))
    found = records.addenda(here.session, record) if record else ()
    return {str(one.n): say("第 {n} 份：{text}", n=one.n, text=one.text[:40]) for one in found}


def _party(here: Here, task: InspectionTask, person: str) -> Party:
    return Party.EXPERT if person in experts_of(here.session, task) else Party.OFFICER


ACTS = [
    act(f"{ONE}/sign", verb="inspect", model=Sign, do=sign, title="检查人员签字", done="已签字。",
        choices={"person": unsigned}),
    act(f"{ONE}/sign-object", verb="inspect", model=SignObject, do=sign_object, title="检查对象签字或盖章",
        done="检查对象已签字或盖章。", choices={"how": ways}),
    act(f"{ONE}/sign-witness", verb="inspect", model=SignWitness, do=sign_witness, title="见证人签字",
        done="见证人已签字。"),
    act(f"{ONE}/refuse", verb="inspect", model=Refusal, do=refuse, title="检查对象拒绝签字", done="拒签已记录。"),
    act(f"{ONE}/addendum", verb="inspect", model=Text, do=add, title="写补充说明", done="补充说明已写入。"),
    act(f"{ONE}/sign-addendum", verb="inspect", model=SignAddendum, do=sign_addendum, title="在补充说明上签字",
        done="已签字。", choices={"n": written_addenda, "person": people}),
    act(f"{ONE}/confirm-addendum", verb="inspect", model=ConfirmAddendum, do=confirm_addendum,
        title="检查对象或见证人在补充说明上签字", done="已签字。",
        choices={"n": written_addenda, "party": {one: PARTIES[Party(one)] for one in ("object", "witness")}}),
]  # fmt: skip
