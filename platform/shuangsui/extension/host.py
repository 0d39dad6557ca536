"""The registered plugins of this process, and the implementations that one tenant's plugins have of a hook."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pluggy import HookCaller, PluginManager

from shuangsui.errors import OutsideFailed
from shuangsui.extension.integrity import Seal, culprit, named
from shuangsui.extension.lanes import lanes
from shuangsui.extension.policy import Plugin


@dataclass(frozen=True, slots=True)
class Implementation:
    """One plugin's implementation of one hook; ``arguments`` are those it asks for."""

    plugin: Plugin
    function: Callable[..., object]
    arguments: tuple[str, ...]


class Host:
    """One plugin manager for all tenants; each set of switched-on plugins has its own cached caller."""

    def __init__(self, manager: PluginManager, plugins: tuple[Plugin, ...], seal: Seal) -> None:
        self.plugins, self.seal = plugins, seal
        self._manager = manager
        self._callers: dict[tuple[str, frozenset[str]], HookCaller] = {}

    def implementations(self, hook: str, switched_on: Sequence[str]) -> list[Implementation]:
        """Those of the plugins ``switched_on``, in that order; to be called one by one, never as one hook call."""
        found = [
            Implementation(self._plugin(one.plugin_name), one.function, tuple(one.argnames))
            for one in self._caller(hook, frozenset(switched_on)).get_hookimpls()
        ]
        return sorted(found, key=lambda one: switched_on.index(one.plugin.name))

    def absent(self, switched_on: Sequence[str]) -> list[str]:
        """Those of ``switched_on`` that are broken, blocked or not installed."""
        return [name for name in switched_on if not self._manager.has_plugin(name)]

    def _caller(self, hook: str, names: frozenset[str]) -> HookCaller:
        if (hook, names) not in self._callers:
            off = [plugin for name, plugin in self._manager.list_name_plugin() if name not in names]
            self._callers[hook, names] = self._manager.subset_hook_caller(hook, off)
        return self._callers[hook, names]

    def _plugin(self, name: str) -> Plugin:
        return next(plugin for plugin in self.plugins if plugin.name == name and plugin.state == "loaded")

    def mend(self) -> None:
        """Undo what plugins did to functions of the platform, and count it as their mistake.

        What nobody's file accounts for is left alone: it may be a test's, or a debugger's.
        """
        broken = self.seal.broken()
        for plugin in self.plugins if broken else ():
            found = [place for place in broken if plugin.owns(culprit(place))]
            if found:
                self.seal.mend(found)
                names = "、".join(sorted(map(named, found))[:3])
                lanes.of(plugin.name).erred("patched", OutsideFailed("plugin_patches", plugin=plugin.name, names=names))
