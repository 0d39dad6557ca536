"""What the zone fixes otherwise: every value with its provision, in the platform's ladder, bounded options."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

import shuangsui_rules_gaoxin as plugin
from shuangsui import Context
from shuangsui.cli.config import app
from shuangsui_rules_gaoxin import Options

ROOT = Path(__file__).parents[3]
DOCUMENT = "高新区示范〔2026〕1号"
PROVISIONS = {
    "plan.due": ("03-15", "第二条"),
    "plan.remind": ("02-15", "第二条"),
    "notice.contents": (("basis", "content", "rights"), "第三条"),
    "rectification.max_days": (60, "第四条"),
    "followup.escalate_days": (3, "第四条"),
}


def test_every_provision_is_an_amendment() -> None:
    """Five keys, each by an article of the one document."""
    found = plugin.amend_rules(Context("gaoxin", Options(), Path()))
    assert {one.key: (one.value, one.article) for one in found} == PROVISIONS
    assert {one.own_basis for one in found} == {DOCUMENT}


@pytest.mark.parametrize(
    "wrong",
    [{"plan_due": "04-01"}, {"plan_remind": "3-1"}, {"rectification_days": 91}, {"escalate_days": 6}, {"due": "03-15"}],
)
def test_options_are_bounded(wrong: dict[str, Any]) -> None:
    """No option is looser than the measures."""
    with pytest.raises(ValidationError):
        Options(**wrong)


def test_r17_1_every_value_in_force_is_the_plugins() -> None:
    """All rules of the zone as the command line lists them: these five and no other come from the plugin."""
    words = ["explain", "--tenant", "gaoxin", "--on", "2026-11-22", "--json"]
    result = CliRunner().invoke(app, words, env={"SHUANGSUI_TENANTS": str(ROOT / "tenants")}, catch_exceptions=False)
    values = json.loads(result.stdout)["values"]
    mine = {one["key"]: one for one in values if one["file"] == "插件 rules-gaoxin"}
    assert {key: (one["value"], one["basis"]) for key, one in mine.items()} == {
        key: (list(value) if isinstance(value, tuple) else value, f"{DOCUMENT} {article}")
        for key, (value, article) in PROVISIONS.items()
    }
