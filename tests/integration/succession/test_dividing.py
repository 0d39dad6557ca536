"""分设: one authority's registries go to two, each object to one of them, with what was counted for it."""

from __future__ import annotations

from pathlib import Path

from authority import Authority, experts, inspectors, line_terms, objects
from shuangsui.draws.tasks import tasks_of
from shuangsui.planning import inheriting
from shuangsui.registry import read
from shuangsui.succession import handing, taking
from shuangsui.succession.policy import Chosen
from shuangsui.tenancy.tenure import Turn
from tenures import FIRST, SECOND, City, code_of

NORTH, SOUTH = "北片", "南片"


def handed(city: City, to: Authority, chosen: Chosen, target: Path) -> None:
    """Out of one, into the other."""
    city.hand_over(to.slug, target, chosen=chosen)
    package = taking.opened(target)
    with to.session() as session:
        taking.take_over(session, package, actor="lead")


def test_each_object_goes_to_one_successor_with_its_counts(city: City, tmp_path: Path):
    """By area; people by office; experts to both; interests where both person and object went."""
    district = city.district
    things = [row | {"district": NORTH if n < 60 else SOUTH} for n, row in enumerate(objects(100))]
    people = inspectors(12)
    interests = [
        {"person_kind": "执法检查人员", "person_no": people[p]["cert_no"], "object_code": things[o]["code"],
         "relation": "任职", "since": "2020-01-01"}
        for p, o in ((0, 0), (1, 99), (0, 99))
    ]  # fmt: skip
    district.take_in(objects=things, inspectors=people, experts=experts(5), interests=interests)
    district.publish_list()
    district.publish_plan(("JX-11", line_terms(expert=False)))
    draw = district.draw()
    with district.session() as session:
        drawn = {task.object_code for task in tasks_of(session, draw)}
    city.decided(Turn.CLOSE, FIRST, SECOND)
    assert code_of(city.hand_over, FIRST, tmp_path / "x.zip") == "handover_part"
    parts = {FIRST: Chosen((NORTH,), ("处室0",)), SECOND: Chosen((SOUTH,), ("处室1",))}
    found, rest = {}, []
    for slug, chosen in parts.items():
        successor = city.city.beside(slug)
        handed(city, successor, chosen, tmp_path / f"{slug}.zip")
        with district.session() as session:
            rest.append(handing.left(session))
        with successor.session() as session:
            codes = [one.code for one in read.objects_of(session)]
            counted = {code for code in codes if inheriting.inherited(session, code, 2026)}
            sizes = [len(list(entries(session))) for entries in (read.inspectors, read.experts, read.interests)]
            found[slug] = (codes, counted, sizes)
    assert rest == [{"检查对象": 40, "检查人员": 6}, {}]
    assert [len(codes) for codes, _, _ in found.values()] == [60, 40]
    assert sorted(found[FIRST][0] + found[SECOND][0]) == sorted(row["code"] for row in things)
    assert (found[FIRST][1] | found[SECOND][1], found[FIRST][1] & found[SECOND][1]) == (drawn, set())
    assert [sizes for _, _, sizes in found.values()] == [[6, 5, 1], [6, 5, 1]]


def test_what_the_successor_has_stays_as_it_is(city: City, tmp_path: Path):
    """The same company in both registries: the successor's word stands."""
    successor = city.city.beside(FIRST)
    city.district.take_in(objects=[row | {"name": "旧名"} for row in objects(2)])
    successor.take_in(objects=[objects(1)[0] | {"name": "新名"}])
    city.decided(Turn.CLOSE, FIRST)
    handed(city, successor, Chosen(), tmp_path / "all.zip")
    with successor.session() as session:
        assert [one.name for one in read.objects_of(session)] == ["新名", "旧名"]


def test_package_that_was_touched_is_refused(city: City, tmp_path: Path):
    """A member that is not the manifest's, and what is no package at all; nothing is taken in."""
    city.district.take_in(objects=objects(2))
    city.decided(Turn.CLOSE, FIRST)
    file = tmp_path / "all.zip"
    city.hand_over(FIRST, file)
    again, denied = code_of(city.hand_over, FIRST, file), code_of(city.hand_over, FIRST, tmp_path / "x", by="business")
    assert (again, denied, file.stat().st_mode & 0o777) == ("handover_exists", "not_allowed", 0o600)
    data = file.read_bytes()
    for broken in (b"", b"PK", data[:-30], data.replace(b"objects.csv", b"objectz.csv")):
        (tmp_path / "broken.zip").write_bytes(broken)
        assert code_of(taking.opened, tmp_path / "broken.zip") == "handover_unreadable"
