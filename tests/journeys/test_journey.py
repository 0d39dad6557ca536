"""``shuangsui journey``: a simulated year of one authority, counted in its database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from command import ROOT, Installation
from shuangsui.cli.year.script import LINES, fates

RUN = "from shuangsui.cli import main; main()"


def start(folder: Path) -> subprocess.Popen[str]:
    """A run in a process of its own, as a person starts it."""
    command = [sys.executable, "-c", RUN, "journey", "--tenant", "chongqing", "--var", str(folder), "--json"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SHUANGSUI_")}
    environment = {**kept, "SHUANGSUI_TENANTS": str(ROOT / "tenants")}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two installations below one folder."""
    return tmp_path_factory.mktemp("journey")


@pytest.fixture(scope="module")
def twins(folder: Path) -> list[dict[str, Any]]:
    """The same year with the same seed, twice."""
    found = []
    for run in [start(folder / name) for name in ("one", "two")]:
        out, err = run.communicate()
        assert run.returncode == 0, err
        found.append(json.loads(out))
    return found


def test_year_has_what_a_year_has(twins: list[dict[str, Any]]) -> None:
    """Four draws, 120 inspections of every mode, recusals, refusals, nobody found, special ones, rectifications."""
    draws = [(row["item"], row["mode"], row["pool"], row["drawn"], row["inspected"]) for row in twins[0]["draws"]]
    assert draws == [
        ("JX-11", "现场检查", 1020, 42, 42),
        ("JX-12", "书面检查", 380, 38, 38),
        ("JX-14", "网络监测", 1000, 22, 22),
        ("JX-16", "其他方式", 1000, 10, 10),
    ]
    assert twins[0]["totals"] == {
        "办结的检查": 120, "双随机抽查": 112, "部门联合双随机抽查": 0, "专项检查": 5, "线索核查": 2, "即时检查": 1,
        "现场检查": 50, "书面检查": 38, "网络监测": 22, "其他方式": 10, "回避申请": 6, "其中同意": 5, "拒绝签字": 3,
        "无法联系": 2, "责令改正": 10, "其中逾期": 2, "公开的结果": 127, "逾期公开": 0,
    }  # fmt: skip


def test_same_seed_draws_the_same(twins: list[dict[str, Any]]) -> None:
    """To the last byte of the public log, whose root is the same."""
    assert twins[0] == twins[1]


def test_ledger_verifies_afterwards(twins: list[dict[str, Any]], folder: Path) -> None:
    """By the command that anybody uses."""
    said = Installation(folder / "one").done("ledger", "verify", "--tenant", "chongqing", "--json").json
    assert said == twins[0]["ledger"]
    assert said["faults"] == []


def test_year_is_played_in_a_folder_of_its_own(twins: list[dict[str, Any]], folder: Path) -> None:
    """Invented data never go into an installation that somebody works with."""
    said = Installation(folder / "other").run("journey", "--tenant", "chongqing", "--var", folder / "one")
    assert (said.status, said.err.split()[1].partition("：")[0]) == (2, "demo_not_empty")


def test_seed_deals_the_fates() -> None:
    """The same for the same seed; another seed deals another order of the same fates."""
    one, other = fates(LINES[0], 42, "a"), fates(LINES[0], 42, "b")
    assert one == fates(LINES[0], 42, "a") != other
    assert sorted(map(repr, one)) == sorted(map(repr, other))
