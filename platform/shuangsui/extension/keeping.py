"""Key stores of plugins; one that talks to a network is asked in a child process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shuangsui.contracts import Health
from shuangsui.extension import handing
from shuangsui.extension.children import Limits, Question
from shuangsui.extension.isolation import LoadedKeyStore
from shuangsui.settings import Settings
from shuangsui.tenancy.tenant import Tenant

LIMITS = Limits(seconds=10, memory=1 << 30, file=1 << 20)
"""Somebody waits for a page: a store that takes longer is away."""


@dataclass(frozen=True, slots=True)
class DistantKeyStore(LoadedKeyStore):
    """A plugin's key store that talks to a network, asked in a child process."""

    tenant: Tenant
    settings: Settings

    def current(self) -> str:
        """As the contract says, or :class:`OutsideFailed`."""
        return self.named("current", self._id("current"), empty=True)

    def derive(self, key: str, purpose: str) -> bytes:
        """As the contract says, or :class:`OutsideFailed`."""
        return self.measured(self._asked("derive", {"key": key, "purpose": purpose})[1])

    def renew(self) -> str:
        """As the contract says, or :class:`OutsideFailed`."""
        return self.named("renew", self._id("renew"))

    def check(self) -> Health:
        """As the contract says, or :class:`OutsideFailed`."""
        return handing.check(self.tenant, self, self.settings)

    def _id(self, step: str) -> str:
        return str(self._asked(step, {})[0].get("key", ""))

    def _asked(self, step: str, head: Mapping[str, Any]) -> tuple[Mapping[str, Any], bytes]:
        question = Question(self.plugin, step, {**head, "point": "keys", "name": self.name})
        return handing.pool.ask(self.tenant, question, self.settings, LIMITS)


def at_distance(tenant: Tenant, one: LoadedKeyStore, settings: Settings) -> LoadedKeyStore:
    """``one`` itself if it stays on this machine."""
    return DistantKeyStore(one.plugin, one.name, True, one.store, tenant, settings) if one.network else one
