"""Finding versions of the list and their items, and opening the next one."""

from __future__ import annotations

import re
from datetime import date
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from shuangsui.catalogue.tables import Item, ItemList, ListState
from shuangsui.db import TenantSession, lock_tenant, next_number, now
from shuangsui.errors import NotFound, RuleRefused
from shuangsui.tenancy.tenant import TIMEZONE

STATES = {
    ListState.DRAFT: "编制中",
    ListState.SUBMITTED: "待批准",
    ListState.APPROVED: "已批准",
    ListState.PUBLISHED: "已公布",
    ListState.SUPERSEDED: "已被新版替代",
}


def versions(session: TenantSession) -> list[ItemList]:
    """Every version, the newest first."""
    return list(session.exec(select(ItemList).order_by(col(ItemList.number).desc())))


def version(session: TenantSession, number: int | None = None) -> ItemList:
    """One version, by default the newest; :class:`NotFound` ``list_missing``."""
    found = next((one for one in versions(session) if number in (None, one.number)), None)
    if found is None:
        raise NotFound("list_missing", version=number or 1)
    return found


def working(session: TenantSession) -> ItemList | None:
    """The version under way: a draft, submitted or approved."""
    return session.exec(select(ItemList).where(col(ItemList.working).is_(True))).one_or_none()


def in_force(session: TenantSession, on: date | None = None) -> ItemList | None:
    """The version in force on a day of Shanghai (the day it is published counts), or now."""
    published = select(ItemList).where(col(ItemList.published_at).is_not(None)).order_by(col(ItemList.number).desc())
    return next((found for found in session.exec(published) if on is None or _published_on(found) <= on), None)


def items_of(session: TenantSession, item_list: ItemList) -> list[Item]:
    """The items of a version, the held ones too, in the order of their codes: JX-2 before JX-10."""
    found = session.exec(select(Item).where(Item.list_id == item_list.id))
    return sorted(found, key=lambda item: _natural(item.code))


def item_of(session: TenantSession, item_list: ItemList, code: str) -> Item:
    """One item of a version; :class:`NotFound` ``item_missing``."""
    found = session.exec(select(Item).where(Item.list_id == item_list.id, Item.code == code)).one_or_none()
    if found is None:
        raise NotFound("item_missing", item=code, version=item_list.number)
    return found


def in_state(session: TenantSession, state: ListState, act: str) -> ItemList:
    """The version under way, to be changed by ``act``; :class:`RuleRefused` ``no_list``, ``list_state``."""
    lock_tenant(session)
    found = working(session)
    if found is None:
        raise RuleRefused("no_list")
    if found.state is not state:
        raise RuleRefused("list_state", version=found.number, state=STATES[found.state], act=act)
    return found


def draft(session: TenantSession) -> ItemList | None:
    """The draft, if there is one; :class:`RuleRefused` ``list_locked`` while a later state is under way."""
    found = working(session)
    if found and found.state is not ListState.DRAFT:
        raise RuleRefused("list_locked", version=found.number, state=STATES[found.state])
    return found


def opened(session: TenantSession) -> ItemList:
    """The draft, to be changed; where there is none, a new one with the items in force, which stay confirmed."""
    lock_tenant(session)
    return draft(session) or _new(session)


def _new(session: TenantSession) -> ItemList:
    latest = in_force(session)
    fresh = ItemList(number=next_number(session, "item_list"), opened_at=now(session))
    session.add(fresh)
    session.flush()
    for item in items_of(session, latest) if latest else ():
        if item.held is None:  # the held ones move, see service.publish
            columns = {name: getattr(item, name) for name in Item.model_fields if name != "id"}
            session.add(Item(**{**columns, "list_id": fresh.id}))
    session.flush()
    return fresh


def _published_on(item_list: ItemList) -> date:
    assert item_list.published_at is not None
    return item_list.published_at.astimezone(ZoneInfo(TIMEZONE)).date()


def _natural(code: str) -> list[tuple[bool, int, str]]:
    parts = re.findall(r"\d+|\D+", code)
    return [(part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts]
