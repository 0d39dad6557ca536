"""The migrations lead to the tables as they are, with both fences."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData, inspect, make_url, text

from databases import Database, PostgresServer, SqliteFiles
from shuangsui import migrations
from shuangsui.db.connect import connect
from shuangsui.db.rls import protect_all
from shuangsui.migrations import VERSIONS, metadata, migrate, new_revision

FENCES = {
    "sqlite": "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
    "postgresql": """
        SELECT 'policy', tablename, policyname || cmd || qual || with_check FROM pg_policies
        UNION ALL SELECT 'security', relname, relrowsecurity::text || relforcerowsecurity FROM pg_class
            WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
        UNION ALL SELECT 'trigger', tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger
            WHERE NOT tgisinternal
        UNION ALL SELECT 'grant', table_name, grantee || ' ' || privilege_type FROM information_schema.role_table_grants
            WHERE grantee IN ('app', 'worker')
        ORDER BY 1, 2, 3
    """,
}

REMOVALS = (
    "ALTER TABLE counter DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE ledger_entry NO FORCE ROW LEVEL SECURITY",
    "DROP POLICY tenant_isolation ON membership",
    "DROP TRIGGER no_change ON draw_log_entry",
    "GRANT UPDATE ON ledger_entry TO app",
    "GRANT SELECT ON second_factor TO worker",
)
ROLES = {"app_role": "app", "worker_role": "worker"}
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
    migrate(database.owner, **ROLES)
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
    """No table with a tenant_id is left open, not even to its owner (trust.md 2.3, case 1), nor the shared ones."""
    shared = {"visit_ledger", "rule_published", "calendar_published"}
    owned = {table.name for table in metadata().sorted_tables if "tenant_id" in table.c} | shared
    with by_owner(postgres) as connection:
        query = "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
        forced = set(connection.execute(text(query)).scalars())
    assert forced == owned
    assert "ledger_entry" in owned


def test_migrating_again_changes_nothing(migrated: Database):
    """It may run at every start."""
    before = fences(migrated)
    assert migrate(migrated.owner, **ROLES) == migrate(migrated.owner, **ROLES)
    assert fences(migrated) == before


def test_removed_fence_comes_back(migrated: Database):
    """Whatever an administrator switched off is on again after the next migration."""
    before = fences(migrated)
    with migrated.by_hand() as connection:  # drops every trigger of SQLite
        for statement in REMOVALS if migrated.is_postgres else ():
            connection.execute(text(statement))
    assert fences(migrated) != before
    migrate(migrated.owner, **ROLES)
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
    migrate(database.owner, **ROLES)
    before = fences(database)
    with database.by_hand() as connection:
        for statement in ROWS:
            connection.execute(text(statement))
    shutil.copytree(VERSIONS, tmp_path, dirs_exist_ok=True)
    last = max(file.name[:4] for file in VERSIONS.glob("0*.py"))
    (tmp_path / "9999_longer.py").write_text(LONGER.format(last=last))
    assert migrate(database.owner, **ROLES, versions=tmp_path) == "9999"
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


OLD_RESULT = (
    """INSERT INTO item_list (tenant_id, id, number, state, opened_at)
    VALUES ('a', '{id}', 1, 'published', '2026-01-01 00:00:00+00:00')""",
    """INSERT INTO registry_import (tenant_id, id, kind, at, actor, source, sha256, partial, rows, added, changed,
    removed) VALUES ('a', '{id}', 'items', '2026-01-01 00:00:00+00:00', 'x', 'x', 'x', {no}, 1, 1, 0, 0)""",
    """INSERT INTO item (tenant_id, id, import_id, fingerprint, list_id, code, family, no, name, modes, withheld,
    extra, draw_mode, attention, proposed_by)
    VALUES ('a', '{id}', '{id}', 'x', '{id}', 'JX-11', 'JX-11', '1', '节能', '[]', {no}, '{{}}', 'salted', '[]',
    'x')""",
    """INSERT INTO annual_plan (tenant_id, id, year, version, state, reason, proposer)
    VALUES ('a', '{id}', 2026, 1, 'published', '', 'x')""",
    """INSERT INTO plan_line (tenant_id, id, plan_id, no, item_id, terms, starts, ends, started)
    VALUES ('a', '{id}', '{id}', 1, '{id}', '{{}}', '2026-01-01', '2026-12-31', {yes})""",
    """INSERT INTO draw (tenant_id, id, no, line_id, item_id, year, line_no, round, live, state, seq, item_code,
    item_name, family, operator, frozen_at, draft, trials, void_reason)
    VALUES ('a', '{id}', '2026-0001', '{id}', '{id}', 2026, 1, 1, {yes}, 'drawn', 1, 'JX-11', '节能', 'JX-11', 'x',
    '2026-01-01 00:00:00+00:00', '{{}}', '[]', '')""",
    """INSERT INTO drawn_task (tenant_id, id, draw_id, task, b, object_code, object_name, stratum, batch, teams,
    experts, cancelled, opened, settled)
    VALUES ('a', '{id}', '{id}', 0, 'x', '500100000000001', '企业', 'ALL', 0, '["ZF1", "ZF2"]', '[]', {no}, {yes},
    {yes})""",
    """INSERT INTO inspection_result (tenant_id, id, task_id, ended, team, categories, note, recorded_by, recorded_at)
    VALUES ('a', '{id}', '{id}', '2026-03-01', '["ZF1", "ZF2"]', '["no_problem"]', '', 'x',
    '2026-03-01 00:00:00+00:00')""",
)


def test_results_of_the_first_revision_get_their_tasks(maker: SqliteFiles | PostgresServer):
    """Whoever upgrades keeps every published result, and the uniqueness of rounds already drawn."""
    database = maker.empty()
    with migrations._owner(database.owner) as connection:
        command.upgrade(migrations._config(connection, VERSIONS), "0001")
        first = MetaData()
        first.reflect(connection)
        protect_all(connection, first)
    yes, no = ("true", "false") if database.is_postgres else ("1", "0")
    with database.by_hand() as connection:
        for row in OLD_RESULT:
            filled = row.format(id="00000000000000000000000000000001", yes=yes, no=no)
            connection.execute(text(filled.replace(":", "\\:")))
    migrate(database.owner)
    joined = """SELECT r.n, t.no, t.state, t.object_name, d.cause_key FROM inspection_result r
        JOIN inspection_task t ON t.tenant_id = r.tenant_id AND t.id = r.task_id
        JOIN draw d ON d.no = t.draw_no"""
    with database.by_hand() as connection:
        found = connection.execute(text(joined)).one()
    assert tuple(found) == (1, "RW-2026-0001-0", "ended", "企业", "line/2026/1/1")


OLD_SIGNATURE = """INSERT INTO record_signature
    (tenant_id, id, record_id, addendum, party, person, how, role, contact, by, at)
    VALUES ('a', '{id}', '{id}', 0, 'witness', '王见证', 'signature', '', '{contact}', 'x',
    '2026-01-01 00:00:00+00:00')"""


def test_contacts_of_witnesses_move_to_a_table_of_their_own(maker: SqliteFiles | PostgresServer):
    """Those that were given; of the old column nothing is left."""
    database = maker.empty()
    with migrations._owner(database.owner) as connection:
        command.upgrade(migrations._config(connection, VERSIONS), "0008")
        earlier = MetaData()
        earlier.reflect(connection)
        protect_all(connection, earlier)
    with database.by_hand() as connection:
        for n, contact in enumerate(("023-67890001", "", "13900139001"), start=1):
            filled = OLD_SIGNATURE.format(id=f"{n:032x}", contact=contact)
            connection.execute(text(filled.replace(":", "\\:")))
    migrate(database.owner, **ROLES)
    query = "SELECT contact FROM signature_contact c JOIN record_signature s ON s.id = c.signature_id ORDER BY s.id"
    with database.by_hand() as connection:
        assert connection.execute(text(query)).scalars().all() == ["023-67890001", "13900139001"]
        assert connection.execute(text("SELECT count(*) FROM record_signature")).scalar() == 3
    with by_owner(database) as connection:
        assert "contact" not in {one["name"] for one in inspect(connection).get_columns("record_signature")}
    maker.drop(database)
