"""What a task's item says: of the draw it came from, which a dispatched object brings along, or of the own list."""

from __future__ import annotations

from sqlmodel import col, select

from shuangsui.catalogue.tables import Item
from shuangsui.db import TenantSession
from shuangsui.draws.office import ItemFacts, facts_of, item_facts
from shuangsui.draws.tables import Draw
from shuangsui.inspections.tables import InspectionTask
from shuangsui.inspections.tasks import drawn_of


def item_of(session: TenantSession, task: InspectionTask) -> ItemFacts:
    """The item as the draw froze it; of a task outside the draw, the newest version, or nothing but its name."""
    drawn = drawn_of(session, task)
    draw = session.find(Draw, drawn.draw_id) if drawn else None
    if draw is not None:
        return facts_of(session, draw)
    query = select(Item).where(Item.code == task.item_code).order_by(col(Item.id).desc())
    item = session.exec(query).first() if task.item_code else None
    return item_facts(item) if item else ItemFacts("", task.item_name, task.family, [], "", "", withheld=False)
