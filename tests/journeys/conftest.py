"""One installation with users, registries, a published list and plan, made by commands only; one with a draw."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from command import Installation
from shuangsui.draws import feasibility
from story import Story, opened

STAFF = {
    "lead": "lead_office",
    "business": "business_office",
    "leader": "leader",
    "supervisor": "supervisor",
    "inspection": "inspection_office",
}
T = ("--tenant", "chongqing")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Users with one role each."""
    made = Installation(tmp_path_factory.mktemp("installation") / "var")
    made.done("user", "bootstrap", "sec.admin", "--name", "安全管理员", *T)
    for login, role in STAFF.items():
        made.done("user", "add", login, "--name", login, *T, "--as", "sec.admin")
        made.done("user", "grant", login, role, *T, "--as", "sec.admin")
    return made


@pytest.fixture(scope="module")
def listed(installed: Installation) -> Installation:
    """Synthetic registries of 1 000 objects and the sample list, published."""
    files = installed.var / "sample"
    installed.done("sample", *T, "--objects", 1000, "--seed", 7, "--out", files, "--json")
    for kind in ("objects", "inspectors", "experts", "interests", "items"):
        installed.done("registry", "import", kind, *T, "--as", "lead", files / f"{kind}.csv", "--json")
    installed.done("catalogue", "hold", "JX-15", "--reason", "待定", *T, "--as", "lead")
    installed.done("catalogue", "confirm", "--all", *T, "--as", "business")
    for act, user in (("submit", "lead"), ("approve", "leader"), ("publish", "lead")):
        installed.done("catalogue", act, *T, "--as", user)
    return installed


@pytest.fixture(scope="module")
def planned(listed: Installation, this_year: int) -> Installation:
    """A plan with one line, published."""
    listed.done("plan", "new", *T, "--as", "lead", "--year", this_year)
    ratios = [part for ratio in ("FLAG=10%", "A=1%", "B=2%", "C=4%", "D=6%", "ALL=1%") for part in ("--ratio", ratio)]
    window = ("--from", f"{this_year}-01-01", "--to", f"{this_year}-12-31")
    people = ("--qualification", "节能", "--experts", 1, "--field", "节能")
    listed.done("plan", "add", *T, "--as", "lead", "--year", this_year, "--item", "JX-11", *ratios, *window, *people)
    for act, user in (("submit", "lead"), ("approve", "leader"), ("publish", "lead")):
        listed.done("plan", act, *T, "--as", user, "--year", this_year)
    return listed


@pytest.fixture(scope="session")
def this_year() -> int:
    """The plan year of today, in Chongqing."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    return datetime.now(ZoneInfo("Asia/Shanghai")).year


@pytest.fixture
def state(installed: Installation) -> Callable[[], bytes]:
    """The content of the database, to compare before and after; SQLite's own page counters left out."""

    def read() -> bytes:
        import sqlite3

        with sqlite3.connect(installed.var / "shuangsui.db") as connection:
            return "\n".join(connection.iterdump()).encode()

    return read


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a test writes its files."""
    return tmp_path


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """An installation whose clock may be moved, and its authority: users only."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(feasibility, "TRIALS", 1)
        yield from opened(tmp_path_factory.mktemp("story"))


@pytest.fixture(scope="module")
def drawn(story: Story) -> Story:
    """Registries, list, plan and one whole draw of line 1: what goes before the article by services."""
    story.authority.ready()
    story.draw = story.authority.draw()
    return story
