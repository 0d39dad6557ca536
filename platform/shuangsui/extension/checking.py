"""Whether a plugin of a tenant could do its work now: everything it offers is taken, and asked to look."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import select

from shuangsui.db import TenantSession, now
from shuangsui.errors import Misconfigured, OutsideFailed, RuleRefused
from shuangsui.extension import options, service
from shuangsui.extension.loading import host
from shuangsui.extension.policy import Fault, Plugin, faulted
from shuangsui.extension.tables import PluginHealth
from shuangsui.settings import Settings
from shuangsui.tenancy.tenant import Tenant

FINE = "正常。"


@dataclass(frozen=True, slots=True)
class Examined:
    """``message`` is what the plugin says; ``fault`` is there if it failed to say anything sensible."""

    ok: bool
    message: str
    fault: Fault | None = None


def examined(tenant: Tenant, plugin: Plugin, settings: Settings) -> Examined:
    """What ``plugin``, with the tenant's options, says of itself; what goes wrong is an answer too."""
    try:
        options.checked(tenant, plugin)
        said = [thing.check() for thing in service.things(plugin, tenant, settings) if hasattr(thing, "check")]
    except (Misconfigured, OutsideFailed, RuleRefused) as error:
        return Examined(False, "", faulted(error))
    sound = all(health.ok for health in said)
    return Examined(sound, " ".join(health.message for health in said if health.ok is sound) or FINE)


def check_all(session: TenantSession, tenant: Tenant, settings: Settings) -> list[Examined]:
    """Ask every loaded plugin that the tenant has on, without a transaction waiting for them, and remember it."""
    plugins = [one for one in host(settings).plugins if one.name in tenant.plugins and not one.fault]
    session.commit()
    found = [examined(tenant, plugin, settings) for plugin in plugins]
    for plugin, one in zip(plugins, found, strict=True):
        note(session, plugin.name, one)
    return found


def note(session: TenantSession, plugin: str, found: Examined) -> PluginHealth:
    """Remember the newest answer."""
    query = select(PluginHealth).where(PluginHealth.plugin == plugin)
    row = session.exec(query).one_or_none() or PluginHealth(plugin=plugin, at=now(session), ok=found.ok, message="")
    row.at, row.ok, row.message = now(session), found.ok, found.message
    row.fault, row.traceback = None, ""
    if found.fault:
        row.fault, row.traceback = found.fault.error.kept(), found.fault.traceback
    session.add(row)
    return row


def latest(session: TenantSession) -> dict[str, PluginHealth]:
    """By plugin."""
    return {row.plugin: row for row in session.exec(select(PluginHealth))}
