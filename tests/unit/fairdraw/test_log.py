"""srd-1 sections 7.1 to 7.3: entries, chain, phases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import transcripts
from fairdraw import log
from fairdraw.canonical import canon, parse
from fairdraw.failures import Failure

Json = dict[str, Any]
Edit = Callable[[list[Json]], object]

PLAN, EVENT, REVEAL, RESULT, OBJECT, OBJECT_RESULT, PERSON, LINK, OUTCOME = 0, 1, 2, 5, 6, 7, 8, 9, 12
"""Lines of the full example's log."""


def read(edit: Edit = lambda _: None, *, linked: bool = True) -> str:
    """The code of the example's log after an edit, empty if it passes."""
    members = transcripts.entries(transcripts.full().files)
    edit(members)
    return code_of(transcripts.log_bytes(members, linked=linked))


def code_of(data: bytes) -> str:
    try:
        log.read(data)
    except Failure as failure:
        return failure.code
    return ""


def put(line: int, member: str, value: Any) -> Edit:
    """Set a member of an entry; ``body/x`` for one of its body."""

    def edit(members: list[Json]) -> None:
        target = members[line]["body"] if member.startswith("body/") else members[line]
        target[member.removeprefix("body/")] = value

    return edit


def drop(line: int, member: str) -> Edit:
    """Leave a member of a body out."""
    return lambda members: members[line]["body"].pop(member)


def test_7_1_example_has_every_kind_and_reads() -> None:
    """Otherwise the cases below would show nothing."""
    assert read() == ""
    kinds = [entry["kind"] for entry in transcripts.entries(transcripts.full().files)]
    lines = [kinds[i] for i in (PLAN, EVENT, REVEAL, RESULT, OBJECT, OBJECT_RESULT, PERSON, LINK, OUTCOME)]
    assert lines == ["PLAN", "EVENT", "REVEAL", "RESULT", "REPLACE", "RESULT", "REPLACE", "REVEAL", "RESULT"]


LINE = transcripts.full().files["log.jsonl"].split(b"\n")[0]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        LINE,
        LINE + b"\n\n",
        LINE + b"\r\n",
        b"\n" + LINE + b"\n",
        LINE + b" \n",
        b"\xef\xbb\xbf" + LINE + b"\n",
    ],
    ids=["empty", "empty line", "no final LF", "empty last line", "CR LF", "empty first line", "space", "BOM"],
)
def test_7_1_lines_of_another_form_are_not_canonical(data: bytes) -> None:
    """At least one line, each with one LF."""
    assert code_of(data) == "NOT_CANONICAL"


def test_7_2_parse_error_of_any_line_comes_first() -> None:
    """A broken last line beats a broken chain in the second."""
    members = transcripts.entries(transcripts.full().files)
    members[1]["prev"] = "0" * 64
    assert code_of(transcripts.log_bytes(members, linked=False)[:-1] + b" \n") == "NOT_CANONICAL"
    assert code_of(transcripts.log_bytes(members, linked=False)) == "LOG_CHAIN"


WRONG_TYPES: dict[str, Edit] = {
    "i string": put(1, "i", "1"),
    "i null": put(1, "i", None),
    "i true": put(1, "i", True),
    "kind unknown": put(1, "kind", "NOTE"),
    "kind list": put(1, "kind", ["EVENT"]),
    "kind null": put(1, "kind", None),
    "origin empty": put(1, "origin", ""),
    "origin number": put(1, "origin", 1),
    "origin too long": put(1, "origin", "x" * 257),
    "prev null": put(1, "prev", None),
    "suite number": put(1, "suite", 256),
    "time date": put(1, "time", "2026-12-01"),
    "time second 60": put(1, "time", "2026-12-01T03:01:60Z"),
    "time null": put(1, "time", None),
    "body list": put(1, "body", []),
    "body null": put(1, "body", None),
    "member too many": put(1, "note", ""),
    "member missing": lambda members: members[1].pop("suite"),
    "entry list": lambda members: members.__setitem__(1, []),
    "entry null": lambda members: members.__setitem__(1, None),
}


@pytest.mark.parametrize("edit", WRONG_TYPES.values(), ids=list(WRONG_TYPES))
def test_7_2_entry_member_of_wrong_type_is_log_format(edit: Edit) -> None:
    """Before anything is compared."""
    assert read(edit, linked=False) == "LOG_FORMAT"


WRONG_LINKS: dict[str, Edit] = {
    "i too high": put(3, "i", 4),
    "i negative": put(3, "i", -1),
    "i beyond 32 bits": put(3, "i", 2**40),
    "prev of another entry": put(3, "prev", "0" * 64),
    "prev no hex": put(3, "prev", "x"),
    "prev of the first entry": put(0, "prev", "1" * 64),
    "origin of another log": put(3, "origin", "other"),
    "suite of another log": put(3, "suite", "sm3"),
    "suite unknown": lambda members: [m.__setitem__("suite", "sha512") for m in members],
    "first i": put(0, "i", 1),
    "entry dropped": lambda members: members.pop(3),
    "entry twice": lambda members: members.insert(3, members[3]),
    "entries swapped": lambda members: members.insert(2, members.pop(3)),
    "first entry dropped": lambda members: members.pop(0),
    "body changed": put(0, "body/item", "JXW-002"),
}


@pytest.mark.parametrize("edit", WRONG_LINKS.values(), ids=list(WRONG_LINKS))
def test_7_2_entry_that_does_not_follow_is_log_chain(edit: Edit) -> None:
    """Right type, wrong value."""
    assert read(edit, linked=False) == "LOG_CHAIN"


def test_7_1_time_may_stand_still_but_not_go_back() -> None:
    """LOG_TIME."""
    assert read(put(5, "time", transcripts.at(62))) == ""
    assert read(put(5, "time", transcripts.at(61))) == "LOG_TIME"


def test_7_1_other_suite_of_the_log() -> None:
    """An sm3 log reads with its own hash."""
    given = transcripts.inputs(log_suite="sm3")
    made = log.read(transcripts.build(given).files["log.jsonl"])
    assert made.suite == "sm3"
    assert made.entries[0].hash == log.entry_hash(made.entries[0].line, "sm3")


WRONG_BODIES: dict[str, Edit] = {
    "PLAN seq true": put(PLAN, "body/seq", True),
    "PLAN hash": put(PLAN, "body/plan_hash", "0" * 63),
    "PLAN item empty": put(PLAN, "body/item", ""),
    "PLAN reveal_by": put(PLAN, "body/reveal_by", "soon"),
    "PLAN extra": put(PLAN, "body/r", 0),
    "PLAN missing": drop(PLAN, "item"),
    "EVENT name": put(EVENT, "body/name", None),
    "EVENT value empty": put(EVENT, "body/value", ""),
    "EVENT value of 257": put(EVENT, "body/value", "1" * 257),
    "EVENT value not ASCII": put(EVENT, "body/value", "摇"),
    "EVENT value number": put(EVENT, "body/value", 31415),
    "EVENT extra": put(EVENT, "body/r", 0),
    "REVEAL r string": put(REVEAL, "body/r", "0"),
    "REVEAL r false": put(REVEAL, "body/r", False),
    "REVEAL who": put(REVEAL, "body/who", ["综合处"]),
    "REVEAL value upper case": put(REVEAL, "body/value", "A" * 64),
    "REVEAL missing": drop(REVEAL, "who"),
    "RESULT cut list": put(RESULT, "body/cut", []),
    "RESULT seed": put(RESULT, "body/seed", ""),
    "RESULT hash null": put(RESULT, "body/hash", None),
    "RESULT with in": put(RESULT, "body/in", None),
    "RESULT r 1 with a seed": put(RESULT, "body/r", 1),
    "RESULT r 0 with in": put(OUTCOME, "body/r", 0),
    "RESULT in number": put(OUTCOME, "body/in", 1),
    "RESULT in text": put(OUTCOME, "body/in", "P00"),
    "RESULT in pair": put(OUTCOME, "body/in", [[0, 0]]),
    "RESULT in slot 16": put(OUTCOME, "body/in", [[0, 16, None]]),
    "RESULT in task true": put(OUTCOME, "body/in", [[True, 0, None]]),
    "RESULT in person empty": put(OUTCOME, "body/in", [[0, 0, ""]]),
    "REPLACE what": put(OBJECT, "body/what", "task"),
    "REPLACE what null": put(OBJECT, "body/what", None),
    "REPLACE object task": put(OBJECT, "body/task", -1),
    "REPLACE object out null": put(OBJECT, "body/out", None),
    "REPLACE object recusal": put(OBJECT, "body/reason", "recusal"),
    "REPLACE object unfilled": put(OBJECT, "body/reason", "unfilled"),
    "REPLACE object with slot": put(OBJECT, "body/slot", 0),
    "REPLACE person without slot": drop(PERSON, "slot"),
    "REPLACE person slot 16": put(PERSON, "body/slot", 16),
    "REPLACE person pool": put(PERSON, "body/pool", "drivers"),
    "REPLACE person scope": put(PERSON, "body/scope", "day"),
    "REPLACE person reason": put(PERSON, "body/reason", "ill"),
    "REPLACE person out number": put(PERSON, "body/out", 7),
    "REPLACE unfilled with a person": put(PERSON, "body/reason", "unfilled"),
    "REPLACE empty seat for recusal": put(PERSON, "body/out", None),
    "REPLACE empty seat of the draw": lambda m: m[PERSON]["body"].update(out=None, reason="unfilled", scope="draw"),
}


@pytest.mark.parametrize("edit", WRONG_BODIES.values(), ids=list(WRONG_BODIES))
def test_7_2_body_of_wrong_members_or_values_is_log_format(edit: Edit) -> None:
    """Exact members per kind and r."""
    assert read(edit) == "LOG_FORMAT"


@pytest.mark.parametrize(
    "change",
    [{"by": ["a"]}, {"by": ["a", "a"]}, {"by": [f"r{i}" for i in range(17)]}, {"by": "ab"}, {"by": ["a", ""]},
     {"by": [["a"], ["b"]]}, {"reason": "other"}, {"reason": "recusal"}, {"reason": None}, {"r": None}, {"x": 1}],
    ids=repr,
)  # fmt: skip
def test_7_2_abandon_of_another_form_is_log_format(change: Json) -> None:
    """Two roles at least, a listed reason."""
    body = {"seq": 1, "r": 0, "reason": "data-fault", "by": ["a", "b"]}
    assert read(lambda m: m.insert(2, abandon(body))) == "LOG_STATE"  # the draw goes on after its end
    assert read(lambda m: m.insert(2, abandon(body | change))) == "LOG_FORMAT"


def abandon(body: Json) -> Json:
    """An ABANDON entry right after the event."""
    members = transcripts.entries(transcripts.full().files)[1]
    return members | {"kind": "ABANDON", "body": body}


def test_7_2_value_revealed_twice_is_reveal_reused() -> None:
    """Anywhere in the log, before the phase is looked at."""

    def repeat(members: list[Json]) -> None:
        members[LINK]["body"]["value"] = members[REVEAL]["body"]["value"]

    assert read(repeat) == "REVEAL_REUSED"

    def second_plan(members: list[Json]) -> None:
        body = members[PLAN]["body"] | {"seq": 2, "plan_hash": "9" * 64}
        end = members[-1]
        reveal = members[REVEAL]["body"] | {"seq": 2}
        members += [end | {"kind": "PLAN", "body": body}, end | {"kind": "REVEAL", "body": reveal}]

    assert read(second_plan) == "REVEAL_REUSED"


def test_7_2_order_of_the_checks_of_one_entry() -> None:
    """Members, links, time, body, reuse, phase: the first that fails names the code."""
    faults: list[tuple[str, Edit]] = [
        ("LOG_FORMAT", put(4, "body", None)),
        ("LOG_CHAIN", put(4, "prev", "0" * 64)),
        ("LOG_TIME", put(4, "time", transcripts.at(1))),
        ("LOG_FORMAT", put(4, "body/who", "")),
        ("REVEAL_REUSED", lambda m: m[4]["body"].update(value=m[3]["body"]["value"])),
        ("LOG_STATE", put(4, "body/seq", 2)),
    ]
    for n, (code, _) in enumerate(faults):
        members = transcripts.entries(transcripts.full().files)
        for _, edit in reversed(faults[n:]):
            edit(members)
        assert code_of(transcripts.log_bytes(members, linked=False)) == code, n


@pytest.mark.parametrize(("member", "value"), [("seq", 2), ("seq", 2**32 - 1), ("r", 5)])
def test_7_2_unknown_seq_or_r_is_log_state(member: str, value: int) -> None:
    """Of any entry of the draw."""
    for line in (REVEAL, OBJECT, PERSON, LINK, OUTCOME):
        assert read(put(line, f"body/{member}", value)) == "LOG_STATE", line


def test_7_2_entry_read_back_equals_its_line() -> None:
    """Nothing is lost between bytes and entry."""
    files = transcripts.full().files
    read_log = log.read(files["log.jsonl"])
    assert [e.line for e in read_log.entries] == files["log.jsonl"].split(b"\n")[:-1]
    assert [e.i for e in read_log.entries] == list(range(len(read_log.entries)))
    assert read_log.of(1) == read_log.entries
    assert read_log.of(2) == []
    first = parse(read_log.entries[0].line)
    first.pop("v", None)
    assert log.make_line(**first) == read_log.entries[0].line == canon(first)
