"""``shuangsui disclosure`` on an installation of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from shuangsui.access import service as access
from shuangsui.access.policy import Role
from shuangsui.cli.desk import desk
from shuangsui.cli.disclosure import app
from shuangsui.disclosure import service
from shuangsui.errors import NotAllowed

TENANTS = Path(__file__).parents[3] / "tenants"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Run a command of the group for one tenant; ``lead`` may publish there, ``inspection`` may not."""
    monkeypatch.setenv("SHUANGSUI_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("SHUANGSUI_TENANTS", str(TENANTS))
    monkeypatch.setenv("COLUMNS", "200")
    with desk("liangjiang").session() as session:
        access.bootstrap(session, "sec.admin", "安全管理员", account="os:test")
        for login, role in (("lead", Role.LEAD_OFFICE), ("inspection", Role.INSPECTION_OFFICE)):
            access.add_user(session, login, login, by="sec.admin")
            access.grant(session, login, role, by="sec.admin")

    def command(*words: str) -> Any:
        result = CliRunner().invoke(app, [words[0], "--tenant", "liangjiang", *words[1:]])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return command


def test_publish_and_list(run, tmp_path):
    """What was published is in the tree and in the list, confirmed, with the portal's receipt."""
    published = json.loads(run("publish", "--as", "lead", "--json").stdout)
    listed = json.loads(run("list", "--json").stdout)
    assert published == listed
    assert {row["kind"]: (row["state"], row["revision"]) for row in listed} == dict.fromkeys(
        (
            "assets",
            "items",
            "draws",
            "verify",
            "results",
            "rules",
            "accessibility",
            "special",
            "opendata",
            "home",
            "authorities",
        ),
        ("confirmed", 1),
    )
    assert {receipt["channel"] for row in listed for receipt in row["receipts"]} == {"portal"}
    assert (tmp_path / "var/public/liangjiang/index.html").is_file()


def test_list_for_people(run):
    """Chinese words, Beijing time."""
    run("publish", "--as", "lead")
    line = next(line for line in run("list").stdout.splitlines() if "首页" in line)
    assert ("已确认" in line, "portal /liangjiang/" in line) == (True, True)


def test_publish_needs_the_verb(run, tmp_path):
    """Nothing is written for somebody who may not."""
    with pytest.raises(NotAllowed):
        run("publish", "--as", "inspection")
    assert not (tmp_path / "var/public").exists()


def test_channels_are_checked(run, tmp_path):
    """Exit status 3 as soon as one cannot be used."""
    good = run("channels", "--json")
    assert (good.exit_code, [one["ok"] for one in json.loads(good.stdout)]) == (0, [True])
    (tmp_path / "var/public/.lock").unlink()
    (tmp_path / "var/public").rmdir()
    (tmp_path / "var/public").write_bytes(b"")
    bad = run("channels", "--json")
    assert (bad.exit_code, [one["ok"] for one in json.loads(bad.stdout)]) == (3, [False])


def test_publications_of_one_tenant_are_not_anothers(run):
    """The other tenant of the same installation has none."""
    run("publish", "--as", "lead")
    with desk("beibei").session(readonly=True) as session:
        assert list(service.publications(session)) == []
