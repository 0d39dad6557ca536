"""The registrar's feed end to end (R6.4): the plugin in its child process, the intake, the gate of the freeze."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select

from authority import ROOT, Authority, experts, inspectors, line_terms, objects
from shelf import Place
from shuangsui.draws import feasibility
from shuangsui.draws.office import Office
from shuangsui.errors import RuleRefused, ShuangsuiError
from shuangsui.extension import feeds, rulebook
from shuangsui.extension.children import Limits
from shuangsui.ledger.alerts import open_alerts
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.registry import history, read
from shuangsui.registry.feeds import Pulled, Puller, pull
from shuangsui.settings import Settings
from shuangsui.testing.faults import Fault
from shuangsui.testing.sink import Sink

FEED = "feed-registrar/registrar"
N = 100
Pull = Callable[..., Pulled]


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    """The registrar on 15 June, with the columns that a registrar knows."""
    monkeypatch.setenv("SHUANGSUI_REGISTRAR_TOKEN", "secret")
    with Sink() as started:
        started.registrar.rows = known(objects(N))
        started.registrar.day = date(2026, 6, 15)
        yield started


@pytest.fixture
def authority(place: Place, tmp_path: Path, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """A registry of objects that came by hand, and the plugin switched on."""
    monkeypatch.setattr(feasibility, "TRIALS", 1)
    made = Authority(place.engine, place.folder, place=place)
    shutil.copytree(ROOT / "tenants", tmp_path / "tenants")
    file = tmp_path / "tenants" / "chongqing" / "tenant.toml"
    text = file.read_text(encoding="utf-8").replace('"channel-portal"', '"channel-portal", "feed-registrar"')
    options = f'\n[options.feed-registrar]\naddress = "{sink.url("registrar")}/objects"\n'
    file.write_text(text + options, encoding="utf-8")
    tree = rulebook.load(tmp_path / "tenants", made.today)
    made.office = Office(tree, tree.get("chongqing"), made.office.keyring)
    made.take_in(objects=objects(N))
    return made


def plan(authority: Authority) -> None:
    """The rest of everything up to the freeze."""
    authority.take_in(inspectors=inspectors(12), experts=experts(5))
    authority.publish_list()
    authority.publish_plan(("JX-11", line_terms()))


@pytest.fixture
def pulled(authority: Authority, tmp_path: Path) -> Pull:
    """``pulled()``: one pull, by default by the lead office."""

    def go(actor: str = "lead", limits: Limits | None = None) -> Pulled:
        settings = Settings(var=tmp_path / "var", tenants=tmp_path / "tenants")
        tenant, rules = authority.office.tenant, authority.office.rules(authority.today)
        feed = feeds.chosen(tenant, FEED, settings)
        return pull(Puller(authority.engine, tenant, feed, rules, settings, actor, limits or Limits(seconds=60)))

    return go


def known(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """The registrar knows nothing of items, classes and flags."""
    return [{name: row[name] for name in ("code", "name", "industry", "status")} for row in rows]


def acts(authority: Authority, act: str) -> int:
    """How many ledger rows of an act there are."""
    with authority.session() as session:
        return len(session.exec(select(LedgerEntry).where(LedgerEntry.act == act)).all())


def alerts(authority: Authority) -> list[tuple[str, str]]:
    """Subject and cause of every open alert of a feed."""
    with authority.session() as session:
        return [(one.subject, one.facts["code"]) for one in open_alerts(session, "feed_failed")]


def content(authority: Authority) -> list[read.ObjectEntry]:
    """The registry of objects."""
    with authority.session() as session:
        return list(read.objects_of(session))


def as_of(authority: Authority) -> date:
    """Whose day's state the registry is."""
    with authority.session() as session:
        last = history.last_import(session, "objects")
        assert last is not None
        return history.as_of(last)


def eligible(authority: Authority) -> int:
    """How many objects the snapshot of a new draw holds."""
    counted = authority.freeze().draft["snapshot"]["eligible"]
    return sum(counted[risk_class] for risk_class in "ABCD")


def failed(do: Callable[[], object]) -> str:
    """The code of what was refused."""
    with pytest.raises(ShuangsuiError) as caught:
        do()
    return caught.value.code


def test_r6_4_blocked_until_the_feed_is_pulled(authority: Authority, sink: Sink, pulled: Pull) -> None:
    """R6.4: 31 days without news refuse the draw; a pull of today's list, and it may be frozen."""
    plan(authority)
    authority.wait(days=31)
    assert failed(authority.freeze) == "registry_stale"
    sink.registrar.day = date(2026, 7, 16)
    done = pulled()
    assert done.imported is not None
    assert (done.imported.rows, done.imported.changed, as_of(authority)) == (N, 0, date(2026, 7, 16))
    authority.today = date(2026, 7, 16)
    assert eligible(authority) == N


def test_r6_4_object_reported_gone_is_not_eligible(authority: Authority, sink: Sink, pulled: Pull) -> None:
    """R6.4: reported 注销 on one day, out of the snapshot of the next; what only we know of the others has stayed."""
    plan(authority)
    before = content(authority)
    rows = known(objects(N))
    sink.registrar.rows = [rows[0] | {"status": "注销"}, *rows[1:]]
    done = pulled()
    assert done.imported is not None
    assert (done.imported.changed, content(authority)[1:]) == (1, before[1:])
    authority.wait(days=1)
    assert eligible(authority) == N - 1


def test_r6_4_old_list_does_not_make_the_registry_fresh(authority: Authority, sink: Sink, pulled: Pull) -> None:
    """A registrar whose own list stands still is taken for what it is."""
    plan(authority)
    authority.wait(days=31)
    pulled()
    assert (as_of(authority), failed(authority.freeze)) == (date(2026, 6, 15), "registry_stale")


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault(status=500), "plugin_failed"),
        (Fault(hang=True), "plugin_too_slow"),
        (Fault(wrong=True), "plugin_failed"),
    ],
)
def test_failing_feed_changes_nothing_but_the_ledger(
    authority: Authority, sink: Sink, pulled: Pull, fault: Fault, code: str
) -> None:
    """An alert, once, and a row for every attempt; the next good pull ends the alert."""
    before = content(authority)
    authority.wait(days=3)
    sink.fail("registrar", fault)
    for _ in range(2):
        assert failed(lambda: pulled(limits=Limits(seconds=6))) == code
    assert (alerts(authority), acts(authority, "registry.feed_failed")) == ([(f"feed/{FEED}", code)], 2)
    assert (content(authority), as_of(authority)) == (before, date(2026, 6, 15))
    sink.fail("registrar", None)
    sink.registrar.day = date(2026, 6, 18)
    pulled()
    assert (alerts(authority), as_of(authority)) == ([], date(2026, 6, 18))


def test_one_bad_row_keeps_the_whole_list_out(authority: Authority, sink: Sink, pulled: Pull) -> None:
    """The intake is that of a file: all rows or none."""
    before, rows = content(authority), known(objects(N))
    sink.registrar.rows = [*rows[:-1], rows[-1] | {"code": "500100000000000"}]
    assert failed(pulled) == "rows_refused"
    assert (content(authority), alerts(authority)) == (before, [(f"feed/{FEED}", "rows_refused")])


@pytest.mark.parametrize(
    ("rows", "day", "code"),
    [
        (N, date(2026, 6, 17), "feed_of_tomorrow"),
        (N, date(2026, 6, 14), "feed_goes_back"),
        (N // 2 - 1, date(2026, 6, 16), "feed_removes_most"),
    ],
)
def test_list_that_cannot_be_is_refused(
    authority: Authority, sink: Sink, pulled: Pull, rows: int, day: date, code: str
) -> None:
    """Of tomorrow, older than the last one, or without most of the registry."""
    pulled()
    authority.take_in(objects=objects(N))
    authority.wait(days=1)
    sink.registrar.rows, sink.registrar.day = known(objects(N))[:rows], day
    assert (failed(pulled), len(content(authority))) == (code, N)


def test_unchanged_list_does_not_make_the_registry_fresh(authority: Authority, sink: Sink, pulled: Pull) -> None:
    """304 is the registrar's word; after a week the content itself is taken again."""
    pulled()
    authority.wait(days=6)
    assert (pulled().imported, as_of(authority)) == (None, date(2026, 6, 15))
    assert acts(authority, "registry.feed_unchanged") == 1
    authority.wait(days=1)
    done = pulled()
    assert done.imported is not None
    assert [one.query.get("since") for one in sink.received] == [None, "2026-06-15", None]


def test_changes_are_asked_for_only_after_the_own_file(authority: Authority, sink: Sink, pulled: Pull) -> None:
    """A file by hand in between, and the whole list is wanted again."""
    pulled()
    rows = known(objects(N))
    sink.registrar.rows, sink.registrar.day = [rows[0] | {"name": "改名(模拟)"}, *rows[1:]], date(2026, 6, 16)
    sink.registrar.changed = {rows[0]["code"]: date(2026, 6, 16)}
    authority.wait(days=1)
    done = pulled()
    assert done.imported is not None
    assert (done.file.complete, done.imported.rows, done.imported.changed, len(content(authority))) == (False, 1, 1, N)
    authority.take_in(objects=objects(N))
    assert pulled().file.complete


def test_who_may_not_import_reaches_nobody(authority: Authority, sink: Sink, pulled: Pull) -> None:
    """No request goes out, and nothing is a failure of the feed."""
    with pytest.raises(RuleRefused):
        pulled("inspection")
    assert (sink.received, alerts(authority)) == ([], [])
