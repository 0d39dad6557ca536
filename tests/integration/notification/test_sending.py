"""What becomes of one message: tried again under the same id, refused with its reason, or kept in by the linter."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from notifying import BREACH, WARN, Box, Desk, down, refusing
from shuangsui import db
from shuangsui.access import service as access
from shuangsui.access.policy import Role
from shuangsui.db import Sealed, TenantSession
from shuangsui.errors import NotAllowed, NotFound, OutsideFailed, RuleRefused
from shuangsui.ledger.alerts import open_alerts
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.notification import policy, sending, service, spreading
from shuangsui.notification.policy import NotificationState
from shuangsui.notification.spreading import Wording
from shuangsui.notified import Message
from shuangsui.outbox import LONGEST, backoff
from shuangsui.vault.policy import Place
from shuangsui.vault.service import Vault

LEADER = "leader@jxw.example.gov.cn"


@pytest.fixture
def sys(desk: Desk) -> str:
    """The administrator of the system, who has no address."""
    with desk.authority.session() as session:
        access.add_user(session, "sys", "系统管理员", by="sec.admin")
        access.grant(session, "sys", Role.SYSTEM_ADMIN, by="sec.admin")
    return "sys"


def alerts(desk: Desk) -> list[tuple[str, str, list[str]]]:
    with desk.authority.session() as session:
        return [(one.kind, one.subject, one.to) for one in open_alerts(session, spreading.STUCK)]


def acts(desk: Desk) -> list[tuple[str, str, str]]:
    """Actor, act and state of what the ledger says of notifications."""
    with desk.authority.session() as session:
        rows = session.exec(select(LedgerEntry).where(LedgerEntry.act.like("notification.%")).order_by(LedgerEntry.n))
        return [(row.actor, row.act, row.payload) for row in rows]


def test_what_passes_is_tried_again_under_the_same_id(desk: Desk, box: Box) -> None:
    """With growing pauses, which the row shows beside the reason; then it arrives, and the reason is gone."""
    tried: list[str] = []

    def fail(message: Message) -> None:
        tried.append(message.id)
        if len(tried) < 4:
            down(message)

    box.fail = fail
    desk.alarm()
    for attempt in (1, 2, 3):
        desk.work()
        (row,) = desk.rows()
        assert (row.state, row.attempts, "没有答复" in str(row.error)) == ("waiting", attempt, True)
        pause = row.next_at - desk.now()
        assert timedelta() < pause <= backoff(attempt, str(row.id))
        desk.work()
        assert len(tried) == attempt, "not before its time"
        desk.wait(seconds=pause.total_seconds() + 1)
    desk.work()
    (row,) = desk.rows()
    assert (row.state, row.attempts, row.error, len(box.got)) == ("sent", 4, None, 1)
    assert set(tried) == {str(row.id)}


def test_notifier_that_is_down_is_not_asked_for_everybody(desk: Desk, box: Box) -> None:
    """One failure is enough for a while: the others wait, and all arrive afterwards."""
    tried: list[str] = []

    def fail(message: Message) -> None:
        tried.append(message.id)
        down(message)

    box.fail = fail
    desk.alarm(to=("leader", "inspection_office"))
    desk.work()
    assert (len(tried), desk.states()) == (1, ["waiting"] * 3)
    box.fail = lambda _message: None
    desk.wait(minutes=1)
    desk.work()
    assert (len(box.got), desk.states()) == (3, ["sent"] * 3)


def test_pauses_end_at_an_hour_and_trying_after_a_day(desk: Desk, box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then it is refused for its last reason; after five attempts the administrator of the system hears of it."""
    monkeypatch.setattr(policy, "TRIES", 6)
    assert backoff(40, "x") <= LONGEST * 1.2
    box.fail = down
    desk.alarm()
    heard = []
    for _ in range(7):
        desk.work()
        heard.append(bool(alerts(desk)))
        desk.wait(hours=2)
    (row,) = desk.rows()
    assert (row.state, row.attempts, "没有答复" in str(row.error), row.next_at) == ("refused", 6, True, None)
    assert heard == [False] * 4 + [True] * 3


def test_permanent_failure_ends_with_its_reason(desk: Desk, box: Box) -> None:
    """At the first attempt; nobody else's message is held back, and the ledger knows."""
    box.fail = lambda message: refusing(message) if message.address == LEADER else None
    desk.alarm(to=("leader", "inspection_office"))
    desk.work()
    found = {row.state.value: row for row in desk.rows()}
    assert (sorted(desk.states()), found["refused"].attempts) == (["refused", "sent", "sent"], 1)
    assert "没有这个号码" in str(found["refused"].error)
    assert alerts(desk) == [(spreading.STUCK, "mailer/box", ["system_admin"])]
    assert [act for _, act, _ in acts(desk)] == ["notification.send"] * 3
    assert not [text for _, _, text in acts(desk) if "@jxw" in text]
    desk.wait(days=2)
    desk.work()
    assert len(box.got) == 2, "it is not tried again by itself"


def test_refused_is_started_again_by_a_person(desk: Desk, box: Box, sys: str) -> None:
    """With all its attempts; the alert goes with the last that was stuck."""
    box.fail = refusing
    desk.alarm()
    desk.work()
    (row,) = desk.rows()
    box.fail = lambda _message: None
    with desk.authority.session() as session:
        service.again(session, row.id, actor=sys)
    desk.work()
    assert (desk.states(), box.told, alerts(desk)) == (["sent"], [LEADER], [])
    assert [(actor, act) for actor, act, _ in acts(desk)] == [
        ("os:clock", "notification.send"), (sys, "notification.again"), ("os:clock", "notification.send"),
    ]  # fmt: skip
    with desk.authority.session() as session, pytest.raises(RuleRefused, match="notification_not_startable"):
        service.again(session, row.id, actor=sys)


def test_all_refused_are_started_again_at_once(desk: Desk, box: Box, sys: str) -> None:
    """Only those, and only here."""
    box.fail = refusing
    desk.alarm(to=("leader", "inspection_office"))
    desk.work()
    with desk.authority.session() as session:
        assert service.all_again(session, actor=sys) == 3
        assert service.all_again(session, actor=sys) == 0
    other = desk.authority.beside("yuzhong")
    with other.session() as session:
        access.grant(session, sys, Role.SYSTEM_ADMIN, by="sec.admin")
        with pytest.raises(NotFound, match="notification_missing"):
            service.again(session, desk.rows()[0].id, actor=sys)


def test_only_the_administrator_of_the_system_starts_again(desk: Desk, box: Box, sys: str) -> None:
    """And only what there is."""
    box.fail = refusing
    desk.alarm()
    desk.work()
    with desk.authority.session() as session:
        with pytest.raises(NotAllowed, match="not_allowed"):
            service.again(session, desk.rows()[0].id, actor="leader")
        with pytest.raises(NotAllowed, match="not_allowed"):
            service.all_again(session, actor="leader")
        with pytest.raises(NotFound, match="notification_missing"):
            service.again(session, uuid4(), actor=sys)


@pytest.mark.parametrize(
    ("subject", "kind"),
    [("object/11010519491231002X", "居民身份"), ("tel/13800138000", "移动电话"), ("mail/a@b.example.cn", "电子邮箱")],
)
def test_linter_keeps_personal_data_in(desk: Desk, box: Box, subject: str, kind: str) -> None:
    """The message stays, the reason names the kind and never the value; the administrator hears of it."""
    desk.alarm(subject)
    desk.work()
    (row,) = desk.rows()
    assert (row.state, box.got, row.error["code"]) == ("blocked", [], "notification_blocked")
    assert kind in row.error["params"]["kinds"]
    assert subject.partition("/")[2] not in str(row.error)
    assert alerts(desk)


def test_warning_with_personal_data_spoils_no_digest(desk: Desk, box: Box) -> None:
    """It is kept in by itself; the others come."""
    for subject in ("tel/13800138000", "result/a"):
        desk.alarm(subject, WARN)
    desk.work()
    desk.ask("notification.plan")
    desk.work()
    assert (sorted(desk.states()), len(box.got)) == (["blocked", "digested", "sent"], 1)
    assert ("result/a" in box.got[0].text, "13800138000" in box.got[0].text) == (True, False)


def test_what_is_kept_in_can_be_given_up(desk: Desk, box: Box, sys: str) -> None:
    """By a person; then nothing is stuck, and the alert itself is still at the console."""
    desk.alarm("tel/13800138000")
    desk.work()
    (row,) = desk.rows()
    with desk.authority.session() as session:
        service.again(session, row.id, actor=sys)
    desk.work()
    assert (desk.states(), box.got, len(alerts(desk))) == (["blocked"], [], 1)
    with desk.authority.session() as session, pytest.raises(NotAllowed, match="not_allowed"):
        service.drop(session, row.id, actor="leader")
    with desk.authority.session() as session:
        service.drop(session, row.id, actor=sys)
    assert (desk.states(), alerts(desk)) == (["dropped"], [])
    with desk.authority.session() as session:
        assert [alert.subject for alert in open_alerts(session)] == ["tel/13800138000"]
        with pytest.raises(RuleRefused, match="notification_not_startable"):
            service.drop(session, row.id, actor=sys)


def test_authority_s_own_number_is_no_personal_data(desk: Desk, box: Box) -> None:
    """What the authority has made public may stand in a message."""
    message = Message("1", "breach", "咨询 13800138000", "咨询 13800138000", LEADER, "/console", desk.now())
    assert sending.tried(box.way, message).state is NotificationState.BLOCKED
    assert sending.tried(box.way, message, ["138-0013-8000"]).state is NotificationState.SENT


def test_address_that_was_taken_away_is_not_used(desk: Desk, box: Box) -> None:
    """It is looked up at every attempt; who has none any more is named by his login alone."""
    box.fail = down
    desk.alarm()
    desk.work()
    desk.address("leader", email="new@jxw.example.gov.cn")
    box.fail = lambda _message: None
    desk.alarm("result/other")
    desk.wait(minutes=1)
    desk.work()
    assert box.told == ["new@jxw.example.gov.cn"] * 2
    box.fail = down
    desk.alarm("result/third")
    desk.work()
    desk.address("leader", email="")
    desk.wait(minutes=1)
    desk.work()
    row = desk.rows()[-1]
    assert (row.state, row.error) == (
        "refused", {"code": "address_missing", "params": {"login": "leader", "kind": "电子邮件地址"}},
    )  # fmt: skip


def test_notifier_that_was_switched_off_refuses_what_waits(desk: Desk, box: Box) -> None:
    """With a reason; nothing is tried for ever."""
    box.fail = down
    desk.alarm()
    desk.work()
    desk.ways["chongqing"] = []
    desk.wait(minutes=1)
    desk.work()
    (row,) = desk.rows()
    assert (row.state, row.error["code"]) == ("refused", "notifier_gone")


def test_what_is_being_tried_is_not_tried_by_anybody_else(desk: Desk, box: Box) -> None:
    """Two workers at once; one that died after handing over lets it come again under the same id, later."""
    desk.alarm()
    inner: list[int] = []
    sessions = partial(db.session, desk.authority.engine, "chongqing")

    def beside(_message: Message) -> None:
        inner.append(sending.drain(sessions, box.way, desk.authority.office.vault))

    box.fail = beside
    desk.work()
    assert (inner, len(box.got)) == ([0], 1)
    box.fail = lambda _message: None
    desk.alarm("result/other")
    with sessions() as session:
        spreading.spread(session, _alert(desk, "result/other"), BREACH, [box.way], Wording("某委", {}))
    with sessions() as session:
        died = sending.take(session, box.way)
    assert died
    box.way.send(died.message(desk.authority.office.vault, box.way.address_kind))
    desk.work()
    assert len(box.got) == 2, "claimed by the one that died"
    desk.wait(seconds=sending.CLAIM.total_seconds() + 1)
    desk.work()
    assert [one.id for one in box.got[1:]] == [str(died.row.id)] * 2
    assert desk.states() == ["sent", "sent"]


def test_key_store_is_asked_while_nothing_is_held(desk: Desk, box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be another machine that takes its time: nobody of the authority waits for it."""
    inside: list[TenantSession] = []
    held: list[bool] = []

    @contextmanager
    def sessions() -> Iterator[TenantSession]:
        with db.session(desk.authority.engine, "chongqing") as session:
            inside.append(session)
            yield session
        inside.clear()

    def opened(vault: Vault, sealed: Sealed, place: Place) -> str:
        held.append(bool(inside))
        return whole(vault, sealed, place)

    whole = Vault.open
    monkeypatch.setattr(Vault, "open", opened)
    desk.alarm("result/x")
    with sessions() as session:
        spreading.spread(session, _alert(desk, "result/x"), BREACH, [box.way], Wording("某委", {}))
    assert (sending.drain(sessions, box.way, desk.authority.office.vault), held) == (1, [False])


def _alert(desk: Desk, subject: str) -> UUID:
    with desk.authority.session() as session:
        return next(one.id for one in open_alerts(session) if one.subject == subject)


def test_error_of_a_notifier_may_hold_anything(desk: Desk, box: Box) -> None:
    """Parameters that no JSON knows are kept as texts."""

    def odd(_message: Message) -> None:
        raise OutsideFailed("plugin_failed", permanent=True, plugin="x", step="send", reason=ValueError("y"))

    box.fail = odd
    desk.alarm()
    desk.work()
    assert [row.state.value for row in desk.rows()] == ["refused"]
