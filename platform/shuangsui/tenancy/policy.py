"""Inheritance by folder, and what must hold between tenants; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

from shuangsui.errors import Misconfigured
from shuangsui.said import say
from shuangsui.tenancy.document import Document
from shuangsui.tenancy.tenant import Setting, Tenant

REQUIRED = ("plugins", "log_domain", "portal_title")
"""Keys that every tenant needs and may leave to the folder above."""
MAY_LEAVE = ("packs", "digest_at", "passwords", "second_factor", "retention_days", "archive_years")
"""Keys that come from the folder above, or from nowhere."""


def inheritable(key: str) -> bool:
    """Whether a folder passes ``key`` on to the folders below it."""
    return key in REQUIRED or key in MAY_LEAVE or key.startswith("options.")


def flatten(document: Document) -> dict[str, Setting]:
    """Every setting of a ``tenant.toml`` under its dotted key; lists of tables are no settings."""
    return {
        ".".join(path): Setting(tuple(value) if isinstance(value, list) else value, document.file, document.line(path))
        for path, value in _leaves(document.data)
        if path[0] not in ("areas", "outside_witnesses")
    }


def _leaves(table: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*above, key))
        else:
            yield (*above, key), value


def inherit(parent: Tenant | None, own: Mapping[str, Setting], document: Document) -> dict[str, Setting]:
    """What is in force: the inheritable settings of ``parent``, replaced key by key by ``own``."""
    passed = {key: value for key, value in parent.settings.items() if inheritable(key)} if parent else {}
    settings = {**passed, **own}
    for key in REQUIRED:
        if key not in settings:
            raise document.fault("key_missing", (key,), "缺少这个键，上级文件夹也没有，请补上")
    return settings


def switched_on(tenant: Tenant, names: Sequence[str]) -> Tenant:
    """``tenant`` with these plugins switched on as well, after those that it lists."""
    added = [name for name in names if name not in tenant.plugins]
    if not added:
        return tenant
    listed = replace(tenant.settings["plugins"], value=(*tenant.plugins, *added))
    return replace(tenant, settings={**tenant.settings, "plugins": listed})


RESERVED = frozenset({
    "api", "callbacks", "console", "e", "en", "healthz", "live", "livez", "m", "metrics", "readyz", "static", "witness",
})  # fmt: skip
"""First parts of addresses that are no tenant's public pages."""


def check_folder(document: Document, folder: str) -> None:
    """The slug in the file is the name of the folder and no address of ours; else :class:`Misconfigured`."""
    if document.data["slug"] in RESERVED:
        raise document.fault(
            "slug_reserved", ("slug",), say("{folder} 是本系统自己的网址，不能用作租户代码", folder=folder)
        )
    if document.data["slug"] != folder:
        raise document.fault("slug_mismatch", ("slug",), say("与文件夹名 {folder} 不同，两者必须一致", folder=folder))


def check_together(tenants: Sequence[Tenant]) -> None:
    """What no single file can show: slugs and area codes are unique, witnesses exist; else :class:`Misconfigured`."""
    for earlier, later in combinations(tenants, 2):
        if earlier.slug == later.slug:
            raise _fault(
                "slug_duplicate",
                later,
                "slug",
                say("{file} 已用了代码 {slug}", file=earlier.own["slug"].file, slug=later.slug),
            )
        for area in later.areas:
            if any(area.overlaps(other) for other in earlier.areas):
                problem = say(
                    "{slug} 的区划代码 {code} 同一时期已属于 {other}",
                    slug=later.slug,
                    code=area.code,
                    other=earlier.slug,
                )
                raise _fault("area_shared", later, "slug", problem)
    known = {tenant.slug for tenant in tenants}
    for tenant in tenants:
        for witness in tenant.witnesses:
            if witness == tenant.slug or witness not in known:
                problem = "不能为自己见证" if witness == tenant.slug else say("没有租户 {witness}", witness=witness)
                raise _fault("witness_unknown", tenant, "witnesses", problem)


def _fault(code: str, tenant: Tenant, key: str, problem: str) -> Misconfigured:
    setting = tenant.own[key]
    return Misconfigured(code, file=setting.file, line=setting.line, key=key, problem=problem)
