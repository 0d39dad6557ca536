"""监督: what went other than usual in a year, counted by months, with who and why."""

from __future__ import annotations

from datetime import date
from typing import Any

from authority import SUPERVISOR
from by_pages import draft, freeze, plan
from console import SECRET
from fairdraw.secret import make
from offices import Offices
from shuangsui.disclosure.tables import Since, Term

KINDS = ("没有结果或作废的抽取", "替换", "回避申请", "逾期公开", "规则修订")
SHARES = "不经随机抽取的检查（第十七条）"


def seen(offices: Offices, query: str = "") -> tuple[dict[str, int], dict[str, list[dict[str, Any]]]]:
    """Counts by kind, and the rows by the titles of their tables."""
    shown = offices.data("supervisor", f"/oversight{query}")
    return {kind["title"]: kind["count"] for kind in shown["kinds"]}, {
        table["title"]: table["rows"] for table in shown["tables"]
    }


def abandon(offices: Offices, draw: str, reason: str) -> None:
    """Two people let it go."""
    offices.done("lead", f"{draw}/abandon", reason=reason, second="supervisor", password=SECRET)


def test_nothing_unusual_is_five_times_nothing(stocked: Offices) -> None:
    """A year without any of it says so, and has its quarters."""
    counts, tables = seen(stocked)
    assert counts == dict.fromkeys(KINDS, 0)
    assert [*tables] == [SHARES]
    assert {row["state"] for row in tables[SHARES]} == {"正常"}


def test_r8_6_draws_that_were_let_go_stand_there_with_who_and_why(stocked: Offices) -> None:
    """Before the commitments one is withdrawn, after them abandoned: neither can be hidden."""
    plan(stocked)
    first = freeze(stocked)
    abandon(stocked, first, "plan-error")
    second = freeze(stocked)
    commit = make(draft(stocked, second), SUPERVISOR, bytes(32), None)["commit"]
    stocked.done("lead", f"{second}/commit", who=SUPERVISOR, commitment=commit)
    abandon(stocked, second, "legal-order")
    counts, tables = seen(stocked)
    rows = [(row["no"], row["what"], row["reason"], row["actor"]) for row in tables[KINDS[0]]]
    assert (counts, sorted(rows)) == (
        dict.fromkeys(KINDS, 0) | {KINDS[0]: 2},
        [
            (first.removeprefix("/draws/"), "已撤回", "抽取方案有错误", "lead"),
            (second.removeprefix("/draws/"), "已作废", "依法定机关的决定停止", "lead"),
        ],
    )
    assert stocked.data("supervisor", "/oversight")["draws"] == 2
    past = [table["rows"] for table in stocked.data("supervisor", first)["tables"] if table["title"] == "经过"]
    assert [row["act"] for rows in past for row in rows] == ["draw.withdraw", "draw.freeze"]
    assert f'href="/console{second}"' in stocked.page("supervisor", "/oversight")


def test_r14_9_what_became_public_too_late_is_counted_in_the_month_of_its_last_day(stocked: Offices) -> None:
    """Met after the day, or not yet although it is over; met in time is not there."""
    with stocked.authority.session() as session:
        for key, due, met in (("late", 1, date(2026, 1, 4)), ("open", 2, None), ("good", 3, date(2026, 1, 3))):
            day = date(2026, 1, due)
            session.add(Term(kind="round", key=key, draw_no=key, since=Since.RUNNING, start=day, due=day, met=met))
        session.commit()
    counts, tables = seen(stocked, "?year=2026")
    assert {row["key"]: row["met"] for row in tables["逾期公开"]} == {"late": "2026-01-04", "open": "还没有公开"}
    kind = next(
        one for one in stocked.data("supervisor", "/oversight?year=2026")["kinds"] if one["title"] == "逾期公开"
    )
    assert (counts["逾期公开"], kind["months"]) == (2, [2, *[0] * 11])


def test_another_year_is_another_page(stocked: Offices) -> None:
    """A year that is not over yet cannot be asked for."""
    assert stocked.data("supervisor", "/oversight?year=2025")["year"] == 2025
    assert stocked.data("supervisor", "/oversight?year=2099")["year"] == stocked.authority.today.year
