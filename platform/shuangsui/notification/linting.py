"""Nobody's personal data in a message, looked at when it is written and once more before it leaves; pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from shuangsui.privacy.messages import PERSONAL_KINDS
from shuangsui.privacy.scanning import scan_text


def fault(texts: Iterable[str], allowed: Collection[str] = ()) -> dict[str, Any] | None:
    """The kept form of the refusal, which names the kinds that were found and repeats nothing; None if all is well.

    ``allowed``: numbers of the authority's own that it has made public.
    """
    found = dict.fromkeys(PERSONAL_KINDS[one.kind] for text in texts for one in scan_text(text, allowed))
    return {"code": "notification_blocked", "params": {"kinds": "、".join(found)}} if found else None
