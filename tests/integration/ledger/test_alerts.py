"""Alerts are raised once, made more serious, cleared, and every change stands in the ledger."""

from __future__ import annotations

from sqlalchemy import Engine, event
from sqlmodel import col, select

from shuangsui import db
from shuangsui.db import TenantSession
from shuangsui.ledger.alerts import Wanted, clear_alert, keep_open, open_alerts, raise_alert
from shuangsui.ledger.service import record
from shuangsui.ledger.tables import AlertLevel, LedgerEntry


def test_alert_is_raised_once_and_grows(engine: Engine) -> None:
    """A watch that runs again changes nothing; a breach replaces the warning, never the other way round."""
    with db.session(engine, "chongqing") as session:
        for level in (AlertLevel.WARN, AlertLevel.WARN, AlertLevel.BREACH, AlertLevel.WARN):
            raise_alert(session, "plan_due", "plan/2026", level=level, article="第七条")
        found = [(alert.subject, alert.level) for alert in open_alerts(session)]
        acts = session.exec(select(LedgerEntry.act).order_by(col(LedgerEntry.n))).all()
    assert found == [("plan/2026", AlertLevel.BREACH)]
    assert acts == ["alert.raise", "alert.raise"]


def test_cleared_alert_may_be_raised_again(engine: Engine) -> None:
    """The old one stays readable; other subjects are left alone unless they ended."""
    with db.session(engine, "chongqing") as session:
        for subject in ("a", "b", "a"):
            raise_alert(session, "overdue", subject)
            if subject == "a":
                clear_alert(session, "overdue", "a")
        raise_alert(session, "overdue", "c")
        keep_open(session, "overdue", [Wanted("c")])
        assert [alert.subject for alert in open_alerts(session, "overdue")] == ["c"]
        assert session.exec(select(LedgerEntry.act)).all().count("alert.clear") == 3


def test_watch_lets_others_act_between_its_own_acts(engine: Engine) -> None:
    """Whoever works meanwhile waits for one alert, not for all of them."""

    def other(_: TenantSession) -> None:
        with db.session(engine, "chongqing") as session:
            record(session, "task.begin", actor="lead", subject="x", payload={})

    with db.session(engine, "chongqing") as session:
        raise_alert(session, "overdue", "a")
    with db.session(engine, "chongqing") as session:
        event.listen(session, "after_commit", other)
        keep_open(session, "overdue", [Wanted("b"), Wanted("c"), Wanted("b")])
        event.remove(session, "after_commit", other)
        acts = session.exec(select(LedgerEntry.act).order_by(col(LedgerEntry.n))).all()
    assert acts[1:] == ["alert.raise", "task.begin", "alert.raise", "task.begin", "alert.clear", "task.begin"]
