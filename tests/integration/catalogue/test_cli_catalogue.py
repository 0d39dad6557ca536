"""``shuangsui catalogue`` from an imported list to the published one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from shuangsui.access.service import add_user, bootstrap, grant
from shuangsui.catalogue.drafting import import_items
from shuangsui.catalogue.service import ListRefused
from shuangsui.cli import app
from shuangsui.cli.desk import desk

from .conftest import ROLES, TESTS


@pytest.fixture(autouse=True)
def drafted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An embedded installation with people and the sixteen items of the first real list."""
    monkeypatch.setenv("SHUANGSUI_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("SHUANGSUI_TENANTS", str(TESTS.parent / "tenants"))
    with desk("chongqing").session() as session:
        bootstrap(session, "guard", "安全员", account="os:test")
        for login, role in ROLES.items():
            add_user(session, login, login, by="guard")
            grant(session, login, role, by="guard")
        import_items(session, TESTS / "data" / "registry" / "items-miit-sample.csv", actor="lead")


def invoked(*words: str, user: str | None = None) -> Any:
    """The result of ``shuangsui catalogue …``; errors of the platform come through."""
    as_user = ("--as", user) if user else ()
    result = CliRunner().invoke(app, ["catalogue", *words, "--tenant", "chongqing", *as_user])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def answer(*words: str, user: str | None = None) -> Any:
    """Its JSON document."""
    return json.loads(invoked(*words, "--json", user=user).stdout)


def test_list_goes_from_draft_to_publication():
    """The item without a cap is found, held, and waits in version 2."""
    assert len(answer("confirm", "--all", user="business")["confirmed"]) == 16
    with pytest.raises(ListRefused) as refused:
        answer("submit", user="lead")
    assert [error.code for error in refused.value.errors] == ["cap_required"]
    assert answer("hold", "JX-15", "--reason", "等比例", user="lead")["held"] == "等比例"
    assert answer("submit", user="lead")["proposer"] == "lead"
    assert answer("approve", user="leader")["approver"] == "leader"
    published = answer("publish", user="lead")
    assert (published["version"], published["state"], len(published["digest"])) == (1, "published", 64)
    assert [(one["version"], one["state"]) for one in answer("list")] == [(2, "draft"), (1, "published")]
    assert len(answer("show", "--version", "1")["items"]) == 15
    assert [item["code"] for item in answer("show")["items"] if item["held"]] == ["JX-15"]


def test_edit_by_hand_answers_with_the_item_and_its_open_questions():
    """A cap makes JX-15 lawful; held or not, it can be edited."""
    item = answer("set", "JX-15", "抽查比例", "不超过5%", user="lead")
    assert (item["ratio_text"], item["attention"], item["confirmed_by"]) == ("不超过5%", [], None)


def test_list_sent_back_can_be_submitted_again():
    """With the leader's reason."""
    invoked("hold", "JX-15", "--reason", "等比例", user="lead")
    invoked("confirm", "--all", user="business")
    invoked("submit", user="lead")
    assert answer("return", "--reason", "再议", user="leader")["state"] == "draft"
    assert answer("release", "JX-15", user="lead")["held"] is None


def test_confirm_wants_codes_or_all():
    """Neither, or both, is a wrong use of the command."""
    assert invoked("confirm", user="business").exit_code == 2
    assert invoked("confirm", "JX-01", "--all", user="business").exit_code == 2
    assert answer("confirm", "JX-01", "JX-02", user="business") == {"confirmed": ["JX-01", "JX-02"]}


def test_people_see_what_waits_for_them():
    """Unconfirmed items, and wording to be read by a person."""
    assert invoked("set", "JX-14", "备注", "急", user="lead").stdout.splitlines() == [
        "JX-14 已修改",
        "  事项JX-14的抽查频次“根据实际情况确定”不能自动读成次数，已按原文保留：请人工填写次数和周期。",
    ]
    text = invoked("show").stdout
    assert text.startswith("清单第 1 版（编制中）16 项")
    assert text.count("未确认") == 16
    assert "编制中" in invoked("list").stdout
