"""The private ledger and the public draw log of a tenant."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import col, select

from drawlogs import ORIGIN, event, plan, result, reveal, write, write_draw
from fairdraw import log
from shuangsui import db
from shuangsui.errors import RuleRefused
from shuangsui.ledger.service import append, draw_log, record, verify
from shuangsui.ledger.tables import DrawLogEntry, LedgerEntry


def test_acts_are_numbered_and_chained(scope):
    """Each row carries the hash of the one before."""
    with scope("chongqing") as session:
        first = record(session, "item.add", actor="zhang", subject="A-1", payload={"name": "检查"})
        second = record(session, "item.confirm", actor="li", subject="A-1", payload={})
    assert [(row.n, row.prev) for row in (first, second)] == [(1, log.ZERO), (2, first.hash)]
    assert second.time >= first.time


def test_payload_is_one_text_for_one_value(scope):
    """Sorted, readable, and tolerant of dates and line feeds."""
    with scope("chongqing") as session:
        payload = {"说明": "第一行\n第二行", "b": date(2026, 1, 2), "a": [1, None]}
        row = record(session, "item.add", actor="zhang", subject="A-1", payload=payload)
    assert row.payload == '{"a":[1,null],"b":"2026-01-02","说明":"第一行\\n第二行"}'
    assert json.loads(row.payload)["说明"] == "第一行\n第二行"


def test_tenants_have_chains_of_their_own(scope):
    """A district's first act is its first, whatever happened elsewhere."""
    with scope("chongqing") as session:
        write_draw(session)
    with scope("liangjiang") as session:
        write_draw(session, origin="draws.example/liangjiang")
        assert verify(session).drawlog == 4
        assert session.exec(select(LedgerEntry.n).order_by(col(LedgerEntry.n))).all() == [1, 2, 3, 4]


def test_draw_log_is_what_a_verifier_reads(scope):
    """The stored lines are a log of srd-1, each with its ledger row in the same transaction."""
    with scope("chongqing") as session:
        write_draw(session)
        read = log.read(b"\n".join(draw_log(session)) + b"\n")
        acts = session.exec(select(LedgerEntry.act).order_by(LedgerEntry.n)).all()
        hashes = session.exec(select(LedgerEntry.drawlog).order_by(LedgerEntry.n)).all()
    assert (read.origin, [entry.kind for entry in read.entries]) == (ORIGIN, ["PLAN", "EVENT", "REVEAL", "RESULT"])
    assert acts == ["drawlog.plan", "drawlog.event", "drawlog.reveal", "drawlog.result"]
    assert hashes == [entry.hash.hex() for entry in read.entries]


@pytest.mark.parametrize("suite", ["sha256", "sm3"])
def test_draw_log_keeps_its_suite(scope, suite: str):
    """Either hash suite; a log never changes it."""
    with scope("chongqing") as session:
        append(session, "PLAN", plan(1), actor="zhang", origin=ORIGIN, suite=suite)
        other = {"sha256": "sm3", "sm3": "sha256"}[suite]
        with pytest.raises(RuleRefused, match="LOG_CHAIN"):
            append(session, "EVENT", event(1), actor="zhang", origin=ORIGIN, suite=other)
        assert verify(session).faults == ()


@pytest.mark.parametrize(
    ("kind", "body", "failure"),
    [
        ("NOTE", {"seq": 1}, "LOG_FORMAT"),
        ("PLAN", plan(1), "LOG_STATE"),
        ("PLAN", plan(3), "LOG_STATE"),
        ("EVENT", event(2), "LOG_STATE"),
        ("EVENT", event(1) | {"value": "一"}, "LOG_FORMAT"),
        ("RESULT", result(1), "LOG_STATE"),
        ("REVEAL", reveal(1) | {"extra": 1}, "LOG_FORMAT"),
        ("EVENT", event(1) | {"value": "a\nb"}, "NOT_CANONICAL"),
    ],
)
def test_entry_that_a_verifier_would_refuse_is_not_written(scope, kind: str, body: dict[str, object], failure: str):
    """Only the six kinds, well formed, in the order of srd-1 7.2; refused, neither chain grows."""
    with scope("chongqing") as session:
        write(session, "PLAN", plan(1))
    with scope("chongqing") as session:
        with pytest.raises(RuleRefused) as refused:
            write(session, kind, body)
        assert (refused.value.code, refused.value.params["failure"]) == ("log_refuses", failure)
        report = verify(session)
    assert (report.drawlog, report.ledger) == (1, 1)


def test_entry_of_another_origin_is_refused(scope):
    """A tenant has one log with one name."""
    with scope("chongqing") as session:
        write(session, "PLAN", plan(1))
        with pytest.raises(RuleRefused, match="LOG_CHAIN"):
            write(session, "EVENT", event(1), origin="elsewhere")


def test_log_time_never_decreases(scope):
    """A clock set back does not put an entry before the one it follows."""
    with scope("chongqing") as session:
        db.move_clock(session, timedelta(days=3))
        write(session, "PLAN", plan(1))
        db.move_clock(session, timedelta(days=-3))
        write(session, "EVENT", event(1))
        times = session.exec(select(DrawLogEntry.time).order_by(DrawLogEntry.i)).all()
        acts = session.exec(select(LedgerEntry.time).order_by(LedgerEntry.n)).all()
    assert times[0] == times[1] > datetime.now(UTC) + timedelta(days=2)
    assert acts[0] == acts[1]
