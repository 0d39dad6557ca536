"""The folder tree of ``tenants/``: a folder with a ``tenant.toml`` is a tenant, its ``districts/`` holds those below.

Everything is read and checked before anything is answered, so no process ever runs with half a configuration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

from shuangsui.errors import Misconfigured, NotFound
from shuangsui.tenancy import annexes, policy
from shuangsui.tenancy.document import Document, parse, read
from shuangsui.tenancy.offers import USUAL, Offer, offers
from shuangsui.tenancy.schema import RulesFile, TenantFile
from shuangsui.tenancy.tenant import Stated, Tenant

T = TypeVar("T")

TENANT_FILE = "tenant.toml"
RULES_FILE = "rules.toml"
CAPS_FILE = "caps.toml"
EXEMPTIONS_FILE = "exemptions.toml"
KNOWN = (TENANT_FILE, RULES_FILE, CAPS_FILE, EXEMPTIONS_FILE)
BELOW = "districts"


@dataclass(frozen=True, slots=True)
class Tree:
    """All tenants; a parent comes before its districts, these in the order of their slugs."""

    tenants: tuple[Tenant, ...]
    offers: Mapping[str, Offer] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Tenant]:
        """Every tenant, a parent first."""
        return iter(self.tenants)

    def __len__(self) -> int:
        """How many tenants there are."""
        return len(self.tenants)

    def get(self, slug: str) -> Tenant:
        """The tenant ``slug``; :class:`NotFound` ``tenant_unknown`` names similar ones."""
        for tenant in self.tenants:
            if tenant.slug == slug:
                return tenant
        raise NotFound("tenant_unknown", tenant=slug, suggestions=self._similar(slug))

    def chain(self, slug: str) -> tuple[Tenant, ...]:
        """The tenants from the root folder down to ``slug``: the order of inheritance."""
        tenant = self.get(slug)
        return (*self.chain(tenant.parent), tenant) if tenant.parent else (tenant,)

    def with_tenant(self, tenant: Tenant) -> Tree:
        """The same tree with ``tenant`` in the place of the one of its slug."""
        return replace(self, tenants=tuple(tenant if one.slug == tenant.slug else one for one in self.tenants))

    def offer(self, plugin: str) -> Offer:
        """How the operator offers a plugin to the tenants."""
        return self.offers.get(plugin, USUAL)

    def children(self, slug: str) -> tuple[Tenant, ...]:
        """The tenants directly below ``slug``."""
        return tuple(tenant for tenant in self.tenants if tenant.parent == slug)

    def _similar(self, word: str) -> str:
        slugs = get_close_matches(word, [tenant.slug for tenant in self.tenants], 3)
        named = [tenant.slug for tenant in self.tenants if word and word in tenant.name]
        return "、".join(dict.fromkeys(slugs + named[:3])) or "（无）"


def load(root: Path) -> Tree:
    """Read and check the whole tree under ``root``; the first fault in folder order is a :class:`Misconfigured`."""
    root = root.resolve()
    folders = _folders(root) if root.is_dir() else []
    tenants = tuple(tenant for folder in folders for tenant in _tenants(folder, None, root.parent))
    if not tenants:
        raise Misconfigured("tenants_missing", file=str(root), line=1, key="", problem="没有租户")
    policy.check_together(tenants)
    offered = offers(root)
    usual = tuple(name for name, one in offered.items() if one.default)
    return Tree(tuple(policy.switched_on(tenant, usual) for tenant in tenants), offered)


def elsewhere(folder: Path, tree: Tree) -> Tenant:
    """The tenant of a folder that stands somewhere else, as if it stood in its place in ``tree``; checked alike."""
    above = tree.get(folder.name).parent
    usual = tuple(name for name, one in tree.offers.items() if one.default)
    return policy.switched_on(_tenant(folder, tree.get(above) if above else None, folder.parent), usual)


def _folders(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith((".", "_")))


def _tenants(folder: Path, parent: Tenant | None, base: Path) -> Iterator[Tenant]:
    """The tenant of ``folder``, then those of its ``districts/``."""
    tenant = _tenant(folder, parent, base)
    yield tenant
    below = folder / BELOW
    for child in _folders(below) if below.is_dir() else ():
        yield from _tenants(child, tenant, base)


def _tenant(folder: Path, parent: Tenant | None, base: Path) -> Tenant:
    _check_files(folder, base)
    document = _document(folder / TENANT_FILE, base)
    file = read(document, TenantFile)
    policy.check_folder(document, folder.name)
    own = policy.flatten(document)
    return Tenant(
        slug=file.slug,
        name=file.name,
        short=file.short,
        parent=parent.slug if parent else None,
        areas=file.areas,
        witnesses=file.witnesses,
        outside_witnesses=file.outside_witnesses,
        holidays=file.holidays,
        credit_code=file.credit_code,
        public_numbers=file.public_numbers,
        oidc=file.oidc,
        own=own,
        settings=policy.inherit(parent, own, document),
        rules=_rules(folder / RULES_FILE, base),
        caps=annexes.inherit_caps(parent.caps if parent else (), _entries(folder / CAPS_FILE, base, annexes.caps)),
        exemptions=annexes.inherit_exemptions(
            parent.exemptions if parent else (), _entries(folder / EXEMPTIONS_FILE, base, annexes.exemptions)
        ),
    )


def _check_files(folder: Path, base: Path) -> None:
    """A misspelt ``rule.toml`` would be ignored in silence; so every other TOML file is refused."""
    if not (folder / TENANT_FILE).is_file():
        raise _misplaced("tenant_file_missing", folder / TENANT_FILE, base)
    for path in sorted(folder.glob("*.toml")):
        if path.name not in KNOWN:
            raise _misplaced("file_unknown", path, base)


def _misplaced(code: str, path: Path, base: Path) -> Misconfigured:
    file = path.relative_to(base).as_posix()
    known = "、".join(KNOWN)
    return Misconfigured(code, file=file, line=1, key="", problem="文件缺失或不认识", known=known)


def _document(path: Path, base: Path) -> Document:
    return parse(path.read_bytes(), path.relative_to(base).as_posix())


def _entries(path: Path, base: Path, reader: Callable[[Document], tuple[T, ...]]) -> tuple[T, ...]:
    """The entries of a file that a folder need not have."""
    return reader(_document(path, base)) if path.is_file() else ()


def _rules(path: Path, base: Path) -> tuple[Stated, ...]:
    """The entries of a ``rules.toml``; none if the folder has no such file."""
    return stated(_document(path, base)) if path.is_file() else ()


def stated(document: Document) -> tuple[Stated, ...]:
    """The ``[[rule]]`` entries of a file that holds nothing else, each with its lines."""
    return locate(document, read(document, RulesFile))


def locate(document: Document, file: RulesFile) -> tuple[Stated, ...]:
    """The entries of ``file``, read from ``document``, with the lines of their values and keys."""
    return tuple(
        Stated(entry, document.file, document.line(("rule", index, "value")), document.line(("rule", index, "key")))
        for index, entry in enumerate(file.rule)
    )
