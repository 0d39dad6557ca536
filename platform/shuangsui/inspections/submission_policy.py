"""How what a device sends becomes part of a record; pure (R13.9).

A record's fields are its ``facts`` and each point with its answer. For each field the record remembers ``revision``,
in which it was last written; ``by``, the devices whose value it has; ``seen``, the highest counter of each device.
Order within a device is that of its counter, whatever arrives first. Between devices nothing is overwritten unseen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

Fields = Mapping[str, Any]
"""Field → value: ``facts``, and ``answers/<no>`` for each point."""

FACTS = "facts"
_ANSWER = "answers/"


@dataclass(frozen=True, slots=True)
class Past:
    """Where a field's present value came from."""

    revision: int = 0
    by: tuple[str, ...] = ()
    seen: Mapping[str, int] | None = None

    def as_dict(self) -> dict[str, Any]:
        """In JSON."""
        return {"revision": self.revision, "by": list(self.by), "seen": dict(self.seen or {})}

    @classmethod
    def of(cls, known: Mapping[str, Any] | None) -> Past:
        """From JSON; of a field that nobody has written yet."""
        return cls(known["revision"], tuple(known["by"]), known["seen"]) if known else cls()


@dataclass(frozen=True, slots=True)
class Sending:
    """Which device sent something, as which of its steps, and what it had seen."""

    device: str
    counter: int
    base_revision: int


@dataclass(frozen=True, slots=True)
class Merged:
    """The record afterwards; ``conflicts``: fields left as others had written them."""

    fields: dict[str, Any]
    pasts: dict[str, Past]
    revision: int
    conflicts: tuple[str, ...]


def flat(content: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that a content touches."""
    answers = {f"{_ANSWER}{no}": dict(answer) for no, answer in content.get("answers", {}).items()}
    return {**answers, **({FACTS: content[FACTS]} if FACTS in content else {})}


def nested(fields: Fields) -> dict[str, Any]:
    """The content that touches these fields."""
    answers = {name.removeprefix(_ANSWER): value for name, value in fields.items() if name.startswith(_ANSWER)}
    return {"answers": answers, **({FACTS: fields[FACTS]} if FACTS in fields else {})}


def merge(fields: Fields, pasts: Mapping[str, Past], revision: int, touched: Fields, sending: Sending) -> Merged:
    """Take over what the device may write: what nobody else has written since it last looked.

    Its own later step stands over an earlier one that comes after it; the same value from two devices is both's.
    """
    after, known, conflicts = dict(fields), dict(pasts), []
    for name, value in touched.items():
        past = known.get(name, Past())
        seen = dict(past.seen or {})
        if sending.counter < seen.get(sending.device, -1):
            continue
        seen[sending.device] = sending.counter
        own = past.by == (sending.device,)
        if own or past.revision <= sending.base_revision:
            known[name] = Past(revision + 1, (sending.device,), seen)
            after[name] = value
        elif after.get(name) == value:
            known[name] = replace(past, by=tuple(sorted({*past.by, sending.device})), seen=seen)
        else:
            known[name] = replace(past, seen=seen)
            conflicts.append(name)
    written = any(past.revision > revision for past in known.values())
    return Merged(after, known, revision + written, tuple(sorted(conflicts)))


def stamped(pasts: Mapping[str, Past], names: Fields, revision: int) -> dict[str, Past]:
    """The pasts after a person wrote these fields at the console, having seen the record as it was."""
    return {**pasts, **{name: replace(pasts.get(name, Past()), revision=revision, by=()) for name in names}}


def is_jump(device_at: datetime, before: datetime | None, after: datetime | None) -> bool:
    """Whether the device's clock ran against its counter, seen from the steps next to this one (R13.9)."""
    return (before is not None and device_at < before) or (after is not None and device_at > after)
