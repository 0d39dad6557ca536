"""Where things may stand."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLATFORM = ROOT / "platform"
OURS = sorted(PLATFORM.rglob("*.py")) + sorted((ROOT / "plugins").glob("*/src/**/*.py"))
SOURCES = [file for name in ("fairdraw", "fairlanes", "shuangsui") for file in sorted((PLATFORM / name).rglob("*.py"))]


def test_platform_is_no_package() -> None:
    """`platform/__init__.py` would shadow Python's own module `platform`."""
    assert not (PLATFORM / "__init__.py").exists()


def test_platform_holds_no_tests() -> None:
    """A test file below `platform/` replaces the standard library's `platform` while pytest runs."""
    found = [f.name for f in PLATFORM.rglob("*.py") if f.name.startswith("test_") or f.name == "conftest.py"]
    assert found == []


def test_lock_has_hashes_and_no_index() -> None:
    """The hash-pinned file names no registry."""
    text = (ROOT / "requirements" / "dev.txt").read_text()
    assert "--hash=sha256:" in text
    assert not re.search(r"https?://|index-url|find-links", text)


def test_every_plugin_is_installed_by_setup() -> None:
    """`make setup` installs the core and each folder of `plugins/` as a distribution of its own."""
    listed = (ROOT / "requirements" / "editable.txt").read_text().split()
    plugins = [f"./plugins/{path.parent.name}" for path in sorted((ROOT / "plugins").glob("*/pyproject.toml"))]
    assert [line for line in listed if line != "-e"] == [".", *plugins]


@pytest.mark.parametrize("slug", ["chongqing", "yuzhong", "liangjiang", "gaoxin", "重庆", "渝中", "两江"])
def test_no_tenant_is_named_in_the_platform(slug: str) -> None:
    """H7: data about tenants stands in `tenants/`, behaviour in plugins."""
    code = [f for f in SOURCES if slug in _code(f)]
    assert [f.relative_to(PLATFORM).as_posix() for f in code] == []


def _code(file: Path) -> str:
    """The file without comments and docstrings' examples, roughly: string literals and names count."""
    return re.sub(r'""".*?"""|#[^\n]*', "", file.read_text("utf-8"), flags=re.DOTALL)


BARRED = {"random", "pickle", "marshal", "shelve", "dill"}
"""Chance that can be guessed, and bytes that become code when they are read."""
SHELLS = {"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput", "eval", "exec"}


@pytest.mark.parametrize("file", OURS, ids=lambda file: str(file.relative_to(ROOT)))
def test_nothing_guesses_unpacks_code_or_asks_a_shell(file: Path) -> None:
    """Random values are the operating system's, processes are started with lists, nothing read is ever run."""
    assert _barred(file.read_text("utf-8")) == set()


@pytest.mark.parametrize(
    "code",
    [
        "import random",
        "from pickle import loads",
        "os.system(x)",
        "run(x, shell=True)",
        "eval(x)",
        "a.b_subprocess_shell(x)",
    ],
)
def test_what_is_barred_is_found(code: str) -> None:
    """The check above can fail."""
    assert len(_barred(code)) == 1


def _barred(text: str) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names} & BARRED
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or ""} & BARRED
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            shell = any(one.arg == "shell" for one in node.keywords) or called.endswith("_subprocess_shell")
            found |= {called} if shell or called in SHELLS else set()
    return found


def test_nobody_imports_what_an_area_declares() -> None:
    """``routes.py`` of an area may import the page kit, which stands above it; so nothing may import ``routes.py``."""
    imports = re.compile(
        r"^\s*(?:from|import) shuangsui\.(\w+)\.routes|^\s*from shuangsui\.(\w+) import .*\broutes\b", re.MULTILINE
    )
    found = [(f.name, a or b) for f in SOURCES for a, b in imports.findall(f.read_text("utf-8"))]
    assert [one for one in found if one[1] != "web"] == []
