"""The plugins of this process and what each tenant gets of them.

Nothing here keeps state but the loaded plugins: options and paths are read anew at each call, so that a changed
configuration needs no restart to be seen by the next publication.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from shuangsui.contracts import Context, DisclosureChannel
from shuangsui.errors import Misconfigured, NotFound, OutsideFailed, ShuangsuiError
from shuangsui.extension import options
from shuangsui.extension.host import Implementation
from shuangsui.extension.isolation import AbsentChannel, LoadedChannel, call
from shuangsui.extension.loading import load
from shuangsui.extension.policy import Fault, Plugin, State, state_for
from shuangsui.settings import Settings
from shuangsui.tenancy.tenant import Tenant

log = logging.getLogger(__name__)

CHANNELS = "register_disclosure_channels"

host = cache(load)
"""The process's plugins, loaded once per allow-list."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of ``plugin list``; ``plugin`` None for a name that a tenant lists and nothing installed has."""

    name: str
    state: State
    plugin: Plugin | None = None
    fault: Fault | None = None


def channels(tenant: Tenant, settings: Settings | None = None) -> list[DisclosureChannel]:
    """The channels of the tenant's plugins, in its order, each behind isolation.

    :class:`Misconfigured` if options do not fit their plugin. A plugin that fails to answer stands there as a channel
    that always fails; one that was not even loaded is left out, since nobody knows whether it has channels.
    """
    environment = settings or Settings()
    plugins = host(environment.plugins)
    for name in plugins.absent(tenant.plugins):
        log.error("tenant %s has plugin %s switched on, but it is not loaded", tenant.slug, name)
    found = plugins.implementations(CHANNELS, tenant.plugins)
    return [channel for one in found for channel in _offered(one, tenant, environment)]


def listing(settings: Settings | None = None, tenant: Tenant | None = None) -> list[Listed]:
    """Every installed plugin, broken ones included; with ``tenant`` also what it lists and nobody installed."""
    environment = settings or Settings()
    plugins = host(environment.plugins).plugins
    if tenant is None:
        return [Listed(one.name, one.state, one, one.fault) for one in plugins]
    installed = {one.name for one in plugins}
    absent = [_missing(tenant, name) for name in tenant.plugins if name not in installed]
    return [_for_tenant(one, tenant, environment) for one in plugins] + absent


def _offered(found: Implementation, tenant: Tenant, settings: Settings) -> Iterator[DisclosureChannel]:
    try:
        yield from _answered(found, tenant, settings)
    except OutsideFailed as error:
        yield AbsentChannel(found.plugin.name, error)


def _answered(found: Implementation, tenant: Tenant, settings: Settings) -> list[LoadedChannel]:
    """The channels of one plugin; all of them or :class:`OutsideFailed`."""
    name = found.plugin.name
    context = Context(tenant.slug, options.checked(tenant, found.plugin), settings.public.resolve())
    arguments = [{"context": context}[argument] for argument in found.arguments]
    return [_loaded(name, channel) for channel in call(name, CHANNELS, list, found.function, *arguments)]


def _loaded(plugin: str, offered: object) -> LoadedChannel:
    channel = call(plugin, CHANNELS, DisclosureChannel, lambda: offered)  # type: ignore[type-abstract]
    return LoadedChannel(plugin, call(plugin, "name", str, getattr, channel, "name"), channel)


def _for_tenant(plugin: Plugin, tenant: Tenant, settings: Settings) -> Listed:
    """Switched on, a plugin is tried: what would fail at the next publication shows now."""
    state, fault = state_for(plugin.state, plugin.name, tenant.plugins), plugin.fault
    if state == "enabled":
        state, fault = _tried(plugin, tenant, settings)
    return Listed(plugin.name, state, plugin, fault)


def _tried(plugin: Plugin, tenant: Tenant, settings: Settings) -> tuple[State, Fault | None]:
    try:
        for found in host(settings.plugins).implementations(CHANNELS, [plugin.name]):
            _answered(found, tenant, settings)
        options.checked(tenant, plugin)
    except Misconfigured as error:
        return "misconfigured", Fault(error, traceback.format_exc())
    except OutsideFailed as error:
        return "failed", Fault(error, traceback.format_exc())
    return "enabled", None


def _missing(tenant: Tenant, name: str) -> Listed:
    switch = tenant.settings["plugins"]
    error: ShuangsuiError = NotFound("plugin_missing", plugin=name, file=switch.file, line=switch.line)
    return Listed(name, "missing", fault=Fault(error, ""))
