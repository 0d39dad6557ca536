"""Every code has one clear sentence, and every sentence gets its parameters."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from shuangsui.registry import messages
from shuangsui.registry.messages import FILE_ERRORS, NOTES, ROW_ERRORS, TEXTS, WARNINGS

AREA = Path(messages.__file__).parent
READING = (
    "normalise", "values", "days", "spoken", "uscc", "headers", "text_files", "sheets", "sheet_child", "reading",
    "pipeline", "checking", "findings", "report",
)  # fmt: skip


def _used() -> set[str]:
    """Every string constant of the area that could be a code."""
    found: set[str] = set()
    for module in AREA.glob("*.py"):
        if module.name == "messages.py":
            continue
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


def _raised() -> set[str]:
    """Codes that stand in a raise, a tell or a check."""
    calls = re.compile(r'(?:BadInput|tell|CodeCheck|Refused)\(\s*(?:value, )?"([a-z_0-9]+)"')
    return {code for module in READING for code in calls.findall((AREA / f"{module}.py").read_text(encoding="utf-8"))}


def test_every_raised_code_has_a_sentence() -> None:
    """A person never sees a code alone."""
    assert _raised() - set(TEXTS) == set()


def test_every_sentence_belongs_to_a_code_in_use() -> None:
    """No sentence without a cause; rows_refused is raised by the tree of errors itself."""
    assert set(TEXTS) - _used() == {"rows_refused"}


def test_levels_do_not_share_codes() -> None:
    """A code says whether it refuses, warns or notes."""
    assert len(TEXTS) == len(FILE_ERRORS) + len(ROW_ERRORS) + len(WARNINGS) + len(NOTES)


@pytest.mark.parametrize("code", TEXTS)
def test_sentence_is_chinese_and_ends(code: str) -> None:
    """One sentence for a person, with its placeholders well formed."""
    text = TEXTS[code]
    assert re.search("[\u4e00-\u9fff]", text)
    assert text.endswith("。")
    assert all(name is None or name.isidentifier() for _, name, _, _ in Formatter().parse(text))
