"""First uses on the demo, counted and timed in a real browser: a clerk, an inspector, a citizen (`make browser`)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Page
from sqlalchemy import Engine
from tour import Town

from authority import Authority
from inspecting import Team
from serving import serving
from shuangsui import db
from shuangsui.access import service as access
from shuangsui.access.policy import Role
from shuangsui.access.tables import PersonOf
from shuangsui.cli.walk import Course
from shuangsui.inspections import tasks
from shuangsui.inspections.states import TaskState
from shuangsui.settings import Settings
from signing import sign_in
from steps import Steps
from uses import Hall, first_draw, record, verify

INSPECTOR = "tan"
DESKTOP, PHONE = (1440, 900), (390, 844)


@dataclass(frozen=True, slots=True)
class Use:
    """What somebody needed for the whole way: interactions, and seconds of a hand that never thinks."""

    who: str
    steps: int
    seconds: float


def uses(browser: Browser, place: Town) -> Iterator[Use]:
    """On the demo's data, with a clock that is moved while others would wait."""
    settings = Settings(var=place.var, simulated_clock=True)
    engine = db.engine(settings)
    with serving(settings, {"SHUANGSUI_SIMULATED_CLOCK": "1"}) as server:
        yield _timed(browser, "citizen", DESKTOP, lambda steps: _citizen(steps, server.url, place))
        yield _timed(browser, "inspector", PHONE, lambda steps: _inspector(steps, server.url, engine, place))
        yield _timed(browser, "clerk", DESKTOP, lambda steps: _clerk(steps, server.url, engine, place))
    engine.dispose()


def _timed(browser: Browser, who: str, size: tuple[int, int], way: Callable[[Steps], None]) -> Use:
    with _page(browser, size) as page:
        steps, begun = Steps(page), time.monotonic()
        way(steps)
        return Use(who, steps.count, time.monotonic() - begun)


@contextmanager
def _page(browser: Browser, size: tuple[int, int]) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    try:
        yield context.new_page()
    finally:
        context.close()


def _citizen(steps: Steps, url: str, place: Town) -> None:
    steps.page.goto(f"{url}/{place.tenant}/")
    verdict = verify(steps)
    assert verdict == "核验通过，未经见证", verdict


def _inspector(steps: Steps, url: str, engine: Engine, place: Town) -> None:
    team = _on_the_way(Authority(engine, place.var / "keys", place.tenant), place.password)
    steps.page.goto(f"{url}/console/login?tenant={place.tenant}&next=/m/")
    sign_in(steps.page, INSPECTOR, place.password)
    record(steps, team.no, len(team.people()))
    assert team.read().state == TaskState.ENDED


def _on_the_way(authority: Authority, password: str) -> Team:
    """A team of the demo whose notice has been delivered, and its leader as a user."""
    with authority.session() as session:
        fresh = next(one.no for one in tasks.all_tasks(session) if one.state == TaskState.DISPATCHED)
    team = Team(authority, fresh, Course()).until("arrive")
    leader = team.people()[0]
    with authority.session() as session:
        access.add_user(session, INSPECTOR, f"{INSPECTOR}(模拟)", by="sec.admin")
        access.grant(session, INSPECTOR, Role.INSPECTOR, by="sec.admin")
        access.link(session, INSPECTOR, PersonOf.INSPECTOR, leader, by="sec.admin")
        access.give_password(session, INSPECTOR, by="sec.admin", own=password)
    return team


def _clerk(steps: Steps, url: str, engine: Engine, place: Town) -> None:
    steps.page.goto(f"{url}/console/login?tenant={place.district}")
    hall = Hall(Authority(engine, place.var / "keys", place.district), url)
    first_draw(steps, hall, place.var / "demo" / "files" / place.district, place.password)
