"""Lines and files dropped, doubled, swapped, cut, added: nothing of it goes unnoticed."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

import transcripts
from transcripts import TRUST, Files

FULL = transcripts.full().files
SALTED_ROWS = 120
Lines = list[bytes]


def with_lines(name: str, edit: Callable[[Lines], object]) -> Files:
    """A text file with its lines (LF included) edited."""
    lines = FULL[name].splitlines(keepends=True)
    edit(lines)
    return FULL | {name: b"".join(lines)}


def swap(at: int) -> Callable[[Lines], object]:
    return lambda lines: lines.insert(at, lines.pop(at + 1))


def places(count: int) -> list[int]:
    """First, last, and some between."""
    return sorted({0, count - 1, *random.Random(count).sample(range(count), 8)})


LOG_LINES = FULL["log.jsonl"].count(b"\n")


@pytest.mark.parametrize("at", places(LOG_LINES))
def test_log_line_dropped_or_doubled(at: int) -> None:
    """The last one too, for a checkpoint covers it."""
    dropped = transcripts.code(with_lines("log.jsonl", lambda lines: lines.pop(at)), TRUST)
    if at < LOG_LINES - 1:
        assert dropped == "LOG_CHAIN"
    else:
        assert dropped == "CHECKPOINT_FORMAT"
    assert transcripts.code(with_lines("log.jsonl", lambda lines: lines.insert(at, lines[at])), TRUST) == "LOG_CHAIN"


@pytest.mark.parametrize("at", places(LOG_LINES - 1))
def test_log_lines_swapped(at: int) -> None:
    """Neighbours anywhere."""
    assert transcripts.code(with_lines("log.jsonl", swap(at)), TRUST) == "LOG_CHAIN"


@pytest.mark.parametrize("size", range(LOG_LINES))
def test_log_truncated(size: int) -> None:
    """A log shown only in part: what is missing is named, or the checkpoint is longer than the log."""
    codes = {0: "NOT_CANONICAL", 1: "EVENT", 2: "COMMIT_OPEN", 3: "COMMIT_OPEN", 4: "COMMIT_OPEN", 5: "LOG_STATE"}
    codes |= {6: "OPENING_EXTRA", 7: "OPENING_EXTRA"}  # the object replaced in was not drawn yet
    cut = with_lines("log.jsonl", lambda lines: lines.__delitem__(slice(size, None)))
    assert transcripts.code(cut, TRUST) == codes.get(size, "CHECKPOINT_FORMAT")


def test_log_appended() -> None:
    """Later entries may exist and stay unwitnessed; rubbish may not."""
    for tail in (b"\n", b"{}\n", b"x", FULL["log.jsonl"][:80]):
        code = transcripts.code(FULL | {"log.jsonl": FULL["log.jsonl"] + tail}, TRUST)
        assert code == ("LOG_FORMAT" if tail == b"{}\n" else "NOT_CANONICAL")
    members = transcripts.entries(FULL)
    other = {"seq": 2, "plan_hash": "9" * 64, "item": "JXW-002", "reveal_by": transcripts.REVEAL_BY}
    longer = transcripts.log_bytes([*members, members[-1] | {"kind": "PLAN", "body": other}])
    assert longer.startswith(FULL["log.jsonl"])
    assert transcripts.code(FULL | {"log.jsonl": longer}, TRUST) == "VERIFIED witnessed"


def test_rewritten_log_is_caught_by_the_cosigned_checkpoint() -> None:
    """Its owner can chain it anew, not the witnesses' signatures."""
    members = transcripts.entries(FULL)
    members[-1]["time"] = transcripts.at(100)
    rewritten = FULL | {"log.jsonl": transcripts.log_bytes(members)}
    assert transcripts.code(rewritten, TRUST) == "CHECKPOINT_ROOT"
    own = {"checkpoint-23.txt": transcripts.note(rewritten, 23, ("log", transcripts.ORIGIN, 0))}
    assert transcripts.code(rewritten | own, TRUST) == "VERIFIED unwitnessed"


@pytest.mark.parametrize("at", places(SALTED_ROWS))
def test_row_dropped_doubled_or_added(at: int) -> None:
    """Order and counts."""
    assert transcripts.code(with_lines("rows.txt", lambda lines: lines.pop(at))) == "SNAPSHOT_COUNT"
    assert transcripts.code(with_lines("rows.txt", lambda lines: lines.insert(at, lines[at]))) == "ROW_ORDER"
    ghost = b"f" * 64 + b" A 1 X9\n"
    assert transcripts.code(with_lines("rows.txt", lambda lines: lines.append(ghost))) == "SNAPSHOT_COUNT"


@pytest.mark.parametrize("at", places(SALTED_ROWS - 1))
def test_rows_swapped(at: int) -> None:
    """Strictly increasing."""
    assert transcripts.code(with_lines("rows.txt", swap(at))) == "ROW_ORDER"


@pytest.mark.parametrize("cut", [1, 2, 70, 4000])
def test_files_cut_short(cut: int) -> None:
    """At the end, whatever the file."""
    for name in FULL:
        if len(FULL[name]) > cut:
            assert transcripts.verdict(FULL | {name: FULL[name][:-cut]}, TRUST).startswith("FAIL "), name


def test_files_of_another_draw() -> None:
    """Each file of the draw without people in the place of its namesake."""
    other = transcripts.plain().files
    codes = {name: transcripts.code(FULL | {name: other[name]}, TRUST) for name in other}
    assert codes == {
        "plan.json": "PLAN_NOT_LOGGED",
        "rows.txt": "VERIFIED witnessed",  # the same registry under the same key: the same bytes
        "log.jsonl": "PLAN_NOT_LOGGED",
        "result.json": "RESULT_HASH",
        "openings.json": "VERIFIED witnessed",  # {} is always allowed
    }


def test_rows_under_another_key_are_another_snapshot() -> None:
    """K is new for each draw."""
    given = transcripts.inputs(K="00" * 32)
    assert transcripts.code(FULL | {"rows.txt": transcripts.build(given).files["rows.txt"]}) == "SNAPSHOT_ROOT"


def test_hostile_sizes_end() -> None:
    """Megabytes of rubbish are refused, not chewed."""
    big = 400_000
    cases = {
        "plan.json": [b"[" * big, b'{"a":' * (big // 5), b"1" * big, b'"' + b"x" * big + b'"'],
        "rows.txt": [b"0" * big, b"\n" * big, FULL["rows.txt"] + b"a" * big],
        "log.jsonl": [b"\n" * big, b"{}\n" * (big // 3), b'{"i":' + b"9" * big + b"}\n"],
    }
    for name, contents in cases.items():
        for data in contents:
            assert transcripts.verdict(FULL | {name: data}).startswith("FAIL "), (name, data[:10])
