"""A tenant's folder as it is in force: its files with what was decided at the console written into them.

What nobody decided keeps its bytes, comments included (tomlkit).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import tomlkit

from shuangsui.tenancy.founding import folder_of
from shuangsui.tenancy.schema import RuleEntry
from shuangsui.tenancy.tenant import Setting, Stated, Tenant
from shuangsui.tenancy.tree import KNOWN, RULES_FILE, TENANT_FILE, Tree

ORDER = ("key", "value", "article", "mode", "own_basis", "valid_from", "valid_to", "text")
DEFAULTS = {"mode": "free"}
DOCUMENTS = "documents"


def written(root: Path, files: Tree, tenant: Tenant) -> dict[str, bytes]:
    """Name → bytes of each file of ``tenant`` as decided; ``files``: the tenants as their files under ``root`` say."""
    folder, before = folder_of(root, files, tenant.slug), files.get(tenant.slug)
    found = {name: (folder / name).read_bytes() for name in _names(folder)}
    changed = {key: one for key, one in tenant.own.items() if before.own.get(key) != one}
    if changed:
        found[TENANT_FILE] = _settings(found[TENANT_FILE].decode(), changed)
    if tenant.rules != before.rules:
        found[RULES_FILE] = _rules(found.get(RULES_FILE, b"").decode(), before.rules, tenant.rules)
    return found


def plain(entry: RuleEntry) -> dict[str, Any]:
    """An entry as a file says it: without what it leaves out."""
    said = {name: getattr(entry, name) for name in ORDER}
    return {name: value for name, value in said.items() if value is not None and value != DEFAULTS.get(name)}


def _names(folder: Path) -> list[str]:
    """Its own files and templates, none of the districts below."""
    files = [folder / name for name in KNOWN] + sorted((folder / DOCUMENTS).glob("*"))
    return [file.relative_to(folder).as_posix() for file in files if file.is_file()]


def _settings(text: str, changed: Mapping[str, Setting]) -> bytes:
    """Top-level keys stand before the first table; options get theirs at the end."""
    document = tomlkit.parse(text)
    for key, setting in changed.items():
        value = list(setting.value) if isinstance(setting.value, tuple) else setting.value
        *tables, name = key.split(".")
        place: Any = document
        for table in tables:
            if table not in place:
                place[table] = tomlkit.table(is_super_table=table == "options")
            place = place[table]
        place[name] = value
    return tomlkit.dumps(document).encode()


def _rules(text: str, before: Sequence[Stated], after: Sequence[Stated]) -> bytes:
    """Entries of keys that nobody touched keep their place; the others are written anew at the end."""
    every = dict.fromkeys(one.entry.key for one in (*before, *after))
    touched = [key for key in every if _of(before, key) != _of(after, key)]
    document = tomlkit.parse(text)
    rules = tomlkit.aot()
    for table in [one for one in document.get("rule", []) if one["key"] not in touched]:
        rules.append(table)
    for key in touched:
        for one in _of(after, key):
            rules.append(_table(one.entry))
    document.pop("rule", None)
    if len(rules):
        document["rule"] = rules
    return tomlkit.dumps(document).encode()


def _of(stated: Sequence[Stated], key: str) -> list[Stated]:
    return [one for one in stated if one.entry.key == key]


def _table(entry: RuleEntry) -> Any:
    table = tomlkit.table()
    for name, value in plain(entry).items():
        shown: Any = list(value) if isinstance(value, tuple) else value
        table.add(name, tomlkit.date(shown.isoformat()) if isinstance(shown, date) else shown)
    return table
