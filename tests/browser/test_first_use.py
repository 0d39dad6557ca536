"""The first use: from an authority with nothing in it to a published draw, by a clerk who has never been here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from authority import inspectors, items, objects
from console import SECRET
from shuangsui.access import service as access
from steps import Steps
from towns import founded, served
from uses import PROMISED, Hall, first_draw

pytestmark = pytest.mark.browser

STEPS = 24
UNDECIDED = "JX-15"


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """Served."""
    with founded(tmp_path_factory.mktemp("first")) as (authority, settings):
        with authority.session() as session:
            for login in ("lead", "business", "leader", "supervisor"):
                access.give_password(session, login, by="sec.admin", own=SECRET)
        with served(authority, settings) as server:
            yield Hall(authority, server.url)


def desk(hall: Hall) -> Path:
    """What the clerk has on the desk."""
    rows = {"objects": objects(200), "inspectors": inspectors(12)}
    rows["items"] = [row for row in items() if row["编号"] != UNDECIDED]
    for name, listed in rows.items():
        hall.authority.write(name, listed)
    return hall.authority.folder


def test_a_clerk_publishes_the_first_draw(
    open_plain: Callable[[str], Callable[..., Page]], hall: Hall, messages: list[str]
) -> None:
    """No step more than there are; the result is public."""
    page = open_plain(hall.url)("/console/login?tenant=chongqing", "desktop", javascript=True)
    steps = Steps(page)
    first_draw(steps, hall, desk(hall), SECRET)
    assert (steps.count, messages) == (STEPS, [])
    assert steps.count <= PROMISED["clerk"]
