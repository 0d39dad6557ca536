"""``tenant new``: two files that are valid as they are, or nothing at all."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from shuangsui.errors import BadInput, Misconfigured, NotFound
from shuangsui.tenancy import founding, tree
from shuangsui.tenancy.founding import Founded

ROOT = Path(__file__).parents[3]
NEW = Founded("xinqu", '新区"经信委"', "新区", "chongqing", 2026, "500199", "新区")


@pytest.fixture
def tenants(tmp_path: Path) -> Path:
    """A copy of the tenants of this repository."""
    return Path(shutil.copytree(ROOT / "tenants", tmp_path / "tenants"))


def test_new_authority_inherits_what_it_does_not_say(tenants: Path) -> None:
    """Plugins and packs of its parent; its own code, name, area and witness."""
    files = founding.found(tenants, tree.load(tenants), NEW)
    made = tree.load(tenants).get("xinqu")
    assert [path.name for path in files] == ["tenant.toml", "rules.toml"]
    assert (made.name, made.parent, made.witnesses, made.area_on(2026).code) == (
        NEW.name, "chongqing", ("chongqing",), "500199",
    )  # fmt: skip
    assert made.plugins == tree.load(tenants).get("chongqing").plugins


def test_zone_without_an_area_code(tenants: Path) -> None:
    """Development zones have none."""
    founding.found(tenants, tree.load(tenants), Founded("kaifaqu", "开发区", "开发区", "chongqing", 2026))
    assert tree.load(tenants).get("kaifaqu").areas == ()


@pytest.mark.parametrize(
    ("new", "error"),
    [
        (Founded("yuzhong", "甲", "甲", "chongqing", 2026), BadInput),
        (Founded("a", "甲", "甲", "chongqing", 2026), Misconfigured),
        (Founded("console", "甲", "甲", "chongqing", 2026), Misconfigured),
        (Founded("xinqu", "", "甲", "chongqing", 2026), Misconfigured),
        (Founded("xinqu", "甲", "甲", "chongqing", 2026, "5001", "甲"), Misconfigured),
        (Founded("xinqu", "甲", "甲", "chongqing", 2026, "500103", "甲"), Misconfigured),
        (Founded("xinqu", "甲", "甲", "nowhere", 2026), NotFound),
    ],
)
def test_what_is_wrong_leaves_nothing_behind(tenants: Path, new: Founded, error: type[Exception]) -> None:
    """A code that is taken, too short or ours; no name; an area that is none or another's; no such parent."""
    before = sorted(tenants.rglob("*"))
    with pytest.raises(error):
        founding.found(tenants, tree.load(tenants), new)
    assert sorted(tenants.rglob("*")) == before
