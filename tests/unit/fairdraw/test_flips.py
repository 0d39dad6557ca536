"""No byte of a transcript can change unnoticed: single-byte flips over all files, each with the code it must have.

The one exception of the specification: a flip inside a witness line of a checkpoint fails or loses ``witnessed``.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import transcripts
from fairdraw.canonical import parse
from fairdraw.failures import Failure
from spoiling import flipped, random_flips
from transcripts import Files

PLAN = {"NOT_CANONICAL", "PLAN_FIELD", "SNAPSHOT_COUNT", "SNAPSHOT_ROOT", "QUOTA", "PLAN_NOT_LOGGED"}
ROWS = {"ROW_FORMAT", "ROW_ORDER", "ROW_STRATUM", "SNAPSHOT_COUNT", "SNAPSHOT_ROOT"}
LOG = {"NOT_CANONICAL", "LOG_FORMAT", "LOG_CHAIN", "LOG_TIME", "LOG_STATE"}
LAST = LOG | {"REPLACE_PERSON", "CHECKPOINT_ROOT"}
OPENINGS = {"NOT_CANONICAL", "OPENING", "OPENING_EXTRA"}
RECEIPT = {"NOT_CANONICAL", "RECEIPT_FIELD", "RECEIPT_TILE", "RECEIPT_ROW", "RECEIPT_PATH"}
NOTE = {"CHECKPOINT_FORMAT", "CHECKPOINT_ROOT", "CHECKPOINT_SIG"}
BY_FILE = {"plan.json": PLAN, "rows.txt": ROWS, "ids.txt": {"PUBLIC_ID"}, "openings.json": OPENINGS}


def is_canonical(data: bytes) -> bool:
    """Whether a JSON file still has its one form."""
    try:
        parse(data)
    except Failure:
        return False
    return True


def expected(files: Files, name: str, at: int, changed: bytes) -> set[str]:
    """Every code or verdict that a flip at one place may have."""
    if name.endswith(".json") and not is_canonical(changed):
        return {"NOT_CANONICAL"}
    if name == "result.json":
        return {"RESULT_HASH"}
    if name == "log.jsonl":
        return _of_log(files[name], at, changed)
    if name.startswith("receipt-"):
        return RECEIPT
    return _of_note(files[name], at) if name.startswith("checkpoint-") else BY_FILE[name]


def _of_log(data: bytes, at: int, changed: bytes) -> set[str]:
    """The line's own checks, else the link of the line behind it; behind the last line stands the checkpoint."""
    if not all(map(is_canonical, changed[:-1].split(b"\n"))) or not changed.endswith(b"\n"):
        return {"NOT_CANONICAL"}
    return LAST if at >= data.rstrip(b"\n").rindex(b"\n") else LOG


def _of_note(data: bytes, at: int) -> set[str]:
    """Text and the log's line; then the witnesses' lines."""
    log_line_end = data.index(b"\n", data.index(b"\n\n") + 2)
    return NOTE if at <= log_line_end else NOTE | {"VERIFIED unwitnessed"}


def surprises(files: Files, trust: str | None, flips: Iterator[tuple[str, int, int]]) -> list[object]:
    """Flips that end otherwise than they must, and the verdict they got."""
    found: list[object] = []
    for name, at, mask in flips:
        changed = flipped(files, name, at, mask)
        code = transcripts.code(changed, trust)
        if code not in expected(files, name, at, changed[name]):
            found.append((name, at, mask, code))
    return found


def test_two_thousand_random_flips_all_fail_with_the_right_code() -> None:
    """120 rows, teams, experts, four replacements, a receipt, two checkpoints with exactly a quorum."""
    files = transcripts.full().files
    assert transcripts.verdict(files, transcripts.TRUST) == "VERIFIED witnessed"
    assert surprises(files, transcripts.TRUST, random_flips(files, 2_000, 2026)) == []


@pytest.mark.parametrize(
    ("number", "names"), [(6, None), (7, ["log.jsonl", "openings.json", "result.json", "ids.txt"])]
)
def test_random_flips_of_the_vectors(number: int, names: list[str] | None) -> None:
    """v6, and the smaller files of v7, which carry checkpoints too."""
    vector, files = transcripts.vector(number), transcripts.vector_files(number)
    chosen = {name: files[name] for name in names or files}
    flips = random_flips(chosen, 150, number)
    assert surprises(files, vector["inputs"]["trust"], flips) == []


def test_r8_6_every_byte_of_the_smallest_vector_counts() -> None:
    """v1, public mode: every byte once with bit 0, but those of the log's last line.

    Behind the last line of a log without a checkpoint only what the line itself says can be checked.
    """
    files = transcripts.vector_files(1)
    names = ["plan.json", "rows.txt", "ids.txt", "openings.json", "result.json"]
    flips = [(name, at, 1) for name in names for at in range(len(files[name]))]
    log = files["log.jsonl"]
    flips += [("log.jsonl", at, 1) for at in range(log[:-1].rindex(b"\n"))]
    assert surprises(files, None, iter(flips)) == []


def test_every_byte_of_a_checkpoint_counts() -> None:
    """Each byte of the first checkpoint, one mask each in turn."""
    files = transcripts.full().files
    name = "checkpoint-1.txt"
    flips = ((name, at, 1 << at % 8) for at in range(len(files[name])))
    assert surprises(files, transcripts.TRUST, flips) == []


def test_flip_without_a_checkpoint_over_the_last_entry_can_stay_unseen() -> None:
    """Why the last entry needs one: its time is bound by nothing else."""
    files = {n: d for n, d in transcripts.full().files.items() if not n.startswith("checkpoint-23")}
    later = files["log.jsonl"].rindex(b":00Z") + 2
    assert transcripts.code(flipped(files, "log.jsonl", later, 1)) == "VERIFIED unwitnessed"
    whole = transcripts.full().files
    assert transcripts.code(flipped(whole, "log.jsonl", later, 1)) == "CHECKPOINT_ROOT"
