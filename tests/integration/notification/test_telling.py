"""From an alert to the people it is addressed to: once each, at once or in the day's digest, and to nobody else."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from sqlmodel import select

from notifying import BREACH, WARN, Box, Desk, down
from shuangsui.access import service as access
from shuangsui.access.policy import Role
from shuangsui.access.tables import User
from shuangsui.errors import OutsideFailed
from shuangsui.extension.isolation import Absent
from shuangsui.ledger.alerts import clear_alert, open_alerts, raise_alert
from shuangsui.notification import recipients
from shuangsui.outbox import OutboxRow, WorkState, work_of

LEADER, INSPECTION, CHECKER = (f"{login}@jxw.example.gov.cn" for login in ("leader", "inspection", "checker"))
OFFICE = ("inspection_office",)


def jobs(desk: Desk, job: str, tenant: str = "chongqing") -> list[WorkState]:
    with desk.authority.session() as session:
        return list(session.exec(select(OutboxRow.state).where(OutboxRow.job == job)))


def plan(desk: Desk) -> list[date]:
    """The daily look at whether a digest is due; the days for which one was asked."""
    desk.ask("notification.plan")
    desk.work()
    with desk.authority.session() as session:
        asked = session.exec(select(OutboxRow.arguments).where(OutboxRow.job == "notification.digest"))
        return sorted({date.fromisoformat(one["day"]) for one in asked})


def test_breach_is_told_at_once_to_whom_it_is_addressed(desk: Desk, box: Box) -> None:
    """What it is about, until when, where to look; no facts of the alert."""
    desk.alarm(due=date(2026, 6, 12), article="第十四条", facts={"officer": "张三"})
    assert box.got == []
    desk.work()
    (message,) = box.got
    assert (message.address, message.level, message.title) == (
        LEADER,
        "breach",
        "【逾期】已过公开期限：result/2026-0001-1",
    )
    assert message.text.split("\n") == [
        f"{desk.authority.office.tenant.name}：已过公开期限", "对象：result/2026-0001-1", "期限：2026-06-12",
        "依据：第十四条", "请登录管理端办理。",
    ]  # fmt: skip
    (row,) = desk.rows()
    assert (message.id, message.link, message.at) == (str(row.id), "/console", row.made_at)
    assert (row.state, row.attempts, row.reference, row.error) == ("sent", 1, "no. 1", None)


def test_work_that_runs_twice_tells_once(desk: Desk, box: Box) -> None:
    """Both pieces of work again, and the watch again: the same alert is raised once."""
    alert = desk.alarm(to=OFFICE)
    desk.work()
    desk.ask("notification.tell", alert=str(alert.id), level="breach")
    desk.ask("notification.send", notifier="mailer/box")
    desk.alarm(to=OFFICE)
    desk.work()
    assert sorted(box.told) == [CHECKER, INSPECTION]
    assert len(desk.rows()) == 2


def test_everybody_hears_through_every_notifier_that_reaches_him(desk: Desk, box: Box) -> None:
    """The leader by mail and by telephone, the office by mail alone; one without any address not at all."""
    phone = Box("sms", "phone")
    desk.ways["chongqing"] = [box.way, phone.way]
    desk.alarm(to=("leader", *OFFICE, "supervisor"))
    desk.work()
    assert (sorted(box.told), phone.told) == ([CHECKER, INSPECTION, LEADER], ["13800138000"])


def test_alert_to_nobody_in_particular_goes_to_whoever_may_view(desk: Desk, box: Box) -> None:
    """As on the first page of the console; an administrator of the system is not concerned."""
    with desk.authority.session() as session:
        access.add_user(session, "sys", "系统管理员", by="sec.admin")
        access.grant(session, "sys", Role.SYSTEM_ADMIN, by="sec.admin")
    desk.address("sys", email="sys@jxw.example.gov.cn")
    desk.alarm(to=())
    desk.work()
    assert sorted(box.told) == [CHECKER, INSPECTION, LEADER]


def test_warnings_come_together_in_the_morning_of_a_working_day(desk: Desk, box: Box) -> None:
    """One message each, what is due first at the top; nothing before."""
    desk.alarm("result/b", WARN, OFFICE, due=date(2026, 6, 20))
    desk.alarm("result/a", WARN, OFFICE, due=date(2026, 6, 18))
    desk.alarm("item/JX-11", WARN, ("leader",), kind="registry_empty")
    desk.work()
    assert (box.got, set(desk.states())) == ([], {"collected"})
    desk.until(datetime(2026, 6, 15, 22, tzinfo=UTC))  # six in the morning
    assert plan(desk) == [date(2026, 6, 16)]
    assert box.got == []
    desk.wait(hours=2, minutes=41)
    desk.work()
    assert sorted(box.told) == [CHECKER, INSPECTION, LEADER]
    office = next(one for one in box.got if one.address == CHECKER)
    assert (office.level, office.title) == ("digest", "【提醒】2026-06-16 有 2 项")
    assert office.text.split("\n")[1:] == [
        "1. 已过公开期限：result/a，期限 2026-06-18",
        "2. 已过公开期限：result/b，期限 2026-06-20",
        "请登录管理端办理。",
    ]
    assert sorted(desk.states()) == ["digested"] * 5 + ["sent"] * 3


def test_no_digest_on_a_day_off(desk: Desk, box: Box) -> None:
    """A Saturday, and the Friday of 端午 before it; what was collected waits for Monday."""
    desk.alarm("result/a", WARN, OFFICE)
    desk.work()
    for day in (19, 20, 21):
        desk.until(datetime(2026, 6, day, 3, tzinfo=UTC))
        assert plan(desk) == []
    desk.until(datetime(2026, 6, 22, 3, tzinfo=UTC))
    assert plan(desk) == [date(2026, 6, 22)]
    assert len(box.got) == 2


def test_digest_is_made_once_a_day(desk: Desk, box: Box) -> None:
    """Run again with more collected, it leaves that for the next day."""
    desk.alarm("result/a", WARN, ("leader",))
    desk.work()
    plan(desk)
    desk.alarm("result/b", WARN, ("leader",))
    desk.work()
    desk.ask("notification.digest", day="2026-06-15")
    desk.work()
    assert (len(box.got), sorted(desk.states())) == (1, ["collected", "digested", "sent"])
    desk.wait(days=1)
    plan(desk)
    assert (len(box.got), "result/b" in box.got[1].text, "result/a" in box.got[1].text) == (2, True, False)


def test_what_was_settled_or_grew_stands_in_no_digest(desk: Desk, box: Box) -> None:
    """A breach is told by itself; of the rest nothing is left, so there is no message."""
    desk.alarm("result/a", WARN, ("leader",))
    desk.alarm("result/b", WARN, ("leader",))
    desk.work()
    desk.alarm("result/b", BREACH, ("leader",))
    with desk.authority.session() as session:
        clear_alert(session, "publication_late", "result/a")
    desk.work()
    plan(desk)
    assert ([one.level for one in box.got], sorted(desk.states())) == (["breach"], ["dropped", "dropped", "sent"])


def test_who_wants_no_digest_hears_of_breaches_alone(desk: Desk, box: Box) -> None:
    """Decided before or after the warning."""
    with desk.authority.session() as session:
        recipients.set_digest(session, "checker", False, by="checker")
    desk.alarm("result/a", WARN, OFFICE)
    desk.work()
    with desk.authority.session() as session:
        recipients.set_digest(session, "inspection", False, by="inspection")
    plan(desk)
    assert (box.got, desk.states()) == ([], ["dropped"])
    desk.alarm("result/b", BREACH, OFFICE)
    desk.work()
    assert sorted(box.told) == [CHECKER, INSPECTION]


def test_what_is_settled_before_it_is_sent_is_not_sent(desk: Desk, box: Box) -> None:
    """Nobody is alarmed by what is over, nor after he has left the role."""
    box.fail = down
    desk.alarm("result/a", BREACH, ("leader",))
    desk.alarm("result/b", BREACH, ("inspection_office",))
    desk.work()
    with desk.authority.session() as session:
        clear_alert(session, "publication_late", "result/a")
        for login in ("inspection", "checker"):
            access.grant(session, login, Role.EXPERT, by="sec.admin")
            access.revoke(session, login, Role.INSPECTION_OFFICE, by="sec.admin")
    box.fail = lambda _message: None
    desk.wait(hours=2)
    desk.work()
    assert (box.got, set(desk.states())) == ([], {"dropped"})


def test_without_a_notifier_nothing_is_written_and_nothing_breaks(desk: Desk) -> None:
    """The work is done; when one is switched on later, what is past stays past."""
    desk.ways["chongqing"] = []
    desk.alarm()
    desk.work()
    assert (desk.rows(), jobs(desk, "notification.tell"), jobs(desk, "notification.send")) == ([], [WorkState.DONE], [])
    desk.ask("notification.plan")
    desk.work()
    with desk.authority.session() as session:
        assert [alert.kind for alert in open_alerts(session)] == ["publication_late"]


def test_plugin_that_cannot_answer_is_asked_again(desk: Desk, box: Box) -> None:
    """Through the others it is told already; once the plugin answers, the rest follows, and nothing comes twice."""
    phone = Box("sms", "phone")
    desk.ways["chongqing"] = [
        box.way,
        Absent("texts", OutsideFailed("plugin_failed", plugin="texts", step="x", reason="y")),
    ]
    desk.alarm()
    desk.work()
    assert (box.told, jobs(desk, "notification.tell")) == ([LEADER], [WorkState.NEW])
    desk.ways["chongqing"] = [box.way, phone.way]
    desk.wait(hours=1)
    desk.work()
    assert (box.told, phone.told) == ([LEADER], ["13800138000"])


def test_nobody_is_told_of_messages_that_do_not_arrive(desk: Desk) -> None:
    """They would be about each other for ever; the console shows them all the same."""
    with desk.authority.session() as session:
        raise_alert(session, "notification_stuck", "mailer/box")
        raise_alert(session, "job_dead", "work/notification.tell/x")
        assert len(open_alerts(session)) == 2
    assert jobs(desk, "notification.tell") == []


def test_nothing_reaches_another_authority(desk: Desk, box: Box) -> None:
    """Both have people, addresses and notifiers, and one person works for both: he is reached where it happened."""
    other, there = desk.authority.beside("yuzhong"), Box()
    desk.ways[other.slug] = [there.way]
    for login in ("leader", "inspection"):
        desk.address(login, other.slug, email=f"{login}@yuzhong.example.gov.cn")
    desk.alarm("result/here", BREACH, ("leader",))
    desk.work()
    desk.work(other.slug)
    assert (box.told, there.got, desk.rows(other.slug)) == ([LEADER], [], [])
    desk.alarm("result/there", BREACH, ("leader", *OFFICE), other.slug)
    desk.alarm("result/also-there", WARN, ("leader",), other.slug)
    desk.work()
    desk.work(other.slug)
    desk.ask("notification.plan")
    desk.ask("notification.plan", other.slug)
    desk.work()
    desk.work(other.slug)
    assert box.told == [LEADER]
    assert sorted(there.told) == [f"{login}@yuzhong.example.gov.cn" for login in ("inspection", "leader", "leader")]
    assert not [one for one in there.got if "here" in one.text.replace("there", "")]
    assert {row.id for row in desk.rows()}.isdisjoint(row.id for row in desk.rows(other.slug))


def test_piece_of_work_for_another_authority_s_alert_does_nothing(desk: Desk, box: Box) -> None:
    """Its number alone opens nothing."""
    other, there = desk.authority.beside("yuzhong"), Box()
    desk.ways[other.slug] = [there.way]
    desk.address("leader", other.slug, email="leader@yuzhong.example.gov.cn")
    alert = desk.alarm()
    desk.ask("notification.tell", other.slug, alert=str(alert.id), level="breach")
    desk.work(other.slug)
    assert (there.got, desk.rows(other.slug)) == ([], [])


def test_inactive_people_are_not_told(desk: Desk, box: Box) -> None:
    """Nor those whose number is not known here."""
    with desk.authority.session() as session:
        user = session.exec(select(User).where(User.login == "leader")).one()
        user.active = False
        session.add(user)
    desk.alarm()
    desk.work()
    assert (box.got, desk.rows()) == ([], [])


def test_work_is_asked_for_in_the_transaction_of_the_alert(desk: Desk) -> None:
    """An alert that was rolled back asks for nothing."""
    with desk.authority.session() as session:
        raise_alert(session, "publication_late", "result/x")
        session.rollback()
    assert jobs(desk, "notification.tell") == []
    alert = desk.alarm()
    with desk.authority.session() as session:
        row = work_of(session, "notification.tell", f"{alert.id}/breach")
        assert row
        assert (UUID(row.arguments["alert"]), row.arguments["level"]) == (alert.id, "breach")
