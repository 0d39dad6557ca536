"""The district of the demo where nothing has been done: its people and its files, for whoever wants to try it all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from shuangsui import db
from shuangsui.access import service as access
from shuangsui.cli.desk import Desk
from shuangsui.cli.sample import scene_of
from shuangsui.sample.registries import Registry, registries
from shuangsui.sample.write import write_csv
from shuangsui.tenancy.tenant import Tenant
from shuangsui.testing import staging

OBJECTS = 1000
CODE = "编号"


def district_of(desk: Desk) -> Tenant | None:
    """The first that cosigns the log of the demo's authority and is one of its districts."""
    mine = {one.slug: one for one in desk.office.tree.children(desk.office.tenant.slug)}
    return next((mine[slug] for slug in desk.office.tenant.witnesses if slug in mine), None)


def open_district(desk: Desk, district: Tenant, seed: int, today: date) -> Path:
    """The people of the demo's authority serve here as well; the folder of the files that they have on the desk."""
    first = staging.ADMINISTRATOR[0]
    with db.session(desk.engine, district.slug) as session:
        access.bootstrap(session, *staging.ADMINISTRATOR, account="os:demo")
        for login, (_, role) in staging.STAFF.items():
            access.grant(session, login, role, by=first)
    folder = desk.settings.var / "demo" / "files" / district.slug
    for registry in registries(scene_of(desk.office.tree, district.slug, seed, today), OBJECTS):
        write_csv(folder / f"{registry.name}.csv", decided(registry))
    return folder


def decided(registry: Registry) -> Registry:
    """Without the item for which nobody has decided a ratio yet."""
    if registry.name != "items":
        return registry
    rows = [row for row in registry.rows if row[CODE] not in staging.HELD]
    return replace(registry, rows=rows, total=len(rows))
