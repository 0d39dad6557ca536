"""A new plugin from a template that works as it is: its vendor changes it step by step and is never far from green."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from string import Template

from shuangsui.errors import BadInput
from shuangsui.hookspecs import PROJECT

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")


@dataclass(frozen=True, slots=True)
class Kind:
    """A template: the modules it consists of, what it is called unless told, what it needs besides the platform."""

    modules: tuple[str, ...]
    title: str
    needs: tuple[str, ...] = ()


KINDS: Mapping[str, Kind] = {
    "channel": Kind(("__init__", "channel", "options"), "公示渠道插件"),
    "exporter": Kind(("__init__", "exporter", "options"), "信用信息系统报送插件", ("shuangsui-exporter-kit>=0.1,<1",)),
    "experts": Kind(("__init__", "experts", "options"), "专家库插件"),
    "notifier": Kind(("__init__", "notifier", "options"), "通知方式插件", ("httpx",)),
    "rules": Kind(("__init__", "options"), "规则修订插件"),
}
"""By the word of the command; the template stands in the folder of that name."""


def write(name: str, kind: str, folder: Path, title: str = "") -> list[Path]:
    """The files of a new plugin below ``folder``/``name``; :class:`BadInput` if there is something already."""
    if not NAME.fullmatch(name):
        raise BadInput("plugin_name_invalid", name=name)
    if (root := folder / name).exists():
        raise BadInput("plugin_folder_taken", folder=root)
    module = f"{PROJECT}_{name.replace('-', '_')}"
    needs = "".join(f'"{one}", ' for one in KINDS[kind].needs)
    values = {
        "name": name, "module": module, "title": title or KINDS[kind].title, "release": version(PROJECT),
        "needs": needs,
    }  # fmt: skip
    return [_write(root / path, source, values) for path, source in _sources(kind, module).items()]


def _sources(kind: str, module: str) -> dict[str, str]:
    """Path below the plugin's folder → path of its template."""
    code = {f"src/{module}/{part}.py": f"{kind}/{part}.py" for part in KINDS[kind].modules}
    return {
        "pyproject.toml": "pyproject.toml",
        "README.md": "README.md",
        **code,
        "tests/test_plugin.py": f"{kind}/test.py",
    }


def _write(path: Path, source: str, values: Mapping[str, str]) -> Path:
    text = files("shuangsui").joinpath("data", "scaffold", f"{source}.txt").read_text("utf-8")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(Template(text).substitute(values), "utf-8")
    return path
