"""Calls from outside to a plugin 回调: what a callback is handed, and what it answers.

Whoever calls is unknown until the plugin has recognised him: nothing of a call may be believed before that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, get_args, runtime_checkable

from shuangsui.notified import MessageReport

CallMethod = Literal["GET", "POST"]
ReplyType = Literal["text/plain", "application/json"]
REPLY_TYPES: tuple[ReplyType, ...] = get_args(ReplyType)
"""No type that a browser would show as a page of ours."""
CALL_BYTES = REPLY_BYTES = 64 << 10
CALLBACK_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")


@dataclass(frozen=True, slots=True)
class Call:
    """One request; names of ``headers`` are in lower case, cookies left out. ``at`` is the installation's clock.

    Of a parameter or a header that comes twice the last one stands here. ``body`` has 64 KiB at most.
    """

    method: CallMethod
    query: Mapping[str, str] = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    at: datetime


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a call, and what the platform learns by it; ``reports`` only of a caller that was recognised."""

    status: int
    text: str = ""
    media_type: ReplyType = "text/plain"
    reports: tuple[MessageReport, ...] = ()

    def __post_init__(self) -> None:
        """``ValueError`` for what no caller may get from this platform."""
        fits = 200 <= self.status <= 599 and self.media_type in REPLY_TYPES
        if not fits or 300 <= self.status < 400 or len(self.text.encode()) > REPLY_BYTES:
            raise ValueError(f"not a reply: {self.status} {self.media_type!r}")


@runtime_checkable
class Callback(Protocol):
    """A door for another system, at ``/callbacks/<tenant>/<plugin>/<name>``.

    It is open to everybody, so ``answer`` first makes sure who calls, by a secret or a signature, and answers 401 or
    403 to anybody else. It always runs in a process of its own, may take ten seconds, and may get the same call again.
    What it raises is answered with 503, after which the other system should try again.
    """

    @property
    def name(self) -> str:
        """Stable short name, unique within the plugin: a letter, then letters, digits and hyphens; in lower case."""

    def answer(self, call: Call) -> Reply:
        """Recognise the caller, read the call, and answer."""
