"""Who reaches what on the pages of inspections, and what is written down of it (articles 13 and 16)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlmodel import col, select

from authority import Authority, inspectors
from console import DATA
from inspecting import Team, team
from officials import Official
from shuangsui.access.policy import Role
from shuangsui.inspections.tables import ObjectAccess, Submission


@pytest.fixture
def one(authority: Authority) -> Team:
    """The first task of a draw, dispatched."""
    return team(authority)


def opened(authority: Authority, login: str) -> list[str]:
    """The objects whose files somebody opened."""
    with authority.session() as session:
        query = select(ObjectAccess).where(ObjectAccess.actor == login).order_by(col(ObjectAccess.at))
        return [row.object_code for row in session.exec(query)]


def test_a_foreign_tenants_task_is_missing(one: Team, authority: Authority, enter: Callable[..., Official]) -> None:
    """Like one that never was, in every page and act."""
    beside = authority.beside("yuzhong")
    with beside.session() as session:
        assert session.tenant == "yuzhong"
    a = enter("inspection")
    a.browser.cookies.clear()
    assert a.browser.sign_in("inspection", tenant="yuzhong").status_code == 303
    a.csrf = a.browser.csrf()
    for path in ("", "/visit", "/record", "/evidence", "/findings/1"):
        mine = a.browser.get(f"/api/tasks/{one.no}{path}", headers=DATA)
        never = a.browser.get(f"/api/tasks/RW2026-9999{path}", headers=DATA)
        assert (
            (mine.status_code, mine.json()["code"])
            == (never.status_code, never.json()["code"])
            == (404, "task_missing")
        )
        assert a.page(f"/tasks/{one.no}{path}").status_code == 404
    for name in ("accept", "record/open", "visit/not-found"):
        assert a.call(f"/tasks/{one.no}/{name}").status_code == 404
    assert a.read("/tasks")["count"] == 0
    assert one.read().state == "dispatched"


def test_an_inspector_reaches_the_tasks_of_the_own_teams_only(
    one: Team, authority: Authority, enter: Callable[..., Official]
) -> None:
    """A task of others answers as missing; who only administers reaches none."""
    team_ = one.people()
    member, stranger = team_[0], next(row["cert_no"] for row in inspectors(12) if row["cert_no"] not in team_)
    mine = enter("wang", Role.INSPECTOR, certificate=member)
    other = enter("li", Role.INSPECTOR, certificate=stranger)
    admin = enter("zhang", Role.SYSTEM_ADMIN)
    assert [row["no"] for row in mine.read("/my/tasks")["rows"]].count(one.no) == 1
    assert mine.read(f"/tasks/{one.no}")["no"] == one.no
    for who in (other, admin):
        assert who.browser.get(f"/api/tasks/{one.no}", headers=DATA).json()["code"] == "task_missing"
        assert who.page(f"/tasks/{one.no}/record").status_code == 404
    assert other.call(f"/tasks/{one.no}/record/open").status_code == 404
    assert mine.browser.get("/api/tasks", headers=DATA).status_code == 403
    assert opened(authority, "li") == []


def test_r16_2_whoever_opens_a_file_is_written_down(
    one: Team, authority: Authority, enter: Callable[..., Official]
) -> None:
    """R16.2: once for each page of the task; the report lists those without a task of their own."""
    a, supervisor = enter("business"), enter("supervisor")
    code = one.read().object_code
    for path in ("", "/visit", "/record", "/evidence"):
        a.read(f"/tasks/{one.no}{path}")
    assert opened(authority, "business") == [code] * 4
    a.read("/tasks")
    assert len(opened(authority, "business")) == 4
    report = supervisor.read("/conduct")["tables"][0]
    assert [(row["actor"], row["object_code"]) for row in report["rows"]] == [("business", code)] * 4
    assert a.browser.get("/api/conduct", headers=DATA).status_code == 403
    assert supervisor.read("/conduct?since=2026-06-16&until=2026-06-17")["tables"][0]["count"] == 0
    assert supervisor.browser.get("/api/conduct?since=x", headers=DATA).json()["code"] == "conduct_day"


def test_r16_3_lengths_of_visits(one: Team, authority: Authority, enter: Callable[..., Official]) -> None:
    """R16.3: from the second officer's arrival to the last one's departure."""
    one.until("leave")
    authority.wait(minutes=95)
    one.leave()
    rows = enter("supervisor").read("/conduct")["tables"][1]["rows"]
    assert [(row["no"], row["n"], row["minutes"]) for row in rows] == [(one.no, 1, 95)]


def sent(**more: object) -> dict[str, object]:
    """What a device sends."""
    content = {"answers": {"1": {"answer": "yes", "facts": ""}}, "facts": "现场查看"}
    return {
        "device": "pad-1", "counter": 1, "base_revision": 0, "device_at": "2026-06-15T10:00:00+08:00",
        "content": content, **more,
    }  # fmt: skip


def test_r13_9_the_same_submission_twice_is_one_record(
    one: Team, authority: Authority, enter: Callable[..., Official]
) -> None:
    """R13.9: the answer is the same, the record has one revision, the ledger one entry."""
    one.until("write")
    a = enter("inspection")
    first, second = (a.call(f"/tasks/{one.no}/submissions", sent()).json() for _ in range(2))
    assert first == second
    assert (first["revision"], first["conflict"], first["conflicts"]) == (1, False, [])
    with authority.session() as session:
        assert len(session.exec(select(Submission)).all()) == 1
    other = a.call(f"/tasks/{one.no}/submissions", sent(content={"facts": "改过"}))
    assert (other.status_code, other.json()["code"]) == (409, "submission_reused")


def test_r13_9_a_conflict_is_data_and_is_decided_by_a_person(one: Team, enter: Callable[..., Official]) -> None:
    """R13.9: both values are shown, the record keeps the first until somebody decides, and nobody signs before."""
    one.until("write")
    a = enter("inspection")
    path = f"/tasks/{one.no}"
    a.call(f"{path}/submissions", sent())
    answer = a.call(f"{path}/submissions", sent(device="pad-2", content={"facts": "另有情况"}))
    assert answer.status_code == 200
    told = answer.json()
    assert (told["conflict"], told["conflicts"]) == (
        True, [{"field": "facts", "mine": "另有情况", "theirs": "现场查看"}],
    )  # fmt: skip
    page = a.page(f"{path}/record").text
    assert ("另有情况" in page, "现场查看" in page, "不同设备填写不一致" in page) == (True, True, True)
    signed = a.call(f"{path}/record/sign", {"person": one.people()[0], "revision": 1})
    assert (signed.status_code, signed.json()["code"]) == (409, "record_conflicts")
    decided = a.call(f"{path}/record/resolve", {"submission": told["id"], "keep": "mine"})
    assert (decided.status_code, decided.json()) == (200, {"revision": 2})
    shown = a.read(f"{path}/record")
    assert (shown["conflicts"], shown["record"]["facts"]) == ([], "另有情况")


def test_the_form_of_a_record_overwrites_nothing_unseen(one: Team, enter: Callable[..., Official]) -> None:
    """Two people with the same page: what the second changed otherwise is shown, what was left alone stays."""
    one.until("write")
    a, b = enter("inspection"), enter("leader", Role.INSPECTION_OFFICE)
    path = f"/tasks/{one.no}/record"
    mine, theirs = a.read(path), b.read(path)
    a.done(f"{path}/save", device=mine["device"], revision="0", facts="甲写的", **{"answer-1": "yes"})
    b.done(f"{path}/save", device=theirs["device"], revision="0", facts="乙写的\r\n两行")
    shown = a.read(path)
    assert (shown["record"]["facts"], shown["record"]["answers"]["1"]["answer"]) == ("甲写的", "yes")
    assert shown["conflicts"][0]["fields"] == [{"field": "facts", "mine": "乙写的\n两行", "theirs": "甲写的"}]
    a.done(f"{path}/save", device=mine["device"], revision="0", facts="甲写的", **{"answer-1": "yes"})
    assert a.read(path)["revision"] == shown["revision"]


def test_the_twin_says_what_the_page_says(one: Team, enter: Callable[..., Official]) -> None:
    """Every fact of the page is in its JSON twin."""
    a = enter("inspection")
    page, twin = a.page(f"/tasks/{one.no}").text, a.read(f"/tasks/{one.no}")
    said = [value for value in twin["facts"].values() if isinstance(value, str)]
    assert [value for value in said if value not in page] == []
    assert (twin["no"], twin["title"], len(twin["tables"])) == (one.no, f"检查任务 {one.no}", 3)
