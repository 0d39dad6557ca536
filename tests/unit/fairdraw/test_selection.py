"""srd-1 section 9: ranking, selection, work order."""

from __future__ import annotations

import hashlib

import pytest

import transcripts
from fairdraw import snapshot
from fairdraw.selection import Ranked, ranking, select
from fairdraw.snapshot import Record, Stratum
from fairdraw.suites import hasher
from fairdraw.tickets import derive_key, reference_kernel, ticket

SEED, H = b"s" * 32, hasher("sha256")


def frozen(rows: list[list[object]], strata: str = "ABC") -> snapshot.Snapshot:
    made = snapshot.freeze([Record(*row) for row in rows], None, "sha256", strata)  # type: ignore[arg-type]
    return snapshot.read(made.rows, {"suite": "sha256", "snapshot": made.summary})


def naive(rows: snapshot.Snapshot, name: str) -> list[Ranked]:
    """Ranking as the text has it, straight from the bytes of ``rows.txt``."""
    parsed = [snapshot.parse_row(line + b"\n") for line in rows.rows.split(b"\n")[:-1]]
    key = derive_key(SEED, f"objects/{name}", H)
    return sorted((ticket(key, r.b, r.weight, H), r.b) for r in parsed if r.stratum == name and r.status == "-")


def test_9_1_ranking_is_ascending_by_ticket() -> None:
    """Excluded rows and other strata take no part."""
    rows = frozen(transcripts.records(120))
    for name in "ABC":
        assert ranking(SEED, name, rows.strata[name], "sha256") == naive(rows, name)


def test_9_2_quota_cut_and_reserve() -> None:
    """The first ``quota`` rows, the last of them is the cut, alternates follow up to the quota."""
    rows = frozen(transcripts.records(120))
    found = select(rows, {"A": 3, "B": 0, "C": 1}, SEED, "sha256", alternates=2)
    a, c = naive(rows, "A"), naive(rows, "C")
    assert found.objects == {"A": a[:3], "B": [], "C": c[:1]}
    assert found.reserve == {"A": a[3:5], "B": [], "C": c[1:2]}
    pairs = {"A": [a[2][1].hex(), a[2][0].hex()], "B": None, "C": [c[0][1].hex(), c[0][0].hex()]}
    assert found.cut_json() == pairs


def test_9_4_work_order_is_by_the_order_tickets_of_all_strata() -> None:
    """Weights count here too."""
    rows = frozen(transcripts.records(120))
    found = select(rows, {"A": 9, "B": 9, "C": 9}, SEED, "sha256")
    weights = {r.b: r.weight for r in (snapshot.parse_row(x + b"\n") for x in rows.rows.split(b"\n")[:-1])}
    key = derive_key(SEED, "order", H)
    drawn = [(b, name) for name, pairs in found.objects.items() for _, b in pairs]
    expected = sorted(drawn, key=lambda pair: (ticket(key, pair[0], weights[pair[0]], H), pair[0]))
    assert [(task.b, task.stratum) for task in found.order] == expected


def test_9_2_quota_of_all_rows_draws_all() -> None:
    """Batch order: ratio 1/1."""
    rows = frozen([[f"id{i}", "A", 1, "-"] for i in range(10)], "A")
    found = select(rows, {"A": 10}, SEED, "sha256", alternates=3)
    assert len(found.order) == 10
    assert found.reserve == {"A": []}


@pytest.mark.parametrize("limit", [1, 2, 63, 64, 65, 500, 4999, 9000, 20_000])
def test_9_2_partial_sort_equals_full_sort(limit: int) -> None:
    """Above 4096 rows only likely winners are sorted."""
    stratum = Stratum()
    for i in range(9_000):
        stratum.blinded += hashlib.sha256(b"%d" % i).digest()
        stratum.weights.append(1 + i % 3)
    assert ranking(SEED, "A", stratum, "sha256", limit=limit) == ranking(SEED, "A", stratum, "sha256")[:limit]


def test_9_2_partial_sort_survives_equal_tickets() -> None:
    """Of a hostile snapshot with many equal tickets every row may be among the first."""
    blinded = b"".join(hashlib.sha256(b"%d" % i).digest() for i in range(9_000))
    found = reference_kernel.nearest(bytes(8 * 9_000), blinded, 10)
    assert b"".join(b for _, b in found) == blinded


def test_p2_removing_or_excluding_a_row_moves_no_other_ticket() -> None:
    """The ranking of the others stays as it was."""
    rows: list[list[object]] = [[f"id{i}", "A", 1 + i % 3, "-"] for i in range(40)]
    whole = naive(frozen(rows, "A"), "A")
    for i in range(0, 40, 7):
        gone = hashlib.sha256(b"srd1/id\n" + f"id{i}".encode()).digest()
        others = [pair for pair in whole if pair[1] != gone]
        assert ranking(SEED, "A", frozen(rows[:i] + rows[i + 1 :], "A").strata["A"], "sha256") == others
        excluded = [*rows[:i], [f"id{i}", "A", 1, "X9"], *rows[i + 1 :]]
        assert ranking(SEED, "A", frozen(excluded, "A").strata["A"], "sha256") == others
