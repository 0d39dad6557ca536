"""A place where distributions can be installed for one test, and tenants that switch them on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from distributions import Install, installing
from shuangsui.extension import loading
from shuangsui.settings import Settings
from shuangsui.tenancy import tree
from shuangsui.tenancy.tenant import Tenant

MakeTenant = Callable[..., Tenant]


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """No test finds a plugin resting from another's mistakes."""
    loading.forget()
    yield
    loading.forget()


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """``installed("name", "source")`` installs a plugin for this test only."""
    with installing(tmp_path / "site-packages", monkeypatch) as install:
        yield install


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation in a folder of its own."""
    return Settings(var=tmp_path / "var", tenants=tmp_path / "tenants")


@pytest.fixture
def tenant(settings: Settings) -> MakeTenant:
    """``tenant(["a", "b"], options="…")`` is a tenant that has these plugins switched on."""

    def make(plugins: list[str], *, slug: str = "moushi", options: str = "") -> Tenant:
        folder = settings.tenants / slug
        folder.mkdir(parents=True, exist_ok=True)
        head = f'slug = "{slug}"\nname = "某市"\nshort = "某市"\nlog_domain = "a.example"\nportal_title = "x"\n'
        (folder / "tenant.toml").write_text(f"{head}plugins = {plugins}\n{options}", encoding="utf-8")
        return tree.load(settings.tenants).get(slug)

    return make
