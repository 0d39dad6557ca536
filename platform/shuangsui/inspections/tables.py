"""Rows of an inspection, from its task to its result; others stand in ``followup_tables`` and ``code_tables``."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field

from shuangsui.db import Json, Sealed, SealedText, TenantOwned, choice, refers
from shuangsui.inspections.code_tables import CodeFiling
from shuangsui.inspections.followup_tables import (
    FeedbackLink,
    Finding,
    MergeProposal,
    ObjectAccess,
    Rectification,
    Transfer,
)
from shuangsui.inspections.states import (
    Confirmation,
    Direction,
    Mode,
    Party,
    RecordState,
    TaskState,
    TaskType,
)

__all__ = [
    "Addendum", "CheckForm", "CodeFiling", "Evidence", "FeedbackLink", "Finding", "FormAttachment", "InspectionRecord",
    "InspectionResult", "InspectionTask", "MaterialsList", "MergeProposal", "Notice", "ObjectAccess", "Objection",
    "Presence", "Rectification", "Signature", "Submission", "Transfer", "Visit", "VisitApproval",
]  # fmt: skip


class InspectionTask(TenantOwned, table=True):
    """检查任务: one object, one item, one team. ``drawn_id`` for the random types, ``exemption`` for the others."""

    __tablename__ = "inspection_task"
    __table_args__ = (
        UniqueConstraint("tenant_id", "no"),
        UniqueConstraint("tenant_id", "drawn_id"),
        refers("drawn_id", "drawn_task"),
    )

    no: str = Field(max_length=32)
    type: TaskType = Field(sa_type=choice(TaskType))
    state: TaskState = Field(default=TaskState.DISPATCHED, sa_type=choice(TaskState))
    drawn_id: UUID | None = None
    draw_no: str | None = Field(default=None, max_length=32)
    exemption: str | None = Field(default=None, max_length=32, description="number of the exemption case (article 17)")
    item_code: str | None = Field(default=None, max_length=64)
    item_name: str = Field(max_length=200)
    family: str = Field(max_length=64)
    withheld: bool = Field(default=False, description="the list version withholds its results (R14.7)")
    object_code: str = Field(max_length=64)
    object_name: str = Field(max_length=200)
    mode: Mode = Field(sa_type=choice(Mode))
    mode_reason: str = Field(default="", max_length=500, description="why on site where another way would do (R12.2)")
    team: list[str] = Field(sa_type=Json, description="of a task that was not drawn; the first leads")
    planned_on: date | None = None
    rules_on: date = Field(description="the day whose rules judge the task (R18.2)")
    rules_digest: str = Field(max_length=64)
    dispatched_by: str = Field(max_length=64)
    dispatched_at: datetime
    accepted_by: str | None = Field(default=None, max_length=64)
    accepted_at: datetime | None = None
    ended_at: datetime | None = None
    closed_by: str | None = Field(default=None, max_length=64)
    closed_at: datetime | None = None
    reason: str = Field(default="", max_length=500, description="of the hand-back or the cancellation")
    code: str | None = Field(default=None, max_length=64, description="执法码 of the enforcement system")


class VisitApproval(TenantOwned, table=True):
    """行政检查审批: the approval of one visit; an urgent one is approved afterwards."""

    __tablename__ = "visit_approval"
    __table_args__ = (UniqueConstraint("tenant_id", "task_id"), refers("task_id", "inspection_task"))

    task_id: UUID
    proposer: str = Field(max_length=64)
    proposed_at: datetime
    reason: str = Field(max_length=500)
    urgent: bool = False
    approver: str | None = Field(default=None, max_length=64)
    approved_at: datetime | None = None


class Notice(TenantOwned, table=True):
    """检查通知书 (article 11): what the object was told, and how it got it."""

    __tablename__ = "inspection_notice"
    __table_args__ = (
        UniqueConstraint("tenant_id", "no"),
        UniqueConstraint("tenant_id", "task_id"),
        refers("task_id", "inspection_task"),
    )

    task_id: UUID
    no: str = Field(max_length=32)
    content: dict[str, Any] = Field(sa_type=Json, description="basis, content, officers, rights, frequency, discipline")
    unannounced: bool = False
    ground: str = Field(default="", max_length=500, description="of the unannounced visit (R11.2)")
    issued_by: str = Field(max_length=64)
    issued_at: datetime
    method: str | None = Field(default=None, max_length=32)
    received_by: str | None = Field(default=None, max_length=100)
    delivered_at: datetime | None = None


class MaterialsList(TenantOwned, table=True):
    """What the object was asked to prepare; a second list needs a reason (R11.3)."""

    __tablename__ = "materials_list"
    __table_args__ = (
        UniqueConstraint("tenant_id", "task_id", "n"),
        refers("task_id", "inspection_task"),
        {"info": {"append_only": True}},
    )

    task_id: UUID
    n: int
    materials: list[str] = Field(sa_type=Json)
    reason: str = Field(default="", max_length=500)
    by: str = Field(max_length=64)
    at: datetime


class Visit(TenantOwned, table=True):
    """One time that a team goes to an object."""

    __tablename__ = "visit"
    __table_args__ = (UniqueConstraint("tenant_id", "task_id", "n"), refers("task_id", "inspection_task"))

    task_id: UUID
    n: int
    recheck: bool = Field(default=False, description="of a rectification (R15.3)")
    met: bool = Field(default=True, description="False: nobody of the object was found (R13.7)")
    started_at: datetime | None = Field(default=None, description="when the second officer had checked in")
    certificates_at: datetime | None = Field(default=None, description="when the certificates were shown (R13.2)")
    certificates: list[str] = Field(default_factory=list, sa_type=Json, description="numbers that were shown")
    ended_at: datetime | None = Field(default=None, description="when the last officer had left")


class Presence(TenantOwned, table=True):
    """A person arriving or leaving (R13.1, R16.3); experts and witnesses do not count as officers."""

    __tablename__ = "presence"
    __table_args__ = (
        UniqueConstraint("tenant_id", "visit_id", "person", "direction"),
        refers("visit_id", "visit"),
        {"info": {"append_only": True}},
    )

    visit_id: UUID
    person: str = Field(max_length=64)
    party: Party = Field(sa_type=choice(Party))
    direction: Direction = Field(sa_type=choice(Direction))
    at: datetime
    device_at: datetime | None = None
    counter: int | None = None
    place: str = Field(max_length=200)
    clock_jump: bool = Field(default=False, description="the device's clock ran against its counter (R13.9)")


class CheckForm(TenantOwned, table=True):
    """检查表: one version of the check points; a record keeps a copy of its own."""

    __tablename__ = "check_form"
    __table_args__ = (UniqueConstraint("tenant_id", "code", "version"), {"info": {"append_only": True}})

    code: str = Field(max_length=64)
    version: int
    title: str = Field(max_length=200)
    points: list[dict[str, Any]] = Field(sa_type=Json, description="no, content, method")
    by: str = Field(max_length=64)
    at: datetime


class FormAttachment(TenantOwned, table=True):
    """Which form an item is inspected by."""

    __tablename__ = "form_attachment"
    __table_args__ = (UniqueConstraint("tenant_id", "item_code"),)

    item_code: str = Field(max_length=64)
    form_code: str = Field(max_length=64)


class InspectionRecord(TenantOwned, table=True):
    """现场检查记录, or the record of a written or network inspection."""

    __tablename__ = "inspection_record"
    __table_args__ = (UniqueConstraint("tenant_id", "task_id"), refers("task_id", "inspection_task"))

    task_id: UUID
    state: RecordState = Field(default=RecordState.OPEN, sa_type=choice(RecordState))
    form: dict[str, Any] = Field(sa_type=Json, description="code, version, title, points as they were at the opening")
    answers: dict[str, Any] = Field(default_factory=dict, sa_type=Json, description="point no → answer, facts")
    facts: str = Field(default="", sa_type=Text)
    revision: int = 0
    merge: dict[str, Any] = Field(
        default_factory=dict, sa_type=Json, description="fields: who wrote what; open: conflicts"
    )
    team: list[str] = Field(default_factory=list, sa_type=Json, description="who inspected")
    refusal_reason: str = Field(default="", max_length=500)
    late: bool = Field(default=False, description="补录")
    delay_minutes: int = 0
    submitted_by: str | None = Field(default=None, max_length=64, description="the leader (R8.4)")
    concluded_at: datetime | None = None


class Submission(TenantOwned, table=True):
    """One state of a record as a device sent it (R13.9); nothing sent is ever lost."""

    __tablename__ = "record_submission"
    __table_args__ = (
        UniqueConstraint("tenant_id", "record_id", "device", "counter"),
        refers("record_id", "inspection_record"),
        {"info": {"append_only": True}},
    )

    record_id: UUID
    device: str = Field(max_length=64)
    counter: int
    base_revision: int = Field(description="the revision that the device had seen")
    device_at: datetime
    received_at: datetime
    by: str = Field(max_length=64)
    content: dict[str, Any] = Field(sa_type=Json)
    sha256: str = Field(max_length=64)
    conflict: bool = Field(default=False, description="others had changed the record in between")
    clock_jump: bool = False


class Signature(TenantOwned, table=True):
    """签字或盖章 under a record or one of its addenda."""

    __tablename__ = "record_signature"
    __table_args__ = (
        UniqueConstraint("tenant_id", "record_id", "addendum", "person"),
        refers("record_id", "inspection_record"),
        {"info": {"append_only": True}},
    )

    record_id: UUID
    addendum: int = Field(default=0, description="0: the record itself")
    party: Party = Field(sa_type=choice(Party))
    person: str = Field(max_length=100)
    how: Confirmation = Field(sa_type=choice(Confirmation))
    role: str = Field(default="", max_length=100)
    by: str = Field(max_length=64)
    at: datetime


class SignatureContact(TenantOwned, table=True):
    """A witness's 联系方式, sealed and never published; apart from the signature, which never changes."""

    __tablename__ = "signature_contact"
    __table_args__ = (UniqueConstraint("tenant_id", "signature_id"), refers("signature_id", "record_signature"))

    signature_id: UUID
    contact: Sealed = Field(sa_type=SealedText, repr=False)


class Addendum(TenantOwned, table=True):
    """A correction after signing: both texts stay readable (R13.8)."""

    __tablename__ = "record_addendum"
    __table_args__ = (
        UniqueConstraint("tenant_id", "record_id", "n"),
        refers("record_id", "inspection_record"),
        {"info": {"append_only": True}},
    )

    record_id: UUID
    n: int
    text: str = Field(sa_type=Text)
    by: str = Field(max_length=64)
    at: datetime


class Objection(TenantOwned, table=True):
    """异议: what the object says against a record, beside it for good; the record itself does not change by it."""

    __tablename__ = "record_objection"
    __table_args__ = (
        UniqueConstraint("tenant_id", "record_id", "n"),
        refers("record_id", "inspection_record"),
        {"info": {"append_only": True}},
    )

    record_id: UUID
    n: int
    person: str = Field(max_length=100)
    text: str = Field(sa_type=Text)
    at: datetime


class Evidence(TenantOwned, table=True):
    """A file kept under its hash; its kind was read from its content."""

    __tablename__ = "evidence"
    __table_args__ = (
        UniqueConstraint("tenant_id", "task_id", "sha256"),
        refers("task_id", "inspection_task"),
        {"info": {"append_only": True}},
    )

    task_id: UUID
    sha256: str = Field(max_length=64)
    media_type: str = Field(max_length=64)
    size: int
    name: str = Field(max_length=255)
    note: str = Field(default="", max_length=500)
    by: str = Field(max_length=64)
    at: datetime


class InspectionResult(TenantOwned, table=True):
    """检查结果 of a task: categories of the public credit system, several may apply (data-standards 5.2).

    ``n`` counts from 1: a pending result is followed by the final one (R15.5); the earlier stays.
    """

    __tablename__ = "inspection_result"
    __table_args__ = (UniqueConstraint("tenant_id", "task_id", "n"), refers("task_id", "inspection_task"))

    task_id: UUID
    n: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    ended: date
    team: list[str] = Field(sa_type=Json, description="who inspected")
    categories: list[str] = Field(sa_type=Json)
    codes: list[dict[str, str]] = Field(
        default_factory=list,
        sa_type=Json,
        sa_column_kwargs={"server_default": "[]"},
        description="department codes below the categories: code, parent, label, text",
    )
    note: str = Field(default="", max_length=1000)
    recorded_by: str = Field(max_length=64)
    recorded_at: datetime
