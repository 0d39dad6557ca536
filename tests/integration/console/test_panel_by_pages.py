"""The page of whoever watches a draw: digits, secret and objection, each by whoever may, as long as it is due."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlmodel import select

from authority import SUPERVISOR
from by_pages import draft, freeze, plan
from fairdraw import seed
from fairdraw.secret import make
from fairdraw.suites import hasher
from offices import Offices
from shuangsui.ledger.service import verify
from shuangsui.ledger.tables import LedgerEntry

C0 = bytes(range(32))
DIGITS = "31415926535897932384"
WRONG = "摇号的第三个球落地后才读数。"
PHONE = "13812345678"


def committed(offices: Offices) -> str:
    """The address of a draw whose plan is public."""
    plan(offices)
    draw = freeze(offices)
    made = draft(offices, draw)
    offices.done("lead", f"{draw}/commit", **promise(made))
    return draw


def promise(made: dict[str, Any]) -> dict[str, str]:
    """What the supervisor's own program says of the draft."""
    return {"who": SUPERVISOR, "commitment": make(made, SUPERVISOR, C0, None)["commit"]}


def acts(offices: Offices, draw: str) -> list[str]:
    """What the panel offers."""
    found: list[str] = offices.data("supervisor", f"{draw}/panel")["acts"]
    return found


def public(offices: Offices, draw: str) -> str:
    """The draw's public page."""
    return (offices.authority.folder / "var/public/chongqing" / draw[1:] / "index.html").read_text("utf-8")


def entries(offices: Offices) -> list[LedgerEntry]:
    """Objections in the ledger."""
    with offices.authority.session() as session:
        return list(session.exec(select(LedgerEntry).where(LedgerEntry.act == "draw.object")))


def test_supervisor_takes_both_steps_on_the_panel_and_stays_there(stocked: Offices) -> None:
    """Each is offered while the draw waits for it; the holders to choose from are those outside the platform."""
    draw = committed(stocked)
    assert acts(stocked, draw) == ["event", "object"]
    stocked.authority.wait(minutes=31)
    stocked.open.clear()  # half an hour without use ends a session
    led = stocked.done("supervisor", f"{draw}/panel/event", digits=f"{DIGITS[:10]} {DIGITS[10:]}")
    assert led.partition("?")[0] == f"/console{draw}/panel"
    assert acts(stocked, draw) == ["object", "reveal"]
    page, made = stocked.page("supervisor", f"{draw}/panel"), draft(stocked, draw)
    assert (f'<option value="{SUPERVISOR}"' in page, '<option value="chongqing-operator"' in page) == (True, False)
    value = seed.chain(C0, made["replacements"], hasher(made["suite"]))[-1].hex()
    stocked.done("supervisor", f"{draw}/panel/reveal", who=SUPERVISOR, value=value)
    stocked.done("lead", f"{draw}/run")
    assert (acts(stocked, draw), stocked.data("lead", draw)["draw"]["state"]) == (["object"], "drawn")


def test_supervisor_promises_on_the_panel_without_the_lead_office_between(stocked: Offices) -> None:
    """The last promise makes the plan public."""
    plan(stocked)
    draw = freeze(stocked)
    assert acts(stocked, draw) == ["commit", "object"]
    stocked.done("supervisor", f"{draw}/panel/commit", **promise(draft(stocked, draw)))
    assert stocked.data("supervisor", draw)["draw"]["state"] == "committed"


def test_objection_is_one_entry_that_everybody_reads_and_that_stops_nothing(stocked: Offices) -> None:
    """On the panel, on the draw's page inside, on the public page and in its twin; never the login of who raised it."""
    draw = committed(stocked)
    stocked.done("supervisor", f"{draw}/panel/object", text=f" {WRONG} ")
    (entry,) = entries(stocked)
    assert (entry.actor, entry.subject, json.loads(entry.payload)) == (
        "supervisor", draw[1:].replace("draws", "draw"), {"text": WRONG, "state": "committed"},
    )  # fmt: skip
    pages = [stocked.page("leader", f"{draw}/panel"), stocked.page("lead", draw), public(stocked, draw)]
    assert [page.count(WRONG) for page in pages] == [1, 1, 1]
    twin = stocked.authority.folder / "var/public/chongqing" / draw[1:] / "index.json"
    (told,) = json.loads(twin.read_text("utf-8"))["objections"]
    assert (told["no"], told["text"], sorted(told)) == (1, WRONG, ["at", "no", "text"])
    assert acts(stocked, draw) == ["event", "object"]
    with stocked.authority.session() as session:
        assert verify(session).faults == ()


def test_objection_to_a_frozen_draw_is_public_with_its_plan(stocked: Offices) -> None:
    """Before that nothing of the draw is."""
    plan(stocked)
    draw = freeze(stocked)
    stocked.done("supervisor", f"{draw}/panel/object", text=WRONG)
    assert not (stocked.authority.folder / "var/public/chongqing" / draw[1:]).exists()
    made = draft(stocked, draw)
    stocked.done("lead", f"{draw}/commit", who=SUPERVISOR, commitment=make(made, SUPERVISOR, C0, None)["commit"])
    assert public(stocked, draw).count(WRONG) == 1


@pytest.mark.parametrize("text", ["  ", f"请拨打 {PHONE}"], ids=["empty", "personal"])
def test_objection_that_says_nothing_or_names_a_person_is_not_recorded(stocked: Offices, text: str) -> None:
    """It would be public at once."""
    plan(stocked)
    draw = freeze(stocked)
    assert stocked.submit("supervisor", f"{draw}/panel/object", text=text).status_code in (409, 422)
    assert entries(stocked) == []


@pytest.mark.parametrize("login", ["lead", "leader", "business"])
def test_nobody_else_objects(stocked: Offices, login: str) -> None:
    """The form is not on their page, and what they send is refused."""
    plan(stocked)
    draw = freeze(stocked)
    assert f"{draw}/panel/object" not in stocked.page(login, f"{draw}/panel")
    assert stocked.submit(login, f"{draw}/panel/object", text=WRONG).status_code == 403
    assert entries(stocked) == []
