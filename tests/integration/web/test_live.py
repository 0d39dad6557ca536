"""The live draw over real HTTP: what is told when, to whom, and after whatever interruption."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from shuangsui.draws import feasibility
from watching import Stage, address, listened, objections, stage

NAMES = ("企业", "检查员", "专家", "5001")
"""Beginnings of the names and codes of everybody in the registries."""


@pytest.fixture
def hall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setattr(feasibility, "TRIALS", 3)
    made = stage(tmp_path)
    yield made
    made.authority.engine.dispose()


def test_a_draw_is_told_as_it_happens_and_resumes_over_a_restart(hall: Stage) -> None:
    """The server is ended in mid-draw with a viewer listening; the list ends complete and in order."""
    draw = hall.committed()
    with hall.serving() as server, ThreadPoolExecutor() as pool:
        listening = pool.submit(listened, address(server, draw.no), "nothing")
        first = listened(address(server, draw.no), "entropy")
        hall.entered(draw)
        second = listened(address(server, draw.no), "reveal", after=first[-1]["n"])
        began = time.monotonic()
        server.process.terminate()
        server.process.communicate(timeout=30)
        ended_in = time.monotonic() - began
        heard = listening.result(timeout=5)
    hall.revealed(draw)
    hall.run(draw)
    with hall.serving() as server:
        third = listened(address(server, draw.no), "done", after=second[-1]["n"])
        rest = listened(address(server, draw.no), "done", after=third[-1]["n"])
        whole = listened(address(server, draw.no), "pick")
        every = listened(address(server, draw.no), "nothing")
    told = first + second + third + rest
    assert every[: len(whole)] == whole
    assert [event["n"] for event in told] == list(range(1, len(told) + 1))
    assert (told == every, told[: len(heard)] == heard, ended_in < 10) == (True, True, True)
    picks = [event["task"] for event in told if event["type"] == "pick"]
    assert picks == list(range(1, sum(draw.draft["quota"].values()) + 1))


def test_objection_is_heard_at_once_and_by_whoever_comes_after_the_end(hall: Stage) -> None:
    """Beside the events, which stay what the transcript says."""
    draw = hall.committed()
    with hall.serving() as server, ThreadPoolExecutor() as pool:
        listening = pool.submit(objections, address(server, draw.no), 1)
        time.sleep(1)
        hall.objected(draw, "球没有全部落下。")
        (first,) = listening.result(timeout=30)
        hall.entered(draw)
        hall.revealed(draw)
        hall.run(draw)
        ended = listened(address(server, draw.no), "nothing")
        hall.objected(draw, "结果公布早于公证。")
        both, again = objections(address(server, draw.no), 9), listened(address(server, draw.no), "nothing")
    assert (first["text"], both[0]) == ("球没有全部落下。", first)
    assert [(one["no"], one["text"]) for one in both[1:]] == [(2, "结果公布早于公证。")]
    assert (again, ended[-1]["type"]) == (ended, "done")


def test_two_viewers_hear_the_same_at_the_same_time(hall: Stage) -> None:
    """Both wait for the event, both hear it."""
    draw = hall.committed()
    with hall.serving() as server, ThreadPoolExecutor() as pool:
        both = [pool.submit(listened, address(server, draw.no), "reveal") for _ in range(2)]
        time.sleep(1)
        hall.entered(draw)
        one, other = [each.result(timeout=20) for each in both]
    assert (one == other, one[-1]["stage"]) == (True, "reveal")


def test_nobody_is_named_before_the_openings(hall: Stage) -> None:
    """No company, no person: rows, digits and published codes alone. The names are in the database."""
    draw = hall.committed()
    hall.entered(draw)
    hall.revealed(draw)
    hall.run(draw)
    with hall.serving() as server:
        text = httpx.get(address(server, draw.no), timeout=30).text
        page = httpx.get(f"{server.url}/live/chongqing/{draw.no}").text
    assert '"type":"done"' in text
    assert [name for name in NAMES if name in text or name in page] == []


def test_what_is_not_public_is_not_there(hall: Stage) -> None:
    """A draw that is frozen only, one of another authority, none at all: the same answer, byte for byte."""
    draw = hall.authority.freeze()
    with hall.serving() as server:

        def asked(path: str) -> tuple[int, bytes]:
            answer = httpx.get(f"{server.url}/live/{path}", timeout=10)
            return answer.status_code, answer.content

        for tail in ("", "/events"):
            missing = asked(f"chongqing/2026-9999{tail}")
            assert missing[0] == 404
            assert asked(f"chongqing/{draw.no}{tail}") == missing
            hall.authority.commit(draw) if tail else None
            assert asked(f"liangjiang/{draw.no}{tail}") == missing
            assert asked(f"nowhere/{draw.no}{tail}") == missing
        assert asked(f"chongqing/{draw.no}")[0] == 200


def test_stream_is_passed_on_as_it_comes(hall: Stage) -> None:
    """Its type, and what proxies are told; never compressed."""
    draw = hall.committed()
    with hall.serving() as server:
        headers = {"Accept-Encoding": "gzip, br", "Accept": "text/event-stream"}
        with httpx.stream("GET", address(server, draw.no), headers=headers) as answer:
            said = answer.headers
        page = httpx.get(f"{server.url}/live/chongqing/{draw.no}")
    assert said["content-type"].startswith("text/event-stream")
    assert (said["x-accel-buffering"], said["cache-control"]) == ("no", "no-cache, no-transform")
    assert ("content-encoding" in said, page.status_code) == (False, 200)
    assert f'data-events="/live/chongqing/{draw.no}/events"' in page.text
