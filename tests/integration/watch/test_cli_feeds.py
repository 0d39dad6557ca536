"""``shuangsui registry feed`` and ``shuangsui mock-sink`` as a person uses them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from authority import objects
from command import ROOT, Installation
from shuangsui.testing.faults import Fault
from shuangsui.testing.sink import Sink

FEED = "feed-registrar/registrar"
AS = ("--tenant", "chongqing", "--as", "lead")
ROWS = [{name: row[name] for name in ("code", "name", "items", "status")} for row in objects(3)]
TODAY: date = datetime.now(ZoneInfo("Asia/Shanghai")).date()


@pytest.fixture
def sink() -> Iterator[Sink]:
    """The registrar with three enterprises of today."""
    with Sink("secret") as started:
        started.registrar.rows, started.registrar.day = ROWS, TODAY
        yield started


@pytest.fixture
def here(tmp_path: Path, sink: Sink) -> Installation:
    """An embedded installation with an officer, whose tenant has the plugin switched on."""
    shutil.copytree(ROOT / "tenants", tmp_path / "tenants")
    file = tmp_path / "tenants" / "chongqing" / "tenant.toml"
    text = file.read_text(encoding="utf-8").replace('"channel-portal"', '"channel-portal", "feed-registrar"')
    options = f'\n[options.feed-registrar]\naddress = "{sink.url("registrar")}/objects"\n'
    file.write_text(text + options, encoding="utf-8")
    made = Installation(tmp_path / "var", tmp_path / "tenants", {"SHUANGSUI_REGISTRAR_TOKEN": "secret"})
    made.done("user", "bootstrap", "sec.admin", "--name", "安全管理员", "--tenant", "chongqing")
    made.done("user", "add", "lead", "--name", "处长", "--tenant", "chongqing", "--as", "sec.admin")
    made.done("user", "grant", "lead", "lead_office", "--tenant", "chongqing", "--as", "sec.admin")
    return made


def test_feed_is_listed_pulled_and_pulled_again(here: Installation) -> None:
    """Never pulled, whole, unchanged."""
    listed = here.done("registry", "feed", "list", "--check", "--tenant", "chongqing", "--json").json
    assert [(one["feed"], one["ok"], one["last_day"]) for one in listed] == [(FEED, True, None)]
    first = here.done("registry", "feed", "pull", *AS, "--json").json
    again = here.done("registry", "feed", "pull", FEED, *AS, "--json").json
    counts = {"rows": 3, "added": 3, "changed": 0, "removed": 0}
    assert (first["imported"], first["complete"], again["imported"]) == (counts, True, None)
    listed = here.done("registry", "feed", "list", "--tenant", "chongqing", "--json").json
    assert listed[0]["last_day"] == TODAY.isoformat()
    status = here.done("registry", "status", "--tenant", "chongqing", "--json").json[0]
    assert (status["size"], status["last_import"]["feed"]) == (3, FEED)
    assert "没有变化" in here.done("registry", "feed", "pull", *AS).out


def test_failure_is_an_alert_and_says_nothing_of_the_token(here: Installation, sink: Sink) -> None:
    """Exit status 3; `watch` shows it."""
    sink.fail("registrar", Fault(status=401))
    said = here.run("registry", "feed", "pull", *AS)
    assert (said.status, "登记机关答复 401" in said.err, "secret" in said.err) == (3, True, False)
    alerts = here.done("watch", "--tenant", "chongqing", "--json").json
    assert [one["subject"] for one in alerts if one["kind"] == "feed_failed"] == [f"feed/{FEED}"]


def test_unknown_feed_is_bad_input(here: Installation) -> None:
    """Exit status 2, and the feeds that there are."""
    said = here.run("registry", "feed", "pull", "feed-registrar/other", *AS)
    assert (said.status, FEED in said.err) == (2, True)


def test_mock_sink_starts_with_a_list_and_a_fault(tmp_path: Path) -> None:
    """It says where it is, and ends by itself."""
    here, file = Installation(tmp_path / "var"), tmp_path / "objects.csv"
    file.write_text("code,name\n91500000MAXX00007C,甲\n", encoding="utf-8")
    said = here.done("mock-sink", "--port", 0, "--objects", file, "--fault", "zhifa=hang", "--seconds", 0.1)
    assert [f"/{name}" in said.err for name in ("registrar", "zhifa", "portal")] == [True] * 3


@pytest.mark.parametrize(
    ("text", "code"), [("zhifa=often", "sink_fault"), ("nobody=500", "sink_fault"), ("zhifa", "sink_fault")]
)
def test_mock_sink_refuses_what_it_cannot_play(tmp_path: Path, text: str, code: str) -> None:
    """One sentence, exit status 2."""
    said = Installation(tmp_path / "var").run("mock-sink", "--fault", text, "--seconds", 0.1)
    assert (said.status, code in said.err) == (2, True)


def test_mock_sink_wants_codes(tmp_path: Path) -> None:
    """A list without the column is no list."""
    file = tmp_path / "objects.csv"
    file.write_text("name\n甲\n", encoding="utf-8")
    said = Installation(tmp_path / "var").run("mock-sink", "--objects", file, "--seconds", 0.1)
    assert (said.status, "sink_objects" in said.err) == (2, True)


def test_mock_sink_writes_a_line_for_each_request(capsys: pytest.CaptureFixture[str]) -> None:
    """No header and no token among them."""
    from shuangsui.cli.mock_sink import _tell
    from shuangsui.testing.systems import Request

    _tell(Request("zhifa", "GET", "/health", headers={"authorization": "Bearer secret"}), 200)
    assert json.loads(capsys.readouterr().out) == {
        "system": "zhifa", "method": "GET", "path": "/health", "status": 200, "authorised": True,
    }  # fmt: skip
