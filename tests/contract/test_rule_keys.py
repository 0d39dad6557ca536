"""No rule that an administrator can set and that nothing obeys."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from shuangsui.rules.fixed import FIXED
from shuangsui.rules.keys import KEYS, problem

ROOT = Path(__file__).parents[2] / "platform" / "shuangsui"
NAMING = {ROOT / "rules" / "keys.py", ROOT / "rules" / "fixed.py"}
"""These say which keys there are; a key that only they know has no reader."""


def texts(source: str) -> Iterator[str]:
    """Every text of a module, by itself or as an argument; a key stands in one of its own."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def unread(keys: set[str]) -> set[str]:
    """Keys that no module reads."""
    files = [file for file in ROOT.rglob("*.py") if file not in NAMING]
    return keys - {text for file in files for text in texts(file.read_text("utf-8"))}


def test_every_key_is_read_or_has_one_value_only() -> None:
    """What can be set is obeyed; what is carried out in one way only cannot be set to another."""
    assert unread({*KEYS}) <= {*FIXED}


def test_key_without_a_reader_would_be_found() -> None:
    """The test above can fail."""
    assert unread({"publication.days", "publication.nights"}) == {"publication.nights"}


def test_every_fixed_key_takes_its_value_and_says_why() -> None:
    """Of the key's own kind, with the provision."""
    assert [*FIXED] == [key for key in KEYS if KEYS[key].only]
    assert [key for key, only in FIXED.items() if problem(KEYS[key], only.value, "free")] == []
    assert [key for key, only in FIXED.items() if "第" not in only.why and "〔" not in only.why] == []
