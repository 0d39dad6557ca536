"""The rules of a tenant with the packs and amendments of its plugins: what every caller of the rules should ask."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date
from pathlib import Path

from shuangsui.errors import Misconfigured, OutsideFailed, RuleRefused, ShuangsuiError
from shuangsui.extension import service as plugins
from shuangsui.extension.points import PACKS
from shuangsui.extension.policy import faulted
from shuangsui.extension.service import Listed, rule_amendments, rule_packs
from shuangsui.rules import service
from shuangsui.rules.packs import Pack
from shuangsui.rules.policy import Rules
from shuangsui.settings import Settings, from_environment
from shuangsui.tenancy.tenant import Tenant
from shuangsui.tenancy.tree import Tree

log = logging.getLogger(__name__)

FAILING = "tenant %s has no rules while its plugin fails: %s"


def in_force(tree: Tree, slug: str, on: date, settings: Settings | None = None) -> Rules:
    """The rules of ``slug`` on the day ``on``; :class:`OutsideFailed` while a plugin fails to answer its packs.

    :class:`RuleRefused` ``amendment_invalid``, ``rule_loosened`` while a plugin amends what it may not.
    """
    tenant = tree.get(slug)
    amendments = rule_amendments(tenant, settings)
    return service.for_tenant(tree, slug, on, offered=rule_packs(tenant, settings), amendments=amendments)


def packs(tree: Tree, slug: str, settings: Settings | None = None) -> list[Pack]:
    """The packs that apply to ``slug``, in the order in which they take effect; those of its plugins last."""
    return [*service.adopted(tree, slug), *rule_packs(tree.get(slug), settings)]


def check(tree: Tree, slug: str, on: date, settings: Settings | None = None) -> None:
    """Whether the rules of ``slug`` would be lawful on every day and complete on the day ``on``; raises what is not."""
    tenant = tree.get(slug)
    service.check(tree, slug, on, rule_packs(tenant, settings), rule_amendments(tenant, settings))


def load(root: Path, on: date, settings: Settings | None = None) -> Tree:
    """The checked tree of :func:`shuangsui.rules.service.load`; the packs and amendments of plugins are looked at too.

    A plugin that fails, or says what it may not, stops its own tenant's acts and not the other tenants', so here it is
    only logged.
    """
    tree = service.load(root, on)
    for tenant in tree:
        try:
            for error in refusals(tree, tenant.slug, settings).values():
                log.error(FAILING, tenant.slug, error)
        except (OutsideFailed, RuleRefused) as error:
            log.error(FAILING, tenant.slug, error)
    return tree


def refusals(tree: Tree, slug: str, settings: Settings | None = None) -> dict[str, ShuangsuiError]:
    """Plugins of ``slug`` that loosen, on some day, what binds it, each with the bound's article; raises as above."""
    tenant, found = tree.get(slug), dict[str, ShuangsuiError]()
    packs = _lawful_packs(tree, tenant, found, settings)
    if not (amendments := rule_amendments(tenant, settings)):
        return found
    lawful = [*service.layers(tree, slug, offered=packs)]
    for layer in amendments:
        try:
            service.check_lawful([*lawful, layer])
            lawful.append(layer)
        except RuleRefused as error:
            found[layer.pack] = error
    return found


def _lawful_packs(
    tree: Tree, tenant: Tenant, found: dict[str, ShuangsuiError], settings: Settings | None
) -> list[Pack]:
    """The packs of the tenant's plugins, without those of a plugin that makes its rules unlawful: it is ``found``."""
    lawful: list[Pack] = []
    for name in tenant.plugins:
        offered = plugins.offered_by(PACKS, name, tenant, settings or from_environment())
        try:
            if offered:
                service.check_lawful(service.layers(tree, tenant.slug, offered=[*lawful, *offered]))
            lawful += offered
        except Misconfigured as error:
            found[name] = error
    return lawful


def listing(tree: Tree, slug: str, settings: Settings | None = None) -> list[Listed]:
    """The plugins as ``slug`` has them; one that says what it may not has failed, though it answers."""
    listed = plugins.listing(settings, tree.get(slug))
    try:
        found = refusals(tree, slug, settings)
    except (OutsideFailed, RuleRefused, Misconfigured):
        return listed
    return [
        replace(one, state="failed", fault=faulted(found[one.name])) if one.name in found else one for one in listed
    ]
