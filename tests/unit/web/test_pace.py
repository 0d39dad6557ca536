"""How often one address may ask."""

from __future__ import annotations

from shuangsui.web import pace
from shuangsui.web.pace import Pace


class Clock:
    """Seconds that a test moves."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def test_an_address_waits_after_so_many_requests_and_no_other_does() -> None:
    """Until the minute that began with its first is over."""
    clock = Clock()
    door = Pace(clock)
    assert {door.allows("192.0.2.1") for _ in range(pace.MOST)} == {True}
    assert (door.allows("192.0.2.1"), door.allows("192.0.2.2")) == (False, True)
    clock.at = pace.SECONDS - 1
    assert door.allows("192.0.2.1") is False
    clock.at = pace.SECONDS
    assert door.allows("192.0.2.1") is True


def test_only_so_many_addresses_are_remembered() -> None:
    """Whoever has many addresses does not fill the memory."""
    door = Pace(Clock())
    for n in range(pace.PLACES + 10):
        door.allows(str(n))
    assert (len(door.seen), "9" in door.seen, "10" in door.seen) == (pace.PLACES, False, True)
