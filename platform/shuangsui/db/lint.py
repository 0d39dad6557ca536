"""What in a real PostgreSQL would let one tenant see another, whoever made it so: a view for a report, a granted right.

:mod:`shuangsui.db.rls` puts the second fence up where the metadata say that there is a table; here the database's own
catalogue is read, so that what nobody declared is found as well. Cases behind each rule: trust.md 2.3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, MetaData, text

from shuangsui.db.rls import rights
from shuangsui.db.statements import writer_column

# ruff: noqa: S608 - every part of every query stands in this file


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """``rule`` is a key of :data:`RULES`, or one of :func:`_excess` and :func:`_unfenced`; ``name`` what breaks it."""

    rule: str
    name: str


OURS = "n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_t%'"
TABLES = f"pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND {OURS}"
OWNED = "EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = {0} AND a.attname = 'tenant_id' AND a.attnum > 0)"
TENANT_OF = "(SELECT attnum FROM pg_attribute WHERE attrelid = {0} AND attname = 'tenant_id')"
ROLES = "pg_roles r WHERE r.rolname = ANY(:roles)"

RULES: Mapping[str, str] = {
    # case 2: whom no policy binds
    "role_unbound": f"SELECT r.rolname FROM {ROLES} AND (r.rolsuper OR r.rolbypassrls OR r.rolcreaterole)",
    "role_missing": """
        SELECT wanted FROM unnest(CAST(:roles AS name[])) wanted
        WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted)""",
    # case 1: an owner may switch the fence off; membership in the owner is the same
    "role_owns": f"""
        SELECT DISTINCT r.rolname || ' ' || c.relname FROM {TABLES}, {ROLES} AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
        AND pg_has_role(r.oid, c.relowner, 'MEMBER')""",
    "role_creates": f"""
        SELECT r.rolname || ' ' || n.nspname FROM pg_namespace n, {ROLES} AND {OURS}
        AND has_schema_privilege(r.oid, n.oid, 'CREATE')""",
    # cases 3 to 5: what reads with somebody else's rights
    "view_definer": f"""
        SELECT c.relname FROM {TABLES} WHERE c.relkind = 'v'
        AND NOT coalesce(c.reloptions::text[] && ARRAY['security_invoker=true', 'security_invoker=on'], false)""",
    "view_materialized": f"SELECT c.relname FROM {TABLES} WHERE c.relkind = 'm'",
    "function_definer": f"""
        SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace AND {OURS} WHERE p.prosecdef""",
    # case 6: what tells by a collision
    "unique_open": f"""
        SELECT i.indexrelid::regclass::text FROM pg_index i JOIN {TABLES} ON c.oid = i.indrelid
        WHERE i.indisunique AND {OWNED.format("c.oid")} AND NOT
        {TENANT_OF.format("c.oid")} = ANY((i.indkey::int2[])[0:i.indnkeyatts - 1])""",
    # case 7: what is checked past every policy
    "reference_open": f"""
        SELECT k.conname FROM pg_constraint k WHERE k.contype = 'f' AND {OWNED.format("k.confrelid")} AND NOT EXISTS (
            SELECT FROM unnest(k.conkey, k.confkey) AS pair(here, there)
            WHERE here = {TENANT_OF.format("k.conrelid")} AND there = {TENANT_OF.format("k.confrelid")})""",
    # case 9: what counts all tenants' rows
    "sequence_shared": f"""
        SELECT c.relname FROM {TABLES} JOIN pg_depend d ON d.objid = c.oid AND d.refclassid = 'pg_class'::regclass
        WHERE c.relkind = 'S' AND {OWNED.format("d.refobjid")}""",
    # what is no table of ours, but holds tenants' rows; partitions and heirs are tables too
    "table_foreign": f"SELECT c.relname FROM {TABLES} WHERE c.relkind = 'f' AND {OWNED.format('c.oid')}",
    "rule_rewrites": f"""
        SELECT w.rulename FROM pg_rewrite w JOIN {TABLES} ON c.oid = w.ev_class
        WHERE c.relkind <> 'v' AND c.relkind <> 'm'""",
}
"""Each asks for the names of what must not be; :data:`OURS` are all schemas but PostgreSQL's own."""

POLICIES = f"""
SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity, {OWNED.format("c.oid")}, coalesce((
    SELECT string_agg(concat_ws(' ', polname, polpermissive, polcmd, polroles, pg_get_expr(polqual, polrelid), '/',
    pg_get_expr(polwithcheck, polrelid)), '; ' ORDER BY polname) FROM pg_policy WHERE polrelid = c.oid), '')
FROM {TABLES} WHERE c.relkind IN ('r', 'p')
"""
TENANT = "NULLIF(current_setting('app.tenant'::text, true), ''::text)"
MINE = f"((tenant_id)::text = {TENANT})"
FENCED = f"tenant_isolation t * {{0}} {MINE} / {MINE}"
SHARED = f"read_by_all t r {{0}} ({TENANT} IS NOT NULL) /; written_in_own_name t a {{0}} / ((WRITER)::text = {TENANT})"
"""How PostgreSQL writes the policies of :mod:`shuangsui.db.rls`; a second one beside them would let more through."""

GIVEN = f"""
SELECT r.rolname, c.relname, p.right FROM {TABLES}, pg_roles r, unnest(ARRAY[
    'SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS p("right")
WHERE r.rolname = ANY(:roles) AND c.relkind IN ('r', 'p') AND has_table_privilege(r.oid, c.oid, p.right)
"""
"""TRUNCATE, REFERENCES and TRIGGER pass by every policy."""


def faults(connection: Connection, metadata: MetaData, roles: Mapping[str, bool]) -> list[Fault]:
    """Everything that is wrong, sorted; ``roles``: of the application False, of the worker True. Any role may ask."""
    named = {"roles": list(roles)}
    found = [Fault(rule, str(name)) for rule in RULES for name in _names(connection, RULES[rule], named)]
    return sorted({*found, *_unfenced(connection, metadata), *_excess(connection, metadata, roles)})


def _names(connection: Connection, query: str, named: Mapping[str, Sequence[str]]) -> Sequence[str]:
    return connection.execute(text(query), named if ":roles" in query else {}).scalars().all()


def _unfenced(connection: Connection, metadata: MetaData) -> Iterator[Fault]:
    """``table_unfenced``: not forced, or with other policies; ``table_unknown``: none of ours, hence of nobody."""
    for name, forced, owned, policies in connection.execute(text(POLICIES)):
        table = metadata.tables.get(name)
        if table is None and not owned and name != "alembic_version":
            yield Fault("table_unknown", name)
        column = writer_column(table)
        wanted = SHARED.replace("WRITER", column) if column else FENCED
        if (owned or column) and not (forced and policies == wanted):
            yield Fault("table_unfenced", name)


def _excess(connection: Connection, metadata: MetaData, roles: Mapping[str, bool]) -> Iterator[Fault]:
    """``right_excess``: what a role may do beyond its :func:`rights`, be it through PUBLIC."""
    for role, name, right in connection.execute(text(GIVEN), {"roles": list(roles)}):
        table = metadata.tables.get(name)
        if right not in (rights(table, worker=roles[role]) if table is not None else ()):
            yield Fault("right_excess", f"{role} {right} {name}")
