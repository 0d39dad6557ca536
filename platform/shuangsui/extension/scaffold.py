"""A new plugin from a template that works as it is: its vendor changes it step by step and is never far from green."""

from __future__ import annotations

import re
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from string import Template

from shuangsui.errors import BadInput
from shuangsui.hookspecs import PROJECT

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")
KINDS = {"channel": ("__init__", "channel", "options"), "rules": ("__init__", "options")}
"""Kind of plugin → the modules of its template."""


def write(name: str, kind: str, folder: Path, title: str) -> list[Path]:
    """The files of a new plugin below ``folder``/``name``; :class:`BadInput` if there is something already."""
    if not NAME.fullmatch(name):
        raise BadInput("plugin_name_invalid", name=name)
    if (root := folder / name).exists():
        raise BadInput("plugin_folder_taken", folder=root)
    module = f"{PROJECT}_{name.replace('-', '_')}"
    values = {"name": name, "module": module, "title": title, "release": version(PROJECT)}
    return [_write(root / path, source, values) for path, source in _sources(kind, module).items()]


def _sources(kind: str, module: str) -> dict[str, str]:
    """Path below the plugin's folder → path of its template."""
    code = {f"src/{module}/{part}.py": f"{kind}/{part}.py" for part in KINDS[kind]}
    return {
        "pyproject.toml": "pyproject.toml",
        "README.md": "README.md",
        **code,
        "tests/test_plugin.py": f"{kind}/test.py",
    }


def _write(path: Path, source: str, values: dict[str, str]) -> Path:
    text = files("shuangsui").joinpath("data", "scaffold", f"{source}.txt").read_text("utf-8")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(Template(text).substitute(values), "utf-8")
    return path
