"""部门联合: partners are told objects and day, draw their own people and inspect on that day, by pages (article 3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest

from authority import SUPERVISOR, Authority, experts, inspectors, line_terms, objects
from officials import Official, officials
from shelf import Place
from shuangsui.draws.office import all_draws, find
from shuangsui.draws.tables import Draw
from shuangsui.planning.policy import Terms
from two_levels import DISTRICT, staffed


@pytest.fixture
def draw(authority: Authority) -> Draw:
    """Objects and the lead's own people drawn, one partner in the line, told nothing yet."""

    def build() -> None:
        authority.take_in(objects=objects(100), inspectors=inspectors(12), experts=experts(1))
        authority.publish_list()
        terms = line_terms(expert=False)
        authority.publish_plan(("JX-11", Terms(terms.ratios, team=terms.team, per_day=5, partners=(DISTRICT,))))
        authority.draw()

    authority.once("drawn with a partner", build)
    with authority.session() as session:
        return all_draws(session)[0]


@pytest.fixture
def enter_partner(
    draw: Draw, authority: Authority, place: Place, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Authority, Callable[..., Official]]]:
    """The partner with people of its own, and its officials."""
    with ExitStack() as stack:
        partner = staffed(authority)
        yield partner, stack.enter_context(officials(partner, place.database.app, monkeypatch))


def received(official: Official) -> dict[str, Any]:
    """The one assignment of the partner."""
    (row,) = official.read("/assignments")["rows"]
    return dict(row)


def test_r3_1_partner_is_told_the_common_day(
    draw: Draw, authority: Authority, enter: Callable[..., Official],
    enter_partner: tuple[Authority, Callable[..., Official]],
) -> None:  # fmt: skip
    """Told once; accepted, its people drawn, its tasks joint and on that day, which it does not move."""
    lead, out, day = enter("lead"), f"/draws/{draw.no}/dispatch", authority.today + timedelta(days=3)
    assert lead.offers(out) == ["joint"]
    assert lead.refused(f"{out}/send") == (409, "not_for_districts", "第十七条")
    past = (authority.today - timedelta(days=1)).isoformat()
    assert lead.refused(f"{out}/joint", day=past) == (422, "visit_day_past", None)
    lead.done(f"{out}/joint", day=day.isoformat())
    (row,) = lead.read(out)["rows"]
    assert (row["receiver"], row["kind_name"], row["state"], row["visit_day"], lead.offers(out)) == (
        DISTRICT, "部门联合", "sent", day.isoformat(), [],
    )  # fmt: skip
    partner, enter_there = enter_partner
    there = enter_there("lead")
    path = f"/assignments/{received(there)['no']}"
    assert there.offers(path) == ["hand-back", "accept"]
    frozen = {"holders": [SUPERVISOR]}
    assert there.refused(f"{path}/freeze", **frozen) == (409, "assignment_state", None)
    assert there.call(f"{path}/accept").json()["state"] == "accepted"
    where = there.done(f"{path}/freeze", **frozen).partition("?")[0]
    with partner.session() as session:
        child = find(session, where.rpartition("/")[2])
    partner.finish(child)
    there, lead = enter_there("lead"), enter("lead")
    assert [row["state"] for row in lead.read(out)["rows"]] == ["accepted"]
    there.done("/tasks/dispatch", draw=child.no, mode="onsite", reason="联合检查须到现场")
    task = there.read("/tasks")["rows"][0]
    assert (task["type"], task["planned_on"]) == ("joint", day.isoformat())
    inspection = enter_there("inspection")
    other = (day + timedelta(days=1)).isoformat()
    assert inspection.refused(f"/tasks/{task['no']}/plan", on=other) == (409, "joint_day", "第三条")
    assert inspection.call(f"/tasks/{task['no']}/plan", {"on": day.isoformat()}).json() == {"merges": []}
    own = {row["no"] for row in lead.read("/tasks")["rows"]}
    assert (own, lead.page(f"/tasks/{task['no']}").status_code) == (set(), 404)


def test_r3_1_partner_hands_back_with_a_reason(
    draw: Draw, authority: Authority, enter: Callable[..., Official],
    enter_partner: tuple[Authority, Callable[..., Official]],
) -> None:  # fmt: skip
    """The lead reads why and sends it there once more; a reason is asked for on both sides."""
    lead, out = enter("lead"), f"/draws/{draw.no}/dispatch"
    day = (authority.today + timedelta(days=3)).isoformat()
    assert lead.call(f"{out}/joint", {"day": day}).status_code == 200
    there = enter_partner[1]("lead")
    path = f"/assignments/{received(there)['no']}"
    assert there.refused(f"{path}/hand-back", reason=" ") == (422, "hand_back_reason", None)
    assert there.call(f"{path}/hand-back", {"reason": "当天另有联合检查"}).json()["state"] == "handed_back"
    assert (there.offers(path), there.read(path)["facts"]["退回理由"]) == ([], "当天另有联合检查")
    assert (lead.offers(out), lead.read(out)["rows"][0]["answer"]) == (["redirect"], "当天另有联合检查")
    again = {"receiver": DISTRICT, "to": DISTRICT}
    assert lead.refused(f"{out}/redirect", **again, reason=" ") == (422, "redirect_reason", None)
    lead.done(f"{out}/redirect", **again, reason="已与对方商定仍按此日")
    assert [(row["attempt"], row["state"]) for row in lead.read(out)["rows"]] == [(1, "redirected"), (2, "sent")]
    assert sorted(row["state"] for row in there.read("/assignments")["rows"]) == ["handed_back", "sent"]


def test_draw_without_partners_goes_nowhere(authority: Authority, enter: Callable[..., Official]) -> None:
    """Its page says so and offers nothing; page and twin refuse."""
    own = authority.drawn()
    lead, out = enter("lead"), f"/draws/{own.no}/dispatch"
    assert (lead.offers(out), lead.read(out)["notes"]) == ([], ["本次抽取由本机关检查，没有要分派的任务。"])
    assert lead.refused(f"{out}/joint", day=authority.today.isoformat()) == (409, "no_partners", None)
    assert lead.refused(f"{out}/send") == (409, "not_for_districts", "第十七条")


def test_partners_of_a_line_are_chosen_by_name(authority: Authority, enter: Callable[..., Official]) -> None:
    """Nobody types the code of another authority."""
    authority.once("listed", lambda: (authority.take_in(objects=objects(100)), authority.publish_list()))
    lead = enter("lead")
    lead.done("/plans/new", year="2026")
    name = authority.office.tree.get(DISTRICT).name
    assert f'<input type="checkbox" name="partners" value="{DISTRICT}">{name}' in lead.page("/plans/2026").text
    line = {"item": "JX-11", "starts": "2026-01-01", "ends": "2026-12-31", "flag": "10%", "rest": "1%"}
    lead.done("/plans/2026/add", **line, partners=[DISTRICT])
    assert [one["partners"] for one in lead.read("/plans/2026")["plan"]["lines"]] == [[DISTRICT]]
