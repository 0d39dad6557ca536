"""``shuangsui notification`` and ``shuangsui user address``, with a real plugin in a process of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from command import Installation
from plugged import plugged
from shuangsui import db
from shuangsui.cli.desk import database
from shuangsui.extension import handing
from shuangsui.ledger.alerts import raise_alert
from shuangsui.ledger.tables import AlertLevel
from shuangsui.settings import Settings
from shuangsui.testing.faults import Fault
from shuangsui.testing.sink import Sink
from shuangsui.worker.process import drain, runner_of

HERE = "chongqing"
T = ("--tenant", HERE)
KEY = "a-key-of-tests"
ROBOT = '{"msgtype": "text", "text": {"content": "{text}", "mentioned_list": ["{address}"]}}'


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink(KEY) as started:
        started.wecom.secret = KEY
        yield started
    handing.pool.close()


@pytest.fixture
def at(tmp_path: Path, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """The robot of 企业微信 switched on; a leader, an administrator of the system."""
    monkeypatch.setenv("WECOM_ROBOT_KEY", KEY)
    address = sink.url("wecom") + "/cgi-bin/webhook/send?key={key}"
    options = {
        "name": "robot", "address_kind": "wecom", "address": address, "secrets_env": ["key=WECOM_ROBOT_KEY"],
        "template": ROBOT, "success": "errcode=0", "permanent": ["93000"], "allow_private": True, "allow_http": True,
    }  # fmt: skip
    lines = "\n".join(f"{name} = {json.dumps(value)}" for name, value in options.items())
    made = Installation(tmp_path / "var", plugged(tmp_path, "notify-http", lines))
    made.done("user", "bootstrap", "sec.admin", "--name", "安全员", *T)
    for login, role in (("sys", "system_admin"), ("leader", "leader")):
        made.done("user", "add", login, "--name", login, *T, "--as", "sec.admin")
        made.done("user", "grant", login, role, *T, "--as", "sec.admin")
    return made


def alarm(at: Installation, subject: str) -> None:
    """A breach, and everything that follows it."""
    settings = Settings(var=at.var, tenants=at.tenants)
    engine = database(settings)
    with db.session(engine, HERE) as session:
        raise_alert(session, "publication_late", subject, level=AlertLevel.BREACH, to=("leader",))
    drain(runner_of(engine, settings), engine, HERE)
    engine.dispose()


def work(at: Installation) -> None:
    settings = Settings(var=at.var, tenants=at.tenants)
    engine = database(settings)
    drain(runner_of(engine, settings), engine, HERE)
    engine.dispose()


def test_from_the_address_to_the_message(at: Installation, sink: Sink) -> None:
    """Registered, tried, told, refused, sent again; and no command prints an address."""
    said = at.done("user", "address", "leader", "--wecom", "zhang.san", "--no-digest", *T, "--as", "leader", "--json")
    assert said.json == {"login": "leader", "addresses": {"wecom": "z***"}, "digest": False}
    (found,) = at.done("notification", "notifiers", *T, "--json").json
    assert (found["notifier"], found["address_kind"], found["ok"]) == ("notify-http/robot", "wecom", True)
    at.done("notification", "test", "notify-http/robot", "--to", "leader", *T, "--as", "sys")
    assert [body["text"]["mentioned_list"] for _, body in sink.wecom.held] == [["zhang.san"]]
    alarm(at, "result/2026-0001-1")
    sink.fail("wecom", Fault(code="93000"))
    alarm(at, "result/2026-0001-2")
    listed = at.done("notification", "list", *T, "--json").json
    assert [(row["state"], row["login"], row["level"]) for row in listed] == [
        ("refused", "leader", "breach"), ("sent", "leader", "breach"),
    ]  # fmt: skip
    assert "93000" in listed[0]["problem"]
    human = [at.done("notification", "list", *T).out, at.done("notification", "notifiers", *T).out]
    assert not [one for one in (KEY, "zhang.san") if one in json.dumps(listed) + "".join(human)]
    sink.fail("wecom", None)
    assert at.done("notification", "retry", listed[0]["id"], *T, "--as", "sys", "--json").json == {"count": 1}
    work(at)
    assert [row["state"] for row in at.done("notification", "list", *T, "--json").json] == ["sent", "sent"]
    assert [body["text"]["content"].split("\n")[1] for _, body in sink.wecom.held[1:]] == [
        "对象：result/2026-0001-1", "对象：result/2026-0001-2",
    ]  # fmt: skip
    assert at.done("notification", "retry", "--refused", *T, "--as", "sys", "--json").json == {"count": 0}
    sink.fail("wecom", Fault(code="93000"))
    alarm(at, "result/2026-0001-3")
    (refused,) = at.done("notification", "list", "--state", "refused", *T, "--json").json
    at.done("notification", "drop", refused["id"], *T, "--as", "sys")
    assert at.done("notification", "list", "--state", "refused", *T, "--json").json == []
    at.done("ledger", "verify", *T)


def test_notifier_that_does_not_work_is_said(at: Installation, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the exit status as well; a message to somebody without an address is refused before."""
    monkeypatch.delenv("WECOM_ROBOT_KEY")
    said = at.run("notification", "notifiers", *T, "--json")
    assert (said.status, said.json[0]["ok"], "WECOM_ROBOT_KEY" in said.json[0]["message"]) == (3, False, True)
    test = ("notification", "test", "notify-http/robot", *T)
    assert (at.run(*test, "--to", "leader", "--as", "sys").status, sink.received) == (2, [])
    at.done("user", "address", "leader", "--wecom", "zhang.san", *T, "--as", "leader")
    assert at.run(*test, "--to", "leader", "--as", "sys").status == 3


def test_commands_refuse(at: Installation) -> None:
    """Other roles, both or neither of number and ``--refused``, what is not there."""
    retry, test = ("notification", "retry", *T), ("notification", "test", *T, "--to", "leader")
    for words, status, code in (
        ((*retry, "--refused", "--as", "leader"), 1, "not_allowed"),
        ((*retry, "--as", "sys"), 2, "notification_which"),
        ((*retry, uuid4(), "--refused", "--as", "sys"), 2, "notification_which"),
        ((*retry, uuid4(), "--as", "sys"), 2, "notification_missing"),
        ((*retry, "nothing", "--as", "sys"), 2, "notification_missing"),
        ((*test, "notify-http/other", "--as", "sys"), 2, "notifier_missing"),
        ((*test, "notify-http/robot", "--as", "leader"), 1, "not_allowed"),
        ((*test, "notify-http/robot", "--as", "sys"), 2, "address_missing"),
        (("user", "address", "sys", "--phone", "13800138000", *T, "--as", "leader"), 1, "not_allowed"),
        (("user", "address", "leader", "--phone", "1380013", *T, "--as", "leader"), 2, "address_invalid"),
    ):
        said = at.run(*words)
        assert (said.status, code in said.err, "1380013" in said.err) == (status, True, False), (words, said)
