"""srd-1 section 4: blinded rows."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

import transcripts
from fairdraw import snapshot
from fairdraw.failures import Failure
from fairdraw.merkle import tree_root
from fairdraw.snapshot import Record
from fairdraw.suites import hasher

KEY = bytes(range(32))
H = hasher("sha256")


def frozen(records: list[Record] | None = None) -> snapshot.Frozen:
    rows = [Record(*r) for r in transcripts.records(600)] if records is None else records
    return snapshot.freeze(rows, KEY, "sha256", ["A", "B", "C", "Z"])


def read(rows: bytes, summary: dict[str, Any]) -> snapshot.Snapshot:
    return snapshot.read(rows, {"suite": "sha256", "snapshot": summary})


def code_of(rows: bytes, summary: dict[str, Any] | None = None) -> str:
    with pytest.raises(Failure) as failure:
        read(rows, summary or frozen().summary)
    return failure.value.code


def test_4_1_blinded_id_hashes_salt_and_id() -> None:
    """Written out once more, byte for byte."""
    salt = hashlib.sha256(KEY + "渝企".encode()).digest()[:16]
    assert snapshot.salt_of(KEY, "渝企", H) == salt
    assert snapshot.blind_with(KEY, "渝企", H) == hashlib.sha256(b"srd1/id\n" + salt + "渝企".encode()).digest()
    assert snapshot.blind_with(None, "渝企", H) == hashlib.sha256(b"srd1/id\n" + "渝企".encode()).digest()


def test_4_2_rows_are_sorted_and_counted() -> None:
    """Freezing reads back; a stratum without rows counts 0."""
    made = frozen()
    found = read(made.rows, made.summary)
    lines = made.rows.split(b"\n")[:-1]
    assert [line[:32] for line in lines] == sorted({line[:32] for line in lines})
    assert found.n == 600
    assert found.eligible == made.summary["eligible"] == {"A": 190, "B": 190, "C": 190, "Z": 0}
    assert found.excluded == made.summary["excluded"] == {"X10-1": 30}


def test_4_3_root_is_over_tiles_of_256_rows() -> None:
    """600 rows are three leaves."""
    made = frozen()
    lines = [line + b"\n" for line in made.rows.split(b"\n")[:-1]]
    tiles = [b"".join(lines[i : i + 256]) for i in (0, 256, 512)]
    assert made.summary["root"] == tree_root(tiles, H).hex()


@pytest.mark.parametrize("n", [1, 255, 256, 257, 512])
def test_4_3_tile_boundaries(n: int) -> None:
    """A full last tile starts no empty one."""
    made = frozen([Record(f"id{i}", "A", 1, "-") for i in range(n)])
    assert read(made.rows, made.summary).root.hex() == made.summary["root"]


def test_p3_order_of_the_registry_does_not_matter() -> None:
    """The same bytes from any order."""
    rows = [Record(*r) for r in transcripts.records(50)]
    assert frozen(rows) == frozen(rows[::-1]) == frozen(rows[25:] + rows[:25])


def test_4_2_duplicate_object_cannot_be_frozen() -> None:
    """Two equal prefixes are an error."""
    with pytest.raises(Failure) as failure:
        frozen([Record("x", "A", 1, "-"), Record("y", "A", 1, "-"), Record("x", "B", 2, "X9")])
    assert (failure.value.code, failure.value.detail) == ("ROW_ORDER", "x occurs twice")


@pytest.mark.parametrize("id_", ["", "a\n", "\x7f", "渝" * 86, "\ud800"], ids=ascii)
def test_4_1_id_that_is_no_text_cannot_be_frozen(id_: str) -> None:
    """A refusal with a code, never a crash."""
    with pytest.raises(Failure) as failure:
        frozen([Record(id_, "A", 1, "-")])
    assert failure.value.code == "PUBLIC_ID"


@pytest.mark.parametrize(
    ("stratum", "weight", "status"),
    [("", 1, "-"), ("层", 1, "-"), ("A B", 1, "-"), ("A", 0, "-"), ("A", 65, "-"), ("A", -1, "-"), ("A", 100, "-"),
     ("A", True, "-"), ("A", 1, ""), ("A", 1, "x9"), ("A", 1, "X" * 17), ("A", 1, "-\n"), ("\ud800", 1, "-")],
    ids=ascii,
)  # fmt: skip
def test_4_2_record_that_makes_no_row_cannot_be_frozen(stratum: str, weight: int, status: str) -> None:
    """The writer checks its own grammar."""
    with pytest.raises(Failure) as failure:
        frozen([Record("x", stratum, weight, status)])
    assert failure.value.code == "ROW_FORMAT"


def test_4_3_empty_registry_cannot_be_frozen() -> None:
    """n ≥ 1."""
    with pytest.raises(Failure) as failure:
        frozen([])
    assert failure.value.code == "ROW_FORMAT"


ROW = b"0" * 64 + b" A 1 -\n"
BAD_ROWS = {
    "empty file": b"",
    "only a line feed": b"\n",
    "no final line feed": ROW[:-1],
    "CR LF": ROW[:-1] + b"\r\n",
    "empty line after": ROW + b"\n",
    "upper-case hex": b"A" * 64 + b" A 1 -\n",
    "63 digits": ROW[1:],
    "65 digits": b"0" + ROW,
    "two spaces": ROW.replace(b" A", b"  A"),
    "tab": ROW.replace(b" A ", b"\tA "),
    "trailing space": ROW[:-1] + b" \n",
    "weight 0": ROW.replace(b" 1 ", b" 0 "),
    "weight 65": ROW.replace(b" 1 ", b" 65 "),
    "weight 01": ROW.replace(b" 1 ", b" 01 "),
    "weight 100": ROW.replace(b" 1 ", b" 100 "),
    "weight in Arabic digits": ROW.replace(b" 1 ", " ١ ".encode()),
    "no status": ROW.replace(b" -", b""),
    "lower-case status": ROW.replace(b"-", b"x9"),
    "status of 17": ROW.replace(b"-", b"X" * 17),
    "stratum starts with a full stop": ROW.replace(b"A", b".A"),
    "stratum of 33": ROW.replace(b"A", b"A" * 33),
    "stratum not ASCII": ROW.replace(b"A", "层".encode()),
    "fifth column": ROW[:-1] + b" x\n",
    "garbage between rows": ROW + b"x" + ROW,
    "nul": ROW + b"\x00",
}


@pytest.mark.parametrize("rows", BAD_ROWS.values(), ids=list(BAD_ROWS))
def test_4_2_row_of_another_form_is_row_format(rows: bytes) -> None:
    """The whole file matches the grammar or nothing does."""
    assert code_of(rows) == "ROW_FORMAT"


def test_4_2_rows_that_share_their_first_16_bytes_are_row_order() -> None:
    """Strictly increasing by ``b[:16]``, the rest does not count."""
    first, second = ROW, b"0" * 63 + b"1 A 1 -\n"
    assert code_of(first + second) == "ROW_ORDER"


def test_12_1_order_of_the_snapshot_checks() -> None:
    """Format of the whole file, then order, then strata, then counts, then root."""
    made = frozen()
    lines = made.rows.split(b"\n")[:-1]
    swapped = [lines[1], lines[0], *lines[2:]]
    strange = [line.replace(b" C ", b" Q ") for line in swapped]
    broken = [*strange[:-1], strange[-1] + b" "]
    count = [lines[0].replace(b" A ", b" B ").replace(b" C ", b" B "), *lines[1:]]
    weights = [line.replace(b" 4 ", b" 3 ") for line in lines]
    codes = [code_of(b"".join(line + b"\n" for line in case)) for case in (broken, strange, swapped, count, weights)]
    assert codes == ["ROW_FORMAT", "ROW_ORDER", "ROW_ORDER", "SNAPSHOT_COUNT", "SNAPSHOT_ROOT"]
    assert code_of(made.rows.replace(b" C ", b" Q ")) == "ROW_STRATUM"


@pytest.mark.parametrize("change", [{"n": 601}, {"eligible": {"A": 191, "B": 189, "C": 190, "Z": 0}}, {"excluded": {}}])
def test_12_1_other_counts_are_snapshot_count(change: dict[str, Any]) -> None:
    """n, eligible and excluded, each of them."""
    made = frozen()
    assert code_of(made.rows, made.summary | change) == "SNAPSHOT_COUNT"


def test_12_1_other_exclusion_code_is_snapshot_count() -> None:
    """A code moved to another one changes the counts per code."""
    assert code_of(frozen().rows.replace(b" X10-1", b" XSP")) == "SNAPSHOT_COUNT"


def test_12_1_dropped_row_is_snapshot_count() -> None:
    """No row disappears quietly."""
    lines = frozen().rows.split(b"\n")[:-1]
    for at in (0, 300, 599):
        assert code_of(b"".join(line + b"\n" for line in lines[:at] + lines[at + 1 :])) == "SNAPSHOT_COUNT"


def public() -> tuple[snapshot.Snapshot, bytes]:
    made = snapshot.freeze([Record(*r) for r in transcripts.records(30)], None, "sha256")
    return read(made.rows, made.summary), "".join(id_ + "\n" for id_ in made.ids).encode()


def test_12_1_public_ids_hash_to_their_rows() -> None:
    """All of them, in row order."""
    found, ids = public()
    assert snapshot.check_ids(ids, found, "sha256") == ids.decode().split("\n")[:-1]


def test_12_1_public_ids_of_another_form_are_public_id() -> None:
    """No final LF, one line more or less, swapped, not UTF-8, empty, CR LF, a byte order mark."""
    found, ids = public()
    lines = ids.split(b"\n")
    cases = [
        ids[:-1], ids + b"\n", b"", b"\n", ids[:-1] + b"x\n", b"\n".join(lines[1:]), b"\n".join([lines[1], *lines[1:]]),
        b"\n".join([lines[1], lines[0], *lines[2:]]), b"\xff" + ids, ids.replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + ids, ids.upper().replace(b"X", b"x"),
    ]  # fmt: skip
    for case in cases:
        with pytest.raises(Failure) as failure:
            snapshot.check_ids(case, found, "sha256")
        assert failure.value.code == "PUBLIC_ID", case[:60]


def test_9_3_row_is_found_by_its_blinded_id() -> None:
    """Every row of the file, and none that is not in it."""
    made = frozen()
    found = read(made.rows, made.summary)
    for line in made.rows.split(b"\n")[:-1]:
        row = found.row(bytes.fromhex(line[:64].decode()))
        assert row is not None
        assert f"{row.b.hex()} {row.stratum} {row.weight} {row.status}".encode() == line
    assert found.row(bytes(32)) is None
