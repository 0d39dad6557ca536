"""``shuangsui registry pool`` and the directory of ``shuangsui mock-sink`` as a person uses them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from command import Installation
from plugged import plugged
from pools import DIRECTORY, ROSTER, people
from shuangsui.testing.faults import Fault
from shuangsui.testing.sink import Sink

AS = ("--tenant", "chongqing", "--as", "lead")
TODAY: date = datetime.now(ZoneInfo("Asia/Shanghai")).date()


@pytest.fixture
def sink() -> Iterator[Sink]:
    """The directory with three people of today."""
    with Sink("secret") as started:
        started.directory.experts, started.directory.day = people(3), TODAY
        yield started


@pytest.fixture
def here(tmp_path: Path, sink: Sink) -> Installation:
    """An embedded installation with an officer, whose tenant has both pools switched on."""
    options = f'address = "{sink.url("directory")}/experts"'
    tenants = plugged(tmp_path, "experts-directory", options)
    made = Installation(tmp_path / "var", tenants, {"SHUANGSUI_EXPERTS_TOKEN": "secret"})
    made.done("user", "bootstrap", "sec.admin", "--name", "安全管理员", "--tenant", "chongqing")
    made.done("user", "add", "lead", "--name", "处长", "--tenant", "chongqing", "--as", "sec.admin")
    made.done("user", "grant", "lead", "lead_office", "--tenant", "chongqing", "--as", "sec.admin")
    return made


def test_pools_are_listed_pulled_and_pulled_again(here: Installation) -> None:
    """Never pulled, whole, unchanged; the own registry is read by the freeze."""
    listed = here.done("registry", "pool", "list", "--check", "--tenant", "chongqing", "--json").json
    assert [(one["pool"], one["pulled"], one["ok"], one["state"], one["people"]) for one in listed] == [
        (ROSTER, False, True, "", None), (DIRECTORY, True, True, "never", None),
    ]  # fmt: skip
    first = here.done("registry", "pool", "pull", *AS, "--json").json
    again = here.done("registry", "pool", "pull", DIRECTORY, *AS, "--json").json
    counts = {"rows": 3, "added": 3, "changed": 0, "left": 0}
    assert (first["imported"], first["people"], again["imported"]) == (counts, 3, None)
    (_, kept) = here.done("registry", "pool", "list", "--tenant", "chongqing", "--json").json
    assert (kept["last_day"], kept["people"], kept["digest"], kept["state"]) == (
        TODAY.isoformat(), 3, first["digest"], "fresh",
    )  # fmt: skip
    assert "没有变化" in here.done("registry", "pool", "pull", *AS).out
    assert "冻结时读取" in here.done("registry", "pool", "list", "--tenant", "chongqing").out


def test_pull_says_what_it_did(here: Installation, sink: Sink) -> None:
    """In one line, also of those who left."""
    assert "名单 3 人，新增 3，变更 0，其中离库 0" in here.done("registry", "pool", "pull", *AS).out
    sink.directory.experts = people(2)
    assert "名单 2 人，新增 0，变更 1，其中离库 1" in here.done("registry", "pool", "pull", *AS).out


def test_failure_is_an_alert_and_says_nothing_of_the_token(here: Installation, sink: Sink) -> None:
    """Exit status 3; `watch` shows it."""
    sink.fail("directory", Fault(status=401))
    said = here.run("registry", "pool", "pull", *AS)
    assert (said.status, "专家名单答复 401" in said.err, "secret" in said.err) == (3, True, False)
    alerts = here.done("watch", "--tenant", "chongqing", "--json").json
    assert [one["subject"] for one in alerts if one["kind"] == "pool_failed"] == [f"pool/{DIRECTORY}"]


def test_unknown_pool_is_bad_input(here: Installation) -> None:
    """Exit status 2, and the pools that can be pulled: the own registry cannot."""
    said = here.run("registry", "pool", "pull", ROSTER, *AS)
    assert (said.status, DIRECTORY in said.err) == (2, True)


def test_mock_sink_plays_a_directory(tmp_path: Path) -> None:
    """A list of experts as a file; one without numbers is none."""
    here, good, bad = Installation(tmp_path / "var"), tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("number,name,fields,valid_to\nSJ1,甲,节能；化工,\n", encoding="utf-8")
    bad.write_text("name\n甲\n", encoding="utf-8")
    said = here.done("mock-sink", "--port", 0, "--experts", good, "--fault", "directory=fickle", "--seconds", 0.1)
    assert "/directory" in said.err
    refused = here.run("mock-sink", "--experts", bad, "--seconds", 0.1)
    assert (refused.status, "number" in refused.err) == (2, True)


def test_mock_sink_s_rows_are_those_of_the_contract(tmp_path: Path) -> None:
    """Empty cells are left out, fields are a list."""
    from shuangsui.cli.mock_sink import _experts

    file = tmp_path / "experts.csv"
    file.write_text("number,name,employer,fields,valid_to\nSJ1,甲,,节能；化工,2027-01-31\nSJ2,乙,某院,,\n", "utf-8")
    assert _experts(file) == [
        {"number": "SJ1", "name": "甲", "valid_to": "2027-01-31", "fields": ["节能", "化工"]},
        {"number": "SJ2", "name": "乙", "employer": "某院", "fields": []},
    ]
