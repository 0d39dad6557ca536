"""Each fence has tests that fail when that fence alone has a hole."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mutants import MUTANTS, NAME

HERE = Path(__file__).parent
FAILED = re.compile(r"^FAILED \S*?::(\w+)", re.MULTILINE)

FIRST = {
    "no_criterion": {
        "test_read_sees_own_rows_only", "test_read_is_scoped_by_the_first_fence_alone",
        "test_statement_that_cannot_be_scoped_is_refused",
    },
    "no_search": {"test_statement_that_cannot_be_scoped_is_refused"},
    "no_refusal": {"test_write_for_another_tenant_is_refused", "test_foreign_object_is_not_taken_in"},
    "no_guard": {"test_statement_without_a_tenants_session_is_refused"},
}  # fmt: skip
"""Holes of the first fence → tests that fail on SQLite, where there is no other."""
SECOND = {
    "no_policy": {"test_read_is_scoped_by_the_second_fence_alone", "test_no_tenant_sees_no_rows"},
    "no_check": {"test_row_for_another_tenant_is_refused"},
    "no_force": {"test_no_tenant_sees_no_rows"},
    "lasting_tenant": {"test_connection_returns_without_a_tenant"},
}
"""Holes of the second → tests that fail on PostgreSQL, although the first one stands."""
FILES = [HERE / f"test_{name}.py" for name in ("reads", "refusals", "bare", "database", "pool")]


def failing(mutant: str, tests: set[str], marks: str) -> set[str]:
    """Which of the tests fail in a process of its own, in which a fence has this hole."""
    chosen = ["-m", marks, "-k", " or ".join(tests), *map(str, FILES)]
    command = [sys.executable, "-m", "pytest", "-q", "-rf", "-p", "mutants", "-p", "no:cacheprovider", *chosen]
    paths = os.pathsep.join([str(HERE.parent / "support"), os.environ.get("PYTHONPATH", "")])
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment |= {NAME: mutant, "PYTHONPATH": paths}
    done = subprocess.run(
        command, env=environment, cwd=HERE.parents[1], capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    return set(FAILED.findall(done.stdout))


def test_every_hole_is_tried():
    """And nothing else is."""
    assert {*FIRST, *SECOND} == set(MUTANTS)


@pytest.mark.parametrize("mutant", FIRST)
def test_hole_in_the_first_fence_is_noticed(mutant: str):
    """Without PostgreSQL, as in the embedded installation."""
    assert failing(mutant, FIRST[mutant], "not postgres") == FIRST[mutant]


@pytest.mark.postgres
@pytest.mark.parametrize("mutant", SECOND)
def test_hole_in_the_second_fence_is_noticed(mutant: str):
    """With the first one up."""
    assert failing(mutant, SECOND[mutant], "postgres") == SECOND[mutant]
