"""The rules of a tenant: which packs and files apply to it, in which order, and how far each binds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from shuangsui.errors import Misconfigured
from shuangsui.rules.entries import checked
from shuangsui.rules.keys import KEYS
from shuangsui.rules.packs import Pack, installed
from shuangsui.rules.policy import FOR_EVER, SINCE_EVER, Layer, Rank, Rules, effective
from shuangsui.said import say
from shuangsui.tenancy import tree as tenants
from shuangsui.tenancy.tenant import Tenant
from shuangsui.tenancy.tree import Tree


def load(
    root: Path,
    on: date,
    packs: Mapping[str, Pack] | None = None,
    *,
    offered: Callable[[Tenant], Sequence[Pack]] = lambda _tenant: (),
) -> Tree:
    """The tenants under ``root``, every one with lawful rules on every day and with complete rules on the day ``on``.

    This is what a process calls when it starts; the first fault of any file is a :class:`Misconfigured`. ``offered``
    answers the packs of a tenant's plugins.
    """
    tree = tenants.load(root)
    found = {tenant.slug: layers(tree, tenant.slug, packs, offered(tenant)) for tenant in tree}
    distinct = {_same(of_tenant): of_tenant for of_tenant in found.values()}
    for each in distinct.values():
        check_lawful(each)
    rules = {same: effective(each, on) for same, each in distinct.items()}
    for tenant in tree:
        _check_complete(tenant, rules[_same(found[tenant.slug])])
    return tree


def check_lawful(found: Sequence[Layer]) -> None:
    """Refuse layers of which one loosens, on some day, what binds it; see :func:`effective`."""
    for day in _turning_days(found):
        effective(found, day)


def check(tree: Tree, slug: str, on: date, offered: Sequence[Pack] = (), amendments: Sequence[Layer] = ()) -> None:
    """The same of one tenant, complete on the day ``on`` included."""
    found = (*layers(tree, slug, offered=offered), *amendments)
    check_lawful(found)
    _check_complete(tree.get(slug), effective(found, on))


def for_tenant(
    tree: Tree,
    slug: str,
    on: date,
    *,
    packs: Mapping[str, Pack] | None = None,
    offered: Sequence[Pack] = (),
    amendments: Sequence[Layer] = (),
) -> Rules:
    """The rules in force for ``slug`` on the day ``on``; ``offered`` and ``amendments`` are those of its plugins."""
    return effective((*layers(tree, slug, packs, offered), *amendments), on)


def layers(
    tree: Tree, slug: str, packs: Mapping[str, Pack] | None = None, offered: Sequence[Pack] = ()
) -> tuple[Layer, ...]:
    """The layers of ``slug``, outermost first: packs, then the ``rules.toml`` of each folder down to its own.

    Who switches a plugin on lists its packs; who only inherits the switch takes the measures among them as advice.
    """
    chain = tree.chain(slug)
    listed = chain[-1].packs or ()
    from_packs = [pack.layer(listed=pack.header.id in listed) for pack in adopted(tree, slug, packs)]
    from_packs += [pack.layer(listed="plugins" in chain[-1].own) for pack in offered]
    from_files = [local(tenant, binding=tenant.slug == slug) for tenant in chain if tenant.rules]
    return (*from_packs, *from_files)


def adopted(tree: Tree, slug: str, packs: Mapping[str, Pack] | None = None) -> list[Pack]:
    """The packs that apply to ``slug``: a list replaces the measures above it, never what binds everybody."""
    known = installed() if packs is None else packs
    found = [pack for pack in known.values() if pack.header.everywhere]
    for tenant in tree.chain(slug):
        if tenant.packs is not None:
            kept = [pack for pack in found if pack.header.binds == "all"]
            found = _distinct([*kept, *(_known(tenant, name, known) for name in tenant.packs)])
    return found


def local(tenant: Tenant, *, binding: bool) -> Layer:
    """The layer of a tenant's ``rules.toml``; it binds the tenant itself and only advises those below (R17.1)."""
    values = checked(tenant.rules, tenant.slug, binding=binding)
    return Layer(tenant.slug, Rank.LOCAL, values)


def _same(found: Sequence[Layer]) -> tuple[int, ...]:
    """What tells the layers of two tenants apart while both are held: most districts have no rules of their own."""
    return tuple(map(id, found))


def _distinct(packs: Iterable[Pack]) -> list[Pack]:
    return list({pack.header.id: pack for pack in packs}.values())


def _known(tenant: Tenant, name: str, known: Mapping[str, Pack]) -> Pack:
    if name in known:
        return known[name]
    setting = tenant.own["packs"]
    problem = say("没有规则包 {name}，现有 {listed}", name=name, listed="、".join(known))
    raise Misconfigured("pack_unknown", file=setting.file, line=setting.line, key="packs", problem=problem)


def _turning_days(found: Sequence[Layer]) -> list[date]:
    """Every day on which something begins to apply or has just ceased to."""
    values = [value for layer in found for value in layer.values]
    begins = {value.valid_from for value in values}
    ceases = {value.valid_to + timedelta(days=1) for value in values if value.valid_to != FOR_EVER}
    return sorted(begins | ceases | {SINCE_EVER})


def _check_complete(tenant: Tenant, rules: Rules) -> None:
    for key in KEYS:
        if key not in rules:
            place = tenant.own.get("packs", tenant.own["slug"])
            raise Misconfigured(
                "rules_incomplete",
                file=place.file,
                line=place.line,
                key=key,
                problem="缺少规则",
                tenant=tenant.slug,
                on=rules.on.isoformat(),
            )
