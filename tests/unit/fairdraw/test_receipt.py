"""srd-1 section 13: one company checks itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import transcripts
from fairdraw import plan as plans
from fairdraw import receipt, snapshot
from fairdraw.canonical import canon, parse
from fairdraw.failures import Failure
from fairdraw.plan import Plan

Json = dict[str, Any]


def example(number: int) -> tuple[Plan, Json]:
    """The plan and one receipt of v2 (one tile, salted) or v7 (three tiles, public)."""
    files = transcripts.vector_files(number)
    return plans.read(files["plan.json"]), parse(files["receipt-1.json"])


def code_of(plan: Plan, value: Json) -> str:
    try:
        receipt.read(canon(value), plan)
    except Failure as failure:
        return failure.code
    return ""


@pytest.mark.parametrize("number", [2, 7])
def test_13_receipt_of_the_vectors_is_valid(number: int) -> None:
    """One tile without a path, three tiles with one."""
    plan, value = example(number)
    assert receipt.read(canon(value), plan).id == value["id"]
    assert len(value["path"]) == (0 if number == 2 else 2)


@pytest.mark.parametrize("n", [1, 256, 257, 600, 1025])
@pytest.mark.parametrize("key", [None, bytes(32)], ids=["public", "salted"])
def test_13_every_tile_position_builds_and_reads(n: int, key: bytes | None) -> None:
    """First and last row of each tile."""
    records = [snapshot.Record(f"id{i}", "A", 1, "-") for i in range(n)]
    made = snapshot.freeze(records, key, "sha256")
    members = {"v": "srd-1", "suite": "sha256", "mode": "salted" if key else "public", "snapshot": made.summary}
    plan, rows = Plan(b"", members, bytes(32)), snapshot.read(made.rows, members)
    for index in {i for tile in range(0, n, 256) for i in (tile, min(tile + 255, n - 1))}:
        data = receipt.build(made.ids[index], key, plan, rows)
        assert receipt.read(data, plan).id == made.ids[index]
        assert parse(data)["index"] == index


def test_13_object_without_a_row_has_no_receipt() -> None:
    """RECEIPT_ROW."""
    example_ = transcripts.plain()
    rows = snapshot.read(example_.made.frozen.rows, example_.made.plan.members)
    with pytest.raises(Failure) as failure:
        receipt.build("不在名录", example_.made.key, example_.made.plan, rows)
    assert failure.value.code == "RECEIPT_ROW"


def put(member: str, value: Any) -> Callable[[Json], object]:
    return lambda r: r.__setitem__(member, value)


FIELD: dict[str, Callable[[Json], object]] = {
    "member missing": lambda r: r.pop("path"),
    "member too many": put("x", 1),
    "version": put("v", "srd-2"),
    "plan hash": put("plan_hash", "0" * 64),
    "plan hash null": put("plan_hash", None),
    "id empty": put("id", ""),
    "id number": put("id", 1),
    "salt empty": put("salt", ""),
    "salt short": put("salt", "0" * 31),
    "salt capital": put("salt", "A" * 32),
    "salt null": put("salt", None),
    "index negative": put("index", -1),
    "index n": put("index", 20),
    "index huge": put("index", 2**53 - 1),
    "index true": put("index", True),
    "index string": put("index", "0"),
    "tile string": put("tile", ""),
    "tile object": put("tile", {}),
    "tile of numbers": put("tile", [1]),
    "tile of nulls": lambda r: r.update(tile=[None] * len(r["tile"])),
    "path null": put("path", None),
    "path node short": put("path", ["0" * 63]),
    "path node number": put("path", [0]),
}


@pytest.mark.parametrize("edit", FIELD.values(), ids=list(FIELD))
def test_13_wrong_members_are_receipt_field(edit: Callable[[Json], object]) -> None:
    """Types before anything is computed."""
    plan, value = example(2)
    edit(value)
    assert code_of(plan, value) == "RECEIPT_FIELD"


@pytest.mark.parametrize("value", [None, [], 1, "receipt", {}], ids=repr)
def test_13_receipt_that_is_none_is_receipt_field(value: Any) -> None:
    """Any JSON value."""
    assert code_of(example(2)[0], value) == "RECEIPT_FIELD"


def test_13_receipt_of_the_other_mode_is_receipt_field() -> None:
    """A salt in public mode."""
    plan, value = example(7)
    assert code_of(plan, value | {"salt": "0" * 32}) == "RECEIPT_FIELD"


def test_13_wrong_number_of_rows_is_receipt_tile() -> None:
    """256, or the rest in the last tile."""
    plan, value = example(7)
    assert value["index"] // 256 < 2
    for tile in (value["tile"][:-1], [*value["tile"], value["tile"][0]], []):
        assert code_of(plan, value | {"tile": tile}) == "RECEIPT_TILE"
    assert code_of(plan, value | {"index": 599}) == "RECEIPT_TILE"


def test_13_another_row_is_receipt_row() -> None:
    """Another index, another id, another salt."""
    plan, value = example(2)
    assert code_of(plan, value | {"index": (value["index"] + 1) % 10}) == "RECEIPT_ROW"
    assert code_of(plan, value | {"id": value["id"] + "x"}) == "RECEIPT_ROW"
    assert code_of(plan, value | {"salt": "0" * 32}) == "RECEIPT_ROW"


def test_13_changed_tile_or_path_is_receipt_path() -> None:
    """Weight and status of the own row are bound, and every other row."""
    plan, value = example(7)
    own, other = value["index"] % 256, (value["index"] + 1) % 256
    for at in (own, other):
        tile = list(value["tile"])
        tile[at] = tile[at][:-1] + "X9"
        assert code_of(plan, value | {"tile": tile}) == "RECEIPT_PATH"
    for path in ([], value["path"][:-1], value["path"][::-1], [*value["path"], "0" * 64], ["0" * 64] * 5000):
        assert code_of(plan, value | {"path": path}) == "RECEIPT_PATH"


def test_13_row_of_another_tile_is_receipt_path() -> None:
    """The same place of the neighbouring tile with its own path."""
    files = transcripts.vector_files(7)
    plan, value = example(7)
    other = parse(files["receipt-2.json"])
    assert code_of(plan, other) == ""
    assert code_of(plan, value | {"index": (value["index"] + 256) % 512}) == "RECEIPT_PATH"


def test_13_receipt_must_be_canonical() -> None:
    """As every JSON file."""
    plan, value = example(2)
    with pytest.raises(Failure) as failure:
        receipt.read(canon(value) + b"\n", plan)
    assert failure.value.code == "NOT_CANONICAL"
