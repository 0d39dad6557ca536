"""``shuangsui plugin list`` and ``plugin reference``."""

from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from distributions import GOOD
from shuangsui.cli.plugin import app
from shuangsui.errors import NotFound
from shuangsui.extension import reference
from shuangsui.testing import quality

CHONGQING = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def run(settings, tenant):
    """Run the group against the tenants of this test."""
    tenant(["good", "broken"])

    def command(*words: str):
        env = {"SHUANGSUI_TENANTS": str(settings.tenants), "SHUANGSUI_VAR": str(settings.var), "COLUMNS": "200"}
        result = CliRunner().invoke(app, list(words), env=env)
        if result.exception:
            raise result.exception
        return result.stdout

    return command


def test_list_shows_good_and_broken(installed, run):
    """The traceback is for the vendor, the sentence for the administrator."""
    installed("good", GOOD)
    installed("broken", "import a_module_that_is_not_there\n")
    rows = {row["name"]: row for row in json.loads(run("list", "--json"))}
    assert rows["good"] == {
        "name": "good", "version": "1.0", "kind": ["disclosure_channel"], "kinds": "公示渠道", "state": "loaded",
        "state_name": "已载入", "restricted": False, "ok": None, "health": "", "message": "", "checked": "", "by": "",
        "who": "", "day": "", "when": "", "problem": None, "error": None, "incidents": [],
    }  # fmt: skip
    broken = rows["broken"]
    assert (broken["state"], broken["problem"].startswith("插件 broken 导入失败"), "Traceback" in broken["error"]) == (
        "broken",
        True,
        True,
    )


def test_list_for_a_tenant(installed, run):
    """What is installed but not on its list is disabled."""
    installed("good", GOOD)
    installed("other", GOOD)
    rows = {row["name"]: row["state"] for row in json.loads(run("list", "--tenant", "moushi", "--json"))}
    assert {name: rows[name] for name in ("good", "other", "broken")} == {
        "good": "enabled", "other": "disabled", "broken": "missing",
    }  # fmt: skip


def test_list_for_people(installed, run, settings):
    """Words for kind, state and health, who decided and when, here the file's day; no problem."""
    installed("good", GOOD)
    written = datetime.fromtimestamp((settings.tenants / "moushi" / "tenant.toml").stat().st_mtime, CHONGQING)
    line = next(line for line in run("list", "--tenant", "moushi").splitlines() if "good" in line)
    cells = [cell.strip() for cell in line.split("│")]
    assert cells[1:-1] == ["good", "1.0", "公示渠道", "已启用", "未检查", "配置文件", f"{written:%Y-%m-%d}", ""]


def test_list_of_an_unknown_tenant(run):
    """As every command of a tenant."""
    with pytest.raises(NotFound):
        run("list", "--tenant", "nobody")


def test_reference_is_printed_byte_for_byte(run):
    """So that it can be redirected into the file."""
    assert run("reference") == reference.render(quality.titles())
