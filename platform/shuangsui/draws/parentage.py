"""Is a district's draw the child of a municipal one? From two published transcripts and the openings, pure.

Both blinded ids of an object come from one code: the parent's from its opening, the child's from the child's own. So a
reader sees that the district inspects what the municipality drew, and nothing that it did not (two-level draw).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fairdraw.failures import require
from fairdraw.snapshot import blind
from fairdraw.suites import hasher
from fairdraw.transcript import Files
from fairdraw.verification import AFTER, BEFORE, DRAWN, Verification
from shuangsui.draws.kernels import kernel


@dataclass(frozen=True, slots=True)
class Kinship:
    """Objects of the child, how many of its rows are opened, and the pairs of blinded ids (parent, child) by code."""

    objects: int
    opened: int
    pairs: Mapping[str, tuple[str, str]]


def check_parent(child: Files, parent: Files) -> Kinship:
    """:class:`~fairdraw.failures.Failure` ``PARENT`` with what does not fit; both transcripts must verify."""
    below, above = _verified(child), _verified(parent)
    _check_reference(below, above)
    ours, theirs = _opened(child, below), _opened(parent, above)
    selected = {row.hex() for row in _drawn(above)}
    pairs = {}
    for code, b in ours.items():
        require(code in theirs, "PARENT", f"{code} is not opened in the parent")
        require(theirs[code] in selected, "PARENT", f"{code} was not drawn by the parent")
        pairs[code] = (theirs[code], b)
    require(below.plan["snapshot"]["n"] <= len(selected), "PARENT", "the child has more objects than were drawn")
    return Kinship(below.plan["snapshot"]["n"], len(pairs), pairs)


def _verified(files: Files) -> Verification:
    v = Verification(files, kernel=kernel)
    for _, step in (*BEFORE, *DRAWN, *AFTER):
        step(v)
    return v


def _check_reference(below: Verification, above: Verification) -> None:
    stated: Any = below.plan["ext"].get("parent")
    require(isinstance(stated, dict), "PARENT", "the child names no parent")
    logged = above.of_kind("RESULT", 0)[0].body["hash"]
    found = {"origin": above.plan["origin"], "plan_hash": above.plan.hash.hex(), "result_hash": logged}
    for name, value in found.items():
        require(stated.get(name) == value, "PARENT", f"{name} of the child is not the parent's")


def _drawn(v: Verification) -> set[bytes]:
    assert v.state is not None
    return v.state.drawn


def _opened(files: Files, v: Verification) -> dict[str, str]:
    """Code → hex blinded id, derived anew from every opening."""
    h = hasher(v.plan["suite"])
    openings: dict[str, dict[str, str]] = json.loads(files["openings.json"])
    return {o["id"]: blind(o["id"], bytes.fromhex(o["salt"]), h).hex() for o in openings.values()}
