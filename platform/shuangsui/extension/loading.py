"""Find installed plugins and register the good ones; a broken one becomes a row and harms nobody.

pluggy's own loader stops at the first broken entry point, so this one takes them one by one. What pluggy finds only
later (a misspelt hook) or not at all (a wrapper, an unknown border version) is refused before registration.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType

from pluggy import PluginManager, PluginValidationError

from shuangsui.contracts import API, PluginOptions
from shuangsui.errors import BadInput, ShuangsuiError
from shuangsui.extension.host import Host
from shuangsui.extension.policy import KINDS, Fault, Plugin, allow_list, kinds
from shuangsui.hookspecs import PROJECT, Hooks


def load(allowed: str | None = None) -> Host:
    """Every installed plugin in its own try; one that ``allowed`` (``SHUANGSUI_PLUGINS``) omits is not even imported.

    Register everything here and nothing later: a plugin that came later would show up in cached callers.
    """
    manager, names = PluginManager(PROJECT), allow_list(allowed)
    manager.add_hookspecs(Hooks)
    return Host(manager, tuple(_plugin(manager, entry, names) for entry in _installed()))


def _installed() -> list[EntryPoint]:
    """In an order that does not depend on the file system."""
    return sorted(entry_points(group=PROJECT), key=lambda entry: (entry.name, entry.value))


def _plugin(manager: PluginManager, entry: EntryPoint, allowed: frozenset[str] | None) -> Plugin:
    version = entry.dist.version if entry.dist else ""
    if allowed is not None and entry.name not in allowed:
        return Plugin(entry.name, version, "blocked")
    try:
        module = _imported(manager, entry)
        hooks = _register(manager, entry.name, module)
    except ShuangsuiError as error:
        return Plugin(entry.name, version, "broken", fault=Fault(error, traceback.format_exc()))
    return Plugin(entry.name, version, "loaded", kinds(hooks), _options(module))


def _imported(manager: PluginManager, entry: EntryPoint) -> ModuleType:
    if manager.has_plugin(entry.name):
        raise BadInput("plugin_name_taken", plugin=entry.name)
    try:
        module: ModuleType = entry.load()
    except (Exception, SystemExit) as error:  # whatever a vendor's module does on import is a row
        raise BadInput("plugin_not_imported", plugin=entry.name, reason=f"{type(error).__name__}: {error}") from error
    return module


def _register(manager: PluginManager, name: str, module: ModuleType) -> list[str]:
    """The hooks it implements; nothing is registered if anything is wrong."""
    found = getattr(module, "api", None)
    if found != API:
        raise BadInput("plugin_api", plugin=name, found=found, wanted=API)
    if not (isinstance(_options(module), type) and issubclass(_options(module), PluginOptions)):
        raise BadInput("plugin_options_untyped", plugin=name)
    hooks = list(_hooks(manager, name, module))
    try:
        manager.register(module, name)
    except PluginValidationError as error:
        reason = str(error).splitlines()[-1]
        raise BadInput("plugin_hook_arguments", plugin=name, reason=reason) from error
    return hooks


def _options(module: ModuleType) -> type[PluginOptions]:
    options: type[PluginOptions] = getattr(module, "Options", PluginOptions)
    return options


def _hooks(manager: PluginManager, name: str, module: ModuleType) -> Iterator[str]:
    """The names of the hooks that ``module`` implements, each known and plain."""
    for attribute in dir(module):
        marks = manager.parse_hookimpl_opts(module, attribute)
        if marks is None:
            continue
        hook = marks.get("specname") or attribute
        if hook not in KINDS:
            raise BadInput("plugin_hook_unknown", plugin=name, hook=hook, known="、".join(KINDS))
        if marks.get("wrapper") or marks.get("hookwrapper"):
            raise BadInput("plugin_hook_wrapper", plugin=name, hook=hook)
        yield hook


host = cache(load)
"""The process's plugins, loaded once per allow-list."""
