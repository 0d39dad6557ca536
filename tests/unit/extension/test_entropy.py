"""Entropy sources of plugins: what is pure is asked here, values come through a child process, nothing is believed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from shuangsui.entropy import EntropyEvent, EntropyValue
from shuangsui.errors import OutsideFailed
from shuangsui.extension import entropy, handing
from shuangsui.extension.entropy import DistantSource, framed_event, unframed_event
from shuangsui.extension.isolation import Absent, LoadedSource

AT = datetime(2026, 9, 21, 14, 13, 39, tzinfo=UTC)
EVENT = EntropyEvent("dice/2026-0001", "quote", AT)
SOURCE = """
import os
from dataclasses import replace
from shuangsui import EntropyEvent, EntropyValue, Health, OutsideFailed, PluginOptions, hookimpl
api = 1
class Options(PluginOptions):
    token_env: str = "DICE_TOKEN"
class Source:
    name, kind, network = "dice", {kind!r}, {network}
    def plan(self, name, at, digits): return EntropyEvent({name}, "quote", at)
    def fetch(self, event): {fetch}
    def verify(self, event, value): {verify}
    def check(self): return Health(True, f"{{os.getpid()}} {{os.environ.get('DICE_TOKEN')}}")
@hookimpl
def register_entropy_sources(context):
    return [Source()]
"""
GOOD = {"kind": "quote", "network": True, "name": "name", "verify": "return None",
        "fetch": "return EntropyValue(event.name, {'pid': os.getpid(), 'at': event.at.isoformat()})"}  # fmt: skip


@pytest.fixture
def source(installed, tenant, settings) -> Iterator[Any]:
    """The one source of a plugin written for the test; its child ends with it."""

    def make(**changes: object) -> LoadedSource | Absent:
        name = installed("entropy-dice", SOURCE.format(**(GOOD | changes)))
        (found,) = entropy.sources(tenant([name]), settings)
        return found

    yield make
    handing.pool.close()


def failure(act: Any, *arguments: Any) -> str:
    with pytest.raises(OutsideFailed) as caught:
        act(*arguments)
    assert caught.value.params["plugin"] == "entropy-dice"
    return caught.value.code


def test_value_is_fetched_in_a_child(source, monkeypatch):
    """Event and value arrive whole; the child knows the secret that the options name and masks it."""
    monkeypatch.setenv("DICE_TOKEN", "geheim")
    found = source()
    value = found.fetch(EVENT)
    assert isinstance(found, DistantSource)
    assert (value.value, value.proof["at"], value.proof["pid"] == os.getpid()) == (EVENT.name, AT.isoformat(), False)
    assert found.check().message.endswith("***")


def test_source_without_a_network_stays_here(source):
    """What people type is judged where they type it."""
    found = source(network=False)
    assert (type(found), found.check().message.split()[0]) == (LoadedSource, str(os.getpid()))


def test_pure_questions_are_answered_here(source):
    """Plan and verification of a distant source as well."""
    found = source()
    assert found.plan("dice/2026-0001", AT, 20) == EVENT
    found.verify(EVENT, EntropyValue("1"))


@pytest.mark.parametrize(
    ("fetch", "code"),
    [
        ("raise OutsideFailed('x', problem='没有')", "plugin_failed"),
        ("raise ValueError('no')", "plugin_failed"),
        ("return '1'", "plugin_answer_wrong"),
        ("return EntropyValue('')", "plugin_failed"),
        ("os._exit(3)", "plugin_died"),
    ],
)
def test_failing_fetch_reaches_nobody(source, fetch, code):
    """Whatever happens in the child is the plugin's failure."""
    assert failure(source(fetch=fetch).fetch, EVENT) == code


@pytest.mark.parametrize(
    ("verify", "code"),
    [
        ("raise OutsideFailed('x', permanent=True, problem='签名不对')", "plugin_failed"),
        ("return value.nothing", "plugin_failed"),
        ("return False", "plugin_answer_wrong"),
    ],
)
def test_verification_that_does_not_say_yes_says_no(source, verify, code):
    """An answer that could be meant as no is none."""
    assert failure(source(verify=verify).verify, EVENT, EntropyValue("1")) == code


def test_event_under_another_name_or_of_another_kind_is_a_wrong_answer(source):
    """The core named it, and the source announced its kind."""
    assert failure(source(name="'another'").plan, "dice/2026-0001", AT, 20) == "plugin_answer_wrong"


def test_kind_must_be_the_one_announced(installed, tenant, settings):
    """A source of ceremonies plans no quotes."""
    installed("entropy-dice", SOURCE.format(**(GOOD | {"kind": "ceremony"})))
    (found,) = entropy.sources(tenant(["entropy-dice"]), settings)
    assert failure(found.plan, "dice/2026-0001", AT, 20) == "plugin_answer_wrong"


def test_kind_that_no_verifier_knows_leaves_a_source_that_fails(source):
    """It stands there as absent, and says why."""
    found = source(kind="lottery")
    assert isinstance(found, Absent)
    assert failure(found.check) == "plugin_answer_wrong"


def test_frame_keeps_an_event():
    """Through JSON and back."""
    event = EntropyEvent("drand/1", "drand", AT, {"chain": "ab", "round": 7})
    assert unframed_event(framed_event(event)) == event


@pytest.mark.parametrize(
    "facts",
    [
        {"name": ""}, {"name": "a\n"}, {"kind": "lottery"}, {"at": AT.replace(tzinfo=None)},
        {"at": AT.astimezone(timezone(timedelta(hours=8)))}, {"at": AT.replace(microsecond=1)},
        {"facts": {"at": "x"}},
    ],
)  # fmt: skip
def test_event_that_is_none_is_refused(facts):
    """When it is made."""
    with pytest.raises(ValueError, match="not"):
        EntropyEvent(**({"name": "a", "kind": "quote", "at": AT} | facts))


@pytest.mark.parametrize("given", [("",), ("甲",), ("a\n",), ("1" * 257,), ("1", {"proof": "x" * 70000})])
def test_value_that_is_none_is_refused(given):
    """When it is made."""
    with pytest.raises(ValueError, match="has"):
        EntropyValue(*given)


def test_first_party_sources_are_loaded(tenant, settings):
    """Ceremony and beacon, as installed."""
    found = entropy.sources(tenant(["entropy-ceremony", "entropy-drand"]), settings)
    assert [(one.name, one.kind, one.network) for one in found] == [
        ("ceremony", "ceremony", False), ("drand", "drand", True),
    ]  # fmt: skip
