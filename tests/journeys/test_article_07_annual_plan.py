"""Article 7: a line of the plan says what, how many, how often and when."""

from __future__ import annotations

import pytest

from authority import objects
from story import Story

LINE = {"--item": "JX-11", "--ratio": "ALL=1%", "--from": "2026-01-01", "--to": "2026-12-31"}


@pytest.fixture(scope="module")
def drafting(story: Story) -> Story:
    """A list in force, objects, an empty plan."""
    story.authority.take_in(objects=objects(20))
    story.authority.publish_list()
    story.done("plan", "new", "--year", 2026, by="lead")
    return story


@pytest.mark.parametrize("left_out", LINE)
def test_r7_2_line_without_scope_ratio_or_time_is_refused(drafting: Story, left_out: str) -> None:
    """R7.2: nothing of it is saved."""
    words = [word for name, value in LINE.items() if name != left_out for word in (name, value)]
    assert drafting.run("plan", "add", "--year", 2026, *words, by="lead").status == 2
    assert drafting.done("plan", "show", "--year", 2026)["lines"] == []


def test_r7_2_whole_line_carries_scope_ratio_frequency_and_time(drafting: Story) -> None:
    """R7.2: as the plan shows it; frequency is once unless the item allows more."""
    words = [word for name, value in LINE.items() for word in (name, value)]
    drafting.done("plan", "add", "--year", 2026, *words, "--ratio", "FLAG=2%", by="lead")
    (line,) = drafting.done("plan", "show", "--year", 2026)["lines"]
    said = {name: line[name] for name in ("item", "districts", "industries", "ratios", "rounds", "starts", "ends")}
    assert said == {
        "item": "JX-11", "districts": [], "industries": [], "ratios": {"ALL": "1/100", "FLAG": "1/50"},
        "rounds": 1, "starts": "2026-01-01", "ends": "2026-12-31",
    }  # fmt: skip
