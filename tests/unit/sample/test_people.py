"""Inspectors, experts and interests: enough people for every item, some of them out of date."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from shuangsui.sample.interests import Sizes, interests
from shuangsui.sample.objects import Row, objects
from shuangsui.sample.people import QUALS, experts, inspectors
from shuangsui.sample.registries import items, sizes_for
from shuangsui.sample.scene import Scene

TODAY = "2026-11-01"


@pytest.fixture(scope="module")
def officers(scene: Scene) -> list[Row]:
    """Five hundred inspectors."""
    return list(inspectors(scene, 500))


def test_inspectors_and_experts_are_stable_by_number(scene: Scene, officers: list[Row]) -> None:
    """A longer registry begins with the shorter one."""
    assert list(inspectors(scene, 30)) == officers[:30]
    assert list(experts(scene, 9)) == list(experts(scene, 40))[:9]


def test_inspectors_cover_every_office_of_the_item_list(scene: Scene) -> None:
    """The smallest registry holds three people of each office and of the lead office."""
    offices = Counter(row["office"] for row in inspectors(scene, 30))
    assert sorted(offices) == sorted({item["责任处室"] for item in items()} | {"综合执法处"})
    assert set(offices.values()) == {3}


def test_each_office_can_always_send_a_team(scene: Scene) -> None:
    """R6.2: two of each office are on duty with a valid certificate and one of them may lead."""
    fit = [row for row in inspectors(scene, 20) if row["status"] == "在岗" and row["valid_to"] >= TODAY]
    assert set(Counter(row["office"] for row in fit).values()) == {2}
    assert set(Counter(row["office"] for row in fit if row["lead"] == "是").values()) == {1}


def test_qualifications_of_an_office_are_its_own_first(officers: list[Row]) -> None:
    """Every person of 民爆行业管理处 is qualified for explosives; all eight qualifications occur."""
    explosives = {row["quals"].split("；")[0] for row in officers if row["office"] == "民爆行业管理处"}
    assert explosives == {"民爆"}
    assert {qual for row in officers for qual in row["quals"].split("；")} == set(QUALS)
    assert sorted(QUALS) == sorted(["民爆", "化工", "无线电", "节能", "网络安全", "电力", "汽车", "消费品"])


def test_inspectors_lead_expire_and_leave_in_proportion(officers: list[Row]) -> None:
    """Two of five may lead; a few certificates have ended, a few people are off duty."""
    assert Counter(row["lead"] for row in officers) == {"是": 200, "否": 300}
    assert sum(row["valid_to"] < TODAY for row in officers) == 24
    assert dict(Counter(row["status"] for row in officers)) == {"在岗": 480, "离岗": 16, "停用": 4}
    assert all(row["valid_from"] < TODAY and row["valid_from"] < row["valid_to"] for row in officers)


def test_people_carry_the_marks(scene: Scene, officers: list[Row]) -> None:
    """Certificates and expert numbers open with the marker, names end in (模拟), all are distinct."""
    specialists = list(experts(scene, 120))
    numbers = [row["cert_no"] for row in officers] + [row["expert_no"] for row in specialists]
    assert {number[:2] for number in numbers} == {"MX"}
    assert len(set(numbers)) == 620
    assert {row["name"][-4:] for row in officers + specialists} == {"(模拟)"}


def test_experts_have_fields_and_terms(scene: Scene) -> None:
    """Fields in turn; a few terms have ended."""
    specialists = list(experts(scene, 120))
    assert Counter(row["quals"].split("；")[0] for row in specialists)["稀土"] == 14
    assert sum(row["valid_to"] < TODAY for row in specialists) == 8


def test_interests_name_people_and_objects_that_exist(scene: Scene) -> None:
    """Both ends are rows of the same registries, no object twice."""
    sizes = sizes_for(4_000)
    declared = list(interests(scene, sizes))
    people = {row["cert_no"] for row in inspectors(scene, sizes.inspectors)}
    people |= {row["expert_no"] for row in experts(scene, sizes.experts)}
    firms = {row["code"] for row in objects(scene, 4_000)}
    assert [row for row in declared if row["person_no"] not in people or row["object_code"] not in firms] == []
    assert len({row["object_code"] for row in declared}) == len(declared) == 20


def test_a_former_post_has_ended(scene: Scene) -> None:
    """曾任职 has a last day in the past; every relation begins before it ends."""
    declared = list(interests(scene, Sizes(objects=5_000, inspectors=50, experts=20, interests=500)))
    assert all(row["until"] and row["until"] < TODAY for row in declared if row["relation"] == "曾任职")
    ended = [(date.fromisoformat(row["since"]), date.fromisoformat(row["until"])) for row in declared if row["until"]]
    assert all(since < until for since, until in ended)
    assert {row["relation"] for row in declared} == {"任职", "持股", "近亲属", "曾任职", "其他"}


@pytest.mark.parametrize(
    ("count", "sizes"),
    [
        (5, Sizes(objects=5, inspectors=30, experts=18, interests=5)),
        (10_000, Sizes(objects=10_000, inspectors=100, experts=20, interests=50)),
        (1_000_000, Sizes(objects=1_000_000, inspectors=500, experts=120, interests=2_000)),
    ],
)
def test_people_grow_with_the_objects_within_bounds(count: int, sizes: Sizes) -> None:
    """From thirty inspectors to five hundred."""
    assert sizes_for(count) == sizes
