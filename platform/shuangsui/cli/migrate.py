"""``shuangsui migrate``: bring the database to the newest schema."""

from __future__ import annotations

import typer
from sqlalchemy import make_url

from shuangsui import migrations
from shuangsui.cli.common import JsonOption, emit, settings


def migrate(as_json: JsonOption = False) -> None:
    """把数据库升级到最新版本；重复执行不会有任何改变。"""
    found = settings()
    app, worker = (make_url(one.database).username if found.migration_url else None for one in (found, found.as_worker))
    revision = migrations.migrate(found.migration_url or found.database, app_role=app, worker_role=worker)
    emit({"revision": revision}, as_json=as_json, human=lambda done: typer.echo(f"数据库版本 {done['revision']}"))
