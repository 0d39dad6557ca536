"""A tenant as its files describe it, with what was decided at the console laid over it.

Decisions about plugins are the tenant's own and are not passed on to the districts below it: another authority's rows
cannot be read. Revisions of rules are published to every authority, and reach districts as a file would.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

from sqlmodel import col, select

from shuangsui.db import TenantSession
from shuangsui.extension.tables import PluginOption, PluginSwitch
from shuangsui.rules import revisions
from shuangsui.rules.revisions import Revision
from shuangsui.tenancy.schema import Scalar
from shuangsui.tenancy.tenant import CONSOLE, Setting, Tenant
from shuangsui.tenancy.tree import Tree


@dataclass(frozen=True, slots=True)
class Decisions:
    """Plugin → whether it is switched on, in the order of the decisions; (plugin, key) → value of an option."""

    switches: Mapping[str, bool] = field(default_factory=dict)
    options: Mapping[tuple[str, str], Scalar] = field(default_factory=dict)

    def switched(self, plugin: str, *, on: bool) -> Decisions:
        """With one more decision."""
        earlier = {name: was for name, was in self.switches.items() if name != plugin}
        return replace(self, switches={**earlier, plugin: on})

    def stated(self, plugin: str, values: Mapping[str, Scalar]) -> Decisions:
        """With these options of a plugin and no others."""
        others = {place: value for place, value in self.options.items() if place[0] != plugin}
        return replace(self, options=others | {(plugin, key): value for key, value in values.items()})

    def of(self, plugin: str) -> dict[str, Scalar]:
        """The options decided for a plugin."""
        return {key: value for (name, key), value in self.options.items() if name == plugin}


def decisions(session: TenantSession) -> Decisions:
    """Those of the session's tenant."""
    switches = session.exec(select(PluginSwitch).order_by(col(PluginSwitch.at), col(PluginSwitch.plugin)))
    options = session.exec(select(PluginOption).order_by(col(PluginOption.plugin), col(PluginOption.key)))
    return Decisions(
        {row.plugin: row.on for row in switches}, {(row.plugin, row.key): _plain(row.value) for row in options}
    )


def seated(session: TenantSession, tree: Tree, trial: Revision | None = None) -> Tree:
    """The tree in which the session's tenant is as decided, and every authority's rules as revised.

    ``trial``: a revision of the session's tenant that nobody has approved, as if it were.
    """
    return revisions.seated(session, laid(tree, session.tenant, decisions(session)), trial)


def laid(tree: Tree, slug: str, decided: Decisions) -> Tree:
    """The tree in which one tenant is as decided."""
    return tree.with_tenant(overlaid(tree.get(slug), decided))


def overlaid(tenant: Tenant, decided: Decisions) -> Tenant:
    """``tenant`` with its plugins and options as decided; the tenant itself if nothing was."""
    own = {f"options.{name}.{key}": Setting(value, CONSOLE, 1) for (name, key), value in decided.options.items()}
    if decided.switches:
        kept = [name for name in tenant.plugins if decided.switches.get(name, True)]
        added = [name for name, on in decided.switches.items() if on and name not in kept]
        own["plugins"] = Setting((*kept, *added), CONSOLE, 1)
    if not own:
        return tenant
    return replace(tenant, own={**tenant.own, **own}, settings={**tenant.settings, **own})


def _plain(value: Any) -> Scalar:
    """JSON knows no tuples."""
    return tuple(value) if isinstance(value, list) else cast("Scalar", value)
