"""``shuangsui submission``, ``feedback`` and ``ledger openings`` on an embedded installation."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from authority import Authority
from inprocess import answer, run
from inspecting import FORM, Team, team
from shuangsui.errors import NotAllowed, NotFound
from shuangsui.inspections import records, submissions
from shuangsui.inspections.submissions import Sent

T = ("--tenant", "chongqing")
INSPECTION = (*T, "--as", "inspection")
NOON = datetime(2026, 6, 15, 4, tzinfo=UTC)


def clash(installed: Authority) -> Team:
    """A record in which two devices answered the same point differently."""
    one = team(installed).until("write")
    one.act(records.open_record, FORM)
    for device, said in (("A", "yes"), ("B", "na")):
        content: dict[str, Any] = {"answers": {"1": {"answer": said}}}
        one.act(submissions.submit, Sent(device, 1, 0, NOON, content))
    return one


def test_r13_9_conflict_is_listed_shown_and_decided(installed: Authority) -> None:
    """R13.9: both values are shown; the chosen one stands in the record and nothing waits any more."""
    no = clash(installed).no
    listed = answer("submission", "list", no, *INSPECTION)
    assert [(one["device"], one["waiting"]) for one in listed] == [("A", []), ("B", ["answers/1"])]
    waiting = listed[1]["id"]
    assert "待处理" in run("submission", "list", no, *INSPECTION)
    shown = answer("submission", "show", no, waiting, *INSPECTION)
    assert [(one["mine"]["answer"], one["theirs"]["answer"]) for one in shown["fields"]] == [("na", "yes")]
    done = answer("submission", "resolve", no, waiting, "--keep", "mine", *INSPECTION)
    assert done["conflicts_left"] == 0
    record = answer("task", "show", no, *INSPECTION)["record"]
    assert record["answers"]["1"]["answer"] == "na"
    with pytest.raises(NotFound, match="conflict_missing"):
        run("submission", "show", no, waiting, *INSPECTION)


def test_r13_9_only_who_inspects_sees_submissions(installed: Authority) -> None:
    """Neither the list nor the decision is for others."""
    no = clash(installed).no
    waiting = answer("submission", "list", no, *INSPECTION)[1]["id"]
    for words in (("list", no), ("show", no, waiting), ("resolve", no, waiting, "--keep", "mine")):
        with pytest.raises(NotAllowed):
            run("submission", *words, *T, "--as", "business")


def test_r16_1_slip_is_printed_by_the_lead_office_only(installed: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    """R16.1: a form of its own with the token; whoever inspects cannot print it, the supervisor reads the answer."""
    monkeypatch.setenv("SHUANGSUI_KEY_FILE", str(installed.folder / "master.key"))
    no = team(installed).whole().no
    out = installed.folder / "slip.pdf"
    with pytest.raises(NotAllowed):
        run("document", "print", "feedback", no, *INSPECTION, "--out", out)
    printed = answer("document", "print", "feedback", no, *T, "--as", "lead", "--out", out)
    assert out.read_bytes().startswith(b"%PDF")
    token = answer("feedback", "link", no, *T, "--as", "lead")["token"]
    run("feedback", "answer", token, *T, "--rating", "2", "--text", "态度粗暴")
    again = answer("document", "print", "feedback", no, *T, "--as", "lead", "--out", out)
    assert (again["again"], again["number"]) == (True, printed["number"])
    assert [one["rating"] for one in answer("feedback", "read", *T, "--as", "supervisor")] == [2]


def test_r16_2_openings_without_a_task_are_listed(installed: Authority) -> None:
    """R16.2: task, findings, evidence and the registry's history of an object are looks into its file."""
    one = team(installed)
    code = one.read().object_code
    one.accept()
    for words in (
        ("task", "show", one.no),
        ("finding", "list", one.no),
        ("evidence", "list", one.no),
        ("registry", "history", "objects", "--key", code),
    ):
        run(*words, *T, "--as", "business")
        run(*words, *INSPECTION)
    span = ("--from", "2026-06-15", "--to", "2026-06-15")
    report = answer("ledger", "openings", *span, *T, "--as", "supervisor")
    assert [(row["actor"], row["object_code"]) for row in report] == [("business", code)] * 4
    assert "没有本人任务的查阅 4 次" in run("ledger", "openings", *span, *T, "--as", "supervisor")
    assert answer("ledger", "openings", "--from", "2026-06-16", "--to", "2026-06-16", *T, "--as", "supervisor") == []
    with pytest.raises(NotAllowed):
        run("ledger", "openings", *span, *T, "--as", "lead")
