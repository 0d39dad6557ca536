"""Configuration of a test's own, in which the city has one more plugin switched on."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from authority import ROOT, Authority
from shuangsui.extension import rulebook

LISTED = '"rules-cq-order-375"]'


def plugged(folder: Path, plugin: str, options: str = "") -> Path:
    """The tenants of this repository, copied below ``folder``; ``options`` are lines of TOML."""
    tenants = Path(shutil.copytree(ROOT / "tenants", folder / "tenants"))
    file = tenants / "chongqing" / "tenant.toml"
    text = file.read_text("utf-8")
    assert LISTED in text
    switched = text.replace(LISTED, f'{LISTED[:-1]}, "{plugin}"]')
    file.write_text(f"{switched}\n[options.{plugin}]\n{options}\n", "utf-8")
    return tenants


def bound(authority: Authority, folder: Path, options: str = "", plugin: str = "rules-liangjiang") -> None:
    """From now on the authority works by the rules of one plugin more."""
    tree = rulebook.load(plugged(folder, plugin, options), authority.today)
    authority.office = replace(authority.office, tree=tree, tenant=tree.get(authority.slug))
