"""What each official form says: plain values in Chinese, ready to be printed; nothing here knows a table or a file.

An empty text is a line to write on by hand; ``dated`` is the day of the form, never that of the printing.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, ClassVar

from shuangsui.documents.wording import day_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What every form has. ``address``: the public page to which its QR code leads, empty if there is none."""

    kind: ClassVar[str]
    title: ClassVar[str]

    authority: str
    number: str
    dated: date
    address: str = ""

    def as_data(self) -> dict[str, Any]:
        """The form as JSON values, the names of the templates' variables."""
        own = {"kind": self.kind, "title": self.title, "date_text": day_text(self.dated)}
        return {**asdict(self), **own, "dated": self.dated.isoformat()}


@dataclass(frozen=True, slots=True)
class Officer:
    """执法检查人员 with the certificate that is shown; ``leader`` marks the 组长."""

    name: str
    certificate: str
    leader: bool = False


@dataclass(frozen=True, slots=True)
class Contributor:
    """A holder of a secret: the commitment made before the event, and when the secret was opened."""

    who: str
    commit: str
    revealed: str


@dataclass(frozen=True, slots=True)
class Stratum:
    """层: how many could be drawn and how many were."""

    name: str
    eligible: int
    quota: int


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """One task of the output."""

    n: int
    object: str
    stratum: str
    team: str
    experts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawRecord(Form):
    """抽取记录 (article 8, R8.6): everything by which the draw can be recomputed."""

    kind: ClassVar[str] = "draw"
    title: ClassVar[str] = "随机抽取记录"

    draw_no: str
    item: str
    basis: str
    cause: str
    state: str
    operator: str
    frozen: str
    decided: str
    snapshot: str
    plan: str
    result: str
    algorithm: str
    event: str
    entropy: str
    parameters: tuple[str, ...]
    contributors: tuple[Contributor, ...]
    witnesses: tuple[str, ...]
    strata: tuple[Stratum, ...]
    tasks: tuple[DrawnLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeForm(Form):
    """检查通知书 (article 11, R11.1 to R11.3); ``code``: the 执法码 (R17.4), if there is one by then."""

    kind: ClassVar[str] = "notice"
    title: ClassVar[str] = "行政检查通知书"

    notice_no: str
    object_name: str
    object_code: str
    item: str
    type: str
    mode: str
    basis: str
    content: str
    planned: str
    officers: tuple[Officer, ...]
    materials: tuple[str, ...]
    rights: tuple[str, ...]
    discipline: tuple[str, ...]
    frequency: str
    code: str = ""
    ground: str = ""
    method: str = ""
    received_by: str = ""
    delivered: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """检查项: what was looked at and what was found."""

    no: str
    content: str
    answer: str
    facts: str = ""


@dataclass(frozen=True, slots=True)
class Signed:
    """签字或盖章 under a record or an addendum."""

    party: str
    person: str
    how: str
    at: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Supplement:
    """补充说明 after signing, with who signed it."""

    n: int
    text: str
    at: str
    signed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRecordForm(Form):
    """现场检查记录 (article 13); ``late`` is the stamp 补录 with its delay.

    ``code``: the 执法码, or why the visit had none and under which number that was reported (R17.4).
    """

    kind: ClassVar[str] = "visit"
    title: ClassVar[str] = "现场检查记录"

    task_no: str
    object_name: str
    object_code: str
    place: str
    arrived: str
    left: str
    duration: str
    item: str
    draw_no: str
    officers: tuple[Officer, ...]
    experts: str
    shown: str
    points: tuple[Point, ...]
    facts: str
    state: str
    code: str = ""
    refusal: str = ""
    late: str = ""
    officer_signatures: tuple[Signed, ...] = ()
    object_signatures: tuple[Signed, ...] = ()
    other_signatures: tuple[Signed, ...] = ()
    supplements: tuple[Supplement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRecord(Form):
    """非现场检查记录 (article 12): of a written or network inspection, or of another mode without a visit."""

    kind: ClassVar[str] = "review"
    title: ClassVar[str] = "非现场检查记录"

    task_no: str
    object_name: str
    object_code: str
    mode: str
    item: str
    draw_no: str
    begun: str
    concluded: str
    officers: tuple[Officer, ...]
    experts: str
    points: tuple[Point, ...]
    facts: str
    state: str
    code: str = ""
    supplements: tuple[Supplement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecusalDecision(Form):
    """回避决定书 (article 9, R9.2): the decision and its reasons, for whoever asked."""

    kind: ClassVar[str] = "recusal"
    title: ClassVar[str] = "回避决定书"

    case_no: str
    applicant: str
    raised: str
    person: str
    role: str
    draw_no: str
    item: str
    task: str
    reason: str
    decision: str
    reasons: str
    consequence: str
    decided_by: str
    decided: str


@dataclass(frozen=True, slots=True)
class Demand:
    """One finding and what must be done about it until when."""

    n: int
    finding: str
    demand: str
    due: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationOrder(Form):
    """责令改正通知书 (article 15, R15.1 and R15.2)."""

    kind: ClassVar[str] = "rectification"
    title: ClassVar[str] = "责令改正通知书"

    task_no: str
    object_name: str
    object_code: str
    item: str
    basis: str
    inspected: str
    officers: tuple[Officer, ...]
    demands: tuple[Demand, ...]
    rights: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalForm(Form):
    """行政检查审批表 (R11.1): asked for by one person, given by another; an urgent visit is approved afterwards."""

    kind: ClassVar[str] = "approval"
    title: ClassVar[str] = "行政检查审批表"

    task_no: str
    object_name: str
    object_code: str
    item: str
    type: str
    mode: str
    mode_reason: str
    basis: str
    content: str
    planned: str
    officers: tuple[Officer, ...]
    reason: str
    urgent: str
    proposer: str
    proposed: str
    opinion: str = ""
    approver: str = ""
    approved: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackForm(Form):
    """企业评价单 (article 16, R16.1): the link of one use that the inspected object, and nobody else, is given."""

    kind: ClassVar[str] = "feedback"
    title: ClassVar[str] = "企业评价单"

    object_name: str
    item: str
    inspected: str
    code: str
    until: str


FORMS: dict[str, type[Form]] = {
    form.kind: form
    for form in (
        DrawRecord,
        NoticeForm,
        VisitRecordForm,
        ReviewRecord,
        RecusalDecision,
        RectificationOrder,
        FeedbackForm,
        ApprovalForm,
    )
}
"""Every form by its kind."""
