"""What the public has seen of what is disclosed, and how each of it stands with its receivers (R14.5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from shuangsui.db import TenantSession, later
from shuangsui.disclosed import ResultContent, WithheldContent
from shuangsui.disclosure import contents, disclosures
from shuangsui.disclosure.policy import Action, DeliveryState
from shuangsui.disclosure.tables import Delivery, Disclosure
from shuangsui.disclosure.views import result_row
from shuangsui.disclosure.ways import HAND, PORTAL
from shuangsui.draws.freezing import legal_day

Named = tuple[str, str]
"""Kind and key."""
ALL = "*"
UNFIT = ("personal_data", "lint_unreadable")
"""Why a delivery was refused that must never be seen."""


class Standing(StrEnum):
    """How far a thing is with all receivers that the rules name."""

    PENDING = "pending"
    PARTIAL = "partial"
    PUBLISHED = "published"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Sent:
    """A delivery with the thing that it delivers."""

    delivery: Delivery
    disclosure: Disclosure

    @property
    def named(self) -> Named:
        """Of the thing."""
        return self.disclosure.kind, self.disclosure.key


def sent(session: TenantSession) -> Sequence[Sent]:
    """Every delivery, older revisions first."""
    query = (
        select(Delivery, Disclosure)
        .join(Disclosure, col(Disclosure.id) == Delivery.disclosure_id)
        .order_by(col(Disclosure.revision), col(Delivery.channel))
        .options(later(Disclosure.content))
    )
    return [Sent(*row) for row in session.exec(query)]


def by_revision(session: TenantSession) -> dict[UUID, list[Delivery]]:
    """Revision → its deliveries."""
    found: dict[UUID, list[Delivery]] = {}
    for one in sent(session):
        found.setdefault(one.disclosure.id, []).append(one.delivery)
    return found


def standing(newest: Disclosure, deliveries: Iterable[Delivery]) -> Standing:
    """Of the newest revision; what no rule demands delays nothing."""
    owed = [one for one in deliveries if one.duty and one.state is not DeliveryState.SUPERSEDED]
    done = [one for one in owed if one.state is DeliveryState.CONFIRMED]
    if any(one.state is DeliveryState.REFUSED for one in owed):
        return Standing.REFUSED
    if len(done) < len(owed) or not owed:
        return Standing.PARTIAL if done else Standing.PENDING
    return Standing.WITHDRAWN if newest.action is Action.WITHDRAW else Standing.PUBLISHED


def public_since(found: Iterable[Sent]) -> dict[Named, datetime]:
    """When the portal first showed it."""
    seen: dict[Named, datetime] = {}
    for one in found:
        if one.delivery.duty == PORTAL and one.delivery.confirmed_at:
            seen[one.named] = min(seen.get(one.named, one.delivery.confirmed_at), one.delivery.confirmed_at)
    return seen


def satisfied(found: Iterable[Sent]) -> dict[Named, date]:
    """The day on which the last of the receivers that the rules name had first confirmed it, whichever revision.

    What a plugin serves after all waits for nobody's hand.
    """
    first: dict[Named, dict[tuple[str, str], datetime | None]] = {}
    for one in found:
        row = one.delivery
        if row.duty:
            days = first.setdefault(one.named, {})
            name = row.duty, row.channel
            days[name] = min(filter(None, (days.get(name), row.confirmed_at)), default=None)
    whole = {named: list(_awaited(days)) for named, days in first.items()}
    return {named: legal_day(max(at for at in days if at)) for named, days in whole.items() if all(days)}


def _awaited(days: Mapping[tuple[str, str], datetime | None]) -> Iterator[datetime | None]:
    served = {duty for duty, channel in days if not channel.startswith(f"{HAND}/")}
    for (duty, channel), at in days.items():
        if at or duty not in served or not channel.startswith(f"{HAND}/"):
            yield at


def names_of_results(session: TenantSession) -> dict[str, Named]:
    """Key of a term → the thing that makes its result public; the law's placeholder stands for all of a task's."""
    kinds = ("result", "withheld")
    query = select(Disclosure).where(col(Disclosure.task_no).is_not(None), col(Disclosure.kind).in_(kinds))
    rows = session.exec(query.options(later(Disclosure.content))).all()
    return {f"{row.task_no}/{row.part or ALL}": (row.kind, row.key) for row in rows}


def name_of(named: Mapping[str, Named], term: str) -> Named:
    """Of one term; of nothing if its result has not been made."""
    return named.get(term) or named.get(f"{term.partition('/')[0]}/{ALL}") or ("", "")


def counting(found: Iterable[Sent]) -> dict[Named, int]:
    """The newest revision that the portal shows; one that it has not taken, or was not given, counts nowhere."""
    newest: dict[Named, int] = {}
    for one in found:
        if one.delivery.duty == PORTAL and one.delivery.confirmed_at:
            newest[one.named] = max(newest.get(one.named, 0), one.disclosure.revision)
    return newest


def result_rows(session: TenantSession) -> list[tuple[str, dict[str, Any]]]:
    """Key and row of every result that the portal shows, the latest decision first; each as it shows it."""
    found = sent(session)
    seen, counts = public_since(found), counting(found)
    notes, rows = _notes(session, found, counts), _revisions(session, counts)
    followed = {
        content.follows: row.key
        for row in rows
        if isinstance(content := contents.content_of(row), ResultContent) and content.follows
    }
    return [
        (row.key, _row(row, legal_day(seen[row.kind, row.key]), followed.get(row.key), notes.get((row.kind, row.key))))
        for row in rows
        if (row.kind, row.key) in seen
    ]


def _revisions(session: TenantSession, counts: Mapping[Named, int]) -> list[Disclosure]:
    """Those that count, the latest decision first."""
    kinds = (disclosures.RESULT, disclosures.WITHHELD)
    rows = session.exec(select(Disclosure).where(col(Disclosure.kind).in_(kinds)))
    found = [row for row in rows if counts.get((row.kind, row.key)) == row.revision]
    return sorted(found, key=lambda row: (row.at, row.key), reverse=True)


def _notes(
    session: TenantSession, everything: Iterable[Sent], counts: Mapping[Named, int]
) -> dict[Named, list[dict[str, Any]]]:
    """What was corrected and when, in its order (R14.10); not what was kept from the public for what it says."""
    kept = {one.disclosure.id for one in everything if (one.delivery.error or {}).get("code") in UNFIT}
    query = select(Disclosure).where(Disclosure.action == Action.CORRECT).order_by(col(Disclosure.revision))
    found: dict[Named, list[dict[str, Any]]] = {}
    for row in session.exec(query):
        if row.id not in kept and row.revision <= counts.get((row.kind, row.key), 0):
            found.setdefault((row.kind, row.key), []).append({"on": row.published_on, "note": row.note})
    return found


def _row(
    row: Disclosure, published_on: date, followed_by: str | None, notes: list[dict[str, Any]] | None
) -> dict[str, Any]:
    content = contents.content_of(row)
    assert isinstance(content, ResultContent | WithheldContent)
    withdrawn = {"on": row.published_on, "note": row.note} if row.action is Action.WITHDRAW else None
    return result_row(content, published_on, followed_by, notes or [], withdrawn)
