"""What may be offered through each hook, and how the platform takes it: behind isolation, or read and checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar

from shuangsui.called import CALLBACK_NAME, Callback
from shuangsui.contracts import (
    KEY_ID,
    DisclosureChannel,
    EnforcementSystem,
    KeyStore,
    RegistryFeed,
    ResultCode,
    RuleAmendment,
    RulePackFile,
)
from shuangsui.disclosed import KINDS, Exporter
from shuangsui.entropy import EVENT_KINDS, EntropySource
from shuangsui.errors import Misconfigured, OutsideFailed
from shuangsui.experts import ExpertPool
from shuangsui.extension.isolation import (
    LoadedCallback,
    LoadedChannel,
    LoadedExporter,
    LoadedFeed,
    LoadedKeyStore,
    LoadedNotifier,
    LoadedPool,
    LoadedSource,
    LoadedSystem,
    call,
    wrong,
)
from shuangsui.extension.lanes import lanes
from shuangsui.notified import ADDRESS_KINDS, Notifier
from shuangsui.rules import packs
from shuangsui.rules.amendments import amended
from shuangsui.rules.packs import Pack
from shuangsui.said import say

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Point(Generic[T]):
    """One hook: ``wanted`` is what each thing in its answer must be, ``taken`` makes the platform's object of it."""

    hook: str
    wanted: type[Any]
    taken: Callable[[str, Any], T]


@dataclass(frozen=True, slots=True)
class Amended:
    """An amendment and whose it is."""

    plugin: str
    amendment: RuleAmendment


_MAPPING: type[Any] = Mapping


def _channel(plugin: str, channel: DisclosureChannel) -> LoadedChannel:
    network = call(plugin, "network", bool, getattr, channel, "network")
    return LoadedChannel(plugin, _name(plugin, channel), network, channel)


def _exporter(plugin: str, exporter: Exporter) -> LoadedExporter:
    kinds = call(plugin, "kinds", tuple, getattr, exporter, "kinds")
    if not kinds or not set(kinds) <= set(KINDS):
        raise lanes.of(plugin).erred("kinds", wrong(plugin, "kinds", str(tuple(KINDS)), kinds))
    schema = call(plugin, "schema", _MAPPING, getattr, exporter, "schema")
    duty = call(plugin, "duty", str, getattr, exporter, "duty")
    return LoadedExporter(plugin, _name(plugin, exporter), kinds, duty, schema, exporter)


def _feed(plugin: str, feed: RegistryFeed) -> LoadedFeed:
    kind = call(plugin, "kind", str, getattr, feed, "kind")
    if kind != "objects":
        raise lanes.of(plugin).erred("kind", wrong(plugin, "kind", "objects", kind))
    return LoadedFeed(plugin, _name(plugin, feed), "objects", feed)


def _pool(plugin: str, pool: ExpertPool) -> LoadedPool:
    network = call(plugin, "network", bool, getattr, pool, "network")
    return LoadedPool(plugin, _name(plugin, pool), network, pool)


def _system(plugin: str, system: EnforcementSystem) -> LoadedSystem:
    return LoadedSystem(plugin, _name(plugin, system), system)


def _source(plugin: str, source: EntropySource) -> LoadedSource:
    kind = call(plugin, "kind", str, getattr, source, "kind")
    if kind not in EVENT_KINDS:
        raise lanes.of(plugin).erred("kind", wrong(plugin, "kind", str(EVENT_KINDS), kind))
    network = call(plugin, "network", bool, getattr, source, "network")
    return LoadedSource(plugin, _name(plugin, source), kind, network, source)


def _notifier(plugin: str, notifier: Notifier) -> LoadedNotifier:
    kind = call(plugin, "address_kind", str, getattr, notifier, "address_kind")
    for known in ADDRESS_KINDS:
        if kind == known:
            return LoadedNotifier(plugin, _name(plugin, notifier), known, notifier)
    raise lanes.of(plugin).erred("address_kind", wrong(plugin, "address_kind", str(ADDRESS_KINDS), kind))


def _callback(plugin: str, callback: Callback) -> LoadedCallback:
    name = _name(plugin, callback)
    if not CALLBACK_NAME.fullmatch(name):
        raise lanes.of(plugin).erred("name", wrong(plugin, "name", CALLBACK_NAME.pattern, name))
    return LoadedCallback(plugin, name, callback)


def _store(plugin: str, store: KeyStore) -> LoadedKeyStore:
    network = call(plugin, "network", bool, getattr, store, "network")
    name = _name(plugin, store)
    if not KEY_ID.fullmatch(name):
        raise lanes.of(plugin).erred("name", wrong(plugin, "name", KEY_ID.pattern, name))
    return LoadedKeyStore(plugin, name, network, store)


def _pack(plugin: str, file: RulePackFile) -> Pack:
    """A file that is no pack is the vendor's mistake, so it counts as the plugin's failure."""
    try:
        return _read(file.data, say("插件 {plugin}/{name}", plugin=plugin, name=file.name))
    except Misconfigured as fault:
        place = say(
            "{file} 第 {line} 行 {key}", file=fault.params["file"], line=fault.params["line"], key=fault.params["key"]
        )
        reason = f"{place}：{fault.params['problem']}"
        raise OutsideFailed("plugin_failed", permanent=True, plugin=plugin, step=PACKS.hook, reason=reason) from fault


def _amendment(plugin: str, amendment: RuleAmendment) -> Amended:
    """Its key and value are checked here; whether it loosens a bound shows only among all layers."""
    amended(plugin, [amendment])
    return Amended(plugin, amendment)


def _same(_plugin: str, code: ResultCode) -> ResultCode:
    return code


def _name(plugin: str, thing: object) -> str:
    return call(plugin, "name", str, getattr, thing, "name")


_read = lru_cache(maxsize=256)(packs.load)
"""The same bytes are parsed once; rules are asked for at every official act."""

CHANNELS = Point("register_disclosure_channels", DisclosureChannel, _channel)
EXPORTERS = Point("register_exporters", Exporter, _exporter)
PACKS = Point("register_rule_packs", RulePackFile, _pack)
AMENDMENTS = Point("amend_rules", RuleAmendment, _amendment)
FEEDS = Point("register_registry_feeds", RegistryFeed, _feed)
POOLS = Point("register_expert_pools", ExpertPool, _pool)
CODES = Point("register_result_codes", ResultCode, _same)
SYSTEMS = Point("register_enforcement_systems", EnforcementSystem, _system)
SOURCES = Point("register_entropy_sources", EntropySource, _source)
NOTIFIERS = Point("register_notifiers", Notifier, _notifier)
CALLBACKS = Point("register_callbacks", Callback, _callback)
STORES = Point("register_key_stores", KeyStore, _store)

POINTS: tuple[Point[Any], ...] = (
    CHANNELS, EXPORTERS, PACKS, AMENDMENTS, FEEDS, POOLS, CODES, SYSTEMS, SOURCES, NOTIFIERS,
    CALLBACKS, STORES,
)  # fmt: skip
"""Every hook of ``hookspecs.py``."""
