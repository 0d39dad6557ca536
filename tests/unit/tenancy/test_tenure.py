"""What a state leaves an authority: every official act of the product, found in its code, is on one side."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest

from fairdraw.log import KINDS
from shuangsui.draws.dispatch_tables import HandoverState
from shuangsui.inspections.policy import MOVES
from shuangsui.tenancy.tenure import BEGINS, CARRIES_ON, FINISHES, KEEPS, Tenure, Turn, refuses, tenure_on

ROOT = Path(__file__).parents[3]
FILES = sorted([*(ROOT / "platform" / "shuangsui").rglob("*.py"), *ROOT.glob("plugins/*/src/**/*.py")])
ACT = re.compile(r"[a-z]+\.[a-z_]+")
ANSWERS = [state.value for state in HandoverState if state is not HandoverState.SENT]
SPOKEN = {
    "task.{step}": [f"task.{step}" for step in MOVES],
    "exemption.{act}": ["exemption.approve", "exemption.decline"],
    "assignment.{state.value}": ["assignment.accepted", "assignment.handed_back"],
    "dispatch.{row.state.value}": [f"dispatch.{state}" for state in ANSWERS],
    "drawlog.{kind.lower()}": [f"drawlog.{kind.lower()}" for kind in KINDS],
    "tenure.{turn.value}": [f"tenure.{turn.value}" for turn in Turn],
}
"""Names of acts that are put together when they are done."""


def acts_of(file: Path) -> Iterator[str]:
    """The names under which a file records acts."""
    tree = ast.parse(file.read_text("utf-8"))
    names = set(recorders(tree))
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call) and len(node.args) > 1):
        said = ast.unparse(call.func)
        if said in names:
            yield from named(call.args[1], tree)


def recorders(tree: ast.Module) -> Iterator[str]:
    """What the ledger's ``record`` is called in a file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "shuangsui.ledger.service":
            yield from (alias.asname or alias.name for alias in node.names if alias.name == "record")
        if isinstance(node, ast.ImportFrom) and node.module == "shuangsui.ledger":
            yield from (f"{alias.asname or alias.name}.record" for alias in node.names if alias.name == "service")
        if isinstance(node, ast.FunctionDef) and node.name == "record" and "act" in [a.arg for a in node.args.args]:
            yield "record"


def named(said: ast.expr, tree: ast.Module) -> Iterator[str]:
    """A name as it stands, one put together, or each that the file hands to a function of its own."""
    if isinstance(said, ast.Constant):
        yield str(said.value)
    elif isinstance(said, ast.JoinedStr):
        yield from SPOKEN[ast.unparse(said)[2:-1]]
    else:
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and ACT.fullmatch(node.value):
                yield from [node.value] if node.value in CLASSED or is_new(node, tree) else []
            elif isinstance(node, ast.JoinedStr):
                yield from SPOKEN.get(ast.unparse(node)[2:-1], [])


def is_new(node: ast.Constant, tree: ast.Module) -> bool:
    """Whether somebody hands over the name of an act: an argument of a function of the file, or a table of acts."""
    own = {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}
    calls = [one for one in ast.walk(tree) if isinstance(one, ast.Call) and ast.unparse(one.func) in own]
    tables = [one.value for one in tree.body if isinstance(one, ast.Assign) and isinstance(one.value, ast.Dict)]
    return any(node in call.args for call in calls) or any(node in table.values for table in tables)


CLASSED = BEGINS | CARRIES_ON | FINISHES | KEEPS


def test_every_act_is_classified():
    """A new one has to say whether an authority that is suspended or merged away may still do it."""
    found = {act for file in FILES for act in acts_of(file)}
    assert found == CLASSED


def test_no_act_is_on_two_sides():
    """Nor on none."""
    assert [a & b for a, b in combinations((BEGINS, CARRIES_ON, FINISHES, KEEPS), 2) if a & b] == []


@pytest.mark.parametrize("act", sorted(CLASSED | {"vendor.new_thing"}))
def test_what_begins_is_refused_and_what_finishes_is_not(act: str):
    """An act that nobody has classified begins something."""
    begins, carries = act in BEGINS or act not in CLASSED, act in CARRIES_ON
    refused = [refuses(tenure, act) for tenure in (Tenure.ACTIVE, Tenure.SUSPENDED, Tenure.CLOSING)]
    assert refused == [False, begins or carries, begins]


@dataclass(frozen=True)
class Change:
    """One decision."""

    turn: Turn
    since: date


DAY = date(2025, 11, 6)


@pytest.mark.parametrize(
    ("changes", "tenure"),
    [
        ([], Tenure.ACTIVE),
        ([Change(Turn.SUSPEND, DAY)], Tenure.SUSPENDED),
        ([Change(Turn.SUSPEND, date(2025, 11, 7))], Tenure.ACTIVE),
        ([Change(Turn.SUSPEND, date(2025, 9, 1)), Change(Turn.RESUME, DAY)], Tenure.ACTIVE),
        ([Change(Turn.SUSPEND, DAY), Change(Turn.RESUME, DAY)], Tenure.ACTIVE),
        ([Change(Turn.CLOSE, DAY), Change(Turn.RESUME, DAY)], Tenure.CLOSING),
        ([Change(Turn.CLOSE, date(2025, 11, 7)), Change(Turn.SUSPEND, DAY)], Tenure.SUSPENDED),
        ([Change(Turn.SUCCEED, DAY)], Tenure.ACTIVE),
    ],
)
def test_state_of_a_day(changes: list[Change], tenure: Tenure):
    """The first day counts; closing is for ever."""
    assert tenure_on(changes, DAY) is tenure
