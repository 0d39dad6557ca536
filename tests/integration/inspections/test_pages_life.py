"""One inspection as its officials live it: through pages and the API alone (articles 11, 13 and 15)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from authority import Authority
from inspecting import Team, team
from officials import Official
from shuangsui.access.policy import Role


@pytest.fixture
def one(authority: Authority) -> Team:
    """The first task of a draw, dispatched."""
    return team(authority)


def text(official: Official, no: str) -> dict[str, str]:
    """The form of the record as the page shows it, nothing changed yet."""
    shown = official.read(f"/tasks/{no}/record")
    fields = {"device": shown["device"], "revision": str(shown["revision"])}
    for point in shown["points"]:
        fields |= {f"was-answer-{point['no']}": point["answer"], f"was-facts-{point['no']}": point["facts"]}
        fields |= {f"answer-{point['no']}": point["answer"], f"facts-{point['no']}": point["facts"]}
    return fields | {"was-facts": shown["facts"], "facts": shown["facts"]}


def go_there(official: Official, boss: Official, no: str) -> list[str]:
    """Everything before the record: the team is on site and has shown its certificates."""
    official.done(f"/tasks/{no}/accept")
    official.done(f"/tasks/{no}/propose", reason="年度抽查工作计划")
    boss.done(f"/tasks/{no}/approve")
    official.done(f"/tasks/{no}/notify", materials="营业执照\r\n有关台账")
    official.done(f"/tasks/{no}/deliver", method="直接送达", to="厂长")
    official.done(f"/tasks/{no}/code", code=f"ZFM-{no}")
    people = official.read(f"/tasks/{no}")["team"]
    for person in people:
        official.done(f"/tasks/{no}/visit/check-in", person=person, place="厂区大门")
    official.done(f"/tasks/{no}/visit/certificates", numbers=people)
    return people


def write(official: Official, no: str, wrong: str = "") -> None:
    """Every point in order but ``wrong``."""
    fields = text(official, no)
    numbers = [name.removeprefix("answer-") for name in fields if name.startswith("answer-")]
    answers = {f"answer-{point}": "no" if point == wrong else "yes" for point in numbers}
    more = {f"facts-{wrong}": "计量器具没有检定"} if wrong else {}
    official.done(f"/tasks/{no}/record/save", **{**fields, **answers, **more, "facts": "逐项检查。"})


def public(authority: Authority) -> list[tuple[str, str | None, str | None]]:
    """The results that everybody may read, the newest first, each with the ones before and after it."""
    page = authority.folder / "public" / authority.slug / "results" / "index.json"
    if not page.exists():
        return []
    rows = json.loads(page.read_text("utf-8"))["results"]
    return [(row["outcome"], row["follows"], row["followed_by"]) for row in rows]


def test_a_whole_inspection_through_pages_by_two_officials(
    one: Team, authority: Authority, enter: Callable[..., Official]
) -> None:
    """From acceptance to the end, with a finding that is put right; who proposed does not approve.

    What it found is public once the lead office has decided so, the final result with it (R14.7).
    """
    a, b, lead = enter("inspection"), enter("leader", Role.INSPECTION_OFFICE), enter("lead")
    no = one.no
    people = go_there(a, b, no)
    write(a, no, wrong="1")
    seen = a.read(f"/tasks/{no}/record")["revision"]
    a.done(f"/tasks/{no}/record/sign-object", person="厂长", role="法定代表人", how="signature", revision=seen)
    for person in people:
        a.done(f"/tasks/{no}/record/sign", person=person, revision=seen)
    for person in people:
        b.done(f"/tasks/{no}/visit/leave", person=person)
    a.done(f"/tasks/{no}/record/submit", leader=people[0], categories=["pending"])
    assert public(authority) == []
    assert f"/console/rulings/{no}" in lead.page(f"/tasks/{no}").text
    lead.done(f"/rulings/{no}/publish")
    assert public(authority) == [("发现问题待后续处理", None, None)]
    task = a.read(f"/tasks/{no}")
    assert (task["state"], task["record"]["state"], len(task["findings"])) == ("ended", "confirmed", 1)
    assert a.form(f"/tasks/{no}/close").status_code == 409
    due = (authority.today + timedelta(days=20)).isoformat()
    a.done(f"/tasks/{no}/findings/1/dispose", disposition="rectify", demand="送检", due=due)
    a.done(f"/tasks/{no}/findings/1/proof", statement="已送检，附检定证书")
    a.done(f"/tasks/{no}/findings/1/revisit", people=people)
    assert a.form(f"/tasks/{no}/findings/1/recheck", passed="yes").status_code == 403
    b.done(f"/tasks/{no}/findings/1/recheck", passed="yes", remark="合格")
    b.done(f"/tasks/{no}/finalise", categories=["corrected"])
    key = f"{one.read().draw_no}-0"
    assert public(authority) == [("发现问题经责令已改正", key, None), ("发现问题待后续处理", None, f"{key}-2")]
    b.done(f"/tasks/{no}/close")
    task = b.read(f"/tasks/{no}")
    assert (task["state"], task["acts"], task["findings"][0]["rectification"]["state"]) == (
        "closed",
        ["feedback", "renew-feedback"],
        "passed",
    )
    assert [visit["recheck"] for visit in task["visits"]] == [False, True]
    assert [one["categories"] for one in task["results"]] == [["pending"], ["corrected"]]


def test_r13_1_record_opened_before_check_in_is_only_to_be_read(one: Team, enter: Callable[..., Official]) -> None:
    """R13.1: on the page, in its twin, and for who sends the form all the same."""
    a, b = enter("inspection"), enter("leader")
    no = one.no
    a.done(f"/tasks/{no}/accept")
    page = a.page(f"/tasks/{no}/record").text
    assert ("/record/save" in page, "记录表还不能填写" in page) == (False, True)
    assert a.read(f"/tasks/{no}/record")["writable"] is False
    refused = a.form(f"/tasks/{no}/record/save", **{"answer-1": "yes", "device": "x", "revision": "0"})
    assert refused.status_code == 409
    assert a.read(f"/tasks/{no}/record")["record"] is None
    a.done(f"/tasks/{no}/propose", reason="计划")
    b.done(f"/tasks/{no}/approve")
    a.done(f"/tasks/{no}/notify")
    a.done(f"/tasks/{no}/code", code="ZFM-1")
    first, second = one.people()[:2]
    a.done(f"/tasks/{no}/visit/check-in", person=first, place="大门")
    assert a.read(f"/tasks/{no}/record")["writable"] is False
    a.done(f"/tasks/{no}/visit/check-in", person=second, place="大门")
    assert a.read(f"/tasks/{no}/record")["writable"] is True
    assert "/record/save" in a.page(f"/tasks/{no}/record").text


def test_a_refused_act_says_why_and_keeps_what_was_typed(one: Team, enter: Callable[..., Official]) -> None:
    """The services refuse what the page does not offer; the article is named."""
    a = enter("inspection")
    answer = a.form(f"/tasks/{one.no}/notify", materials="营业执照")
    assert answer.status_code == 409
    assert "当前为“待接收”，不能发出检查通知" in answer.text
    a.done(f"/tasks/{one.no}/accept")
    answer = a.form(f"/tasks/{one.no}/notify", materials="营业执照", unannounced="yes")
    assert (answer.status_code, "（依据：第十一条）" in answer.text, "营业执照" in answer.text) == (409, True, True)


def test_acts_follow_the_state(one: Team, enter: Callable[..., Official]) -> None:
    """Only what makes sense now stands on the page."""
    a, b = enter("inspection"), enter("leader")
    path = f"/tasks/{one.no}"
    assert a.read(path)["acts"] == ["accept", "cancel", "hand-back", "plan"]
    page = a.page(path).text
    assert (f"/console{path}/accept" in page, f"/console{path}/cancel" in page) == (True, False)
    a.done(f"{path}/accept")
    assert a.read(path)["acts"] == ["cancel", "code", "hand-back", "no-code", "notify", "plan", "propose"]
    a.done(f"{path}/propose", reason="计划")
    assert b.read(path)["acts"] == ["approve", "cancel", "code", "hand-back", "no-code", "notify", "plan"]
    b.done(f"{path}/approve")
    a.done(f"{path}/notify")
    assert a.read(path)["acts"] == [
        "cancel", "code", "deliver", "feedback", "hand-back", "materials", "no-code", "plan", "renew-feedback",
    ]  # fmt: skip


def test_visit_of_a_cancelled_task_waits_for_nobody(one: Team, enter: Callable[..., Official]) -> None:
    """Proposed, it stands among what the leader has to decide; cancelled, there is nothing left to approve."""
    a, b, lead = enter("inspection"), enter("leader"), enter("lead")
    a.done(f"/tasks/{one.no}/accept")
    a.done(f"/tasks/{one.no}/propose", reason="计划")
    waiting = {"title": "行政检查待审批", "count": 1, "path": "/tasks"}
    assert waiting in b.read("/")["desk"]["waiting"]
    lead.done(f"/tasks/{one.no}/cancel", reason="企业已注销")
    assert waiting["title"] not in [pile["title"] for pile in b.read("/")["desk"]["waiting"]]


def test_hand_back_and_out_again(one: Team, enter: Callable[..., Official]) -> None:
    """R8.6: with the reason; another office may not hand out."""
    a, lead = enter("inspection"), enter("lead")
    a.done(f"/tasks/{one.no}/hand-back", reason="人员不足")
    shown = lead.read(f"/tasks/{one.no}")
    assert (shown["state"], shown["reason"]) == ("handed_back", "人员不足")
    assert a.form(f"/tasks/{one.no}/again").status_code == 403
    lead.done(f"/tasks/{one.no}/again")
    assert lead.read(f"/tasks/{one.no}")["state"] == "dispatched"


def test_the_list_finds_tasks(one: Team, enter: Callable[..., Official]) -> None:
    """By state and by words; the page links to each."""
    a = enter("inspection")
    every = a.read("/tasks")
    name = next(row["object_name"] for row in every["rows"] if row["no"] == one.no)
    assert [row["no"] for row in a.read(f"/tasks?q={name}")["rows"]] == [one.no]
    a.done(f"/tasks/{one.no}/accept")
    assert [row["no"] for row in a.read("/tasks?state=accepted")["rows"]] == [one.no]
    assert [row["no"] for row in a.read("/my/tasks")["rows"]] == [one.no]
    assert f'href="/console/tasks/{one.no}"' in a.page("/tasks").text
