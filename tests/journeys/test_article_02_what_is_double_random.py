"""Article 2: only drawn objects with drawn people are 双随机, and only for items of the list in force."""

from __future__ import annotations

import pytest

from authority import objects
from story import Story

CASE = (
    "--code", "complaint-special", "--trigger", "complaint", "--why", "群众反映超标用能", "--item", "JX-11",
    "--object", objects(1)[0]["code"], "--evidence", "number=TS-001", "--evidence", "received_on=2026-06-01",
    "--evidence", "summary=超标用能", "--plan", "necessity=集中反映", "--plan", "body=检查处室", "--plan", "time=本月",
    "--plan", "area=本区", "--plan", "approval=府〔2026〕1号", "--filing", "no=备1", "--filing", "at=2026-06-02",
)  # fmt: skip


def test_r2_1_objects_typed_in_by_hand_are_never_random(drawn: Story) -> None:
    """R2.1: a case with named objects is a special inspection; no option calls it anything else."""
    drawn.dispatched()
    case = drawn.done("exemption", "request", *CASE, by="lead")
    assert case["task_type"] == "special"
    assert drawn.run("exemption", "request", *CASE, "--type", "random", by="lead").status == 2
    assert {task["type"] for task in drawn.done("task", "list")} == {"random"}


@pytest.fixture
def changing(drawn: Story) -> Story:
    """The plan is being changed."""
    drawn.done("plan", "new", "--year", 2026, "--reason", "年中调整", by="lead")
    return drawn


def test_r2_2_item_that_is_not_on_the_list_is_not_planned(changing: Story) -> None:
    """R2.2: JX-15 waits for a later version; the version in force is named."""
    line = ("--ratio", "ALL=1%", "--ratio", "FLAG=2%", "--from", "2026-01-01", "--to", "2026-12-31")
    said = changing.run("plan", "add", "--year", 2026, "--item", "JX-15", *line, by="lead")
    assert (said.status, said.err.split("：")[0]) == (1, "未办理 item_not_in_force")
    assert "第 1 版" in said.err
