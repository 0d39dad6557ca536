"""Records written away from the network (R13.9)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import select

from authority import Authority
from inspecting import Team, team
from shuangsui import db
from shuangsui.errors import ShuangsuiError
from shuangsui.inspections import forms, records, submissions, tasks
from shuangsui.inspections.submissions import Sent
from shuangsui.inspections.tables import InspectionRecord, Submission
from shuangsui.ledger.tables import LedgerEntry

NOON = datetime(2026, 6, 15, 4, tzinfo=UTC)
FORM = {"code": "B1", "version": 1, "title": "甲表", "points": [{"no": "1"}, {"no": "2"}]}
YES = {"answer": "yes"}
NO = {"answer": "no", "facts": "台账缺页"}


@pytest.fixture
def one(authority: Authority) -> Team:
    """A team on site with an open record."""
    there = team(authority).until("write")
    there.act(records.open_record, FORM)
    return there


def sent(counter: int = 1, *, device: str = "A", base: int = 0, minutes: int = 0, **content: Any) -> Sent:
    """A step of a device; ``p1`` and ``p2`` answer the points."""
    answers = {name[1:]: value for name, value in content.items() if name != "facts"}
    said = {"answers": answers, **({"facts": content["facts"]} if "facts" in content else {})}
    return Sent(device, counter, base, NOON + timedelta(minutes=minutes), said)


def submit(one: Team, step: Sent, actor: str = "inspection") -> Submission:
    return one.act(submissions.submit, step, actor=actor)


def refused(act: Any, *arguments: Any, **options: Any) -> str:
    """The code of the refusal."""
    with pytest.raises(ShuangsuiError) as caught:
        act(*arguments, **options)
    return caught.value.code


def record_of(one: Team) -> InspectionRecord:
    with one.authority.session() as session:
        found = records.record_of(session, tasks.find_task(session, one.no))
    assert found is not None
    return found


def said(one: Team) -> tuple[dict[str, Any], str, int]:
    record = record_of(one)
    return record.answers, record.facts, record.revision


def conflicts(one: Team) -> list[dict[str, Any]]:
    with one.authority.session() as session:
        return submissions.conflicts(session, one.no)


def stored(one: Team) -> list[tuple[str, int]]:
    with one.authority.session() as session:
        return sorted((row.device, row.counter) for row in session.exec(select(Submission)))


def ledger(one: Team, act: str) -> int:
    """How often an act stands in the ledger."""
    with one.authority.session() as session:
        return len(session.exec(select(LedgerEntry).where(LedgerEntry.act == act)).all())


def test_r13_9_steps_become_the_record(one: Team) -> None:
    """Each is kept as it came."""
    row = submit(one, sent(1, p1=YES, facts="现场正常"))
    submit(one, sent(2, p2=NO))
    assert said(one) == ({"1": YES, "2": NO}, "现场正常", 2)
    assert (row.conflict, row.clock_jump, row.by, row.content) == (
        False, False, "inspection", {"answers": {"1": YES}, "facts": "现场正常"},
    )  # fmt: skip


def test_r13_9_sending_again_changes_nothing(one: Team) -> None:
    """The first row is the answer, whatever happened since."""
    first = submit(one, sent(1, facts="现场正常"))
    submit(one, sent(2, facts="现场正常，已拍照"))
    again = submit(one, sent(1, facts="现场正常", minutes=90))
    assert (again.id, again.received_at, said(one)[1:]) == (first.id, first.received_at, ("现场正常，已拍照", 2))
    assert (stored(one), ledger(one, "record.submit")) == ([("A", 1), ("A", 2)], 2)


def test_r13_9_counter_with_other_content_is_refused(one: Team) -> None:
    """Nothing is overwritten."""
    submit(one, sent(1, facts="现场正常"))
    assert refused(submit, one, sent(1, facts="现场异常")) == "submission_reused"
    assert (said(one)[1], stored(one)) == ("现场正常", [("A", 1)])


def test_r13_9_clock_set_back_is_flagged_and_the_counter_orders(one: Team) -> None:
    """R13.9: a device clock set back one hour between two steps; the later step arrives first."""
    later = submit(one, sent(2, facts="第二步", minutes=-60))
    earlier = submit(one, sent(1, facts="第一步"))
    assert (later.clock_jump, earlier.clock_jump, said(one)[1]) == (False, True, "第二步")


def test_r13_9_clock_set_back_in_order(one: Team) -> None:
    """The same when nothing overtakes; another device's clock is its own."""
    rows = [submit(one, sent(1)), submit(one, sent(2, minutes=-60)), submit(one, sent(3, minutes=-59))]
    rows.append(submit(one, sent(1, device="B", minutes=-300)))
    assert [row.clock_jump for row in rows] == [False, True, False, False]


def test_r13_9_fields_of_two_devices_merge(one: Team) -> None:
    """Both worked away from the network on points of their own."""
    submit(one, sent(1, p1=YES))
    assert submit(one, sent(1, device="B", p2=NO)).conflict is False
    assert (said(one), conflicts(one)) == (({"1": YES, "2": NO}, "", 2), [])


def clash(one: Team) -> Submission:
    """B says something else about point 1, and something new about point 2."""
    submit(one, sent(1, p1=YES))
    return submit(one, sent(1, device="B", p1=NO, p2=YES))


def test_r13_9_contradiction_waits_for_a_person(one: Team) -> None:
    """The record keeps what came first, and takes what does not collide."""
    row = clash(one)
    assert (row.conflict, said(one)) == (True, ({"1": YES, "2": YES}, "", 2))
    assert [(one["id"], one["device"], one["fields"]) for one in conflicts(one)] == [
        (str(row.id), "B", [{"field": "answers/1", "mine": NO, "theirs": YES}])
    ]


@pytest.mark.parametrize(("keep", "answer", "revision"), [("mine", NO, 3), ("theirs", YES, 2)])
def test_r13_9_conflict_is_decided_once(one: Team, keep: str, answer: dict[str, str], revision: int) -> None:
    """What the submission says, or what the record says; then it is gone from the list."""
    row = clash(one)
    one.act(submissions.resolve, row.id, keep)
    assert (said(one), conflicts(one)) == (({"1": answer, "2": YES}, "", revision), [])
    assert refused(one.act, submissions.resolve, row.id, keep) == "conflict_missing"
    assert ledger(one, "record.resolve") == 1


def test_r13_9_only_conflicts_are_decided(one: Team) -> None:
    """Not a submission without one, nor one that does not exist, nor by a third way."""
    row = submit(one, sent(1, p1=YES))
    assert refused(one.act, submissions.resolve, row.id, "mine") == "conflict_missing"
    assert refused(one.act, submissions.resolve, uuid4(), "mine") == "conflict_missing"
    assert refused(one.act, submissions.resolve, clash_id(one), "both") == "submission_malformed"


def clash_id(one: Team) -> Any:
    return submit(one, sent(1, device="B", p1=NO)).id


def test_r13_9_record_with_conflicts_is_not_signed(one: Team) -> None:
    """Nobody signs a text that the team has not agreed on."""
    row = clash(one)
    assert refused(one.sign) == "record_conflicts"
    one.act(submissions.resolve, row.id, "mine")
    one.sign()
    assert said(one)[0]["1"] == NO


def test_r13_9_console_and_device_do_not_pass_over_each_other(one: Team) -> None:
    """Written at the console after the device had looked: a conflict; seen first: none."""
    one.act(records.write, {"facts": "现场正常"}, base_revision=0)
    assert submit(one, sent(1, facts="现场异常")).conflict is True
    assert submit(one, sent(2, facts="现场异常", base=1)).conflict is False
    assert said(one)[1] == "现场异常"


@pytest.mark.parametrize(
    "wrong",
    [
        {"device": ""}, {"device": "x" * 65}, {"device": "a\nb"}, {"counter": -1}, {"counter": 1 << 31},
        {"base_revision": -1}, {"base_revision": 1}, {"device_at": NOON.replace(tzinfo=None)},
        {"content": {"facts": "长" * 100_000}}, {"content": {"facts": "\0"}}, {"content": {"facts": "\ud800"}},
        {"content": {"facts": b"x"}},
    ],
    ids=lambda wrong: next(iter(wrong)),
)  # fmt: skip
def test_malformed_submissions_are_refused(one: Team, wrong: dict[str, Any]) -> None:
    """One sentence names what is wrong; nothing is kept."""
    good = {"device": "A", "counter": 1, "base_revision": 0, "device_at": NOON, "content": {"facts": "正常"}}
    assert refused(submit, one, Sent(**{**good, **wrong})) == "submission_malformed"
    assert stored(one) == []


@pytest.mark.parametrize(
    "content",
    [{"answers": {"9": YES}}, {"answers": {"1": {"answer": "maybe"}}}, {"answers": []}, {"state": "confirmed"}],
)
def test_content_must_fit_the_records_own_form(one: Team, content: dict[str, Any]) -> None:
    """Only its points, only their answers."""
    assert refused(submit, one, Sent("A", 1, 0, NOON, content)) == "record_content"
    assert stored(one) == []


def test_r13_8_signed_record_takes_no_new_step_but_answers_an_old_one(one: Team) -> None:
    """R13.8: a retry after signing still gets its answer."""
    step = sent(1, p1=YES, p2=NO)
    first = submit(one, step)
    one.sign()
    assert refused(submit, one, sent(2, facts="改")) == "record_signed"
    assert submit(one, step).id == first.id


def test_r13_1_form_is_read_only_before_two_officers(authority: Authority) -> None:
    """R13.1 holds away from the network too."""
    early = team(authority).until("arrive")
    assert refused(submit, early, sent(1, p1=YES)) == "record_missing"
    early.act(records.open_record, FORM)
    assert refused(submit, early, sent(1, p1=YES)) == "record_readonly"


def test_only_inspectors_submit(one: Team) -> None:
    """The leader of the authority does not."""
    assert refused(submit, one, sent(1), actor="leader") == "not_allowed"


def test_record_of_a_task_has_the_form_of_its_item(one: Team) -> None:
    """The general one, as long as no other is attached."""
    with one.authority.session() as session:
        task = tasks.find_task(session, one.no)
        assert forms.form_for(session, task) == forms.form_of(session, "JX-11")
        task.item_code, task.item_name, task.drawn_id = None, "线索核查", None
        assert forms.form_for(session, task)["points"] == [{"no": "1", "content": "检查内容", "method": ""}]
        session.rollback()


def test_r13_9_two_at_once_are_one(one: Team) -> None:
    """A device that sends the same step over two connections gets one row."""
    start = Barrier(2)

    def send() -> Any:
        start.wait()
        with db.session(one.authority.engine, "chongqing") as session:
            return submissions.submit(session, one.no, sent(1, p1=YES), actor="inspection").id

    with ThreadPoolExecutor(2) as pool:
        ids = [done.result() for done in [pool.submit(send) for _ in range(2)]]
    assert (ids[0] == ids[1], stored(one), said(one)[2]) == (True, [("A", 1)], 1)
