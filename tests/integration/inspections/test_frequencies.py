"""Visits in the ledger of all authorities, caps before them, and tasks outside the draw (R2.1, R10.2, R15.3, R17.5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from authority import Authority, inspectors, line_terms, objects
from inspecting import Team, team, two_tasks_on_one_object
from shuangsui.cli.walk import Course
from shuangsui.draws import assigning
from shuangsui.errors import ShuangsuiError
from shuangsui.inspections import coordination, followup, rechecks, special, tasks, visits
from shuangsui.inspections.followup import Order
from shuangsui.inspections.states import Disposition, TaskType
from shuangsui.planning import exemptions
from shuangsui.planning import service as planning
from shuangsui.planning.exemption_policy import Wanted
from shuangsui.planning.visits import Seen, frequency
from shuangsui.tenancy.annexes import CapEntry, Placed

THING = {"code": objects(1)[0]["code"], "name": "企业0(模拟)", "address": "渝中区"}
CLUE = Wanted(
    code="complaint-clue", trigger="complaint", trigger_text="群众反映超标用能", objects=[THING],
    evidence={"number": "TS2026-001", "received_on": "2026-06-10", "summary": "超标用能"}, item_code="JX-11",
    team=("ZF0000", "ZF0001"),
)  # fmt: skip
SPECIAL = replace(
    CLUE, code="complaint-special", team=(), filing={"no": "备1", "at": "2026-06-12"},
    plan={"necessity": "集中反映", "body": "检查处室", "time": "6月", "area": "渝中区", "approval": "府〔2026〕1号"},
)  # fmt: skip


def refused(act, *arguments, **options) -> str:
    """The code of the refusal."""
    with pytest.raises(ShuangsuiError) as caught:
        act(*arguments, **options)
    return caught.value.code


def case(authority: Authority, wanted: Wanted) -> str:
    """An approved case."""
    office = authority.office
    with authority.session() as session:
        rules = office.rules(authority.today)
        no = exemptions.request(session, office.tenant, wanted, rules=rules, actor="lead").no
        exemptions.approve(session, no, rules=office.rules, actor="leader")
    return no


def seen(authority: Authority, code: str) -> list[Seen]:
    """What the enterprise's frequency page lists."""
    with authority.session() as session:
        return frequency(session, authority.office.keyring, code, 2026)


def capped(authority: Authority, per_year: int, **more: object) -> None:
    """A published cap for everything."""
    entry = CapEntry.model_validate({"per_year": per_year, "basis": "文号", "published_on": date(2026, 1, 1)} | more)
    tenant = replace(authority.office.tenant, caps=(Placed(entry, "caps.toml", 1),))
    authority.office = replace(authority.office, tenant=tenant)


@pytest.fixture
def stocked(authority: Authority) -> Authority:
    """Registries and a published list, no plan."""
    authority.take_in(objects=objects(20), inspectors=inspectors(12))
    authority.publish_list()
    return authority


def clue(authority: Authority) -> Team:
    """The team of a clue check, its task accepted by nobody yet."""
    no = case(authority, CLUE)
    with authority.session() as session:
        (task,) = special.open_case(session, no, actor="lead")
        assert special.open_case(session, no, actor="lead") == []
    return Team(authority, task.no, Course())


def test_r17_5_visit_of_a_clue_check_is_listed_with_type_and_trigger(stocked: Authority) -> None:
    """R17.5, R2.1: the task is of its own type, goes to the stated team, and draws on no counter of article 10."""
    one = clue(stocked)
    task = one.read()
    assert (task.type, task.exemption, one.people()) == (TaskType.CLUE, "LX2026-0001", ["ZF0000", "ZF0001"])
    one.whole()
    day = stocked.today
    assert seen(stocked, THING["code"]) == [Seen(day, "chongqing", task.family, "clue", "", "complaint")]
    with stocked.session() as session:
        assert planning.drawn_in_year(session, 2026, task.family) == {}


def test_r17_2_people_of_a_special_inspection_are_drawn_and_its_task_is_special(stocked: Authority) -> None:
    """R2.1, R17.2: given objects, drawn people; never 双随机. Its tasks come from the draw, not from the case."""
    no, call = case(stocked, SPECIAL), stocked.call()
    with stocked.session() as session:
        assert refused(special.open_case, session, no, actor="lead") == "case_people_drawn"
        found = exemptions.approved(session, no)
        draw = assigning.freeze_case(session, stocked.office, found, call, actor="lead")
    one = team(stocked, stocked.finish(draw))
    task = one.read()
    assert (task.type, task.exemption, task.object_code) == (TaskType.SPECIAL, no, THING["code"])


def test_r17_2_case_without_approval_opens_no_task(stocked: Authority) -> None:
    """R17.2."""
    with stocked.session() as session:
        rules = stocked.office.rules(stocked.today)
        no = exemptions.request(session, stocked.office.tenant, CLUE, rules=rules, actor="lead").no
        assert refused(special.open_case, session, no, actor="lead") == "exemption_not_approved"
        assert tasks.all_tasks(session) == []


def test_r6_2_team_of_a_case_is_looked_at_again_when_it_goes_out(stocked: Authority) -> None:
    """R6.2, R9.1: a certificate that ran out after the approval, an interest found since: no task."""
    no = case(stocked, CLUE)
    row = {"person_kind": "执法检查人员", "person_no": "ZF0000", "object_code": THING["code"], "relation": "任职"}

    def open_case() -> object:
        with stocked.session() as session:
            return special.open_case(session, no, actor="lead")

    stocked.take_in(interests=[row])
    assert refused(open_case) == "exemption_team_interest"
    stocked.take_in(inspectors=inspectors(12, valid_to="2026-06-14"))
    assert refused(open_case) == "exemption_team_certificate"
    with stocked.session() as session:
        assert tasks.all_tasks(session) == []


def test_r12_2_clue_check_on_site_says_why(stocked: Authority) -> None:
    """R12.2: what brought the case about is the reason."""
    one = clue(stocked)
    assert (one.read().mode, one.read().mode_reason) == ("onsite", CLUE.trigger_text)


def test_r10_2_visit_is_entered_when_the_team_is_there(authority: Authority) -> None:
    """R10.2: one entry of the visit's date, beside the counter of the plan year."""
    one = team(authority).until("arrive")
    task = one.read()
    assert seen(authority, task.object_code) == []
    one.arrive()
    assert seen(authority, task.object_code) == [Seen(authority.today, "chongqing", task.family, "random", "", None)]


def test_r10_2_drawn_in_december_and_visited_in_january(authority: Authority) -> None:
    """R10.2: 2026 in the counter of article 10, by the year of the plan; 2027 in the ledger of visits, by its date."""
    authority.wait(days=188)
    authority.take_in(objects=objects(200), inspectors=inspectors(12))
    authority.publish_list()
    authority.publish_plan(("JX-11", line_terms(expert=False)))
    one = team(authority, authority.draw())
    authority.wait(days=21)
    one.until("write")
    task = one.read()
    with authority.session() as session:
        counted = [planning.drawn_in_year(session, year, task.family).get(task.object_code) for year in (2026, 2027)]
        keyring = authority.office.keyring
        visited = [[visit.on for visit in frequency(session, keyring, task.object_code, year)] for year in (2026, 2027)]
    assert counted == [1, None]
    assert visited == [[], [date(2027, 1, 10)]]


def test_r10_2_object_of_a_cancelled_task_is_eligible_again(authority: Authority) -> None:
    """R10.2: cancelled before any visit, it is no longer excluded; the others of the same draw are."""
    authority.take_in(objects=objects(200), inspectors=inspectors(12))
    authority.publish_list()
    few = line_terms(expert=False, ALL="1%", FLAG="2%")
    authority.publish_plan(("JX-11", few), ("JX-11", few))
    draw = authority.draw()
    team(authority, draw).act(tasks.cancel, "对象已停产", actor="lead")
    assert authority.freeze(line=2).draft["snapshot"]["excluded"] == {"X10-1": sum(draw.draft["quota"].values()) - 1}


def test_r10_2_visit_above_the_cap_does_not_begin(authority: Authority) -> None:
    """R10.2 (b): after one visit to the same enterprise the second of the year is refused; a clue check is not."""
    first = team(authority).whole().read()
    capped(authority, 1)
    thing = {"code": first.object_code, "name": first.object_name, "address": ""}
    no = case(authority, replace(CLUE, objects=[thing]))
    with authority.session() as session:
        (task,) = special.open_case(session, no, actor="lead")
    one = Team(authority, task.no, Course())
    one.until("write")
    assert [visit.type for visit in seen(authority, first.object_code)] == ["random", "clue"]
    call = authority.call()
    no = case(authority, replace(SPECIAL, objects=[thing]))
    with authority.session() as session:
        draw = assigning.freeze_case(session, authority.office, exemptions.approved(session, no), call, actor="lead")
    later = team(authority, authority.finish(draw)).until("arrive")
    assert refused(later.arrive) == "visit_cap"


def test_r15_3_recheck_on_site_is_labelled(authority: Authority) -> None:
    """R15.3: an entry labelled re-check; two officers of the team; the art. 10 counter of X is unchanged."""
    one = team(authority, course=Course(["pending"], wrong={"1": "发现淘汰设备一台"})).whole()
    due = authority.today + timedelta(days=30)
    one.decide(followup.dispose, 1, Order(Disposition.RECTIFY, demand="拆除设备", due=due), actor="lead")
    people, task = one.people(), one.read()

    def recheck(*who: str) -> object:
        with authority.session() as session:
            return rechecks.recheck(session, one.office, one.no, 1, who, actor="inspection")

    assert [refused(recheck, people[0]), refused(recheck, people[0], "ZF9999")] == ["one_officer", "not_of_team"]
    assert recheck(*people).n == 2
    assert [visit.label for visit in seen(authority, task.object_code)] == ["", "recheck"]
    with authority.session() as session:
        assert planning.drawn_in_year(session, 2026, task.family)[task.object_code] == 1
    capped(authority, 1, rechecks=True)
    assert refused(recheck, *people) == "visit_cap"


def test_r3_2_merged_visit_counts_once(authority: Authority) -> None:
    """R3.2, R10.2: two items inspected in one visit are one visit for a cap of one a year; both are listed."""
    first, second = two_tasks_on_one_object(authority)
    capped(authority, 1)
    with authority.session() as session:
        coordination.schedule(session, authority.office, second, authority.today, actor="inspection")
        coordination.decide(session, authority.office, first, second, merged=True, reason="", actor="lead")
    teams = [Team(authority, no, Course()).until("arrive") for no in (first, second)]
    for one in teams:
        one.arrive()
    assert [visit.label for visit in seen(authority, teams[0].read().object_code)] == ["", "merged"]


def test_r3_2_visits_that_are_not_merged_count_each(authority: Authority) -> None:
    """R10.2: the second item is a second visit, which the cap refuses."""
    first, second = two_tasks_on_one_object(authority)
    capped(authority, 1)
    Team(authority, first, Course()).until("write")
    assert refused(Team(authority, second, Course()).until("arrive").arrive) == "visit_cap"


def test_r13_7_second_attempt_is_the_same_inspection(authority: Authority) -> None:
    """R13.7, R10.2: nobody was found; the cap of one a year does not forbid to look once more, and it is labelled."""
    one = team(authority).until("write")
    capped(authority, 1)
    one.act(visits.nobody_found)
    one.leave()
    authority.wait(days=3)
    one.arrive()
    assert [visit.label for visit in seen(authority, one.read().object_code)] == ["", "again"]
