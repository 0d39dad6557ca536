"""What a message says, what an address may be, and when trying ends; pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shuangsui.errors import BadInput
from shuangsui.ledger.tables import AlertLevel
from shuangsui.notification.messages import ADDRESSES, CLOSING, HINTS, LEVELS
from shuangsui.notified import ADDRESS_KINDS, AddressKind

TRIES = 30
"""After so many attempts, about a day, a message is worth nothing any more."""
STUCK = 5
"""After so many attempts the system administrator hears of it."""
LISTED = 20
"""So many entries of a digest are written out."""
CONSOLE = "/console"
HIDDEN = "***"

_FORMS: Mapping[AddressKind, re.Pattern[str]] = {
    "email": re.compile(
        r"(?=.{3,254}$)[A-Za-z0-9][A-Za-z0-9._+-]{0,63}@[A-Za-z0-9](?:[A-Za-z0-9-]*\.)*[A-Za-z0-9-]*[A-Za-z0-9]"
    ),
    "phone": re.compile(r"1[3-9][0-9]{9}"),
    "wecom": re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}"),
}
_COUNTRY = re.compile(r"^(?:\+|00)86(?=1)")


class NotificationState(StrEnum):
    """How far a notification is."""

    COLLECTED = "collected"
    """Waits for the day's digest."""
    DIGESTED = "digested"
    """Stands in a digest, which is a notification of its own."""
    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"
    """Trying again is useless, or was for too long; somebody must look at it and may start it again."""
    BLOCKED = "blocked"
    """The linter found personal data in it; it did not leave."""
    DROPPED = "dropped"
    """What it tells of was settled, or is no longer this person's."""


class NotificationLevel(StrEnum):
    """Of a warning, of a breach, or of a day's warnings together."""

    WARN = "warn"
    BREACH = "breach"
    DIGEST = "digest"


STARTABLE = (NotificationState.REFUSED, NotificationState.BLOCKED, NotificationState.WAITING)


@dataclass(frozen=True, slots=True)
class Told:
    """What is to be told of one alert."""

    title: str
    subject: str
    due: date | None = None
    article: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """Title and text of a message."""

    title: str
    text: str


def alert_of(told: Told, authority: str, *, urgent: bool) -> Draft:
    """One alert; a warning in this form only waits for the digest."""
    lines = [f"{line(authority)}：{line(told.title)}", f"对象：{line(told.subject)}"]
    lines += [f"期限：{told.due.isoformat()}"] if told.due else []
    lines += [f"依据：{line(told.article)}"] if told.article else []
    head = f"【{LEVELS['breach' if urgent else 'warn']}】{line(told.title)}：{line(told.subject)}"
    return Draft(_short(head), "\n".join([*lines, CLOSING]))


def digest_of(every: Iterable[Told], authority: str, day: date) -> Draft:
    """A day's warnings, what is due first at the top."""
    listed = sorted(every, key=lambda one: (one.due or date.max, one.title, one.subject))
    shown = [f"{n}. {_entry(one)}" for n, one in enumerate(listed[:LISTED], start=1)]
    more = [f"另有 {len(listed) - LISTED} 项。"] if len(listed) > LISTED else []
    head = f"{line(authority)}：{day.isoformat()} 有 {len(listed)} 项提醒。"
    return Draft(f"【提醒】{day.isoformat()} 有 {len(listed)} 项", "\n".join([head, *shown, *more, CLOSING]))


def check_address(kind: str, text: str) -> tuple[AddressKind, str]:
    """Kind and address as they are kept; :class:`BadInput` ``address_invalid``, which does not repeat it."""
    known = next((one for one in ADDRESS_KINDS if one == kind), None)
    if known is None:
        raise BadInput("address_kind", kind=kind, known="、".join(ADDRESS_KINDS))
    plain = unicodedata.normalize("NFKC", text).strip()
    if known == "phone":
        plain = _COUNTRY.sub("", re.sub(r"[ -]", "", plain))
    if not _FORMS[known].fullmatch(plain):
        raise BadInput("address_invalid", kind=ADDRESSES[known], hint=HINTS[known])
    return known, plain


def masked(address: str) -> str:
    """What others may see of an address: that it is there, and enough to tell two apart."""
    name, at, domain = address.partition("@")
    kept = 3 if name.isdigit() and len(name) > 9 else 1
    return f"{name[:kept]}***{at}{domain}" if at else f"{name[:kept]}***{name[-2:] if kept > 1 else ''}"


def line(text: str) -> str:
    """One line of printable characters."""
    return " ".join("".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text).split())


def level_of(level: AlertLevel) -> NotificationLevel:
    """Of the notification that tells of an alert."""
    return NotificationLevel(level.value)


def _entry(told: Told) -> str:
    due = f"，期限 {told.due.isoformat()}" if told.due else ""
    return f"{line(told.title)}：{line(told.subject)}{due}"


def _short(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:119]}…"
