"""The second fence: what the database itself enforces, derived from the metadata.

PostgreSQL: forced row-level security on every table with a ``tenant_id``, so that even the owner of the tables sees
only the rows of the transaction's tenant; on a shared table (``writer_column``), that a tenant adds rows in its own
name only. Both databases: no UPDATE or DELETE on append-only tables. The rights of the application's role and of the
worker's follow the same marks. Cases behind each line: trust.md 2.3.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, MetaData, Table, text

from shuangsui.db.statements import is_owned, writer_column

TENANT = "nullif(current_setting('app.tenant', true), '')"
MINE = f"tenant_id = {TENANT}"

ISOLATE = (
    'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
    'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
    'DROP POLICY IF EXISTS tenant_isolation ON "{table}"',
    f'CREATE POLICY tenant_isolation ON "{{table}}" FOR ALL USING ({MINE}) WITH CHECK ({MINE})',
)

ISOLATED = """
SELECT relname FROM pg_class JOIN pg_policy ON polrelid = pg_class.oid
WHERE relnamespace = current_schema()::regnamespace AND polname = 'tenant_isolation'
AND relrowsecurity AND relforcerowsecurity
"""

SHARE = (
    *ISOLATE[:2],
    'DROP POLICY IF EXISTS read_by_all ON "{table}"',
    f'CREATE POLICY read_by_all ON "{{table}}" FOR SELECT USING ({TENANT} IS NOT NULL)',
    'DROP POLICY IF EXISTS written_in_own_name ON "{table}"',
    f'CREATE POLICY written_in_own_name ON "{{table}}" FOR INSERT WITH CHECK ("{{column}}" = {TENANT})',
)
"""No policy for UPDATE and DELETE: they find nothing, even before the trigger of append-only tables."""

SHARED = """
SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relrowsecurity
AND relforcerowsecurity AND 2 = (SELECT count(*) FROM pg_policy WHERE polrelid = pg_class.oid
AND polname IN ('read_by_all', 'written_in_own_name'))
"""

WORKER: Mapping[str, tuple[str, ...]] = {"reads": ("SELECT",), "nothing": ()}
"""What the mark of a table leaves to the worker's role."""

REFUSE_CHANGE = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END$$
"""

TRIGGER = """
CREATE OR REPLACE TRIGGER {name} BEFORE {event} ON "{{table}}" FOR EACH {each} EXECUTE FUNCTION refuse_change()
"""

SQLITE_TRIGGER = """
CREATE TRIGGER IF NOT EXISTS "{{table}}_no_{event}" BEFORE {event} ON "{{table}}"
BEGIN SELECT RAISE(ABORT, '{{table}} is append-only'); END
"""

FREEZE = {
    "postgresql": (
        REFUSE_CHANGE,
        TRIGGER.format(name="no_change", event="UPDATE OR DELETE", each="ROW"),
        TRIGGER.format(name="no_truncate", event="TRUNCATE", each="STATEMENT"),
    ),
    "sqlite": (SQLITE_TRIGGER.format(event="update"), SQLITE_TRIGGER.format(event="delete")),
}

FROZEN = {
    "postgresql": """
SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND 2 =
(SELECT count(*) FROM pg_trigger WHERE tgrelid = pg_class.oid AND tgname IN ('no_change', 'no_truncate'))
""",
    "sqlite": "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' GROUP BY tbl_name HAVING count(*) = 2",
}


def is_append_only(table: Table) -> bool:
    """Whether the table's rows are never changed (``info``, see :mod:`shuangsui.db.rows`)."""
    return bool(table.info.get("append_only"))


def protect_all(connection: Connection, metadata: MetaData) -> None:
    """Fence every table that lacks its fence; as their owner. Tables already fenced are not locked."""
    dialect = connection.dialect.name
    tables = metadata.sorted_tables
    if dialect == "postgresql":
        _apply(connection, ISOLATE, filter(is_owned, tables), done=ISOLATED)
        _apply(connection, SHARE, filter(writer_column, tables), done=SHARED)
    _apply(connection, FREEZE[dialect], filter(is_append_only, tables), done=FROZEN[dialect])


def rights(table: Table, *, worker: bool = False) -> tuple[str, ...]:
    """What the application's role, or the worker's, may do with a table; append-only ones are changed by nobody."""
    mark = table.info.get("worker") if worker else None
    if mark is not None:
        return WORKER[mark]
    return ("SELECT", "INSERT") if is_append_only(table) else ("SELECT", "INSERT", "UPDATE", "DELETE")


def grant_all(connection: Connection, metadata: MetaData, role: str, *, worker: bool = False) -> None:
    """Give the ``role`` of the application, or of the worker, its :func:`rights` and no other."""
    connection.execute(text(f'GRANT USAGE ON SCHEMA public TO "{role}"'))
    for table in metadata.sorted_tables:
        connection.execute(text(f'REVOKE ALL ON "{table.name}" FROM "{role}"'))
        if granted := rights(table, worker=worker):
            connection.execute(text(f'GRANT {", ".join(granted)} ON "{table.name}" TO "{role}"'))


def _apply(connection: Connection, statements: Sequence[str], tables: Iterable[Table], *, done: str) -> None:
    fenced = set(connection.execute(text(done)).scalars())
    for table in tables:
        if table.name not in fenced:
            for statement in statements:
                connection.execute(text(statement.format(table=table.name, column=writer_column(table))))
