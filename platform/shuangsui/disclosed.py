"""What is disclosed 公示内容 as values: the round, each object's result, and decisions that were handed over.

These are the fields that leave the authority, and no others do. ``PERSONAL`` marks a field that may identify a natural
person and is public by law all the same (an officer's name and certificate, a sole owner's trade name); every other
field must be free of personal data, which is looked at again in the bytes that go out.
Times are UTC; texts are Chinese, as people will read them. Importable as ``from shuangsui import …``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, Protocol, runtime_checkable

from shuangsui.contracts import Health, Receipt

PERSONAL: Mapping[str, str] = {"class": "personal"}
Action = Literal["publish", "correct", "withdraw"]


@dataclass(frozen=True, slots=True)
class Authority:
    """发布机关: ``code`` is its unified social credit code, ``area`` the six digits of its area."""

    slug: str
    name: str
    code: str
    area: str


@dataclass(frozen=True, slots=True)
class DisclosedObject:
    """检查对象; ``code`` is a unified social credit code if ``is_uscc``; ``sole_owner``: 个体工商户."""

    code: str
    name: str = field(metadata=PERSONAL)
    is_uscc: bool = True
    sole_owner: bool = False
    address: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True)
class DisclosedItem:
    """抽查事项 as the list in force has it; ``codes``: its numbers in other systems, by the system's name."""

    code: str
    name: str
    grounds: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DisclosedOfficer:
    """执法检查人员: what the law has published of them."""

    name: str = field(metadata=PERSONAL)
    certificate: str = field(metadata=PERSONAL)


@dataclass(frozen=True, slots=True)
class RoundContent:
    """抽查情况 (R14.6): plan, ratio, numbers and method of one draw."""

    plan_id: str
    plan_name: str
    draw_no: str
    item: DisclosedItem
    method: str
    ratio: str
    eligible: int
    drawn: int
    inspected: int
    drawn_on: date
    directed: bool = False
    """定向: within one line of business or area; otherwise 不定向."""
    transcript: str = ""
    """Address of the files with which anybody recomputes the draw."""


@dataclass(frozen=True, slots=True)
class DisclosedFinding:
    """A result 抽查结果: ``category`` is one of the platform's, ``code`` a department's own below it or empty."""

    category: str
    text: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class ResultContent:
    """抽查结果 of one object (R14.6); ``type`` and ``mode`` as the task has them."""

    plan_id: str
    plan_name: str
    draw_no: str
    task_no: str
    task_name: str
    type: str
    mode: str
    object: DisclosedObject
    item: DisclosedItem
    findings: tuple[DisclosedFinding, ...]
    follow_up: str
    ended_at: datetime
    officers: tuple[DisclosedOfficer, ...]
    directed: bool = False
    follows: str = ""
    """Number of the earlier result of the same task that this one makes final (R15.5)."""


@dataclass(frozen=True, slots=True)
class WithheldContent:
    """A placeholder 不予公开: that there is a result, numbered, and why nobody sees it (R14.7); never whose."""

    number: int
    item_name: str
    draw_no: str
    basis: str


@dataclass(frozen=True, slots=True)
class NoticeContent:
    """定向通报 (R14.8) of a result that the law keeps from the public, for ``recipients`` and nobody else."""

    recipients: tuple[str, ...]
    basis: str
    scope: str
    result: ResultContent


@dataclass(frozen=True, slots=True)
class DecisionContent:
    """行政处罚决定 or 行政许可决定 of the authority that made it; amounts in 万元; never a mere finding."""

    kind: Literal["penalty", "licence"]
    number: str
    name: str
    object: DisclosedObject
    category: str
    content: str
    decided_on: date
    maker: str
    maker_code: str
    source: str
    source_code: str
    valid_until: date | None = None
    violation: str = ""
    facts: str = ""
    basis: str = ""
    fine: Decimal | None = None
    confiscated: Decimal | None = None
    revoked: str = ""
    certificate: str = ""
    remark: str = ""


Content = RoundContent | ResultContent | WithheldContent | DecisionContent | NoticeContent
KINDS: Mapping[str, type] = {
    "round": RoundContent,
    "result": ResultContent,
    "withheld": WithheldContent,
    "decision": DecisionContent,
    "notice": NoticeContent,
}


@dataclass(frozen=True, slots=True)
class Disclosed:
    """One thing that is disclosed, corrected or taken down; ``key`` is its number with the authority.

    ``revision`` counts from 1; ``until`` is the last day on which it may be shown, None for no end; ``note`` says to
    everybody what was corrected, or why it was taken down.
    """

    authority: Authority
    key: str
    revision: int
    action: Action
    content: Content
    published_on: date
    until: date | None = None
    note: str = ""

    @property
    def kind(self) -> str:
        """``round``, ``result``, ``withheld``, ``decision`` or ``notice``."""
        return next(name for name, kind in KINDS.items() if isinstance(self.content, kind))

    @property
    def external_id(self) -> str:
        """Forty hexadecimal digits, the same for every revision and attempt: a receiver knows a duplicate by it."""
        return hashlib.sha256(f"{self.authority.slug}\n{self.kind}\n{self.key}".encode()).hexdigest()[:40]

    def as_data(self) -> dict[str, Any]:
        """Nested mappings of the fields; dates, times and amounts stay what they are."""
        return {**asdict(self), "kind": self.kind}


@dataclass(frozen=True, slots=True)
class Package:
    """What one receiving system is sent for one :class:`Disclosed`: the bytes, and the names it may be asked by."""

    external_id: str
    revision: int
    action: Action
    name: str
    media_type: str
    data: bytes

    @property
    def digest(self) -> str:
        """SHA-256, hex, of the bytes."""
        return hashlib.sha256(self.data).hexdigest()


@runtime_checkable
class Exporter(Protocol):
    """A credit or supervision system 信用信息公示系统 that takes what is disclosed in a form of its own.

    ``convert`` is pure and raises :class:`shuangsui.ContentRefused` with the name of the field that is missing or
    wrong; it never leaves a required field blank. ``send`` and ``read_back`` run in a process of their own and raise
    :class:`shuangsui.OutsideFailed`; both may come again with the same package and must then do no harm: the receiver
    knows it by ``external_id`` and ``revision``. A receipt is ``confirmed`` only by what the system itself shows, or by
    its own signed or numbered acceptance where there is nothing to look at; what ``send`` confirms is not looked for.
    """

    @property
    def name(self) -> str:
        """Stable short name, unique within the plugin; stands in receipts."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """Which of :data:`KINDS` it takes."""

    @property
    def duty(self) -> str:
        """Which of the rule ``publication.channels`` it serves, for example ``credit``; empty: nobody waits for it."""

    def takes(self, item: Disclosed) -> bool:
        """Whether this very thing, of a kind it takes, concerns the system; pure."""

    @property
    def schema(self) -> Mapping[str, Any]:
        """JSON Schema of what it sends for one thing."""

    def convert(self, item: Disclosed) -> Package:
        """The system's own form of it, valid by the schema."""

    def send(self, package: Package) -> Receipt:
        """Hand it over."""

    def read_back(self, package: Package) -> Receipt:
        """What the system shows for it now."""

    def check(self) -> Health:
        """Try settings, connection and credentials without sending anything."""
