"""A version of the list as JSON: for the public, and for those who work on it."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from shuangsui.access.policy import ROLE_NAMES, Role
from shuangsui.catalogue import versions
from shuangsui.catalogue.edits import content_of
from shuangsui.catalogue.messages import ATTENTION
from shuangsui.catalogue.tables import Item, ItemList
from shuangsui.db import TenantSession
from shuangsui.registry.policy import canonical, plain

DERIVED = ("modes", "ratio", "frequency", "withheld", "draw_mode")


def item_view(item: Item) -> dict[str, Any]:
    """Every public column of an item: its wording, and what the wording is read as."""
    return content_of(item) | _columns(item, *DERIVED)


def digest_of(items: Iterable[Item]) -> str:
    """SHA-256, in hex, of the items' views in order, as JSON in UTF-8 with sorted members and without spaces."""
    return sha256(canonical([item_view(item) for item in items])).hexdigest()


def published_view(session: TenantSession) -> dict[str, Any] | None:
    """The list in force for anybody: the ``digest`` can be recomputed from ``items``; roles instead of names."""
    current = versions.in_force(session)
    if current is None:
        return None
    items = versions.items_of(session, current)
    past = [_version(one) for one in versions.versions(session) if one.published_at]
    return {**_version(current), "items": [item_view(item) for item in items], "versions": past}


def work_view(session: TenantSession, item_list: ItemList) -> dict[str, Any]:
    """A version for the authority itself: also who proposed and confirmed, what is held, what needs a person."""
    items = [item_view(item) | work(item) for item in versions.items_of(session, item_list)]
    return summary(item_list) | {"items": items}


def summary(item_list: ItemList) -> dict[str, Any]:
    """One version without its items, with the people who acted on it."""
    return _version(item_list) | _columns(item_list, "proposer", "submitted_at", "approver")


def work(item: Item) -> dict[str, Any]:
    """What the authority itself knows of an item besides its public columns."""
    columns = _columns(item, "proposed_by", "confirmed_by", "confirmed_at", "held", "attention")
    return {**columns, "questions": questions(item)}


def questions(item: Item) -> list[str]:
    """What a person must look at, one sentence each."""
    wording = {"ratio": item.ratio_text, "frequency": item.frequency_text, "method": item.method}
    return [ATTENTION[code].format(item=item.code, text=wording.get(code.split("_")[0])) for code in item.attention]


def _version(item_list: ItemList) -> dict[str, Any]:
    role = ROLE_NAMES[Role.LEADER] if item_list.approver else None
    dates = _columns(item_list, "state", "approved_at", "published_at", "superseded_at", "digest")
    return {"version": item_list.number, "approver_role": role, **dates}


def _columns(row: Item | ItemList, *names: str) -> dict[str, Any]:
    return {name: plain(getattr(row, name)) for name in names}
