"""The kernel stands on the standard library; only its command-line modules touch the machine."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import fairdraw

SOURCE = Path(fairdraw.__path__[0])
MODULES = sorted(SOURCE.glob("*.py"))
COMMANDS = {"audit", "pack", "secret", "vectors", "verify"}
FOLDER = {"transcript": {"iterdir", "is_file", "read_bytes"}}
"""Besides the commands, ``transcript.read_folder`` alone reads files."""

MACHINE = {
    "argparse", "asyncio", "ctypes", "http", "io", "multiprocessing", "os", "platform", "random", "runpy", "secrets",
    "shutil", "signal", "socket", "sqlite3", "ssl", "subprocess", "sys", "tempfile", "threading", "time", "urllib",
    "uuid",
}  # fmt: skip
CALLS = {"open", "exec", "eval", "input", "print", "breakpoint", "__import__"}
METHODS = {
    "now", "utcnow", "today", "getenv", "environ", "read_text", "read_bytes", "write_text", "write_bytes", "mkdir",
    "unlink", "iterdir", "is_file", "glob", "exists",
}  # fmt: skip


def imported(tree: ast.AST) -> Iterator[str]:
    """Top-level names of everything a module imports, anywhere in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." if node.level else str(node.module).split(".")[0]


def acts(tree: ast.AST) -> set[str]:
    """Names and attributes that reach for files, clock, environment or other code."""
    names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return names & CALLS | attributes & METHODS


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_h2_module_imports_the_standard_library_only(path: Path) -> None:
    """And itself, never relatively."""
    found = set(imported(ast.parse(path.read_text("utf-8"))))
    assert found <= sys.stdlib_module_names | {"fairdraw"}


@pytest.mark.parametrize("path", [p for p in MODULES if p.stem not in COMMANDS], ids=lambda path: path.stem)
def test_h2_module_has_no_clock_network_environment_or_files(path: Path) -> None:
    """A recomputation must not depend on where and when it runs."""
    tree = ast.parse(path.read_text("utf-8"))
    assert set(imported(tree)) & MACHINE == set()
    assert acts(tree) == FOLDER.get(path.stem, set())


def test_h2_guard_can_fail() -> None:
    """It sees what it forbids."""
    tree = ast.parse("import numpy.linalg\nfrom time import time\nfrom . import x\nPath('x').read_text()\nopen('x')")
    assert set(imported(tree)) == {"numpy", "time", "."}
    assert acts(tree) == {"read_text", "open"}


def test_h2_commands_are_the_modules_with_a_main() -> None:
    """No other module can be run."""
    runnable = {path.stem for path in MODULES if "__main__" in path.read_text("utf-8") and path.stem != "pack"}
    assert runnable | {"pack"} == COMMANDS


def test_h2_no_floating_point_in_quotas() -> None:
    """Exact integers and fractions (section 3)."""
    tree = ast.parse((SOURCE / "quota.py").read_text("utf-8"))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, float)]
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Div)]
    assert "float" not in {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
