"""Every place in the code that writes a file: below the folder of its tenant, or of nobody's data."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from neighbours import LETTER, MINE, OTHER, Neighbours
from shuangsui.errors import OutsideFailed
from shuangsui.inspections.evidence_store import Folder

ROOT = Path(__file__).parents[2]
FILES = [
    *sorted((ROOT / "platform" / "shuangsui").rglob("*.py")),
    *(file for src in sorted(ROOT.glob("plugins/*/src")) for file in sorted(src.rglob("*.py"))),
]
ASIDE = {"testing", "cli", "sample", "versions"}
"""What serves one tenant in one process, or writes where its user says."""
WRITING = {"write_bytes", "write_text", "mkdir", "mkstemp", "mkdtemp", "NamedTemporaryFile", "TemporaryDirectory"}

OF_ONE_TENANT = {
    "archive/dumping.py dump": "where the command's user says; the rows are the tenant's",
    "archive/dumping.py Writing.add": "the same",
    "archive/restoring.py _put_evidence": "evidence/<tenant>",
    "documents/replacing.py _written": "the tenant's folder in the tree of tenants",
    "folder.py Folder._made": "FOLDER/<tenant>: a key of its own",
    "inspections/evidence_store.py Folder.put": "evidence/<tenant>",
    "registry/uploads.py Uploads.put": "uploads/<tenant>/<upload>",
    "registry/uploads.py Uploads.tell": "the same",
    "succession/handing.py _write": "where the command's user says; the rows are the tenant's",
    "tenancy/founding.py found": "the new tenant's folder in the tree of tenants",
    "tree.py replace_file": "public/<tenant>; a path of a publication cannot leave it",
}
OF_ONE_CALL = {
    "inspections/form_routes.py take": "a temporary folder that ends with the request",
    "registry/feeds.py _imported": "a temporary folder that ends with the import",
    "registry/pools.py _stored": "a temporary folder that ends with the import",
    "registry/pools.py _write": "called by the one above",
    "registry/upload_routes.py taken": "a temporary folder that ends with the request",
    "succession/taking.py _taken": "a temporary folder that ends with the taking over",
    "succession/taking.py _write": "called by the one above",
}
OF_NO_TENANT = {
    "archive/databases.py put_back": "the whole database, on the command line",
    "archive/whole.py _put": "evidence of all tenants, each in its folder, or the master key; on the command line",
    "archive/whole.py back_up": "where the command's user says: all tenants, for the operator alone",
    "db/connect.py connect": "the folder of the embedded database",
    "extension/child.py main": "the child's pipe",
    "extension/scaffold.py _write": "a plugin to begin with",
    "ledger/keys.py _create": "the master key of the installation, from which each tenant's keys are sealed",
    "migrations/__init__.py new_revision": "a revision of the schema",
    "registry/completing.py complete_file": "a file of the command line's user",
    "tree.py _alone": "the lock of the public tree",
}
SHARED = (
    "public/index.html", "public/en/index.html", "public/index.json", "public/.lock", "public/static/",
    "public/.bundles/",
)  # fmt: skip
"""The list of all authorities, the lock of the tree, styles, and what each publication consists of, by its hash."""


def writing() -> set[str]:
    """``file function`` of every call that makes a file or a folder."""
    return {f"{place(file)} {name}" for file in FILES if not ASIDE & set(file.parts) for name in functions(file)}


def place(file: Path) -> str:
    """Without the folders that are the same for all."""
    return file.name if "plugins" in file.parts else file.relative_to(ROOT / "platform" / "shuangsui").as_posix()


def functions(file: Path) -> Iterator[str]:
    """Of one file, methods with their class."""
    tree = ast.parse(file.read_text("utf-8"))
    for holder in [tree, *(node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))]:
        for node in holder.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and any(map(writes, ast.walk(node))):
                yield f"{holder.name}.{node.name}" if isinstance(holder, ast.ClassDef) else node.name


def writes(node: ast.AST) -> bool:
    """A call of a writing method, or of ``open`` for more than reading."""
    if not isinstance(node, ast.Call):
        return False
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    if name in ("open", "fdopen"):
        modes = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        return any(set(mode) & set("wxa+") and len(mode) <= 3 for mode in modes)
    return name in WRITING


def test_every_place_that_writes_says_where():
    """A new one has to be looked at."""
    assert writing() == {*OF_ONE_TENANT, *OF_ONE_CALL, *OF_NO_TENANT}


def test_files_of_a_tenant_lie_in_its_folder(neighbours: Neighbours):
    """After a year's work: evidence, published pages, static files of the product."""
    var = neighbours.settings.var
    files = {file.relative_to(var).as_posix() for file in var.rglob("*") if file.is_file()}
    own = {file for file in files if file.split("/")[1] == MINE}
    assert {file for file in files - own if not file.startswith(SHARED)} == set()
    assert {file.split("/")[0] for file in own} == {"evidence", "public", "uploads"}


def test_evidence_of_a_neighbour_is_not_there(neighbours: Neighbours):
    """The same hash in another tenant's folder is another file; no name leads out of it."""
    store, digest = Folder(neighbours.settings.evidence), sha256(LETTER).hexdigest()
    assert store.get(MINE, digest) == LETTER
    for tenant, name in ((OTHER, digest), (OTHER, f"../../{MINE}/{digest[:2]}/{digest}")):
        with pytest.raises(OutsideFailed, match="evidence_damaged"):
            store.get(tenant, name)
