"""An authority whose experts come from its own registry and from a directory that the sink plays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from authority import Authority, Rows, experts, inspectors, line_terms, objects
from distributions import install
from plugged import plugged
from shuangsui.draws.office import Office
from shuangsui.extension import loading, pools, rulebook
from shuangsui.extension.children import Limits
from shuangsui.registry.pools import Pulled, Puller, pull
from shuangsui.settings import Settings
from shuangsui.testing.sink import Sink

DIRECTORY = "experts-directory/directory"
ROSTER = "experts-roster/registry"
START = date(2026, 6, 15)


def people(n: int, **columns: object) -> list[dict[str, object]]:
    """``n`` experts of one field as a directory writes them; ``columns`` overrides what every one says."""
    common = {"employer": "某研究院", "fields": ["节能"], "valid_to": "2030-12-31", **columns}
    return [{"number": f"SJ{i:04d}", "name": f"外聘{i}", **common} for i in range(n)]


@contextmanager
def directory(patch: pytest.MonkeyPatch, n: int = 4) -> Iterator[Sink]:
    """A directory with ``n`` people on 15 June."""
    patch.setenv("SHUANGSUI_EXPERTS_TOKEN", "secret")
    with Sink() as sink:
        sink.directory.experts, sink.directory.day = people(n), START
        yield sink


@dataclass
class Pooled:
    """The authority with a configuration of its own."""

    authority: Authority
    tenants: Path

    def pull(self, actor: str = "lead", limits: Limits | None = None, *, sure: bool = False) -> Pulled:
        """One pull, by default by the lead office."""
        settings = Settings(var=self.authority.folder / "var", tenants=self.tenants)
        tenant, rules = self.authority.office.tenant, self.authority.office.rules(self.authority.today)
        chosen = pools.chosen(tenant, DIRECTORY, settings)
        by = Puller(self.authority.engine, tenant, chosen, rules, settings, actor, limits or Limits(seconds=60), sure)
        return pull(by)

    def rows(self, n: int = 200) -> Rows:
        """Objects of both items."""
        return objects(n, "JX-11；JX-12")

    def plan(self, n: int = 200) -> None:
        """Registries, list, and a plan with two lines that need an expert each."""
        self.authority.take_in(objects=self.rows(n), inspectors=inspectors(12), experts=experts(5))
        self.authority.publish_list()
        self.authority.publish_plan(("JX-11", line_terms()), ("JX-12", line_terms()))


def pooled(authority: Authority, folder: Path, plugin: str, options: str = "", *, roster: bool = True) -> Pooled:
    """``authority`` with one more pool switched on, the own registry being the first if it is."""
    tenants = plugged(folder, plugin, options)
    if not roster:
        file = tenants / "chongqing" / "tenant.toml"
        file.write_text(file.read_text("utf-8").replace('"experts-roster", ', ""), "utf-8")
    tree = rulebook.load(tenants, authority.today)
    authority.office = Office(tree, tree.get("chongqing"), authority.office.keyring)
    return Pooled(authority, tenants)


@contextmanager
def installed(folder: Path, patch: pytest.MonkeyPatch, source: str, name: str = "experts-tried") -> Iterator[None]:
    """A plugin of the test's own for the time of the block."""
    place = folder / "site-packages"
    place.mkdir()
    install(place, name, source)
    patch.syspath_prepend(place)
    loading.forget()
    yield
    loading.forget()
