"""The year grid of a plan: planned, drawn and inspected by months."""

from __future__ import annotations

from collections.abc import Callable

from authority import Authority
from inspecting import Team, team
from officials import Official
from shuangsui.draws.office import find
from shuangsui.planning import service


def test_r7_2_plan_shows_what_was_drawn_and_inspected_of_it(
    authority: Authority, enter: Callable[..., Official]
) -> None:
    """R7.2: a round that was drawn counts as large as it was; its visits stand in the months of the line."""
    one: Team = team(authority).whole()
    with authority.session() as session:
        draw = find(session, one.read().draw_no)
    quota = sum(draw.draft["quota"].values())
    lead = enter("lead")
    (row,) = lead.read("/plans/2026")["grid"]
    assert [row[name] for name in ("item", "planned", "drawn", "done")] == ["JX-11", quota, quota, 1]
    assert [(month["drawn"], month["done"]) for month in row["months"]] == [
        (quota, 1) if n == 6 else (0, 0) for n in range(1, 13)
    ]
    assert sum(month["planned"] for month in row["months"]) == quota
    page = lead.page("/plans/2026").text
    assert f"抽 {quota}<br>查 1</small>" in page


def test_a_version_that_was_replaced_has_no_grid(authority: Authority, enter: Callable[..., Official]) -> None:
    """What came of a plan stands with the newest version."""
    authority.ready()
    with authority.session() as session:
        service.new_plan(session, 2026, actor="lead", reason="调整")
    lead = enter("lead")
    first, second = (lead.read(f"/plans/2026?version={n}")["grid"] for n in (1, 2))
    assert (first, [row["item"] for row in second]) == ([], ["JX-11"])
    assert ("全年安排" in lead.page("/plans/2026?version=1").text, "全年安排" in lead.page("/plans/2026").text) == (
        False, True,
    )  # fmt: skip
