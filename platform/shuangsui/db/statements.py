"""What a statement reads and writes, found out from SQLAlchemy's tree of it; nothing here executes anything.

SQLAlchemy adds a loader criterion only where it recognises a mapped class: in the FROM list, as the first class of a
selected column, on the surface of WHERE. A table that comes in any other way (a bare ``X.__table__``, the second
class of an expression, ORDER BY, a window) would be read whole. :func:`unscopable` finds it.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from functools import cache, partial
from itertools import chain
from typing import Any

from sqlalchemy import ColumnClause, Delete, Insert, Select, Table, TextClause, Update
from sqlalchemy.orm import Mapper
from sqlalchemy.sql import visitors
from sqlalchemy.sql.cache_key import HasCacheKey
from sqlalchemy.sql.selectable import AliasedReturnsRows, FromClause, Join, TableClause
from sqlalchemy.sql.util import extract_first_column_annotation, surface_expressions
from sqlalchemy.sql.visitors import ExternallyTraversible

# ruff: noqa: SLF001 - SQLAlchemy has no public view of a statement's parts

HARMLESS_LITERALS = frozenset({"*", "1"})  # of count() and exists()
REMEMBERED = 4000
_REACH: dict[Any, tuple[str | None, frozenset[type[Any]]]] = {}
FIRST_CLASS = partial(extract_first_column_annotation, annotation_name="parententity")


def is_owned(table: object) -> bool:
    """Whether ``table`` holds rows of tenants."""
    return isinstance(table, Table) and "tenant_id" in table.c


def writer_column(table: object) -> str | None:
    """The column of a table that all tenants read and each writes in its own name (``info``); None for any other."""
    return table.info.get("written_by") if isinstance(table, Table) else None


def owned_classes(statement: ExternallyTraversible) -> set[type[Any]]:
    """The classes of tenants' rows that ``statement`` names, and those that loading them may bring along."""
    entities = [part._annotations.get("parententity") for part in visitors.iterate(statement)]
    return {kind for entity in entities if entity is not None for kind in _reachable(entity.mapper)}


def unscopable(statement: ExternallyTraversible) -> str | None:
    """The first text or table that no criterion reaches, None if there is none."""
    texts = (str(part) for part in visitors.iterate(statement) if _is_text(part))
    tables = (_base(source).name for source in _uncovered(statement, frozenset()))
    return next(chain(texts, tables), None)


def reach(statement: ExternallyTraversible) -> tuple[str | None, frozenset[type[Any]]]:
    """:func:`unscopable` and :func:`owned_classes`, remembered for statements that differ in bound values only.

    SQLAlchemy's own cache key says which those are: with it, it also remembers the criteria that the classes get.
    """
    key = statement._generate_cache_key() if isinstance(statement, HasCacheKey) else None
    if key is None:
        return unscopable(statement), frozenset(owned_classes(statement))
    if key.key not in _REACH:
        if len(_REACH) >= REMEMBERED:
            _REACH.clear()
        _REACH[key.key] = unscopable(statement), frozenset(owned_classes(statement))
    return _REACH[key.key]


def assigned(statement: object) -> dict[str, Any]:
    """What an UPDATE, an INSERT or the update of an upsert assigns, by column name."""
    upsert = getattr(statement, "_post_values_clause", None)
    pairs = {**(getattr(statement, "_values", None) or {}), **(getattr(upsert, "update_values_to_set", None) or {})}
    return {getattr(column, "key", column): value for column, value in pairs.items()}


def has_rows_of_its_own(insert: Insert) -> bool:
    """Whether the rows come out of a query or of several VALUES, where they cannot be looked at."""
    return bool(insert._multi_values) or any(isinstance(part, Select) for part in visitors.iterate(insert))


@cache
def _reachable(mapper: Mapper[Any]) -> frozenset[type[Any]]:
    """Owned classes at the end of any chain of relationships: an eager load joins them in without naming them."""
    found, todo = set[Mapper[Any]](), [mapper]
    while todo:
        if (one := todo.pop()) not in found:
            found.add(one)
            todo += [relationship.mapper for relationship in one.relationships]
    return frozenset(one.class_ for one in found if is_owned(one.local_table))


def _is_text(part: object) -> bool:
    if isinstance(part, ColumnClause):
        return part.is_literal and part.name not in HARMLESS_LITERALS
    return isinstance(part, TextClause) or (isinstance(part, TableClause) and not isinstance(part, Table))


def _uncovered(part: ExternallyTraversible, outer: Set[FromClause]) -> Iterator[FromClause]:
    """Tables of tenants that ``part`` reads without a criterion; ``outer`` are those it may correlate with."""
    if isinstance(part, AliasedReturnsRows) or not _may_correlate(part):
        outer = frozenset()
    if isinstance(part, Select | Update | Delete):
        outer = outer | set(_covered(part))
        yield from (table for table in _read(part) if is_owned(_base(table)) and table not in outer)
    for child in part.get_children():
        yield from _uncovered(child, outer)


def _may_correlate(part: ExternallyTraversible) -> bool:
    return not isinstance(part, Select) or bool(part._auto_correlate or part._correlate or part._correlate_except)


def _read(part: Select[Any] | Update | Delete) -> Iterator[FromClause]:
    """Every table, or alias of one, that gets into the FROM list of this part."""
    clauses: list[Any] = [*part._where_criteria]
    if isinstance(part, Select):
        clauses += [*part._raw_columns, *part._from_obj, *(join[0] for join in part._setup_joins)]
        clauses += [*part._order_by_clauses, *part._group_by_clauses, *part._having_criteria, *part._distinct_on]
    else:
        clauses += [part.table, *part._returning, *assigned(part).values()]
    for clause in clauses:
        yield from (leaf for source in getattr(clause, "_from_objects", ()) for leaf in _leaves(source))


def _covered(part: Select[Any] | Update | Delete) -> Iterator[FromClause]:
    """Tables to which SQLAlchemy's ORM adds their criterion in this part (its ``_adjust_for_extra_criteria``)."""
    if isinstance(part, Select):
        sources = [*part._from_obj, *(join[0] for join in part._setup_joins)]
        marked: list[Any] = [leaf for source in sources for leaf in _leaves(source)]
        marked += chain.from_iterable(map(surface_expressions, part._where_criteria))
        entities = list(map(FIRST_CLASS, part._raw_columns))
    else:
        marked, entities = [part.table], []
    entities += [element._annotations.get("parententity") for element in marked]
    if part._propagate_attrs.get("compile_state_plugin") == "orm":
        yield from (entity.selectable for entity in entities if entity is not None)


def _leaves(source: Any) -> Iterator[Any]:
    """The tables and aliases that a JOIN is made of."""
    if isinstance(source, Join):
        yield from _leaves(source.left)
        yield from _leaves(source.right)
    else:
        yield source


def _base(source: Any) -> Any:
    """The table behind an alias, or whatever else is aliased."""
    while isinstance(source, AliasedReturnsRows):
        source = source.element
    return source
