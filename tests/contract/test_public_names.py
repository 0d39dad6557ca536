"""What a vendor may import is exactly what is announced, and plugins import nothing else (H6)."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import shuangsui
from shuangsui.extension.policy import KINDS
from shuangsui.hookspecs import PROJECT

PLUGINS = Path(__file__).parents[2] / "plugins"
SHOWN = """
import shuangsui, types
names = {name for name, value in vars(shuangsui).items() if not isinstance(value, types.ModuleType)}
print(*sorted(name for name in names - {"annotations"} if not name.startswith("_")))
"""


def test_all_is_what_is_visible() -> None:
    """In a fresh interpreter, where no test has imported anything into the package."""
    visible = subprocess.run([sys.executable, "-c", SHOWN], capture_output=True, text=True, check=True).stdout
    assert visible.split() == sorted(shuangsui.__all__)


def test_every_public_name_says_what_it_is() -> None:
    """The vendor's documentation is made of it."""
    assert [name for name in shuangsui.__all__ if not getattr(shuangsui, name).__doc__] == []


def imported() -> Iterator[tuple[str, str]]:
    """Plugin and full name of everything of the platform that a plugin imports."""
    for file in sorted(PLUGINS.glob("*/src/**/*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((file.name, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((file.name, f"{node.module}.{alias.name}") for alias in node.names)


def test_plugins_import_public_names_only() -> None:
    """First-party plugins get no privilege."""
    allowed = {f"shuangsui.{name}" for name in shuangsui.__all__}
    named = [(file, name) for file, name in imported() if name.split(".")[0] in ("shuangsui", "fairdraw")]
    assert named
    assert [(file, name) for file, name in named if name not in allowed] == []


def first_party_modules() -> Iterator[ModuleType]:
    """The module behind every entry point that a ``pyproject.toml`` below ``plugins/`` declares."""
    for path in sorted(PLUGINS.glob("*/pyproject.toml")):
        entries = tomllib.loads(path.read_text("utf-8"))["project"].get("entry-points", {}).get(PROJECT, {})
        yield from (import_module(module) for module in entries.values())


def test_every_hook_is_used_by_a_first_party_plugin() -> None:
    """A hook ships only together with a plugin that uses it."""
    assert {hook for module in first_party_modules() for hook in KINDS if hasattr(module, hook)} == set(KINDS)


def test_there_are_at_most_twelve_hooks() -> None:
    """DESIGN section 6: few hooks, or nobody reads them."""
    assert len(KINDS) <= 12
