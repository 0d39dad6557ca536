"""Registry feeds of plugins run in a limited child process: what hangs, dies or talks reaches nobody."""

from __future__ import annotations

from datetime import date

import pytest

from shuangsui.contracts import FeedFile, FeedState
from shuangsui.errors import NotFound, OutsideFailed
from shuangsui.extension import feeds
from shuangsui.extension.children import Limits

HEAD = """
import os, sys, time
from datetime import date
from shuangsui import FeedFile, FeedState, OutsideFailed, PluginOptions, hookimpl
api = 1
class Options(PluginOptions):
    token_env: str = "FEED_TOKEN"
class Feed:
    name = "list"
    kind = "objects"
    def fetch(self, last):
        {body}
    def check(self): ...
@hookimpl
def register_registry_feeds(context):
    return [Feed()]
"""
LAST = FeedState(date(2026, 11, 20), "m1")
ENOUGH = Limits(seconds=60)


@pytest.fixture
def fetch(installed, tenant, settings):
    """``fetch(body)``: what a feed with this body hands over."""

    def fetched(body: str, limits: Limits = ENOUGH, last: FeedState | None = LAST) -> FeedFile:
        whose = tenant([installed("good", HEAD.format(body=body))])
        return feeds.fetch(whose, feeds.chosen(whose, "good/list", settings), last, settings, limits)

    return fetched


def failure(fetch, body: str, limits: Limits = ENOUGH) -> OutsideFailed:
    with pytest.raises(OutsideFailed) as caught:
        fetch(body, limits)
    return caught.value


def test_file_comes_out_as_it_went_in(fetch):
    """Any bytes, the state asked for, and what the plugin prints is not in it."""
    body = 'print("noise"); return FeedFile(last.day, b"a\\n\\x00" + last.mark.encode(), complete=True, mark="m2")'
    assert fetch(body) == FeedFile(LAST.day, b"a\n\x00m1", complete=True, mark="m2")


def test_nothing_to_hand_over_is_none(fetch):
    """The feed's own word that nothing has changed."""
    assert fetch("return FeedFile(last.day, None, False)") == FeedFile(LAST.day, None, complete=False)


@pytest.mark.parametrize(
    ("body", "limits", "code"),
    [
        ("time.sleep(600)", Limits(seconds=3), "plugin_too_slow"),
        ("os._exit(3)", ENOUGH, "plugin_died"),
        ("os.kill(os.getpid(), 9)", ENOUGH, "plugin_died"),
        ("bytes(4 << 30)", ENOUGH, "plugin_failed"),
        ("return FeedFile(last.day, bytes(2 << 20), True)", Limits(seconds=60, file=1 << 20), "plugin_died"),
        ("return None", ENOUGH, "plugin_answer_wrong"),
        ("raise SystemExit(0)", ENOUGH, "plugin_failed"),
        ('raise OutsideFailed("x", problem="不通", permanent=True)', ENOUGH, "plugin_failed"),
    ],
)
def test_whatever_happens_is_one_failure_of_the_plugin(fetch, body, limits, code):
    """Never a half file, never a hanging caller."""
    error = failure(fetch, body, limits)
    assert (error.code, error.params["plugin"], error.params["step"]) == (code, "good", "fetch")


def test_child_knows_its_own_secret_only(fetch, monkeypatch):
    """And what it says of it is masked."""
    monkeypatch.setenv("FEED_TOKEN", "hidden-token")
    monkeypatch.setenv("SHUANGSUI_DATABASE_URL", "postgresql://somebody:password@db/x")
    body = 'raise ValueError(os.environ["FEED_TOKEN"], os.environ.get("SHUANGSUI_DATABASE_URL"))'
    assert failure(fetch, body).params["reason"] == "ValueError: ('***', None)"


def test_unknown_feed_names_the_known(installed, tenant, settings):
    """What a person may type instead."""
    whose = tenant([installed("good", HEAD.format(body="..."))])
    with pytest.raises(NotFound) as caught:
        feeds.chosen(whose, "good/other", settings)
    assert caught.value.params == {"feed": "good/other", "known": "good/list"}
    assert feeds.key_of(feeds.chosen(whose, None, settings)) == "good/list"


def test_failing_hook_leaves_a_feed_that_fails(installed, tenant, settings):
    """It stands in the list, and pulling it is the plugin's failure."""
    body = "from shuangsui import hookimpl\napi = 1\n@hookimpl\ndef register_registry_feeds():\n    raise ValueError\n"
    whose = tenant([installed("bad", body), installed("good", HEAD.format(body="..."))])
    assert [feeds.key_of(one) for one in feeds.feeds(whose, settings)] == ["bad", "good/list"]
    with pytest.raises(OutsideFailed):
        feeds.chosen(whose, "bad", settings)
