"""A small tree of tenants that each test may spoil."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from shuangsui.errors import Misconfigured
from shuangsui.tenancy import tree

CITY = """\
slug = "moushi"
name = "某市经济和信息化委员会"
short = "某市经济信息委"
packs = ["measures-1"]
plugins = ["alpha", "beta"]
log_domain = "log.example"
portal_title = "{name}公示"

[[areas]]
code = "990000"
name = "某市"
valid_from = 1997

[options.alpha]
folder = "out"
tries = 3
"""

DISTRICT = """\
slug = "{slug}"
name = "某市{slug}经济和信息化委员会"
short = "{slug}"
witnesses = ["moushi"]
"""

Write = Callable[[str, str], Path]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """``tenants/`` with the city moushi and its districts jiaqu and yiqu."""
    folder = tmp_path / "tenants"
    _write(folder / "moushi" / "tenant.toml", CITY)
    for slug in ("jiaqu", "yiqu"):
        _write(folder / "moushi" / "districts" / slug / "tenant.toml", DISTRICT.format(slug=slug))
    return folder


@pytest.fixture
def write(root: Path) -> Write:
    """Write one file below ``tenants/moushi``."""
    return lambda name, text: _write(root / "moushi" / name, text)


@pytest.fixture
def refused(root: Path) -> Callable[[], Misconfigured]:
    """Load the tree and answer the error that it must raise."""

    def load() -> Misconfigured:
        with pytest.raises(Misconfigured) as caught:
            tree.load(root)
        return caught.value

    return load


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
