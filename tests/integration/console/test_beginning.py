"""What an authority that has never drawn finds on its first page."""

from __future__ import annotations

import re

from by_pages import freeze, plan
from offices import Offices


def states(offices: Offices) -> list[str]:
    """Of the steps, in their order; each leads to a page that opens."""
    steps = offices.data("lead", "/")["desk"]["beginning"]
    assert all(offices.page("lead", step["path"]) for step in steps)
    return [step["state"] for step in steps]


def test_first_page_leads_to_the_first_draw_step_by_step(offices: Offices) -> None:
    """The next step is marked; once a draw is begun the steps are gone."""
    assert states(offices) == ["now", "", "", "", ""]
    offices.stock()
    assert states(offices) == ["done", "done", "done", "now", ""]
    plan(offices)
    assert states(offices) == ["done", "done", "done", "done", "now"]
    assert "已完成" in offices.page("lead", "/")
    freeze(offices)
    assert states(offices) == []


def test_next_step_is_offered_wherever_the_lead_office_is(offices: Offices) -> None:
    """But on its own page and to nobody else; after the first draw no more."""
    link = 'class="btn" href="/console{}"'
    first, later = "/registries/objects/import", "/plans"
    assert [link.format(first) in offices.page("lead", path) for path in ("/objects", first)] == [True, False]
    offices.stock()
    assert [link.format(later) in offices.page(login, "/objects") for login in ("lead", "leader")] == [True, False]
    plan(offices)
    freeze(offices)
    assert "第一次抽取之前" not in offices.page("lead", "/objects")


def filled_in(page: str, name: str) -> str:
    """What the form has in a field before anybody types."""
    field = re.search(rf'<input[^>]* name="{name}"[^>]*>', page)
    return re.search(' value="([^"]*)"', field[0])[1]


def test_first_plan_is_filled_in_for_whoever_has_never_made_one(offices: Offices) -> None:
    """The year; then an item that has objects, the whole year, the ratio that the list allows. It is taken as it is."""
    offices.stock()
    assert filled_in(offices.page("lead", "/plans"), "year") == "2026"
    offices.done("lead", "/plans/new", year="2026")
    page = offices.page("lead", "/plans/2026")
    assert '<details class="card act" id="add" open>' in page
    form = {name: filled_in(page, name) for name in ("starts", "ends", "rest", "flag")}
    assert form == {"starts": "2026-01-01", "ends": "2026-12-31", "rest": "5%", "flag": "10%"}
    assert '<option value="JX-11" selected' in page
    offices.done("lead", "/plans/2026/add", item="JX-11", **form)
    assert '<details class="card act" id="add" open>' not in offices.page("lead", "/plans/2026")


def test_only_form_of_an_empty_page_stands_open(offices: Offices) -> None:
    """Until something is listed below it."""
    opened = '<details class="card act" id="import" open>'
    assert opened in offices.page("lead", "/catalogue")
    offices.stock()
    assert opened not in offices.page("lead", "/catalogue")
