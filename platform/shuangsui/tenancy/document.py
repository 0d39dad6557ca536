"""One TOML file as values that know their lines; every fault of a file is one :class:`Misconfigured`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from shuangsui.errors import Misconfigured
from shuangsui.said import say
from shuangsui.tenancy.lines import KeyPath, lines_of
from shuangsui.tenancy.messages import PROBLEMS, SYNTAX

M = TypeVar("M", bound=BaseModel)

_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_CODES = {"extra_forbidden": "key_unknown", "missing": "key_missing"}


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file; ``file`` is the name shown to people, relative to where administrators look."""

    file: str
    data: Mapping[str, Any]
    lines: Mapping[KeyPath, int]

    def line(self, path: KeyPath) -> int:
        """The line of ``path``, or of the nearest table around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines[path] if path else 1

    def fault(self, code: str, path: KeyPath, problem: str) -> Misconfigured:
        """The error that says what is wrong at ``path``."""
        return Misconfigured(code, file=self.file, line=self.line(path), key=dotted(path), problem=problem)


def dotted(path: KeyPath) -> str:
    """``path`` as people write it; array elements count from 1."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path)


def parse(raw: bytes, file: str) -> Document:
    """Read the bytes of a file: UTF-8 with or without byte order mark, valid TOML; else :class:`Misconfigured`."""
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
        return Document(file, tomllib.loads(text), lines_of(text))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Misconfigured("toml_encoding", file=file, line=line, key="", problem="不是 UTF-8 编码") from None
    except tomllib.TOMLDecodeError as error:
        raise _syntax(str(error), file, text) from None


def _syntax(message: str, file: str, text: str) -> Misconfigured:
    """Translate what ``tomllib`` says; its text carries the line."""
    place = _PLACE.search(message)
    line = int(place[1]) if place and place[1] else text.rstrip("\n").count("\n") + 1
    said = _PLACE.sub("", message)
    problem = next((chinese for start, chinese in SYNTAX.items() if said.startswith(start)), said)
    return Misconfigured("toml_syntax", file=file, line=line, key="", problem=problem)


def read(document: Document, model: type[M]) -> M:
    """``document`` as ``model``; its first fault in file order is raised, missing keys last (they may be misspelt)."""
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        first = min(error.errors(), key=lambda fault: (fault["type"] == "missing", document.line(fault["loc"])))
        raise _translate(document, model, first) from None


def _known(document: Document, path: KeyPath) -> KeyPath:
    """``path`` without the parts that pydantic adds and the file does not have."""
    while path and path not in document.lines:
        path = path[:-1]
    return path


def _translate(document: Document, model: type[BaseModel], fault: ErrorDetails) -> Misconfigured:
    path, kind = fault["loc"], fault["type"]
    hint = nearest(str(path[-1]), _siblings(model, path)) if kind == "extra_forbidden" else ""
    context = {key: _chinese(str(value)) for key, value in fault.get("ctx", {}).items()}
    problem = PROBLEMS[kind].format(hint=hint, **context) if kind in PROBLEMS else fault["msg"]
    place = path if kind == "missing" else _known(document, path)
    return document.fault(_CODES.get(kind, "value_invalid"), place, problem)


def _chinese(words: str) -> str:
    """pydantic's ``'a', 'b' or 'c'`` as ``a、b、c``; other values as they are."""
    return words.replace("', '", "、").replace("' or '", "、").strip("'")


def _siblings(model: type[BaseModel], path: KeyPath) -> list[str]:
    """The keys that would have been right where ``path`` ends."""
    for part in path[:-1]:
        if isinstance(part, str) and part in model.model_fields:
            inner = [a for a in _arguments(model.model_fields[part].annotation) if isinstance(a, type)]
            model = next((a for a in inner if issubclass(a, BaseModel)), model)
    return [field.alias or name for name, field in model.model_fields.items()]


def _arguments(annotation: Any) -> tuple[Any, ...]:
    return tuple(getattr(annotation, "__args__", (annotation,)))


def nearest(word: str, words: list[str]) -> str:
    """``，是不是 x`` for the most similar of ``words``, or nothing."""
    return "".join(say("，是不是 {close}", close=close) for close in get_close_matches(word, words, 1))
