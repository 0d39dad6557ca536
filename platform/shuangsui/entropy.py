"""Public randomness 公共随机数 for draws: what a plan fixes of an event before anybody can know it, and its value.

Frozen values and a Protocol, like those of :mod:`shuangsui.contracts`. Whatever a source says is checked by the core
against the draw protocol (srd-1 5.3) before it becomes part of a plan or of the public log.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, Protocol, runtime_checkable

from shuangsui.contracts import Health

EventKind = Literal["ceremony", "drand", "quote"]
EVENT_KINDS: tuple[EventKind, ...] = ("ceremony", "drand", "quote")
"""Those that verifiers know."""

_NAME = re.compile(r"[^\x00-\x1f\x7f]{1,200}")
_VALUE = re.compile(r"[ -~]{1,256}")
_LARGEST = 64 << 10


@dataclass(frozen=True, slots=True)
class EntropyEvent:
    """A public event 公开随机事件 as a plan fixes it.

    ``at`` is the earliest time at which its value can be known, UTC, in whole seconds. ``facts`` are the members that
    its kind has besides: ``digits`` of a ceremony, ``chain`` and ``round`` of drand, none of a quote.
    """

    name: str
    kind: EventKind
    at: datetime
    facts: Mapping[str, str | int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """``ValueError`` for a name that cannot be shown, an unknown kind, and a time that is not UTC and whole."""
        if not _NAME.fullmatch(self.name) or self.kind not in EVENT_KINDS:
            raise ValueError(f"not an event: {self.name!r} {self.kind!r}")
        if {"name", "kind", "at"} & set(self.facts):
            raise ValueError(f"not facts of a kind: {sorted(self.facts)}")
        if self.at.utcoffset() != UTC.utcoffset(None) or self.at.microsecond:
            raise ValueError(f"not a whole second of UTC: {self.at!r}")


@dataclass(frozen=True, slots=True)
class EntropyValue:
    """What came out of an event: ``value`` enters the public log and the seed.

    ``proof`` is what shows everybody that it is genuine, for example a signature; it is published beside the draw.
    Empty where nothing but witnesses can show it.
    """

    value: str
    proof: Mapping[str, str | int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """``ValueError`` for a value that the log does not take, and for a proof that is too long to publish."""
        if not _VALUE.fullmatch(self.value):
            raise ValueError("a value has 1 to 256 printable ASCII characters")
        if sum(len(f"{name}{one}") for name, one in self.proof.items()) > _LARGEST:
            raise ValueError("a proof has 64 KiB at most")


@runtime_checkable
class EntropySource(Protocol):
    """A source of public randomness, by the name that the rule ``draw.entropy`` calls it.

    What went wrong is raised as :class:`shuangsui.OutsideFailed` with a Chinese sentence as ``problem``.
    """

    @property
    def name(self) -> str:
        """Stable short name of letters, digits and ``_``, unique within the tenant."""

    @property
    def kind(self) -> EventKind:
        """Which kind of event it plans."""

    @property
    def network(self) -> bool:
        """Whether :meth:`fetch` gets the value from outside, in a process of its own.

        If not, a person who saw it happen types the value, :meth:`fetch` is never called, and :meth:`verify` judges
        what was typed.
        """

    def plan(self, name: str, at: datetime, digits: int) -> EntropyEvent:
        """The event of this ``name``, not before ``at``; ``digits`` is how many a ceremony has. Pure."""

    def fetch(self, event: EntropyEvent) -> EntropyValue:
        """The value of the event, once its time has come."""

    def verify(self, event: EntropyEvent, value: EntropyValue) -> None:
        """Refuse whatever is not the value of exactly this event. Pure, without a network."""

    def check(self) -> Health:
        """Whether it could do its work now."""
