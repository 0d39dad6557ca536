"""A first-party plugin as the platform meets it: installed, switched on, and asked in a child process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from distributions import install
from shuangsui.extension import handing, loading, service
from shuangsui.extension.handing import DistantExporter, DistantNotifier
from shuangsui.settings import Settings
from shuangsui.tenancy import tree
from shuangsui.tenancy.tenant import Tenant

HEAD = 'slug = "moushi"\nname = "某市"\nshort = "某市"\nlog_domain = "a.example"\nportal_title = "x"\n'


@contextmanager
def isolated(folder: Path, patch: pytest.MonkeyPatch, package: str, options: str) -> Iterator[list[DistantExporter]]:
    """The exporters of ``package`` with ``options``, lines of TOML; its children end with the block."""
    with _installed(folder, patch, package, options, "register_exporters") as (tenant, settings):
        yield [one for one in service.exporters(tenant, settings) if isinstance(one, DistantExporter)]


@contextmanager
def isolated_notifiers(
    folder: Path, patch: pytest.MonkeyPatch, package: str, options: str
) -> Iterator[list[DistantNotifier]]:
    """Its notifiers, likewise."""
    with _installed(folder, patch, package, options, "register_notifiers") as (tenant, settings):
        yield [one for one in service.notifiers(tenant, settings) if isinstance(one, DistantNotifier)]


@contextmanager
def _installed(
    folder: Path, patch: pytest.MonkeyPatch, package: str, options: str, hook: str
) -> Iterator[tuple[Tenant, Settings]]:
    """A tenant that has the package switched on."""
    settings = Settings(var=folder / "var", tenants=folder / "tenants")
    (found := folder / "site-packages").mkdir()
    (home := settings.tenants / "moushi").mkdir(parents=True)
    name = install(
        found,
        f"tried-{package.replace('_', '-')}",
        f"from {package} import *\nfrom {package} import Options, api, {hook}\n",
    )
    (home / "tenant.toml").write_text(f'{HEAD}plugins = ["{name}"]\n[options.{name}]\n{options}\n', "utf-8")
    patch.syspath_prepend(found)
    loading.forget()
    yield tree.load(settings.tenants).get("moushi"), settings
    handing.pool.close()
    loading.forget()
