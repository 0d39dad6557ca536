"""Recusal and replacement (article 9), and who leads a team (R8.3), on both databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from authority import SUPERVISOR, Authority, experts, inspectors, line_terms, objects
from shuangsui.disclosure.transcripts import About, draw_page
from shuangsui.draws import absences, changing, readiness, recusal, tasks, transcripts
from shuangsui.draws.changing import Seat
from shuangsui.draws.office import draw_log, find
from shuangsui.draws.people import leader_of
from shuangsui.draws.readiness import Helper
from shuangsui.draws.recusal import Claim
from shuangsui.draws.recusal_tables import CaseState, Option, RaisedBy
from shuangsui.draws.tables import Draw, DrawnTask, RecusalCase
from shuangsui.errors import ShuangsuiError
from shuangsui.web.rendering import render


def refused(act: Callable[..., object], *arguments: object, **options: object) -> str:
    """The code of a refusal."""
    with pytest.raises(ShuangsuiError) as caught:
        act(*arguments, **options)
    return caught.value.code


def row_of(authority: Authority, draw: Draw, task: int = 0) -> DrawnTask:
    """One task as it is now."""
    with authority.session() as session:
        return tasks.tasks_of(session, draw)[task]


def claim_of(authority: Authority, draw: Draw, slot: int = 1) -> Claim:
    """The inspected enterprise applies against somebody of the first task."""
    row = row_of(authority, draw)
    person = row.teams[slot]
    assert person
    return Claim(0, "teams", person, RaisedBy.OBJECT, row.object_code, "kinship", "组员的表兄在该企业任职")


def raised(authority: Authority, draw: Draw, claim: Claim) -> RecusalCase:
    """A request on record."""
    with authority.session() as session:
        return recusal.raise_case(session, draw.no, claim, actor="lead")


def decided(authority: Authority, case: RecusalCase, *, uphold: bool, actor: str = "leader") -> RecusalCase:
    """The decision on it."""
    with authority.session() as session:
        return recusal.decide(session, authority.office, case.no, "经核实", uphold=uphold, actor=actor)


def finish(authority: Authority, draw: Draw, j: int) -> None:
    """The second holder's next link and the outcome."""
    with authority.session() as session:
        changing.reveal_link(
            session, authority.office, draw.no, SUPERVISOR, authority.reveal(draw, j), actor="supervisor"
        )
        changing.finish_replacement(session, authority.office, draw.no, actor="lead")


def small(authority: Authority, people: int, experts_: int = 0) -> Draw:
    """A draw with few people."""
    authority.take_in(objects=objects(100), inspectors=inspectors(people), experts=experts(max(experts_, 1)))
    authority.publish_list()
    authority.publish_plan(("JX-11", line_terms(expert=bool(experts_))))
    return authority.draw()


def test_r9_2_upheld_application_draws_the_seat_again(ready: Authority) -> None:
    """R9.2: OBJECT applies, LEAD upholds: decision on record, the seat drawn afresh, the detail nowhere public."""
    draw = ready.draw()
    claim = claim_of(ready, draw)
    case = decided(ready, raised(ready, draw, claim), uphold=True, actor="lead")
    finish(ready, draw, 1)
    row = row_of(ready, draw)
    with ready.session() as session:
        log = b"".join(entry.line for entry in draw_log(session).entries).decode("ascii")
    assert (case.state, case.r, case.decision) == (CaseState.UPHELD, 1, "经核实")
    assert {claim.person, None}.isdisjoint(row.teams)
    assert claim.detail.encode("ascii", "backslashreplace").decode() not in log


def test_r9_2_refused_application_keeps_its_reasons(ready: Authority) -> None:
    """R9.2: refused: nobody is replaced, the reasons are there for OBJECT, a second decision is refused."""
    draw = ready.draw()
    claim = claim_of(ready, draw)
    case = decided(ready, raised(ready, draw, claim), uphold=False)
    assert (case.state, case.decision, case.r) == (CaseState.REFUSED, "经核实", None)
    assert claim.person in row_of(ready, draw).teams
    assert refused(decided, ready, case, uphold=True) == "recusal_decided"


def test_r9_2_who_asked_does_not_decide(ready: Authority) -> None:
    """Maker and checker: LEAD's own request is decided by somebody else."""
    draw = ready.draw()
    claim = replace(claim_of(ready, draw), raised_by=RaisedBy.LEAD, raiser="lead")
    assert refused(decided, ready, raised(ready, draw, claim), uphold=True, actor="lead") == "same_person"


def test_r9_2_applicant_person_and_reason_must_fit(ready: Authority) -> None:
    """Another enterprise, somebody outside the team and an unknown reason are refused; so is a second request."""
    draw = ready.draw()
    claim = claim_of(ready, draw)
    wrong = [replace(claim, raiser="X"), replace(claim, person="ZF9999"), replace(claim, reason_class="gossip")]
    codes = [refused(raised, ready, draw, one) for one in wrong]
    raised(ready, draw, claim)
    codes.append(refused(raised, ready, draw, claim))
    assert codes == ["recusal_raiser", "recusal_person", "recusal_reason", "recusal_open"]


def test_r9_2_open_application_blocks_the_task(ready: Authority) -> None:
    """Nobody goes while it is undecided whether somebody may go."""
    draw = ready.draw()
    raised(ready, draw, claim_of(ready, draw))
    with ready.session() as session:
        row = tasks.tasks_of(session, draw)[0]
        assert refused(readiness.require_ready, session, draw, row) == "recusal_undecided"


def test_r9_4_team_below_two_is_blocked_until_assistance_is_approved(authority: Authority) -> None:
    """R9.4: team {A, B}, pool {A, B}, B recused: blocked; officers of another authority count once approved."""
    draw = small(authority, 2)
    decided(authority, raised(authority, draw, claim_of(authority, draw)), uphold=True, actor="lead")
    finish(authority, draw, 1)
    with authority.session() as session:
        row = tasks.tasks_of(session, draw)[0]
        codes = [refused(readiness.require_ready, session, draw, row)]
        helper = Helper("BB0001", "他区执法机关")
        readiness.request_assistance(session, draw.no, 0, "调派〔2026〕1号", [helper], actor="lead")
        codes.append(refused(readiness.require_ready, session, draw, row))
        readiness.approve_assistance(session, draw.no, 0, "调派〔2026〕1号", actor="leader")
        readiness.require_ready(session, draw, row)
        assert readiness.helpers(session, draw, 0) == ["BB0001"]
    assert (codes, None in row.teams) == (["team_below_two", "team_below_two"], True)


def test_r9_5_recused_leader_is_followed_by_rule(ready: Authority) -> None:
    """R9.5: slot 0 is drawn again and whoever comes meets the HEAD rule."""
    draw = ready.draw()
    before = leader_of(row_of(ready, draw))
    decided(ready, raised(ready, draw, claim_of(ready, draw, 0)), uphold=True, actor="lead")
    finish(ready, draw, 1)
    row = row_of(ready, draw)
    leaders = {person["cert_no"] for person in inspectors(12) if person["lead"] == "是"}
    assert leader_of(row) == row.teams[0] != before
    assert row.teams[0] in leaders


def test_r9_6_conflicted_experts_need_a_recorded_choice(authority: Authority) -> None:
    """R9.6: every expert conflicted: refused without a choice; the leadership goes without, and that is on record."""
    draw = small(authority, 12, 1)
    row = row_of(authority, draw)
    claim = Claim(0, "experts", str(row.experts[0]), RaisedBy.OBJECT, row.object_code, "employment")
    decided(authority, raised(authority, draw, claim), uphold=True, actor="lead")
    finish(authority, draw, 1)
    choice = (draw.no, 0, Option.WITHOUT_EXPERTS, "无其他专家")
    with authority.session() as session:
        row = tasks.tasks_of(session, draw)[0]
        assert refused(readiness.require_ready, session, draw, row) == "experts_conflicted"
        assert refused(readiness.choose, session, *choice, actor="lead") == "not_allowed"
        readiness.choose(session, *choice, actor="leader")
        readiness.require_ready(session, draw, row)
    assert row.experts == [None]


def test_r8_5_pool_of_one_expert_is_told_in_public(authority: Authority) -> None:
    """R8.5: one expert in the pool is no draw; the public page says how many there were to draw from."""
    draw = small(authority, 12, 1)
    with authority.session() as session:
        files = transcripts.transcript(session, authority.office, find(session, draw.no))
    page = draw_page(files, About(draw.no, "", "", {}))
    assert page["pools"] == {"teams": 12, "experts": 1}
    assert {tuple(task["experts"]) for task in page["result"]["tasks"]} == {("ZJ0000",)}
    shown = render("public/draw/frozen.html", draw=page)
    assert "专家 1 名（只有一名，没有选择余地）" in " ".join(shown.split())


def test_r9_7_officer_replaced_four_times_is_listed(authority: Authority) -> None:
    """R9.7: more than three replacements in a quarter, with the four tasks; three are not listed."""
    draw = small(authority, 2)
    person = "ZF0001"
    for task in range(4):
        if task == 3:
            with authority.session() as session:
                assert absences.replacement_report(session, 2026, 2, 3) == {}
        seat = Seat("teams", task, row_of(authority, draw, task).teams.index(person))
        with authority.session() as session:
            changing.replace_person(session, authority.office, draw.no, seat, "unavailable", actor="lead")
        finish(authority, draw, task + 1)
    with authority.session() as session:
        listed = absences.replacement_report(session, 2026, 2, 3)
        assert absences.replacement_report(session, 2026, 3, 0) == {}
    assert {who: [(s.draw, s.task, s.reason) for s in seats] for who, seats in listed.items()} == {
        person: [(draw.no, task, "unavailable") for task in range(4)]
    }


def test_r8_3_another_officer_of_the_team_is_appointed_on_record(ready: Authority) -> None:
    """R8.3: an appointment replaces slot 0 as leader; an expert or outsider cannot lead."""
    draw = ready.draw()
    row = row_of(ready, draw)
    act = (ready.office, draw.no, 0)
    with ready.session() as session:
        for stranger in (row.experts[0], "ZF9999"):
            code = refused(readiness.appoint_leader, session, *act, stranger, "熟悉情况", actor="lead")
            assert code == "leader_not_officer"
        assert refused(readiness.appoint_leader, session, *act, row.teams[1], " ", actor="lead") == "choice_reason"
        readiness.appoint_leader(session, *act, row.teams[1], "熟悉情况", actor="lead")
    assert leader_of(row_of(ready, draw)) == row.teams[1]
