"""Article 6: registries are kept up to date, and a draw works on what was fixed before chance was known."""

from __future__ import annotations

import pytest

from authority import experts, inspectors, line_terms, objects
from story import Story, verified


@pytest.fixture(scope="module")
def planned(story: Story) -> Story:
    """200 objects and a plan of two lines."""
    story.authority.take_in(objects=objects(200), inspectors=inspectors(12), experts=experts(5))
    story.authority.publish_list()
    story.authority.publish_plan(("JX-11", line_terms(A="1%", FLAG="2%")), ("JX-11", line_terms(B="1%", FLAG="2%")))
    return story


def test_r6_6_registry_changed_after_the_plan_changes_nothing_in_the_draw(planned: Story) -> None:
    """R6.6: half of the registry is gone before the event; the draw is from the rows of its plan, and verifies."""
    authority = planned.authority
    draw = authority.commit(authority.freeze())
    before = planned.files(draw)["rows.txt"]
    authority.take_in(objects=objects(100))
    authority.enter_event(draw)
    planned.done("draw", "reveal", draw.no, "--who", "supervision", "--value", authority.reveal(draw), by="supervisor")
    planned.done("draw", "run", draw.no, by="lead")
    after = planned.files(draw)
    assert (after["rows.txt"], len(before.splitlines())) == (before, 200)
    assert verified(after).verdict() == "VERIFIED unwitnessed"


def test_r6_4_object_reported_gone_is_not_drawn_from_the_next_day_on(planned: Story) -> None:
    """R6.4: the registry learns of it on day d; the draw of d+1 leaves the object out, under its code."""
    rows = objects(200)
    gone = rows[0] | {"status": "注销"}
    file = planned.authority.write("objects", [gone, *rows[1:]])
    planned.done("registry", "import", "objects", file, by="lead")
    planned.authority.wait(days=1)
    snapshot = planned.authority.freeze(line=2).draft["snapshot"]
    assert (snapshot["n"], snapshot["excluded"]["XCLOSED"]) == (200, 1)
