"""srd-1 section 7.2: which entry may follow which (P5, P6)."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import permutations
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from fairdraw.failures import Failure
from fairdraw.log import Phases

Step = tuple[str, dict[str, Any]]

KINDS = ["EVENT", "REVEAL", "RESULT", "ABANDON"]
OBJECT, PERSON = {"what": "object"}, {"what": "person"}


def accepts(*steps: Step) -> bool:
    """Whether a whole sequence is in the table."""
    phases = Phases()
    try:
        for kind, body in steps:
            phases.step(kind, {"seq": 1, **body})
    except Failure as failure:
        assert failure.code == "LOG_STATE"  # noqa: PT017
        return False
    return True


def r(kind: str, number: int = 0, **body: Any) -> Step:
    return kind, {"r": number, **body}


START: list[Step] = [("PLAN", {}), ("EVENT", {})]
DRAWN: list[Step] = [*START, r("REVEAL"), r("RESULT")]


def test_7_2_a_draw_from_plan_to_result() -> None:
    """Events before reveals, reveals before the result."""
    assert accepts(*DRAWN)
    assert accepts(("PLAN", {}), ("EVENT", {}), ("EVENT", {}), r("REVEAL"), r("REVEAL"), r("RESULT"))


def test_7_2_every_other_order_of_the_four_is_refused() -> None:
    """24 orders; EVENT is optional for the log itself, its number is checked later."""
    steps = dict(zip(("P", "E", "V", "R"), DRAWN, strict=True))
    passing = {"".join(order) for order in permutations(steps) if accepts(*(steps[s] for s in order))}
    assert passing == {"PEVR"}


def test_7_2_nothing_follows_an_abandoned_draw() -> None:
    """Not even a second ABANDON."""
    for before in (START[:1], START, [*START, r("REVEAL")]):
        assert accepts(*before, r("ABANDON"))
        for kind in KINDS:
            assert not accepts(*before, r("ABANDON"), r(kind))
        assert not accepts(*before, r("ABANDON"), r("REPLACE", 1, **OBJECT))


def test_7_2_no_second_result_and_no_abandon_after_it() -> None:
    """The draw is final."""
    for kind in KINDS:
        assert not accepts(*DRAWN, r(kind))


def test_7_2_result_needs_a_reveal() -> None:
    """Phase revealing."""
    assert not accepts(*START, r("RESULT"))


def test_7_2_replacements_count_up_one_at_a_time() -> None:
    """r = previous r + 1, none open."""
    first = [r("REPLACE", 1, **OBJECT), r("RESULT", 1)]
    assert accepts(*DRAWN, *first, r("REPLACE", 2, **PERSON), r("REVEAL", 2), r("RESULT", 2))
    assert not accepts(*DRAWN, r("REPLACE", 2, **OBJECT))
    assert not accepts(*DRAWN, *first, r("REPLACE", 1, **OBJECT))
    assert not accepts(*DRAWN, *first, r("REPLACE", 3, **OBJECT))
    assert not accepts(*DRAWN, r("REPLACE", 1, **OBJECT), r("REPLACE", 2, **OBJECT))
    assert not accepts(*START, r("REPLACE", 1, **OBJECT))


def test_7_2_outcomes_belong_to_the_open_request() -> None:
    """Links and ABANDON for persons only, one outcome each."""
    for what in (OBJECT, PERSON):
        opened = [*DRAWN, r("REPLACE", 1, **what)]
        assert accepts(*opened, r("RESULT", 1))
        assert not accepts(*opened, r("RESULT", 2))
        assert not accepts(*opened, r("RESULT", 1), r("RESULT", 1))
        for kind in ("REVEAL", "ABANDON"):
            assert accepts(*opened, r(kind, 1)) == (what == PERSON)
            assert not accepts(*opened, r(kind, 2))
            assert not accepts(*opened, r("RESULT", 1), r(kind, 1))
    assert not accepts(*DRAWN, r("REVEAL", 1))


def test_7_2_after_an_abandoned_person_request_only_objects_follow() -> None:
    """A link cannot be had: no further person is drawn with this plan."""
    broken = [*DRAWN, r("REPLACE", 1, **PERSON), r("REVEAL", 1), r("ABANDON", 1)]
    assert not accepts(*broken, r("REPLACE", 2, **PERSON))
    assert accepts(*broken, r("REPLACE", 2, **OBJECT), r("RESULT", 2))


def test_7_2_seq_is_allocated_by_plan_entries_alone() -> None:
    """One after the other, no gap, none twice."""
    assert accepts(("PLAN", {}), ("PLAN", {"seq": 2}), ("EVENT", {"seq": 1}), ("EVENT", {"seq": 2}))
    assert not accepts(("PLAN", {"seq": 2}))
    assert not accepts(("PLAN", {}), ("PLAN", {"seq": 3}))
    assert not accepts(("PLAN", {}), ("PLAN", {}))
    assert not accepts(("EVENT", {}))


def test_p6_every_withhold_pattern_ends_in_exactly_one_of_result_and_abandon() -> None:
    """2^k patterns for k up to 6 contributors: who withholds decides, not who writes the log."""
    for k in range(1, 7):
        for pattern in range(2**k):
            phases = Phases()
            for kind, body in [*START, *[r("REVEAL") for i in range(k) if pattern >> i & 1]]:
                phases.step(kind, {"seq": 1, **body})
            complete = pattern == 2**k - 1
            ends = [kind for kind in ("RESULT", "ABANDON") if _ends(phases, kind, complete)]
            assert ends == (["RESULT"] if complete else ["ABANDON"]), (k, pattern)


def _ends(phases: Phases, kind: str, complete: bool) -> bool:
    """What a platform would log: RESULT with every value, ABANDON with one missing; then the draw is closed."""
    if (kind == "RESULT") != complete:
        return False
    phases.step(kind, {"seq": 1, "r": 0})
    assert all(_refused(phases, other) for other in KINDS)
    return True


def _refused(phases: Phases, kind: str) -> bool:
    try:
        phases.step(kind, {"seq": 1, "r": 0})
    except Failure:
        return True
    return False


SEQS, RS = st.integers(1, 4), st.integers(0, 3)


class DrawLog(RuleBasedStateMachine):
    """P5: any entry is offered at any time; what is accepted is remembered."""

    def __init__(self) -> None:
        super().__init__()
        self.phases = Phases()
        self.seen: list[tuple[int, str, int]] = []

    def offer(self, kind: str, seq: int, body: Mapping[str, Any]) -> None:
        try:
            self.phases.step(kind, {"seq": seq, **body})
        except Failure as failure:
            assert failure.code == "LOG_STATE"  # noqa: PT017
        else:
            self.seen.append((seq, kind, body.get("r", 0)))

    @rule(seq=SEQS)
    def plan(self, seq: int) -> None:
        self.offer("PLAN", seq, {})

    @rule(seq=SEQS)
    def event(self, seq: int) -> None:
        self.offer("EVENT", seq, {})

    @rule(seq=SEQS, number=RS, kind=st.sampled_from(["REVEAL", "RESULT", "ABANDON"]))
    def numbered(self, seq: int, number: int, kind: str) -> None:
        self.offer(kind, seq, {"r": number})

    @rule(seq=SEQS, number=RS, what=st.sampled_from(["object", "person"]))
    def replace(self, seq: int, number: int, what: str) -> None:
        self.offer("REPLACE", seq, {"r": number, "what": what})

    @invariant()
    def holds(self) -> None:
        assert list(_violations(self.seen)) == []


def _violations(seen: list[tuple[int, str, int]]) -> Iterator[str]:
    """Sentences of P5 that a sequence breaks."""
    plans = [seq for seq, kind, _ in seen if kind == "PLAN"]
    if plans != list(range(1, len(plans) + 1)):
        yield "a seq gap"
    for seq in plans:
        own = [(kind, number) for s, kind, number in seen if s == seq]
        ends = [kind for kind, number in own if kind in ("RESULT", "ABANDON") and number == 0]
        if len(ends) > 1:
            yield f"seq {seq} ended by {ends}"
        if "ABANDON" in ends and own[-1] != ("ABANDON", 0):
            yield f"seq {seq} goes on after ABANDON"
        replaces = [number for kind, number in own if kind == "REPLACE"]
        if replaces != list(range(1, len(replaces) + 1)):
            yield f"seq {seq} replaces {replaces}"


TestP5 = DrawLog.TestCase
TestP5.settings = settings(derandomize=True, max_examples=100, stateful_step_count=40, deadline=None)


WALK = ["PLAN", "EVENT", *["REVEAL"] * 6, *["RESULT"] * 6, "ABANDON", *["REPLACE"] * 4]


def _offer(rng: random.Random, phases: Phases) -> Step:
    """A likely next entry, one in four an unlikely one."""
    seq, kind = rng.randint(1, min(3, len(phases.draws) + 1)), rng.choice(WALK)
    at = phases.draws[seq].r if seq in phases.draws else 0
    number = rng.choice([0, at + (kind == "REPLACE"), at + (kind == "REPLACE"), rng.randint(0, 3)])
    return kind, {"seq": seq, "r": number, "what": rng.choice(["object", "person"])}


def test_p5_random_walks_reach_long_histories() -> None:
    """40 000 offers; hundreds of replacements are accepted on the way."""
    rng, ended = random.Random(5), 0
    for _ in range(400):
        phases, seen = Phases(), [(1, "PLAN", 0)]
        phases.step("PLAN", {"seq": 1})
        for _ in range(100):
            kind, body = _offer(rng, phases)
            with suppress(Failure):
                phases.step(kind, body)
                seen.append((body["seq"], kind, 0 if kind in ("PLAN", "EVENT") else body["r"]))
        assert list(_violations(seen)) == []
        ended += sum(kind == "RESULT" and number > 0 for _, kind, number in seen)
    assert ended > 500
