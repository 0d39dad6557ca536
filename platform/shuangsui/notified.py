"""Messages to the people of an authority: what a notifier is handed, and what it answers.

They say what somebody must look at and where, never about whom: no person's data but the address itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, get_args, runtime_checkable

from shuangsui.contracts import Health
from shuangsui.disclosed import PERSONAL

AddressKind = Literal["email", "phone", "wecom"]
ADDRESS_KINDS: tuple[AddressKind, ...] = get_args(AddressKind)
"""A mail address, a mobile number, and the name of an account of 企业微信."""
MessageLevel = Literal["warn", "breach", "digest", "test"]

_LINE = re.compile(r"[^\x00-\x1f\x7f\u2028\u2029]{1,200}")
_TEXT = re.compile(r"[^\x00-\x09\x0b-\x1f\x7f]{1,8000}")
_PATH = re.compile(r"(?:/[!-~]{0,300})?")
_CODE = re.compile(r"[ -~]{0,60}")


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one person.

    ``id`` is the same however often the message is tried. ``level`` is ``warn``, ``breach``, ``digest`` or ``test``.
    ``title`` is one line, ``text`` several, parted by line feeds, and says all that the title says. ``address`` is of
    the notifier's ``address_kind``. ``link`` is a path of the console, or empty.
    """

    id: str
    level: MessageLevel
    title: str
    text: str
    address: str = field(repr=False, metadata=PERSONAL)
    link: str
    at: datetime

    def __post_init__(self) -> None:
        """``ValueError`` for what could begin another line or another header; the address is not repeated."""
        lines = all(_LINE.fullmatch(part) for part in (self.id, self.title, self.address))
        if not lines or not _TEXT.fullmatch(self.text) or not _PATH.fullmatch(self.link) or self.at.tzinfo is None:
            raise ValueError(f"not a message: {self.id!r}")


@dataclass(frozen=True, slots=True)
class MessageReceipt:
    """That a message was taken over: its ``id``, and the other system's own number or word."""

    notifier: str
    message: str
    reference: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MessageReport:
    """What became of a message after it was taken over: whether it reached the person.

    ``message`` is its ``id``, or the ``reference`` of its receipt. ``detail`` is the other system's code for the
    reason, in ASCII; it is shown to administrators.
    """

    message: str
    delivered: bool
    detail: str = ""

    def __post_init__(self) -> None:
        """``ValueError`` for what could not be a number, or no code."""
        if not _LINE.fullmatch(self.message) or not _CODE.fullmatch(self.detail):
            raise ValueError("not a report of a message")


@runtime_checkable
class Notifier(Protocol):
    """A way to people: mail, text messages, 企业微信.

    It always runs in a process of its own. ``send`` may come again with the same message, and should then let the
    person see it once. What went wrong is raised as :class:`shuangsui.OutsideFailed` with a Chinese sentence as
    ``problem``, which never holds the address; ``permanent=True`` if trying again is useless.
    """

    @property
    def name(self) -> str:
        """Stable short name, unique within the plugin."""

    @property
    def address_kind(self) -> AddressKind:
        """Which of a person's addresses it needs: ``email``, ``phone`` or ``wecom``; who has none is left out."""

    def send(self, message: Message) -> MessageReceipt:
        """Hand the message over."""

    def check(self) -> Health:
        """Try settings, connection and credentials without sending anything."""
