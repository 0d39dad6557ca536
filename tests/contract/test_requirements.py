"""Every requirement of the Measures is proven by a test that carries its number, or says why not."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


def _helper() -> ModuleType:
    """``tests/requirements.py``, which is a command and stands in no package."""
    spec = importlib.util.spec_from_file_location("requirement_table", ROOT / "tests" / "requirements.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules.setdefault(spec.name, importlib.util.module_from_spec(spec))
    spec.loader.exec_module(module)
    return module


table = _helper()
LISTED = table.requirements()
FOUND = table.found_in()
UNTESTED = {r.number for r in LISTED} - set(table.proofs(FOUND))


def test_list_has_every_number_of_the_measures_once_and_in_order() -> None:
    """Eighteen articles, numbered from 1 without a gap; each says something."""
    last = [1, 2, 2, 4, 8, 6, 5, 8, 7, 6, 3, 2, 9, 11, 5, 3, 5, 2]
    assert [r.number for r in LISTED] == [f"R{a}.{n}" for a, end in enumerate(last, 1) for n in range(1, end + 1)]
    assert [r.number for r in LISTED if not r.says] == []


def test_table_is_the_one_that_names_give() -> None:
    """``python tests/requirements.py`` was run after the last test was named."""
    assert table.written(table.README.read_text("utf-8")) == table.table(LISTED, FOUND)


def test_every_number_in_a_name_is_a_requirement() -> None:
    """A slip in a name proves nothing, so it fails."""
    numbers = {r.number for r in LISTED}
    assert [t for t in FOUND if t.is_unreadable or (t.number and t.number not in numbers)] == []


def test_every_requirement_has_a_test_or_says_why_not() -> None:
    """Open ones and those with a reason are exactly the untested: what is proven is crossed off at once."""
    excused = {r.number for r in LISTED if r.reason or r.open}
    assert excused == UNTESTED


def test_only_publication_waits_for_a_reason() -> None:
    """Article 14 may say that it comes next; nothing else is excused."""
    assert {r.number for r in LISTED if r.reason and r.article != 14} == set()
    assert {r.reason for r in LISTED if r.reason} <= {"disclosure, next"}


def test_open_numbers_say_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    """Open and excused are two things; both are printed."""
    with capsys.disabled():
        print()
        for r in LISTED:
            if r.number in UNTESTED:
                print(f"without a test: {r.number} {r.says}: {r.reason or r.missing}")
    assert [r.number for r in LISTED if r.open != bool(r.missing) or (r.open and r.reason)] == []


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def test_r5_4_a(): ...", ["test_r5_4_a"]),
        ("class TestCap:\n    def test_r5_4_a(self): ...\n    async def test_b(self): ...", ["test_r5_4_a", "test_b"]),
        ("def make():\n    def test_r5_4_inner(): ...\ndef helper_test_r5_4(): ...", []),
        ("class Helper:\n    def test_r5_4_a(self): ...", []),
    ],
)
def test_names_are_those_that_pytest_collects(tmp_path: Path, source: str, names: list[str]) -> None:
    """Functions and methods of test classes, nothing that never runs."""
    file = tmp_path / "test_x.py"
    file.write_text(source, "utf-8")
    assert list(table.names(file)) == names


@pytest.mark.parametrize(
    ("name", "number", "unreadable"),
    [
        ("test_r13_5_refusal", "R13.5", False),
        ("test_r13_refusal", None, True),
        ("test_r13_5", None, True),
        ("test_readiness", None, False),
    ],
)
def test_number_is_read_from_the_name(name: str, number: str | None, unreadable: bool) -> None:
    """``test_rAA_N_…``; anything near it is a slip."""
    test = table.Test("x", name)
    assert (test.number, test.is_unreadable) == (number, unreadable)
