"""``shuangsui tenant list`` and ``tenant show``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from shuangsui.cli.tenant import app
from shuangsui.errors import NotFound

TENANTS = Path(__file__).parents[3] / "tenants"


def run(*words: str) -> str:
    result = CliRunner().invoke(app, list(words), env={"SHUANGSUI_TENANTS": str(TENANTS), "COLUMNS": "200"})
    if result.exception:
        raise result.exception
    return result.stdout


def test_list_as_json_holds_every_tenant() -> None:
    """One JSON document, the municipality first."""
    found = json.loads(run("list", "--json"))
    assert len(found) == 40
    assert found[0] == {
        "slug": "chongqing",
        "name": "重庆市经济和信息化委员会",
        "short": "市经济信息委",
        "kind": "municipal",
        "parent": None,
        "area": "500000",
        "state": "active",
    }


def test_list_for_people_has_a_row_per_tenant() -> None:
    """Title, code, area code, level, name, state."""
    lines = run("list").splitlines()
    assert lines[0].strip() == "租户 40 个"
    assert [cell.strip() for cell in next(line for line in lines if "zhongxian" in line).strip("│").split("│")] == [
        "zhongxian",
        "500233",
        "区县",
        "重庆市忠县经济和信息化委员会",
        "正常",
    ]


def test_show_says_where_each_setting_stands() -> None:
    """Inherited settings point into the file of the municipality."""
    found = json.loads(run("show", "yuzhong", "--json"))
    plugins = next(setting for setting in found["settings"] if setting["key"] == "plugins")
    assert plugins == {
        "key": "plugins",
        "value": ["channel-portal", "entropy-ceremony", "experts-roster", "rules-cq-order-375"],
        "file": "tenants/chongqing/tenant.toml",
        "line": 8,
        "inherited": True,
    }
    assert found["log_origin"] == "shuangsui.example/yuzhong"
    assert found["packs"] == ["shuangsui-defaults", "cn-base", "miit-2018-45", "cq-order-375", "cq-mietc-2021-6"]


def test_show_for_people() -> None:
    """The facts first, then the settings."""
    lines = run("show", "wansheng").splitlines()
    assert lines[:3] == [
        "机关  重庆市万盛经开区经济信息部门（万盛经开区经济信息部门）",
        "级别  区县，上级 chongqing",
        "区划  没有国标区划代码",
    ]


def test_show_takes_the_tenant_either_way() -> None:
    """As an argument, or with the option that every command of a tenant has."""
    assert run("show", "--tenant", "yuzhong", "--json") == run("show", "yuzhong", "--json")


def test_show_without_a_tenant_is_wrong_usage() -> None:
    """Exit status 2."""
    result = CliRunner().invoke(app, ["show"], env={"SHUANGSUI_TENANTS": str(TENANTS)})
    assert result.exit_code == 2


def test_show_of_an_unknown_tenant() -> None:
    """Exit status 2 by the error's class."""
    with pytest.raises(NotFound) as caught:
        run("show", "yuzong")
    assert (caught.value.code, caught.value.exit_status) == ("tenant_unknown", 2)
