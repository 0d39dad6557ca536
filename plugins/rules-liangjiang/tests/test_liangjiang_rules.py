"""What the district fixes otherwise: every value with its provision, in the platform's ladder, bounded options."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

import shuangsui_rules_liangjiang as plugin
from shuangsui import Context, RuleAmendment
from shuangsui.cli.config import app
from shuangsui_rules_liangjiang import Options

ROOT = Path(__file__).parents[3]
DOCUMENT = "两江新区示范〔2026〕1号"


def said(**options: Any) -> dict[str, RuleAmendment]:
    """The amendments by key."""
    found = plugin.amend_rules(Context("liangjiang", Options(**options), Path()))
    return {one.key: one for one in found}


def explained(key: str, tenant: str = "liangjiang") -> dict[str, Any]:
    """``config explain --json`` of the tenants as they are shipped."""
    words = ["explain", "--tenant", tenant, key, "--on", "2026-11-22", "--json"]
    result = CliRunner().invoke(app, words, env={"SHUANGSUI_TENANTS": str(ROOT / "tenants")}, catch_exceptions=False)
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_every_provision_is_an_amendment() -> None:
    """Four keys, each by an article of the one document."""
    assert {key: (one.value, one.article, one.own_basis) for key, one in said().items()} == {
        "publication.days": (15, "第三条", DOCUMENT),
        "draw.least_percent": (("D=10",), "第四条", DOCUMENT),
        "team.officers_for": (("JX-01=3", "JX-02=3"), "第五条", DOCUMENT),
        "recusal.after_inspection_days": (180, "第六条", DOCUMENT),
    }


def test_numbers_are_options() -> None:
    """The words say the same number as the value."""
    found = said(publication_days=12, class_d_percent=30, explosives=("MB", "MB"), explosives_officers=4, rest_days=0)
    assert [one.value for one in found.values()] == [12, ("D=30",), ("MB=4",), 0]
    assert found["publication.days"].text == "抽查结束后12个工作日内公开"
    assert said(explosives=())["team.officers_for"].value == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"publication_days": 21}, {"publication_days": 0}, {"class_d_percent": 101}, {"class_d_percent": 0},
        {"explosives_officers": 1}, {"rest_days": -1}, {"explosives": ("JX=01",)}, {"document": ""}, {"days": 15},
    ],
)  # fmt: skip
def test_options_are_bounded(wrong: dict[str, Any]) -> None:
    """No option is looser than the measures or makes no sense."""
    with pytest.raises(ValidationError):
        Options(**wrong)


def test_r17_1_explain_names_the_plugin_and_its_article() -> None:
    """The whole answer of the command line: the plugin's value above the measures' ceiling."""
    found = explained("publication.days")
    ladder = found.pop("ladder")
    assert found == {
        "tenant": "liangjiang", "key": "publication.days", "on": "2026-11-22", "description": "抽查结束后公开的期限",
        "unit": "工作日", "value": 15, "pack": "rules-liangjiang", "file": "插件 rules-liangjiang", "line": None,
        "basis": f"{DOCUMENT} 第三条", "article": "第三条", "mode": "free", "binding": True, "own_basis": DOCUMENT,
        "text": "抽查结束后15个工作日内公开",
    }  # fmt: skip
    assert [(step["pack"], step["value"], step["mode"]) for step in ladder] == [
        ("cq-mietc-2021-6", 20, "ceiling"), ("rules-liangjiang", 15, "free"),
    ]  # fmt: skip


def test_nobody_else_is_amended() -> None:
    """The neighbour keeps the measures' term."""
    found = explained("publication.days", "yuzhong")
    assert (found["value"], found["pack"]) == (20, "cq-mietc-2021-6")
