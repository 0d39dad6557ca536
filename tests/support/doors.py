"""Every way into the application, read from the application itself, and what its addresses name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from litestar import Litestar
from litestar.handlers import BaseRouteHandler
from sqlalchemy import Enum, Integer, String, Uuid

from mirror import NOBODYS, THEIRS, Mirror, keys
from shuangsui.access.policy import Verb
from shuangsui.db.statements import is_owned
from shuangsui.migrations import metadata
from shuangsui.pages import Act
from shuangsui.web.areas import Declared
from shuangsui.web.boot import handlers

OWNED: Mapping[str, str] = {
    "/registries/{kind}/import/{id}": "registry_upload.id",
    "/users/{login}": "user_account.login",
    "/staff/{id}": "staff_session.id",
    "/tokens/{id}": "api_token.id",
    "/ledger/{n}": "ledger_entry.n",
    "/plugins/{name}": "plugin_switch.plugin",
    "/rules/revisions/{n}": "rule_revision.n",
    "/catalogue/{version}": "item_list.number",
    "/catalogue/{version}/{code}": "item.code",
    "/plans/{year}": "annual_plan.year",
    "/plans/{year}/unplanned/{n}": "unplanned_batch.n",
    "/plans/{year}/overrides/{n}": "frequency_override.n",
    "/exemptions/{no}": "exemption_case.no",
    "/objects/{code}": "inspection_object.code",
    "/draws/{no}": "draw.no",
    "/draws/{no}/tasks/{task}": "drawn_task.task",
    "/recusals/{no}": "recusal_case.no",
    "/assignments/{no}": "assignment.no",
    "/tenures/{no}": "tenure_decision.no",
    "/tasks/{no}": "inspection_task.no",
    "/tasks/{no}/findings/{n}": "finding.n",
    "/tasks/{no}/evidence/{digest}": "evidence.sha256",
    "/forms/{code}": "check_form.code",
    "/due/{no}": "inspection_task.no",
    "/rulings/{no}": "publication_ruling.task_no",
    "/disclosures/{kind}/{key}": "disclosure.key",
    "/calendar/{year}": "calendar_notice.year",
    "/notifications/{id}": "notification.id",
    "/jobs/{id}": "outbox.id",
    "/documents/{form}/{subject}": "issued_document.subject",
}
"""What stands in an address by the path that leads to it → the column that holds a tenant's own values of it."""
COMMON: Mapping[str, str] = {
    "/rules/{key}": "list.publish_days",
    "/dev/api/{name}": "get-catalogue",
    "/due/{no}/{part}": "0",
    "/registries/{kind}": "objects",
    "/templates/{form}": "visit",
    "/templates/{form}/{file}": "starter",
    "/documents/{form}": "visit",
    "/disclosures/{kind}": "result",
}
"""The same: words of the product, which every tenant has alike; the value is one of them."""
PUBLIC: Mapping[str, str] = {
    "/{path}": "the published files of all tenants",
    "/callbacks/{tenant}/{plugin}/{name}": "a plugin's door: whoever proves himself to it is heard",
    "/witness/{tenant}/add-checkpoint": "a log proves itself by its signature",
    "/witness/{tenant}/{log}/checkpoint": "what a witness cosigned is for everybody to know",
    "/console/oidc/{tenant}": "the way to an authority's own sign-in server, and back",
    "/live/{tenant}/{no}": "a draw that is public, as a page and as events: its transcript, bit by bit",
    "/e/{token}": "a letter that names its authority: whoever holds it reads of the own inspection, and may answer",
}
"""What is open to everybody; each has tests of its own."""


@dataclass(frozen=True, slots=True)
class Door:
    """A method of a path; ``act`` where a form stands behind it."""

    method: str
    path: str
    verb: Verb | None
    public: bool
    act: Act | None = None

    @property
    def names(self) -> list[str]:
        """What its address names."""
        return [found[1] for found in re.finditer(r"\{(\w+)(?::\w+)?\}", self.path)]

    def place(self, name: str) -> str:
        """Where a name stands: the key of :data:`OWNED` or :data:`COMMON`."""
        plain = re.sub(r"\{(\w+):\w+\}", r"{\1}", self.path)
        return re.sub(r"^/(console|api|m)(?=/)", "", plain.partition(f"{{{name}}}")[0] + f"{{{name}}}")

    def address(self, values: Mapping[str, str]) -> str:
        """With every name filled in."""
        return re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: values[found[1]], self.path)

    def __str__(self) -> str:
        """For a report."""
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Named:
    """One identifier three times: the tenant's own, if it has any, the neighbour's, and one that nobody has."""

    own: str | None
    theirs: str
    nobodys: str


def doors(app: Litestar, declared: Declared) -> list[Door]:
    """All of them, in the order of their paths."""
    acts = {f"/{head}{act.path}": act for head in ("console", "api", "m") for act in declared.acts}
    return sorted(_doors(app, acts), key=str)


def _doors(app: Litestar, acts: Mapping[str, Act]) -> Iterator[Door]:
    for path, handler in handlers(app):
        for method in sorted(map(str, getattr(handler, "http_methods", ()))):
            act = acts.get(path) if method == "POST" else None
            yield Door(method, path, verb_of(handler), not handler.resolve_guards(), act)


def verb_of(handler: BaseRouteHandler) -> Verb | None:
    """What the guard of the page kit asks for."""
    for guard in handler.resolve_guards():
        function = getattr(guard, "ref", guard)
        function = getattr(function, "value", function)
        cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
        if "verb" in cells:
            found: Verb | None = cells["verb"].cell_contents
            return found
    return None


def identifiers(mirror: Mirror) -> dict[str, Named]:
    """Of every column in :data:`OWNED`: values of which the tenant itself has only the first."""
    return {column: _named(mirror, *column.split(".")) for column in sorted(set(OWNED.values()))}


def all_identifiers(mirror: Mirror) -> dict[str, Named]:
    """Of every column by which rows of tenants are found: keys of text, of numbers, and the rows' own ids."""
    owned = [table for table in metadata().sorted_tables if is_owned(table)]
    columns = [one for table in owned for one in keys(table) if one.table is table and _is_id(one)]
    names = sorted({*(f"{one.table.name}.{one.name}" for one in columns), *OWNED.values()})
    named = {name: _named(mirror, *name.split(".")) for name in names}
    return {name: one for name, one in named.items() if one.theirs}


def _is_id(column: Any) -> bool:
    kind = getattr(column.type, "impl_instance", column.type)
    return column.name != "tenant_id" and isinstance(kind, String | Integer | Uuid) and not isinstance(kind, Enum)


def _named(mirror: Mirror, table: str, column: str) -> Named:
    """The neighbour's is the own one's counterpart where there is one; empty if it has none that is its own alone."""
    rows = metadata().tables[table]
    mine = [row[column] for row in _of(mirror, rows, mirror.mine)]
    other = [row[column] for row in _of(mirror, rows, mirror.other)]
    own = next(filter(None, mine), None)
    twin = THEIRS.value(own, rows.c[column]) if own is not None else None
    foreign = (
        twin if twin is not None and twin in other else next((one for one in other if one and one not in mine), "")
    )
    start = own if own is not None else foreign
    missing = NOBODYS.value(start, rows.c[column])
    assert foreign not in mine, (table, column)
    assert not foreign or missing not in [*mine, *other], (table, column)
    return Named(None if own is None else str(own), str(foreign), str(missing))


def _of(mirror: Mirror, table: Any, tenant: str) -> list[dict[str, Any]]:
    if table.name == "user_account":
        members = {row["user_id"] for row in mirror.rows(metadata().tables["membership"], tenant)}
        rows = mirror.connection.execute(table.select()).mappings()
        return [dict(row) for row in rows if row["id"] in members]
    return sorted(mirror.rows(table, tenant), key=lambda row: str(row["id"]))


def crossings(door: Door, known: Mapping[str, Named]) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """Addresses that name something of the neighbour's, each with the one that names nothing in its place."""
    owned = [name for name in door.names if door.place(name) in OWNED]
    fixed = {name: COMMON[door.place(name)] for name in door.names if name not in owned}
    for which in product((False, True), repeat=len(owned)):
        crossed = dict(zip(owned, which, strict=True))
        named = {name: known[OWNED[door.place(name)]] for name in owned}
        if any(which) and all(crossed[name] or named[name].own for name in owned):
            theirs = {name: named[name].theirs if crossed[name] else str(named[name].own) for name in owned}
            nobodys = {name: named[name].nobodys if crossed[name] else str(named[name].own) for name in owned}
            yield {**fixed, **theirs}, {**fixed, **nobodys}


def own(door: Door, known: Mapping[str, Named]) -> dict[str, str] | None:
    """The address of something of the tenant's own, None where it has no such thing."""
    found = {
        name: known[OWNED[place]].own if (place := door.place(name)) in OWNED else COMMON[place] for name in door.names
    }
    return None if None in found.values() else {name: str(one) for name, one in found.items()}


def unplaced(every: list[Door]) -> set[str]:
    """Names in addresses of which nobody has said what they are."""
    places = {door.place(name) for door in every for name in door.names if not door.public}
    return places - {*OWNED, *COMMON}
