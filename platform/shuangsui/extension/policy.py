"""What a plugin is to the platform and to one tenant; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from shuangsui.contracts import PluginOptions
from shuangsui.errors import ShuangsuiError

KINDS = {
    "register_disclosure_channels": "disclosure_channel",
    "register_exporters": "exporter",
    "register_rule_packs": "rule_pack",
    "register_registry_feeds": "registry_feed",
    "register_result_codes": "result_codes",
    "register_enforcement_systems": "enforcement_system",
    "register_notifiers": "notifier",
}
"""Hook → the kind of plugin that implements it."""

State = Literal["loaded", "blocked", "broken", "enabled", "disabled", "missing", "misconfigured", "failed"]
"""``loaded``, ``blocked`` and ``broken`` hold for the whole process, the others for one tenant."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why something of a plugin does not work: the sentence's error, and the traceback for whoever repairs it."""

    error: ShuangsuiError
    traceback: str


@dataclass(frozen=True, slots=True)
class Plugin:
    """One entry point of an installed distribution; ``state`` is never that of a tenant."""

    name: str
    version: str
    state: State
    kinds: tuple[str, ...] = ()
    options: type[PluginOptions] = PluginOptions
    fault: Fault | None = None


def allow_list(text: str | None) -> frozenset[str] | None:
    """The names of ``SHUANGSUI_PLUGINS``; None allows everything, an empty text nothing."""
    return None if text is None else frozenset(text.replace(",", " ").split())


def kinds(hooks: Iterable[str]) -> tuple[str, ...]:
    """The kinds of a plugin that implements ``hooks``."""
    return tuple(sorted({KINDS[hook] for hook in hooks}))


def state_for(state: State, name: str, switched_on: Sequence[str]) -> State:
    """The state of a plugin for the tenant whose list is ``switched_on``; what does not load, loads for nobody."""
    if state != "loaded":
        return state
    return "enabled" if name in switched_on else "disabled"
