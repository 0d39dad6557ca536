"""Every door tried with what is the neighbour's, in its address, its query and its form; what the answers give away."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from crossing import FILE, Answer, Crossing, masked, planted, plausible, texts, words
from doors import OWNED, Door, Named, all_identifiers, crossings, doors, identifiers, own
from mirror import NOBODYS, THEIRS, Mirror
from shuangsui.access import service as access
from shuangsui.db import TenantSession
from shuangsui.db.statements import is_owned
from shuangsui.migrations import metadata
from shuangsui.pages.declaring import Here, View

ASKED_FOR, FILTERS = re.compile(r"query\.get\(\"(\w+)\"[,)]"), re.compile(r"filters=\{([^}]*)\}")
FIELDS: Mapping[str, str] = {
    "case": "exemption_case.no", "channel": "delivery.channel", "code": "inspection_object.code",
    "codes": "inspection_object.code", "document_no": "assistance.document_no", "draw": "draw.no",
    "evidence": "evidence.sha256", "form": "check_form.code", "helpers": "inspector.cert_no", "item": "item.code",
    "key": "disclosure.key", "law": "basis_amendment.law", "leader": "inspector.cert_no",
    "login": "user_account.login", "number": "inspector.cert_no", "numbers": "inspector.cert_no",
    "object_code": "inspection_object.code", "other": "inspection_task.no", "people": "inspector.cert_no",
    "person": "inspector.cert_no", "pool": "expert.expert_no", "raiser": "inspection_object.code",
}  # fmt: skip
"""What a field of a form or of a query names, by its name; any other is tried with the number of a draw."""
PLAIN = "draw.no"
OF_ALL = {("POST /api/users/add", "field login"), ("POST /api/users/admit", "field login")}
"""A login is one of the whole installation: somebody may serve several authorities (decision 0022)."""
ANEW = {("POST /api/tokens/make", "field name")}
"""Answers that hold what was made by asking, another thing each time; the name in them is anybody's own words."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Two answers that should be one: by which somebody learns what the neighbour has."""

    door: str
    where: str
    theirs: str
    nobodys: str

    def __str__(self) -> str:
        """For a report."""
        return f"{self.door} {self.where}: {self.theirs} / {self.nobodys}"


@dataclass
class Sweep:
    """One run over all doors; ``thorough`` tries every identifier that people use in every place."""

    crossing: Crossing
    thorough: bool = False
    differences: list[Difference] = field(default_factory=list)
    leaks: list[tuple[str, str]] = field(default_factory=list)
    pairs: int = 0
    reached: dict[str, int] = field(default_factory=dict)
    """Doors that answered 200 to something of the tenant's own."""

    def __post_init__(self) -> None:
        """What there is on both sides of the fence."""
        with self.crossing.neighbours.by_hand() as mirror:
            self.known = identifiers(mirror)
            self.every = all_identifiers(mirror)
            self.secrets = secrets(mirror)
        self.crossing.tenants.clear()
        app = self.crossing.app
        self.doors = [one for one in doors(app, app.state.declared) if not one.public]

    def faults(self) -> list[str]:
        """What was given away, as the suite and ``make fuzz`` judge it; what has to differ is named above."""
        allowed = OF_ALL | ANEW
        told = [str(one) for one in self.differences if (one.door, one.where) not in allowed]
        return told + [f"{door} shows {word}" for door, word in sorted(set(self.leaks))]

    def own_things(self) -> None:
        """Every page with what is the tenant's own: it is there, and shows nothing of the neighbour's."""
        for door in self.doors:
            values = own(door, self.known)
            if door.method == "GET" and values is not None:
                self.reached[str(door)] = self._ask(door, values).status

    def addresses(self) -> None:
        """Every address with what is the neighbour's."""
        for door in self.doors:
            body = self._body(door)
            for theirs, nobodys in self._addresses(door):
                self._compare(door, "address", (theirs, nobodys), (body, body))

    def queries(self) -> None:
        """Every query that a page reads."""
        views = {f"/api{view.path}": view for view in self.crossing.app.state.declared.views}
        for door in self.doors:
            values = own(door, self.known)
            if door.path in views and values is not None:
                for name in sorted(asked_for(views[door.path])):
                    for named in self._candidates(name):
                        self._compare_queries(door, values, name, named)

    def forms(self) -> None:
        """Every field of every form into which an identifier can be written."""
        for door in self.doors:
            values = own(door, self.known) or next((one for one, _ in crossings(door, self.known)), {})
            if door.act is None or not door.path.startswith("/api"):
                continue
            body = self._body(door)
            for name, many in texts(door.act.model):
                for named in self._choices(door, values).get(name) or self._candidates(name):
                    theirs, nobodys = ({**values, "·": one} for one in (named.theirs, named.nobodys))
                    bodies = [planted(body, name, one, many=many) for one in (named.theirs, named.nobodys)]
                    self._compare(door, f"field {name}", (theirs, nobodys), (bodies[0], bodies[1]))

    def _addresses(self, door: Door) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
        yield from crossings(door, self.known)
        places = {door.place(name): name for name in door.names}
        base = own(door, self.known)
        for place, name in places.items() if self.thorough and base is not None else ():
            for named in self._spoken() if place in OWNED and door.path.startswith("/api") else ():
                if named.theirs.isdigit() or not door.path.partition(f"{{{name}:")[2].startswith("int"):
                    yield {**base, name: named.theirs}, {**base, name: named.nobodys}

    def _spoken(self) -> list[Named]:
        """Every identifier but those that only rows use among themselves."""
        used = {
            column: one for column, one in self.every.items() if column in OWNED.values() or not column.endswith("id")
        }
        return list({one.theirs: one for one in used.values()}.values())

    def _candidates(self, name: str) -> list[Named]:
        if self.thorough:
            return self._spoken()
        return [self.every[FIELDS.get(name, PLAIN)]]

    def _compare_queries(self, door: Door, values: Mapping[str, str], name: str, named: Named) -> None:
        pairs = [({**values, "·": one}, f"?{name}={one}") for one in (named.theirs, named.nobodys)]
        answers = [self._ask(door, asked, query=query) for asked, query in pairs]
        self._note(door, f"query {name}", [asked for asked, _ in pairs], answers)

    def _compare(self, door: Door, where: str, asked: tuple[Any, Any], bodies: tuple[Any, Any]) -> None:
        answers = [self._ask(door, values, body) for values, body in zip(asked, bodies, strict=True)]
        self._note(door, where, list(asked), answers)

    def _note(self, door: Door, where: str, asked: list[Mapping[str, str]], answers: list[Answer]) -> None:
        self.pairs += 1
        first, second = (masked(answer, values) for answer, values in zip(answers, asked, strict=True))
        if first != second:
            self.differences.append(Difference(str(door), where, *told(first, second)))

    def _ask(self, door: Door, values: Mapping[str, str], body: Any = None, query: str = "") -> Answer:
        answer = self.crossing.ask(door, values, body, query)
        given = {word for one in values.values() for word in words(one)}
        self.leaks += [(str(door), word) for word in sorted(words(answer.body) & self.secrets - given)]
        return answer

    def _body(self, door: Door) -> dict[str, Any]:
        """Filled in so that the door's act is reached: where something is chosen, with what can be."""
        if door.act is None:
            return {"file": FILE}
        options = self._choices(door, own(door, self.known))
        body = plausible(door.act.model)
        for name, many in texts(door.act.model):
            if name in body and options.get(name):
                body = planted(body, name, str(options[name][0].own), many=many)
        return body

    def _choices(self, door: Door, values: Mapping[str, str] | None) -> dict[str, list[Named]]:
        """Of each field with a choice the first option, and its counterparts next door and nowhere."""
        found: dict[str, list[Named]] = {}
        if door.act is None or values is None:
            return found
        with here(self.crossing, self.crossing.neighbours.who_may(door.verb), values) as work:
            for name, choices in door.act.choices.items():
                try:
                    options = list(choices(work)) if callable(choices) else []
                except Exception:  # noqa: BLE001 - what the form stands on is not there
                    options = []
                found[name] = [Named(one, THEIRS.text(one), NOBODYS.text(one)) for one in map(str, options[:1])]
        return found


@contextmanager
def here(crossing: Crossing, login: str, values: Mapping[str, str]) -> Iterator[Here]:
    """The unit of work that a page would have."""
    house, authority = crossing.app.state.house, crossing.neighbours.authority
    with TenantSession(house.engine, authority.slug, readonly=True) as session:
        user = access.user_of(session, login)
        actor = access.actor_of(session, user) if user else None
        assert actor is not None, login
        yield Here(session, house.office(session, authority.today), actor, authority.today, dict(values), {})


def told(first: Answer, second: Answer) -> tuple[str, str]:
    """Where two answers part."""
    if first.status != second.status:
        return str(first.status), str(second.status)
    one, two = (json.dumps([answer.headers, answer.body], ensure_ascii=False) for answer in (first, second))
    at = next((n for n, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    return one[max(0, at - 60) : at + 60], two[max(0, at - 60) : at + 60]


def asked_for(view: View) -> set[str]:
    """Names of queries that a page may read, found in the code beside it."""
    source = inspect.getsource(inspect.getmodule(view.load) or inspect)
    filters = {name for found in FILTERS.findall(source) for name in re.findall(r'"(\w+)":', found)}
    return {*ASKED_FOR.findall(source), *filters}


def secrets(mirror: Mirror) -> set[str]:
    """Words that stand in the neighbour's rows only."""
    theirs, others = set[str](), set[str]()
    for table in metadata().sorted_tables:
        for row in mirror.connection.execute(table.select()).mappings():
            owner = row.get("tenant_id", row.get("home")) if is_owned(table) or table.name == "user_account" else None
            (theirs if owner == mirror.other else others).update(of_row(row))
    return theirs - others


def of_row(row: Mapping[str, Any]) -> Iterator[str]:
    """The words of every text in a row."""
    for name, value in row.items():
        if name not in ("tenant_id", "home") and not isinstance(value, Enum):
            yield from words(value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False))
