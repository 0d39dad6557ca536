"""The leader's briefing: the figures, what is to be public next, what waits for a decision, on one sheet of paper."""

from __future__ import annotations

from shuangsui.pages import Detail, Here, view
from shuangsui.web.desk import desk
from shuangsui.web.waiting import waiting


def load(here: Here) -> Detail:
    """The same figures as on the first page."""
    return Detail("情况简报", {}, acts=(), data={"desk": {**desk(here), "waiting": list(waiting(here))}})


VIEWS = [view("/lead", verb="view", load=load, title="情况简报", menu="工作台", template="console/lead.html")]
