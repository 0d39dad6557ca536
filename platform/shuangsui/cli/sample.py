"""``shuangsui sample``: synthetic registries of a tenant, written as the files that ``registry import`` reads."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.progress import track

from shuangsui.cli.common import JsonOption, TenantOption, emit, existing, notes, settings, table
from shuangsui.sample.registries import Registry, decided, forms, registries
from shuangsui.sample.scene import REFERENCE_DAY, District, Scene
from shuangsui.sample.write import WRITERS
from shuangsui.tenancy import tree
from shuangsui.tenancy.tenant import Tenant

NATIONAL_AREA = "100000"
"""Code of the national registering authority, for trees of tenants that state no area code at all."""

Format = Literal["csv", "xlsx"]


def _day(text: str) -> date:
    """A day of the command line."""
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise typer.BadParameter(f"{text} 不是日期：请写成 2026-11-01 的样子。") from None


ObjectsOption = Annotated[int, typer.Option("--objects", min=1, max=10_000_000, help="检查对象数量")]
SeedOption = Annotated[int, typer.Option("--seed", help="种子：同一租户、数量、种子、基准日，文件逐字节相同")]
OutOption = Annotated[
    Path | None,
    typer.Option("--out", help="输出文件夹，默认 $SHUANGSUI_VAR/sample/<租户>-<数量>-<种子>", show_default=False),
]
FormatOption = Annotated[Format, typer.Option("--format", help="文件格式")]
TodayOption = Annotated[date, typer.Option("--today", parser=_day, metavar="YYYY-MM-DD", help="证件和记录的基准日")]


def sample(
    tenant: TenantOption,
    objects: ObjectsOption = 10_000,
    seed: SeedOption = 1,
    out: OutOption = None,
    form: FormatOption = "csv",
    today: TodayOption = REFERENCE_DAY,
    as_json: JsonOption = False,
) -> None:
    """生成逼真的模拟名录（名称均带“(模拟)”）：检查对象、执法检查人员、专家、利害关系、事项清单、检查表和处罚许可决定。"""
    environment = settings()
    scene = scene_of(tree.load(environment.tenants), tenant, seed, today)
    folder = existing(out or environment.var / "sample" / f"{tenant}-{objects}-{seed}")
    every = (*registries(scene, objects), *forms(), decided(scene, objects))
    written = [_write(registry, folder, form) for registry in every]
    report = {"tenant": tenant, "seed": seed, "today": scene.today.isoformat(), "folder": str(folder), "files": written}
    emit(report, as_json=as_json, human=_show)


def scene_of(tenants: tree.Tree, slug: str, seed: int, today: date) -> Scene:
    """The stage of tenant ``slug``: its own district, or those below a municipal commission that exist that year."""
    city, authority = tenants.chain(slug)[0], tenants.get(slug)
    area, year = _area(city, today.year, NATIONAL_AREA), today.year
    below = [child for child in tenants.children(slug) if child.area_on(year) or not child.areas]
    places = below or [authority]
    districts = tuple(District(_place(place, year), _area(place, year, area)) for place in places)
    return Scene(f"{slug}:{seed}", _place(city, year), area, districts, today)


def _area(tenant: Tenant, year: int, otherwise: str) -> str:
    """The tenant's area code of ``year``; a development zone has none and registers with the city."""
    area = tenant.area_on(year)
    return area.code if area else otherwise


def _place(tenant: Tenant, year: int) -> str:
    """The name addresses use: that of the area, or the short name up to its 区, 县 or 市."""
    area, stem = tenant.area_on(year), re.match(r".*[区县市]", tenant.short)
    return area.name if area else stem[0] if stem else tenant.short


def _write(registry: Registry, folder: Path, form: Format) -> dict[str, Any]:
    """One file with its progress on stderr; answers its line of the report."""
    path = folder / f"{registry.name}.{form}"
    rows = track(registry.rows, registry.title, registry.total, console=notes, disable=not notes.is_terminal)
    WRITERS[form](path, replace(registry, rows=rows))
    notes.print(f"{registry.title}：已写 {registry.total} 行", soft_wrap=True)
    return {"registry": registry.name, "title": registry.title, "rows": registry.total, "file": str(path)}


def _show(report: dict[str, Any]) -> None:
    """The report for people."""
    rows = [[line["title"], line["rows"], line["file"]] for line in report["files"]]
    table(f"模拟名录（基准日 {report['today']}）", ["名录", "行数", "文件"], rows)
