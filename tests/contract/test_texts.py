"""Every error code has its Chinese sentence, and every sentence its code."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from shuangsui.cli import app
from shuangsui.texts import catalogue

PACKAGE = Path(__file__).parents[2] / "platform" / "shuangsui"
CELL_READERS = ("values.py", "pipeline.py")
"""Refuse a cell's text; the column is added by whoever called them."""
OPTION = re.compile(r"--[a-z]|shuangsui [a-z]|fairdraw\.[a-z]")
SHELL = {"database_not_migrated", "demo_not_empty", "doctor_ledger", "sample_sheet_full"}
"""Only who has a shell can meet these, and nothing else helps."""
ERRORS = {"RuleRefused", "NotAllowed", "BadInput", "NotFound", "Misconfigured", "OutsideFailed"}


def raised() -> Iterator[tuple[str, set[str] | None, str]]:
    """Code, names of its parameters (None where they are passed on as a mapping), and place of every error made."""
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ERRORS and node.args:
                code = node.args[0]
                if isinstance(code, ast.Constant):
                    names = {k.arg for k in node.keywords}
                    given = None if None in names else {str(name) for name in names}
                    yield str(code.value), given, f"{file.name}:{node.lineno}"


def test_every_code_has_a_sentence() -> None:
    """A person never sees a bare code."""
    texts = catalogue()
    assert sorted({(code, place) for code, _, place in raised() if code not in texts}) == []


def test_sentences_use_only_parameters_that_are_given() -> None:
    """A placeholder without its parameter would crash while telling somebody what is wrong."""
    texts, wrong = catalogue(), []
    for code, given, place in raised():
        needed = {name.split(".")[0] for _, name, _, _ in string.Formatter().parse(texts.get(code, "")) if name}
        if place.startswith(CELL_READERS):
            needed -= {"column"}
        if given is not None and not needed <= given:
            wrong.append((code, place, sorted(needed - given)))
    assert wrong == []


def test_no_code_has_two_sentences() -> None:
    """One code means one thing, whatever area raises it."""
    from shuangsui import texts

    seen: dict[str, str] = {}
    twice = []
    for area, codes in texts.by_area():
        twice += [(code, seen[code], area) for code in codes if code in seen]
        seen |= dict.fromkeys(codes, area)
    assert twice == []


def commands(group: Any, path: str = "") -> Iterator[str]:
    """``draw show``, ``plan unplanned list``: every command below a group."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{path}{name} ")
        elif path:
            yield f"{path}{name}"


def test_no_sentence_names_a_command_or_an_option() -> None:
    """Pages show the same sentence: it says what to do, not what to type."""
    words = "|".join(re.escape(one) for one in commands(typer.main.get_command(app)))
    known = re.compile(rf"(?<![a-z.])({words})(?![a-z])")
    named = {code for code, text in catalogue().items() if OPTION.search(text) or known.search(text)}
    assert named == SHELL
