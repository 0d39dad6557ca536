"""The page of a district's draw that says whose objects it has (two-level draw, R17.1)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from authority import Authority
from officials import Official, installation, officials
from shelf import Place
from shuangsui.access.policy import Role
from shuangsui.disclosure.following import follow_draw
from shuangsui.draws import handing, tasks
from shuangsui.draws.tables import Draw
from two_levels import district_draw, frozen, municipal_draw, published, received, staffed

Enter = Callable[..., Official]


@pytest.fixture
def enter(place: Place, monkeypatch: pytest.MonkeyPatch) -> Iterator[Enter]:
    """``enter(authority, login, *roles)``: somebody in the browser."""
    made = []

    def sign_in(authority: Authority, login: str, *roles: Role) -> Official:
        context = officials(authority, place.database.app, monkeypatch)
        made.append(context)
        return context.__enter__()(login, *roles)

    yield sign_in
    for context in reversed(made):
        context.__exit__(None, None, None)


def verdict(official: Official, draw: Draw) -> tuple[str, bool]:
    """What the page says, and whether that is good."""
    shown = official.read(f"/draws/{draw.no}/parent")
    return shown["facts"]["核对结果"], shown["consistent"]


def test_r17_1_every_object_of_the_district_was_drawn_by_the_municipality(
    authority: Authority, place: Place, enter: Enter
) -> None:
    """R17.1: both blinded ids of every object; not before the municipality has published, not with a changed file."""
    parent = municipal_draw(authority)
    district, child = district_draw(authority, parent)
    lead = enter(district, "qu", Role.LEAD_OFFICE)
    unpublished = f"没有找到上级抽取 {parent.no} 公示的档案：请在上级公示之后再核对。"
    assert verdict(lead, child) == (unpublished, False)
    settings = installation(authority, place.database.app)
    follow_draw(authority.engine, authority.office, parent.no, actor="lead", settings=settings)
    with district.session() as session:
        given = {one["code"]: one["b"] for one in handing.find_assignment(session, received(district)).objects}
        own = {task.object_code: task.b for task in tasks.tasks_of(session, session.merge(child))}
    assert verdict(lead, child) == (f"一致：{len(given)} 个对象都是上级抽取抽中的", True)
    rows = lead.read(f"/draws/{child.no}/parent")["tables"][0]["rows"]
    assert {row["code"]: (row["parent"], row["child"]) for row in rows} == {
        code: (given[code], own[code]) for code in own
    }
    assert f'href="/console/draws/{child.no}/parent"' in lead.page(f"/draws/{child.no}").text
    result = settings.public / "chongqing" / "draws" / parent.no / "result.json"
    result.write_bytes(result.read_bytes().replace(b'"order":["', b'"order":["0', 1))
    said, good = verdict(lead, child)
    assert (said.startswith(f"抽取 {child.no} 与上级抽取 {parent.no} 核对不符（"), good) == (True, False)


def test_r17_1_municipality_checks_what_the_districts_have_published(
    authority: Authority, place: Place, enter: Enter
) -> None:
    """R17.1: nothing before; then every object that was opened; a changed file is told with the draw it belongs to."""
    parent = municipal_draw(authority)
    district, child = district_draw(authority, parent)
    lead, path = enter(authority, "lead"), f"/draws/{parent.no}/children"
    assert f'href="/console{path}"' in lead.page(f"/draws/{parent.no}").text
    none = "接收机关还没有公示由本次抽取分派而来的抽取。"
    assert lead.read(path) == {"rows": [], "count": 0, "notes": [none]}
    objects = len(json.loads(published(district, child)["openings.json"]))
    settings = installation(authority, place.database.app)
    follow_draw(district.engine, district.office, child.no, actor="lead", settings=settings)
    names = ("receiver", "draw", "objects", "opened", "verdict")
    (row,) = lead.read(path)["rows"]
    assert [row[name] for name in names] == [district.slug, child.no, objects, objects, "一致"]
    file = settings.public / district.slug / "draws" / child.no / "openings.json"
    file.write_bytes(file.read_bytes().replace(b'"id":"5', b'"id":"6', 1))
    (row,) = lead.read(path)["rows"]
    said = f"抽取 {child.no} 与上级抽取 {parent.no} 核对不符（OPENING："
    assert (row["consistent"], row["verdict"].startswith(said)) == (False, True)


def test_a_draw_of_its_own_has_no_parent_to_be_compared_with(authority: Authority, enter: Enter) -> None:
    """Nor has its page the link; a child without a result waits."""
    parent = municipal_draw(authority)
    lead = enter(authority, "lead")
    missing = lead.browser.get(f"/api/draws/{parent.no}/parent", headers={"Accept": "application/json"})
    assert (missing.status_code, missing.json()["code"]) == (404, "draw_without_parent")
    assert f"/draws/{parent.no}/parent" not in lead.page(f"/draws/{parent.no}").text
    handed = staffed(authority)
    lead.done(f"/draws/{parent.no}/dispatch/send")
    handing.accept(handed.engine, handed.office, received(handed), actor="lead")
    child = frozen(handed)
    waits = f"抽取 {child.no} 还没有结果：得出结果后再与上级抽取核对。"
    assert verdict(enter(handed, "qu", Role.LEAD_OFFICE), child) == (waits, False)
