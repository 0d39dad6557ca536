"""The object hands in what it has put right, by its link (article 15)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from hashlib import sha256

import pytest
from sqlmodel import col, select

from authority import Authority
from inspecting import Team, team
from shuangsui.cli.walk import Course
from shuangsui.errors import ShuangsuiError
from shuangsui.inspections import evidence, feedback, followup, links, proving, tasks
from shuangsui.inspections.enterprise_views import clock
from shuangsui.inspections.evidence import File
from shuangsui.inspections.evidence_policy import Limits
from shuangsui.inspections.evidence_store import Folder
from shuangsui.inspections.followup import Order
from shuangsui.inspections.links import HOLDER
from shuangsui.inspections.states import Disposition, RectificationState
from shuangsui.inspections.tables import Rectification
from shuangsui.ledger.tables import LedgerEntry

PDF = b"%PDF-1.4\n%test\n"
DONE = "设备已经拆除"
ORDERED = {"demand": "拆除淘汰设备"}


@pytest.fixture
def one(authority: Authority) -> Team:
    """An inspection that found something, which is to be put right within ten days."""
    made = team(authority, course=Course(("pending",), {"1": "发现淘汰设备一台"})).whole()
    due = authority.today + timedelta(days=10)
    made.decide(followup.dispose, 1, Order(Disposition.RECTIFY, due=due, **ORDERED), actor="lead")
    return made


def refused(act: Callable[..., object], *arguments: object, **options: object) -> str:
    """The code of the refusal."""
    with pytest.raises(ShuangsuiError) as caught:
        act(*arguments, **options)
    return caught.value.code


def prove(one: Team, statement: str = DONE, n: int = 1, files: Sequence[File] = ()) -> Rectification:
    """By the link."""
    kept = Folder(one.authority.folder / "evidence"), Limits()
    with one.authority.session() as session:
        return proving.prove(session, kept, tasks.find_task(session, one.no), n, statement, files)


def acts(one: Team) -> list[str]:
    """What stands in the ledger as done by the link."""
    with one.authority.session() as session:
        query = select(LedgerEntry).where(LedgerEntry.actor == HOLDER).order_by(col(LedgerEntry.n))
        return [row.act for row in session.exec(query)]


def test_r15_2_object_hands_in_its_proof(one: Team) -> None:
    """R15.2: files are evidence of the task; whoever re-checks is somebody else all the same."""
    made = prove(one, files=[File("拆除.pdf", PDF, "拆除之后")])
    digest = sha256(PDF).hexdigest()
    assert (made.state, made.statement, made.evidence, made.submitted_by) == (
        RectificationState.SUBMITTED, DONE, [digest], HOLDER,
    )  # fmt: skip
    assert acts(one) == ["evidence.add", "rectification.submit"]
    with one.authority.session() as session:
        (row,) = evidence.list_files(session, one.no)
    assert (row.sha256, row.name, row.media_type, row.note, row.by) == (
        digest, "拆除.pdf", "application/pdf", "拆除之后", HOLDER,
    )  # fmt: skip
    assert refused(prove, one) == "rectification_state"
    one.decide(followup.check_rectification, 1, passed=True, remark="合格", actor="inspection")
    assert acts(one) == ["evidence.add", "rectification.submit"]


def test_r15_2_proof_after_the_term_is_taken(one: Team) -> None:
    """R15.2: late is better than never; the alarm has been raised anyway."""
    one.authority.wait(days=12)
    assert prove(one).state is RectificationState.SUBMITTED


def test_a_failed_recheck_asks_the_object_again(one: Team) -> None:
    """With the new term."""
    prove(one)
    term = one.authority.today + timedelta(days=5)
    again = {"passed": False, "remark": "还有一台", "new_term": term, "actor": "inspection"}
    one.decide(followup.check_rectification, 1, **again)
    assert prove(one, "第二台也已经拆除").due == term


@pytest.mark.parametrize(
    ("options", "code"),
    [({"statement": " "}, "statement_empty"), ({"statement": "改" * 2001}, "holder_words"),
     ({"n": 2}, "finding_missing"), ({"files": [File("x.pdf", PDF)] * 11}, "proof_files"),
     ({"files": [File("x.pdf", PDF), File("y.pdf", b"MZ")]}, "evidence_type")],
)  # fmt: skip
def test_what_does_not_do_leaves_nothing(one: Team, options: dict[str, object], code: str) -> None:
    """Neither a row nor an entry, of the good files either."""
    assert refused(prove, one, **options) == code
    with one.authority.session() as session:
        assert evidence.list_files(session, one.no) == []
    assert acts(one) == []


def test_link_lasts_until_everything_is_put_right(one: Team) -> None:
    """Beyond its own term, of which the word on the team is the only part."""
    token = one.decide(links.make_link, actor="lead")
    one.authority.wait(days=31)
    with one.authority.session() as session:
        assert links.opened(session, token).task.no == one.no
        assert refused(feedback.asked, session, token) == "feedback_link"
    prove(one)
    one.decide(followup.check_rectification, 1, passed=True, remark="合格", actor="inspection")
    with one.authority.session() as session:
        assert refused(links.opened, session, token) == "object_link"


def test_object_that_has_said_its_word_gets_a_new_link_while_something_is_open(one: Team) -> None:
    """The lost one is void; once all is done there is nothing that a new one would be for (R16.1)."""
    token = one.decide(links.make_link, actor="lead")
    with one.authority.session() as session:
        feedback.answer(session, token, 4)
    renewed = one.decide(links.renew, actor="supervisor")
    with one.authority.session() as session:
        assert refused(links.opened, session, token) == "object_link"
        assert links.opened(session, renewed).task.no == one.no
        assert refused(feedback.asked, session, renewed) == "feedback_link"
    prove(one)
    one.decide(followup.check_rectification, 1, passed=True, remark="合格", actor="inspection")
    assert refused(one.decide, links.renew, actor="supervisor") == "feedback_given"


@pytest.mark.parametrize(
    ("due", "left", "words"),
    [(date(2026, 6, 25), 10, "还有 10 天"), (date(2026, 6, 16), 1, "还有 1 天"), (date(2026, 6, 15), 0, "今天到期"),
     (date(2026, 6, 14), -1, "已逾期 1 天")],
)  # fmt: skip
def test_r15_2_clock_says_how_long_it_is(due: date, left: int, words: str) -> None:
    """R15.2: overdue when the day after the term begins, like the alarm."""
    assert clock(due, date(2026, 6, 15)) == (left, words)


def test_bytes_of_a_file_are_not_printed() -> None:
    """Into no log and no traceback."""
    assert "PDF" not in repr(File("x.pdf", PDF))
