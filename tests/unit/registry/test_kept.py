"""Rows that are put by while a file is judged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from shuangsui.registry import checking, kept
from shuangsui.registry.kept import KeptRows
from shuangsui.registry.pipeline import CheckedRow
from shuangsui.registry.service import good_file

WriteFile = Callable[..., Path]


@pytest.fixture
def pile(monkeypatch: pytest.MonkeyPatch) -> KeptRows:
    """Seven rows, three at a time, beyond what is held in memory."""
    monkeypatch.setattr(kept, "BATCH", 3)
    monkeypatch.setattr(kept, "_IN_MEMORY", 10)
    made = KeptRows()
    for row in people():
        made.put(row)
    made.close()
    return made


def people() -> list[CheckedRow]:
    return [CheckedRow(n, {"code": f"企业{n}", "items": ["JX-01"], "since": date(2026, 1, n)}) for n in range(1, 8)]


def test_they_come_back_as_they_were_as_often_as_wanted(pile: KeptRows) -> None:
    """Whoever stopped half-way begins anew."""
    assert [len(batch) for batch in pile.batches()] == [3, 3, 1]
    assert next(pile.batches()) == people()[:3]
    assert [row for batch in pile.batches() for row in batch] == people()


def test_a_good_file_is_judged_once(
    rows: Callable[[int], list[list[object]]], write_csv: WriteFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its rows are handed out without a second look; only its bytes must still be the same."""
    path = write_csv(rows(5))
    file = good_file(path, "objects")
    monkeypatch.delattr(checking, "read_table")
    assert [row.number for batch in file.batches() for row in batch] == [2, 3, 4, 5, 6]
