"""What of the hostile plugins was reported to whom, and whether a foreign row was seen."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from typing import Any

import httpx

from hostility import doubled
from town import BESIDE, HERE, LOOSE, STOLEN, Side

HARMLESS = "nothing to report: it was given a copy of its own"
FLOODED = "plugin-floods floods the log"
GIVEN_UP = "plugin_given_up"


def is_given_up(side: Side) -> bool:
    """Whether the plugin that hangs is not asked any more in this process."""
    found = [row for row in _listed(side, HERE) if row["name"] == "hangs"]
    return any(GIVEN_UP in (row["error"] or "") for row in found)


def blown(side: Side, limit: float) -> float:
    """Wait until then; seconds."""
    begun = time.monotonic()
    while not is_given_up(side) and time.monotonic() - begun < limit:
        time.sleep(1)
    return time.monotonic() - begun


def reports(side: Side) -> dict[str, list[str]]:
    """Plugin → what the installation says of it: at the console of three authorities, in receipts, in the log."""
    found: dict[str, list[str]] = {name: [] for name in doubled(LOOSE)}
    for slug in (HERE, BESIDE, LOOSE):
        for row in _listed(side, slug):
            if row["name"] in found:
                found[row["name"]] += _told(row)
    for channel, problem in side.receipts().items():
        if channel in found:
            found[channel].append(f"receipt: {problem}")
    if FLOODED in log(side):
        found["floods"].append(f"log: {FLOODED}: its lines are dropped for a while")
    return {name: list(dict.fromkeys(said)) for name, said in found.items()}


def unreported(found: dict[str, list[str]]) -> list[str]:
    """Of whom nothing is said, though there would be something to say."""
    return [name for name, said in found.items() if not said and name != "mutates"]


def stolen(found: dict[str, list[str]]) -> int:
    """Rows of another tenant that the plugin which asked for them has got."""
    return sum(int(count) for said in found["steals"] for count in STOLEN.findall(said))


def log(side: Side) -> str:
    """What the server has written so far; it goes on writing where it was."""
    file = side.server.log.fileno()
    return os.pread(file, os.fstat(file).st_size, 0).decode("utf-8", "replace")


def _told(row: dict[str, Any]) -> Iterable[str]:
    if row["problem"]:
        yield f"{row['state']}: {row['problem']}"
    yield from (f"{one['step']}: {one['message']}" for one in row["incidents"])


def _listed(side: Side, slug: str) -> list[dict[str, Any]]:
    headers = {"Accept": "application/json", **side.root[slug].headers()}
    answer = httpx.get(f"{side.server.url}/api/plugins", headers=headers, timeout=60)
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["rows"]
    return rows
