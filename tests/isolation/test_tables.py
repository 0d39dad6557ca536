"""Every table of every area keeps the rules of DESIGN section 7."""

from __future__ import annotations

import pytest
from sqlalchemy import ForeignKeyConstraint, Table, UniqueConstraint
from sqlmodel import SQLModel

from shuangsui.db import TenantOwned
from shuangsui.db.statements import is_owned
from shuangsui.migrations import metadata

TABLES = metadata().sorted_tables
GLOBAL = {
    "clock_offset", "user_account", "second_factor", "sign_in_throttle", "address_throttle", "visit_ledger",
    "rule_published", "calendar_published",
}  # fmt: skip
"""Tables without tenant; each says in its docstring why."""

every_owned = pytest.mark.parametrize("table", [t for t in TABLES if is_owned(t)], ids=lambda table: table.name)


def test_tables_without_tenant_are_the_known_ones():
    """A new one needs a reason."""
    assert {table.name for table in TABLES if not is_owned(table)} == GLOBAL


def test_every_table_with_a_tenant_is_tenant_owned():
    """The mixin and the column go together: the fences look for one or the other."""
    classes = {mapper.class_ for mapper in SQLModel._sa_registry.mappers}
    assert {one for one in classes if is_owned(one.__table__) != issubclass(one, TenantOwned)} == set()


@every_owned
def test_primary_key_is_tenant_and_id(table: Table):
    """Nothing is addressed without its tenant."""
    assert [column.name for column in table.primary_key] == ["tenant_id", "id"]


@every_owned
def test_unique_keys_contain_the_tenant(table: Table):
    """A key over all tenants would tell one of them what another one has."""
    keys = [c.columns for c in table.constraints if isinstance(c, UniqueConstraint)]
    keys += [index.columns for index in table.indexes if index.unique]
    assert [key for key in keys if "tenant_id" not in key] == []


@every_owned
def test_references_between_tenants_rows_contain_the_tenant(table: Table):
    """A reference to a tenant's row goes through (tenant_id, x)."""
    loose = [
        key.name
        for key in table.constraints
        if isinstance(key, ForeignKeyConstraint) and is_owned(key.referred_table) and "tenant_id" not in key.columns
    ]
    assert loose == []
