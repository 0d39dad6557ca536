"""``shuangsui calendar due``: the date and its derivation."""

from __future__ import annotations

import json

from typer.testing import CliRunner

from shuangsui.cli import app


def said(*arguments: str) -> str:
    """What the command prints."""
    result = CliRunner().invoke(app, ["calendar", "due", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_r14_1_date_and_derivation() -> None:
    """Every day up to the last one, and which of them count."""
    found = json.loads(said("--end", "2026-09-30", "--json"))
    assert (found["due"], found["provisional"], found["steps"][-1]["n"]) == ("2026-11-03", False, 20)
    assert [step["why"] for step in found["steps"][:4]] == ["off", "off", "weekend", "weekend"]


def test_r14_11_provisional_term_says_so() -> None:
    """In one sentence, with the other two days that are possible."""
    lines = said("--end", "2026-12-04").splitlines()
    assert lines[-2] == "期限：2026-12-30（当日 24 时）"
    assert lines[-1] == (
        "暂定：下一年的放假安排还没有公布，按可能的最早日期执行；"
        "只按法定节假日推算为 2027-01-04，最晚可能为 2027-01-06。"
    )


def test_other_terms() -> None:
    """Three working days of order 375, by the same engine."""
    assert json.loads(said("--end", "2026-04-30", "--days", "3", "--json"))["due"] == "2026-05-08"
