"""One installed plugin under examination, and what is needed to watch it."""

from __future__ import annotations

import ast
import io
import logging
import socket
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
