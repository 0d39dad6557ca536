"""``shuangsui user``, ``ledger`` and ``migrate`` on an embedded installation."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from shuangsui.cli import app
from shuangsui.errors import NotAllowed, NotFound, RuleRefused

ROOT = Path(__file__).parents[3]


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty installation."""
    monkeypatch.setenv("SHUANGSUI_VAR", str(tmp_path))
    monkeypatch.setenv("SHUANGSUI_TENANTS", str(ROOT / "tenants"))
    assert run("migrate")[0] == 0
    return tmp_path


def run(*words: str) -> tuple[int, Any]:
    """Exit status and JSON document of a command; errors of the platform come through."""
    result = CliRunner().invoke(app, [*words, "--json"])
    if isinstance(result.exception, Exception) and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, json.loads(result.stdout) if result.stdout else None


def test_users_from_the_first_to_the_second(installed: Path):
    """Bootstrap, add, grant, list."""
    here = ("--tenant", "chongqing")
    status, first = run("user", "bootstrap", "anquan", "--name", "安", *here)
    assert (status, first.pop("password").count("-"), first) == (0, 3, {"login": "anquan", "name": "安"})
    status, second = run("user", "add", "li", "--name", "李", "--as", "anquan", *here)
    assert (status, second.pop("password").count("-"), second) == (0, 3, {"login": "li", "name": "李"})
    assert run("user", "grant", "li", "leader", "--as", "anquan", *here) == (0, {"login": "li", "role": "leader"})
    assert run("user", "list", *here) == (
        0,
        [
            {"login": "anquan", "name": "安", "active": True, "roles": ["security_admin"]},
            {"login": "li", "name": "李", "active": True, "roles": ["leader"]},
        ],
    )
    assert run("ledger", "verify", *here) == (0, {"ledger": 6, "drawlog": 0, "checkpoints": 0, "faults": []})


def test_bootstrap_is_one_shot(installed: Path):
    """Once, by the operating system's account; adding always needs a user."""
    here = ("--name", "李", "--tenant", "chongqing")
    assert run("user", "add", "li", *here)[0] == 2
    assert run("user", "bootstrap", "li", *here)[0] == 0
    with pytest.raises(NotAllowed, match="bootstrap_over"):
        run("user", "bootstrap", "wang", *here)


def test_password_may_come_from_standard_input_and_is_not_shown(installed: Path):
    """For automation; the first line counts."""
    words = ["user", "bootstrap", "anquan", "--name", "安", "--tenant", "chongqing", "--password-stdin", "--json"]
    result = CliRunner().invoke(app, words, input="Correct horse battery 1\n")
    assert json.loads(result.stdout) == {"login": "anquan", "name": "安"}


def test_reset_link_and_revoke(installed: Path):
    """A fresh one-time password, a number that must be in the registry, a role that ends."""
    here = ("--as", "anquan", "--tenant", "chongqing")
    run("user", "bootstrap", "anquan", "--name", "安", "--tenant", "chongqing")
    _, added = run("user", "add", "li", "--name", "李", *here)
    _, reset = run("user", "password", "li", *here)
    assert reset["password"] != added["password"]
    with pytest.raises(NotFound, match="person_unlisted"):
        run("user", "link", "li", "--inspector", "ZF0001", *here)
    run("user", "grant", "li", "leader", *here)
    assert run("user", "revoke", "li", "leader", *here) == (0, {"login": "li", "role": "leader"})
    assert [one["login"] for one in run("user", "list", "--tenant", "chongqing")[1]] == ["anquan"]


def test_the_operators_person_comes_and_goes(installed: Path):
    """With a reason, for some hours, by the account of the operating system; the second time without a new password."""
    here = ("--tenant", "chongqing")
    run("user", "bootstrap", "anquan", "--name", "安", *here)
    status, begun = run("user", "staff", "yunwei", "--name", "运维", "--reason", "排查", "--hours", "1", *here)
    assert (status, sorted(begun), begun["password"].count("-")) == (0, ["id", "login", "password", "until"], 3)
    assert run("user", "staff-end", "yunwei", *here) == (0, {"login": "yunwei"})
    with pytest.raises(NotFound, match="staff_missing"):
        run("user", "staff-end", "yunwei", *here)
    assert "password" not in run("user", "staff", "yunwei", "--name", "运维", "--reason", "复查", *here)[1]
    with pytest.raises(RuleRefused, match="staff_has_role"):
        run("user", "staff", "anquan", "--name", "安", "--reason", "排查", *here)


def test_a_second_factor_that_nobody_has_is_not_reset(installed: Path):
    """And nobody resets their own."""
    here = ("--as", "anquan", "--tenant", "chongqing")
    run("user", "bootstrap", "anquan", "--name", "安", "--tenant", "chongqing")
    run("user", "add", "li", "--name", "李", *here)
    with pytest.raises(NotFound, match="factor_missing"):
        run("user", "factor", "li", *here)
    with pytest.raises(NotAllowed, match="self_factor"):
        run("user", "factor", "anquan", *here)


def test_somebody_leaves_and_is_called_back(installed: Path):
    """By a command each; the list says how it stands."""
    here = ("--as", "anquan", "--tenant", "chongqing")
    run("user", "bootstrap", "anquan", "--name", "安", "--tenant", "chongqing")
    run("user", "add", "li", "--name", "李", *here)
    run("user", "grant", "li", "leader", *here)
    for word, active in (("deactivate", False), ("reactivate", True)):
        assert run("user", word, "li", *here) == (0, {"login": "li"})
        assert [one["active"] for one in run("user", "list", "--tenant", "chongqing")[1]] == [True, active]
    with pytest.raises(NotAllowed, match="self_deactivate"):
        run("user", "deactivate", "anquan", *here)


def test_tampered_ledger_fails_verification(installed: Path):
    """Exit status 1, and the row is named."""
    run("user", "bootstrap", "anquan", "--name", "安", "--tenant", "chongqing")
    with sqlite3.connect(installed / "shuangsui.db") as connection:
        connection.execute("DROP TRIGGER ledger_entry_no_update")
        connection.execute("UPDATE ledger_entry SET actor = 'nobody' WHERE n = 1")
    status, report = run("ledger", "verify", "--tenant", "chongqing")
    assert (status, report["faults"]) == (1, [{"chain": "ledger", "at": 1, "what": "hash"}])
    shown = CliRunner().invoke(app, ["ledger", "verify", "--tenant", "chongqing"])
    assert (shown.exit_code, "发现 1 处改动" in shown.stdout) == (1, True)


def test_migrate_is_repeatable(installed: Path):
    """The same revision again, for people and for programs."""
    assert run("migrate") == run("migrate")
    assert CliRunner().invoke(app, ["migrate"]).stdout.startswith("数据库版本 ")
