"""Several public events in one draw, each entered on its own: a ceremony that is typed, a beacon that is fetched."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from authority import SUPERVISOR, Authority, order_of
from beacon import CHAIN, DIGITS, MADE, MARGIN, ROUND, VALUE, Beacon, beaconed
from fairdraw.canonical import parse
from fairdraw.plan import read
from shuangsui.draws import changing, draw_routes, events, service, transcripts
from shuangsui.draws.drafting import protocol_time
from shuangsui.draws.office import Office, draw_log, find, get_file
from shuangsui.draws.tables import Draw, DrawState
from shuangsui.errors import OutsideFailed, RuleRefused, ShuangsuiError
from shuangsui.ledger import service as ledger
from shuangsui.ledger.alerts import CLOCK
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.outbox import WorkState
from shuangsui.rules.service import load
from shuangsui.testing.drand import beacon as stored
from shuangsui.testing.faults import Fault
from shuangsui.web.rendering import STATIC

ROOT = Path(__file__).parents[3]
SECOND = timedelta(seconds=1)


@pytest.fixture
def one(authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Beacon]:
    """The authority on the day of the round."""
    with beaconed(authority, tmp_path, monkeypatch) as found:
        yield found


def refused(act: Any, *arguments: Any, **named: Any) -> ShuangsuiError:
    with pytest.raises(ShuangsuiError) as caught:
        act(*arguments, **named)
    return caught.value


def logged(one: Beacon, draw: Draw) -> list[tuple[str, Any]]:
    """Kind and value of every entry of the draw."""
    with one.authority.session() as session:
        return [(entry.kind, entry.body.get("value")) for entry in draw_log(session).of(draw.seq)]


def state(one: Beacon, draw: Draw) -> DrawState:
    with one.authority.session() as session:
        return find(session, draw.no).state


def finished(one: Beacon, draw: Draw) -> dict[str, bytes]:
    """The transcript after the result."""
    office = one.authority.office
    with one.authority.session() as session:
        service.reveal(session, office, draw.no, SUPERVISOR, one.authority.reveal(draw), actor="supervisor")
        service.run(session, office, draw.no, actor="lead")
        return transcripts.transcript(session, office, find(session, draw.no))


def test_r8_6_plan_fixes_every_event_of_the_rule(one: Beacon) -> None:
    """In the order of their times; the beacon's time is its round's, and the plan is one that verifiers accept."""
    draw = one.committed()
    ceremony = {"name": f"ceremony/{draw.no}", "kind": "ceremony", "at": "2026-09-21T14:03:39Z", "digits": 20}
    drand = {"name": f"drand/{draw.no}", "kind": "drand", "at": "2026-09-21T14:13:39Z", "chain": CHAIN, "round": ROUND}
    with one.authority.session() as session:
        plan = read(get_file(session, find(session, draw.no), "plan.json"))
    assert plan["events"] == draw.draft["events"] == [ceremony, drand]


def test_r8_6_plain_ceremony_is_planned_as_ever(ready: Authority) -> None:
    """Members and their order in the draft are those of before there were other events."""
    with ready.session() as session:
        order = order_of(session, ready.today, digits=24)
        draw = service.freeze(session, ready.office, order, actor="lead")
    (event,) = draw.draft["events"]
    at = protocol_time(order.event_at)
    assert list(event.items()) == [("name", f"ceremony/{draw.no}"), ("kind", "ceremony"), ("at", at), ("digits", 24)]


def test_draw_of_both_events_is_verified_by_everybody(one: Beacon, tmp_path: Path) -> None:
    """By the kernel's command and by the browser's verifier; both say that the beacon is left to the reader."""
    draw = one.committed()
    one.happened(draw)
    files = finished(one, draw)
    folder = tmp_path / "transcript"
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    said = subprocess.run(
        [sys.executable, "-m", "fairdraw.verify", str(folder)], capture_output=True, text=True, check=False
    )
    lines = said.stdout.splitlines()
    assert lines[-1] == "VERIFIED unwitnessed"
    assert f"WARN EVENT_UNCHECKED drand/{draw.no}" in "\n".join(lines)
    assert [line for line in lines if "EVENT_UNCHECKED" in line and "ceremony" in line] == []
    browser = in_node(tmp_path, files)
    assert (browser["line"], "EVENT_UNCHECKED" in browser["warnings"]) == ("VERIFIED unwitnessed", True)


def in_node(folder: Path, files: dict[str, bytes]) -> dict[str, Any]:
    """What the browser's verifier says."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed: the verifier runs in the browser tests only")
    home = folder / "node"
    shutil.copytree(STATIC / "js" / "verifier", home / "verifier")
    (home / "package.json").write_text('{"type": "module"}')
    for path in ("unit/web/verify_cases.mjs", "support/outcomes.js"):
        shutil.copy(ROOT / "tests" / path, home)
    given = [{"files": {name: base64.b64encode(data).decode() for name, data in files.items()}, "trust": None}]
    done = subprocess.run(
        [node, "verify_cases.mjs"], cwd=home, input=json.dumps(given), capture_output=True, text=True, check=True
    )
    (outcome,) = json.loads(done.stdout)
    return outcome


def test_signature_is_published_beside_the_transcript(one: Beacon) -> None:
    """What a citizen needs to check the beacon; a ceremony has no such file."""
    draw = one.committed()
    one.happened(draw)
    files = finished(one, draw)
    shown = parse(files["event-2.json"])
    assert "event-1.json" not in files
    assert (shown["event"], shown["value"]) == (draw.draft["events"][1], VALUE)
    assert shown["proof"]["signature"] == stored(CHAIN, ROUND)["signature"]


def test_every_event_is_in_both_chains(one: Beacon) -> None:
    """Each in one transaction with its ledger row; the operator's secret opens with the last."""
    draw = one.committed()
    one.happened(draw)
    with one.authority.session() as session:
        report = ledger.verify(session)
    kinds = logged(one, draw)
    assert report.faults == ()
    assert [kind for kind, _ in kinds] == ["PLAN", "EVENT", "EVENT", "REVEAL"]
    assert [value for kind, value in kinds if kind == "EVENT"] == [DIGITS, VALUE]
    assert state(one, draw) is DrawState.REVEALING


def test_one_missing_event_keeps_every_secret_closed(one: Beacon) -> None:
    """No reveal, no result; the operator's own secret stays closed too."""
    draw = one.committed()
    one.until(MADE - MARGIN + SECOND)
    one.enter(draw)
    office = one.authority.office
    with one.authority.session() as session:
        value = one.authority.reveal(draw)
        codes = [refused(service.reveal, session, office, draw.no, SUPERVISOR, value, actor="supervisor").code]
        codes.append(refused(service.run, session, office, draw.no, actor="lead").code)
    assert codes == ["event_missing"] * 2
    assert [kind for kind, _ in logged(one, draw)] == ["PLAN", "EVENT"]


def test_event_of_the_round_is_fetched_by_the_clock(one: Beacon) -> None:
    """Asked for once the ceremony is entered, for the moment of the round and not earlier; then it is done."""
    draw = one.committed()
    assert one.work(draw) is None
    one.until(MADE - MARGIN + SECOND)
    one.enter(draw)
    asked = one.work(draw)
    assert (asked.state, asked.run_at, one.run(draw)) == (WorkState.NEW, MADE, False)
    one.until(MADE + SECOND)
    assert one.run(draw)
    assert (one.work(draw).state, state(one, draw)) == (WorkState.DONE, DrawState.REVEALING)
    with one.authority.session() as session:
        rows = session.exec(select(LedgerEntry).order_by(col(LedgerEntry.n))).all()
    acts = [(row.act, row.actor) for row in rows if row.act in ("drawlog.event", "drawlog.reveal")]
    assert acts == [("drawlog.event", "supervisor"), ("drawlog.event", CLOCK), ("drawlog.reveal", CLOCK)]


def test_late_relay_is_asked_again_by_the_clock(one: Beacon) -> None:
    """The round is not there at first: tried again, and nothing in the log meanwhile."""
    draw = one.committed()
    one.until(MADE - MARGIN + SECOND)
    one.enter(draw)
    one.until(MADE + SECOND)
    one.sink.fail("drand", Fault(late=1))
    one.run(draw)
    assert (one.work(draw).state, state(one, draw)) == (WorkState.NEW, DrawState.COMMITTED)
    one.until(MADE + timedelta(minutes=5))
    one.run(draw)
    assert (one.work(draw).state, state(one, draw)) == (WorkState.DONE, DrawState.REVEALING)


@pytest.mark.parametrize("fault", [Fault(forged=True), Fault(wrong=True), Fault(down=True)])
def test_forged_relay_brings_nothing_into_the_log(one: Beacon, fault: Fault) -> None:
    """For whoever asks, the clock included; the honest relay's answer is then taken."""
    draw = one.committed()
    one.until(MADE - MARGIN + SECOND)
    one.enter(draw)
    one.until(MADE + SECOND)
    one.sink.fail("drand", fault)
    error = refused(one.fetch, draw)
    one.run(draw)
    assert (type(error), error.code, error.params["plugin"]) == (OutsideFailed, "plugin_failed", "entropy-drand")
    assert [kind for kind, _ in logged(one, draw)] == ["PLAN", "EVENT"]
    one.sink.fail("drand", None)
    assert one.fetch(draw).state is DrawState.REVEALING


def test_work_of_a_draw_that_needs_nothing_any_more_is_done(one: Beacon) -> None:
    """Somebody was faster, or the draw was abandoned."""
    draw = one.committed()
    one.happened(draw)
    assert one.run(draw)
    assert (one.work(draw).state, len(logged(one, draw))) == (WorkState.DONE, 4)


def test_abandoned_draw_may_lack_an_event(one: Beacon) -> None:
    """The beacon never came: the transcript says so and is verified."""
    draw = one.committed()
    one.until(MADE - MARGIN + SECOND)
    one.enter(draw)
    office = one.authority.office
    with one.authority.session() as session:
        changing.abandon(session, office, draw.no, "event-failed", actor="lead", second="leader")
    one.until(MADE + SECOND)
    one.run(draw)
    assert (one.work(draw).state, [kind for kind, _ in logged(one, draw)]) == (
        WorkState.DONE, ["PLAN", "EVENT", "ABANDON"],
    )  # fmt: skip


def test_known_digits_are_no_reason_to_abandon(one: Beacon) -> None:
    """With one event in the log only another one may still fail; nobody takes back a plan for its digits."""
    draw = one.committed()
    one.until(MADE - MARGIN + SECOND)
    one.enter(draw)
    with one.authority.session() as session:
        office, by = one.authority.office, {"actor": "lead", "second": "leader"}
        error = refused(changing.abandon, session, office, draw.no, "plan-error", **by)
    assert (error.code, error.params["reasons"]) == ("abandon_after_event", "event-failed、reveal-missing、legal-order")


def test_source_that_fails_for_a_while_keeps_no_digits_out(one: Beacon) -> None:
    """What fell is entered; the work says what the next event waits for, and goes on once the source is back."""
    draw = one.committed()
    one.until(MADE - MARGIN + SECOND)
    one.authority.office = switched(one, ', "entropy-drand"]', "]")
    one.enter(draw)
    assert refused(one.fetch, draw).code == "event_early"
    one.until(MADE + SECOND)
    assert (refused(one.fetch, draw).code, one.work(draw).state) == ("entropy_source_missing", WorkState.NEW)
    one.authority.office = switched(one, "]\n", ', "entropy-drand"]\n')
    assert one.fetch(draw).state is DrawState.REVEALING


def switched(one: Beacon, before: str, after: str) -> Office:
    """The same authority with another list of plugins, in its file as in this process."""
    file = one.settings.tenants / "chongqing" / "tenant.toml"
    lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join(x.replace(before, after) if x.startswith("plugins") else x for x in lines), "utf-8")
    tree = load(one.settings.tenants, one.authority.today)
    return Office(tree, tree.get("chongqing"), one.authority.office.keyring)


def test_each_event_in_its_turn_and_in_its_way(one: Beacon) -> None:
    """The order is the plan's; digits are typed, the beacon is not."""
    draw = one.committed()
    one.until(MADE + SECOND)
    codes = [refused(one.fetch, draw, "drand").code, refused(one.fetch, draw).code]
    codes += [refused(one.enter, draw, DIGITS, "quote").code, refused(one.enter, draw, DIGITS, "drand").code]
    one.enter(draw, DIGITS, "ceremony")
    codes += [refused(one.enter, draw, DIGITS, f"ceremony/{draw.no}").code, refused(one.enter, draw, VALUE).code]
    assert codes == [
        "event_not_its_turn", "event_typed", "event_unknown", "event_not_its_turn", "event_entered", "event_fetched",
    ]  # fmt: skip
    assert one.fetch(draw, f"drand/{draw.no}").state is DrawState.REVEALING


def test_round_is_not_fetched_before_its_time(one: Beacon) -> None:
    """However sure the relay is."""
    draw = one.committed()
    one.until(MADE - MARGIN + SECOND)
    one.enter(draw)
    assert refused(one.fetch, draw).code == "event_early"
    assert [request for request in one.sink.received if request.system == "drand"] == []


def test_whoever_operates_the_draw_does_not_fetch(one: Beacon) -> None:
    """As with the digits."""
    draw = one.committed()
    assert refused(one.fetch, draw, actor="lead").code == "not_allowed"


def test_source_that_is_switched_off_is_missed(one: Beacon) -> None:
    """At the freeze, with the sources that there are; nothing was frozen."""
    one.authority.office = switched(one, ', "entropy-drand"]', "]")
    error = refused(one.freeze)
    assert (type(error), error.code, error.params) == (
        RuleRefused, "entropy_source_missing", {"source": "drand", "known": "ceremony"},
    )  # fmt: skip


def test_reveal_must_leave_time_for_the_round(one: Beacon) -> None:
    """``reveal_by`` is later than every event."""
    order = service.Order(2026, 1, 1, (SUPERVISOR,), MADE - MARGIN, MADE)
    with one.authority.session() as session:
        error = refused(service.freeze, session, one.authority.office, order, actor="lead")
    assert (error.code, error.params["at"]) == ("timing_invalid", "2026-09-21T14:13:39Z")


def test_page_offers_the_way_of_the_next_event(one: Beacon) -> None:
    """Digits to type, then a value to fetch."""
    draw, found = one.committed(), []
    here = type("Here", (), {"office": one.authority.office})()
    for enter in (True, False):
        with one.authority.session() as session:
            here.session = session
            found.append(draw_routes.moves(here, find(session, draw.no)))
        if enter:
            one.until(MADE - MARGIN + SECOND)
            one.enter(draw)
    assert found == [{"event", "abandon"}, {"fetch-event", "abandon"}]


def test_pending_is_nothing_once_all_have_happened(one: Beacon) -> None:
    """And each in turn before."""
    draw, found = one.committed(), []
    with one.authority.session() as session:
        found.append(events.pending(session, find(session, draw.no))["kind"])
    one.happened(draw)
    with one.authority.session() as session:
        found.append(events.pending(session, find(session, draw.no)))
    assert found == ["ceremony", None]
