"""A directory of experts end to end (R6.4): the plugin in its child process, whole answers or nothing, who is who."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from authority import Authority, experts, objects
from pools import DIRECTORY, Pooled, directory, people, pooled
from shelf import Place
from shuangsui import db
from shuangsui.access.tables import PersonOf
from shuangsui.errors import ShuangsuiError
from shuangsui.extension.children import Limits
from shuangsui.ledger.alerts import CLOCK, open_alerts
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.outbox import OutboxRow
from shuangsui.registry import history, read
from shuangsui.registry import pooled as stored
from shuangsui.registry.people import require_person
from shuangsui.registry.tables import RegistryImport
from shuangsui.settings import Settings
from shuangsui.testing.faults import Fault
from shuangsui.testing.sink import Sink
from shuangsui.worker import jobs
from shuangsui.worker.work import Work

SUBJECT = f"pool/{DIRECTORY}"


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    with directory(monkeypatch) as started:
        yield started


@pytest.fixture
def here(place: Place, tmp_path: Path, sink: Sink) -> Pooled:
    """Five experts in the own registry, four in the directory."""
    authority = Authority(place.engine, place.folder, place=place)
    address = f'address = "{sink.url("directory")}/experts"'
    made = pooled(authority, tmp_path / "configuration", "experts-directory", address)
    authority.take_in(experts=experts(5))
    return made


def listed(here: Pooled) -> list[tuple[str, str]]:
    """Number and state of everybody from the directory."""
    with here.authority.session() as session:
        return [(one.expert_no, one.status.value) for one in read.experts(session) if one.pool == DIRECTORY]


def active(n: int) -> list[tuple[str, str]]:
    return [(f"SJ{i:04d}", "active") for i in range(n)]


def entries(here: Pooled, act: str) -> list[tuple[str, dict[str, Any]]]:
    """Actor and payload of every ledger row of an act."""
    with here.authority.session() as session:
        rows = session.exec(select(LedgerEntry).where(LedgerEntry.act == act).order_by(col(LedgerEntry.n))).all()
        return [(row.actor, json.loads(row.payload)) for row in rows]


def alerts(here: Pooled) -> list[tuple[str, str]]:
    with here.authority.session() as session:
        return [(one.subject, one.facts["code"]) for one in open_alerts(session, "pool_failed")]


def failed(do: Callable[[], object]) -> ShuangsuiError:
    with pytest.raises(ShuangsuiError) as caught:
        do()
    return caught.value


def test_answer_is_stored_whole_with_day_mark_and_digest(here: Pooled) -> None:
    """Its people are people of the authority: by name, as users, in recusals; the own registry is untouched."""
    done = here.pull()
    assert (done.day, done.people, done.left, listed(here)) == (date(2026, 6, 15), 4, 0, active(4))
    with here.authority.session() as session:
        kept = stored.pooled(session, DIRECTORY)
        assert kept is not None
        assert (stored.digest_of(kept.people), bool(kept.taken.mark)) == (done.digest, True)
        assert kept.people[0].employer == "某研究院"
        assert require_person(session, PersonOf.EXPERT, "SJ0001") == "外聘1"
        assert read.sizes(session)["experts"] == 5
        last = history.last_import(session, "experts")
        assert last is not None
        assert last.feed is None
    ((actor, said),) = entries(here, "registry.pool")
    assert (actor, said) == (
        "lead", {"pool": DIRECTORY, "day": "2026-06-15", "people": 4, "digest": done.digest, "left": 0},
    )  # fmt: skip


def test_own_file_and_pull_leave_each_other_alone(here: Pooled) -> None:
    """A complete file of experts removes nobody of the directory, and the other way round."""
    here.pull()
    here.authority.take_in(experts=experts(3))
    assert listed(here) == active(4)
    here.pull()
    with here.authority.session() as session:
        assert [one.number for one in stored.people_of(session, "")] == ["ZJ0000", "ZJ0001", "ZJ0002"]


def test_who_left_is_disabled_and_may_return(here: Pooled, sink: Sink) -> None:
    """The row stays, for older draws name it; its change is in the history."""
    here.pull()
    sink.directory.experts = people(3)
    assert here.pull().left == 1
    assert listed(here) == [*active(3), ("SJ0003", "disabled")]
    assert here.pull().imported is None
    with here.authority.session() as session:
        assert require_person(session, PersonOf.EXPERT, "SJ0003") == "外聘3"
        assert [one.number for one in stored.people_of(session, DIRECTORY)] == ["SJ0000", "SJ0001", "SJ0002"]
        past = list(history.changes_between(session, "expert_pool", key="SJ0003"))
    assert [(one.change.value, (one.after or {})["status"]) for one in past] == [
        ("added", "active"), ("changed", "disabled"),
    ]  # fmt: skip
    sink.directory.experts = people(4)
    here.pull()
    assert listed(here) == active(4)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault(status=500), "plugin_failed"),
        (Fault(body=b"<html>"), "plugin_failed"),
        (Fault(cut=True), "plugin_failed"),
        (Fault(hang=True), "plugin_too_slow"),
        (Fault(wrong=True), "plugin_failed"),
    ],
)
def test_directory_that_hangs_lies_or_answers_by_half_stores_nothing(
    here: Pooled, sink: Sink, fault: Fault, code: str
) -> None:
    """An alert, once, and a row for every attempt; the next good pull ends the alert."""
    here.pull()
    here.authority.wait(days=1)
    sink.directory.experts, sink.directory.day = people(6), date(2026, 6, 16)
    sink.fail("directory", fault)
    for _ in range(2):
        assert failed(lambda: here.pull(limits=Limits(seconds=6))).code == code
    assert (alerts(here), len(entries(here, "registry.pool_failed"))) == ([(SUBJECT, code)], 2)
    with here.authority.session() as session:
        kept = stored.pooled(session, DIRECTORY)
    assert kept is not None
    assert (listed(here), kept.day) == (active(4), date(2026, 6, 15))
    sink.fail("directory", None)
    here.pull()
    assert (alerts(here), listed(here)) == ([], active(6))


def test_unchanged_directory_does_not_become_fresh(here: Pooled, sink: Sink) -> None:
    """304 is its own word; after a week everything is asked for again, and its day does not move by itself."""
    here.pull()
    here.authority.wait(days=7)
    assert here.pull().imported is None
    ((_, said),) = entries(here, "registry.pool_unchanged")
    assert said["digest"] == entries(here, "registry.pool")[0][1]["digest"]
    here.authority.wait(days=1)
    again = here.pull()
    assert again.imported is not None
    assert (again.imported.changed, again.day) == (0, date(2026, 6, 15))


@pytest.mark.parametrize(
    ("rows", "day", "code"),
    [
        (people(30), date(2026, 6, 17), "plugin_failed"),
        (people(30), date(2026, 6, 14), "plugin_failed"),
        (people(14), date(2026, 6, 16), "pool_loses_most"),
        ([], date(2026, 6, 16), "pool_empty"),
        ([*people(30), {**people(1)[0], "number": "11010519491231002X"}], date(2026, 6, 16), "rows_refused"),
        ([*people(30), {**people(1)[0], "number": "ZJ0002"}], date(2026, 6, 16), "expert_in_two_pools"),
    ],
)
def test_list_that_cannot_be_is_refused(
    here: Pooled, sink: Sink, rows: list[dict[str, object]], day: date, code: str
) -> None:
    """Of tomorrow, older, without most of them, empty, with an ID number, with a number of the own registry."""
    sink.directory.experts = people(30)
    here.pull()
    here.authority.wait(days=1)
    sink.directory.experts, sink.directory.day = rows, day
    assert (failed(here.pull).code, listed(here)) == (code, active(30))
    assert alerts(here) == [(SUBJECT, code)]


def test_person_may_be_sure_that_most_have_left(here: Pooled, sink: Sink) -> None:
    """After a word with the other side; the ledger says that somebody was."""
    sink.directory.experts = people(30)
    here.pull()
    sink.directory.experts = people(14)
    assert failed(here.pull).code == "pool_loses_most"
    assert here.pull(sure=True).left == 16
    assert (entries(here, "registry.pool")[-1][1]["sure"], alerts(here)) == (True, [])


def test_platform_itself_refuses_a_day_that_cannot_be(here: Pooled, sink: Sink) -> None:
    """Where the plugin was not told of the last state: after the day of warning it is asked for everything."""
    here.pull()
    here.authority.wait(days=9)
    sink.directory.day = date(2026, 6, 14)
    error = failed(here.pull)
    assert (error.code, error.params["last"]) == ("pool_goes_back", "2026-06-15")


def test_number_of_the_directory_cannot_be_given_twice(here: Pooled) -> None:
    """The own file is refused as a whole, and says whose the number is."""
    here.pull()
    error = failed(lambda: here.authority.take_in(experts=[*experts(6), {"expert_no": "SJ0001", "name": "丁"}]))
    assert (error.code, error.params) == (
        "expert_in_two_pools",
        {"number": "SJ0001", "here": "本机关专家名录", "there": f"专家库 {DIRECTORY}"},
    )
    with here.authority.session() as session:
        assert read.sizes(session)["experts"] == 5


def test_who_may_not_import_reaches_nobody(here: Pooled, sink: Sink) -> None:
    """No request goes out, and nothing is a failure of the pool."""
    assert failed(lambda: here.pull("inspection")).code == "not_allowed"
    assert (sink.received, alerts(here)) == ([], [])


def test_time_itself_pulls_every_day(here: Pooled, tmp_path: Path) -> None:
    """One piece of work for each distant pool, done as the clock, and asked for once a day."""
    office, settings = here.authority.office, Settings(var=tmp_path / "var", tenants=here.tenants)
    work = Work(here.authority.engine, office, settings)
    for _ in range(2):
        jobs.ask_for_feeds(work)
    with here.authority.session() as session:
        rows = [(row.job, row.key, row.arguments) for row in session.exec(select(OutboxRow))]
    assert rows == [("registry.pull_pool", f"{DIRECTORY}/2026-06-15", {"pool": DIRECTORY})]
    jobs.pull_pool(work, **rows[0][2])
    assert [actor for actor, _ in entries(here, "registry.pool")] == [CLOCK]


def test_recusal_of_a_directory_s_expert_counts(here: Pooled) -> None:
    """An interest of hers is no dangling one, and stands in the plan as her recusal."""
    here.plan()
    here.pull()
    code = objects(1)[0]["code"]
    interest = {"person_kind": "专家", "person_no": "SJ0002", "object_code": code, "relation": "任职"}
    here.authority.take_in(interests=[interest])
    draft = here.authority.freeze().draft
    assert [person for person, _ in draft["experts"]["recuse"]] == ["SJ0002"]


def test_other_authority_sees_nothing_of_it(here: Pooled) -> None:
    """Rows and imports are the tenant's own."""
    here.pull()
    with db.session(here.authority.engine, "liangjiang") as session:
        assert list(read.experts(session)) == []
        assert session.exec(select(RegistryImport)).all() == []
