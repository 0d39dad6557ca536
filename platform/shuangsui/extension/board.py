"""The catalogue of plugins of one authority: what is there, in which state, who switched it on, and how it does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlmodel import select

from shuangsui.db import TenantSession
from shuangsui.errors import RuleRefused
from shuangsui.extension import checking, options, overlay, rulebook
from shuangsui.extension.lanes import Incident, lanes
from shuangsui.extension.loading import host
from shuangsui.extension.policy import Plugin
from shuangsui.extension.secrecy import masked, sealed_options
from shuangsui.extension.service import Listed
from shuangsui.extension.tables import PluginHealth, PluginSwitch
from shuangsui.settings import Settings
from shuangsui.tenancy.offers import FILE, Offer
from shuangsui.tenancy.tenant import CONSOLE, Tenant
from shuangsui.tenancy.tree import Tree


@dataclass(frozen=True, slots=True)
class Row:
    """One plugin. ``by`` and ``at``: whose decision at the console, and when; without ``by`` the files decide.

    ``place`` is the file and line that switch it on, and ``at`` then when that file was changed last, UTC.
    ``incidents`` is what it did wrong in this process.
    """

    listed: Listed
    offer: Offer
    place: str
    by: str = ""
    at: datetime | None = None
    health: PluginHealth | None = None
    incidents: tuple[Incident, ...] = ()

    @property
    def name(self) -> str:
        """The entry point's."""
        return self.listed.name

    @property
    def on(self) -> bool:
        """Whether it is switched on, however it does."""
        return self.listed.state in ("enabled", "misconfigured", "failed", "missing")


@dataclass(frozen=True, slots=True)
class OptionRow:
    """One option: its value in force and where that comes from, the value that a reset would bring back.

    Of a secret both say no more than that there is one.
    """

    key: str
    description: str
    value: object
    place: str
    inherited: object
    own: bool


def rows(session: TenantSession, tree: Tree, settings: Settings) -> list[Row]:
    """Those that this authority may see, switched on ones first and in their order."""
    seated = overlay.seated(session, tree)
    tenant, stated = seated.get(session.tenant), partial(_stated, tree, session.tenant, settings.tenants.resolve())
    decided = {row.plugin: row for row in session.exec(select(PluginSwitch))}
    health = checking.latest(session)
    found = [
        _row(one, tree.offer(one.name), stated(one.name), decided.get(one.name), health.get(one.name))
        for one in rulebook.listing(seated, session.tenant, settings)
    ]
    shown = [one for one in found if one.on or one.offer.visible]
    return sorted(shown, key=lambda one: tenant.plugins.index(one.name) if one.name in tenant.plugins else 1 << 16)


def options_of(session: TenantSession, tree: Tree, plugin: Plugin) -> list[OptionRow]:
    """Every option of a plugin."""
    return [*_options(plugin, tree.get(session.tenant), overlay.seated(session, tree).get(session.tenant))]


def hindrance(session: TenantSession, tree: Tree, plugin: Plugin) -> RuleRefused | None:
    """Why its options are not set at the console; None if they are."""
    return options.hindrance(overlay.seated(session, tree).get(session.tenant), plugin)


def sealed_settings(settings: Settings) -> frozenset[str]:
    """The dotted keys of a ``tenant.toml`` that are secrets, whatever plugin they are of."""
    plugins = host(settings).plugins
    return frozenset(f"options.{one.name}.{key}" for one in plugins for key in sealed_options(one.options))


def _options(plugin: Plugin, files: Tenant, decided: Tenant) -> Iterator[OptionRow]:
    values, below = options.in_force(decided, plugin), options.in_force(files, plugin)
    for key, info in plugin.options.model_fields.items():
        stated = decided.options(plugin.name).get(key)
        place = "" if stated is None else CONSOLE if stated.file == CONSOLE else f"{stated.file}:{stated.line}"
        own = stated is not None and stated.file == CONSOLE
        value, inherited = (masked(plugin.options, key, found.get(key)) for found in (values, below))
        yield OptionRow(key, info.description or "", value, place, inherited, own)


def _row(
    listed: Listed, offer: Offer, stated: tuple[str, datetime | None], decided: PluginSwitch | None,
    health: PluginHealth | None,
) -> Row:  # fmt: skip
    incidents = tuple(lanes.of(listed.name).incidents)
    if decided:
        return Row(listed, offer, "", decided.by, decided.at, health, incidents)
    place, at = stated
    return Row(listed, offer, place, "", at, health, incidents)


def _stated(tree: Tree, slug: str, root: Path, name: str) -> tuple[str, datetime | None]:
    """Where the files switch a plugin on, and when that file was changed last."""
    tenant = tree.get(slug)
    if name not in tenant.plugins:
        return "", None
    if tree.offer(name).default:
        return f"{root.name}/{FILE}", _changed(root / FILE)
    setting = tenant.settings["plugins"]
    return f"{setting.file}:{setting.line}", _changed(root.parent / setting.file)


def _changed(file: Path) -> datetime | None:
    return datetime.fromtimestamp(file.stat().st_mtime, UTC) if file.is_file() else None
