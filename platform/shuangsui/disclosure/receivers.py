"""公示渠道 at a glance: every receiver, whether it could be used now, and what waits for it.

A receiver is known by its plugin, or by the deliveries that are left for it: those of a duty that no plugin serves,
and those of a plugin that is switched off.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, func, select

from shuangsui.contracts import DisclosureChannel, Health
from shuangsui.db import TenantSession, now
from shuangsui.disclosure.messages import BY_HAND, DISCLOSED, DUTIES
from shuangsui.disclosure.policy import LEFT, OPEN, DeliveryState
from shuangsui.disclosure.tables import ChannelState, Delivery
from shuangsui.disclosure.ways import HAND, PORTAL, SHOWN, named
from shuangsui.errors import OutsideFailed, ShuangsuiError
from shuangsui.extension import service
from shuangsui.extension.isolation import Absent, LoadedExporter
from shuangsui.settings import Settings
from shuangsui.tenancy.tenant import Tenant

AT_ONCE = 8
Source = DisclosureChannel | LoadedExporter | Absent


@dataclass(frozen=True, slots=True)
class Breaker:
    """How often a receiver failed in a row, until when it is left alone (None: it is not), and the last error."""

    failures: int = 0
    open_until: datetime | None = None
    error: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Receiver:
    """One receiver; ``problem`` says why it cannot be used, otherwise ``message`` is its own word."""

    channel: str
    kinds: tuple[str, ...]
    duty: str
    ok: bool
    message: str
    problem: ShuangsuiError | None
    breaker: Breaker
    waiting: int
    refused: int

    def facts(self, sentence: Callable[[ShuangsuiError], str]) -> dict[str, Any]:
        """For people and programs; ``sentence`` puts an error into words."""
        error = self.breaker.error
        return {
            "channel": self.channel, "kinds": self.kinds, "kind_names": [DISCLOSED[one] for one in self.kinds],
            "duty": self.duty, "duty_name": DUTIES.get(self.duty, self.duty), "ok": self.ok,
            "message": sentence(self.problem) if self.problem else self.message,
            "failures": self.breaker.failures, "open_until": self.breaker.open_until,
            "last_error": sentence(ShuangsuiError(error["code"], **error["params"])) if error else "",
            "waiting": self.waiting, "refused": self.refused,
        }  # fmt: skip


def receivers(session: TenantSession, tenant: Tenant, settings: Settings) -> list[Receiver]:
    """Every one, in the tenant's order of plugins. They are asked all at once, and no transaction waits for them."""
    sources, counts, breakers = _sources(tenant, settings), left(session), _breakers(session)
    session.commit()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        found = dict(zip(sources, threads.map(_checked, sources.values()), strict=True))
    found |= {name: _of_nobody(name) for name in sorted(set(counts) - set(sources))}
    return [
        _receiver(name, sources.get(name), health, breakers.get(name, Breaker()), counts.get(name, {}))
        for name, health in found.items()
    ]


def left(session: TenantSession) -> dict[str, dict[DeliveryState, int]]:
    """Channel → state → how many deliveries are not confirmed there."""
    query = select(Delivery.channel, Delivery.state, func.count(col(Delivery.id)))
    found: dict[str, dict[DeliveryState, int]] = {}
    for channel, state, count in session.exec(
        query.where(col(Delivery.state).in_(LEFT)).group_by(Delivery.channel, Delivery.state)
    ):
        found.setdefault(channel, {})[DeliveryState(state)] = count
    return found


def _sources(tenant: Tenant, settings: Settings) -> dict[str, Source]:
    found: list[Source] = [
        *service.channels(tenant, settings), *service.exporters(tenant, settings), *service.unloaded(tenant, settings)
    ]  # fmt: skip
    return {named(one): one for one in found}


def _breakers(session: TenantSession) -> dict[str, Breaker]:
    """One that has run out is closed."""
    moment = now(session)
    return {
        row.channel: Breaker(
            row.failures, row.open_until if row.open_until and row.open_until > moment else None, row.error
        )
        for row in session.exec(select(ChannelState))
    }


def _checked(source: Source) -> Health | OutsideFailed:
    try:
        return source.check()
    except OutsideFailed as error:
        return error


def _of_nobody(name: str) -> Health | OutsideFailed:
    """What is known of a receiver without a plugin: a person does its work, or nobody."""
    return Health(True, BY_HAND) if name.startswith(f"{HAND}/") else OutsideFailed("channel_gone", channel=name)


def _receiver(
    name: str,
    source: Source | None,
    health: Health | OutsideFailed,
    breaker: Breaker,
    counts: Mapping[DeliveryState, int],
) -> Receiver:
    ok, message, problem = False, "", None
    if isinstance(health, Health):
        ok, message = health.ok, health.message
    else:
        problem = health
    waiting, refused = sum(counts.get(state, 0) for state in OPEN), counts.get(DeliveryState.REFUSED, 0)
    return Receiver(name, _kinds(source), _duty(name, source), ok, message, problem, breaker, waiting, refused)


def _kinds(source: Source | None) -> tuple[str, ...]:
    if source is None:
        return ()
    return tuple(getattr(source, "kinds", SHOWN))


def _duty(name: str, source: Source | None) -> str:
    if name.startswith(f"{HAND}/"):
        return name.partition("/")[2]
    return str(getattr(source, "duty", "" if source is None else PORTAL))
