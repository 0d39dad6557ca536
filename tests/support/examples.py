"""The fenced examples of the READMEs: whatever a test executes it takes from here, so that none is forgotten."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from command import ROOT

Place = tuple[str, str, int]
"""File, language, and the number of the block among those of its language, from 0."""
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def example(file: str, language: str, number: int = 0) -> str:
    """One block."""
    return examples(file, language)[number]


def examples(file: str, language: str) -> list[str]:
    """All blocks of a language in a file."""
    text = (ROOT / file).read_text("utf-8")
    return [found[2] for found in _BLOCK.finditer(text) if found[1] == language]


def every(file: str, text: str) -> Iterator[Place]:
    """The places of a text; what has no language is a picture."""
    seen: dict[str, int] = {}
    for found in _BLOCK.finditer(text):
        seen[found[1]] = seen.get(found[1], -1) + 1
        yield file, found[1], seen[found[1]]


def taken(source: Path) -> Iterator[Place]:
    """The places that a test module takes, read from its calls, whose arguments are literals."""
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id="example"), args=[file, language, *more]):
                yield (*map(_literal, (file, language)), _literal(more[0]) if more else 0)
            case ast.Call(func=ast.Name(id="examples"), args=[file, language]):
                name, kind = _literal(file), _literal(language)
                yield from ((name, kind, number) for number in range(len(examples(name, kind))))


def _literal(node: ast.expr) -> str | int:
    return ast.literal_eval(node)
