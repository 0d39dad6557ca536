"""What a process remembers, read out of the code: it is of one tenant, or knows nothing of any."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILES = [
    *sorted((ROOT / "platform" / "shuangsui").rglob("*.py")),
    *(file for src in sorted(ROOT.glob("plugins/*/src")) for file in sorted(src.rglob("*.py"))),
]
ASIDE = {"testing", "cli", "sample", "versions"}
"""What serves one tenant in one process: tests of vendors, commands, invented data, migrations."""
REMEMBERING = {"cache", "lru_cache", "cached_property"}
EMPTY = {"dict", "list", "set", "defaultdict", "deque", "WeakKeyDictionary", "local", "ContextVar"}

OF_ONE_TENANT = {
    "disclosure/screening.py _clean": "key: tenant, digest of a public file, its type, the tenant's public numbers",
    "extension/children.py Pool._idle": "key: tenant, plugin, secrets, limits; a child is never lent to another tenant",
    "ledger/rollback.py _known": "key: database, public tree, tenant",
    "notifier.py _tokens": "key: the address with its secret; in a child process, which serves one tenant",
    "vault/service.py Vault._sealers": "of one tenant: lives as long as a request or a piece of work",
    "web/metrics.py Watch._known": "key: tenant; counts, shown together to the operator alone",
    "web/tailing.py Hall.tails": "key: tenant, draw; public events alone",
    "web/tailing.py Tail.objections": "of one draw: what everybody may read of it",
    "web/tailing.py Tail.lines": "of one draw: its public events",
    "worker/relay.py Relay._looks": "key: tenant",
    "worker/running.py Runner._running": "key: row; the value names its tenant, which alone is asked",
}
OF_NO_TENANT = {
    "access/passwords.py _dummy": "a hash that no password has",
    "calendar/engine.py official": "the State Council's notices",
    "calendar/statutory.py _data": "the decree",
    "calendar/statutory.py bridges": "by year",
    "calendar/statutory.py candidates": "by year",
    "calendar/statutory.py days_off": "by year",
    "db/statements.py _REACH": "by the shape of a statement, without its values",
    "db/statements.py _reachable": "by class",
    "disclosure/contents.py _adapter": "by kind of content",
    "privacy/scanning.py _short": "by text, pure: what looks personal in it",
    "privacy/unmasking.py _tables": "characters",
    "documents/glyphs.py characters": "characters of a font",
    "draws/quota.py NONE": "a constant",
    "documents/starters.py starter": "templates of the product; an authority's own are read anew",
    "extension/floods.py Quota._lines": "by plugin: how many lines",
    "extension/floods.py Quota._since": "by plugin: since when",
    "extension/host.py Host._callers": "by hook and the set of plugins; options are arguments of each call",
    "extension/lanes.py Lanes._lanes": "by plugin: its breaker and threads, no value of any call",
    "extension/loading.py _host": "the installed plugins",
    "extension/points.py _read": "by the bytes of a rule pack, pure",
    "outbox.py listeners": "whom to wake",
    "pages/guards.py House._read": "by day: the files of all tenants, each of which a page asks for by its own name",
    "draws/kernels.py compiled": "what is installed",
    "registry/codes.py _areas": "the national tables of codes",
    "registry/codes.py _pairs": "the national tables of codes",
    "rules/packs.py _advising": "of a pack: the same for every tenant",
    "rules/packs.py _binding": "of a pack: the same for every tenant",
    "rules/packs.py installed": "packs of the product",
    "settings.py _read": "the process's own environment",
    "texts.py act_titles": "texts",
    "texts.py alert_titles": "texts",
    "texts.py catalogue": "texts",
    "web/areas.py declared": "pages and acts",
    "web/languages.py labels": "words",
    "web/languages.py translation": "words",
    "web/progress.py drawn": "places of districts by the code of a municipality, of the product",
    "web/rendering.py _digest": "files of the product",
    "web/rendering.py _environment": "templates of the product",
    "web/rendering.py _paths": "files of the product",
    "web/rendering.py static_files": "files of the product",
    "web/pace.py Pace.seen": "by address: how often it asked",
    "web/tailing.py Hall.addresses": "by address: how many streams",
    "web/tailing.py Hall.turns": "how many look at once, whoever they look for",
    "web/tailing.py Hall.closing": "whether the process ends",
    "web/tailing.py Tail._looking": "one at a time",
    "web/tailing.py Tail._news": "whom to wake",
    "web/tailing.py Tail.turns": "those of the hall",
    "worker/work.py known": "jobs",
    "endpoint.py _trusted": "certificates of the machine",
}

OF_ONE_CALL = {
    "archive/dumping.py Writing.files", "archive/dumping.py Writing.rows", "disclosure/screening.py lawful",
    "pages/stored.py _count", "privacy/markup.py _Reader._text", "privacy/markup.py _Walk.text",
    "registry/findings.py Findings.errors",
    "registry/findings.py Findings.notes", "registry/findings.py Findings.warnings", "registry/kept.py KeptRows._next",
    "registry/pipeline.py CheckedRow.failed", "registry/pipeline.py _Place.known",
    "registry/sheet_scan.py SheetScan.faults",
    "tenancy/lines.py _Scanner.found", "tenancy/lines.py _Scanner.last",
    "vault/resealing.py Moved.stuck",
}  # fmt: skip
"""Made for one file or page and gone with it."""


def remembered() -> set[str]:
    """Every function that remembers its answers, and every container that lives as long as its process or service."""
    return {f"{place(file)} {name}" for file in FILES if not ASIDE & set(file.parts) for name in names(file)}


def place(file: Path) -> str:
    """Without the folders that are the same for all."""
    return file.name if "plugins" in file.parts else file.relative_to(ROOT / "platform" / "shuangsui").as_posix()


def names(file: Path) -> Iterator[str]:
    """Of one file; tables of constants are filled where they are made and are therefore not empty."""
    tree = ast.parse(file.read_text("utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and (is_empty(node.value) or called(node.value) in REMEMBERING):
            yield target(node)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and {*map(called, node.decorator_list)} & REMEMBERING:
            yield node.name
        if isinstance(node, ast.ClassDef):
            yield from (f"{node.name}.{name}" for name in kept(node))


def kept(kind: ast.ClassDef) -> Iterator[str]:
    """Containers that objects of a class are born with and may fill later."""
    for node in ast.walk(kind):
        if isinstance(node, ast.Assign | ast.AnnAssign) and target(node).startswith("self.") and is_empty(node.value):
            yield target(node).removeprefix("self.")
    made = [ast.unparse(one) for one in kind.decorator_list]
    changing = any("dataclass" in one and "frozen" not in one for one in made)
    for node in kind.body if changing else ():
        if isinstance(node, ast.AnnAssign) and node.value and "default_factory" in ast.unparse(node.value):
            yield target(node)


def target(node: ast.Assign | ast.AnnAssign) -> str:
    """What is assigned to."""
    return ast.unparse(node.target if isinstance(node, ast.AnnAssign) else node.targets[0])


def is_empty(value: ast.expr | None) -> bool:
    """A container without content."""
    if isinstance(value, ast.Dict | ast.List):
        return not (value.keys if isinstance(value, ast.Dict) else value.elts)
    return called(value) in EMPTY and not getattr(value, "args", None)


def called(value: ast.expr | None) -> str:
    """The plain name of a decorator or of what a call calls."""
    while isinstance(value, ast.Call):
        value = value.func
    return value.attr if isinstance(value, ast.Attribute) else getattr(value, "id", "")


def test_every_cache_says_whose_it_is():
    """A new one has to be looked at: is the tenant in its key, or does it know nothing of tenants?"""
    assert remembered() == {*OF_ONE_TENANT, *OF_NO_TENANT, *OF_ONE_CALL}
