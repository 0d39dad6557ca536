"""A leader who must withdraw, and who leads then, by pages and their twins (articles 8 and 9)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select

from authority import SUPERVISOR, Authority
from officials import Official
from shuangsui.draws.tables import Appointment, Draw


@pytest.fixture
def draw(authority: Authority) -> Draw:
    """With its result, nothing dispatched."""
    return authority.drawn()


def task_of(official: Official, draw: Draw) -> dict[str, Any]:
    """The first task of the draw as its page has it."""
    return dict(official.read(f"/draws/{draw.no}/tasks/0")["task"])


def appointed(authority: Authority) -> list[tuple[str, str, str]]:
    """Who was named, why, and by whom."""
    with authority.session() as session:
        return [(row.person, row.reason, row.by) for row in session.exec(select(Appointment).order_by(Appointment.at))]


def test_r9_5_recused_leader_is_followed_by_whom_the_draw_gives(
    draw: Draw, authority: Authority, enter: Callable[..., Official]
) -> None:
    """R9.5: nothing goes out before the decision; the seat is drawn again and leads, until another is appointed."""
    lead, supervisor, at = enter("lead"), enter("supervisor"), f"/draws/{draw.no}/tasks/0"
    head, second = task_of(lead, draw)["teams"]
    assert lead.refused(f"{at}/recuse", person=head, raised_by="object", raiser="谁", why="kinship") == (
        422, "recusal_raiser", None,
    )  # fmt: skip
    lead.done(f"{at}/recuse", person=head, raised_by="object", why="kinship", detail="连襟")
    (case,) = lead.read("/recusals")["rows"]
    task = task_of(lead, draw)
    assert (case["raiser"], case["person"]) == (task["code"], head)
    assert (case["raiser_text"], case["person_text"]) == (
        f"{task['name']}（{task['code']}）", f"检查员{head[2:]}（{head}）",
    )  # fmt: skip
    sent = {"draw": draw.no, "mode": "onsite", "reason": "核对设备"}
    assert lead.refused("/tasks/dispatch", **sent) == (409, "recusal_undecided", "第九条")
    assert lead.call(f"/recusals/{case['no']}/decide", {"outcome": "uphold", "reason": "属实"}).status_code == 200
    assert lead.refused("/tasks/dispatch", **sent)[1] == "replacement_open"
    supervisor.done(f"/draws/{draw.no}/reveal", who=SUPERVISOR, value=authority.reveal(draw, 1))
    lead.done(f"/draws/{draw.no}/run")
    after = task_of(lead, draw)
    assert (head in after["teams"], after["leader"], after["teams"][1]) == (False, after["teams"][0], second)
    lead.done(f"{at}/leader", person=second, reason="新任组长对本行业不熟悉")
    made = lead.call("/tasks/dispatch", sent).json()["tasks"]
    shown = lead.read(f"/tasks/{made[0]}")
    assert shown["team"] == [second, after["teams"][0]]
    assert appointed(authority) == [(second, "新任组长对本行业不熟悉", "lead")]


def test_r8_3_leader_is_appointed_on_record(draw: Draw, authority: Authority, enter: Callable[..., Official]) -> None:
    """R8.3: an officer of the team chosen by name, with a reason; an expert or a stranger never."""
    lead, at = enter("lead"), f"/draws/{draw.no}/tasks/0"
    task = task_of(lead, draw)
    head, second = task["teams"]
    page = lead.page(at).text
    choices = page.partition('id="leader-person"')[2].partition("</select>")[0]
    assert (f'<option value="{second}">' in choices, f'<option value="{head}">' in choices) == (True, False)
    why = "原组长在外执行任务"
    assert lead.refused(f"{at}/leader", person=task["experts"][0], reason=why) == (409, "leader_not_officer", "第八条")
    assert lead.refused(f"{at}/leader", person="ZF9999", reason=why) == (409, "leader_not_officer", "第八条")
    assert lead.refused(f"{at}/leader", person=second, reason=" ") == (422, "choice_reason", None)
    assert enter("inspection").call(f"{at}/leader", {"person": second, "reason": why}).status_code == 403
    assert lead.call(f"{at}/leader", {"person": second, "reason": why}).json() == {"leader": second}
    named = lead.read(at)["facts"]["组长"]
    assert named == f"检查员{second[2:]}（{second}）"
    assert [row["what"] for row in lead.read(at)["tables"][1]["rows"]] == [f"指定组长 {named}"]
    lead.done(f"{at}/leader", person=head, reason="原组长已返回")
    assert (task_of(lead, draw)["leader"], appointed(authority)) == (
        head, [(second, why, "lead"), (head, "原组长已返回", "lead")],
    )  # fmt: skip
