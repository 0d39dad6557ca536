"""When failed work is tried again, and when daily work has its turn."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsui.errors import BadInput, OutsideFailed, RuleRefused
from shuangsui.outbox import LONGEST, backoff
from shuangsui.worker.policy import LEGAL, Verdict, judge, next_daily

AWAY = OutsideFailed("channel_failed")


@pytest.mark.parametrize(
    ("error", "attempts", "limit", "given_up"),
    [
        (AWAY, 1, 20, False),
        (AWAY, 19, 20, False),
        (AWAY, 20, 20, True),
        (AWAY, 5000, None, False),
        (OutsideFailed("channel_failed", permanent=True), 1, None, True),
        (RuleRefused("not_leader"), 1, None, True),
        (BadInput("signer_missing"), 1, 20, True),
        (ZeroDivisionError(), 1, 20, False),
    ],
)
def test_what_a_failure_means(error: Exception, attempts: int, limit: int | None, given_up: bool) -> None:
    """Outside failures pass by, refusals do not; a job without a limit is never given up for being late."""
    assert (judge(error, attempts, limit, "x") == Verdict(None)) is given_up


@given(st.integers(1, 10_000), st.text(max_size=10))
def test_pause_grows_and_is_capped(attempts: int, seed: str) -> None:
    """Never shorter than 4 s, never longer than 72 minutes, the same for the same row and attempt."""
    pause = backoff(attempts, seed)
    assert timedelta(seconds=4) <= pause <= LONGEST * 1.2
    assert pause == backoff(attempts, seed)
    assert backoff(attempts + 2, seed) >= pause or pause >= LONGEST * 0.8


@given(st.integers(0, 365 * 24 * 60), st.times())
def test_daily_turn(minutes: int, at: time) -> None:
    """The latest turn has come, the next one has not; they are a day apart."""
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    day, after = next_daily(at, moment)
    assert after - timedelta(days=1) <= moment < after
    assert (after - timedelta(days=1)).astimezone(LEGAL).date() == day


def test_turn_of_a_day_is_the_legal_zone_s() -> None:
    """01:00 in Beijing is 17:00 UTC of the day before."""
    found = next_daily(time(1), datetime(2026, 3, 9, 17, 30, tzinfo=UTC))
    assert found == (date(2026, 3, 10), datetime(2026, 3, 10, 17, tzinfo=UTC))
