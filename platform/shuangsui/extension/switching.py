"""Switching plugins on and off and setting their options, at the console or on the command line.

Each is one act of a system administrator: a row, a ledger entry, and in force with the next request. What would not
work is refused before anything is written, and before the tenant is locked: a plugin's look at itself may take long.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import select

from shuangsui.access.service import require
from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.errors import BadInput, Misconfigured, NotFound, OutsideFailed, RuleRefused
from shuangsui.extension import checking, options, overlay, rulebook
from shuangsui.extension.isolation import Absent, LoadedKeyStore
from shuangsui.extension.loading import host
from shuangsui.extension.overlay import Decisions
from shuangsui.extension.policy import Plugin
from shuangsui.extension.secrecy import masked, sealed_options, variable_options
from shuangsui.extension.service import key_stores
from shuangsui.extension.tables import PluginOption, PluginSwitch
from shuangsui.ledger.service import record
from shuangsui.settings import Settings
from shuangsui.tenancy.schema import Scalar
from shuangsui.tenancy.tenant import TIMEZONE, Tenant
from shuangsui.tenancy.tree import Tree


@dataclass(frozen=True, slots=True)
class Switchboard:
    """An installation's configuration as its files have it; what was decided at the console is read at each act.

    ``require_unneeded`` refuses to switch off a plugin without which something that is kept could not be read, and to
    make it one that offers other key stores which cannot read it.
    """

    tree: Tree
    settings: Settings
    require_unneeded: Callable[[TenantSession, str, Sequence[LoadedKeyStore | Absent]], None]

    def switch_on(self, session: TenantSession, name: str, *, actor: str) -> None:
        """In force from now on, after those that are on; refused if the plugin's look at itself finds a fault."""
        require(session, actor, "manage_settings")
        plugin, decided = self._switchable(session, name), overlay.decisions(session)
        if name in self._plugins(session, decided):
            raise RuleRefused("plugin_already_on", plugin=name)
        self._check_options(session, plugin, decided)
        found = self._tried(session, plugin, decided.switched(name, on=True))
        lock_tenant(session)
        _decide(session, name, on=True, actor=actor)
        checking.note(session, name, found)
        record(session, "plugin.enable", actor=actor, subject=f"plugin/{name}", payload={"version": plugin.version})

    def switch_off(self, session: TenantSession, name: str, *, actor: str) -> None:
        """No hooks, pages and deliveries of it from now on; also of one that is no longer installed."""
        require(session, actor, "manage_settings")
        decided = overlay.decisions(session)
        if name not in self._plugins(session, decided):
            raise RuleRefused("plugin_not_on", plugin=name)
        if self.tree.offer(name).restricted:
            raise RuleRefused("plugin_restricted", plugin=name)
        if self._lawful(session, decided):
            self._check_rules(session, decided.switched(name, on=False))
        self.require_unneeded(session, name, ())
        lock_tenant(session)
        _decide(session, name, on=False, actor=actor)
        record(session, "plugin.disable", actor=actor, subject=f"plugin/{name}", payload={})

    def set_options(self, session: TenantSession, name: str, values: Mapping[str, Scalar], *, actor: str) -> list[str]:
        """Values for some options; one that the files say too is inherited. Answers the keys that changed.

        A secret is refused: what is set here is kept in the database, and goes into backups. So is the name of a
        variable, and every option of a plugin that has a secret which is not the tenant's own (``options.hindrance``).
        """
        require(session, actor, "manage_settings")
        plugin, decided = self._switchable(session, name), overlay.decisions(session)
        if sealed := sorted(sealed_options(plugin.options) & values.keys()):
            raise RuleRefused("plugin_option_sealed", plugin=name, key="、".join(sealed))
        if variables := sorted(variable_options(plugin.options) & values.keys()):
            raise RuleRefused("plugin_option_variable", plugin=name, key="、".join(variables))
        inherited = options.in_force(self.tree.get(session.tenant), plugin)
        wanted = {key: value for key, value in values.items() if value != inherited.get(key)}
        kept = {key: value for key, value in decided.of(name).items() if key not in values} | wanted
        fresh = kept.items() - decided.of(name).items()
        if fresh and (refusal := options.hindrance(self._tenant(session, decided), plugin)):
            raise refusal
        return self._restate(session, plugin, decided, kept, actor)

    def reset_option(self, session: TenantSession, name: str, key: str, *, actor: str) -> list[str]:
        """What the files say is in force again."""
        require(session, actor, "manage_settings")
        plugin, decided = self._switchable(session, name), overlay.decisions(session)
        if key not in decided.of(name):
            raise NotFound("plugin_option_inherited", plugin=name, key=key)
        kept = {other: value for other, value in decided.of(name).items() if other != key}
        return self._restate(session, plugin, decided, kept, actor)

    def _restate(
        self, session: TenantSession, plugin: Plugin, decided: Decisions, kept: Mapping[str, Scalar], actor: str
    ) -> list[str]:
        before, after = decided.of(plugin.name), dict(kept)
        changed = sorted(key for key in before | after if before.get(key) != after.get(key))
        if not changed:
            return []
        wanted = decided.stated(plugin.name, after)
        self._check_options(session, plugin, wanted)
        found = self._tried(session, plugin, wanted) if plugin.name in self._plugins(session, decided) else None
        if found and "key_store" in plugin.kinds:
            self.require_unneeded(session, plugin.name, key_stores(self._tenant(session, wanted), self.settings))
        lock_tenant(session)
        for key in changed:
            _state(session, plugin.name, key, after.get(key), actor)
        if found:
            checking.note(session, plugin.name, found)
        said = partial(masked, plugin.options)
        payload = {key: {"from": said(key, before.get(key)), "to": said(key, after.get(key))} for key in changed}
        record(session, "plugin.options", actor=actor, subject=f"plugin/{plugin.name}", payload=payload)
        return changed

    def _switchable(self, session: TenantSession, name: str) -> Plugin:
        """A loaded plugin that the operator leaves to administrators."""
        plugin = next((one for one in host(self.settings).plugins if one.name == name), None)
        on = name in self._plugins(session, overlay.decisions(session))
        if plugin is None or not (on or self.tree.offer(name).visible):
            raise NotFound("plugin_unknown", plugin=name)
        if plugin.fault:
            raise plugin.fault.error
        if self.tree.offer(name).restricted:
            raise RuleRefused("plugin_restricted", plugin=name)
        return plugin

    def _check_options(self, session: TenantSession, plugin: Plugin, decided: Decisions) -> None:
        """By the plugin's own type; the sentence names the option and no line of any file."""
        try:
            options.checked(self._tenant(session, decided), plugin)
        except Misconfigured as error:
            key = str(error.params["key"]).rpartition(".")[2]
            problem = error.params["problem"]
            raise BadInput("plugin_option_invalid", plugin=plugin.name, key=key, problem=problem) from error

    def _tried(self, session: TenantSession, plugin: Plugin, decided: Decisions) -> checking.Examined:
        """What the plugin says of itself as decided; refused if it, or the rules with it, would not work."""
        found = checking.examined(self._tenant(session, decided), plugin, self.settings)
        if found.fault:
            raise found.fault.error
        if not found.ok:
            raise RuleRefused("plugin_not_fit", plugin=plugin.name, message=found.message)
        self._check_rules(session, decided)
        return found

    def _check_rules(self, session: TenantSession, decided: Decisions) -> None:
        tree = overlay.laid(self.tree, session.tenant, decided)
        today = now(session).astimezone(ZoneInfo(TIMEZONE)).date()
        rulebook.check(tree, session.tenant, today, self.settings)

    def _lawful(self, session: TenantSession, decided: Decisions) -> bool:
        """Where rules are broken already, nothing that is switched off can be what breaks them."""
        try:
            self._check_rules(session, decided)
        except (Misconfigured, OutsideFailed, RuleRefused):
            return False
        return True

    def _plugins(self, session: TenantSession, decided: Decisions) -> tuple[str, ...]:
        return self._tenant(session, decided).plugins

    def _tenant(self, session: TenantSession, decided: Decisions) -> Tenant:
        return overlay.laid(self.tree, session.tenant, decided).get(session.tenant)


def _decide(session: TenantSession, name: str, *, on: bool, actor: str) -> None:
    query = select(PluginSwitch).where(PluginSwitch.plugin == name)
    row = session.exec(query).one_or_none() or PluginSwitch(plugin=name, on=on, by=actor, at=now(session))
    row.on, row.by, row.at = on, actor, now(session)
    session.add(row)


def _state(session: TenantSession, name: str, key: str, value: Scalar | None, actor: str) -> None:
    query = select(PluginOption).where(PluginOption.plugin == name, PluginOption.key == key)
    row = session.exec(query).one_or_none()
    if value is None:
        session.delete(row)
        return
    plain: Any = list(value) if isinstance(value, tuple) else value
    row = row or PluginOption(plugin=name, key=key, value=plain, by=actor, at=now(session))
    row.value, row.by, row.at = plain, actor, now(session)
    session.add(row)
