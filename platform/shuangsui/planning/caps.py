"""Which published cap binds a visit, and if it is reached [54号]: per authority, enterprise and visit year; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from shuangsui.errors import RuleRefused
from shuangsui.tenancy.annexes import CapEntry

RECHECK, AGAIN, MERGED = "recheck", "again", "merged"
"""Labels of visits: a re-check (R15.3), the same inspection once more (R13.7), part of another's visit (R3.2)."""
LABELS = {RECHECK: "整改复查", AGAIN: "再次上门", MERGED: "合并检查"}
UNCOUNTED = (AGAIN, MERGED)
"""What is no visit of its own for any cap; whether a re-check is one, the cap says."""


@dataclass(frozen=True, slots=True)
class Visited:
    """A visit that this authority has already made to the enterprise this year."""

    family: str
    label: str
    unlimited: bool


@dataclass(frozen=True, slots=True)
class Planned:
    """A visit that somebody wants to make; ``unlimited``: its exemption says no frequency limit (clue, instant)."""

    object_name: str
    item: str | None
    family: str
    risk_class: str | None
    on: date
    label: str = ""
    unlimited: bool = False


def binding(caps: Iterable[CapEntry], visit: Planned) -> Iterator[CapEntry]:
    """The caps of a visit, one per scope: of an item, of a family, of everything; the risk class goes first."""
    of_day = [cap for cap in caps if cap.published_on <= visit.on and cap.risk_class in (None, visit.risk_class)]
    for scope in {(visit.item, None), (None, visit.family), (None, None)}:
        if found := [cap for cap in of_day if (cap.item, cap.family) == scope]:
            yield max(found, key=lambda cap: cap.risk_class is not None)


def check(caps: Iterable[CapEntry], visit: Planned, seen: Sequence[Visited]) -> None:
    """Refuse a visit that would be one too many; ``visit_cap`` cites where the cap was published.

    An item's cap counts the visits of its family: the shared ledger knows no finer.
    """
    if visit.unlimited or visit.label in UNCOUNTED:
        return
    seen = [one for one in seen if not one.unlimited and one.label not in UNCOUNTED]
    for cap in binding(caps, visit):
        if visit.label == RECHECK and not cap.rechecks:
            continue
        everything = cap.item is None and cap.family is None
        counted = [one for one in seen if everything or one.family == visit.family]
        made = sum(1 for one in counted if cap.rechecks or one.label != RECHECK)
        if made >= cap.per_year:
            raise RuleRefused(
                "visit_cap", article=cap.basis, object=visit.object_name, year=visit.on.year, made=made,
                most=cap.per_year,
            )  # fmt: skip
