"""A message as mail servers take it; pure. The same letter is the same bytes, whose number tells a repeat."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

POLICY = SMTP.clone(cte_type="7bit")


def letter(sender: str, to: Iterable[Address], subject: str, text: str, *, number: str, at: datetime) -> EmailMessage:
    """To these and nobody else; ``number`` is its ``Message-ID`` below the sender's domain."""
    made = EmailMessage(policy=POLICY)
    made["From"] = Address(addr_spec=sender)
    made["To"] = list(to)
    made["Subject"] = line(subject)
    made["Date"] = at
    made["Message-ID"] = f"<{number}@{sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(text, charset="utf-8", cte="base64")
    return made


def line(text: str) -> str:
    """One line of printable characters: nothing in a name can begin another header or another line."""
    shown = (" " if unicodedata.category(c)[0] in "CZ" else c for c in unicodedata.normalize("NFC", text))
    return " ".join("".join(shown).split())
