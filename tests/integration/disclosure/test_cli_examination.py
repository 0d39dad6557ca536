"""``shuangsui disclosure test`` and ``test-report`` on an embedded installation."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from authority import Authority
from inprocess import answer, run
from inspecting import team
from shuangsui import db
from shuangsui.calendar import official
from shuangsui.draws import feasibility
from shuangsui.errors import BadInput, RuleRefused
from shuangsui.migrations import migrate

INSPECTION = ("--tenant", "chongqing", "--as", "inspection")


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """An installation whose clock may be moved."""
    monkeypatch.setenv("SHUANGSUI_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("SHUANGSUI_SIMULATED_CLOCK", "true")
    monkeypatch.setenv("SHUANGSUI_TENANTS", str(Path(__file__).parents[3] / "tenants"))
    monkeypatch.setattr(feasibility, "TRIALS", 1)
    (tmp_path / "var").mkdir()
    url = f"sqlite:///{tmp_path / 'var' / 'shuangsui.db'}"
    migrate(url)
    return Authority(db.engine(url, simulated_clock=True), tmp_path)


def test_r14_4_test_and_report_from_the_command_line(installed: Authority, tmp_path: Path) -> None:
    """Out of the clock on evidence; the report is handed in as a file although the task is settled."""
    no, today = team(installed).whole().no, installed.today
    letter, report = tmp_path / "委托书.pdf", tmp_path / "报告.pdf"
    letter.write_bytes(b"%PDF-1.7 letter")
    report.write_bytes(b"%PDF-1.7 report")
    proof = answer("evidence", "add", no, letter, *INSPECTION)["sha256"]
    asked = ("--institution", "市计量质量检测研究院", "--commissioned", today, "--expected", today + timedelta(days=28))
    with pytest.raises(RuleRefused, match="testing_unproven"):
        run("disclosure", "test", no, *asked, *INSPECTION)
    with pytest.raises(BadInput, match="date_invalid"):
        run("disclosure", "test", no, *asked[:2], "--commissioned", "明天", *asked[4:], *INSPECTION)
    shown = run("disclosure", "test", no, *asked, "--evidence", proof, *INSPECTION)
    assert shown == f"抽查结果 {no}/1：等待检验检测鉴定报告，期限停止计算。\n"
    run("finding", "close", no, *INSPECTION)
    told = answer("disclosure", "test-report", no, "--reported", today, "--file", report, *INSPECTION)
    due = official().add(today, 20).due.isoformat()
    assert (told["since"], told["start"], told["due"]) == ("reported", today.isoformat(), due)
    assert answer("disclosure", "due", "--tenant", "chongqing", "--days", "20")[0]["since"] == "reported"
