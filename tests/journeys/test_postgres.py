"""PostgreSQL through one setting: the same main job, with the application as a role that row-level security binds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command import Installation
from databases import PostgresServer
from shuangsui import migrations

pytestmark = pytest.mark.postgres
VERSIONS = Path(migrations.__file__).parent / "versions"


def test_demo_runs_on_postgresql(postgres_server: PostgresServer, tmp_path: Path) -> None:
    """Migrated by the owner, used by the application's role; both chains hold afterwards."""
    database = postgres_server.empty()
    urls = {"DATABASE": database.app, "WORKER_DATABASE": database.worker, "MIGRATION": database.owner}
    settings = {f"SHUANGSUI_{name}_URL": url for name, url in urls.items()}
    at = Installation(tmp_path / "var", more=settings)
    newest = max(version.name[:4] for version in VERSIONS.glob("0*.py"))
    assert at.done("migrate", "--json").json == {"revision": newest}
    said = at.done("demo", "--no-serve", "--var", at.var, "--objects", 1000, "--seed", 3)
    assert json.loads(said.out.splitlines()[-1])["verified"] is True
    assert at.done("ledger", "verify", "--tenant", "chongqing", "--json").json["faults"] == []
    assert not (at.var / "shuangsui.db").exists()
    postgres_server.drop(database)


def test_database_that_was_not_migrated_says_so(postgres_server: PostgresServer, tmp_path: Path) -> None:
    """The application's role creates no tables: one sentence, exit status 3, no trace."""
    database = postgres_server.empty()
    at = Installation(tmp_path / "var", more={"SHUANGSUI_DATABASE_URL": database.app})
    said = at.run("draw", "show", "--tenant", "chongqing")
    assert (said.status, "shuangsui migrate" in said.err, "Traceback" in said.err) == (3, True, False)
    postgres_server.drop(database)
