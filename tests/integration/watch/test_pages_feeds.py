"""Where the registries come from, by page: how old each is, and pulling a feed now (R6.4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from authority import Authority, objects
from officials import Official, officials
from plugged import plugged
from shelf import Place
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.testing.faults import Fault
from shuangsui.testing.sink import Sink

FEED = "feed-registrar/registrar"
N = 30


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    """The registrar on 15 June, with the columns that a registrar knows."""
    monkeypatch.setenv("SHUANGSUI_REGISTRAR_TOKEN", "secret")
    with Sink() as started:
        started.registrar.rows = [{name: row[name] for name in ("code", "name", "status")} for row in objects(N)]
        started.registrar.day = date(2026, 6, 15)
        yield started


@pytest.fixture
def authority(place: Place) -> Authority:
    """A registry of objects that came by hand."""
    made = Authority(place.engine, place.folder, place=place)
    made.take_in(objects=objects(N))
    return made


@pytest.fixture
def enter(
    authority: Authority, place: Place, sink: Sink, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Callable[..., Official]]:
    """Signs an official in where the registrar's feed is switched on."""
    tenants = plugged(tmp_path / "configuration", "feed-registrar", f'address = "{sink.url("registrar")}/objects"')
    monkeypatch.setenv("SHUANGSUI_TENANTS", str(tenants))
    with officials(authority, place.database.app, monkeypatch, tenants) as made:
        yield made


def row(official: Official) -> dict[str, Any]:
    """The feed's line."""
    (found,) = official.read("/registries/feeds")["tables"][1]["rows"]
    return {name: found[name] for name in ("feed", "last_day", "actor", "outcome")}


def ages(official: Official) -> list[tuple[str, int | None, str]]:
    """Age and state of every registry."""
    return [(one["kind"], one["age"], one["state"]) for one in official.read("/registries/feeds")["tables"][0]["rows"]]


def test_r6_4_ages_of_every_registry(authority: Authority, enter: Callable[..., Official]) -> None:
    """R6.4: warned of after 7 days, blocked after 30; the others are not there yet."""
    never = [(kind, None, "never") for kind in ("inspectors", "experts", "interests")]
    shown = []
    for days in (7, 1, 22, 1):
        authority.wait(days=days)
        shown.append(ages(enter("lead")))
    states = [(7, "fresh"), (8, "warn"), (30, "warn"), (31, "blocked")]
    assert shown == [[("objects", *state), *never] for state in states]


def test_r6_4_feed_is_pulled_from_the_page(authority: Authority, enter: Callable[..., Official]) -> None:
    """R6.4: never, taken in, nothing new; a registry is as old as the state that the registrar states."""
    lead = enter("lead")
    assert row(lead) == {"feed": FEED, "last_day": None, "actor": None, "outcome": "从未拉取"}
    authority.wait(days=3)
    lead = enter("lead")
    lead.done("/registries/feeds/pull", feed=FEED)
    taken = {"feed": FEED, "last_day": "2026-06-15", "actor": "lead", "outcome": "新增 0，变更 0，移出 0"}
    assert (row(lead), ages(lead)[0]) == (taken, ("objects", 3, "fresh"))
    again = lead.call("/registries/feeds/pull", {"feed": FEED}).json()
    assert (again["imported"], row(lead)["outcome"]) == (None, "没有变化")
    assert lead.read("/registries/objects")["facts"]["距今天数"] == 3


def test_r6_4_failure_is_told_and_kept(authority: Authority, sink: Sink, enter: Callable[..., Official]) -> None:
    """R6.4: the page again with the sentence, the same in the feed's line, one row of the ledger."""
    lead = enter("lead")
    sink.fail("registrar", Fault(status=401))
    answer = lead.form("/registries/feeds/pull", feed=FEED)
    assert (answer.status_code, answer.text.count("登记机关答复 401")) == (503, 2)
    with authority.session() as session:
        rows = session.exec(select(LedgerEntry).where(LedgerEntry.act == "registry.feed_failed")).all()
    assert [one.actor for one in rows] == ["lead"]


def test_only_who_imports_may_pull(enter: Callable[..., Official]) -> None:
    """Others see the page without its button; an unknown feed is named."""
    supervisor, lead = enter("supervisor"), enter("lead")
    assert supervisor.call("/registries/feeds/pull", {"feed": FEED}).status_code == 403
    assert ("feeds/pull" in supervisor.page("/registries/feeds").text) is False
    assert lead.call("/registries/feeds/pull", {"feed": "x"}).json()["code"] == "feed_missing"
