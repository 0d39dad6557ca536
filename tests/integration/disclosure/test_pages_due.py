"""到期清单 at the console: what is due and why, read without writing anything (R14.1, R14.9, R14.11)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlmodel import select

from authority import Authority
from console import DATA, SECRET
from inspecting import Team, team
from officials import Official
from shuangsui import db
from shuangsui.access import service as access
from shuangsui.calendar import official
from shuangsui.disclosure import interventions, shown
from shuangsui.disclosure.tables import Term
from shuangsui.draws.freezing import legal_day
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.outbox import OutboxRow, WorkState


@pytest.fixture
def one(authority: Authority) -> Team:
    """An inspection that has ended on Monday, 15 June 2026: due on 14 July."""
    return team(authority).whole()


def go_to(authority: Authority, until: date) -> None:
    """The morning of a day."""
    with authority.session() as session:
        db.move_clock(session, timedelta(days=(until - legal_day(db.now(session))).days))


def kept(authority: Authority) -> tuple[int, int]:
    """How many terms and entries of the ledger there are."""
    with authority.session() as session:
        return len(session.exec(select(Term)).all()), len(session.exec(select(LedgerEntry)).all())


def test_r14_9_due_list_on_the_page_needs_no_queue(
    one: Team, authority: Authority, enter: Callable[..., Official]
) -> None:
    """R14.9: nothing has ever worked off a job, no row of a term is there, and reading leaves none."""
    assert enter("lead").read("/due")["rows"] == []
    go_to(authority, official().add(date(2026, 6, 15), 15).due)
    lead = enter("lead")
    with authority.session() as session:
        assert WorkState.DONE not in session.exec(select(OutboxRow.state)).all()
    before = kept(authority)
    (row,) = lead.read("/due")["rows"]
    names = ("key", "kind", "task_no", "start", "days", "since", "target", "due", "left", "provisional", "late",
             "derivation")  # fmt: skip
    assert {name: row[name] for name in names} == {
        "key": f"{one.no}/1", "kind": "result", "task_no": one.no, "start": "2026-06-15", "days": 20,
        "since": "ended", "target": "2026-07-07", "due": "2026-07-14", "left": 5, "provisional": False, "late": False,
        "derivation": "自 2026-06-15（检查结束）起 20 个工作日",
    }  # fmt: skip
    page = lead.page("/due").text
    assert ("自 2026-06-15（检查结束）起 20 个工作日" in page, "剩 5 个工作日" in page) == (True, True)
    assert kept(authority) == before == (0, before[1])


def test_r14_9_days_of_the_due_list_are_chosen(one: Team, authority: Authority, enter: Callable[..., Official]) -> None:
    """By rule five; a query says otherwise; what is no number is refused."""
    lead = enter("lead")
    assert [row["key"] for row in lead.read("/due?days=20")["rows"]] == [f"{one.no}/1"]
    assert lead.read("/due?days=19")["rows"] == []
    for text in ("x", "-1", "251", "1e3"):
        answer = lead.browser.get(f"/api/due?days={text}", headers=DATA)
        assert (answer.status_code, answer.json()["code"]) == (422, "days_invalid")


def test_r14_9_rungs_and_lateness_are_shown(one: Team, authority: Authority, enter: Callable[..., Official]) -> None:
    """The last warning that has come; the day itself; the day after."""
    calendar, start = official(), date(2026, 6, 15)
    seen = []
    for day in (
        calendar.add(start, 10).due + timedelta(days=1),
        calendar.add(start, 18).due,
        calendar.add(start, 20).due,
    ):
        go_to(authority, day)
        (row,) = enter("lead").read("/due?days=20")["rows"]
        seen.append((row["warned"], row["left_text"]))
    go_to(authority, date(2026, 7, 15))
    (row,) = enter("lead").read("/due")["rows"]
    assert [*seen, (row["warned"], row["left_text"])] == [
        ("期限过去 50%", "剩 9 个工作日"), ("距期限 2 个工作日", "剩 2 个工作日"), ("期限最后一日", "今天到期"),
        ("已过期限", "已逾期 1 个工作日"),
    ]  # fmt: skip


def test_r14_1_term_is_derived_day_by_day(one: Team, authority: Authority, enter: Callable[..., Official]) -> None:
    """R14.1: weekends and the holiday in June do not count, each day says why."""
    shown = enter("lead").read(f"/due/{one.no}/1")
    steps, rungs, pages = (table["rows"] for table in shown["tables"])
    assert (steps[0]["day"], steps[0]["n"], steps[-1]["day"], steps[-1]["n"]) == ("2026-06-16", 1, "2026-07-14", 20)
    assert {step["day"]: step["why"] for step in steps if step["n"] is None} == {
        "2026-06-19": "off",
        **{f"2026-06-{day}": "weekend" for day in (20, 21, 27, 28)},
        **{f"2026-07-{day:02d}": "weekend" for day in (4, 5, 11, 12)},
    }
    assert [rung["what"] for rung in rungs] == [
        "期限过去 50%", "距期限 5 个工作日", "期限过去 75%", "距期限 2 个工作日", "期限过去 90%", "期限最后一日",
    ]  # fmt: skip
    assert [(page["area"], page["no"]) for page in pages] == [
        ("tasks", one.no), ("rulings", one.no), ("draws", one.read().draw_no),
    ]  # fmt: skip


def test_r14_11_provisional_term_says_so(authority: Authority, enter: Callable[..., Official]) -> None:
    """R14.11: the earliest possible day is enforced, the others are named."""
    made = team(authority)
    go_to(authority, date(2026, 12, 3))
    made.whole()
    lead = enter("lead")
    rows = [row for row in lead.read("/due?days=20")["rows"] if row["kind"] == "result"]
    assert [(row["due"], row["provisional"], row["derivation"]) for row in rows] == [
        ("2026-12-29", True, "自 2026-12-03（检查结束）起 20 个工作日，暂定"),
    ]
    page = lead.page(f"/due/{made.no}/1").text
    assert "只按法定节假日推算为 2026-12-31" in page


def test_r14_9_round_is_due_too(one: Team, authority: Authority, enter: Callable[..., Official]) -> None:
    """The planned end has passed and nobody closed the batch: its clock runs from there (R14.3)."""
    no = one.read().draw_no
    standing = enter("lead").read(f"/due/{no}/round")
    assert (standing["due"], standing["derivation"]) == (None, "检查尚未结束，期限尚未起算")
    go_to(authority, date(2027, 1, 20))
    with authority.session() as session:
        access.give_password(session, "lead", by="sec.admin", own=SECRET)  # a password is good for ninety days
    lead = enter("lead")
    rows = {row["kind"]: row for row in lead.read("/due?days=250")["rows"]}
    assert (rows["round"]["no"], rows["round"]["part"], rows["round"]["since"]) == (no, "round", "left_open")
    assert f'href="/console/due/{no}/round"' in lead.page("/due?days=250").text


def test_r14_5_due_until_every_receiver_has_confirmed(
    one: Team, authority: Authority, enter: Callable[..., Official]
) -> None:
    """R14.5: the portal alone is not enough; with the receipt of the credit system nothing is due any more."""
    lead = enter("lead")
    lead.done(f"/rulings/{one.no}/publish")
    assert [row["key"] for row in lead.read("/due?days=20")["rows"]] == [f"{one.no}/1"]
    with authority.session() as session:
        (by_hand,) = [one for one in shown.sent(session) if one.delivery.channel == "by-hand/credit"]
        interventions.receive(
            session, authority.office, by_hand.delivery.id, reference="CQ-1", seen_on=authority.today, actor="lead"
        )
    assert lead.read("/due?days=20")["rows"] == []
    assert lead.read(f"/due/{one.no}/1")["met"] == "2026-06-15"


def test_due_list_is_for_who_may_view(one: Team, enter: Callable[..., Official]) -> None:
    """Who only administers sees none of it."""
    admin = enter("sys")
    assert admin.browser.get("/api/due", headers=DATA).status_code == 403
    assert admin.page(f"/due/{one.no}/1").status_code == 403
    assert enter("supervisor").browser.get(f"/api/due/{one.no}/2", headers=DATA).json()["code"] == "term_missing"
