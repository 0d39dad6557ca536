"""What devices send becomes the same record in whatever order it arrives, and nothing is lost (R13.9)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuangsui.inspections.submission_policy import Merged, Past, Sending, flat, is_jump, merge, nested, stamped

Step = tuple[str, int, dict[str, str]]
"""Device, counter, fields."""
NOON = datetime(2026, 6, 15, 4, tzinfo=UTC)
FIELDS = ("facts", "answers/1", "answers/2")
repeatable = settings(derandomize=True, max_examples=300, deadline=None)


def steps(*, devices: str = "ABC", shared: bool = True) -> st.SearchStrategy[list[Step]]:
    """Steps of several devices away from the network; without ``shared`` each device has a field of its own."""

    def of(device: str) -> st.SearchStrategy[list[Step]]:
        names = FIELDS if shared else (FIELDS[devices.index(device)],)
        touched = st.dictionaries(st.sampled_from(names), st.sampled_from("xyz"), min_size=1)
        return st.lists(touched, max_size=3).map(lambda found: [(device, n, one) for n, one in enumerate(found)])

    return st.tuples(*map(of, devices)).map(lambda own: [step for one in own for step in one])


def arrive(order: list[Step], base: int = 0) -> tuple[Merged, list[tuple[Step, tuple[str, ...]]]]:
    """The record after all steps, and each step with its conflicts."""
    merged, told = Merged({}, {}, 0, ()), []
    for step in order:
        device, counter, touched = step
        merged = merge(merged.fields, merged.pasts, merged.revision, touched, Sending(device, counter, base))
        told.append((step, merged.conflicts))
    return merged, told


def highest(order: list[Step], device: str, name: str) -> int:
    """The device's last step that touches the field."""
    return max(counter for own, counter, touched in order if own == device and name in touched)


@repeatable
@given(steps(shared=False).flatmap(lambda found: st.tuples(st.just(found), st.permutations(found))))
def test_r13_9_own_fields_give_one_record_in_any_order(drawn: tuple[list[Step], list[Step]]) -> None:
    """Where no two devices touch a field there is no conflict, and the counter alone decides."""
    sent, order = drawn
    merged, told = arrive(order)
    last = {name: touched[name] for _, _, touched in sorted(sent) for name in touched}
    assert merged.fields == last
    assert [conflicts for _, conflicts in told] == [()] * len(told)


@repeatable
@given(steps().flatmap(lambda found: st.tuples(st.permutations(found), st.permutations(found))))
def test_r13_9_orders_without_conflict_give_one_record(orders: tuple[list[Step], list[Step]]) -> None:
    """The same submissions, twice without any conflict: the same record."""
    first, second = (arrive(order) for order in orders)
    if not any(conflicts for _, conflicts in first[1] + second[1]):
        assert first[0].fields == second[0].fields


@repeatable
@given(steps().flatmap(st.permutations))
def test_r13_9_nothing_sent_is_lost(order: list[Step]) -> None:
    """Every value sent is in the record, or a later step of its own device replaced it, or it is a conflict."""
    merged, told = arrive(order)
    for (device, counter, touched), conflicts in told:
        for name, value in touched.items():
            replaced = counter < highest(order, device, name)
            assert merged.fields[name] == value or replaced or name in conflicts


@repeatable
@given(steps().flatmap(st.permutations))
def test_r13_9_revision_counts_changes_only(order: list[Step]) -> None:
    """A step that puts nothing into the record does not make others' views old."""
    merged, _ = arrive(order)
    assert merged.revision <= len(order)
    assert all(past.revision <= merged.revision for past in merged.pasts.values())


@pytest.mark.parametrize("order", list(permutations([("A", 1, {"facts": "x"}), ("A", 2, {"facts": "y"})])))
def test_r13_9_later_counter_stands_whatever_arrives_first(order: tuple[Step, ...]) -> None:
    """Step 2 is what the officer meant."""
    assert arrive(list(order))[0].fields == {"facts": "y"}


def test_r13_9_second_device_with_other_value_is_a_conflict() -> None:
    """The record keeps what came first."""
    merged, told = arrive([("A", 1, {"facts": "x"}), ("B", 1, {"facts": "y", "answers/1": "z"})])
    assert (merged.fields, told[1][1]) == ({"facts": "x", "answers/1": "z"}, ("facts",))


def test_r13_9_who_has_seen_the_record_may_change_it() -> None:
    """A base of the present revision is no conflict."""
    assert arrive([("A", 1, {"facts": "x"}), ("B", 1, {"facts": "y"})], base=9)[0].fields == {"facts": "y"}


def test_r13_9_a_value_of_two_devices_is_changed_by_neither_unseen() -> None:
    """B agreed to x; A's later y must not pass over that."""
    merged, told = arrive([("A", 1, {"facts": "x"}), ("B", 1, {"facts": "x"}), ("A", 2, {"facts": "y"})])
    assert (merged.fields, told[2][1]) == ({"facts": "x"}, ("facts",))


def test_r13_9_what_was_written_at_the_console_is_not_passed_over() -> None:
    """A device that had not seen it gets a conflict, also for a field of its own before."""
    pasts = stamped({"facts": Past(1, ("A",), {"A": 1})}, {"facts": None}, 2)
    merged = merge({"facts": "x"}, pasts, 2, {"facts": "y"}, Sending("A", 2, 1))
    assert (merged.fields, merged.conflicts, merged.revision) == ({"facts": "x"}, ("facts",), 2)


def test_r13_9_content_and_fields_are_two_forms_of_one() -> None:
    """Flat and nested undo each other; what a content does not touch is no field."""
    content = {"answers": {"1": {"answer": "no", "facts": "台账缺页"}}, "facts": "现场正常"}
    assert nested(flat(content)) == content
    assert flat({"facts": ""}) == {"facts": ""}
    assert flat({"answers": {}}) == {}


@pytest.mark.parametrize(
    ("before", "after", "jump"),
    [(None, None, False), (-60, None, False), (60, None, True), (None, 60, False), (None, -60, True), (0, 0, False)],
)
def test_r13_9_clock_against_counter_is_a_jump(before: int | None, after: int | None, jump: bool) -> None:
    """Minutes of the neighbouring steps from this one."""
    at = [None if minutes is None else NOON + timedelta(minutes=minutes) for minutes in (before, after)]
    assert is_jump(NOON, *at) is jump


def test_past_comes_back_from_json() -> None:
    """What the column keeps is all there is."""
    past = Past(3, ("A", "B"), {"A": 4})
    assert Past.of(past.as_dict()) == past
    assert Past.of(None) == Past()
