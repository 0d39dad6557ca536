"""Where experts come from, by page: what the next freeze would read of each pool, and pulling one now (R6.4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from authority import Authority, experts
from officials import Official, officials
from plugged import plugged
from pools import DIRECTORY, ROSTER, directory, people, pooled
from shelf import Place
from shuangsui.testing.faults import Fault
from shuangsui.testing.sink import Sink

Enter = Callable[..., Official]


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    with directory(monkeypatch) as started:
        yield started


@pytest.fixture
def authority(place: Place) -> Authority:
    made = Authority(place.engine, place.folder, place=place)
    made.take_in(experts=experts(5))
    return made


@pytest.fixture
def enter(
    authority: Authority, place: Place, sink: Sink, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Enter]:
    """Signs an official in where the directory is switched on beside the own registry."""
    address = f'address = "{sink.url("directory")}/experts"'
    tenants = plugged(tmp_path / "configuration", "experts-directory", address)
    monkeypatch.setenv("SHUANGSUI_TENANTS", str(tenants))
    with officials(authority, place.database.app, monkeypatch, tenants) as made:
        yield made


def row(official: Official, place: int = 1) -> dict[str, Any]:
    """One pool's line."""
    found = official.read("/registries/pools")["tables"][0]["rows"][place]
    return {name: found[name] for name in ("pool", "last_day", "people", "state_name", "actor", "outcome")}


def test_r6_4_pool_is_pulled_from_the_page(authority: Authority, enter: Enter, sink: Sink) -> None:
    """R6.4: never, taken in, nothing new, warned of, blocked."""
    lead = enter("lead")
    never = {"pool": DIRECTORY, "last_day": None, "people": None, "state_name": "从未导入", "actor": None}
    assert row(lead) == {**never, "outcome": "从未拉取"}
    assert row(lead, 0)["pool"] == ROSTER
    done = lead.call("/registries/pools/pull", {"pool": DIRECTORY}).json()
    assert (done["people"], done["unchanged"], done["left"]) == (4, False, 0)
    taken = {"pool": DIRECTORY, "last_day": "2026-06-15", "people": 4, "actor": "lead"}
    assert row(lead) == {**taken, "state_name": "正常", "outcome": "新增 4，变更 0"}
    assert lead.call("/registries/pools/pull", {"pool": DIRECTORY}).json()["unchanged"] is True
    assert row(lead)["outcome"] == "没有变化"
    for days, state in ((8, "即将过期"), (23, "已过期，不能抽取")):
        authority.wait(days=days)
        lead = enter("lead")
        assert row(lead)["state_name"] == state


def test_r6_4_failure_is_told_and_kept(authority: Authority, sink: Sink, enter: Enter) -> None:
    """R6.4: the page again with the sentence, the same in the pool's line."""
    lead = enter("lead")
    sink.fail("directory", Fault(status=401))
    answer = lead.form("/registries/pools/pull", pool=DIRECTORY)
    assert (answer.status_code, answer.text.count("专家名单答复 401")) == (503, 2)


def test_only_who_imports_may_pull(enter: Enter) -> None:
    """Others see the page without its button; the own registry is not pulled."""
    supervisor, lead = enter("supervisor"), enter("lead")
    assert supervisor.call("/registries/pools/pull", {"pool": DIRECTORY}).status_code == 403
    assert ("pools/pull" in supervisor.page("/registries/pools").text) is False
    assert lead.call("/registries/pools/pull", {"pool": ROSTER}).json()["code"] == "pool_missing"


def test_draw_s_page_shows_what_the_pools_answered(
    authority: Authority, enter: Enter, sink: Sink, tmp_path: Path
) -> None:
    """Key, day, number and digest of the frozen answer; a later pull does not change the page."""
    lead = enter("lead")
    lead.done("/registries/pools/pull", pool=DIRECTORY)
    made = pooled(authority, tmp_path / "beside", "experts-directory", f'address = "{sink.url("directory")}/experts"')
    made.plan()
    draw = authority.freeze()
    sink.directory.experts = people(3)
    lead.done("/registries/pools/pull", pool=DIRECTORY)
    tables = {table["title"]: table["rows"] for table in lead.read(f"/draws/{draw.no}")["tables"]}
    shown = [(one["pool"], one["day"], one["people"]) for one in tables["冻结时的专家库"]]
    assert shown == [(ROSTER, "2026-06-15", 5), (DIRECTORY, "2026-06-15", 4)]
    assert tables["冻结时的专家库"] == draw.draft["ext"]["expert_pools"]
