"""``draw event`` and ``draw sources`` of an authority that requires the beacon, against a relay on the loopback."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from authority import Authority
from beacon import DIGITS, MADE, VALUE, Beacon, beaconed
from command import Installation
from shuangsui import db
from shuangsui.draws import feasibility
from shuangsui.migrations import migrate
from shuangsui.testing.faults import Fault

T = ("--tenant", "chongqing", "--json")
SECOND = timedelta(seconds=1)


@pytest.fixture
def one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Beacon]:
    """The authority on the day of the round, in an embedded installation."""
    monkeypatch.setattr(feasibility, "TRIALS", 1)
    url = f"sqlite:///{tmp_path / 'shuangsui.db'}"
    migrate(url)
    engine = db.engine(url, simulated_clock=True)
    with beaconed(Authority(engine, tmp_path), tmp_path, monkeypatch) as found:
        yield found
    engine.dispose()


@pytest.fixture
def shell(one: Beacon) -> Installation:
    """The same installation by commands."""
    more = {"SHUANGSUI_KEY_FILE": str(one.settings.master_key), "SHUANGSUI_SIMULATED_CLOCK": "1"}
    return Installation(one.settings.var, one.settings.tenants, more)


def test_r8_6_supervisor_types_and_fetches_by_commands(one: Beacon, shell: Installation) -> None:
    """By name or in turn; both at once, or neither, is no order."""
    no = one.committed().no
    by = (*T, "--as", "supervisor")
    one.until(MADE + SECOND)
    wrong = [shell.run("draw", "event", no, *by), shell.run("draw", "event", no, *by, "--fetch", "--digits", DIGITS)]
    assert [said.status for said in wrong] == [2, 2]
    early = shell.run("draw", "event", no, *by, "--fetch", "--name", "drand")
    assert (early.status, early.err.startswith("未办理 event_not_its_turn")) == (1, True)
    assert shell.done("draw", "event", no, *by, "--digits", DIGITS, "--name", "ceremony").json["state"] == "committed"
    one.sink.fail("drand", Fault(wrong=True))
    assert shell.run("draw", "event", no, *by, "--fetch").status == 3
    one.sink.fail("drand", None)
    assert shell.done("draw", "event", no, *by, "--fetch").json["state"] == "revealing"
    assert [event["value"] for event in shell.done("draw", "show", no, *T).json["events"]] == [DIGITS, VALUE]


def test_sources_are_listed_with_their_state(one: Beacon, shell: Installation) -> None:
    """Who plans events, which of them the rules require, and whether each could be asked now."""
    listed = shell.done("draw", "sources", *T, "--check").json
    assert [(one["source"], one["required"], one["fetched"], one["ok"]) for one in listed] == [
        ("ceremony", True, False, True), ("drand", True, True, True),
    ]  # fmt: skip
    one.sink.fail("drand", Fault(down=True))
    assert [one["ok"] for one in shell.done("draw", "sources", *T, "--check").json] == [True, False]
    assert "公开随机事件来源 2 个" in shell.done("draw", "sources", "--tenant", "chongqing").out
