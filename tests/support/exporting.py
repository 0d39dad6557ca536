"""An exporter against the sink's credit system under each fault: what it says during it, and after it has passed."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from shuangsui.contracts import Receipt
from shuangsui.disclosed import Exporter, Package
from shuangsui.errors import OutsideFailed
from shuangsui.testing.faults import Fault
from shuangsui.testing.sink import TOKEN, Sink

TOKEN_ENV = "EXPORTER_TOKEN"
"""The variable in which tests keep the sink's token."""

PATIENCE = 0.5
"""Seconds that an exporter waits under test."""


@dataclass(frozen=True)
class Case:
    """``during``: of sending, or of reading back once it was sent; ``copies``: what the sink keeps in the end."""

    fault: Fault
    during: str
    copies: int = 1


CASES = [
    pytest.param(Case(Fault(down=True), "exporter_unreachable"), id="down"),
    pytest.param(Case(Fault(delay=4 * PATIENCE), "exporter_timeout"), id="slow"),
    pytest.param(Case(Fault(hang=True), "exporter_timeout"), id="hang"),
    pytest.param(Case(Fault(delay=4 * PATIENCE, after=1), "exporter_timeout"), id="taken, and the answer too late"),
    pytest.param(Case(Fault(cut=True, after=1), "exporter_unreachable"), id="taken, and the answer broken off"),
    pytest.param(Case(Fault(status=500), "exporter_refuses"), id="500"),
    pytest.param(Case(Fault(status=408), "exporter_refuses"), id="408"),
    pytest.param(Case(Fault(status=429), "exporter_refuses"), id="429"),
    pytest.param(Case(Fault(status=403), "exporter_refuses for good"), id="403"),
    pytest.param(Case(Fault(status=302), "exporter_refuses for good"), id="redirect"),
    pytest.param(Case(Fault(body=b"<html>"), "exporter_answer"), id="garbled"),
    pytest.param(Case(Fault(wrong=True), "exporter_answer"), id="wrong"),
    pytest.param(Case(Fault(lost=True), "missing"), id="200 but lost"),
    pytest.param(Case(Fault(twice=True), "confirmed", copies=2), id="duplicates"),
    pytest.param(Case(Fault(late=1), "missing"), id="slow read-back"),
]


def exchange(exporter: Exporter, package: Package, sink: Sink, case: Case) -> tuple[str, str, int]:
    """What is said under the fault, what two more tries say without it, and how many copies there are."""
    sink.fail("credit", case.fault)
    during = _tried(exporter, package)
    sink.fail("credit", None)
    after = [_tried(exporter, package) for _ in range(2)][-1]
    return during, after, sink.credit.counts()["copies"]


def _tried(exporter: Exporter, package: Package) -> str:
    try:
        sent = exporter.send(package)
        shown = exporter.read_back(package)
    except OutsideFailed as error:
        return _failure(error)
    assert not sent.confirmed
    return _word(shown, package)


def _failure(error: OutsideFailed) -> str:
    """The code; no sentence gives the token away."""
    assert TOKEN not in error.params["problem"]
    return f"{error.code} for good" if error.permanent else error.code


def _word(shown: Receipt, package: Package) -> str:
    if not shown.confirmed:
        return "missing"
    return "confirmed" if shown.digest == package.digest and shown.reference else "odd"
