"""``task code`` and ``task file-code`` of an authority that has this plugin, against a real HTTP server."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from authority import Authority
from command import ROOT, Installation
from inspecting import Team, team
from shuangsui import db
from shuangsui.draws import feasibility
from shuangsui.inspections import notices, visits
from shuangsui.inspections.visits import Arrival
from shuangsui.migrations import migrate
from shuangsui.testing.faults import Fault
from shuangsui.testing.sink import TOKEN, Sink

T = ("--tenant", "chongqing", "--as", "inspection", "--json")


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as started:
        yield started


@pytest.fixture
def installed(tmp_path: Path, sink: Sink) -> Installation:
    """An embedded installation whose authority has the plugin switched on."""
    tenants = tmp_path / "tenants"
    shutil.copytree(ROOT / "tenants", tenants)
    file = tenants / "chongqing" / "tenant.toml"
    text = file.read_text("utf-8")
    switched = text.replace('"rules-cq-order-375"]', '"rules-cq-order-375", "adapter-zhifa"]')
    options = f'\n[options.adapter-zhifa]\naddress = "{sink.url("zhifa")}"\n'
    file.write_text(switched + options, "utf-8")
    more = {"SHUANGSUI_ZHIFA_TOKEN": TOKEN, "SHUANGSUI_SIMULATED_CLOCK": "true"}
    (tmp_path / "var").mkdir()
    return Installation(tmp_path / "var", tenants, more)


@pytest.fixture
def one(installed: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Team]:
    """An accepted task with its notice, without a code."""
    monkeypatch.setattr(feasibility, "TRIALS", 1)
    url = f"sqlite:///{installed.var / 'shuangsui.db'}"
    migrate(url)
    engine = db.engine(url, simulated_clock=True)
    found = team(Authority(engine, tmp_path)).until("notify")
    with found.authority.session() as session:
        notices.propose_visit(session, found.no, "计划", actor="inspection", urgent=True)
        notices.issue(session, found.office, found.no, actor="inspection")
    yield found
    engine.dispose()


def put(sink: Sink) -> list[dict[str, Any]]:
    """What was put last under each address."""
    return list({one.path: json.loads(one.body) for one in sink.received if one.method == "PUT"}.values())


def arrive(one: Team) -> None:
    """The whole team checks in."""
    for person in one.people():
        with one.authority.session() as session:
            visits.check_in(session, one.office, one.no, Arrival(person, "厂区"), actor="inspection")


def test_r17_4_fetched_code_opens_the_visit(installed: Installation, sink: Sink, one: Team) -> None:
    """R17.4: the application is told the task with its team and answers the code; asking again is the same."""
    refused = installed.run("visit", "check-in", one.no, *T, "--person", one.people()[0], "--place", "厂区")
    assert (refused.status, refused.err.startswith("未办理 code_missing")) == (1, True)
    for _ in range(2):
        said = installed.done("task", "code", one.no, *T).json
        assert said == {"task": one.no, "code": "ZF000001", "system": "zhifa", "without": ""}
    (body,) = put(sink)
    assert (body["task"], body["officers"], body["type"]) == (one.no, one.people(), "random")
    arrive(one)
    assert (one.read().code, one.read().state) == ("ZF000001", "underway")


def test_r17_4_urgent_visit_is_filed_with_the_application(installed: Installation, sink: Sink, one: Team) -> None:
    """R17.4: until it is, the watch reminds; then it does not."""
    installed.done("task", "code", one.no, *T, "--without", "系统停机")
    arrive(one)
    watch = ("watch", "--tenant", "chongqing", "--json")
    kinds = [alert["kind"] for alert in installed.done(*watch).json]
    assert "code_unfiled" in kinds
    said = installed.done("task", "file-code", one.no, *T).json
    due = (one.authority.today + timedelta(days=3)).isoformat()
    assert (said["number"], said["system"], said["due"]) == ("BB000001", "zhifa", due)
    assert [body["due"] for body in put(sink)] == [due]
    assert [alert for alert in installed.done(*watch).json if alert["kind"] == "code_unfiled"] == []


def test_failing_application_leaves_the_task_without_a_code(installed: Installation, sink: Sink, one: Team) -> None:
    """Exit status of an outside system; a code typed in by hand still helps."""
    sink.fail("zhifa", Fault(status=500))
    said = installed.run("task", "code", one.no, *T)
    assert (said.status, one.read().code) == (3, None)
    typed = installed.done("task", "code", one.no, *T, "--number", "ZFM7")
    assert json.loads(typed.out)["code"] == "ZFM7"
