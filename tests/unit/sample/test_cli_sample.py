"""``shuangsui sample``: tenants become scenes, files land where the help says."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from shuangsui.cli.sample import sample, scene_of
from shuangsui.sample.scene import District
from shuangsui.tenancy import tree

ROOT = """
slug = "shancheng"
name = "山城市经济和信息化委员会"
short = "山城市经济信息委"
plugins = []
log_domain = "shancheng.example"
portal_title = "{short}双随机公示"
[[areas]]
code = "500000"
name = "山城市"
valid_from = 1997
"""

DISTRICT = """
slug = "{slug}"
name = "山城市{short}"
short = "{short}"
"""

AREA = """
[[areas]]
code = "{code}"
name = "{name}"
valid_from = 1997
"""


@pytest.fixture
def tenants(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tree.Tree:
    """A city with 东区, the zone 科学城区 that has no code, and 旧区, abolished in 2025."""
    root = tmp_path / "tenants" / "shancheng"
    files = {
        root: ROOT,
        root / "districts" / "dongqu": DISTRICT.format(slug="dongqu", short="东区经信委")
        + AREA.format(code="500101", name="东区"),
        root / "districts" / "jiuqu": DISTRICT.format(slug="jiuqu", short="旧区经信委")
        + AREA.format(code="500105", name="旧区")
        + "valid_to = 2025\n",
        root / "districts" / "kexue": DISTRICT.format(slug="kexue", short="科学城区管委会"),
    }
    for folder, text in files.items():
        folder.mkdir(parents=True)
        (folder / "tenant.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("SHUANGSUI_TENANTS", str(tmp_path / "tenants"))
    monkeypatch.setenv("SHUANGSUI_VAR", str(tmp_path / "var"))
    return tree.load(tmp_path / "tenants")


def run(*arguments: str) -> dict[str, object]:
    """The JSON document of a run that succeeds."""
    app = typer.Typer()
    app.command()(sample)
    result = CliRunner().invoke(app, [*arguments, "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def objects_of(folder: Path) -> list[dict[str, str]]:
    """The rows of the objects' file."""
    with (folder / "objects.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_scene_of_the_city_has_its_present_districts(tenants: tree.Tree) -> None:
    """A zone without a code registers with the city; an abolished district has no objects."""
    scene = scene_of(tenants, "shancheng", 7, date(2026, 11, 1))
    assert (scene.seed, scene.city, scene.area) == ("shancheng:7", "山城市", "500000")
    assert scene.districts == (District("东区", "500101"), District("科学城区", "500000"))


def test_scene_of_a_district_is_that_district(tenants: tree.Tree) -> None:
    """A district commission sees itself only, in its city."""
    scene = scene_of(tenants, "dongqu", 7, date(2026, 11, 1))
    assert (scene.city, scene.districts) == ("山城市", (District("东区", "500101"),))


def test_sample_writes_every_file_to_the_default_folder(tenants: tree.Tree, tmp_path: Path) -> None:
    """DIR is $SHUANGSUI_VAR/sample/<tenant>-<N>-<seed>; the counts are reported."""
    report = run("--tenant", "dongqu", "--objects", "120", "--seed", "7")
    folder = tmp_path / "var" / "sample" / "dongqu-120-7"
    assert report["folder"] == str(folder)
    assert {line["registry"]: line["rows"] for line in report["files"]} == {
        "objects": 120, "inspectors": 30, "experts": 18, "interests": 20, "items": 16, "forms": 62,
        "form-attachments": 16, "decisions": 2,
    }  # fmt: skip
    assert sorted(path.name for path in folder.iterdir()) == [
        "decisions.csv", "experts.csv", "form-attachments.csv", "forms.csv", "inspectors.csv", "interests.csv",
        "items.csv", "objects.csv",
    ]  # fmt: skip
    assert {row["区县"] for row in objects_of(folder)} == {"东区"}


def test_sample_twice_is_the_same_and_another_seed_is_not(tenants: tree.Tree, tmp_path: Path) -> None:
    """Same tenant, number and seed: the same bytes."""
    for folder, seed in (("a", "7"), ("b", "7"), ("c", "8")):
        run("--tenant", "shancheng", "--objects", "60", "--seed", seed, "--out", str(tmp_path / folder))
    first, again, other = ((tmp_path / folder / "objects.csv").read_bytes() for folder in "abc")
    assert (first == again, first == other) == (True, False)


def test_sample_writes_spreadsheets(tenants: tree.Tree, tmp_path: Path) -> None:
    """``--format xlsx`` writes all of them as xlsx."""
    run("--tenant", "kexue", "--objects", "10", "--out", str(tmp_path / "x"), "--format", "xlsx")
    assert sorted(path.name for path in (tmp_path / "x").iterdir()) == [
        "decisions.xlsx", "experts.xlsx", "form-attachments.xlsx", "forms.xlsx", "inspectors.xlsx", "interests.xlsx",
        "items.xlsx", "objects.xlsx",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "arguments",
    [("--objects", "0"), ("--objects", "10000001"), ("--today", "2026-02-30"), ("--format", "pdf")],
)
def test_sample_refuses_bad_usage(tenants: tree.Tree, tmp_path: Path, arguments: tuple[str, str]) -> None:
    """Exit status 2, nothing written."""
    app = typer.Typer()
    app.command()(sample)
    assert CliRunner().invoke(app, ["--tenant", "dongqu", *arguments]).exit_code == 2
    assert not (tmp_path / "var").exists()
