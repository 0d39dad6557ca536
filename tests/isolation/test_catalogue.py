"""What PostgreSQL's own catalogue says of the deployed database; each rule finds the fault planted for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, make_url, text

from command import Installation
from databases import Database, PostgresServer
from shuangsui.db import lint
from shuangsui.db.lint import Fault
from shuangsui.migrations import metadata, migrate

pytestmark = pytest.mark.postgres

ROLES = {"app": False, "worker": True}

KEY = "ALTER TABLE draw_file ADD CONSTRAINT k FOREIGN KEY"
ELSEWHERE = "CREATE EXTENSION file_fdw; CREATE SERVER s FOREIGN DATA WRAPPER file_fdw"
FAULTS: dict[str, tuple[str, Fault]] = {
    "the application as superuser": ("ALTER ROLE app SUPERUSER", Fault("role_unbound", "app")),
    "the worker past the policies": ("ALTER ROLE worker BYPASSRLS", Fault("role_unbound", "worker")),
    "a role that makes roles": ("ALTER ROLE app CREATEROLE", Fault("role_unbound", "app")),
    "a worker's role that is not there": ("ALTER ROLE worker RENAME TO other", Fault("role_missing", "worker")),
    "a table of the application's": ("ALTER TABLE counter OWNER TO app", Fault("role_owns", "app counter")),
    "a view of the worker's": (
        "CREATE VIEW v AS SELECT 1; ALTER VIEW v OWNER TO worker", Fault("role_owns", "worker v"),
    ),
    "a member of the owner": ("GRANT owner TO app", Fault("role_owns", "app draw")),
    "a role that makes tables": ("GRANT CREATE ON SCHEMA public TO PUBLIC", Fault("role_creates", "worker public")),
    "a view": ("CREATE VIEW v AS SELECT * FROM draw", Fault("view_definer", "v")),
    "a view that says no": (
        "CREATE VIEW v WITH (security_invoker=false) AS SELECT * FROM draw", Fault("view_definer", "v"),
    ),
    "a view in another schema": ("CREATE SCHEMA s; CREATE VIEW s.v AS SELECT 1", Fault("view_definer", "v")),
    "a materialized view": ("CREATE MATERIALIZED VIEW m AS SELECT * FROM draw", Fault("view_materialized", "m")),
    "a function of its owner's": (
        "CREATE FUNCTION f() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM draw'",
        Fault("function_definer", "f"),
    ),
    "a unique code": ("CREATE UNIQUE INDEX u ON inspection_object (code)", Fault("unique_open", "u")),
    "a unique expression": ("CREATE UNIQUE INDEX u ON inspection_object (lower(code))", Fault("unique_open", "u")),
    "a tenant that is only carried along": (
        "CREATE UNIQUE INDEX u ON inspection_object (code) INCLUDE (tenant_id)", Fault("unique_open", "u"),
    ),
    "a reference without the tenant": (
        f"CREATE UNIQUE INDEX u ON draw (id); {KEY} (draw_id) REFERENCES draw (id)",
        Fault("reference_open", "k"),
    ),
    "a reference with the tenant in the wrong place": (
        f"CREATE UNIQUE INDEX u ON draw (no, tenant_id); {KEY} (tenant_id, name) REFERENCES draw (no, tenant_id)",
        Fault("reference_open", "k"),
    ),
    "numbers for all": ("ALTER TABLE counter ADD COLUMN n serial", Fault("sequence_shared", "counter_n_seq")),
    "security switched off": (
        "ALTER TABLE counter DISABLE ROW LEVEL SECURITY", Fault("table_unfenced", "counter"),
    ),
    "security not forced": ("ALTER TABLE counter NO FORCE ROW LEVEL SECURITY", Fault("table_unfenced", "counter")),
    "no policy": ("DROP POLICY tenant_isolation ON counter", Fault("table_unfenced", "counter")),
    "a second policy": ("CREATE POLICY p ON counter USING (true)", Fault("table_unfenced", "counter")),
    "a policy for one role": (
        "ALTER POLICY tenant_isolation ON counter TO app", Fault("table_unfenced", "counter"),
    ),
    "a policy that reads all": (
        "ALTER POLICY tenant_isolation ON counter USING (true)", Fault("table_unfenced", "counter"),
    ),
    "a policy that writes all": (
        "ALTER POLICY tenant_isolation ON counter WITH CHECK (true)", Fault("table_unfenced", "counter"),
    ),
    "a shared row in anybody's name": (
        "ALTER POLICY written_in_own_name ON visit_ledger WITH CHECK (true)", Fault("table_unfenced", "visit_ledger"),
    ),
    "a copy of a table": ("CREATE TABLE copied AS SELECT * FROM draw", Fault("table_unfenced", "copied")),
    "a partition": (
        "CREATE TABLE p (tenant_id text) PARTITION BY LIST (tenant_id); CREATE TABLE q PARTITION OF p DEFAULT",
        Fault("table_unfenced", "q"),
    ),
    "a table of nobody's": ("CREATE TABLE report AS SELECT no FROM draw", Fault("table_unknown", "report")),
    "a table elsewhere": (
        f"{ELSEWHERE}; CREATE FOREIGN TABLE f (tenant_id text) SERVER s OPTIONS (filename '/dev/null')",
        Fault("table_foreign", "f"),
    ),
    "a rule": (
        "CREATE RULE r AS ON INSERT TO counter DO ALSO DELETE FROM counter", Fault("rule_rewrites", "r"),
    ),
    "the chain may be changed": (
        "GRANT UPDATE ON ledger_entry TO app", Fault("right_excess", "app UPDATE ledger_entry"),
    ),
    "a table may be emptied": ("GRANT TRUNCATE ON counter TO worker", Fault("right_excess", "worker TRUNCATE counter")),
    "the worker reads second factors": (
        "GRANT SELECT ON second_factor TO PUBLIC", Fault("right_excess", "worker SELECT second_factor"),
    ),
    "the worker gives roles": (
        "GRANT INSERT ON membership TO worker", Fault("right_excess", "worker INSERT membership"),
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def migrated(postgres_server: PostgresServer) -> Iterator[Database]:
    """Made as an operator makes it: by the migrations, with three roles."""
    database = postgres_server.empty()
    migrate(database.owner, app_role="app", worker_role="worker")
    yield database
    postgres_server.drop(database)


@pytest.fixture
def catalogue(migrated: Database) -> Iterator[Connection]:
    """An administrator's connection, whose changes, those to roles included, are taken back."""
    engine = create_engine(make_url(migrated.admin))
    with engine.connect() as connection:
        yield connection
        connection.rollback()
    engine.dispose()


def test_catalogue_is_clean(catalogue: Connection):
    """Tables, keys, policies, views, functions, roles and their rights."""
    assert lint.faults(catalogue, metadata(), ROLES) == []


@pytest.mark.parametrize("role", ["app", "worker"])
def test_every_role_may_ask(migrated: Database, role: str):
    """Also without any right to a table: a doctor runs as the application."""
    engine = create_engine(make_url(getattr(migrated, role)))
    with engine.connect() as connection:
        assert lint.faults(connection, metadata(), ROLES) == []
    engine.dispose()


@pytest.mark.parametrize(("statements", "fault"), FAULTS.values(), ids=FAULTS.keys())
def test_planted_fault_is_found(catalogue: Connection, statements: str, fault: Fault):
    """And named."""
    for statement in statements.split("; "):
        catalogue.execute(text(statement))
    assert fault in lint.faults(catalogue, metadata(), ROLES)


def test_every_rule_has_a_planted_fault():
    """None is there unproved."""
    proved = {fault.rule for _, fault in FAULTS.values()}
    assert proved == {*lint.RULES, "table_unfenced", "table_unknown", "right_excess"}


def test_view_with_the_rights_of_who_asks_is_no_fault(catalogue: Connection):
    """The one kind of view that row-level security still binds."""
    catalogue.execute(text("CREATE VIEW v WITH (security_invoker=true) AS SELECT * FROM draw"))
    assert lint.faults(catalogue, metadata(), ROLES) == []


def test_doctor_says_what_the_catalogue_says(migrated: Database, tmp_path: Path):
    """In a sentence each; run as the application."""
    urls = {"DATABASE": migrated.app, "WORKER_DATABASE": migrated.worker, "MIGRATION": migrated.owner}
    at = Installation(tmp_path / "var", more={f"SHUANGSUI_{name}_URL": url for name, url in urls.items()})

    def said() -> list[list[str]]:
        return [one["problems"] for one in at.run("doctor", "--json").json if one["part"] == "isolation"]

    assert said() == [[]]
    with migrated.by_hand() as admin:
        admin.execute(text("CREATE VIEW report AS SELECT * FROM draw"))
    assert said() == [["视图 report 以所有者的权限读取，行级安全管不到：请设置 security_invoker=true。"]]
    with migrated.by_hand() as admin:
        admin.execute(text("DROP VIEW report"))
