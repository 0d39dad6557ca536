"""srd-1 section 11: replacements (P8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import transcripts
from fairdraw.replacement import State
from fairdraw.seed import next_link, replacement_key
from fairdraw.suites import hasher
from fairdraw.tickets import word
from transcripts import Files, entry, object_request, person_request

Json = dict[str, Any]
FULL = transcripts.full()
H = hasher("sha256")


def state_of(example: transcripts.Example) -> State:
    assert example.made.state is not None
    return example.made.state


def build(*requests: list[Json], **plan: Any) -> transcripts.Example:
    """A draw with teams and experts and these requests."""
    log_given = [*transcripts.drawn_log(), *(line for request in requests for line in request)]
    return transcripts.build(transcripts.inputs(plan_given=transcripts.plan_given(**plan), log_given=log_given))


def code(edit: Callable[[list[Json]], object], files: Files | None = None) -> str:
    """The code of the example after an edit of its log, chained anew."""
    return transcripts.code(transcripts.relog(files or FULL.files, edit))


def find(members: list[Json], kind: str, r: int) -> Json:
    """Body of the first entry of a kind and r."""
    body: Json = next(e["body"] for e in members if e["kind"] == kind and e["body"].get("r") == r)
    return body


# objects


def test_11_1_next_row_of_the_ranking_takes_over() -> None:
    """Index, day and team stay; a second one takes the row after it."""
    example = build(object_request(1, 70, 2))
    draw, state = example.made.draw, state_of(example)
    assert draw is not None
    old = draw.selection.order[2]
    assert state.tasks[2].b == draw.selection.reserve[old.stratum][0][1]
    assert state.tasks[2].stratum == old.stratum
    assert state.boards["teams"].seats == draw.seatings["teams"].board.seats
    same = next(t for t, task in enumerate(draw.selection.order) if task.stratum == old.stratum and t != 2)
    twice = state_of(build(object_request(1, 70, 2), object_request(2, 75, same)))
    assert twice.tasks[same].b == draw.selection.reserve[old.stratum][1][1]


def test_11_1_alternates_used_up_cancel_the_task() -> None:
    """``in`` null: object and team stay in the computation, the task is shown as cancelled."""
    example = build(object_request(1, 70, 2), alternates=0)
    assert state_of(example).cancelled == {2}
    assert state_of(example).tasks == list(example.made.draw.selection.order)  # type: ignore[union-attr]
    assert transcripts.code(example.files) == "VERIFIED unwitnessed"
    assert "已取消的任务（对象无效且无候补）：2" in transcripts.counts_of(example.files)


def test_11_1_request_without_result_has_no_effect() -> None:
    """But it counts for the two."""
    requests = [entry("REPLACE", 70, r=1, what="object", task=2, reason="object-invalid")]
    example = build(requests)
    assert state_of(example).tasks == list(example.made.draw.selection.order)  # type: ignore[union-attr]
    assert transcripts.code(example.files) == "VERIFIED unwitnessed"


def test_11_1_third_request_for_a_task_is_refused_first() -> None:
    """Even with a wrong object."""
    twice = build(object_request(1, 70, 2), object_request(2, 72, 2))
    assert transcripts.code(twice.files) == "VERIFIED unwitnessed"

    def third(members: list[Json], **body: Any) -> None:
        request, outcome = transcripts.copy(members[-2:])
        request["body"] |= {"r": 3, **body}
        request["time"] = outcome["time"]
        outcome["body"]["r"] = 3
        members += [request, outcome]

    for body in ({}, {"out": "0" * 64}):
        line = transcripts.verdict(transcripts.relog(twice.files, lambda m, b=body: third(m, **b)))
        assert line == "FAIL REPLACE_OBJECT a third request for task 2"


@pytest.mark.parametrize("out", ["", "x", "0" * 64, "0" * 5000, "P00"])
def test_11_1_wrong_out_is_replace_object(out: str) -> None:
    """Any string."""
    assert code(lambda m: find(m, "REPLACE", 1).update(out=out)) == "REPLACE_OBJECT"


@pytest.mark.parametrize("task", [999, 2**32 - 1])
def test_11_1_index_out_of_range_is_replace_object(task: int) -> None:
    """Of an object request."""
    assert code(lambda m: find(m, "REPLACE", 1).update(task=task)) == "REPLACE_OBJECT"


@pytest.mark.parametrize("value", [None, "0" * 64, [], [[2, 0, "P00"]]], ids=repr)
def test_11_1_wrong_in_is_replace_object(value: Any) -> None:
    """The other kind's form included."""
    assert code(lambda m: find(m, "RESULT", 1).update({"in": value})) == "REPLACE_OBJECT"


# people


def test_11_2_seat_of_the_task_is_filled_by_the_smallest_word() -> None:
    """Written down once more: candidates, key, word."""
    example = build(person_request(1, 70, task=1))
    made, draw = example.made, example.made.draw
    assert draw is not None
    links = [made.chains[who][-2] for who in made.plan.contributors]
    key = replacement_key(draw.seed, 1, links, H)
    before, after = draw.seatings["teams"].board, state_of(example).boards["teams"]
    out = before.seats[1][0]
    board = before.over(list(draw.selection.order))
    board.empty((1, 0))
    people = sorted(board.with_room(board.eligible(1, 0), 1) - {out})
    best = min(people, key=lambda i: word(key, draw.selection.order[1].b, i, H))
    assert after.seats[1][0] == best
    assert out is not None
    assert after.barred[1] == {out}
    assert after.barred[0] == set()


def test_11_2_scope_draw_empties_every_seat_of_the_person() -> None:
    """In order of task and slot, and bars from every task."""
    example = build(person_request(1, 70, task=0, scope="draw"))
    before = example.made.draw.seatings["teams"].board  # type: ignore[union-attr]
    out = before.seats[0][0]
    assert out is not None
    after = state_of(example).boards["teams"]
    placed = find(transcripts.entries(example.files), "RESULT", 1)["in"]
    assert [tuple(p[:2]) for p in placed] == sorted(before.held[out])
    assert len(placed) > 1
    assert not after.held[out]
    assert all(out in after.barred[t] for t in range(len(after.tasks)))
    assert transcripts.code(example.files) == "VERIFIED unwitnessed"


def leaders(**changes: Any) -> Json:
    """A pool of three of whom two may lead, one seat per task."""
    return transcripts.pool(1, transcripts.people(3, "P"), two_offices=False, need={}, **changes)


def test_11_2_caps_are_soft() -> None:
    """Both leaders are at their cap; one of them takes one more."""
    tasks = len(state_of(FULL).tasks)
    cap = tasks // 2
    assert tasks == 2 * cap
    example = build(person_request(1, 70, task=0), teams=leaders(cap=cap, day_cap=100))
    board = state_of(example).boards["teams"]
    assert max(len(held) for held in board.held) == cap + 1
    assert transcripts.code(example.files) == "VERIFIED unwitnessed"


def test_11_2_seat_nobody_may_take_stays_empty() -> None:
    """Both leaders are barred from the task."""
    requests = [person_request(1, 70, task=0), person_request(2, 75, task=0)]
    example = build(*requests, teams=leaders(cap=100, day_cap=100))
    assert state_of(example).boards["teams"].seats[0] == [None]
    assert transcripts.code(example.files) == "VERIFIED unwitnessed"
    assert "teams 空缺席位：(0,0)" in transcripts.counts_of(example.files)


def test_11_2_empty_seat_is_requested_as_unfilled() -> None:
    """``out`` null bars nobody."""
    requests = [person_request(1, 70, task=0), person_request(2, 75, task=0)]
    requests.append(person_request(3, 80, task=0, reason="unfilled"))
    example = build(*requests, teams=leaders(cap=100, day_cap=100))
    assert find(transcripts.entries(example.files), "REPLACE", 3)["out"] is None
    assert state_of(example).boards["teams"].barred[0] == {0, 2}
    assert transcripts.code(example.files) == "VERIFIED unwitnessed"


def test_11_2_bar_survives_an_object_replacement() -> None:
    """It belongs to the task index."""
    example = build(person_request(1, 70, task=1), object_request(2, 75, 1), person_request(3, 80, task=1))
    first, third = (find(transcripts.entries(example.files), "REPLACE", r)["out"] for r in (1, 3))
    placed = find(transcripts.entries(example.files), "RESULT", 3)["in"][0][2]
    assert placed not in (first, third)
    assert transcripts.code(example.files) == "VERIFIED unwitnessed"


def test_11_2_more_requests_than_links_are_refused_first() -> None:
    """Counted when logged, before anything else of the request."""
    example = build(*(person_request(r, 60 + 10 * r, task=r) for r in (1, 2, 3)))
    assert transcripts.code(example.files) == "VERIFIED unwitnessed"

    def fourth(members: list[Json]) -> None:
        request = transcripts.copy(next(e for e in members if e["kind"] == "REPLACE"))
        request["time"] = members[-1]["time"]
        request["body"] |= {"r": 4, "task": 10**6, "pool": "experts", "out": "nobody"}
        members.append(request)

    line = transcripts.verdict(transcripts.relog(example.files, fourth))
    assert line == "FAIL REPLACE_CHAIN more person replacements than prepared"


@pytest.mark.parametrize(
    "change",
    [{"task": 10**6}, {"slot": 15}, {"slot": 2}, {"out": "P99"}, {"out": ""}, {"out": "x" * 5000}, {"task": 2},
     {"out": None, "reason": "unfilled"}, {"pool": "experts", "slot": 0, "out": "P00"}],
    ids=lambda c: repr(c)[:40],
)  # fmt: skip
def test_11_2_request_for_another_seat_is_replace_person(change: Json) -> None:
    """Task or slot out of range, wrong ``out``."""
    assert code(lambda m: find(m, "REPLACE", 2).update(change)) == "REPLACE_PERSON"


def test_11_2_pool_absent_from_the_plan_is_replace_person() -> None:
    """Experts without experts."""
    example = build(person_request(1, 70, task=1), experts=None)
    edit = lambda m: find(m, "REPLACE", 1).update(pool="experts")  # noqa: E731
    assert transcripts.verdict(transcripts.relog(example.files, edit)) == (
        "FAIL REPLACE_PERSON the plan has no pool experts"
    )


@pytest.mark.parametrize("value", [None, "0" * 64, [], [[1, 0, None]], [[1, 0, "P99"]], [[1, 1, "P00"]]], ids=repr)
def test_11_2_wrong_in_is_replace_person(value: Any) -> None:
    """The other kind's form included."""
    assert code(lambda m: find(m, "RESULT", 2).update({"in": value})) == "REPLACE_PERSON"


def links(members: list[Json], r: int) -> list[Json]:
    """REVEAL entries of a replacement."""
    return [e for e in members if e["kind"] == "REVEAL" and e["body"]["r"] == r]


def _second(members: list[Json]) -> None:
    again = transcripts.copy(links(members, 2)[0])
    again["body"]["value"] = "9" * 64
    members.insert(members.index(links(members, 2)[-1]), again)


LINKS: dict[str, Callable[[list[Json]], object]] = {
    "missing": lambda m: m.remove(links(m, 2)[1]),
    "all missing": lambda m: [m.remove(e) for e in links(m, 2)],
    "wrong": lambda m: links(m, 2)[0]["body"].update(value="0" * 64),
    "the one after": lambda m: (
        links(m, 2)[0]["body"].update(value=links(m, 3)[0]["body"]["value"])
        or [m.remove(e) for e in m[m.index(links(m, 3)[0]) - 1 :]]
    ),
    "of another": lambda m: links(m, 2)[0]["body"].update(who=links(m, 2)[1]["body"]["who"]),
    "of a stranger": lambda m: links(m, 2)[0]["body"].update(who="路人"),
    "second": _second,
}


@pytest.mark.parametrize("edit", LINKS.values(), ids=list(LINKS))
def test_11_2_links_that_do_not_fit_are_replace_chain(edit: Callable[[list[Json]], object]) -> None:
    """Exactly one next link of every contributor."""
    assert code(edit) == "REPLACE_CHAIN"


def _ended(*ending: Json) -> transcripts.Example:
    """A person request for task 1 with one link, then ``ending``."""
    request = person_request(1, 70, task=1)[:2]
    return build([*request, *ending])


def test_11_2_request_without_outcome_leaves_the_seat_empty() -> None:
    """With the bar in force."""
    example = _ended()
    board = state_of(example).boards["teams"]
    assert board.seats[1][0] is None
    assert len(board.barred[1]) == 1
    assert transcripts.code(example.files) == "VERIFIED unwitnessed"


def test_11_2_abandoned_request_leaves_the_seat_empty_and_its_links_must_be_right() -> None:
    """A link cannot be had; objects may still be replaced."""
    end = entry("ABANDON", 75, r=1, reason="reveal-missing", by=["综合处", "纪检监察组"])
    example = _ended(end, *object_request(2, 80, 2))
    assert transcripts.code(example.files) == "VERIFIED unwitnessed"
    edit = lambda m: links(m, 1)[0]["body"].update(value="0" * 64)  # noqa: E731
    assert transcripts.code(transcripts.relog(example.files, edit)) == "REPLACE_CHAIN"


def test_11_2_chain_goes_backwards() -> None:
    """The j-th person replacement reveals ``c_{L-j}``; object requests use none."""
    members = transcripts.entries(FULL.files)
    shown = [links(members, r)[0]["body"]["value"] for r in (0, 2, 3, 4)]
    for later, earlier in zip(shown[1:], shown, strict=False):
        assert next_link(bytes.fromhex(later), H).hex() == earlier


# final state


def test_11_1_recused_person_in_the_final_state_is_team_recused() -> None:
    """v5: the new object's recused team member was replaced; without that entry the draw fails."""
    files = transcripts.vector_files(5)
    assert transcripts.code(files) == "VERIFIED unwitnessed"

    def stop_before(members: list[Json]) -> None:
        cut = next(n for n, e in enumerate(members) if e["body"].get("reason") == "recusal" and e["body"]["r"] > 2)
        del members[cut:]

    assert transcripts.code(transcripts.relog(files, stop_before)) == "TEAM_RECUSED"


def test_p8_replacement_depends_on_seed_links_order_and_recusals_only() -> None:
    """Times, names of the roles and other draws in the log change nothing; the order of requests does."""
    one = build(person_request(1, 70, task=1), person_request(2, 75, task=3))
    later = build(person_request(1, 80, task=1), person_request(2, 95, task=3))
    assert state_of(one).boards["teams"].seats == state_of(later).boards["teams"].seats
    given = [*transcripts.drawn_log(), *person_request(1, 70, task=1)]
    other = {"plan_hash": "9" * 64, "item": "JXW-009", "reveal_by": transcripts.REVEAL_BY}
    mixed = [*given[:6], entry("PLAN", 66, seq=2, **other), *given[6:]]
    plan = transcripts.plan_given()
    apart = transcripts.build(transcripts.inputs(plan_given=plan, log_given=mixed))
    alone = build(person_request(1, 70, task=1))
    assert state_of(apart).boards["teams"].seats == state_of(alone).boards["teams"].seats
    swapped = build(person_request(1, 70, task=3), person_request(2, 75, task=1))
    outcomes = [find(transcripts.entries(e.files), "RESULT", 1)["in"] for e in (one, swapped)]
    assert outcomes[0] != outcomes[1]
