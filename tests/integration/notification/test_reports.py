"""What a gateway reports of messages: the last word on whether a person was reached."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlmodel import select

from notifying import Box, Desk, down, words
from shuangsui import db
from shuangsui.access import service as access
from shuangsui.access.policy import Role
from shuangsui.ledger.tables import Alert
from shuangsui.notification import reporting, service
from shuangsui.notified import MessageReport


def take(desk: Desk, *reports: MessageReport, plugin: str = "mailer", tenant: str = "chongqing") -> int:
    """As a callback does."""
    with db.session(desk.authority.engine, tenant) as session:
        return reporting.take(session, plugin, reports)


def told(desk: Desk) -> str:
    """A message that was taken over; its number."""
    desk.alarm()
    desk.work()
    (row,) = desk.rows()
    return str(row.id)


def stuck(desk: Desk) -> list[str]:
    """Open alerts about messages that a person must look at."""
    with desk.authority.session() as session:
        rows = session.exec(select(Alert).where(Alert.kind == "notification_stuck")).all()
        return [row.subject for row in rows if row.open]


def test_delivered_message_is_marked_once(desk: Desk, box: Box) -> None:
    """By its own number or the gateway's; the second time, or later bad news, changes nothing."""
    id_ = told(desk)
    assert take(desk, MessageReport("no. 1", delivered=True)) == 1
    (row,) = desk.rows()
    assert (row.state, row.delivered_at is not None) == ("sent", True)
    desk.wait(minutes=5)
    again = [MessageReport(id_, delivered=True), MessageReport(id_, delivered=False, detail="LATE")]
    assert (take(desk, *again), desk.rows()[0].delivered_at) == (0, row.delivered_at)


def test_undelivered_message_is_somebodys_business(desk: Desk, box: Box) -> None:
    """With the gateway's reason; started again, it goes out under the same number, and good news settles it."""
    id_ = told(desk)
    assert take(desk, MessageReport(id_, delivered=False, detail="MOBILE_OFF")) == 1
    (row,) = desk.rows()
    assert (row.state, row.error) == (
        "refused",
        {"code": "notification_undelivered", "params": {"detail": "MOBILE_OFF"}},
    )
    assert (stuck(desk), take(desk, MessageReport(id_, delivered=False))) == (["mailer/box"], 0)
    with desk.authority.session() as session:
        access.add_user(session, "sys", "系统", by="sec.admin")
        access.grant(session, "sys", Role.SYSTEM_ADMIN, by="sec.admin")
        service.again(session, row.id, actor="sys")
    desk.work()
    assert [message.id for message in box.got] == [id_, id_]
    assert (desk.states(), stuck(desk)) == (["sent"], [])
    take(desk, MessageReport(id_, delivered=False))
    assert (take(desk, MessageReport(id_, delivered=True)), desk.states(), stuck(desk)) == (1, ["sent"], [])


def test_report_overtakes_the_answer(desk: Desk, box: Box) -> None:
    """A message that nobody knows was taken over waits for its next attempt; the report spares that."""
    box.fail = down
    id_ = told(desk)
    assert desk.states() == ["waiting"]
    take(desk, MessageReport(id_, delivered=True))
    desk.wait(days=1)
    box.fail = lambda _message: None
    desk.work()
    assert (desk.states(), box.got) == (["sent"], [])


def test_reports_of_others_are_passed_over(desk: Desk, box: Box) -> None:
    """Unknown numbers, another plugin's messages, another authority's; a number that two messages have says nothing."""
    id_ = told(desk)
    nothing = [MessageReport(str(uuid4()), delivered=True), MessageReport("no. 2", delivered=True)]
    assert take(desk, *nothing) == 0
    report = MessageReport(id_, delivered=True)
    assert (take(desk, report, plugin="mail"), take(desk, report, tenant="liangjiang")) == (0, 0)
    assert desk.rows()[0].delivered_at is None


def test_reason_with_a_number_in_it_is_not_kept(desk: Desk, box: Box) -> None:
    """A gateway may repeat whom it could not reach."""
    id_ = told(desk)
    take(desk, MessageReport(id_, delivered=False, detail="no such number 13800138000"))
    assert "13800138000" not in words(desk.rows()[0].error)
    assert desk.rows()[0].error["params"] == {"detail": "未说明"}


@pytest.mark.parametrize(("message", "detail"), [("", ""), ("a\nb", ""), ("a", "中文"), ("a", "x" * 61)])
def test_report_that_could_not_be_one_is_refused(message: str, detail: str) -> None:
    """Before anybody reads it."""
    with pytest.raises(ValueError, match="not a report"):
        MessageReport(message, delivered=True, detail=detail)
