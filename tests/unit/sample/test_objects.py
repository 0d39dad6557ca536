"""The registry of objects: valid marked codes, stable rows, the proportions it promises."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import islice

import pytest

from shuangsui.registry.uscc import check_code
from shuangsui.sample.codes import registration_number, uscc
from shuangsui.sample.objects import Row, object_maker, objects
from shuangsui.sample.registries import items
from shuangsui.sample.scene import Scene, authority_shares
from shuangsui.sample.words import SECTORS


@pytest.fixture(scope="module")
def rows(scene: Scene) -> list[Row]:
    """Ten thousand objects."""
    return list(objects(scene, 10_000))


def test_objects_of_a_longer_registry_begin_with_the_shorter(scene: Scene, rows: list[Row]) -> None:
    """Row i depends on the scene and i alone."""
    assert list(objects(scene, 300)) == rows[:300]
    assert object_maker(scene)(9_876) == rows[9_876]


def test_objects_of_another_seed_are_other_firms(scene: Scene, rows: list[Row]) -> None:
    """Two authorities or seeds share no code."""
    other = {row["code"] for row in objects(replace(scene, seed="shancheng:8"), 10_000)}
    assert other & {row["code"] for row in rows} == set()


def test_codes_pass_every_check_without_a_warning(rows: list[Row]) -> None:
    """Data standards 1.3, 1.4 and 1.9: characters, organisation check, check character, area."""
    assert [check for row in rows if (check := check_code(row["code"])).error or check.warnings] == []


def test_codes_are_unique(rows: list[Row]) -> None:
    """No two objects share a code."""
    assert len({row["code"] for row in rows}) == 10_000


def test_codes_scatter_without_collision_up_to_ten_million() -> None:
    """The serial is a bijection of more than 10^7 numbers: far rows differ from near ones."""
    numbers = [*range(3_000), *range(10**7 - 3_000, 10**7)]
    assert len({uscc("s", "1", "500000", number)[8:16] for number in numbers}) == 6_000
    assert len({registration_number("s", "500000", number) for number in numbers}) == 6_000


def test_codes_carry_the_marker_and_names_end_in_simulated(rows: list[Row]) -> None:
    """Data standards 1.8: nobody takes a row for a real firm."""
    assert {row["code"][8:10] for row in rows if len(row["code"]) == 18} == {"MX"}
    assert {row["name"][-4:] for row in rows} == {"(模拟)"}


def test_shops_are_registered_as_individual_businesses(rows: list[Row]) -> None:
    """Category 2 and the old 15-digit number belong to 个体工商户 only."""
    kinds = Counter((row["code"][1] if len(row["code"]) == 18 else "15", "个体工商户" in row["name"]) for row in rows)
    assert dict(kinds) == {("1", False): 9891, ("2", True): 68, ("15", True): 41}


def test_every_thousand_rows_hold_each_trade_by_its_share(rows: list[Row]) -> None:
    """Sectors come exactly as often as ``sectors.csv`` says while licensed trades last."""
    expected = Counter(sector.industry for sector in SECTORS)
    assert Counter(row["industry"] for row in rows[:1000]) == expected
    assert Counter(row["industry"] for row in rows[4_321:5_321]) == expected


def test_licensed_trades_end_after_a_few_dozen(scene: Scene) -> None:
    """A city has some twenty makers of explosives, however long its registry is."""
    licensed = Counter(row["industry"] for row in islice(objects(scene, 24_000), 24_000))
    assert {code: licensed[code] for code in ("C2671", "C3232", "D4420")} == {"C2671": 20, "C3232": 20, "D4420": 60}


def test_every_item_has_objects_from_a_thousand_rows_on(rows: list[Row]) -> None:
    """R6.1: each object belongs to at least one item of the list, and no item is empty."""
    counts = Counter(code for row in rows[:1000] for code in row["items"].split("；"))
    assert sorted(counts) == [item["编号"] for item in items()]


def test_every_item_is_certain_in_some_trade() -> None:
    """No seed can leave an item empty: each has a trade whose firms all belong to it."""
    certain = {code for sector in SECTORS for code, share in sector.items if share == 1000}
    assert sorted(certain) == [item["编号"] for item in items()]


def test_risk_classes_statuses_and_flags_have_their_shares(rows: list[Row]) -> None:
    """A 45 %, B 35 %, C 15 %, D 4 %, none 1 %; 2 % not in business; about 3 % with a record."""
    classes = Counter(row["risk_class"] for row in rows)
    assert dict(classes) == {"A": 4406, "B": 3567, "C": 1514, "D": 409, "": 104}
    statuses = Counter(row["status"] for row in rows)
    assert dict(statuses) == {"存续": 9821, "注销": 98, "吊销": 30, "撤销": 8, "迁出": 43}
    assert sum(bool(row["flags"]) for row in rows) == 292


def test_flags_have_kind_source_and_dates(rows: list[Row]) -> None:
    """R10.5: every record has source and date; some have expired on the reference day, some are open."""
    flags = [entry.split("|") for row in rows if row["flags"] for entry in row["flags"].split("；")]
    assert {kind for kind, *_ in flags} == {"投诉举报多", "经营异常名录", "不良信用记录", "行政处罚"}
    assert all(source and date.fromisoformat(since) < date(2026, 11, 1) for _, source, since, _ in flags)
    states = Counter("open" if not until else "expired" if until < "2026-11-01" else "counts" for *_, until in flags)
    assert dict(states) == {"counts": 167, "open": 93, "expired": 84}


def test_districts_are_as_uneven_as_real_authorities(scene: Scene, rows: list[Row]) -> None:
    """Ten districts take the shares at the ten mid-quantiles of the 111 authorities."""
    shares = [authority_shares()[(2 * rank + 1) * 111 // 20] for rank in range(10)]
    sizes = [count for _, count in Counter(row["district"] for row in rows).most_common()]
    assert [size / 10_000 for size in sizes] == pytest.approx([share / sum(shares) for share in shares], abs=0.01)


def test_the_order_of_districts_does_not_matter(scene: Scene) -> None:
    """The same seed makes the same district large."""
    turned = replace(scene, districts=scene.districts[::-1])
    assert list(objects(turned, 50)) == list(objects(scene, 50))


def test_addresses_begin_with_city_and_district(rows: list[Row]) -> None:
    """An address says where the object lies; the code may say otherwise (data standards 1.7)."""
    assert all(row["address"].startswith(f"山城市{row['district']}") for row in rows)
    assert sum(row["code"][2:8] == "500000" for row in rows if len(row["code"]) == 18) == 1213
