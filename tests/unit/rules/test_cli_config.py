"""``shuangsui config explain`` and ``config reference``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from shuangsui.cli.config import app
from shuangsui.errors import NotFound
from shuangsui.rules import reference
from shuangsui.rules.keys import KEYS

TENANTS = Path(__file__).parents[3] / "tenants"
MEASURES = "shuangsui/data/rules/cq-mietc-2021-6.toml"


def run(*words: str) -> str:
    result = CliRunner().invoke(app, list(words), env={"SHUANGSUI_TENANTS": str(TENANTS), "COLUMNS": "200"})
    if result.exception:
        raise result.exception
    return result.stdout


def explained(*words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("explain", "--tenant", "yuzhong", *words, "--json"))
    return found


def test_rule_with_value_file_line_and_article() -> None:
    """The four things an administrator asks for, and the ladder below them."""
    found = explained("team.min_officers", "--on", "2026-11-22")
    line = found["line"]
    text = (TENANTS.parent / "platform" / MEASURES).read_text(encoding="utf-8").splitlines()
    assert (found["value"], found["file"], found["article"], text[line - 1]) == (
        2,
        MEASURES,
        "第十三条第一款",
        "value = 2",
    )
    assert [(step["pack"], step["mode"], step["binding"]) for step in found["ladder"]] == [
        ("cn-base", "floor", True),
        ("cq-order-375", "floor", True),
        ("cq-mietc-2021-6", "floor", False),
    ]


def test_rule_for_people() -> None:
    """One fact a line; the place can be clicked."""
    lines = run("explain", "--tenant", "chongqing", "publication.days", "--on", "2026-11-22").splitlines()
    assert lines[:4] == [
        "chongqing publication.days（2026-11-22）",
        "  含义  抽查结束后公开的期限",
        "  值  20 工作日",
        "  依据  渝经信发〔2021〕6号 第十四条",
    ]
    assert lines[-1].startswith("    cq-mietc-2021-6  20 工作日  上限，约束本机关  shuangsui/data/rules/")


def test_rule_with_one_value_only_says_so() -> None:
    """Whoever would change it reads why that cannot be."""
    why = "办法第八条：每个检查组确定一名组长，由其提交检查记录"
    lines = run("explain", "--tenant", "chongqing", "team.leaders", "--on", "2026-11-22").splitlines()
    assert (explained("team.leaders")["only"], f"  固定  {why}" in lines) == (why, True)
    assert "only" not in explained("publication.days")


def test_setting_shows_the_folder_it_comes_from() -> None:
    """Settings of ``tenant.toml`` are explained the same way."""
    found = explained("plugins")
    assert (found["value"], found["file"], found["line"], found["article"]) == (
        ["channel-portal", "entropy-ceremony", "experts-roster", "rules-cq-order-375"],
        "tenants/chongqing/tenant.toml",
        8,
        None,
    )


def test_without_a_key_every_rule_is_listed() -> None:
    """All keys with the digest that a draw's plan commits."""
    found = explained()
    assert [value["key"] for value in found["values"]] == list(KEYS)
    assert len(found["digest"]) == 64


def test_list_for_people_names_every_key() -> None:
    """One row a key."""
    text = run("explain", "--tenant", "yuzhong")
    assert not [key for key in KEYS if key not in text]


def test_unknown_key_names_similar_ones() -> None:
    """Rules and settings are searched together."""
    with pytest.raises(NotFound) as caught:
        explained("plugns")
    assert (caught.value.code, caught.value.params["suggestions"].split("、")[0]) == ("rule_unknown", "plugins")


def test_r18_1_day_before_the_measures() -> None:
    """R18.1: the answer is that no rule is in force."""
    with pytest.raises(NotFound) as caught:
        explained("publication.days", "--on", "2021-02-01")
    assert caught.value.code == "rule_unset"


def test_reference_is_printed_byte_for_byte() -> None:
    """What is redirected into the README is the rendered text and nothing else."""
    assert run("reference") == reference.render()
