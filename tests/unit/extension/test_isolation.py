"""Whatever a plugin does when called comes out as one error that names it."""

from __future__ import annotations

import signal
import time

import pytest

from shuangsui.contracts import Bundle, Health, PublicFile, Receipt
from shuangsui.errors import OutsideFailed
from shuangsui.extension.isolation import Absent, LoadedChannel, call

BUNDLE = Bundle("moushi", "home", "home", (PublicFile("index.html", b"x", "text/html"),))


def raising(error: BaseException):
    def function():
        raise error

    return function


@pytest.mark.parametrize("error", [ValueError("no"), KeyError("no"), SystemExit(1), RecursionError("no")])
def test_any_exception_becomes_plugin_failed(error):
    """The type of the exception is part of the reason."""
    with pytest.raises(OutsideFailed) as caught:
        call("gate", "check", Health, raising(error))
    params = caught.value.params
    assert (caught.value.code, params["plugin"], params["step"]) == ("plugin_failed", "gate", "check")
    assert params["reason"].startswith(type(error).__name__)


@pytest.fixture
def interruptible():
    """A process in the background may have been told to ignore Ctrl+C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_interrupt_is_the_users_not_the_plugins():
    """Ctrl+C during a plugin's work ends the command."""
    with pytest.raises(KeyboardInterrupt):
        call("gate", "check", Health, lambda: signal.raise_signal(signal.SIGINT) or time.sleep(1))


def test_outside_failure_keeps_its_sentence_and_whether_it_is_permanent():
    """What the vendor raises on purpose is for people."""
    with pytest.raises(OutsideFailed) as caught:
        call("gate", "publish", Receipt, raising(OutsideFailed("down", permanent=True, problem="对方停机")))
    assert (caught.value.permanent, caught.value.params["reason"]) == (True, "对方停机")


def test_wrong_answer_names_both_types():
    """pluggy and Python check nothing."""
    with pytest.raises(OutsideFailed) as caught:
        call("gate", "check", Health, lambda: "fine")
    assert (caught.value.code, caught.value.params["wanted"], caught.value.params["found"]) == (
        "plugin_answer_wrong",
        "Health",
        "str",
    )


class Odd:
    """A channel whose methods answer the wrong things."""

    name = "odd"
    network = False

    def publish(self, bundle: Bundle) -> Receipt:
        return None  # type: ignore[return-value]

    def read_back(self, bundle: Bundle) -> Receipt:
        raise LookupError(bundle.key)

    def check(self) -> Health:
        return Health(ok=True, message="正常")


@pytest.mark.parametrize(("step", "code"), [("publish", "plugin_answer_wrong"), ("read_back", "plugin_failed")])
def test_loaded_channel_isolates_each_call(step, code):
    """An area may use it like any channel."""
    with pytest.raises(OutsideFailed) as caught:
        getattr(LoadedChannel("gate", "odd", False, Odd()), step)(BUNDLE)
    assert caught.value.code == code


def test_loaded_channel_passes_good_answers_on():
    """The third method is in order."""
    assert LoadedChannel("gate", "odd", False, Odd()).check() == Health(ok=True, message="正常")


@pytest.mark.parametrize("step", ["publish", "read_back"])
def test_absent_channel_always_fails(step):
    """Nothing is published past it in silence."""
    error = OutsideFailed("plugin_failed", plugin="gate", step="x", reason="y")
    with pytest.raises(OutsideFailed) as caught:
        getattr(Absent("gate", error), step)(BUNDLE)
    assert caught.value is error
