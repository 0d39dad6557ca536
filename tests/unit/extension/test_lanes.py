"""A plugin that hangs or goes on making mistakes is left alone; whoever asked goes on."""

from __future__ import annotations

import json
import logging
import threading
import time

import pytest

from shuangsui.errors import OutsideFailed, ShuangsuiError
from shuangsui.extension.isolation import call
from shuangsui.extension.lanes import BESIDE, HANGS, MISTAKES, PAUSE, Lane, lanes, show_calls, trace
from shuangsui.texts import sentence


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def lane(clock: Clock) -> Lane:
    return Lane("slow", clock=clock)


def refusal(lane: Lane, function=lambda: None, seconds: float = 0.05) -> str:
    """The code with which a call is refused."""
    with pytest.raises(OutsideFailed) as caught:
        lane.call("hook", function, seconds)
    return caught.value.code


def hang() -> None:
    threading.Event().wait(30)


def mistaken(lane: Lane, times: int) -> None:
    for _ in range(times):
        lane.erred("hook", OutsideFailed("plugin_failed", plugin="slow", step="hook", reason="no"))


def test_caller_of_a_hanging_plugin_goes_on_after_the_limit(lane):
    """Not after the thirty seconds for which the plugin hangs."""
    started = time.monotonic()
    assert refusal(lane, hang) == "plugin_too_slow"
    assert time.monotonic() - started < 5


def test_hanging_plugin_is_left_alone_and_then_asked_again(lane, clock):
    """The pause is the plugin's; after it, one good answer is enough."""
    codes = [refusal(lane, hang), refusal(lane)]
    clock.at = PAUSE
    assert (codes, lane.call("hook", lambda: 7).value) == (["plugin_too_slow", "plugin_resting"], 7)


def test_plugin_that_goes_on_hanging_is_given_up(lane, clock):
    """Each hang costs a thread, and threads cannot be killed."""
    for n in range(HANGS):
        clock.at = n * PAUSE
        refusal(lane, hang)
    clock.at = 1e9
    assert (lane.hangs, refusal(lane)) == (HANGS, "plugin_given_up")


def test_refusal_reads_the_same_after_it_was_kept(lane):
    """A delivery keeps code and parameters; the sentence is made when somebody reads it."""
    mistaken(lane, MISTAKES)
    with pytest.raises(OutsideFailed) as caught:
        lane.call("hook", lambda: None)
    kept = json.loads(json.dumps(caught.value.kept()))
    assert sentence(ShuangsuiError(kept["code"], **kept["params"])) == sentence(caught.value)
    assert f"约 {PAUSE:.0f} 秒" in sentence(caught.value)


def test_hangs_of_the_same_moment_count_as_one(lane):
    """Requests that came before the fuse blew are not new evidence."""
    threads = [threading.Thread(target=refusal, args=(lane, hang, 0.3)) for _ in range(BESIDE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert lane.hangs == 1


def test_mistakes_in_a_row_blow_the_fuse(lane):
    """One fewer does not, and a good answer begins the row anew."""
    mistaken(lane, MISTAKES - 1)
    lane.went_well()
    mistaken(lane, MISTAKES - 1)
    open_before = lane.resting
    mistaken(lane, 1)
    assert (open_before, refusal(lane)) == (0, "plugin_resting")


def test_incidents_keep_step_error_and_traceback():
    """What an operator shows the vendor."""
    with pytest.raises(OutsideFailed):
        call("slow", "check", str, lambda: 1 / 0)
    (incident,) = lanes.of("slow").incidents
    assert (incident.step, incident.error.code, "ZeroDivisionError" in incident.traceback) == (
        "check", "plugin_failed", True,
    )  # fmt: skip


def test_what_a_vendor_raises_on_purpose_is_no_mistake():
    """The other system being down blows no fuse: its delivery has one of its own."""

    def down():
        raise OutsideFailed("down", problem="对方停机")

    for _ in range(MISTAKES + 1):
        with pytest.raises(OutsideFailed) as caught:
            call("slow", "publish", str, down)
    assert (caught.value.code, lanes.of("slow").mistakes) == ("plugin_failed", 0)


def test_calls_are_not_traced_unless_asked_for(caplog):
    """Also in a server, whose log begins at INFO."""
    with caplog.at_level(logging.INFO):
        call("slow", "check", str, lambda: "secret")
    assert caplog.records == []


def test_calls_can_be_traced(caplog):
    """Plugin, step, duration, and whether it answered; never what."""
    show_calls()
    with caplog.at_level(logging.INFO, logger=trace.name):
        call("slow", "check", str, lambda: "secret")
    trace.setLevel(logging.WARNING)
    (line,) = [record.getMessage() for record in caplog.records]
    assert (line.split()[0], line.split()[-1]) == ("slow.check", "answered")
