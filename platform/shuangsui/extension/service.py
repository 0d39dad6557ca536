"""The plugins of this process and what each tenant gets of them.

Nothing here keeps state but the loaded plugins: options and paths are read anew at each call, so that a changed
configuration needs no restart to be seen by the next publication.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any, TypeVar

from shuangsui.contracts import Context, DisclosureChannel, EnforcementSystem, ResultCode
from shuangsui.errors import Misconfigured, NotFound, OutsideFailed, RuleRefused, ShuangsuiError
from shuangsui.extension import keeping, options
from shuangsui.extension.handing import DistantLook, distant_channel, distant_exporter, distant_notifier
from shuangsui.extension.host import Implementation
from shuangsui.extension.isolation import Absent, LoadedExporter, LoadedKeyStore, LoadedNotifier, call
from shuangsui.extension.lanes import lanes
from shuangsui.extension.loading import host
from shuangsui.extension.points import (
    AMENDMENTS,
    CHANNELS,
    CODES,
    EXPORTERS,
    NOTIFIERS,
    PACKS,
    POINTS,
    STORES,
    SYSTEMS,
    Amended,
    Point,
)
from shuangsui.extension.policy import Fault, Plugin, State, faulted, state_for
from shuangsui.rules.amendments import amended
from shuangsui.rules.packs import Pack
from shuangsui.rules.policy import Layer
from shuangsui.settings import Settings, from_environment
from shuangsui.tenancy.tenant import Tenant

T = TypeVar("T")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of ``plugin list``; ``plugin`` None for a name that a tenant lists and nothing installed has."""

    name: str
    state: State
    plugin: Plugin | None = None
    fault: Fault | None = None


def channels(tenant: Tenant, settings: Settings | None = None) -> list[DisclosureChannel]:
    """The disclosure channels of the tenant's plugins; see :func:`offered`. Who is missing is logged.

    One that talks to a network does so in a child process.
    """
    environment = settings or from_environment()
    for name in host(environment).absent(tenant.plugins):
        log.error("tenant %s has plugin %s switched on, but it is not loaded", tenant.slug, name)
    found = offered(CHANNELS, tenant, environment)
    return [one if isinstance(one, Absent) else distant_channel(tenant, one, environment) for one in found]


def site_address(tenant: Tenant, settings: Settings | None = None) -> str:
    """Where people find the tenant's public site: the option ``address`` of its first disclosure channel that has one.

    Empty if none has; no plugin is asked.
    """
    found = host(settings or from_environment()).implementations(CHANNELS.hook, tenant.plugins)
    stated = (tenant.options(one.plugin.name).get("address") for one in found)
    return next((str(one.value) for one in stated if one and one.value), "")


def exporters(tenant: Tenant, settings: Settings | None = None) -> list[LoadedExporter | Absent]:
    """The exporters of the tenant's plugins; see :func:`offered`. One that is absent takes every kind and refuses.

    They talk to their systems in child processes.
    """
    environment = settings or from_environment()
    found = offered(EXPORTERS, tenant, environment)
    return [one if isinstance(one, Absent) else distant_exporter(tenant, one, environment) for one in found]


def notifiers(tenant: Tenant, settings: Settings | None = None) -> list[LoadedNotifier | Absent]:
    """The notifiers of the tenant's plugins; see :func:`offered`. They work in child processes."""
    environment = settings or from_environment()
    found = offered(NOTIFIERS, tenant, environment)
    return [one if isinstance(one, Absent) else distant_notifier(tenant, one, environment) for one in found]


def key_stores(tenant: Tenant, settings: Settings | None = None) -> list[LoadedKeyStore | Absent]:
    """The key stores of the tenant's plugins; see :func:`offered`. What talks to a network does so in a child."""
    environment = settings or from_environment()
    found = offered(STORES, tenant, environment)
    return [one if isinstance(one, Absent) else keeping.at_distance(tenant, one, environment) for one in found]


def unloaded(tenant: Tenant, settings: Settings | None = None) -> list[Absent]:
    """Plugins that the tenant has switched on and this process has not loaded; what they offer is unknown."""
    names = host(settings or from_environment()).absent(tenant.plugins)
    return [Absent(name, OutsideFailed("plugin_unloaded", plugin=name)) for name in names]


def enforcement_systems(tenant: Tenant, settings: Settings | None = None) -> list[EnforcementSystem]:
    """The enforcement systems of the tenant's plugins; see :func:`offered`."""
    return [*offered(SYSTEMS, tenant, settings)]


def has_enforcement_system(tenant: Tenant, settings: Settings | None = None) -> bool:
    """Whether any of the tenant's plugins is an enforcement system; none of them is asked."""
    return bool(host(settings or from_environment()).implementations(SYSTEMS.hook, tenant.plugins))


def result_codes(tenant: Tenant, settings: Settings | None = None) -> list[ResultCode]:
    """The result codes of the tenant's plugins; :class:`OutsideFailed` of the first that fails."""
    found: list[ResultCode | Absent] = offered(CODES, tenant, settings)
    return _sound(found)


def rule_packs(tenant: Tenant, settings: Settings | None = None) -> list[Pack]:
    """The rule packs of the tenant's plugins; :class:`OutsideFailed` of the first that fails.

    Without a pack the rules could be looser than the law, so nothing may be decided while one cannot be read.
    """
    found: list[Pack | Absent] = offered(PACKS, tenant, settings)
    return _sound(found)


def rule_amendments(tenant: Tenant, settings: Settings | None = None) -> list[Layer]:
    """One layer for each of the tenant's plugins that amends rules, in the tenant's order.

    :class:`OutsideFailed` of the first that fails to answer, :class:`RuleRefused` ``amendment_invalid`` of the first
    that names no key or no value of its key.
    """
    found: list[Amended | Absent] = offered(AMENDMENTS, tenant, settings)
    by_plugin = groupby(_sound(found), lambda one: one.plugin)
    return [amended(plugin, [one.amendment for one in of_plugin]) for plugin, of_plugin in by_plugin]


def offered(point: Point[T], tenant: Tenant, settings: Settings | None = None) -> list[T | Absent]:
    """What the tenant's plugins offer at ``point``, in the tenant's order, each behind isolation.

    :class:`Misconfigured` if options do not fit their plugin. A plugin that fails to answer stands there as something
    that always fails; one that was not even loaded is left out, since nobody knows what it has.
    """
    environment = settings or from_environment()
    found = host(environment).implementations(point.hook, tenant.plugins)
    return [thing for one in found for thing in _offered(point, one, tenant, environment)]


def offered_by(point: Point[T], plugin: str, tenant: Tenant, settings: Settings) -> list[T]:
    """What one plugin offers at ``point``, whether it is switched on or not; nothing of one that is not loaded.

    :class:`OutsideFailed` if it fails to answer.
    """
    found = host(settings).implementations(point.hook, [plugin])
    return [thing for one in found for thing in _answered(point, one, tenant, settings)]


def things(plugin: Plugin, tenant: Tenant, settings: Settings) -> list[Any]:
    """Everything that one plugin offers to the tenant, whether it is switched on or not; :class:`OutsideFailed`.

    What talks to a network does so in a child process.
    """
    found = [
        (point, thing)
        for point in POINTS
        for one in host(settings).implementations(point.hook, [plugin.name])
        for thing in _answered(point, one, tenant, settings)
    ]
    host(settings).mend()
    return [_at_distance(point, thing, tenant, settings) for point, thing in found]


def listing(settings: Settings | None = None, tenant: Tenant | None = None) -> list[Listed]:
    """Every installed plugin, broken ones included; with ``tenant`` also what it lists and nobody installed."""
    environment = settings or from_environment()
    plugins = host(environment).plugins
    if tenant is None:
        return [Listed(one.name, one.state, one, one.fault) for one in plugins]
    installed = {one.name for one in plugins}
    absent = [_missing(tenant, name) for name in tenant.plugins if name not in installed]
    return [_for_tenant(one, tenant, environment) for one in plugins] + absent


def _sound(things: Iterable[T | Absent]) -> list[T]:
    sound: list[T] = []
    for thing in things:
        if isinstance(thing, Absent):
            raise thing.error
        sound.append(thing)
    return sound


def _offered(point: Point[T], found: Implementation, tenant: Tenant, settings: Settings) -> list[T | Absent]:
    try:
        return [*_answered(point, found, tenant, settings)]
    except OutsideFailed as error:
        return [Absent(found.plugin.name, error)]
    finally:
        host(settings).mend()  # at once: the next plugin may take its time, and what one patched is everybody's trouble


def _answered(point: Point[T], found: Implementation, tenant: Tenant, settings: Settings) -> list[T]:
    """What one plugin offers; all of it or :class:`OutsideFailed`."""
    name = found.plugin.name
    context = Context(tenant.slug, options.checked(tenant, found.plugin), settings.public.resolve())
    arguments = [{"context": context}[argument] for argument in found.arguments]
    answer = call(name, point.hook, list, found.function, *arguments)
    taken = [point.taken(name, call(name, point.hook, point.wanted, lambda one=one: one)) for one in answer]
    _check_names(name, point.hook, [one.name for one in taken if hasattr(one, "name")])
    return taken


def _check_names(plugin: str, hook: str, names: list[str]) -> None:
    if twice := [one for one, times in Counter(names).items() if times > 1]:
        raise lanes.of(plugin).erred(hook, OutsideFailed("plugin_name_twice", plugin=plugin, step=hook, name=twice[0]))


def _at_distance(point: Point[Any], thing: Any, tenant: Tenant, settings: Settings) -> Any:
    if point is CHANNELS:
        return distant_channel(tenant, thing, settings)
    if point is EXPORTERS:
        return distant_exporter(tenant, thing, settings)
    if point is STORES:
        return keeping.at_distance(tenant, thing, settings)
    if point is NOTIFIERS:
        return distant_notifier(tenant, thing, settings)
    quiet = not hasattr(thing, "check") or getattr(thing, "network", True) is False
    return thing if quiet else DistantLook(thing, tenant, settings)


def _for_tenant(plugin: Plugin, tenant: Tenant, settings: Settings) -> Listed:
    """Switched on, a plugin is tried: what would fail at the next publication shows now."""
    state, fault = state_for(plugin.state, plugin.name, tenant.plugins), plugin.fault
    if state == "enabled":
        state, fault = _tried(plugin, tenant, settings)
    return Listed(plugin.name, state, plugin, fault)


def _tried(plugin: Plugin, tenant: Tenant, settings: Settings) -> tuple[State, Fault | None]:
    try:
        things(plugin, tenant, settings)
        options.checked(tenant, plugin)
    except Misconfigured as error:
        return "misconfigured", faulted(error)
    except (OutsideFailed, RuleRefused) as error:
        return "failed", faulted(error)
    return "enabled", None


def _missing(tenant: Tenant, name: str) -> Listed:
    switch = tenant.settings["plugins"]
    error: ShuangsuiError = NotFound("plugin_missing", plugin=name, file=switch.file, line=switch.line)
    return Listed(name, "missing", fault=Fault(error, ""))
