"""Templates of the authorities: ``tenants/<slug>/documents/<form>.docx``; the nearest folder up the tree wins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shuangsui.documents.filling import Template, docx
from shuangsui.documents.samples import samples
from shuangsui.documents.starters import starter
from shuangsui.documents.values import FORMS
from shuangsui.errors import BadInput
from shuangsui.tenancy.tree import BELOW, Tree

FOLDER = "documents"


@dataclass(frozen=True, slots=True)
class Checked:
    """One template that was tried with sample values; ``own``: an authority's file and not the default."""

    form: str
    file: str
    own: bool
    error: BadInput | None = None


def template_of(root: Path, tree: Tree, slug: str, kind: str) -> Template:
    """The template in force for a tenant."""
    file = _file(root, tree, slug, kind)
    return Template(_name(root, file), file.read_bytes()) if file else starter(kind)


def own_file(root: Path, tree: Tree, slug: str, kind: str) -> Path:
    """Where a tenant's own template of a form stands, or would."""
    *_, own = _folders(root, tree, slug)
    return own / f"{kind}.docx"


def check(root: Path, tree: Tree, slug: str) -> list[Checked]:
    """Every template in force for a tenant filled with sample values, and every file that is none of the forms'."""
    found = [_try(root, tree, slug, kind) for kind in FORMS]
    return found + [_stray(root, file) for file in _strays(root, tree, slug)]


def _try(root: Path, tree: Tree, slug: str, kind: str) -> Checked:
    template, own = template_of(root, tree, slug, kind), _file(root, tree, slug, kind) is not None
    try:
        docx(samples()[kind], template)
    except BadInput as error:
        return Checked(kind, template.name, own, error)
    return Checked(kind, template.name, own)


def _file(root: Path, tree: Tree, slug: str, kind: str) -> Path | None:
    nearest = [folder / f"{kind}.docx" for folder in _folders(root, tree, slug)][::-1]
    return next((file for file in nearest if file.is_file()), None)


def _folders(root: Path, tree: Tree, slug: str) -> Iterator[Path]:
    """``documents`` folders from the root tenant down to ``slug``; a folder bears the slug of its tenant."""
    folder = root
    for n, tenant in enumerate(tree.chain(slug)):
        folder = folder / BELOW / tenant.slug if n else folder / tenant.slug
        yield folder / FOLDER


def _strays(root: Path, tree: Tree, slug: str) -> Iterator[Path]:
    """A misspelt name would be ignored in silence; hidden files and Word's locks are."""
    known = {f"{kind}.docx" for kind in FORMS}
    for folder in _folders(root, tree, slug):
        files = sorted(folder.iterdir()) if folder.is_dir() else []
        yield from (file for file in files if file.name not in known and not file.name.startswith((".", "~$")))


def _stray(root: Path, file: Path) -> Checked:
    name = _name(root, file)
    return Checked("", name, own=True, error=BadInput("document_file_unknown", file=name, known="、".join(FORMS)))


def _name(root: Path, file: Path) -> str:
    return file.relative_to(root.parent).as_posix()
