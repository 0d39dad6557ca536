"""Two tenants with data of every kind, and every door of the application tried with what is the other's (T8, 0 leaks).

A foreign identifier answers byte for byte like a missing one: status, headers, body.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crossing import Crossing, crossing
from doors import COMMON, OWNED, PUBLIC, Door, doors, own, unplaced
from english import chinese_in
from leaky import without_first_fence
from neighbours import HANDED, MINE, SECURITY, STAFF, Neighbours
from shuangsui.access.policy import VERB_NAMES
from shuangsui.db import TenantSession
from shuangsui.db.statements import is_owned
from shuangsui.errors import NotAllowed
from shuangsui.migrations import metadata
from sweep import ANEW, OF_ALL, Sweep

NOT_THERE = {
    "GET /api/draws/{no:str}/parent", "GET /console/draws/{no:str}/parent", "GET /api/due/{no:str}/{part:str}",
    "GET /console/due/{no:str}/{part:str}", "GET /console/exemptions/{no:str}/file", "GET /api/tokens/{id:str}",
    "GET /console/tokens/{id:str}",
}  # fmt: skip
"""Pages of things that this authority does not have, or nobody but the person whose they are."""
LEADS_ON = {"GET /console/draws/{no:str}/live"}
"""To the public page of the same draw."""
WITNESSES = {"liangjiang", "yuzhong"}
"""The authorities that cosign this one's log: the page of trust shows their public keys, and opens theirs alone."""


@pytest.fixture(scope="module")
def across(neighbours: Neighbours) -> Iterator[Crossing]:
    """Everybody of the first tenant has signed in."""
    with crossing(neighbours) as made:
        yield made


@pytest.fixture(scope="module")
def every_door(across: Crossing) -> list[Door]:
    return doors(across.app, across.app.state.declared)


def test_every_name_in_an_address_says_what_it_names(every_door: list[Door]):
    """A new route is tried as soon as it is there; one with a new kind of identifier has to say which."""
    assert unplaced(every_door) == set()
    named = {door.place(name) for door in every_door for name in door.names}
    assert {*OWNED, *COMMON} <= named
    assert {door.path.split(":")[0] for door in every_door if door.public and door.names} == {
        path.partition("}")[0] for path in PUBLIC
    }


def test_every_route_of_the_document_is_a_door(across: Crossing, every_door: list[Door]):
    """The OpenAPI document and the application list the same."""
    browser, _ = across.tokens["lead"]
    listed = browser.get("/api/openapi.json").json()["paths"]
    written = {(method.upper(), path) for path, methods in listed.items() for method in methods}
    plain = {(door.method, door.path.replace(":str", "").replace(":int", "")) for door in every_door}
    assert written == {(method, path) for method, path in plain if path.split("/")[1] == "api"}


def test_both_tenants_have_rows_of_every_kind(neighbours: Neighbours):
    """What is not there cannot leak."""
    with neighbours.by_hand() as mirror:
        owned = [table for table in metadata().sorted_tables if is_owned(table)]
        lacking = {table.name for table in owned if not mirror.rows(table, mirror.mine)}
        assert [table.name for table in owned if not mirror.rows(table, mirror.other)] == []
    assert lacking == set(HANDED)


def test_every_verb_has_somebody_who_holds_it(neighbours: Neighbours):
    """No door is tried by people who would be refused anyway."""
    assert {verb for verb in VERB_NAMES if verb != "receive_dispatch"} <= {
        verb for verb in VERB_NAMES if neighbours.holds(neighbours.who_may(verb), verb)
    }


def test_own_things_are_there_and_nothing_of_the_neighbours(across: Crossing):
    """Every page and twin answers, and no word of it stands in the neighbour's rows only."""
    sweep = Sweep(across)
    sweep.own_things()
    assert {door for door, status in sweep.reached.items() if status != 200} == NOT_THERE | LEADS_ON
    assert (sweep.leaks, across.tenants) == ([], {MINE, *WITNESSES})
    assert len(sweep.secrets) > 1000


def test_foreign_address_answers_like_a_missing_one(across: Crossing):
    """Pages, twins, files, forms and acts; every combination of own and foreign parts."""
    sweep = Sweep(across)
    sweep.addresses()
    assert (list(map(str, sweep.differences)), sweep.leaks, across.tenants) == ([], [], {MINE})
    assert sweep.pairs > 400


def test_foreign_identifier_in_a_query_answers_like_a_missing_one(across: Crossing):
    """Filters, and whatever else a page reads from its address."""
    sweep = Sweep(across)
    sweep.queries()
    assert (list(map(str, sweep.differences)), sweep.leaks, across.tenants) == ([], [], {MINE})
    assert sweep.pairs > 40


def test_foreign_identifier_in_a_form_answers_like_a_missing_one(across: Crossing):
    """Every field of text of every act, with the counterpart of what can be chosen there."""
    sweep = Sweep(across)
    sweep.forms()
    found = {(one.door, one.where) for one in sweep.differences}
    assert (found, sweep.leaks) == (OF_ALL | ANEW, []), list(map(str, sweep.differences))
    assert sweep.faults() == []
    assert sweep.pairs > 150


def test_every_log_line_names_tenant_and_actor(across: Crossing, every_door: list[Door]):
    """Of a request behind the sign-in, whatever wrote the line: by login; and the draw where the address has one."""
    sweep, before = Sweep(across), len(across.lines)
    sweep.doors = [door for n, door in enumerate(sweep.doors) if n % 10 == 0 or door.path == "/api/draws/{no:str}"]
    sweep.own_things()
    lines = [line for line in across.lines[before:] if line["logger"] != "httpx"]
    assert len(lines) >= len(sweep.reached) > 10
    assert {line.get("tenant") for line in lines} == {MINE}
    assert {line.get("actor") for line in lines} <= {*STAFF, SECURITY}
    own_draw = sweep.known["draw.no"].own
    of_draws = [line for line in lines if line.get("path", "").endswith(f"/draws/{own_draw}")]
    assert {line.get("draw") for line in of_draws} == {own_draw}


def test_nobody_enters_without_a_session(across: Crossing, every_door: list[Door]):
    """The same answer behind every door, whatever it leads to."""
    stranger = across.first.beside()
    for door in every_door:
        if not door.public:
            address = door.address(dict.fromkeys(door.names, "1"))
            answer = stranger.request(door.method, address, headers={"Accept": "application/json"})
            assert (str(door), answer.status_code, answer.json()["code"]) == (str(door), 401, "sign_in_needed")


def test_sweep_finds_a_forgotten_check(across: Crossing, monkeypatch: pytest.MonkeyPatch):
    """Seeded: somebody else's row is refused with another answer than none."""
    find = TenantSession.find

    def telling(session: TenantSession, kind, id_):
        found = find(session, kind, id_)
        with TenantSession(session.get_bind(), "gaoxin", readonly=True) as other:
            if found is None and find(other, kind, id_) is not None:
                raise NotAllowed("not_allowed", login="x", verb="x")
        return found

    monkeypatch.setattr(TenantSession, "find", telling)
    sweep = Sweep(across)
    sweep.doors = [door for door in sweep.doors if door.path.startswith(("/api/jobs", "/console/jobs"))]
    sweep.addresses()
    assert {one.theirs for one in sweep.differences} == {"403"}
    assert len(sweep.faults()) == len(sweep.differences) >= 2


def test_sweep_finds_a_missing_fence(across: Crossing, neighbours: Neighbours):
    """Without the first fence the second one holds on PostgreSQL; SQLite has none, and everything leaks."""
    sweep = Sweep(across)
    sweep.doors = [door for door in sweep.doors if door.method == "GET"][::3]
    with without_first_fence():
        sweep.addresses()
        sweep.own_things()
    if neighbours.database.is_postgres:
        assert (list(map(str, sweep.differences)), sweep.leaks) == ([], [])
    else:
        assert len(sweep.differences) > 10
        assert len({door for door, _ in sweep.leaks}) > 10
        assert any(" shows " in fault for fault in sweep.faults())


def test_every_page_is_there_in_english(across: Crossing, every_door: list[Door]):
    """Whatever Chinese is left in one says that it is: names, and what somebody wrote (decision 0032)."""
    sweep = Sweep(across)
    shown = {
        str(door): across.ask(door, values, query="?lang=en").body
        for door in every_door
        if door.method == "GET" and door.path.startswith(("/console", "/m/")) and not door.public
        and (values := own(door, sweep.known)) is not None
    }  # fmt: skip
    pages = {door: text for door, text in shown.items() if text.startswith("<!doctype html>")}
    assert {door: found for door, text in pages.items() if (found := chinese_in(text))} == {}
    assert len(pages) > 100
