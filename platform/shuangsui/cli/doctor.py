"""``shuangsui doctor``: what of an installation does not work, and why a plugin is not found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, Any

import typer
from sqlalchemy import Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from shuangsui import db, migrations
from shuangsui.cli.common import JsonOption, emit, settings, table
from shuangsui.cli.config import checked_tree
from shuangsui.cli.desk import database
from shuangsui.db import lint
from shuangsui.db.connect import connect
from shuangsui.disclosure.messages import HEALTH
from shuangsui.draws import kernels
from shuangsui.draws.freezing import legal_day
from shuangsui.errors import Misconfigured, OutsideFailed, ShuangsuiError
from shuangsui.extension import diagnosis
from shuangsui.extension.loading import host
from shuangsui.extension.overlay import seated
from shuangsui.ledger import first_look
from shuangsui.ledger.keys import Keyring
from shuangsui.rules import calendars
from shuangsui.rules.calendars import State
from shuangsui.settings import Settings
from shuangsui.tenancy.tree import Tree
from shuangsui.texts import sentence
from shuangsui.vault import resealing, watch
from shuangsui.vault.service import Vault
from shuangsui.web.health import parts

ForTenant = Annotated[str | None, typer.Option("--tenant", help="只看该租户，并请它启用的插件自查", show_default=False)]
ForPlugin = Annotated[str | None, typer.Option("--plugin", help="只看该插件：为什么找不到或不能用", show_default=False)]
PARTS = {
    "configuration": "配置",
    "database": "数据库",
    "public": "公示目录",
    "isolation": "租户隔离",
    "ledger": "台账",
    "keys": "密钥",
    "calendar": "工作日历",
    "kernel": "签号内核",
    "plugin": "插件",
}


def doctor(tenant: ForTenant = None, plugin: ForPlugin = None, as_json: JsonOption = False) -> None:
    """检查本安装：配置、数据库、公示目录，以及插件为什么找不到或者不能用。"""
    found = [*_examined(settings(), tenant, plugin)]
    emit(found, as_json=as_json, human=_show)
    if any(not one["ok"] for one in found):
        raise typer.Exit(OutsideFailed.exit_status)


def _examined(environment: Settings, tenant: str | None, plugin: str | None) -> Iterator[dict[str, Any]]:
    try:
        tree = checked_tree()
    except ShuangsuiError as error:
        yield _said("configuration", str(environment.tenants), [error])
        return
    engine = database(environment)
    if plugin is None:
        yield _said("configuration", str(environment.tenants), [])
        yield from (_part(name, ok) for name, ok in parts(environment, engine).items())
        yield from _isolation(environment)
        yield from _ledgers(engine, tree)
        yield from _keys(environment, engine, tree)
        yield from _calendars(engine, tree)
        yield _said("kernel", kernels.fastest().name, [])
    if tenant:
        with db.session(engine, tenant, readonly=True) as session:
            tree = seated(session, tree)
    for name in [plugin] if plugin else _names(environment, tree, tenant):
        yield _said("plugin", name, [*diagnosis.faults(name, environment, tree if tenant else None, tenant or "")])


def _isolation(environment: Settings) -> Iterator[dict[str, Any]]:
    """What of the database's own catalogue would let one tenant see another; SQLite has no such catalogue."""
    url, worker = make_url(environment.database), make_url(environment.as_worker.database)
    if url.get_backend_name() != "postgresql":
        return
    opened = connect(url)
    roles = {str(worker.username): True} | {str(url.username): False}
    with opened.connect() as connection:
        found = lint.faults(connection, migrations.metadata(), roles)
    opened.dispose()
    yield _said("isolation", "", [Misconfigured(f"isolation_{fault.rule}", name=fault.name) for fault in found])


def _ledgers(engine: Engine, tree: Tree) -> Iterator[dict[str, Any]]:
    """Of every authority that has published: its draw log beside what the public and the witnesses know of it."""
    try:
        compared = [*first_look.look(engine, [*tree])]
    except (ShuangsuiError, SQLAlchemyError):
        return  # a database that is away is said by its own line
    read = {tenant.slug for tenant, _ in compared}
    for slug in (tenant.slug for tenant in tree if tenant.slug not in read):
        yield _said("ledger", slug, [OutsideFailed("doctor_ledger", tenant=slug)])
    for tenant, found in compared:
        faults: list[ShuangsuiError] = [found.lag.refusal(tenant.slug)] if found.lag else []
        faults += [OutsideFailed("witness_unreachable", witness=one) for one in found.silent]
        if faults or found.published or found.cosigned:
            yield _said("ledger", tenant.slug, faults) | {"compared": asdict(found)}


def _keys(environment: Settings, engine: Engine, tree: Tree) -> Iterator[dict[str, Any]]:
    """Of every authority with something that is sealed and does not open now, or is not sealed yet."""
    for tenant in tree:
        try:
            with db.session(engine, tenant.slug, readonly=True) as session:
                found, counts = seated(session, tree).get(tenant.slug), resealing.counts(session, migrations.metadata())
        except OutsideFailed:
            return  # a database that is away is said by its own line
        except ShuangsuiError as error:
            yield _said("keys", tenant.slug, [error])
            continue
        vault = Vault.of(found, Keyring(environment.master_key), environment)
        faults = [one.problem for one in watch.examined(vault, counts) if one.problem] if counts else []
        if faults:
            yield _said("keys", tenant.slug, faults)


def _calendars(engine: Engine, tree: Tree) -> Iterator[dict[str, Any]]:
    """Of each state the authorities that are in it, nobody named where it is all of them; only the worst is a fault."""
    found: dict[State, list[str]] = {}
    for tenant in tree:
        try:
            with db.session(engine, tenant.slug, readonly=True) as session:
                calendar, today = calendars.in_force(session, tenant), legal_day(db.now(session))
        except (SQLAlchemyError, ShuangsuiError):
            return  # a database that is away, or older than this version, is said by its own line
        found.setdefault(calendars.health(calendar, today), []).append(tenant.slug)
    for state, slugs in found.items():
        problems = [] if state == "green" else [f"{HEALTH[state]}。"]
        name = "" if len(found) == 1 else "、".join(slugs)
        yield {"part": "calendar", "name": name, "ok": state != "red", "problems": problems}


def _names(environment: Settings, tree: Tree, tenant: str | None) -> list[str]:
    """Those that the tenant has on, else every one that is installed."""
    return [*tree.get(tenant).plugins] if tenant else [one.name for one in host(environment).plugins]


def _part(name: str, ok: bool) -> dict[str, Any]:
    return _said(name, "", [] if ok else [OutsideFailed(f"doctor_{name}")])


def _said(part: str, name: str, faults: list[ShuangsuiError]) -> dict[str, Any]:
    return {"part": part, "name": name, "ok": not faults, "problems": [sentence(fault) for fault in faults]}


def _show(found: list[dict[str, Any]]) -> None:
    rows = [
        [
            PARTS[one["part"]],
            one["name"],
            "正常" if one["ok"] else "有问题",
            " ".join([*_compared(one), *one["problems"]]),
        ]
        for one in found
    ]
    table("检查结果", ["部件", "名称", "结果", "问题和办法"], rows)


def _compared(one: dict[str, Any]) -> list[str]:
    """How long the log is, and how long the public and the witnesses know it."""
    found = one.get("compared")
    return [f"日志 {found['found']} 条，公示 {found['published']} 条，会签 {found['cosigned']} 条。"] if found else []
