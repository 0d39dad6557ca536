"""Article 3: everybody's chance can be recomputed from what is published; two tasks on one object are one visit."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest

from fairdraw.failures import Failure
from fairdraw.snapshot import parse_row
from story import Story, verified


def test_r3_1_chance_of_every_stratum_is_recomputed_from_the_published_rows(drawn: Story) -> None:
    """R3.1: N counted in rows.txt, n counted in the tasks; both, and n/N, are what the transcript says."""
    files, view = drawn.files(), drawn.view()
    rows = [parse_row(line) for line in files["rows.txt"].splitlines(keepends=True)]
    n_all = Counter(row.stratum for row in rows if row.status == "-")
    n_drawn = Counter(task["stratum"] for task in view["tasks"])
    said = {s["name"]: (s["eligible"], s["quota"]) for s in view["strata"] if s["eligible"]}
    assert said == {name: (n_all[name], n_drawn[name]) for name in n_all}
    assert {name: Fraction(n, of) for name, (of, n) in said.items()} == {
        "A": Fraction(1, 50), "B": Fraction(1, 25), "C": Fraction(1, 25), "D": Fraction(3, 50)
    }  # fmt: skip


def test_r3_1_wrong_figures_do_not_verify(drawn: Story) -> None:
    """R3.1: one object more in a stratum than was drawn; as published it verifies."""
    files = drawn.files()
    assert verified(files).verdict() == "VERIFIED unwitnessed"
    files["plan.json"] = files["plan.json"].replace(b'"quota":{"A":1', b'"quota":{"A":2')
    with pytest.raises(Failure) as caught:
        verified(files)
    assert caught.value.code == "QUOTA"
