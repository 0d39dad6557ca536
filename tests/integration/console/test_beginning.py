"""What an authority that has never drawn finds on its first page."""

from __future__ import annotations

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


def test_only_form_of_an_empty_page_stands_open(offices: Offices) -> None:
    """Until something is listed below it."""
    opened = '<details class="card act" id="import" open>'
    assert opened in offices.page("lead", "/catalogue")
    offices.stock()
    assert opened not in offices.page("lead", "/catalogue")
