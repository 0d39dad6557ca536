"""What the ceremony plans and what it takes for its digits."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from shuangsui import EntropyEvent, EntropyValue, OutsideFailed
from shuangsui_entropy_ceremony import Ceremony, register_entropy_sources

AT = datetime(2026, 6, 15, 2, tzinfo=UTC)
EVENT = EntropyEvent("ceremony/2026-0001", "ceremony", AT, {"digits": 20})
REFUSED = {
    "a digit less": EntropyValue("1" * 19),
    "a digit more": EntropyValue("1" * 21),
    "a letter": EntropyValue("1" * 19 + "a"),
    "a space": EntropyValue("1" * 19 + " "),
    "a proof that is none": EntropyValue("1" * 20, {"signature": "00"}),
}


def test_r8_6_event_is_at_its_time_with_its_digits() -> None:
    """Planned by the one source that the plugin has."""
    (source,) = register_entropy_sources()
    assert source.plan("ceremony/2026-0001", AT, 20) == EVENT


def test_digits_are_taken_as_they_fell() -> None:
    """Leading zeros included."""
    Ceremony().verify(EVENT, EntropyValue("00000000000000000007"))


@pytest.mark.parametrize("value", REFUSED.values(), ids=REFUSED.keys())
def test_anything_else_is_refused(value: EntropyValue) -> None:
    """By the number of digits that the plan fixed."""
    with pytest.raises(OutsideFailed) as caught:
        Ceremony().verify(EVENT, value)
    assert caught.value.code == "ceremony_digits"


def test_computer_never_hands_over_digits() -> None:
    """srd-1 section 2: digits produced by a computer are not a public event."""
    with pytest.raises(OutsideFailed) as caught:
        Ceremony().fetch(EVENT)
    assert (caught.value.code, caught.value.permanent, Ceremony().network) == ("ceremony_typed", True, False)


def test_ceremony_is_always_ready() -> None:
    """It talks to nobody."""
    assert Ceremony().check().ok
