"""``task result-codes`` and ``task submit --code`` of an authority that has this plugin."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from command import ROOT, Installation

T = ("--tenant", "chongqing")


@pytest.fixture
def here(tmp_path: Path) -> Installation:
    """An embedded installation whose authority has the plugin with one code of its own."""
    tenants = tmp_path / "tenants"
    shutil.copytree(ROOT / "tenants", tenants)
    file = tenants / "chongqing" / "tenant.toml"
    text = file.read_text("utf-8").replace('"channel-portal"', '"channel-portal", "results-market"')
    file.write_text(text + '\n[options.results-market]\nown = ["NH-1|pending|台账不全|能耗台账不全"]\n', "utf-8")
    return Installation(tmp_path / "var", tenants)


def test_codes_are_listed_below_their_categories(here: Installation) -> None:
    """Thirteen categories, five common codes, and the own one."""
    found = here.done("task", "result-codes", *T, "--json").json
    below = [(one["code"], one["parent"]) for one in found if one["parent"]]
    assert len(found) == 19
    assert below == [*((f"GSXT-{code}", "pending") for code in "D345G"), ("NH-1", "pending")]
    assert "能耗" not in here.done("task", "result-codes", *T).out


def test_unknown_code_is_refused_before_anything_else(here: Installation) -> None:
    """One sentence with the known codes, exit status 2."""
    options = ("--as", "x", "--leader", "x", "--category", "pending", "--code", "NH-2")
    said = here.run("task", "submit", "RW2026-0001", *T, *options)
    assert (said.status, said.err.startswith("未办理 result_code_unknown：没有部门结果代码 NH-2：")) == (2, True)
