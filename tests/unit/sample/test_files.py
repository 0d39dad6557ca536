"""The written files: bytes that never change, both formats, nothing half written."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from shuangsui.errors import BadInput
from shuangsui.registry.checking import check_file
from shuangsui.sample.messages import TEXTS
from shuangsui.sample.objects import Row, objects
from shuangsui.sample.registries import OBJECTS, Registry, decided, registries
from shuangsui.sample.scene import Scene
from shuangsui.sample.write import SHEET_ROWS, write_csv, write_xlsx

GOLDEN = {
    "experts": "e3640a94cd31de79",
    "inspectors": "a292cd38dde2be95",
    "interests": "2d854d2c5754a4a7",
    "items": "703bfdf8d96fa508",
    "objects": "069aca7e3428cb18",
}


def test_files_of_a_scene_never_change(scene: Scene, tmp_path: Path) -> None:
    """The same scene gives the same bytes on every machine and Python."""
    for registry in registries(scene, 200):
        write_csv(tmp_path / f"{registry.name}.csv", registry)
    assert {path.stem: sha256(path.read_bytes()).hexdigest()[:16] for path in tmp_path.iterdir()} == GOLDEN


def test_decisions_of_a_scene_never_change_and_are_taken_as_they_are(scene: Scene, tmp_path: Path) -> None:
    """Each on an object of its own, none with a remark on any cell."""
    write_csv(tmp_path / "decisions.csv", decided(scene, 1000))
    assert sha256((tmp_path / "decisions.csv").read_bytes()).hexdigest()[:16] == "027b6cce0c99a1be"
    checked = check_file(tmp_path / "decisions.csv", "decisions")
    assert (checked.rows, checked.errors, checked.warnings, checked.notes) == (20, [], [], [])
    rows = decided(scene, 1000).rows
    assert len({row["object_code"] for row in rows} & {row["code"] for row in objects(scene, 1000)}) == 20


def test_csv_is_rfc_4180_with_byte_order_mark(tmp_path: Path) -> None:
    """UTF-8 with BOM, CRLF, quotes doubled, Chinese headers."""
    rows = [{"a": '说"是"', "b": "一,二"}]
    write_csv(tmp_path / "x.csv", Registry("x", "试", {"a": "甲", "b": "乙"}, 1, rows))
    assert (tmp_path / "x.csv").read_bytes() == '\ufeff甲,乙\r\n"说""是""","一,二"\r\n'.encode()


def test_xlsx_holds_the_same_cells_as_csv(scene: Scene, tmp_path: Path) -> None:
    """Codes stay text in a spreadsheet."""
    for writer, name in ((write_csv, "o.csv"), (write_xlsx, "o.xlsx")):
        writer(tmp_path / name, registries(scene, 50)[0])
    sheet = CalamineWorkbook.from_path(tmp_path / "o.xlsx").get_sheet_by_index(0).to_python()
    assert sheet == list(csv.reader((tmp_path / "o.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert sheet[0] == list(OBJECTS.values())


def test_xlsx_refuses_more_rows_than_a_worksheet_has(scene: Scene, tmp_path: Path) -> None:
    """The refusal comes before any row is made and leaves no file."""
    registry = replace(registries(scene, 1)[0], total=SHEET_ROWS + 1)
    with pytest.raises(BadInput) as refused:
        write_xlsx(tmp_path / "o.xlsx", registry)
    assert TEXTS[refused.value.code].format(**refused.value.params) == (
        "一张 xlsx 工作表最多容纳 1048575 行数据：请减少 --objects，或改用 --format csv。"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("writer", [write_csv, write_xlsx])
def test_an_interrupted_file_leaves_the_old_one(scene: Scene, tmp_path: Path, writer: object) -> None:
    """A file is complete or as it was."""

    def broken() -> Iterator[Row]:
        yield {"a": "1"}
        raise KeyboardInterrupt

    (tmp_path / "x").write_text("old")
    with pytest.raises(KeyboardInterrupt):
        writer(tmp_path / "x", Registry("x", "试", {"a": "甲"}, 2, broken()))
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"x": "old"}
