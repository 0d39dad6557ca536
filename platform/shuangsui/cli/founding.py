"""``shuangsui tenant new`` and ``tenant checklist``: a new authority, and what it lacks before its first draw."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

import typer
from sqlmodel import func, select

from shuangsui.access import service as access
from shuangsui.access.policy import ADMINISTRATORS, ROLE_NAMES, Role
from shuangsui.catalogue import versions
from shuangsui.cli.common import JsonOption, TenantOption, emit, settings, table
from shuangsui.cli.config import checked_tree, today
from shuangsui.cli.desk import Desk, desk
from shuangsui.db import TenantSession
from shuangsui.errors import NotFound, RuleRefused
from shuangsui.extension import checking
from shuangsui.extension.loading import host
from shuangsui.planning import service as planning
from shuangsui.registry.tables import InspectionObject, Inspector
from shuangsui.tenancy import founding

Slug = Annotated[str, typer.Argument(help="租户代码：小写字母和数字，以字母开头，永不更改", show_default=False)]
Name = Annotated[str, typer.Option("--name", help="机关全称", show_default=False)]
Short = Annotated[str, typer.Option("--short", help="机关简称", show_default=False)]
Parent = Annotated[str, typer.Option("--parent", help="上级租户", show_default=False)]
AreaOption = Annotated[str, typer.Option("--area", help="行政区划代码和名称，如 500000=某市；开发区可以不写")]


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that an authority needs; ``how`` says what to do about it."""

    title: str
    ok: bool
    how: str


def new_tenant(
    slug: Slug, name: Name, short: Short, parent: Parent, area: AreaOption = "", as_json: JsonOption = False
) -> None:
    """新建一个下级机关：写好两个配置文件，列出到第一次抽取之前还缺什么；写得不对就什么也不留下。"""
    code, _, area_name = area.partition("=")
    new = founding.Founded(slug, name, short, parent, today().year, code, area_name or name)
    files = founding.found(settings().tenants, checked_tree(), new)
    said = {"files": [str(path) for path in files], "checklist": _checked(slug)}
    emit(said, as_json=as_json, human=_show_new)


def checklist(tenant: TenantOption, as_json: JsonOption = False) -> None:
    """逐项检查一个机关到第一次抽取之前还缺什么；都齐了退出状态为 0。"""
    said = _checked(tenant)
    emit(said, as_json=as_json, human=_show)
    if not all(one["ok"] for one in said):
        raise typer.Exit(RuleRefused.exit_status)


def _checked(tenant: str) -> list[dict[str, Any]]:
    """Every point; what to do stands only where something is missing."""
    at = desk(tenant)
    with at.session(readonly=True) as session:
        points = [*_points(session, at)]
    at.engine.dispose()
    return [{"title": one.title, "ok": one.ok, "how": "" if one.ok else one.how} for one in points]


def _points(session: TenantSession, at: Desk) -> Iterator[Point]:
    tenant, year = at.office.tenant, today().year
    option = f"--tenant {tenant.slug}"
    roles = {role for member in access.members(session) if member.active for role in member.roles}
    for role in ADMINISTRATORS:
        words = "user bootstrap" if role is Role.SECURITY_ADMIN else "user add、user grant"
        yield Point(f"有{ROLE_NAMES[role]}", role in roles, f"shuangsui {words} {option}")
    yield Point("有见证的机关", bool(tenant.witnesses), "在 tenant.toml 的 witnesses 里写上级和相邻机关")
    yield Point("启用的插件都正常", _plugins_fit(at), f"shuangsui doctor {option}")
    for title, kind, words in (("检查对象", InspectionObject, "objects"), ("检查人员", Inspector, "inspectors")):
        yield Point(f"名录库有{title}", _any(session, kind), f"shuangsui registry import {words} 文件.csv {option}")
    yield Point(
        "公布了随机抽查事项清单", versions.in_force(session) is not None, f"shuangsui catalogue publish {option}"
    )
    yield Point(f"公布了 {year} 年度抽查计划", _planned(session, year), f"shuangsui plan publish {year} {option}")


def _any(session: TenantSession, kind: Any) -> bool:
    return session.exec(select(func.count()).select_from(kind)).one() > 0


def _planned(session: TenantSession, year: int) -> bool:
    try:
        return planning.latest(session, year).published_at is not None
    except NotFound:
        return False


def _plugins_fit(at: Desk) -> bool:
    tenant = at.office.tenant
    on = [one for one in host(at.settings).plugins if one.name in tenant.plugins]
    return len(on) == len(tenant.plugins) and all(checking.examined(tenant, one, at.settings).ok for one in on)


def _show_new(made: dict[str, Any]) -> None:
    typer.echo("\n".join(made["files"]))
    _show(made["checklist"])


def _show(found: list[dict[str, Any]]) -> None:
    rows = [["√" if one["ok"] else "缺", one["title"], one["how"]] for one in found]
    table(f"齐备 {sum(one['ok'] for one in found)} 项，共 {len(found)} 项", ["", "事项", "办法"], rows)
