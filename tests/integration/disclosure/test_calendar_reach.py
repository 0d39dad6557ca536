"""A notice that the municipality takes in reaches its districts; each works out its own terms (R14.11)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import col, select

from authority import Authority
from deciding import NUMBER, take
from officials import Official
from shelf import Place
from shuangsui import db
from shuangsui.access import service as access
from shuangsui.access.policy import Role
from shuangsui.calendar import Notice, official
from shuangsui.disclosure import notices, terms, watch
from shuangsui.disclosure.clocks import Terms
from shuangsui.disclosure.jobs import CALENDAR
from shuangsui.disclosure.tables import Term
from shuangsui.ledger.alerts import open_alerts
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.outbox import OutboxRow, WorkState
from shuangsui.rules import calendars
from shuangsui.rules.tables import CalendarNotice, PublishedNotice
from shuangsui.settings import Settings
from shuangsui.worker.process import runner_of
from shuangsui.worker.relay import Relay
from shuangsui.worker.work import known
from workbench import ROOT

DISTRICT, OTHER, KEEPER = "yuzhong", "wanzhou", "keeper"
DECIDED, DUE, EARLIER = date(2026, 6, 12), date(2026, 6, 24), date(2026, 6, 23)
(OF_2026,) = [one for one in official().notices if one.year == 2026]
WORKED = date(2026, 6, 20)
"""A Saturday before the last day."""
SOMETIME = date(2026, 11, 7)


def file_of(*days: date) -> bytes:
    """The arrangement of 2026 with make-up days more."""
    notice = replace(OF_2026, make_up_days=OF_2026.make_up_days | set(days))
    said = {"year": notice.year, "source": notice.source, "issued": str(notice.issued)}
    dates = {name: sorted(map(str, getattr(notice, name))) for name in ("days_off", "make_up_days")}
    return json.dumps(said | dates, ensure_ascii=False).encode()


def ready(one: Authority, folder: Path) -> Authority:
    """With somebody who keeps the settings, and a decision whose term is known."""
    with one.session() as session:
        if one.slug == "chongqing":
            access.add_user(session, KEEPER, "系统管理员", by="sec.admin")
        access.grant(session, KEEPER, Role.SYSTEM_ADMIN, by="sec.admin")
    folder.mkdir()
    take(one, folder, 决定日期=DECIDED.isoformat())
    with one.session() as session:
        calendar = calendars.in_force(session, one.office.tenant)
        terms.refresh(session, Terms.of(one.office.rules(one.today)), calendar, one.today)
    return one


@pytest.fixture
def city(place: Place, tmp_path: Path) -> Authority:
    return ready(Authority(place.engine, place.folder, place=place), tmp_path / "city")


@pytest.fixture
def district(city: Authority, tmp_path: Path) -> Authority:
    return ready(city.beside(DISTRICT), tmp_path / "district")


def import_at(one: Authority, data: bytes) -> tuple[Notice, list[terms.Moved]]:
    with one.session() as session:
        return notices.take_in(session, one.office, data, actor=KEEPER, today=one.today)


def work(one: Authority, folder: Path) -> int:
    """What a look of the relay asks for because of a notice, done; how often it was asked for so far."""
    settings = Settings(var=folder, tenants=ROOT / "tenants", key_file=one.folder / "master.key")
    runner = runner_of(one.engine, settings)
    Relay(one.engine, known(), lambda: [one.slug], lambda *_hint: None).round()
    asked = select(OutboxRow).where(OutboxRow.job == CALENDAR)
    with one.session() as session:
        waiting = [row.id for row in session.exec(asked) if row.state is WorkState.NEW]
    assert [runner.run(one.slug, id_) for id_ in waiting] == [True] * len(waiting)
    with one.session() as session:
        states = [row.state for row in session.exec(asked)]
    assert set(states) <= {WorkState.DONE}
    return len(states)


def due(one: Authority) -> date | None:
    with one.session() as session:
        return session.exec(select(Term.due).where(Term.kind == "decision")).one()


def told(one: Authority) -> tuple[list[str], list[date | None]]:
    """What the ledger says was moved, and until when by the alerts."""
    with one.session() as session:
        moved = session.exec(
            select(LedgerEntry.subject).where(LedgerEntry.act == terms.MOVED).order_by(col(LedgerEntry.n))
        ).all()
        return list(moved), [alert.due for alert in open_alerts(session, watch.EARLIER)]


def test_r14_11_municipal_notice_moves_the_terms_of_a_district_by_its_own_work(
    city: Authority, district: Authority, tmp_path: Path
) -> None:
    """Old → new in its own ledger, and its own alert; the municipality's import writes nothing of the district's."""
    _, moved = import_at(city, file_of(WORKED))
    assert [(one.key, one.old, one.new) for one in moved] == [(NUMBER, DUE, EARLIER)]
    assert (due(district), told(district)) == (DUE, ([], []))
    assert work(district, tmp_path) == 1
    assert (due(district), told(district)) == (EARLIER, ([f"decision/{NUMBER}"], [EARLIER]))


def test_r14_11_district_follows_each_notice_once(city: Authority, district: Authority, tmp_path: Path) -> None:
    """Another look asks for nothing; an amended notice asks again."""
    assert work(district, tmp_path) == 0
    import_at(city, file_of(WORKED))
    assert [work(district, tmp_path) for _ in range(2)] == [1, 1]
    import_at(city, file_of())
    assert work(district, tmp_path) == 2
    assert due(district) == DUE


def test_r14_11_what_was_taken_in_last_counts(city: Authority, district: Authority) -> None:
    """The district's own after the municipality's, and the municipality's after the district's."""

    def source() -> tuple[str, int, int]:
        with district.session() as session:
            one = calendars.taken(session, district.office.tenant)[2026]
        return one.authority, one.n, len(one.notice.make_up_days) - len(OF_2026.make_up_days)

    import_at(city, file_of(WORKED))
    assert source() == ("chongqing", 1, 1)
    city.wait(minutes=1)
    import_at(district, file_of(WORKED, SOMETIME))
    assert source() == (DISTRICT, 1, 2)
    city.wait(minutes=1)
    import_at(city, file_of())
    assert source() == ("chongqing", 2, 0)


def test_r14_11_same_days_as_the_municipality_has_are_no_import(city: Authority, district: Authority) -> None:
    """They are in force already."""
    import_at(city, file_of(WORKED))
    import_at(district, file_of(WORKED))
    with district.session() as session:
        assert session.exec(select(CalendarNotice)).all() == []


def test_notice_of_a_district_reaches_nobody_else(city: Authority, district: Authority, tmp_path: Path) -> None:
    """Neither the municipality nor its neighbour; nothing of it can be read there."""
    neighbour = ready(city.beside(OTHER), tmp_path / "neighbour")
    import_at(district, file_of(WORKED))
    assert due(district) == EARLIER
    for one in (city, neighbour):
        assert (work(one, tmp_path), due(one)) == (0, DUE)
        with one.session() as session:
            assert session.exec(select(PublishedNotice)).all() == []
            assert calendars.taken(session, one.office.tenant) == {}


def test_notice_published_by_who_is_not_above_changes_nothing(
    city: Authority, district: Authority, tmp_path: Path
) -> None:
    """A row in the name of a neighbour, however it came there."""
    with db.session(city.engine, OTHER) as session:
        session.add(PublishedNotice(year=2026, n=1, file=file_of(WORKED).decode(), at=db.now(session)))
    assert (work(district, tmp_path), due(district), told(district)) == (1, DUE, ([], []))


@pytest.fixture
def authority(district: Authority) -> Authority:
    """Whose pages are looked at."""
    return district


def test_r14_11_page_of_a_district_says_whose_import_is_in_force(
    city: Authority, authority: Authority, enter: Callable[..., Official]
) -> None:
    """And shows the days by it."""
    import_at(city, file_of(WORKED))
    who = enter("lead")
    (table,) = [one for one in who.read("/calendar")["tables"] if one["title"] == "各年度的放假安排"]
    origins = {row["year"]: row["origin"] for row in table["rows"]}
    assert (origins[2026], origins[2025]) == (f"{city.office.tenant.name}第 1 次导入", "随系统")
    assert "2026-06-20" in who.page("/calendar/2026").text
