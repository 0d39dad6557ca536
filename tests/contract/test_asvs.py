"""``tests/asvs.csv``: OWASP ASVS 5.0.0, levels 1 and 2; each line has a test, says why it does not apply, or is open.

Identifiers and levels are the standard's own, the few words are ours. https://github.com/OWASP/ASVS
"""

from __future__ import annotations

import ast
import csv
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from shuangsui.access import signin, throttle

ROOT = Path(__file__).parents[2]
with (ROOT / "tests" / "asvs.csv").open(encoding="utf-8", newline="") as file:
    LINES = list(csv.DictReader(file))
STATES = ("test", "not applicable", "gap")
LEVELS = {"1": 70, "2": 183}
"""How many requirements the standard has; the 92 of level 3 are not asked for."""
CHAPTERS = 17
WAYS_IN = ROOT / "platform" / "decisions" / "0023-ways-in.md"
WRITTEN = ROOT / "platform" / "decisions" / "0028-operations-of-an-installation.md"


@cache
def names(path: Path) -> frozenset[str]:
    """Every test that pytest would collect from a file."""
    tree = ast.parse(path.read_text("utf-8")) if path.is_file() else ast.Module([], [])
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in tree.body if isinstance(node, kinds) and node.name.startswith("test_"))


def missing(evidence: str) -> list[str]:
    """Of the tests that a line names, those that do not exist."""
    pairs = [one.partition("::") for one in evidence.split()]
    return [f"{file}::{name}" for file, _, name in pairs if name not in names(ROOT / file)]


def test_table_has_every_requirement_of_both_levels_once_and_in_order() -> None:
    """V1.1.1 to V17.3.2."""
    numbers = [tuple(map(int, line["id"].removeprefix("V").split("."))) for line in LINES]
    assert all(re.fullmatch(r"V\d+\.\d+\.\d+", line["id"]) for line in LINES)
    assert numbers == sorted(set(numbers))
    assert {number[0] for number in numbers} == set(range(1, CHAPTERS + 1))
    assert Counter(line["level"] for line in LINES) == LEVELS


def test_every_line_says_what_it_is_about_and_how_it_stands() -> None:
    """No line without a test, a reason or a gap."""
    assert [line["id"] for line in LINES if line["state"] not in STATES or not all(line.values())] == []


def test_every_test_that_is_named_exists() -> None:
    """A test that was renamed proves nothing any more."""
    assert {line["id"]: gone for line in LINES if line["state"] == "test" and (gone := missing(line["evidence"]))} == {}


@pytest.mark.parametrize(
    "evidence", ["tests/contract/test_asvs.py::test_nothing", "tests/nowhere.py::test_x", "tests/contract/test_asvs.py"]
)
def test_a_test_that_does_not_exist_is_found(evidence: str) -> None:
    """Neither a wrong name nor a whole file will do."""
    assert missing(evidence) != []


def test_gaps_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """What is open stands in every report, by name."""
    counts = Counter(line["state"] for line in LINES)
    with capsys.disabled():
        print(f"\nASVS 5.0.0 level 2: {len(LINES)} lines, " + ", ".join(f"{counts[one]} {one}" for one in STATES))
        for line in LINES:
            if line["state"] == "gap":
                print(f"open: {line['id']} {line['subject']}: {line['evidence']}")
    assert sum(counts.values()) == sum(LEVELS.values())


def test_limits_of_failures_are_those_that_are_written_down() -> None:
    """V6.1.1: how many, for how long, and what is left to whoever is kept out by somebody else's failures."""
    text = " ".join(WAYS_IN.read_text("utf-8").split())
    assert f"Failures count per login ({throttle.FAILURES}) and per address ({throttle.FROM_ONE_ADDRESS}," in text
    assert (throttle.WINDOW.total_seconds(), "for a quarter of an hour" in text) == (900, True)
    assert "Whoever fails on purpose keeps somebody else out" in text


def test_limits_of_sessions_are_those_that_are_written_down() -> None:
    """The decision says the same as the code; V7.1 wants them documented."""
    text = WRITTEN.read_text("utf-8")
    minutes, hours = signin.IDLE.total_seconds() / 60, signin.LONGEST.total_seconds() / 3600
    assert f"{minutes:.0f} minutes without use" in text
    assert f"{hours:.0f} hours however busy" in text
    said = " ".join(text.split())
    assert "any number of sessions beside each other" in said
    assert "by an authority's own sign-in server has the same limits" in said
