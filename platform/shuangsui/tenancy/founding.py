"""A new authority's folder: two files that are valid as they are, or nothing at all."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from shuangsui.errors import BadInput
from shuangsui.tenancy.tree import BELOW, RULES_FILE, TENANT_FILE, Tree, load


@dataclass(frozen=True, slots=True)
class Founded:
    """What ``tenant.toml`` begins with; ``area`` is its code of GB/T 2260, empty for a zone without one."""

    slug: str
    name: str
    short: str
    parent: str
    year: int
    area: str = ""
    area_name: str = ""


RULES = """\
# 本机关与上级不同的规定。每条写明取值、条款和本机关文件的文号，例如：
#
# [[rule]]
# key = "publication.days"
# value = 15
# article = "第三条"
# own_basis = "某委发〔2026〕1号"
"""


def found(root: Path, tree: Tree, new: Founded) -> list[Path]:
    """The two files below the parent's folder.

    :class:`BadInput` ``tenant_folder_taken``; whatever is wrong with the values is said of the file, which is gone
    again: :class:`Misconfigured`.
    """
    folder = folder_of(root, tree, new.parent) / BELOW / new.slug
    if folder.exists() or new.slug in [tenant.slug for tenant in tree]:
        raise BadInput("tenant_folder_taken", slug=new.slug)
    folder.mkdir(parents=True)
    files = [folder / TENANT_FILE, folder / RULES_FILE]
    try:
        files[0].write_text(_tenant(new), "utf-8")
        files[1].write_text(RULES, "utf-8")
        load(root)
    except BaseException:
        shutil.rmtree(folder)
        raise
    return files


def folder_of(root: Path, tree: Tree, slug: str) -> Path:
    """Where the files of a tenant stand below ``root``."""
    parent = tree.get(slug).parent
    return root / slug if parent is None else folder_of(root, tree, parent) / BELOW / slug


def _tenant(new: Founded) -> str:
    witnesses = json.dumps([new.parent])
    head = [("slug", new.slug), ("name", new.name), ("short", new.short)]
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in head]
    lines += ["# 为本机关的抽取日志会签检查点的租户，至少再写一个相邻机关更好。", f"witnesses = {witnesses}"]
    if new.area:
        lines += ["", "[[areas]]", f'code = "{new.area}"',
                  f"name = {json.dumps(new.area_name, ensure_ascii=False)}", f"valid_from = {new.year}"]  # fmt: skip
    return "\n".join(lines) + "\n"
