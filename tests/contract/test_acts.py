"""Every act that the ledger is told has its Chinese title, and every title its act."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from shuangsui.disclosure.disclosures import ACTS as DISCLOSED
from shuangsui.draws.dispatch_tables import HandoverState
from shuangsui.inspections.policy import MOVES
from shuangsui.ledger.rollback import ACCEPT
from shuangsui.tenancy.tenure import Turn
from shuangsui.texts import act_title, act_titles

PACKAGE = Path(__file__).parents[2] / "platform" / "shuangsui"
ACT = re.compile(r"[a-z_]+\.[a-z_]+")
WRITERS = {"record", "_record", "note", "_note", "_noted", "_recorded", "_move", "_moved", "_decided"}
"""What an act is handed to on its way into the ledger."""
MADE = {
    *(f"task.{step}" for step in MOVES),
    *(f"assignment.{state.value}" for state in (HandoverState.ACCEPTED, HandoverState.HANDED_BACK)),
    *(f"tenure.{turn.value}" for turn in Turn),
    *(f"drawlog.{kind}" for kind in ("plan", "event", "reveal", "result", "replace", "abandon")),
    "exemption.approve", "exemption.decline", "tenure.approve", "tenure.refuse",
    *DISCLOSED.values(), ACCEPT,
}  # fmt: skip
"""Acts whose names are put together, or come from elsewhere."""


def written() -> Iterator[str]:
    """Every act that is handed on as it is, or by the name of a constant of its file."""
    for file in PACKAGE.rglob("*.py"):
        tree = ast.parse(file.read_text("utf-8"))
        named = {ast.unparse(one.targets[0]): one.value for one in tree.body if isinstance(one, ast.Assign)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in WRITERS:
                found = (named.get(ast.unparse(one), one) for one in node.args)
                values = (one.value for one in found if isinstance(one, ast.Constant))
                yield from (one for one in values if isinstance(one, str) and ACT.fullmatch(one))


def test_every_act_has_a_title_and_every_title_its_act() -> None:
    """Nobody reads area.verb on a page."""
    assert {*act_titles()} == {*written(), *MADE}


def test_titles_are_short_and_chinese() -> None:
    """They stand in a column."""
    assert [title for title in act_titles().values() if len(title) > 14 or re.search("[A-Za-z]", title)] == []


def test_act_of_an_earlier_version_is_shown_by_its_name() -> None:
    """Ledgers are older than programs."""
    assert act_title("gone.by") == "gone.by"
