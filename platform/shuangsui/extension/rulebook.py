"""The rules of a tenant with the packs and amendments of its plugins: what every caller of the rules should ask."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from shuangsui.errors import OutsideFailed, RuleRefused
from shuangsui.extension.service import rule_amendments, rule_packs
from shuangsui.rules import service
from shuangsui.rules.packs import Pack
from shuangsui.rules.policy import Rules
from shuangsui.settings import Settings
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


def load(root: Path, on: date, settings: Settings | None = None) -> Tree:
    """The checked tree of :func:`shuangsui.rules.service.load`, plugins' packs and amendments included.

    A plugin that fails, or amends what it may not, stops its own tenant's acts and not the other tenants', so here it
    is only logged.
    """

    def offered(tenant: Tenant) -> Sequence[Pack]:
        try:
            return rule_packs(tenant, settings)
        except OutsideFailed as error:
            log.error(FAILING, tenant.slug, error)
            return ()

    tree = service.load(root, on, offered=offered)
    for tenant in tree:
        try:
            if amendments := rule_amendments(tenant, settings):
                found = service.layers(tree, tenant.slug, offered=rule_packs(tenant, settings))
                service.check_lawful([*found, *amendments])
        except (OutsideFailed, RuleRefused) as error:
            log.error(FAILING, tenant.slug, error)
    return tree
