"""One installed plugin under examination, and what is needed to watch it."""

from __future__ import annotations

import ast
import io
import logging
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import Distribution, distribution, entry_points
from pathlib import Path
from typing import Any

from shuangsui.errors import OutsideFailed
from shuangsui.extension import service
from shuangsui.extension.policy import Plugin
from shuangsui.hookspecs import PROJECT
from shuangsui.testing.trial import Trial
from shuangsui.texts import sentence

POWERS = re.compile(r"(subprocess|multiprocessing|ctypes|pty|sqlite3|sqlalchemy|sqlmodel|psycopg\w*|pymysql)\b")
"""Modules that a plugin needs for nothing it may do."""
CALLS = ("system", "popen", "fork", "forkpty", "kill", "_exit", "execv", "execve", "spawnv", "posix_spawn", "putenv")
"""Functions of ``os`` likewise."""


@dataclass(frozen=True)
class Subject:
    """One installed plugin, options to try it with, and a folder for its trial."""

    plugin: Plugin
    folder: Path
    options: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def distribution(self) -> Distribution:
        """What was installed."""
        entry = next(one for one in entry_points(group=PROJECT) if one.name == self.plugin.name)
        assert entry.dist
        return distribution(entry.dist.name)

    @cached_property
    def sources(self) -> list[Path]:
        """Its own modules."""
        file = self.plugin.file
        if file is None:
            return []
        return sorted(file.parent.rglob("*.py")) if file.name == "__init__.py" else [file]

    @cached_property
    def trial(self) -> Trial:
        """An authority that has it switched on."""
        return Trial(self.folder / "on", [self.plugin.name], dict(self.options))

    def things(self) -> list[Any]:
        """Everything it offers there."""
        return service.things(self.plugin, self.trial.tenant, self.trial.settings)


def imports(sources: Iterable[Path]) -> Iterator[str]:
    """Full names of what modules import, parts of their own package left out."""
    for file in sources:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


def variables(sources: Iterable[Path]) -> Iterator[str]:
    """Environment variables that modules read by a name of their own, which no option says."""
    for file in sources:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Subscript(value=ast.Attribute(attr="environ"), slice=ast.Constant(value=str(name))):
                    yield name
                case ast.Call(
                    func=ast.Attribute(value=ast.Attribute(attr="environ")) | ast.Attribute(attr="getenv"),
                    args=[ast.Constant(value=str(name)), *_],
                ):
                    yield name


def powers(sources: Iterable[Path]) -> Iterator[str]:
    """What modules could do to this machine or to its database."""
    files = list(sources)
    yield from (name for name in imports(files) if POWERS.match(name))
    for file in files:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Attribute(value=ast.Name(id="os"), attr=name) if name in CALLS:
                    yield f"os.{name}"


def alone(*words: str) -> str:
    """What a fresh Python prints that finds the same modules."""
    paths = os.pathsep.join(path for path in sys.path if path)
    said = subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": paths}
    )
    return said.stdout


def told(thing: Any) -> list[str]:
    """What its look at itself says, or what it complains of."""
    if not hasattr(thing, "check"):
        return []
    try:
        return [str(thing.check().message)]
    except OutsideFailed as error:
        return [f"{error.params.get('reason', '')}{sentence(error)}"]


@contextmanager
def heard() -> Iterator[list[str]]:
    """Everything that is logged or printed meanwhile."""
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    out = io.StringIO()
    logging.getLogger().addHandler(handler)
    try:
        with redirect_stdout(out), redirect_stderr(out):
            yield lines
    finally:
        logging.getLogger().removeHandler(handler)
        lines.append(out.getvalue())


@contextmanager
def silent_port() -> Iterator[int]:
    """A port that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]
