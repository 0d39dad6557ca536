"""One durable delivery per revision and channel: tried until it is confirmed, given up only for a reason."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlmodel import select

from authority import Authority
from disclosing import disclosed, of_result
from inspecting import team
from shelf import Place
from shuangsui import db
from shuangsui.calendar import official
from shuangsui.contracts import Receipt
from shuangsui.disclosed import Disclosed
from shuangsui.disclosure import corrections, deliveries, disclosures, interventions, rulings, shown, terms
from shuangsui.disclosure.clocks import Terms
from shuangsui.disclosure.deliveries import PAUSE, TRIES
from shuangsui.disclosure.policy import DeliveryState
from shuangsui.disclosure.tables import ChannelState, Delivery, Disclosure, Term
from shuangsui.disclosure.ways import ExporterWay, Way
from shuangsui.draws.freezing import legal_day
from shuangsui.errors import BadInput, NotAllowed, OutsideFailed, RuleRefused
from shuangsui.ledger.alerts import open_alerts
from shuangsui.outbox import OutboxRow, WorkState
from shuangsui.settings import Settings
from shuangsui.worker.process import drain as run_work
from shuangsui.worker.process import runner_of
from workbench import ROOT

DUTIES = ("portal", "credit")
GOOD = Receipt("board", "no. 1", "d", confirmed=True)
UNSEEN = Receipt("board", "no. 1", "d", confirmed=False)


@dataclass
class Board:
    """A receiver that does what a test says; ``got`` is what it was handed."""

    channel: str = "plugin/board"
    duty: str = "credit"
    answer: Callable[[], Receipt] = lambda: GOOD
    got: list[Disclosed] = field(default_factory=list)

    def takes(self, item: Disclosed) -> bool:
        return item.kind == "result"

    def deliver(self, item: Disclosed, allowed: Collection[str]) -> Receipt:
        self.got.append(item)
        return self.answer()


@pytest.fixture
def authority(place: Place) -> Authority:
    return Authority(place.engine, place.folder, place=place)


def made(authority: Authority, number: int = 1, *ways: Way) -> Disclosure:
    """A thing that is to be disclosed, with its deliveries."""
    with authority.session() as session:
        row = disclosures.make(session, "result", f"2026-0001-{number}", of_result(number), actor="lead")
        session.flush()
        deliveries.spread(session, authority.office, ways, DUTIES, [row])
        session.expunge_all()
        return row


def drained(authority: Authority, way: Way) -> int:
    return deliveries.drain(partial(db.session, authority.engine, authority.slug), authority.office, way)


def rows(authority: Authority) -> dict[str, Delivery]:
    """Channel → the newest delivery."""
    with authority.session() as session:
        found = {sent.delivery.channel: sent.delivery for sent in shown.sent(session)}
        session.expunge_all()
        return found


def one(authority: Authority, way: Board) -> Delivery:
    return rows(authority)[way.channel]


def down() -> Receipt:
    raise OutsideFailed("exporter_unreachable", problem="没有答复")


def forbidden() -> Receipt:
    raise OutsideFailed("exporter_refuses", permanent=True, problem="答复 403")


def wait(authority: Authority, by: timedelta) -> None:
    with authority.session() as session:
        db.move_clock(session, by)


def test_r14_5_a_receipt_is_kept_and_a_duty_without_a_plugin_waits_for_a_person(authority: Authority) -> None:
    """The portal and the credit system are named by the rules; nothing serves the portal here."""
    board = Board()
    made(authority, 1, board)
    assert drained(authority, board) == 1
    found = rows(authority)
    assert {channel: row.state for channel, row in found.items()} == {
        "by-hand/portal": DeliveryState.WAITING, board.channel: DeliveryState.CONFIRMED,
    }  # fmt: skip
    assert found[board.channel].receipt == {"reference": "no. 1", "digest": "d", "at": None}
    assert (found[board.channel].attempts, found[board.channel].error) == (1, None)


def test_an_answer_is_no_proof(authority: Authority) -> None:
    """Handed over and not seen: looked for again later, as often as it takes."""
    board = Board(answer=lambda: UNSEEN)
    made(authority, 1, board)
    assert drained(authority, board) == 0
    assert one(authority, board).state is DeliveryState.HANDED_OVER
    assert drained(authority, board) == 0
    board.answer = lambda: GOOD
    wait(authority, timedelta(minutes=1))
    assert drained(authority, board) == 1
    assert (one(authority, board).attempts, len(board.got)) == (2, 2)


def test_a_channel_that_is_down_is_left_alone_and_caught_up_with(authority: Authority) -> None:
    """The breaker: five failures, one probe each five minutes, and everything goes at once when it is back."""
    board = Board(answer=down)
    for number in range(1, 9):
        made(authority, number, board)
    for _ in range(40):
        drained(authority, board)
        wait(authority, timedelta(seconds=50))
    minutes = 40 * 50 / 60
    assert TRIES + minutes / 5 - 2 <= len(board.got) <= TRIES + minutes / 5 + 2
    with authority.session() as session:
        assert [alert.subject for alert in open_alerts(session, deliveries.DOWN)] == [board.channel]
        state = session.exec(select(ChannelState)).one()
        assert state.error == {"code": "exporter_unreachable", "params": {"problem": "没有答复"}}
    board.answer, board.got = lambda: GOOD, []
    wait(authority, PAUSE)
    assert (drained(authority, board), len(board.got)) == (8, 8)
    with authority.session() as session:
        assert open_alerts(session, deliveries.DOWN) == []


def test_work_is_asked_for_again_when_the_next_thing_is_due(authority: Authority) -> None:
    """One row of the outbox for a channel, whatever waits for it."""
    board = Board(answer=down)
    for number in range(1, 4):
        made(authority, number, board)
    drained(authority, board)
    with authority.session() as session:
        (work,) = session.exec(select(OutboxRow).where(OutboxRow.job == deliveries.DELIVER))
        first = min(row.next_at for row in session.exec(select(Delivery)) if row.next_at)
        assert (work.key, work.arguments) == (board.channel, {"channel": board.channel})
    assert first > work.made_at


def test_a_slow_channel_keeps_no_other_work_waiting(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    """When its time is over the rest is asked for at once, behind whatever else is due."""
    monkeypatch.setattr(deliveries, "TURN", 0.0)
    board = Board()
    for number in range(1, 4):
        made(authority, number, board)
    assert drained(authority, board) == 1
    with authority.session() as session:
        (work,) = session.exec(select(OutboxRow).where(OutboxRow.job == deliveries.DELIVER))
        assert (work.state, work.run_at <= db.now(session)) == (WorkState.NEW, True)
    assert [drained(authority, board) for _ in range(3)] == [1, 1, 0]


def test_what_is_wrong_with_the_content_is_a_dead_letter_with_its_reason(authority: Authority) -> None:
    """It is not tried again by itself; a person starts it again, and the alert goes."""
    board = Board()

    def refused() -> Receipt:
        raise BadInput("content_refused", field="主体代码", problem="没有填写")

    board.answer = refused
    made(authority, 1, board)
    drained(authority, board)
    wait(authority, timedelta(days=1))
    drained(authority, board)
    row = one(authority, board)
    assert (row.state, row.attempts) == (DeliveryState.REFUSED, 1)
    assert row.error == {"code": "content_refused", "params": {"field": "主体代码", "problem": "没有填写"}}
    board.answer = lambda: GOOD
    with authority.session() as session:
        assert [alert.kind for alert in open_alerts(session)] == [deliveries.REFUSED]
        interventions.replay(session, row.id, actor="lead")
    assert drained(authority, board) == 1
    with authority.session() as session:
        assert open_alerts(session) == []


def test_all_dead_letters_of_a_channel_are_started_again(authority: Authority) -> None:
    board = Board(answer=forbidden)
    for number in range(1, 4):
        made(authority, number, board)
    drained(authority, board)
    assert len(board.got) == 3
    board.answer = lambda: GOOD
    with authority.session() as session, pytest.raises(NotAllowed):
        interventions.replay_channel(session, board.channel, actor="inspection")
    with authority.session() as session:
        assert interventions.replay_channel(session, board.channel, actor="lead") == 3
    assert drained(authority, board) == 3


def test_r14_10_a_correction_supersedes_what_has_not_gone_out(authority: Authority) -> None:
    """Only the newest revision is handed over; the older one stays readable."""
    board = Board(answer=down)
    row = made(authority, 1, board)
    drained(authority, board)
    with authority.session() as session:
        again = corrections.correct(
            session, "result", row.key, {"object_name": "更名后的企业"}, "企业名称有误", actor="lead"
        )
        session.flush()
        deliveries.spread(session, authority.office, [board], DUTIES, [again])
    board.answer, board.got = lambda: GOOD, []
    wait(authority, timedelta(hours=1))
    drained(authority, board)
    (got,) = board.got
    assert (got.revision, got.action, got.note) == (2, "correct", "企业名称有误")
    assert got.content.object.name == "更名后的企业"  # type: ignore[union-attr]
    with authority.session() as session:
        states = {(sent.disclosure.revision, sent.delivery.state) for sent in shown.sent(session)}
        assert states >= {(1, DeliveryState.SUPERSEDED), (2, DeliveryState.CONFIRMED)}
        assert [one.revision for one in disclosures.revisions(session, "result", row.key)] == [1, 2]


def test_r14_10_what_is_annulled_is_taken_down_with_an_explanation(authority: Authority) -> None:
    """By the leader; nothing can be corrected afterwards."""
    board = Board()
    row = made(authority, 1, board)
    drained(authority, board)
    with authority.session() as session, pytest.raises(NotAllowed):
        corrections.withdraw(session, "result", row.key, "处理决定已撤销", actor="lead")
    with authority.session() as session:
        last = corrections.withdraw(session, "result", row.key, "处理决定已撤销", actor="leader")
        session.flush()
        deliveries.spread(session, authority.office, [board], DUTIES, [last])
    assert drained(authority, board) == 1
    assert (board.got[-1].action, board.got[-1].note) == ("withdraw", "处理决定已撤销")
    with authority.session() as session, pytest.raises(RuleRefused, match="disclosure_withdrawn"):
        corrections.correct(session, "result", row.key, {"follow_up": "无"}, "再改", actor="lead")


def test_a_plugin_that_does_not_answer_is_passed_by_by_nothing(authority: Authority) -> None:
    """What waited for it goes to what it turns out to have."""
    missing, board = Board("plugin/*", ""), Board()
    made(authority, 1, missing)
    with authority.session() as session:
        deliveries.reroute(session, authority.office, missing.channel, {board.channel: board})
    assert drained(authority, board) == 1
    assert {channel: row.state for channel, row in rows(authority).items()} == {
        "plugin/*": DeliveryState.SUPERSEDED, "by-hand/credit": DeliveryState.SUPERSEDED,
        "by-hand/portal": DeliveryState.WAITING, board.channel: DeliveryState.CONFIRMED,
    }  # fmt: skip
    portal = rows(authority)["by-hand/portal"].id
    with authority.session() as session:
        assert shown.satisfied(shown.sent(session)) == {}
        today = legal_day(db.now(session))
        interventions.receive(session, authority.office, portal, reference="首页", seen_on=today, actor="lead")
        assert list(shown.satisfied(shown.sent(session)).values()) == [today]


def test_an_exporter_that_fails_to_say_what_it_takes_stops_nobody() -> None:
    """It gets the thing, and what is wrong with it shows at its own delivery."""

    class Broken:
        plugin, name, duty, kinds = "vendor", "board", "credit", ("result",)

        def takes(self, item: Disclosed) -> bool:
            raise OutsideFailed("plugin_failed", plugin="vendor", step="takes", reason="KeyError")

    way = ExporterWay(Broken())  # type: ignore[arg-type]
    assert way.takes(disclosed(of_result(1)))


def test_a_receipt_by_hand_counts(authority: Authority) -> None:
    """With what was seen, and when; not before it was decided, not tomorrow, not twice."""
    made(authority, 1)
    row, today = rows(authority)["by-hand/credit"], legal_day(authority_now(authority))

    def receive(reference: str, day: date) -> None:
        with authority.session() as session:
            interventions.receive(session, authority.office, row.id, reference=reference, seen_on=day, actor="lead")

    for reference, day, code in (
        (" ", today, "receipt_unfounded"),
        ("CQ-1", today + timedelta(days=1), "receipt_day"),
        ("CQ-1", today - timedelta(days=1), "receipt_day"),
    ):
        with pytest.raises(BadInput, match=code):
            receive(reference, day)
    receive("CQ-1", today)
    with pytest.raises(RuleRefused, match="delivery_closed"):
        receive("CQ-1", today)
    found = rows(authority)["by-hand/credit"]
    assert (found.state, (found.receipt or {})["by"]) == (DeliveryState.CONFIRMED, "lead")


def authority_now(authority: Authority) -> datetime:
    with authority.session() as session:
        return db.now(session)


def test_r14_5_one_channel_of_two_is_partial_and_does_not_close_the_term(authority: Authority, tmp_path: Path) -> None:
    """From the decision through the worker to the portal on disk; the credit system's receipt comes by hand."""
    team(authority).published()
    with authority.session() as session:
        today = legal_day(db.now(session))
        terms.refresh(session, Terms.of(authority.office.rules(today)), official(), today)
    settings = Settings(var=tmp_path, tenants=ROOT / "tenants", key_file=authority.folder / "master.key")
    run_work(runner_of(authority.engine, settings), authority.engine, authority.slug)
    found = rows(authority)
    assert {channel: row.state for channel, row in found.items()} == {
        "channel-portal/portal": DeliveryState.CONFIRMED, "by-hand/credit": DeliveryState.WAITING,
    }  # fmt: skip
    with authority.session() as session:
        (row,) = disclosures.current(session, "result")
        assert shown.standing(row, found.values()) is shown.Standing.PARTIAL
        assert [term.met for term in session.exec(select(Term).where(Term.kind == "result"))] == [None]
        interventions.receive(
            session, authority.office, found["by-hand/credit"].id, reference="CQ-1", seen_on=today, actor="lead"
        )
        assert [term.met for term in session.exec(select(Term).where(Term.kind == "result"))] == [today]


def test_r14_8_directed_notice_goes_to_whom_the_ruling_names(authority: Authority) -> None:
    """And waits for a person where no channel carries notices; the public has a placeholder."""
    one = team(authority).whole()
    with authority.session() as session:
        rulings.propose_withholding(
            session, one.no, basis="《保守国家秘密法》", scope="全部", notified=["某区应急局"], actor="lead"
        )
        rulings.approve(session, one.no, actor="leader")
    with authority.session() as session:
        fresh = disclosures.catch_up(session, authority.office, "")
        session.flush()
        deliveries.spread(session, authority.office, [], DUTIES, fresh)
    with authority.session() as session:
        found = {(sent.disclosure.kind, sent.delivery.channel) for sent in shown.sent(session)}
        notice = disclosures.newest(session, "notice", one.no)
    assert found == {("withheld", "by-hand/portal"), ("notice", "by-hand/notice")}
    assert notice
    assert notice.content["recipients"] == ["某区应急局"]


def test_r14_10_correction_of_a_dead_letter_ends_its_alert(authority: Authority) -> None:
    """What was wrong with it is put right."""
    board = Board(answer=forbidden)
    row = made(authority, 1, board)
    drained(authority, board)
    with authority.session() as session:
        assert [alert.kind for alert in open_alerts(session)] == [deliveries.REFUSED]
        corrections.correct(session, "result", row.key, {"object_name": "更名后的企业"}, "名称有误", actor="lead")
        assert open_alerts(session) == []
