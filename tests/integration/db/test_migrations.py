"""The migrations lead to the tables as they are, with both fences."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, make_url, text

from databases import Database, PostgresServer, SqliteFiles
from shuangsui.db.connect import connect
from shuangsui.migrations import VERSIONS, metadata, migrate, new_revision

FENCES = {
    "sqlite": "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
    "postgresql": """
        SELECT 'policy', tablename, policyname || cmd || qual || with_check FROM pg_policies
        UNION ALL SELECT 'security', relname, relrowsecurity::text || relforcerowsecurity FROM pg_class
            WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
        UNION ALL SELECT 'trigger', tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger
            WHERE NOT tgisinternal
        UNION ALL SELECT 'grant', table_name, privilege_type FROM information_schema.role_table_grants
            WHERE grantee = 'app'
        ORDER BY 1, 2, 3
    """,
}

REMOVALS = (
    "ALTER TABLE counter DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE ledger_entry NO FORCE ROW LEVEL SECURITY",
    "DROP POLICY tenant_isolation ON membership",
    "DROP TRIGGER no_change ON draw_log_entry",
    "GRANT UPDATE ON ledger_entry TO app",
)
ROWS = (
    """INSERT INTO ledger_entry (tenant_id, id, n, time, actor, act, subject, payload, prev, hash)
    VALUES ('a', '00000000000000000000000000000001', 1, '2026-01-01 00:00:00', 'zhang', '', '', '', '', '')""",
    """INSERT INTO draw_log_entry (tenant_id, id, i, kind, seq, r, line, hash, time, ledger_n)
    VALUES ('a', '00000000000000000000000000000001', 0, '', 1, 0, '', '', '2026-01-01 00:00:00', 1)""",
)
LONGER = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "9999", "{last}"


def upgrade():
    with op.batch_alter_table("ledger_entry") as table:
        table.alter_column("actor", type_=sa.String(length=99), existing_type=sa.String(length=64))
"""


@pytest.fixture
def migrated(maker: SqliteFiles | PostgresServer) -> Iterator[Database]:
    """An empty database brought to the newest revision."""
    database = maker.empty()
    migrate(database.owner, app_role="app")
    yield database
    maker.drop(database)


def test_migrated_schema_is_that_of_the_tables(migrated: Database):
    """Autogenerate finds nothing left to do."""
    with by_owner(migrated) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata()) == []


def test_migrated_fences_are_those_of_the_tables(migrated: Database, database: Database):
    """Policies, forced row-level security, triggers and rights are as derived from the metadata."""
    assert fences(migrated) == fences(database)


def test_every_table_of_tenants_has_forced_row_level_security(postgres: Database):
    """No table with a tenant_id is left open, not even to its owner (trust.md 2.3, case 1)."""
    owned = {table.name for table in metadata().sorted_tables if "tenant_id" in table.c}
    with by_owner(postgres) as connection:
        query = "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
        forced = set(connection.execute(text(query)).scalars())
    assert forced == owned
    assert "ledger_entry" in owned


def test_migrating_again_changes_nothing(migrated: Database):
    """It may run at every start."""
    before = fences(migrated)
    assert migrate(migrated.owner, app_role="app") == migrate(migrated.owner, app_role="app")
    assert fences(migrated) == before


def test_removed_fence_comes_back(migrated: Database):
    """Whatever an administrator switched off is on again after the next migration."""
    before = fences(migrated)
    with migrated.by_hand() as connection:  # drops every trigger of SQLite
        for statement in REMOVALS if migrated.is_postgres else ():
            connection.execute(text(statement))
    assert fences(migrated) != before
    migrate(migrated.owner, app_role="app")
    assert fences(migrated) == before


def test_revision_knows_no_types_of_ours(tmp_path: Path):
    """It must run unchanged when the code has moved on."""
    script = new_revision("everything", tmp_path).read_text()
    assert "op.create_table('ledger_entry'" in script
    assert "sqlmodel" not in script
    assert "shuangsui" not in script


def test_next_revision_is_empty_while_nothing_changed(tmp_path: Path):
    """Autogenerate on SQLite sees no difference either, and numbers go on."""
    shutil.copytree(VERSIONS, tmp_path, dirs_exist_ok=True)
    script = new_revision("nothing", tmp_path)
    assert script.name == f"{len(list(VERSIONS.glob('0*.py'))) + 1:04d}_nothing.py"
    assert script.read_text().count("    pass\n") == 2


def test_later_revision_changes_a_table_that_others_refer_to(maker, tmp_path: Path):
    """SQLite rebuilds the table; rows, references and fences are there afterwards."""
    database = maker.empty()
    migrate(database.owner, app_role="app")
    before = fences(database)
    with database.by_hand() as connection:
        for statement in ROWS:
            connection.execute(text(statement))
    shutil.copytree(VERSIONS, tmp_path, dirs_exist_ok=True)
    last = max(file.name[:4] for file in VERSIONS.glob("0*.py"))
    (tmp_path / "9999_longer.py").write_text(LONGER.format(last=last))
    assert migrate(database.owner, app_role="app", versions=tmp_path) == "9999"
    assert fences(database) == before
    with database.by_hand() as connection:
        assert connection.execute(text("SELECT actor FROM ledger_entry")).scalars().all() == ["zhang"]
        assert connection.execute(text("SELECT count(*) FROM draw_log_entry")).scalar() == 1
    maker.drop(database)


def test_failed_migration_leaves_nothing_behind(maker: SqliteFiles | PostgresServer, tmp_path: Path):
    """A migration is one transaction."""
    shutil.copytree(VERSIONS, tmp_path, dirs_exist_ok=True)
    last = max(file.name[:4] for file in VERSIONS.glob("0*.py"))
    (tmp_path / "9999_fails.py").write_text(LONGER.format(last=last) + "    raise ZeroDivisionError\n")
    database = maker.empty()
    with pytest.raises(ZeroDivisionError):
        migrate(database.owner, versions=tmp_path)
    with by_owner(database) as connection:
        assert not connection.dialect.has_table(connection, "counter")
    maker.drop(database)


def by_owner(database: Database) -> Connection:
    """A plain connection of the owner of the tables."""
    return connect(make_url(database.owner)).connect()


def fences(database: Database) -> list[tuple[str, ...]]:
    """Everything that the database itself enforces."""
    with by_owner(database) as connection:
        rows = connection.execute(text(FENCES[connection.dialect.name]))
        return [tuple(row) for row in rows if row[1] != "alembic_version"]
