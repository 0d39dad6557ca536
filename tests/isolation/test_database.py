"""What PostgreSQL itself guarantees, whoever connects (trust.md 2.3)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import ProgrammingError

from databases import Database
from leaky import MINE, OTHER
from shuangsui.db.connect import connect
from shuangsui.ledger.service import record

pytestmark = pytest.mark.postgres

INSERT = "INSERT INTO counter (tenant_id, id, name, value) VALUES ('{tenant}', gen_random_uuid(), 'x', 1)"


@pytest.fixture(params=["app", "owner"])
def connection(request: pytest.FixtureRequest, postgres: Database) -> Iterator[Connection]:
    """A bare connection of either role to a database with one row of another tenant."""
    with postgres.by_hand() as admin:
        admin.execute(text(INSERT.format(tenant=OTHER)))
    engine = connect(make_url(getattr(postgres, request.param)))
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def as_tenant(connection: Connection, tenant: str) -> None:
    """What a session does at the start of every transaction."""
    connection.execute(text("SELECT set_config('app.tenant', :tenant, true)"), {"tenant": tenant})


def test_no_tenant_sees_no_rows(connection: Connection):
    """Neither the application's role nor the owner of the tables (cases 1 and fail-closed)."""
    assert connection.execute(text("SELECT count(*) FROM counter")).scalar() == 0
    as_tenant(connection, "")
    assert connection.execute(text("SELECT count(*) FROM counter")).scalar() == 0
    as_tenant(connection, OTHER)
    assert connection.execute(text("SELECT count(*) FROM counter")).scalar() == 1


def test_row_for_another_tenant_is_refused(connection: Connection):
    """INSERT for another tenant, and UPDATE to another tenant."""
    as_tenant(connection, MINE)
    with pytest.raises(ProgrammingError, match="row-level security"):
        connection.execute(text(INSERT.format(tenant=OTHER)))


def test_row_cannot_be_given_away(connection: Connection):
    """UPDATE of an own row to another tenant."""
    as_tenant(connection, MINE)
    connection.execute(text(INSERT.format(tenant=MINE)))
    with pytest.raises(ProgrammingError, match="row-level security"):
        connection.execute(text(f"UPDATE counter SET tenant_id = '{OTHER}'"))


def test_other_rows_can_be_neither_changed_nor_deleted(connection: Connection):
    """UPDATE and DELETE find nothing."""
    as_tenant(connection, MINE)
    assert connection.execute(text("UPDATE counter SET value = 9")).rowcount == 0
    assert connection.execute(text("DELETE FROM counter")).rowcount == 0


def test_application_role_is_bound(postgres: Database):
    """No superuser, no BYPASSRLS, owner of nothing (case 2)."""
    with postgres.by_hand() as admin:
        role = admin.execute(text("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = 'app'")).one()
        owned = admin.execute(text("SELECT count(*) FROM pg_class WHERE relowner = 'app'::regrole")).scalar()
    assert (tuple(role), owned) == ((False, False), 0)


def test_application_role_may_only_add_to_the_chains(postgres: Database):
    """The right to change them is not given at all."""
    rights = "SELECT privilege_type FROM information_schema.role_table_grants WHERE grantee = 'app' AND table_name = :t"
    with postgres.by_hand() as admin:
        for table in ("ledger_entry", "draw_log_entry"):
            assert set(admin.execute(text(rights), {"t": table}).scalars()) == {"SELECT", "INSERT"}


def test_nothing_reads_past_row_level_security(postgres: Database):
    """No view without security_invoker, no materialized view, no SECURITY DEFINER function (cases 3 to 5)."""
    views = """
        SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
        AND (relkind = 'm' OR relkind = 'v' AND NOT coalesce(reloptions::text, '') LIKE '%security_invoker=true%')
    """
    functions = "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    with postgres.by_hand() as admin:
        assert [*admin.execute(text(views)).scalars(), *admin.execute(text(functions)).scalars()] == []


def test_unique_keys_say_nothing_about_other_tenants(scope):
    """The same number in two tenants is no collision (case 6)."""
    for tenant in (MINE, OTHER):
        with scope(tenant) as session:
            assert record(session, "item.add", actor="zhang", subject="A-1", payload={}).n == 1
