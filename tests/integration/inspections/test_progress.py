"""How far the year is, as the first page counts it, and where each district of a layout stands."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlmodel import select

from authority import Authority
from inspecting import team
from shuangsui.inspections import tasks
from shuangsui.registry.tables import InspectionObject
from shuangsui.web.progress import progress


def counted(authority: Authority) -> dict[str, Any]:
    """As of today."""
    with authority.session() as session:
        return progress(session, authority.office.tenant, authority.today)


def test_steps_and_districts_follow_an_inspection(authority: Authority) -> None:
    """Drawn, sent out, one of them inspected: its district alone has one done, and nothing is public yet."""
    assert counted(authority)["steps"] == [("抽取", 0), ("派发", 0), ("检查", 0), ("公开", 0)]
    done = team(authority).whole()
    with authority.session() as session:
        every = tasks.all_tasks(session)
        where = {one.code: one.district for one in session.exec(select(InspectionObject))}
    found = counted(authority)
    assert found["steps"] == [("抽取", len(every)), ("派发", len(every)), ("检查", 1), ("公开", 0)]
    assert {name: whole for name, (_, whole) in found["districts"].items()} == Counter(
        where[task.object_code] for task in every
    )
    home = where[done.read().object_code]
    assert {name: ended for name, (ended, _) in found["districts"].items() if ended} == {home: 1}


def test_every_district_of_the_municipality_has_its_tile(authority: Authority) -> None:
    """Each authority below it, by how its name begins; no place is given twice."""
    placed = [name for row in counted(authority)["layout"] for name in row if name]
    below = [one.short for one in authority.office.tree if one.parent == authority.slug]
    assert len(placed) == len({*placed})
    assert [short for short in below if not any(short.startswith(name) for name in placed)] == []
