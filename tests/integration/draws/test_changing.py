"""What may follow a plan besides its result (article 9, srd-1 7.2 and 11)."""

from __future__ import annotations

import pytest
from sqlmodel import select

from authority import SUPERVISOR, Authority
from fairdraw.verification import Verification
from inspecting import team
from shuangsui.draws import changing, events, service, transcripts
from shuangsui.draws.changing import Seat
from shuangsui.draws.office import draw_log, find
from shuangsui.draws.tables import Draw, DrawnTask, DrawState
from shuangsui.draws.tasks import tasks_of
from shuangsui.errors import BadInput, RuleRefused
from shuangsui.inspections import tasks as inspections
from shuangsui.inspections.states import TaskState
from shuangsui.planning.tables import CounterState, FrequencyCounter


def verdict(authority: Authority, draw: Draw) -> str:
    """What the kernel's verifier says of the transcript."""
    with authority.session() as session:
        v = Verification(transcripts.transcript(session, authority.office, find(session, draw.no)))
    for _ in v.run():
        pass
    return v.verdict()


def tasks(authority: Authority, draw: Draw) -> list[DrawnTask]:
    """The tasks as they are now."""
    with authority.session() as session:
        return list(tasks_of(session, draw))


def refused(act, *arguments, **options) -> str:
    """The code that an act ends in."""
    with pytest.raises((RuleRefused, BadInput)) as caught:
        act(*arguments, **options)
    return caught.value.code


def replace(authority: Authority, draw: Draw, seat: Seat, reason: str, j: int) -> None:
    """A whole person replacement: request, the second holder's link, ours, the outcome."""
    with authority.session() as session:
        changing.replace_person(session, authority.office, draw.no, seat, reason, actor="lead")
    with authority.session() as session:
        link = authority.reveal(draw, j)
        changing.reveal_link(session, authority.office, draw.no, SUPERVISOR, link, actor="supervisor")
        changing.finish_replacement(session, authority.office, draw.no, actor="lead")


def test_r9_3_replacement_is_drawn_and_verified(ready: Authority) -> None:
    """R9.3: who comes in is drawn from links opened after the request; the transcript still verifies."""
    draw = ready.draw()
    before = tasks(ready, draw)[0].teams
    replace(ready, draw, Seat("teams", 0, 1), "recusal", 1)
    after = tasks(ready, draw)[0].teams
    assert after[0] == before[0]
    assert after[1] not in (before[1], None)
    assert verdict(ready, draw) == "VERIFIED unwitnessed"


def test_r9_5_recused_leader_is_followed_by_a_leader(ready: Authority) -> None:
    """R9.5: slot 0 is drawn again among those who may lead (every second one here)."""
    draw = ready.draw()
    replace(ready, draw, Seat("teams", 0, 0), "recusal", 1)
    leader = tasks(ready, draw)[0].teams[0]
    assert leader is not None
    assert int(leader[2:]) % 2 == 0


def test_scope_draw_replaces_a_person_everywhere(ready: Authority) -> None:
    """srd-1 11.2: all seats of the person in the pool."""
    draw = ready.draw()
    person = tasks(ready, draw)[0].teams[1]
    replace(ready, draw, Seat("teams", 0, 1, "draw"), "unavailable", 1)
    assert not any(person in task.teams for task in tasks(ready, draw))
    assert verdict(ready, draw) == "VERIFIED unwitnessed"


def test_expert_is_replaced_by_the_next_links(ready: Authority) -> None:
    """The second replacement takes the link before the first one's."""
    draw = ready.draw()
    replace(ready, draw, Seat("teams", 0, 1), "recusal", 1)
    replace(ready, draw, Seat("experts", 0, 0), "unavailable", 2)
    assert verdict(ready, draw) == "VERIFIED unwitnessed"


def test_object_replacement_takes_the_next_alternate(ready: Authority) -> None:
    """srd-1 11.1: the counter of who leaves is released, that of who comes is reserved."""
    draw = ready.draw()
    before = tasks(ready, draw)[0]
    ready.retire(before.object_code)
    with ready.session() as session:
        changing.replace_object(session, ready.office, draw.no, 0, actor="lead")
        states = dict(session.exec(select(FrequencyCounter.object_code, FrequencyCounter.state)).all())
    after = tasks(ready, draw)[0]
    assert after.object_code != before.object_code
    assert (states[before.object_code], states[after.object_code]) == (CounterState.RELEASED, CounterState.RESERVED)
    assert verdict(ready, draw) == "VERIFIED unwitnessed"


def test_object_without_alternate_left_is_cancelled(ready: Authority) -> None:
    """srd-1 11.1: ``in`` = null; a third request for one task is refused."""
    draw = ready.draw()
    last = next(task for task in tasks(ready, draw) if task.stratum == "A")
    for _ in range(2):
        ready.retire(tasks(ready, draw)[last.task].object_code)
        with ready.session() as session:
            changing.replace_object(session, ready.office, draw.no, last.task, actor="lead")
    ready.retire(tasks(ready, draw)[last.task].object_code)
    with ready.session() as session:
        again = refused(changing.replace_object, session, ready.office, draw.no, last.task, actor="lead")
    assert again == "replace_refused"


def test_r9_3_manual_choice_does_not_exist(ready: Authority) -> None:
    """R9.3: no parameter of a replacement names who comes in."""
    import inspect

    assert list(inspect.signature(Seat).parameters) == ["pool", "task", "slot", "scope"]


def test_second_replacement_waits_for_the_first(ready: Authority) -> None:
    """srd-1 7.2: one request is open at a time."""
    draw = ready.draw()
    with ready.session() as session:
        changing.replace_person(session, ready.office, draw.no, Seat("teams", 0, 1), "recusal", actor="lead")
    with ready.session() as session:
        code = refused(
            changing.replace_person, session, ready.office, draw.no, Seat("teams", 1, 1), "recusal", actor="lead"
        )
    assert code == "replace_open"


def test_wrong_link_is_refused(ready: Authority) -> None:
    """srd-1 11.2: exactly the next link."""
    draw = ready.draw()
    with ready.session() as session:
        changing.replace_person(session, ready.office, draw.no, Seat("teams", 0, 1), "recusal", actor="lead")
        link = ready.reveal(draw, 2)
        code = refused(changing.reveal_link, session, ready.office, draw.no, SUPERVISOR, link, actor="supervisor")
    assert code == "reveal_mismatch"


def test_open_replacement_can_be_abandoned(ready: Authority) -> None:
    """srd-1 11.2: a link cannot be had; the seats stay empty and visible."""
    draw = ready.draw()
    with ready.session() as session:
        changing.replace_person(session, ready.office, draw.no, Seat("teams", 0, 1), "recusal", actor="lead")
    with ready.session() as session:
        changing.abandon(session, ready.office, draw.no, "reveal-missing", actor="lead", second="leader")
    assert verdict(ready, draw) == "VERIFIED unwitnessed"


def test_abandoned_draw_stays_public_and_frees_the_round(ready: Authority) -> None:
    """srd-1 7.3: reason and two roles in the log; a new plan with new secrets may follow."""
    draw = ready.commit(ready.freeze())
    with ready.session() as session:
        changing.abandon(session, ready.office, draw.no, "plan-error", actor="lead", second="leader")
        last = draw_log(session).entries[-1]
    assert (last.kind, last.body["reason"], last.body["by"]) == ("ABANDON", "plan-error", ["lead_office", "leader"])
    assert verdict(ready, draw) == "ABANDONED plan-error"
    assert ready.draw().state is DrawState.DRAWN


def test_abandon_needs_two_people_of_two_roles(ready: Authority) -> None:
    """srd-1 7.2: ``by`` holds two distinct roles."""
    draw = ready.commit(ready.freeze())
    with ready.session() as session:
        alone = refused(changing.abandon, session, ready.office, draw.no, "plan-error", actor="lead", second="lead")
    assert alone == "abandon_second"


def test_missing_reveal_is_no_reason_before_its_time(ready: Authority) -> None:
    """srd-1 7.3: only after ``reveal_by``."""
    draw = ready.commit(ready.freeze())
    arguments = (ready.office, draw.no, "reveal-missing")
    with ready.session() as session:
        early = refused(changing.abandon, session, *arguments, actor="lead", second="leader")
    ready.wait(hours=3)
    with ready.session() as session:
        changing.abandon(session, *arguments, actor="lead", second="leader")
    assert early == "abandon_early"


def test_abandon_after_the_result_is_refused(ready: Authority) -> None:
    """DESIGN §4: after RESULT the log knows no abandon."""
    draw = ready.draw()
    with ready.session() as session:
        code = refused(changing.abandon, session, ready.office, draw.no, "plan-error", actor="lead", second="leader")
    assert code == "draw_state"


def test_frozen_draw_can_be_withdrawn_without_a_log_entry(ready: Authority) -> None:
    """Before PLAN nothing is public; the ledger keeps it."""
    draw = ready.freeze()
    with ready.session() as session:
        done = changing.abandon(session, ready.office, draw.no, "freeze-error", actor="lead", second="leader")
        assert done.state is DrawState.WITHDRAWN
    assert ready.freeze().seq == draw.seq


def test_r8_7_leader_voids_a_result_and_the_round_is_free_again(ready: Authority) -> None:
    """R8.7: reason, leadership; counters are released, the transcript stays valid."""
    draw = ready.draw()
    with ready.session() as session:
        changing.void(session, draw.no, "事项依据已修改", actor="leader")
    assert verdict(ready, draw) == "VERIFIED unwitnessed"
    again = ready.draw()
    assert again.draft["snapshot"]["excluded"] == {}
    assert again.seq == draw.seq + 1


def test_operator_cannot_finish_without_the_second_holder(ready: Authority) -> None:
    """The replacement waits for everybody's link."""
    draw = ready.draw()
    with ready.session() as session:
        changing.replace_person(session, ready.office, draw.no, Seat("teams", 0, 1), "recusal", actor="lead")
    with ready.session() as session:
        code = refused(changing.finish_replacement, session, ready.office, draw.no, actor="lead")
    assert code == "reveals_missing"


def test_other_holders_secrets_are_nowhere(ready: Authority) -> None:
    """Promise of 5.2: the platform holds neither ``c_0`` nor unopened links of others, in no table and no file."""
    draw = ready.draw()
    replace(ready, draw, Seat("teams", 0, 1), "recusal", 1)
    unopened = [bytes.fromhex(ready.reveal(draw, j)) for j in range(2, draw.draft["replacements"] + 1)]
    opened = bytes.fromhex(ready.reveal(draw, 1))
    with ready.session() as session:
        stored = _everything(session)
    assert opened.hex() in stored
    assert not any(secret.hex() in stored or repr(secret) in stored for secret in unopened)


def _everything(session) -> str:
    """Every value of every row as text."""
    from shuangsui.migrations import metadata

    classes = {m.class_ for m in metadata_mappers()}
    assert len(classes) > 15, metadata()
    return "\n".join(repr(row.model_dump()) for kind in classes for row in session.exec(select(kind)))


def metadata_mappers():
    """Mapped classes of all areas."""
    from sqlmodel import SQLModel

    return [m for m in SQLModel._sa_registry.mappers if not m.class_.__module__.startswith(("leaky", "tests"))]


def test_state_is_recomputed_not_remembered(ready: Authority) -> None:
    """A tampered result file is noticed at the next act, not published."""
    from fairdraw.failures import Failure
    from shuangsui.draws.standing import state_of
    from shuangsui.draws.tables import DrawFile

    draw = ready.draw()
    with ready.session() as session:
        file = session.exec(select(DrawFile).where(DrawFile.name == "result.json")).one()
        file.data = file.data.replace(b"ZF0001", b"ZF0003")
        session.add(file)
    with ready.session() as session, pytest.raises(Failure) as caught:
        state_of(session, draw)
    assert caught.value.code == "RESULT_HASH"


def test_r8_7_result_cannot_be_run_twice(ready: Authority) -> None:
    """R8.7: there is one RESULT."""
    draw = ready.draw()
    with ready.session() as session:
        assert refused(service.run, session, ready.office, draw.no, actor="lead") == "draw_state"


def test_valid_object_is_not_swapped_out(ready: Authority) -> None:
    """Nobody is taken off the list at will: the registry must say that the object is gone."""
    draw = ready.draw()
    with ready.session() as session:
        assert refused(changing.replace_object, session, ready.office, draw.no, 0, actor="lead") == "object_valid"


def test_r8_7_operator_cannot_void_its_own_draw(ready: Authority) -> None:
    """R8.7: the leadership's verb; otherwise whoever draws could fish for a result."""
    draw = ready.draw()
    with ready.session() as session:
        assert refused(changing.void, session, draw.no, "不满意", actor="lead") == "not_allowed"


def test_r10_2_voided_round_keeps_the_counters_of_inspected_objects(ready: Authority) -> None:
    """R10.2: what was inspected this year stays inspected."""
    draw = ready.draw()
    team(ready, draw).whole()
    with ready.session() as session:
        inspections.void(session, draw.no, "事项依据已修改", actor="leader")
        states = [task.state for task in inspections.all_tasks(session, draw.no)]
    assert states == [TaskState.ENDED] + [TaskState.CANCELLED] * (len(states) - 1)
    assert ready.freeze().draft["snapshot"]["excluded"] == {"X10-1": 1}


def test_operator_reveals_with_the_event_and_never_last(ready: Authority) -> None:
    """It cannot look at a result and withhold; nor abandon for convenience once the event is known."""
    draw = ready.commit(ready.freeze())
    ready.enter_event(draw)
    with ready.session() as session:
        last = draw_log(session).entries[-1]
        code = refused(changing.abandon, session, ready.office, draw.no, "plan-error", actor="lead", second="leader")
    assert (last.kind, last.body["who"], code) == ("REVEAL", ready.office.operator, "abandon_after_event")


def test_operator_types_neither_digits_nor_the_other_holders_value(ready: Authority) -> None:
    """People, not only roles, are apart."""
    from shuangsui.access import service as access
    from shuangsui.access.policy import Role

    with ready.session() as session:
        access.grant(session, "lead", Role.SUPERVISOR, by="sec.admin")
    draw = ready.commit(ready.freeze())
    ready.wait(hours=1, seconds=5)
    with ready.session() as session:
        code = refused(events.enter_event, session, ready.office, draw.no, "1" * 20, actor="lead")
    assert code == "same_person"


def test_commitment_is_given_once(ready: Authority) -> None:
    """Neither the operator's own nor another's can be exchanged."""
    draw = ready.freeze()
    with ready.session() as session:
        own = ready.office.operator
        code = refused(service.commit, session, ready.office, draw.no, own, "0" * 64, None, actor="lead")
    assert code == "commitment_given"


def test_event_waits_for_the_witnesses(ready: Authority) -> None:
    """srd-1 12.1: a plan that nobody cosigned before its event could never be witnessed."""
    from fairdraw.secret import make

    draw = ready.freeze()
    commitment = make(draw.draft, SUPERVISOR, ready.c0(draw), None)["commit"]
    with ready.session() as session:
        service.commit(session, ready.office, draw.no, SUPERVISOR, commitment, None, actor="lead")
    ready.wait(hours=1, seconds=5)
    with ready.session() as session:
        code = refused(events.enter_event, session, ready.office, draw.no, "1" * 20, actor="supervisor")
    assert code == "plan_unwitnessed"
