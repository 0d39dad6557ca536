"""The import contracts of ``pyproject.toml`` hold, and cover every package there is (H2, H3, H6)."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
LINTER = SETTINGS["importlinter"]
DEEP = "from shuangsui import db\n"


def linted(file: Path, cache: Path, *more: Path) -> int:
    """The exit status of import-linter with the contracts of a file; its process, since it switches loggers off."""
    paths = os.pathsep.join([*map(str, more), *sys.path])
    command = [Path(sys.executable).with_name("lint-imports"), "--config", file, "--cache-dir", cache]
    return subprocess.run(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": paths}, check=False).returncode


def test_contracts_are_kept(tmp_path) -> None:
    """fairdraw is pure, the layers of DESIGN section 3, and plugins import public names only."""
    assert linted(ROOT / "pyproject.toml", tmp_path / "cache") == 0


def test_plugin_that_imports_deeper_is_found(tmp_path) -> None:
    """The contract for plugins, with one more of them."""
    package = tmp_path / "shuangsui_deep"
    package.mkdir()
    (package / "__init__.py").write_text(DEEP)
    contract = next(one for one in LINTER["contracts"] if one["name"].startswith("plugins import"))
    forbidden = "".join(f"  {name}\n" for name in contract["forbidden_modules"])
    (tmp_path / "deep.ini").write_text(
        "[importlinter]\nroot_packages =\n  fairdraw\n  shuangsui\n  shuangsui_deep\ninclude_external_packages = True\n"
        f"[importlinter:contract:1]\nname = x\ntype = forbidden\nsource_modules =\n  shuangsui_deep\n"
        f"forbidden_modules =\n{forbidden}allow_indirect_imports = True\n"
    )
    assert linted(tmp_path / "deep.ini", tmp_path / "cache", tmp_path) == 1


def test_contracts_and_types_cover_every_plugin() -> None:
    """A folder below ``plugins/`` that is in none of the lists would be looked at by nobody."""
    contract = next(one for one in LINTER["contracts"] if one["name"].startswith("plugins import"))
    packages = {path.parent.name for path in (ROOT / "plugins").glob("*/src/*/__init__.py")}
    assert packages == set(contract["source_modules"])
    assert (
        packages | {"fairdraw", "fairlanes", "shuangsui"}
        == set(LINTER["root_packages"])
        == set(SETTINGS["mypy"]["packages"])
    )
    sources = {f"plugins/{path.parents[1].name}/src" for path in (ROOT / "plugins").glob("*/src/*")}
    assert {"platform", *sources} == set(SETTINGS["mypy"]["mypy_path"].split(":"))
