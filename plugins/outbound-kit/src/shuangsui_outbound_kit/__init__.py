"""Ways out that several plugins share: an authority's mail server, and HTTP to allowed addresses only; no plugin.

Whatever goes wrong is a :class:`shuangsui.OutsideFailed` whose sentence names the server and never an addressee.
"""

from __future__ import annotations

from shuangsui_outbound_kit.letter import letter, line
from shuangsui_outbound_kit.options import MailOptions, is_mailbox
from shuangsui_outbound_kit.post import deliver, knock
from shuangsui_outbound_kit.way import PASSING, Answer, Way

__all__ = [
    "PASSING",
    "Answer",
    "MailOptions",
    "Way",
    "deliver",
    "is_mailbox",
    "knock",
    "letter",
    "line",
]
