"""No plugin brings an event into a plan that a verifier would refuse, or that is weaker than the rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shuangsui.draws.calling import Call
from shuangsui.draws.sources import timing
from shuangsui.entropy import EntropyEvent
from shuangsui.errors import OutsideFailed, ShuangsuiError
from shuangsui.extension.isolation import Absent, LoadedSource

AT = datetime(2026, 9, 21, 14, 3, 39, 500000, tzinfo=UTC)
WHOLE = AT.replace(microsecond=0)
QUICKNET = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
CALL = Call(("supervision",), AT, AT + timedelta(hours=2), 24)


@dataclass(frozen=True)
class Planner:
    """A source that plans what the test says."""

    name: str
    kind: str
    facts: dict[str, Any]
    later: timedelta = timedelta()
    network: bool = False

    def plan(self, name: str, at: datetime, digits: int) -> EntropyEvent:
        facts = {"digits": digits} if self.kind == "ceremony" else {}
        return EntropyEvent(name, self.kind, at + self.later, facts | self.facts)


CEREMONY = Planner("ceremony", "ceremony", {})
DRAND = Planner("drand", "drand", {"chain": QUICKNET, "round": 32398885}, timedelta(minutes=5))


@dataclass
class Office:
    """An authority with these sources, whose rule names ``wanted``."""

    offered: list[Any]
    wanted: list[str] = field(default_factory=list)
    least: int = 20

    def entropy(self) -> list[Any]:
        return self.offered

    def names(self, _key: str) -> list[str]:
        return self.wanted or [one.name for one in self.offered]

    def number(self, _key: str) -> int:
        return self.least


def loaded(*planners: Planner, plugin: str = "p") -> list[LoadedSource]:
    return [LoadedSource(plugin, one.name, one.kind, one.network, one) for one in planners]


def events(office: Office, call: Call = CALL) -> list[dict[str, Any]]:
    return list(timing(call, office, office, "2026-0001").events)


def refused(office: Office, call: Call = CALL) -> ShuangsuiError:
    with pytest.raises(ShuangsuiError) as caught:
        events(office, call)
    return caught.value


def test_r8_6_events_stand_in_the_order_of_their_times() -> None:
    """Whatever the order of the rule; seconds are whole."""
    found = events(Office(loaded(DRAND, CEREMONY)))
    assert [(one["name"], one["at"]) for one in found] == [
        ("ceremony/2026-0001", "2026-09-21T14:03:39Z"), ("drand/2026-0001", "2026-09-21T14:08:39Z"),
    ]  # fmt: skip
    assert found[0]["digits"] == 24


def test_source_that_no_rule_names_plans_nothing() -> None:
    """Switched on is not required."""
    found = events(Office(loaded(CEREMONY, DRAND), ["ceremony"]))
    assert [one["kind"] for one in found] == ["ceremony"]


UNLAWFUL = {
    "before the time asked for": Planner("drand", "drand", DRAND.facts, timedelta(seconds=-1)),
    "a chain of its own": Planner("drand", "drand", {"chain": "0" * 64, "round": 32398885}),
    "a round before its time": Planner("drand", "drand", {"chain": QUICKNET, "round": 32398000}),
    "a round that is no number": Planner("drand", "drand", {"chain": QUICKNET, "round": "32398885"}),
    "a member too many": Planner("drand", "drand", DRAND.facts | {"more": 1}),
    "a member too few": Planner("drand", "drand", {"chain": QUICKNET}),
    "nineteen digits": Planner("dice", "ceremony", {"digits": 19}),
    "too many digits": Planner("dice", "ceremony", {"digits": 257}),
    "a text of digits": Planner("dice", "ceremony", {"digits": "20"}),
}


@pytest.mark.parametrize("planner", UNLAWFUL.values(), ids=UNLAWFUL.keys())
def test_event_that_a_verifier_refuses_is_refused(planner: Planner) -> None:
    """srd-1 5.3, before anything is frozen; the plugin is named."""
    error = refused(Office([*loaded(CEREMONY), *loaded(planner, plugin="odd")]))
    assert (type(error), error.code, error.permanent) == (OutsideFailed, "entropy_event_refused", True)
    assert "odd" in error.params["plugin"]


def test_five_events_are_too_many_and_a_quote_alone_is_too_little() -> None:
    """srd-1 5.3."""
    many = [Planner(f"dice{i}", "ceremony", {}) for i in range(5)]
    assert refused(Office(loaded(*many))).code == "entropy_event_refused"
    assert refused(Office(loaded(Planner("lottery", "quote", {})))).code == "entropy_event_refused"


def test_r8_6_rule_asks_more_digits_than_the_protocol() -> None:
    """``draw.min_ceremony_digits`` holds for every source that plans a ceremony."""
    error = refused(Office(loaded(CEREMONY, Planner("dice", "ceremony", {"digits": 20})), least=24))
    assert (error.code, error.params) == ("ceremony_digits", {"digits": 20, "least": 24})


def test_reveal_by_is_after_every_event() -> None:
    """The beacon's round is later than the time asked for."""
    call = Call(("supervision",), AT, AT + timedelta(minutes=5))
    assert refused(Office(loaded(CEREMONY, DRAND)), call).code == "timing_invalid"


def test_missing_source_is_named_with_those_there_are() -> None:
    """Nothing stands in for it."""
    error = refused(Office(loaded(CEREMONY), ["ceremony", "drand"]))
    assert (error.code, error.params) == ("entropy_source_missing", {"source": "drand", "known": "ceremony"})


def test_plugin_that_fails_may_be_the_one_that_is_missed() -> None:
    """Its own failure is the reason; where it is not missed, it stops nobody."""
    absent = Absent("broken", OutsideFailed("plugin_failed", plugin="broken", step="x", reason="y"))
    assert refused(Office([absent, *loaded(CEREMONY)], ["ceremony", "drand"])).params["plugin"] == "broken"
    assert len(events(Office([absent, *loaded(CEREMONY)], ["ceremony"]))) == 1


def test_two_sources_of_one_name_are_refused() -> None:
    """Nobody picks between them in silence."""
    error = refused(Office([*loaded(CEREMONY, plugin="a"), *loaded(CEREMONY, plugin="b")], ["ceremony"]))
    assert (error.code, error.params["plugins"]) == ("entropy_source_twice", "a、b")
