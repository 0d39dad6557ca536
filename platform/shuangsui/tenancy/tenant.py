"""A tenant 租户 as the rest of the platform sees it: inheritance done, every setting with its file and line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Literal

from shuangsui.tenancy.annexes import CapEntry, ExemptionEntry, Placed
from shuangsui.tenancy.schema import Area, Oidc, OutsideWitness, RuleEntry, Scalar

TIMEZONE = "Asia/Shanghai"
"""The zone of every tenant's legal days; fixed by law, hence no key of the configuration."""

CONSOLE = "管理页面"
"""Stands where a setting from a file has the file's name."""

RETENTION = 365
ARCHIVE = 30
MORNING = "08:40"
"""Not on the half hour, when every gateway is busy."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One value of a ``tenant.toml`` and where it stands."""

    value: Scalar
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Stated:
    """One ``[[rule]]`` and where it stands: ``line`` of its value, ``key_line`` of its key."""

    entry: RuleEntry
    file: str
    line: int
    key_line: int


@dataclass(frozen=True, slots=True)
class Tenant:
    """One authority. ``own`` is what its own file says, the other tables what is in force for it after inheritance."""

    slug: str
    name: str
    short: str
    parent: str | None
    areas: tuple[Area, ...]
    witnesses: tuple[str, ...]
    own: Mapping[str, Setting]
    settings: Mapping[str, Setting]
    rules: tuple[Stated, ...]
    caps: tuple[Placed[CapEntry], ...] = ()
    exemptions: tuple[Placed[ExemptionEntry], ...] = ()
    holidays: tuple[date, ...] = ()
    credit_code: str = ""
    public_numbers: tuple[str, ...] = ()
    oidc: Oidc | None = None
    outside_witnesses: tuple[OutsideWitness, ...] = ()

    @property
    def kind(self) -> Literal["municipal", "district"]:
        """The place in the tree decides: a root folder is a municipal commission 市级, one below it a district 区县."""
        return "district" if self.parent else "municipal"

    @property
    def plugins(self) -> tuple[str, ...]:
        """The plugins switched on, in the order in which they are called."""
        return self._names("plugins")

    @property
    def packs(self) -> tuple[str, ...] | None:
        """The rule packs its own file lists; ``None`` if it has no such list and takes that of the folder above."""
        return self._names("packs") if "packs" in self.own else None

    @property
    def log_origin(self) -> str:
        """The ``origin`` of the draw log, srd-1 section 7; never changes once the log has an entry."""
        return f"{self.settings['log_domain'].value}/{self.slug}"

    @property
    def portal_title(self) -> str:
        """The title of the public site with the names filled in."""
        return str(self.settings["portal_title"].value).format(name=self.name, short=self.short)

    @property
    def digest_at(self) -> time:
        """When the day's warnings go out together, in the zone of legal days."""
        found = self.settings.get("digest_at")
        return time.fromisoformat(str(found.value) if found else MORNING)

    @property
    def password_profile(self) -> str:
        """Which profile of passwords applies; the government's, unless somebody chose another."""
        found = self.settings.get("passwords")
        return str(found.value) if found else "dengbao3"

    @property
    def factor_demanded(self) -> bool:
        """Whether some roles never sign in by a password alone."""
        found = self.settings.get("second_factor")
        return found is None or found.value == "required"

    @property
    def retention_days(self) -> int:
        """How long security records are kept at least; 180 days are the floor of the law (网络安全法第二十一条)."""
        found = self.settings.get("retention_days")
        return found.value if found and isinstance(found.value, int) else RETENTION

    @property
    def archive_years(self) -> int:
        """How long the files of an authority that is no more are kept where they are, after the last of their acts."""
        found = self.settings.get("archive_years")
        return found.value if found and isinstance(found.value, int) else ARCHIVE

    def options(self, plugin: str) -> dict[str, Setting]:
        """The options in force of ``plugin``, still unchecked: only the plugin knows their types."""
        start = f"options.{plugin}."
        return {key.removeprefix(start): value for key, value in self.settings.items() if key.startswith(start)}

    def area_on(self, year: int) -> Area | None:
        """The area code valid in ``year``, if the tenant has one."""
        return next((a for a in self.areas if a.valid_from <= year <= (a.valid_to or year)), None)

    def _names(self, key: str) -> tuple[str, ...]:
        value = self.settings[key].value if key in self.settings else ()
        return tuple(str(name) for name in value) if isinstance(value, tuple) else ()
