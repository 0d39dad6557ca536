"""Experts of a draw come from every pool of the authority, asked once; no second answer steers anything (R8.1)."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from authority import SUPERVISOR, Authority, experts
from fairdraw.canonical import canon
from fairdraw.verification import Verification
from pools import DIRECTORY, ROSTER, Pooled, directory, installed, people, pooled
from shuangsui.draws import changing, panels, service, transcripts
from shuangsui.draws.changing import Seat
from shuangsui.draws.office import find, get_file
from shuangsui.draws.tables import Draw
from shuangsui.draws.tasks import tasks_of
from shuangsui.errors import ShuangsuiError
from shuangsui.ledger.alerts import open_alerts
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.registry import watch
from shuangsui.testing.faults import Fault
from shuangsui.testing.sink import Sink

PURE = """
from dataclasses import replace
from datetime import date
from shuangsui import Health, PoolAnswer, PoolExpert, hookimpl
api = 1
asked = []
class Pool:
    name, network = "pool", False
    def experts(self, request):
        asked.append(request)
        own = request.own
        return {answer}
    def check(self):
        return Health(True, "好。")
@hookimpl
def register_expert_pools(context):
    return [Pool()]
"""
TRIED = "experts-tried/pool"
OWN = [row["expert_no"] for row in experts(5)]
FAR = [str(row["number"]) for row in people(4)]
Tried = Callable[..., Pooled]


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    with directory(monkeypatch) as started:
        yield started


@pytest.fixture
def both(authority: Authority, sink: Sink, tmp_path: Path) -> Pooled:
    """The own registry, and a directory that has been pulled; everything up to the freeze."""
    made = pooled(
        authority, tmp_path / "configuration", "experts-directory", f'address = "{sink.url("directory")}/experts"'
    )
    made.plan()
    made.pull()
    return made


@pytest.fixture
def tried(authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tried]:
    """``tried("answer")``: one more pool without a network, up to the freeze."""
    stack: list[Any] = []

    def make(answer: str, *, roster: bool = False) -> Pooled:
        authority.ready()
        sys.modules.pop("experts_tried_module", None)
        stack.append(installed(tmp_path, monkeypatch, PURE.format(answer=answer)))
        stack[-1].__enter__()
        return pooled(authority, tmp_path / "configuration", "experts-tried", roster=roster)

    yield make
    for one in stack:
        one.__exit__(None, None, None)


def asked() -> list[Any]:
    """What the pool of the test was asked."""
    found: list[Any] = sys.modules["experts_tried_module"].asked
    return found


def verdict(authority: Authority, draw: Draw) -> str:
    """What the kernel's verifier says of the published transcript."""
    with authority.session() as session:
        files = transcripts.transcript(session, authority.office, find(session, draw.no))
    assert panels.FILE not in files
    v = Verification(files)
    for _ in v.run():
        pass
    return v.verdict()


def ids(draw: Draw) -> list[str]:
    """The experts whom the plan may take."""
    return [one["id"] for one in draw.draft["experts"]["people"]]


def frozen_payloads(authority: Authority) -> list[list[dict[str, Any]]]:
    """What the ledger says of the pools at each freeze."""
    with authority.session() as session:
        rows = session.exec(
            select(LedgerEntry).where(LedgerEntry.act == "draw.freeze").order_by(LedgerEntry.n)  # type: ignore[arg-type]
        )
        return [json.loads(row.payload)["expert_pools"] for row in rows]


def answers(authority: Authority, draw: Draw) -> dict[str, list[dict[str, Any]]]:
    """What the supervisor gets."""
    with authority.session() as session:
        found: dict[str, list[dict[str, Any]]] = json.loads(get_file(session, find(session, draw.no), panels.FILE))
    return found


def refused(act: Callable[..., object], *arguments: object) -> ShuangsuiError:
    with pytest.raises(ShuangsuiError) as caught:
        act(*arguments)
    return caught.value


def test_r8_1_two_draws_take_experts_of_both_pools(both: Pooled) -> None:
    """R8.1: own and directory together, in the bytes of their numbers; both transcripts verify."""
    for line in (1, 2):
        draw = both.authority.draw(line=line)
        assert ids(draw) == FAR + OWN
        assert verdict(both.authority, draw) == "VERIFIED unwitnessed"
    with both.authority.session() as session:
        drawn = {one for draw in session.exec(select(Draw)) for task in tasks_of(session, draw) for one in task.experts}
    assert drawn & set(OWN)
    assert drawn & set(FAR)


def test_plan_and_ledger_say_what_each_pool_answered(both: Pooled, sink: Sink) -> None:
    """Key, day, number and digest, in the tenant's order; names and employers nowhere."""
    sink.directory.day, sink.directory.experts = date(2026, 6, 16), people(3)
    both.authority.wait(days=2)
    both.pull()
    draw = both.authority.freeze()
    told = draw.draft["ext"]["expert_pools"]
    assert [(one["pool"], one["day"], one["people"]) for one in told] == [
        (ROSTER, "2026-06-17", 5), (DIRECTORY, "2026-06-16", 3),
    ]  # fmt: skip
    assert (told, ids(draw)) == (frozen_payloads(both.authority)[0], FAR[:3] + OWN)
    text = json.dumps(draw.draft, ensure_ascii=False)
    assert [word for word in ("外聘", "某研究院", "专家0") if word in text] == []


def test_supervisor_can_compute_every_digest(both: Pooled) -> None:
    """From the file that goes with the registry's hand-over: the people of the plan are those of the digests."""
    draw = both.authority.freeze()
    found = answers(both.authority, draw)
    digests = {pool: sha256(canon(listed)).hexdigest() for pool, listed in found.items()}
    assert digests == {one["pool"]: one["digest"] for one in draw.draft["ext"]["expert_pools"]}
    assert sorted(one["number"] for listed in found.values() for one in listed) == ids(draw)
    assert {name for listed in found.values() for one in listed for name in one} == {"number", "fields", "valid_to"}
    with both.authority.session() as session:
        files = service.hand_over(session, both.authority.office, draw.no, actor="supervisor")
    assert json.loads(files[panels.FILE]) == found


def test_pull_after_the_freeze_changes_nothing_in_the_draw(both: Pooled, sink: Sink) -> None:
    """Others, fewer, otherwise qualified: neither the event nor a replacement sees them; the transcript verifies."""
    draw = both.authority.freeze()
    before = canon(draw.draft)
    sink.directory.experts = [{**one, "number": f"NEU{i}"} for i, one in enumerate(people(4))]
    assert both.pull().left == 4
    draw = both.authority.commit(draw)
    sink.directory.experts = people(4, fields=["化工"])
    both.pull()
    draw = both.authority.finish_committed(draw)
    with both.authority.session() as session:
        changing.replace_person(
            session, both.authority.office, draw.no, Seat("experts", 0, 0), "unavailable", actor="lead"
        )
    with both.authority.session() as session:
        changing.reveal_link(
            session, both.authority.office, draw.no, SUPERVISOR, both.authority.reveal(draw, 1), actor="supervisor"
        )
        changing.finish_replacement(session, both.authority.office, draw.no, actor="lead")
        drawn = {one for task in tasks_of(session, find(session, draw.no)) for one in task.experts}
        assert canon(find(session, draw.no).draft) == before
    assert drawn <= set(OWN + FAR)
    assert verdict(both.authority, draw) == "VERIFIED unwitnessed"


def test_pool_that_answers_differently_every_time_is_asked_once(tried: Tried) -> None:
    """The plan's people are those of the one answer whose digest stands in plan and ledger, to the end."""
    made = tried("PoolAnswer(request.on, own[: 6 - len(asked)])")
    draw = made.authority.freeze()
    assert (len(asked()), ids(draw)) == (1, OWN)
    draw = made.authority.finish(draw)
    assert (len(asked()), verdict(made.authority, draw)) == (1, "VERIFIED unwitnessed")
    assert draw.draft["ext"]["expert_pools"] == frozen_payloads(made.authority)[0]
    assert [one["number"] for one in answers(made.authority, draw)[TRIED]] == OWN


def test_every_freeze_leaves_its_digest_in_the_ledger(tried: Tried) -> None:
    """Withdrawn and frozen anew for a better answer: both answers stand there, in their order."""
    made = tried("PoolAnswer(request.on, own[: 6 - len(asked)])")
    first = made.authority.freeze()
    with made.authority.session() as session:
        changing.abandon(session, made.authority.office, first.no, "freeze-error", actor="lead", second="supervisor")
    second = made.authority.freeze()
    kept = frozen_payloads(made.authority)
    assert [one["people"] for (one,) in kept] == [5, 4]
    assert [one for (one,) in kept] == [draw.draft["ext"]["expert_pools"][0] for draw in (first, second)]
    assert kept[0][0]["digest"] != kept[1][0]["digest"]


def test_directory_that_answers_differently_every_time_is_not_asked_by_a_freeze(both: Pooled, sink: Sink) -> None:
    """Each pull is another answer; a freeze takes the stored one, and its digest is that of the pull."""
    sink.fail("directory", Fault(fickle=True))
    digests = {both.pull().digest for _ in range(2)}
    last, before = both.pull(), len(sink.received)
    draw = both.authority.freeze()
    told = {one["pool"]: one["digest"] for one in draw.draft["ext"]["expert_pools"]}
    assert (told[DIRECTORY], len(sink.received), len(digests)) == (last.digest, before, 2)


def test_r6_4_stale_directory_refuses_the_freeze(both: Pooled, sink: Sink) -> None:
    """R6.4: 7 days are fresh, 8 are warned of, 30 may still be drawn from, 31 not; a pull, and they may again."""
    office, seen = both.authority.office, []
    for days in (7, 1, 22, 1):
        both.authority.wait(days=days)
        both.authority.today += timedelta(days=days)
        with both.authority.session() as session:
            watch.sweep_pools(session, office.tenant, office.rules(both.authority.today), both.authority.today)
            seen.append([(one.subject, one.level.value) for one in open_alerts(session, "pool_stale")])
    subject = f"pool/{DIRECTORY}"
    assert seen == [[], [(subject, "warn")], [(subject, "warn")], [(subject, "breach")]]
    both.authority.take_in(objects=both.rows())
    error = refused(both.authority.freeze)
    assert (error.code, error.params) == ("pool_stale", {"pool": DIRECTORY, "last": "2026-06-15", "days": 30})
    sink.directory.day = both.authority.today
    both.pull()
    assert ids(both.authority.freeze()) == FAR + OWN
    with both.authority.session() as session:
        watch.sweep_pools(session, office.tenant, office.rules(both.authority.today), both.authority.today)
        assert open_alerts(session, "pool_stale") == []


def test_directory_that_was_never_pulled_refuses_the_freeze(authority: Authority, sink: Sink, tmp_path: Path) -> None:
    """Not an empty pool beside the own registry: that would be a quiet choice."""
    authority.ready()
    pooled(authority, tmp_path / "configuration", "experts-directory", f'address = "{sink.url("directory")}/experts"')
    assert refused(authority.freeze).code == "pool_never_pulled"


def test_line_that_needs_experts_is_refused_without_any_pool(authority: Authority, tmp_path: Path) -> None:
    """What the plan wants cannot be had; nothing is frozen."""
    authority.ready()
    pooled(authority, tmp_path / "configuration", "results-market", roster=False)
    assert refused(authority.freeze).code == "experts_no_pool"
    with authority.session() as session:
        assert session.exec(select(Draw)).all() == []


def test_line_without_experts_asks_nobody(authority: Authority, tmp_path: Path) -> None:
    """And its plan says nothing of pools."""
    authority.ready(expert=False)
    pooled(authority, tmp_path / "configuration", "results-market", roster=False)
    assert "expert_pools" not in authority.freeze().draft["ext"]


def test_number_in_two_pools_names_both(tried: Tried) -> None:
    """Nobody may have the chances of two."""
    error = refused(tried("PoolAnswer(request.on, own)", roster=True).authority.freeze)
    assert (error.code, error.params) == (
        "expert_in_both_pools", {"number": OWN[0], "one": ROSTER, "other": TRIED},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ('PoolAnswer(request.on, (PoolExpert("GHOST", "x", "", ("节能",)),))', "pool_stranger"),
        ("PoolAnswer(request.on, None)", "plugin_answer_wrong"),
        ("1 / 0", "plugin_failed"),
        ("PoolAnswer(request.on, ())", "experts_missing"),
    ],
)
def test_pool_that_fails_or_makes_people_up_refuses_the_freeze(tried: Tried, answer: str, code: str) -> None:
    """A pool without a network chooses among the own registry, whole or not at all."""
    made = tried(answer)
    assert refused(made.authority.freeze).code == code
    with made.authority.session() as session:
        assert session.exec(select(Draw)).all() == []


def test_pool_can_shorten_a_term_but_not_lengthen_it(tried: Tried) -> None:
    """The registry's last day stands; a pool may add fields, and what it says of names counts for nothing."""
    answer = 'tuple(replace(one, name="x", valid_to=date(2099, 1, 1), fields=("节能", "新")) for one in own)'
    made = tried(f"PoolAnswer(request.on, {answer})")
    rows = [row | {"valid_to": "2026-06-14" if i < 2 else "2026-06-15"} for i, row in enumerate(experts(5))]
    made.authority.take_in(experts=rows)
    draw = made.authority.freeze()
    assert [(one["id"], one["quals"]) for one in draw.draft["experts"]["people"]] == [
        (number, ["新", "节能"]) for number in OWN[2:]
    ]


def test_disabled_expert_is_not_even_offered(tried: Tried) -> None:
    """停用: no pool can bring such a person back."""
    made = tried("PoolAnswer(request.on, own)")
    made.authority.take_in(experts=[row | {"status": "停用" if i == 0 else "在库"} for i, row in enumerate(experts(5))])
    assert ids(made.authority.freeze()) == OWN[1:]
    assert [one.number for one in asked()[0].own] == OWN[1:]


def test_pulled_plugin_that_no_longer_loads_refuses_the_freeze(both: Pooled, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its people are not left out in silence; who takes it off the tenant's list does so on record."""
    monkeypatch.setenv("SHUANGSUI_PLUGINS", "channel-portal entropy-ceremony experts-roster rules-cq-order-375")
    error = refused(both.authority.freeze)
    assert (error.code, error.params) == ("plugin_unloaded", {"plugin": "experts-directory"})
