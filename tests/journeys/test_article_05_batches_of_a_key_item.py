"""Article 5: a key item is inspected in full; the draw only says in which batch."""

from __future__ import annotations

import json
from collections import Counter

from authority import experts, inspectors, objects
from shuangsui.planning.policy import Seats, Terms, parse_ratio
from story import Story, verified


def test_r5_6_batches_are_a_permutation_that_anybody_recomputes(story: Story) -> None:
    """R5.6: 120 objects in 4 batches of 30, nobody left out; the batch follows from the published work order."""
    authority = story.authority
    authority.take_in(objects=objects(120, "JX-13"), inspectors=inspectors(12, quals="电力"), experts=experts(5))
    authority.publish_list()
    authority.publish_plan(("JX-13", Terms({"ALL": parse_ratio("100%")}, batches=4, team=Seats(2, "电力"))))
    draw = authority.draw()
    files, tasks = story.files(draw), story.view(draw)["tasks"]
    order = json.loads(files["result.json"])["order"]
    assert Counter(task["batch"] for task in tasks) == {1: 30, 2: 30, 3: 30, 4: 30}
    assert {task["b"]: task["batch"] for task in tasks} == {b: 1 + i // 30 for i, b in enumerate(order)}
    assert len(set(order)) == 120
    assert verified(files).verdict() == "VERIFIED unwitnessed"
