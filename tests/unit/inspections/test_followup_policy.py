"""Where a rectification stands on a day; the columns of the board."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from shuangsui.inspections.followup_policy import standing
from shuangsui.inspections.states import STANDINGS, RectificationState, Standing

DUE = date(2026, 7, 15)
CASES = [
    (RectificationState.ORDERED, 0, Standing.ORDERED),
    (RectificationState.ORDERED, 1, Standing.OVERDUE),
    (RectificationState.SUBMITTED, 1, Standing.SUBMITTED),
    (RectificationState.PASSED, 1, Standing.PASSED),
]


@pytest.mark.parametrize(("state", "days", "stands"), CASES)
def test_r15_2_only_what_has_no_proof_is_late(state: RectificationState, days: int, stands: Standing) -> None:
    """The last day still counts; proof that has come in is looked at, however late it is."""
    assert standing(state, DUE, DUE + timedelta(days=days)) is stands


def test_every_column_has_its_name() -> None:
    """In the order of the board."""
    assert [*STANDINGS] == [*Standing]
