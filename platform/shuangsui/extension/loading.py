"""Find installed plugins and register the good ones; a broken one becomes a row and harms nobody.

pluggy's own loader stops at the first broken entry point, so this one takes them one by one. What pluggy finds only
later (a misspelt hook) or not at all (a wrapper, an unknown border version) is refused before registration, and so is
a plugin whose import changes functions of the platform.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from functools import cache
from importlib.metadata import EntryPoint, entry_points, version
from pathlib import Path
from threading import RLock
from types import ModuleType

from packaging.requirements import InvalidRequirement, Requirement
from pluggy import PluginManager, PluginValidationError

from shuangsui.contracts import API, PluginOptions
from shuangsui.errors import BadInput, ShuangsuiError
from shuangsui.extension.host import Host
from shuangsui.extension.integrity import Seal, named, sealed
from shuangsui.extension.lanes import lanes, show_calls
from shuangsui.extension.policy import EVERYTHING, KINDS, Fault, Permitted, Plugin, faulted, kinds
from shuangsui.extension.secrecy import exposed_options
from shuangsui.hookspecs import PROJECT, Hooks
from shuangsui.settings import Settings


def load(permitted: Permitted = EVERYTHING) -> Host:
    """Every installed plugin in its own try; one that is not ``permitted`` is not even imported.

    Register everything here and nothing later: a plugin that came later would show up in cached callers.
    """
    manager, seal = PluginManager(PROJECT), sealed()
    manager.add_hookspecs(Hooks)
    return Host(manager, tuple(_plugin(manager, entry, permitted, seal) for entry in _installed()), seal)


def _installed() -> list[EntryPoint]:
    """In an order that does not depend on the file system."""
    return sorted(entry_points(group=PROJECT), key=lambda entry: (entry.name, entry.value))


def _plugin(manager: PluginManager, entry: EntryPoint, permitted: Permitted, seal: Seal) -> Plugin:
    release = entry.dist.version if entry.dist else ""
    if refused := permitted.refusal(entry.name):
        return Plugin(entry.name, release, "blocked", fault=Fault(BadInput(refused, plugin=entry.name), ""))
    try:
        _check_required(entry)
        module = _imported(manager, entry)
        _check_patched(entry.name, seal)
        with warnings.catch_warnings(record=True) as going:
            warnings.simplefilter("always")
            hooks = _register(manager, entry.name, module)
    except ShuangsuiError as error:
        seal.mend(seal.broken())
        return Plugin(entry.name, release, "broken", fault=faulted(error))
    notes = tuple(str(one.message) for one in going)
    facts = (kinds(hooks), _options(module), None, module.__name__, _file(module), notes)
    return Plugin(entry.name, release, "loaded", *facts)


def _check_required(entry: EntryPoint) -> None:
    """What its distribution demands of ours; installers refuse that too, but can be overruled."""
    for stated in (entry.dist.requires if entry.dist else None) or ():
        if not _satisfied(stated):
            raise BadInput("plugin_requires", plugin=entry.name, requirement=stated, found=version(PROJECT))


def _satisfied(stated: str) -> bool:
    """Of other distributions it is the installer's business; what nobody can read is not satisfied."""
    try:
        requirement = Requirement(stated)
    except InvalidRequirement:
        return False
    return requirement.name != PROJECT or requirement.specifier.contains(version(PROJECT), prereleases=True)


def _check_patched(name: str, seal: Seal) -> None:
    if patched := seal.broken():
        seal.mend(patched)
        raise BadInput("plugin_patched", plugin=name, names="、".join(sorted(map(named, patched))[:3]))


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
    if exposed := exposed_options(_options(module)):
        raise BadInput("plugin_options_exposed", plugin=name, keys="、".join(exposed))
    hooks = list(_hooks(manager, name, module))
    try:
        manager.register(module, name)
    except PluginValidationError as error:
        reason = str(error).splitlines()[-1]
        raise BadInput("plugin_hook_arguments", plugin=name, reason=reason) from error
    return hooks


def _file(module: ModuleType) -> Path | None:
    return Path(module.__file__) if module.__file__ else None


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


def host(settings: Settings) -> Host:
    """The process's plugins, loaded once, whoever asks at the same time.

    What a module did on import it does not do again: a second load beside the first would find nothing wrong with it.
    """
    if settings.trace_plugins:
        show_calls()
    with _loading:
        return _host(Permitted.by(settings.plugins, settings.plugins_denied))


def forget() -> None:
    """Load anew at the next need, as a new process does."""
    _host.cache_clear()
    lanes.clear()


_host = cache(load)
_loading = RLock()
