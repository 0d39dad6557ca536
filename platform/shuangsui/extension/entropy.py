"""Entropy sources of plugins; what is pure is asked here, what talks to a network in a child process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from shuangsui.contracts import Health
from shuangsui.entropy import EntropyEvent, EntropyValue
from shuangsui.errors import OutsideFailed
from shuangsui.extension import service
from shuangsui.extension.children import Limits, Question
from shuangsui.extension.handing import pool
from shuangsui.extension.isolation import Absent, LoadedSource
from shuangsui.extension.points import SOURCES
from shuangsui.settings import Settings, from_environment
from shuangsui.tenancy.tenant import Tenant

LIMITS = Limits(seconds=60, memory=1 << 30, file=1 << 20)


@dataclass(frozen=True, slots=True)
class DistantSource(LoadedSource):
    """A plugin's source that talks to a network, asked for values in a child process."""

    tenant: Tenant
    settings: Settings

    def fetch(self, event: EntropyEvent) -> EntropyValue:
        """As the contract says, or :class:`OutsideFailed`; nothing is believed of it before :meth:`verify`."""
        said = self._asked("fetch_value", {"event": framed_event(event)})
        try:
            return EntropyValue(said["value"], dict(said["proof"]))
        except (ValueError, KeyError, TypeError) as error:
            raise OutsideFailed("plugin_died", plugin=self.plugin, step="fetch", status=0) from error

    def check(self) -> Health:
        """As the contract says, or :class:`OutsideFailed`."""
        said = self._asked("check", {})
        try:
            return Health(bool(said["ok"]), str(said["message"]))
        except KeyError as error:
            raise OutsideFailed("plugin_died", plugin=self.plugin, step="check", status=0) from error

    def _asked(self, step: str, head: Mapping[str, Any]) -> dict[str, Any]:
        question = Question(self.plugin, step, {**head, "point": "entropy", "name": self.name})
        said, _ = pool.ask(self.tenant, question, self.settings, LIMITS)
        return said


def sources(tenant: Tenant, settings: Settings | None = None) -> list[LoadedSource | Absent]:
    """The entropy sources of the tenant's plugins; a plugin that fails to answer stands there as a failing one."""
    environment = settings or from_environment()
    found = service.offered(SOURCES, tenant, environment)
    return [one if isinstance(one, Absent) else _distant(tenant, one, environment) for one in found]


def _distant(tenant: Tenant, one: LoadedSource, settings: Settings) -> LoadedSource:
    if not one.network:
        return one
    return DistantSource(one.plugin, one.name, one.kind, True, one.source, tenant, settings)


def framed_event(event: EntropyEvent) -> dict[str, Any]:
    """An event as JSON has it."""
    return {"name": event.name, "kind": event.kind, "at": event.at.isoformat(), "facts": dict(event.facts)}


def unframed_event(said: Mapping[str, Any]) -> EntropyEvent:
    """The event that :func:`framed_event` took apart."""
    at = datetime.fromisoformat(said["at"]).astimezone(UTC)
    return EntropyEvent(said["name"], said["kind"], at, said["facts"])


def framed_value(value: EntropyValue) -> dict[str, Any]:
    """A value as JSON has it."""
    return {"value": value.value, "proof": dict(value.proof)}
