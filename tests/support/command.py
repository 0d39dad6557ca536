"""The command line as a person uses it, in this process: arguments in, exit status and both outputs out."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import typer
from typer.main import get_command

from shuangsui.cli import main

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Said:
    """What a command said and how it ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class Installation:
    """An embedded installation in a folder of its own; ``tenants`` may be replaced by a broken tree."""

    var: Path
    tenants: Path = ROOT / "tenants"
    more: Mapping[str, str] = field(default_factory=dict)
    """Further variables of the environment."""

    def run(self, *arguments: object) -> Said:
        """``shuangsui …``; nothing of the surrounding environment comes through."""
        out, err = io.StringIO(), io.StringIO()
        called = _arguments(["shuangsui", *map(str, arguments)])
        with called, self._environment(), redirect_stdout(out), redirect_stderr(err):
            status = _status()
        return Said(status, out.getvalue(), err.getvalue())

    def done(self, *arguments: object) -> Said:
        """The same, and it must succeed."""
        said = self.run(*arguments)
        assert said.status == 0, (arguments, said)
        return said

    @contextmanager
    def _environment(self) -> Iterator[None]:
        own = {"SHUANGSUI_VAR": str(self.var), "SHUANGSUI_TENANTS": str(self.tenants), "COLUMNS": "200", **self.more}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SHUANGSUI_")}
        with patch.dict(os.environ, kept | own, clear=True):
            yield


@contextmanager
def _arguments(arguments: list[str]) -> Iterator[None]:
    before, sys.argv = sys.argv, arguments
    try:
        yield
    finally:
        sys.argv = before


@cache
def _built(app: typer.Typer) -> Any:
    """The tree of commands, made once: half the time of a short command, and the same every time."""
    return get_command(app)


def _status() -> int:
    try:
        with patch.object(typer.main, "get_command", _built):
            main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0
