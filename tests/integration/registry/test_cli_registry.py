"""``shuangsui registry`` on an embedded installation: answers as JSON, files of errors, exit status."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from shuangsui.access.policy import Role
from shuangsui.access.service import add_user, bootstrap, grant
from shuangsui.cli import app
from shuangsui.cli.desk import desk
from shuangsui.errors import NotAllowed, RowErrors

from .conftest import CODES, FIRMS

HERE = ("--tenant", "chongqing")
AS = (*HERE, "--as", "lead")
Run = Callable[..., Any]


@pytest.fixture(autouse=True)
def staff(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An embedded installation with an officer and a leader."""
    monkeypatch.setenv("SHUANGSUI_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("SHUANGSUI_TENANTS", str(Path(__file__).parents[3] / "tenants"))
    with desk("chongqing").session() as session:
        bootstrap(session, "guard", "安全员", account="os:test")
        for login, role in (("lead", Role.LEAD_OFFICE), ("leader", Role.LEADER)):
            add_user(session, login, login, by="guard")
            grant(session, login, role, by="guard")


def answer(*words: str) -> Any:
    """The JSON document of ``shuangsui registry …``; errors of the platform come through."""
    result = CliRunner().invoke(app, ["registry", *words, "--json"])
    if result.exception and not isinstance(result.exception, SystemExit):
        result.exception.add_note(result.stdout)
        raise result.exception
    assert result.exit_code == 0
    return json.loads(result.stdout)


def shown(*words: str) -> str:
    """What a person sees."""
    result = CliRunner().invoke(app, ["registry", *words])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_import_answers_with_counts(write):
    """Rows, accepted, and what changed."""
    done = answer("import", "objects", str(write("objects")), *AS)
    assert {name: done[name] for name in ("rows", "accepted", "changed", "errors", "warnings", "notes", "dry_run")} == {
        "rows": 3, "accepted": 3, "changed": {"added": 3, "changed": 0, "removed": 0}, "errors": [],
        "warnings": 0, "notes": 0, "dry_run": False,
    }  # fmt: skip


def test_dry_run_shows_the_diff_and_writes_nothing(write):
    """Column by column, from and to."""
    answer("import", "objects", str(write("objects")), *AS)
    other = write("objects", [[FIRMS[0][0], "甲股份公司（模拟）", *FIRMS[0][2:]]], "改.csv")
    done = answer("import", "objects", str(other), "--dry-run", "--partial", *AS)
    assert (done["dry_run"], done["changed"]) == (True, {"added": 0, "changed": 1, "removed": 0})
    assert done["first_changes"] == [
        {"key": CODES[0], "change": "changed", "columns": {"name": ["甲有限公司（模拟）", "甲股份公司（模拟）"]}}
    ]
    assert [one["size"] for one in answer("status", *HERE)] == [3, 0, 0, 0, None, None]


def test_refused_file_answers_with_every_error_and_writes_them_beside_the_rows(write, tmp_path):
    """One document on stdout, a workbook with the original columns, nothing in the registry."""
    bad = write("objects", [FIRMS[0], ["91500000MAXX00007D", *FIRMS[1][1:6], "不详"]])
    out = tmp_path / "错误.xlsx"
    with pytest.raises(RowErrors) as refused:
        answer("import", "objects", str(bad), "--errors", str(out), *AS)
    document = json.loads(refused.value.__notes__[0])
    assert (document["rows"], document["accepted"]) == (2, 0)
    assert document["changed"] == {"added": 0, "changed": 0, "removed": 0}
    assert [(error["row"], error["column"], error["code"]) for error in document["errors"]] == [
        (3, "统一社会信用代码", "uscc_check"),
        (3, "状态", "bad_choice"),
    ]
    head, first, second = CalamineWorkbook.from_path(out).get_sheet_by_index(0).to_python()
    assert head[:3] == ["行号", "统一社会信用代码", "名称"]
    assert (first[1], first[-2], second[-2]) == ("91500000MAXX00007D", "uscc_check", "bad_choice")
    assert answer("history", "objects", *AS) == []


def test_history_names_actor_source_and_change(write):
    """Between two days, of one code."""
    answer("import", "objects", str(write("objects")), *AS)
    answer("import", "objects", str(write("objects", FIRMS[:2], "二.csv")), *AS)
    (past,) = answer("history", "objects", "--key", CODES[2], "--from", "2026-01-01", *AS)[1:]
    assert (past["actor"], past["source"], past["change"], past["after"]) == ("lead", "二.csv", "removed", None)
    assert answer("history", "objects", "--to", "2025-12-31", *AS) == []


def test_items_become_a_draft():
    """Both spellings of a list's headers are known; the draft has version 1."""
    path = Path(__file__).parents[2] / "data" / "registry" / "items-zhejiang-a.csv"
    done = answer("import", "items", str(path), *AS)
    assert (done["rows"], done["accepted"], done["changed"]["added"]) == (40, 40, 40)


def test_user_without_the_verb_is_refused_before_the_file_is_read(tmp_path):
    """The file does not even exist."""
    with pytest.raises(NotAllowed):
        answer("import", "objects", str(tmp_path / "无.csv"), *HERE, "--as", "leader")


def test_people_see_counts_differences_and_warnings(write):
    """The same answers as a text."""
    text = shown("import", "objects", str(write("objects")), *AS)
    assert text.startswith("检查对象名录 3 行，新增 3，变更 0，移出 0；已写入\n")
    assert shown("import", "objects", str(write("objects")), *AS).splitlines() == [
        "检查对象名录 3 行，新增 0，变更 0，移出 0；已写入"
    ]
    assert "新增" in shown("history", "objects", *AS)
    assert "名录.csv" in shown("status", *HERE)


def test_decisions_are_imported_listed_and_corrected(tmp_path):
    """Counts, every error with its line, and what a number said before."""
    path, report = tmp_path / "决定.csv", tmp_path / "错误.xlsx"
    header = (
        "决定书文号,决定种类,决定名称,相对人名称,统一社会信用代码,类别,内容,决定日期,决定机关,决定机关统一社会信用代码"
    )
    line = f"某许〔2024〕1号,行政许可,销售许可,甲有限公司（模拟）,{CODES[0]},核准,准予销售,2024-03-02,某委,{CODES[1]}"

    def taken(text: str, *more: str) -> Any:
        path.write_text(f"{header}\n{text}\n", "utf-8")
        return answer("import", "decisions", str(path), *AS, *more)

    assert taken(line)["changed"] == {"added": 1, "changed": 0, "removed": 0}
    assert taken(line.replace("准予", "不予"))["changed"] == {"added": 0, "changed": 1, "removed": 0}
    with pytest.raises(RowErrors) as refused:
        taken(line.replace("准予", "准予13812345678"), "--errors", str(report))
    assert [(one.row, one.column, one.code) for one in refused.value.errors] == [(2, "内容", "personal_data")]
    assert CalamineWorkbook.from_path(str(report)).get_sheet_by_index(0).to_python()[1][0] == "2"
    past = answer("history", "decisions", *AS, "--key", "某许〔2024〕1号")
    assert [one["after"]["content"] for one in past] == ["准予销售", "不予销售"]
    status = {one["kind"]: one["last_import"] for one in answer("status", *HERE)}
    assert status["decisions"]["source"] == "决定.csv"
