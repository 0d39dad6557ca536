"""From the first line of a plan to the result of its draw by pages alone, each step by whoever may."""

from __future__ import annotations

from authority import SUPERVISOR
from by_pages import LINE, draft, freeze, plan
from fairdraw import seed
from fairdraw.secret import make
from fairdraw.suites import hasher
from offices import Offices
from shuangsui.access.policy import Role
from shuangsui.draws.office import find
from shuangsui.errors import NotAllowed
from shuangsui.ledger.service import verify
from shuangsui.texts import sentence

C0 = bytes(range(32))


def drawn(offices: Offices) -> str:
    """The address of a finished draw."""
    plan(offices)
    draw = freeze(offices)
    made = draft(offices, draw)
    offices.done("lead", f"{draw}/commit", who=SUPERVISOR, commitment=make(made, SUPERVISOR, C0, None)["commit"])
    offices.authority.wait(minutes=31)
    offices.open.clear()  # half an hour without use ends a session
    offices.done("supervisor", f"{draw}/event", digits="31415926535897932384")
    value = seed.chain(C0, made["replacements"], hasher(made["suite"]))[-1].hex()
    offices.done("supervisor", f"{draw}/reveal", who=SUPERVISOR, value=value)
    offices.done("lead", f"{draw}/run")
    return draw


def test_r8_6_from_plan_draft_to_result_by_pages_only(stocked: Offices) -> None:
    """The page shows what its twin says; the ledger verifies and the public pages stand on disk."""
    draw = drawn(stocked)
    shown, page = stocked.data("lead", draw), stocked.page("lead", draw)
    tasks = next(table["rows"] for table in shown["tables"] if table["title"] == "抽取结果")
    cells = [row[name] for row in tasks for name in ("object", "team")]
    assert [one for one in (shown["title"], *shown["facts"], *cells) if one not in page] == []
    assert (f"/console{draw}/void" in page, f"/console{draw}/run" in page) == (False, False)
    assert f"/console{draw}/void" in stocked.page("leader", draw)
    assert (shown["draw"]["state"], shown["acts"], len(shown["public"]["tasks"])) == (
        "drawn", ["void"], shown["draw"]["selected"],
    )  # fmt: skip
    assert (stocked.authority.folder / "var/public/chongqing" / draw[1:] / "result.json").is_file()
    with stocked.authority.session() as session:
        assert find(session, shown["draw"]["draw"]).operator == "lead"
        assert verify(session).faults == ()


def test_r6_5_registry_changes_of_thirty_days_stand_beside_the_draw_as_counts(stocked: Offices) -> None:
    """The import of the registries a moment ago, and on the page below it who did it."""
    plan(stocked)
    draw = freeze(stocked)
    counts = next(one["rows"] for one in stocked.data("leader", draw)["tables"] if one["title"] == "冻结前的名录变更")
    assert [(one["registry"], one["days"], one["added"]) for one in counts] == [
        ("检查对象名录", 30, 200), ("执法检查人员名录", 30, 12),
    ]  # fmt: skip
    rows = stocked.data("leader", f"{draw}/changes")["rows"]
    assert (len(rows), {row["actor"] for row in rows}) == (212, {"lead"})


def test_a8_nobody_approves_the_own_plan(stocked: Offices) -> None:
    """One sentence on the page with what was refused, and the plan still waits."""
    stocked.staff("lead", lead=Role.LEADER)
    stocked.done("lead", "/plans/new", year="2026")
    stocked.done("lead", "/plans/2026/add", **LINE)
    stocked.done("lead", "/plans/2026/submit")
    answer = stocked.submit("lead", "/plans/2026/approve")
    assert (answer.status_code, answer.text.count('role="alert"')) == (403, 1)
    assert sentence(NotAllowed("same_person", login="lead")) in answer.text
    assert stocked.data("leader", "/plans/2026")["plan"]["state"] == "submitted"


def test_a8_acts_of_other_roles_stand_on_no_page(stocked: Offices) -> None:
    """The leader sees no form to edit; sending one anyway is refused."""
    stocked.done("lead", "/plans/new", year="2026")
    assert "/plans/2026/add" not in stocked.page("leader", "/plans/2026")
    assert stocked.call("leader", "/plans/2026/add", LINE).status_code == 403


def test_r7_3_line_above_the_cap_is_refused_with_its_article_and_what_was_typed(stocked: Offices) -> None:
    """On the page and to a program alike, and no line is added."""
    stocked.done("lead", "/plans/new", year="2026")
    wrong = LINE | {"rest": "60%", "a": "60%", "b": "60%", "c": "60%", "d": "60%", "flag": "61%"}
    page, answer = stocked.submit("lead", "/plans/2026/add", **wrong), stocked.call("lead", "/plans/2026/add", wrong)
    assert (answer.status_code, answer.json()["code"], answer.json()["article"]) == (409, "over_cap", "第五条")
    assert (page.status_code, answer.json()["detail"] in page.text, 'value="61%"' in page.text) == (409, True, True)
    assert stocked.data("lead", "/plans/2026")["plan"]["lines"] == []


def test_srd_7_2_second_person_of_an_abandonment_is_there_in_person(stocked: Offices) -> None:
    """A name alone is refused; with the own password the draw is withdrawn."""
    plan(stocked)
    draw = freeze(stocked)
    wish = {"reason": "plan-error", "second": "supervisor"}
    refused = stocked.call("lead", f"{draw}/abandon", wish | {"password": "supervisor"})
    assert (refused.status_code, refused.json()["code"]) == (409, "second_absent")
    assert stocked.data("lead", draw)["draw"]["state"] == "frozen"
    done = stocked.call("lead", f"{draw}/abandon", wish | {"password": "Correct horse battery 1"})
    assert (done.status_code, done.json()["state"]) == (200, "withdrawn")


def test_p3_foreign_draw_and_plan_are_not_found(stocked: Offices) -> None:
    """Another authority sees neither, in no form."""
    plan(stocked)
    draw = freeze(stocked)
    beside = Offices(stocked.authority.beside("liangjiang"), stocked.stack)
    answers = [beside.at("lead").get(f"/api{path}").status_code for path in (draw, f"{draw}/tasks/0", "/plans/2026")]
    assert (answers, beside.call("lead", f"{draw}/void", {"reason": "试"}).status_code) == ([404, 404, 404], 403)
    assert beside.call("leader", f"{draw}/void", {"reason": "试"}).status_code == 404
