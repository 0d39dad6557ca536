"""A draw's life on both databases: FREEZE → PLAN → EVENT → REVEAL → RESULT, and what is refused on the way."""

from __future__ import annotations

import pytest
from sqlmodel import select

from authority import SUPERVISOR, Authority, experts, inspectors, line_terms, objects, order_of
from fairdraw.verification import Verification
from shuangsui.draws import events, service, transcripts
from shuangsui.draws.office import draw_log, find
from shuangsui.draws.tables import Draw, DrawnTask, DrawState
from shuangsui.errors import BadInput, RuleRefused
from shuangsui.ledger import service as ledger
from shuangsui.planning import service as planning
from shuangsui.planning.policy import Seats, Terms, parse_ratio


def refused(act, *arguments, **options) -> RuleRefused | BadInput:
    """The error that an act ends in."""
    with pytest.raises((RuleRefused, BadInput)) as caught:
        act(*arguments, **options)
    return caught.value


def verdict(authority: Authority, draw: Draw) -> str:
    """What the kernel's verifier says of the transcript."""
    with authority.session() as session:
        v = Verification(transcripts.transcript(session, authority.office, find(session, draw.no)))
    for _ in v.run():
        pass
    return v.verdict()


def test_whole_draw_is_verified(ready: Authority) -> None:
    """The transcript of a whole draw passes every check; nobody cosigned, so it says so."""
    draw = ready.draw()
    assert draw.state is DrawState.DRAWN
    assert verdict(ready, draw) == "VERIFIED unwitnessed"


def test_r10_2_result_opens_tasks_and_reserves_counters(ready: Authority) -> None:
    """R10.2: each drawn object has a task with a team of two and an expert, and a reserved counter."""
    draw = ready.draw()
    with ready.session() as session:
        tasks = session.exec(select(DrawnTask)).all()
        counted = planning.drawn_in_year(session, ready.today.year, draw.family)
    assert len(tasks) == sum(draw.draft["quota"].values())
    assert counted == dict.fromkeys((task.object_code for task in tasks), 1)
    assert {(len(task.teams), len(task.experts)) for task in tasks} == {(2, 1)}


def test_every_act_is_in_both_chains(ready: Authority) -> None:
    """Each draw-log entry has its ledger row, and both chains hold."""
    ready.draw()
    with ready.session() as session:
        report = ledger.verify(session)
        kinds = [entry.kind for entry in draw_log(session).entries]
    assert report.faults == ()
    assert kinds == ["PLAN", "EVENT", "REVEAL", "REVEAL", "RESULT"]


def test_r8_7_second_draw_of_the_same_round_is_refused(ready: Authority) -> None:
    """R8.7: the same line and round a second time."""
    ready.draw()
    error = refused(ready.freeze)
    assert (error.code, error.article) == ("round_drawn", "第八条")


def test_r8_7_database_refuses_the_second_live_draw_by_itself(ready: Authority) -> None:
    """R8.7: without our check the constraint still stands."""
    from sqlalchemy.exc import IntegrityError

    draw = ready.draw()
    twin = Draw(**(draw.model_dump(exclude={"id", "no"}) | {"no": "2026-9999", "pending": None}))
    with pytest.raises(IntegrityError), ready.session() as session:
        session.add(twin)


def test_one_plan_is_under_commitment_at_a_time(authority: Authority) -> None:
    """srd-1 5.2: commitments are bound to the next seq."""
    authority.take_in(objects=[*objects(100)], inspectors=inspectors(12), experts=experts(5))
    authority.publish_list()
    authority.publish_plan(("JX-11", line_terms()), ("JX-11", line_terms()))
    authority.freeze()
    assert refused(authority.freeze, line=2).code == "commitment_pending"


def test_r10_1_object_drawn_this_year_is_excluded(authority: Authority) -> None:
    """R10.1: the second round excludes what the first one drew, with its code."""
    authority.take_in(objects=objects(200), inspectors=inspectors(12), experts=experts(5))
    authority.publish_list()
    authority.publish_plan(("JX-11", line_terms(A="1%", B="1%", C="1%", D="1%", FLAG="2%")), ("JX-11", line_terms()))
    first = authority.draw()
    second = authority.freeze(line=2)
    assert second.draft["snapshot"]["excluded"] == {"X10-1": sum(first.draft["quota"].values())}


def test_r10_1_object_drawn_for_one_item_is_eligible_for_another(authority: Authority) -> None:
    """R10.1: the key is authority, item family and object."""
    authority.take_in(objects=objects(100, items="JX-11、JX-14"), inspectors=inspectors(12), experts=experts(5))
    authority.publish_list()
    authority.publish_plan(("JX-11", line_terms()), ("JX-14", line_terms()))
    authority.draw()
    assert authority.freeze(line=2).draft["snapshot"]["excluded"] == {}


def test_r10_3_statutory_frequency_is_the_limit_of_its_item(authority: Authority) -> None:
    """R10.3: every object at least monthly by law: drawn once, it is drawn again; otherwise it is not."""
    rows = [row | {"items": "JX-02；JX-09"} for row in objects(6)]
    authority.take_in(objects=rows, inspectors=inspectors(12))
    authority.publish_list()
    everything = line_terms(expert=False, ALL="100%")
    authority.publish_plan(*[(code, everything) for code in ("JX-02", "JX-02", "JX-09", "JX-09")])
    for line in (1, 3):
        authority.draw(line=line)
    assert refused(authority.freeze, line=4).code == "empty_pool"
    assert authority.freeze(line=2).draft["snapshot"]["excluded"] == {}


def flagged(**untils: str) -> list[dict[str, str]]:
    """Two hundred objects, of which the first few have a record that stands until the given days."""
    rows = [row | {"flags": ""} for row in objects(200)]
    for row, until in zip(rows, untils.values(), strict=False):
        row["flags"] = f"行政处罚|市应急局|2026-01-10|{until}"
    return rows


def test_r10_5_record_that_ended_is_absent_from_the_snapshot(authority: Authority) -> None:
    """R10.5: of an ended, a lasting and an open record two make a flagged object."""
    rows = flagged(ended="2026-06-14", lasting="2026-06-15", open="")
    authority.take_in(objects=rows, inspectors=inspectors(12), experts=experts(5))
    authority.publish_list()
    authority.publish_plan(("JX-11", line_terms(FLAG="100%", ALL="1%")))
    assert authority.freeze().draft["quota"] == {"FLAG": 2, "ALL": 2}


def test_r10_4_once_a_year_does_not_bind_flagged_objects(authority: Authority) -> None:
    """R10.4: whoever has a bad record may be drawn again, everybody else may not."""
    authority.take_in(objects=flagged(one="", two=""), inspectors=inspectors(12), experts=experts(5))
    authority.publish_list()
    lines = [("JX-11", line_terms(FLAG="100%", ALL="1%"))] * 2
    authority.publish_plan(*lines)
    assert authority.draw().draft["quota"] == {"FLAG": 2, "ALL": 2}
    assert authority.freeze(line=2).draft["snapshot"]["excluded"] == {"X10-1": 2}


def test_r5_5_cap_binds_all_draws_of_the_year_together(authority: Authority) -> None:
    """R5.5: floor(5 % × 200) = 10; what the first draw took is gone for the second."""
    authority.take_in(objects=objects(200), inspectors=inspectors(12), experts=experts(5))
    authority.publish_list()
    authority.publish_plan(("JX-11", line_terms()), ("JX-11", line_terms()), ("JX-11", line_terms()))
    quotas = [sum(authority.draw(line=line).draft["quota"].values()) for line in (1, 2)]
    assert quotas == [8, 2]
    assert refused(authority.freeze, line=3).code == "over_cap_this_year"


def test_r8_8_empty_pool_is_refused(authority: Authority) -> None:
    """R8.8: nothing to draw from."""
    authority.take_in(objects=objects(20, status="注销"), inspectors=inspectors(12), experts=experts(5))
    authority.publish_list()
    authority.publish_plan(("JX-11", line_terms()))
    error = refused(authority.freeze)
    assert (error.code, error.params["excluded"]) == ("empty_pool", "XCLOSED 20")


def test_r9_1_all_inspectors_recused_for_every_object_is_refused(authority: Authority) -> None:
    """R9.1: nobody is left for anybody."""
    authority.take_in(objects=objects(3), inspectors=inspectors(2), experts=experts(5))
    interests = [
        {"person_kind": "执法检查人员", "person_no": f"ZF{p:04d}", "object_code": o["code"], "relation": "任职"}
        for o in objects(3)
        for p in range(2)
    ]
    authority.take_in(interests=interests)
    authority.publish_list()
    authority.publish_plan(("JX-11", line_terms()))
    assert refused(authority.freeze).code == "all_recused"


def test_r9_4_object_without_possible_team_is_excluded_and_listed(authority: Authority) -> None:
    """R9.4: a single object for which everybody is recused stays in the snapshot as X9."""
    authority.take_in(objects=objects(100), inspectors=inspectors(2), experts=experts(5))
    one = {
        "person_kind": "执法检查人员",
        "person_no": "ZF0000",
        "object_code": objects(1)[0]["code"],
        "relation": "持股",
    }
    authority.take_in(interests=[one])
    authority.publish_list()
    authority.publish_plan(("JX-11", line_terms()))
    assert authority.freeze().draft["snapshot"]["excluded"] == {"X9": 1}


def test_r9_1_interest_becomes_a_recusal_pair(ready: Authority) -> None:
    """R9.1: person and blinded object, nothing of the reason."""
    pair = {
        "person_kind": "执法检查人员",
        "person_no": "ZF0003",
        "object_code": objects(1)[0]["code"],
        "relation": "近亲属",
    }
    ready.take_in(interests=[pair])
    (person, b), *more = ready.freeze().draft["teams"]["recuse"]
    assert (person, len(b), more) == ("ZF0003", 64, [])


@pytest.mark.parametrize(
    ("people", "code"),
    [
        (inspectors(1), "team_below_two"),
        (inspectors(2, lead="否"), "no_leader"),
        (inspectors(12, quals="民爆"), "unqualified"),
    ],
)
def test_pool_without_a_team_is_refused(authority: Authority, people: list[dict[str, str]], code: str) -> None:
    """Refused before anything is frozen."""
    authority.take_in(objects=objects(100), inspectors=people, experts=experts(5))
    authority.publish_list()
    authority.publish_plan(("JX-11", line_terms()))
    assert refused(authority.freeze).code == code
    with authority.session() as session:
        assert session.exec(select(Draw)).all() == []


def test_r6_2_certificate_expired_yesterday_leaves_too_few(authority: Authority) -> None:
    """R6.2: the refusal names the expired certificate."""
    from datetime import timedelta

    yesterday = (authority.today - timedelta(days=1)).isoformat()
    people = [*inspectors(1), inspectors(2, valid_to=yesterday)[1]]
    authority.take_in(objects=objects(100), inspectors=people, experts=experts(5))
    authority.publish_list()
    authority.publish_plan(("JX-11", line_terms()))
    assert refused(authority.freeze).params["out"] == "证件过期（cert_expired）1 人"


def test_fewer_than_20_digits_are_refused_in_plan_and_event(ready: Authority) -> None:
    """srd-1 5.3: neither a plan with 19 digits nor 19 typed digits."""
    assert refused(ready.freeze, digits=19).code == "ceremony_digits"
    assert refused(ready.freeze, digits=257).code == "ceremony_digits"
    draw = ready.commit(ready.freeze())
    error = refused(ready.enter_event, draw, "1" * 19)
    assert (error.code, error.params) == ("digits_wrong", {"digits": 20, "found": 19})


def test_event_before_its_time_is_refused(ready: Authority) -> None:
    """srd-1 7.3: time ≥ at."""
    draw = ready.commit(ready.freeze())
    with ready.session() as session:
        error = refused(events.enter_event, session, ready.office, draw.no, "1" * 20, actor="supervisor")
    assert error.code == "event_early"


def test_only_the_supervisor_types_the_digits(ready: Authority) -> None:
    """Whoever operates the draw does not report the event."""
    draw = ready.commit(ready.freeze())
    with ready.session() as session:
        error = refused(events.enter_event, session, ready.office, draw.no, "1" * 20, actor="lead")
    assert error.code == "not_allowed"


def test_r6_6_commitment_after_the_event_time_is_refused(ready: Authority) -> None:
    """R6.6, srd-1 7.3: the plan is logged before the event, or not at all."""
    draw = ready.freeze()
    ready.wait(hours=2)
    assert refused(ready.commit, draw).code == "event_passed"


def test_reveal_that_does_not_open_its_commitment_is_refused(ready: Authority) -> None:
    """srd-1 5.2."""
    draw = ready.commit(ready.freeze())
    ready.enter_event(draw)
    with ready.session() as session:
        error = refused(service.reveal, session, ready.office, draw.no, SUPERVISOR, "0" * 64, actor="supervisor")
    assert error.code == "reveal_mismatch"


def test_result_waits_for_every_holder(ready: Authority) -> None:
    """Nobody can draw without the second holder."""
    draw = ready.commit(ready.freeze())
    ready.enter_event(draw)
    with ready.session() as session:
        error = refused(service.run, session, ready.office, draw.no, actor="lead")
    assert (error.code, error.params["who"]) == ("reveals_missing", SUPERVISOR)


def test_r5_6_batch_order_covers_every_object(authority: Authority) -> None:
    """R5.6: a key item at 100 % in 4 batches; 121 objects make 31/31/31/28."""
    from collections import Counter

    authority.take_in(objects=objects(121, "JX-13"), inspectors=inspectors(12, quals="电力"), experts=experts(5))
    authority.publish_list()
    terms = Terms({"ALL": parse_ratio("100%")}, batches=4, team=Seats(2, "电力"), per_day=5)
    authority.publish_plan(("JX-13", terms))
    draw = authority.draw()
    with authority.session() as session:
        sizes = Counter(session.exec(select(DrawnTask.batch)).all())
    assert sizes == {1: 31, 2: 31, 3: 31, 4: 28}
    assert verdict(authority, draw) == "VERIFIED unwitnessed"


def test_r6_4_stale_registry_is_refused(ready: Authority) -> None:
    """R6.4: nobody has updated the registry for more than 30 days."""
    ready.wait(days=31)
    error = refused(ready.freeze)
    assert (error.code, error.article) == ("registry_stale", "第六条")


def test_infeasible_teams_name_what_to_relax(authority: Authority) -> None:
    """srd-1 5.5: two qualified people of one office cannot make a team of two offices."""
    people = inspectors(2, office="同一处室")
    authority.take_in(objects=objects(100), inspectors=people, experts=experts(5))
    authority.publish_list()
    authority.publish_plan(("JX-11", line_terms()))
    with authority.session() as session:
        draft = service.freeze(session, authority.office, order_of(session, authority.today), actor="lead").draft
        session.rollback()
    draft["teams"]["two_offices"] = True
    from fairdraw.snapshot import Frozen, Record, freeze, read
    from shuangsui.draws.feasibility import try_out

    records = [Record(str(i), "A", 1, "-") for i in range(20)]
    frozen: Frozen = freeze(records, None, "sha256", draft["snapshot"]["eligible"])
    draft["snapshot"], draft["quota"] = frozen.summary, dict.fromkeys(draft["quota"], 0) | {"A": 4}
    (teams, _) = try_out(draft, read(frozen.rows, draft), 2)
    assert (teams.complete, teams.feasible) == (0, False)
    assert "检查组前两席须来自不同处室：放宽该要求，或补充其他处室人员" in teams.advice


def test_public_mode_is_a_choice_of_the_item(authority: Authority) -> None:
    """srd-1 4.1: an item drawn in the open publishes its ids, and everybody finds everybody."""
    authority.take_in(objects=objects(100), inspectors=inspectors(12), experts=experts(5))
    authority.publish_list(("JX-11", "draw_mode", "public"))
    authority.publish_plan(("JX-11", line_terms()))
    draw = authority.draw()
    with authority.session() as session:
        files = transcripts.transcript(session, authority.office, find(session, draw.no))
    assert sorted(files["ids.txt"].decode().split()) == sorted(row["code"] for row in objects(100))
    assert verdict(authority, draw) == "VERIFIED unwitnessed"


def test_public_mode_is_refused_for_an_item_with_withheld_results(authority: Authority) -> None:
    """A draw in the open would name the objects whose results the list withholds."""
    from shuangsui.errors import RowErrors

    with pytest.raises(RowErrors) as caught:
        authority.publish_list(("JX-01", "draw_mode", "public"))
    assert [error.code for error in caught.value.errors] == ["public_mode_withheld"]
