"""What a plugin is to the platform and to one tenant; pure."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from shuangsui.contracts import PluginOptions
from shuangsui.errors import ShuangsuiError

KINDS = {
    "register_disclosure_channels": "disclosure_channel",
    "register_exporters": "exporter",
    "register_rule_packs": "rule_pack",
    "amend_rules": "rule_amendments",
    "register_registry_feeds": "registry_feed",
    "register_expert_pools": "expert_pool",
    "register_result_codes": "result_codes",
    "register_enforcement_systems": "enforcement_system",
    "register_entropy_sources": "entropy_source",
    "register_notifiers": "notifier",
    "register_callbacks": "callback",
    "register_key_stores": "key_store",
}
"""Hook → the kind of plugin that implements it."""

State = Literal["loaded", "blocked", "broken", "enabled", "disabled", "missing", "misconfigured", "failed"]
"""``loaded``, ``blocked`` and ``broken`` hold for the whole process, the others for one tenant."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why something of a plugin does not work: the sentence's error, and the traceback for whoever repairs it."""

    error: ShuangsuiError
    traceback: str


def faulted(error: ShuangsuiError) -> Fault:
    """With its own traceback and that of what caused it."""
    return Fault(error, "".join(traceback.format_exception(error)))


@dataclass(frozen=True, slots=True)
class Plugin:
    """One entry point of an installed distribution; ``state`` is never that of a tenant.

    ``notes`` are what of the border it still uses will go.
    """

    name: str
    version: str
    state: State
    kinds: tuple[str, ...] = ()
    options: type[PluginOptions] = PluginOptions
    fault: Fault | None = None
    module: str = ""
    file: Path | None = None
    notes: tuple[str, ...] = ()

    def owns(self, file: str) -> bool:
        """Whether a source file is the plugin's: its module, or one in its package."""
        if self.file is None or not file:
            return False
        return Path(file) == self.file or (self.file.name == "__init__.py" and self.file.parent in Path(file).parents)


@dataclass(frozen=True, slots=True)
class Permitted:
    """Which plugins this process may import: ``allowed`` None means everything that is not ``denied``."""

    allowed: frozenset[str] | None = None
    denied: frozenset[str] = frozenset()

    @classmethod
    def by(cls, allowed: str | None, denied: str = "") -> Permitted:
        """From ``SHUANGSUI_PLUGINS``, where an empty text allows nothing, and ``SHUANGSUI_PLUGINS_DENIED``."""
        return cls(None if allowed is None else _names(allowed), _names(denied))

    def refusal(self, name: str) -> str:
        """The code of why ``name`` may not be imported; empty if it may."""
        if name in self.denied:
            return "plugin_denied"
        return "" if self.allowed is None or name in self.allowed else "plugin_not_allowed"


EVERYTHING = Permitted()


def _names(text: str) -> frozenset[str]:
    return frozenset(text.replace(",", " ").split())


def kinds(hooks: Iterable[str]) -> tuple[str, ...]:
    """The kinds of a plugin that implements ``hooks``."""
    return tuple(sorted({KINDS[hook] for hook in hooks}))


def state_for(state: State, name: str, switched_on: Sequence[str]) -> State:
    """The state of a plugin for the tenant whose list is ``switched_on``; what does not load, loads for nobody."""
    if state != "loaded":
        return state
    return "enabled" if name in switched_on else "disabled"
