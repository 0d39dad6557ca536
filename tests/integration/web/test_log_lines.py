"""Whose request it was, and about which draw, stands in every line of it; what somebody typed instead does not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest

from console import DATA, Browser, settings_of, staff
from crossing import logging_to
from shuangsui.access.policy import Role

CANARY = "张三13800000000"


@pytest.fixture
def log() -> Iterator[StringIO]:
    stream = StringIO()
    with logging_to(stream):
        yield stream


@pytest.fixture
def browser(database, engine, tmp_path, log) -> Iterator[Browser]:
    """The lead office's."""
    staff(engine, {"zong": Role.LEAD_OFFICE})
    with Browser(settings_of(database.app, tmp_path)) as made:
        assert made.sign_in("zong").status_code == 303
        yield made


def last(log: StringIO) -> dict[str, Any]:
    """The line of the newest request."""
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    return [line for line in lines if line["event"] == "request"][-1]


def bound(log: StringIO) -> tuple[str | None, str | None, str | None]:
    """Tenant, actor and draw of it."""
    line = last(log)
    return line.get("tenant"), line.get("actor"), line.get("draw")


def test_line_names_the_login_and_the_draw_of_the_address(browser, log):
    """Whether there is such a draw or not; another request knows nothing of it."""
    browser.get("/api/draws/2026-0001/changes", headers=DATA)
    assert bound(log) == ("chongqing", "zong", "2026-0001")
    browser.get("/api/me", headers=DATA)
    assert bound(log) == ("chongqing", "zong", None)
    browser.get("/livez")
    assert bound(log) == (None, None, None)


def test_public_page_of_a_draw_has_no_actor(browser, log):
    """Also for somebody who has signed in: nobody asked who it is."""
    browser.get("/moushi/draws/2026-0001/")
    assert bound(log) == ("moushi", None, "2026-0001")


@pytest.mark.parametrize(("typed", "kept"), [("2026-0001", "2026-0001"), (CANARY, None), (f"2026-0001{CANARY}", None)])
def test_line_names_the_draw_of_a_form(browser, log, typed, kept):
    """By its number, and nothing that only stands in the field for it."""
    headers = DATA | {"X-CSRF-Token": browser.csrf()}
    assert browser.post("/api/tasks/dispatch", json={"draw": typed}, headers=headers).status_code == 404
    assert bound(log) == ("chongqing", "zong", kept)
    assert CANARY not in log.getvalue()


def test_address_of_no_draw_is_not_taken_for_one(browser, log):
    """Somebody's name in its place is in the path as the client wrote it, percent by percent, and nowhere else."""
    browser.get(f"/api/draws/{CANARY}/changes", headers=DATA)
    assert bound(log) == ("chongqing", "zong", None)
    assert CANARY not in log.getvalue()
