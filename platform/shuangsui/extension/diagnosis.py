"""Why a plugin is not found or does not work, from its installation to its look at itself."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from importlib.metadata import Distribution, distributions, entry_points

from shuangsui.errors import NotFound, ShuangsuiError
from shuangsui.extension import checking
from shuangsui.extension.loading import host
from shuangsui.extension.policy import Plugin
from shuangsui.hookspecs import PROJECT
from shuangsui.settings import Settings
from shuangsui.tenancy.tree import Tree


def faults(name: str, settings: Settings, tree: Tree | None = None, slug: str = "") -> Iterator[ShuangsuiError]:
    """What stands between the plugin ``name`` and its work, for a tenant if one is named; nothing if all is well."""
    plugin = next((one for one in host(settings).plugins if one.name == name), None)
    if plugin is None:
        yield _not_found(name)
    elif plugin.fault:
        yield plugin.fault.error
    elif tree:
        yield from _of_tenant(plugin, settings, tree, slug)


def _of_tenant(plugin: Plugin, settings: Settings, tree: Tree, slug: str) -> Iterator[ShuangsuiError]:
    tenant = tree.get(slug)
    if plugin.name not in tenant.plugins:
        code = "plugin_off_restricted" if tree.offer(plugin.name).restricted else "plugin_off"
        yield NotFound(code, plugin=plugin.name, tenant=slug)
        return
    found = checking.examined(tenant, plugin, settings)
    if found.fault:
        yield found.fault.error
    elif not found.ok:
        yield NotFound("plugin_unwell", plugin=plugin.name, message=found.message)


def _not_found(name: str) -> NotFound:
    """Installed without the entry point, under another name, or not at all in this environment."""
    names = sorted({entry.name for entry in entry_points(group=PROJECT)})
    for one in distributions():
        if _bare(one) == name.removeprefix(f"{PROJECT}-") and not _enters(one):
            return NotFound("plugin_without_entry", plugin=name, distribution=one.name)
    similar = "、".join(get_close_matches(name, names, 3, 0.4)) or "（无）"
    return NotFound("plugin_not_installed", plugin=name, similar=similar, known=len(names))


def _bare(one: Distribution) -> str:
    return (one.name or "").lower().replace("_", "-").removeprefix(f"{PROJECT}-")


def _enters(one: Distribution) -> bool:
    return any(entry.group == PROJECT for entry in one.entry_points)
