"""What an authority's people do by pages before a draw: a plan of one line, and the freeze."""

from __future__ import annotations

from typing import Any

from authority import SUPERVISOR
from offices import Offices

LINE = {
    "item": "JX-11", "starts": "2026-01-01", "ends": "2026-12-31", "flag": "10%", "a": "2%", "b": "3%", "c": "4%",
    "d": "5%", "rest": "1%", "qualification": "节能", "per_day": "5",
}  # fmt: skip


def plan(offices: Offices) -> None:
    """Draft, line, submission, approval by somebody else, publication."""
    offices.done("lead", "/plans/new", year="2026")
    offices.done("lead", "/plans/2026/add", **LINE)
    offices.done("lead", "/plans/2026/submit")
    offices.done("leader", "/plans/2026/approve")
    offices.done("lead", "/plans/2026/publish")


def freeze(offices: Offices) -> str:
    """The address of a frozen draw of the line."""
    where = offices.done("lead", "/draws/new/freeze", line="2026-1", holders=[SUPERVISOR])
    return where.partition("?")[0].removeprefix("/console")


def draft(offices: Offices, draw: str) -> dict[str, Any]:
    """What the holder downloads."""
    found: dict[str, Any] = offices.at("supervisor").get(f"/console{draw}/draft.json").json()
    return found
