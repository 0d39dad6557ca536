"""Every hook a plugin may implement: its promise and its arguments. The one file a vendor must read.

Hooks are synchronous and called once per tenant that has the plugin switched on, each implementation on its own; an
implementation names only the arguments it uses. What it answers is called later, piece by piece, so a plugin's failure
never touches another plugin or another tenant. Wrappers are refused.
"""

from __future__ import annotations

from typing import Any, Protocol

from pluggy import HookimplMarker, HookspecMarker

from shuangsui.called import Callback
from shuangsui.contracts import (
    Context,
    DisclosureChannel,
    EnforcementSystem,
    KeyStore,
    RegistryFeed,
    ResultCode,
    RuleAmendment,
    RulePackFile,
)
from shuangsui.disclosed import Exporter
from shuangsui.entropy import EntropySource
from shuangsui.experts import ExpertPool
from shuangsui.notified import Notifier

PROJECT = "shuangsui"
"""Name of the hooks and of the entry point group through which plugins are found."""

hookspec = HookspecMarker(PROJECT)
hookimpl = HookimplMarker(PROJECT)


class Hooks(Protocol):
    """What a plugin module may define, as module-level functions marked with ``@hookimpl``."""

    @hookspec
    def register_disclosure_channels(self, context: Context[Any]) -> list[DisclosureChannel]:
        """Every publication of the tenant is handed to each channel answered here and counts once all confirmed it."""

    @hookspec
    def register_exporters(self, context: Context[Any]) -> list[Exporter]:
        """Whatever the tenant discloses is handed to each exporter that takes its kind, once per revision."""

    @hookspec
    def register_rule_packs(self, context: Context[Any]) -> list[RulePackFile]:
        """Every pack answered here is a layer of the tenant's rules, at its rank; a wrong one stops the tenant."""

    @hookspec
    def amend_rules(self, context: Context[Any]) -> list[RuleAmendment]:
        """The amendments answered here are one more layer of the tenant's rules, the last, within what binds it."""

    @hookspec
    def register_registry_feeds(self, context: Context[Any]) -> list[RegistryFeed]:
        """Each feed answered here can be pulled into its registry, through the same checks as a file by hand."""

    @hookspec
    def register_expert_pools(self, context: Context[Any]) -> list[ExpertPool]:
        """The experts of a draw come from all pools answered here together; each is asked once, before the draw."""

    @hookspec
    def register_result_codes(self, context: Context[Any]) -> list[ResultCode]:
        """A result may carry any of the codes answered here whose category it has."""

    @hookspec
    def register_enforcement_systems(self, context: Context[Any]) -> list[EnforcementSystem]:
        """Each task of the tenant is made known to every system answered here, which gives it its inspection code."""

    @hookspec
    def register_entropy_sources(self, context: Context[Any]) -> list[EntropySource]:
        """The events of a draw's plan are those of the sources answered here that the rule ``draw.entropy`` names."""

    @hookspec
    def register_notifiers(self, context: Context[Any]) -> list[Notifier]:
        """Whoever must look at something hears of it through each notifier answered here that reaches him."""

    @hookspec
    def register_callbacks(self, context: Context[Any]) -> list[Callback]:
        """Other systems reach each callback answered here at an address of its own, while the plugin is on."""

    @hookspec
    def register_key_stores(self, context: Context[Any]) -> list[KeyStore]:
        """Telephones are sealed under a key of the first store answered here that has one; the others still open."""
