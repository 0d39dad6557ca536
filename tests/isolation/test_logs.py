"""Every place in the code that logs, and where the tenant of its line comes from."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2] / "platform" / "shuangsui"
LEVELS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
LOGGERS = {"log", "trace", "logger", "logging"}

BOUND = {
    "extension/lanes.py Lane._answer",
    "extension/lanes.py Lane.note",
    "extension/service.py channels",
    "web/errors.py decline",
    "web/errors.py fail",
    "web/errors.py note_refusal",
    "web/logs.py RequestLog.handle",
    "worker/running.py Runner._attempt",
}
"""By the guard of a request or by the runner of a job, for every line that is logged meanwhile."""
NAMED = {
    "extension/rulebook.py load",
    "ledger/first_look.py _read",
    "ledger/first_look.py begin",
    "ledger/outside.py ask",
    "web/tailing.py Tail.look_again",
    "worker/relay.py Relay._look",
}
"""By the line itself, since it may be about any tenant."""
OF_NO_TENANT = {"worker/process.py House._again", "worker/process.py _renewing"}
"""About the files of all tenants, and the database of all of them."""


def logging() -> set[str]:
    """``file function`` of every call of a logger."""
    return {
        f"{file.relative_to(ROOT).as_posix()} {name}" for file in sorted(ROOT.rglob("*.py")) for name in functions(file)
    }


def functions(file: Path) -> Iterator[str]:
    """Of one file, methods with their class."""
    tree = ast.parse(file.read_text("utf-8"))
    for holder in [tree, *(node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))]:
        for node in holder.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and any(map(logs, ast.walk(node))):
                yield f"{holder.name}.{node.name}" if isinstance(holder, ast.ClassDef) else node.name


def logs(node: ast.AST) -> bool:
    """``log.warning(…)`` and the like."""
    called = node.func if isinstance(node, ast.Call) else None
    is_method = isinstance(called, ast.Attribute) and called.attr in LEVELS
    return is_method and getattr(called.value, "id", "") in LOGGERS


def test_every_line_says_where_its_tenant_comes_from():
    """A new one has to be looked at; that they carry it is tried at every door and with every job."""
    assert logging() == {*BOUND, *NAMED, *OF_NO_TENANT}
