"""Key stores of plugins behind isolation; one that talks to a network works in a process of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from shuangsui.errors import OutsideFailed
from shuangsui.extension import handing, loading, service
from shuangsui.extension.isolation import Absent, LoadedKeyStore
from shuangsui.extension.lanes import lanes
from shuangsui.testing.trial import Trial

STORE = """
import os, hmac
from shuangsui import Health, hookimpl
api = 1
class Store:
    name, network = "hsm", NETWORK
    def current(self): return "k1"
    def renew(self): return f"p{os.getpid()}"
    def derive(self, key, purpose):
        if key == "exit": os._exit(7)
        if key == "short": return b"x"
        if key == "text": return "x" * 32
        if key == "boom": raise RuntimeError("boom")
        return hmac.digest(b"s", f"{key}/{purpose}".encode(), "sha256")
    def check(self): return Health(True, "可以使用。")
@hookimpl
def register_key_stores(context): return [Store()]
"""


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    lanes.clear()
    yield
    handing.pool.close()
    lanes.clear()


def store(installed, tenant, source: str = STORE, network: bool = False, name: str = "hsm") -> LoadedKeyStore | Absent:
    installed(name, source.replace("NETWORK", str(network)))
    loading.forget()
    trial: Trial = tenant(name)
    (made,) = service.key_stores(trial.tenant, trial.settings)
    return made


def refused(do, *args) -> OutsideFailed:
    with pytest.raises(OutsideFailed) as caught:
        do(*args)
    return caught.value


@pytest.mark.parametrize("network", [False, True])
def test_store_answers_the_same_near_and_far(installed, tenant, network):
    """The key crosses the border as bytes; a network is another process's."""
    one = store(installed, tenant, network=network)
    assert (one.place, one.current(), one.check().ok) == ("hsm/hsm", "k1", True)
    assert (len(one.derive("k1", "a.b")), one.derive("k1", "a.b") == one.derive("k1", "a.b")) == (32, True)
    assert one.derive("k1", "a.b") != one.derive("k1", "a.c")
    assert (one.renew() == f"p{os.getpid()}") is not network


@pytest.mark.parametrize("network", [False, True])
@pytest.mark.parametrize(("key", "code"), [("short", "plugin_answer_wrong"), ("boom", "plugin_failed")])
def test_what_is_no_key_is_the_vendor_s_mistake(installed, tenant, network, key, code):
    """And is not repeated."""
    error = refused(store(installed, tenant, network=network).derive, key, "a.b")
    assert error.code == code
    assert "xxxx" not in str(error)


def test_store_that_dies_takes_nobody_with_it(installed, tenant):
    assert refused(store(installed, tenant, network=True).derive, "exit", "a.b").code == "plugin_died"


def test_id_that_would_not_fit_is_refused(installed, tenant):
    """It stands between colons in everything sealed."""
    one = store(installed, tenant, STORE.replace('return "k1"', 'return "a:b"'))
    assert refused(one.current).code == "plugin_answer_wrong"


def test_store_with_an_odd_name_is_absent(installed, tenant):
    one = store(installed, tenant, STORE.replace('"hsm"', '"h:sm"'))
    assert isinstance(one, Absent)


def test_vendor_s_key_store_passes_the_quality_list(installed, tenant):
    """The check that keys stay the same can fail."""
    from types import SimpleNamespace

    from shuangsui.testing.quality import constant

    fine = store(installed, tenant)
    odd = store(installed, tenant, STORE.replace("{key}/", "{key}/{os.urandom(4)}"), name="odd")
    assert constant(SimpleNamespace(things=lambda: [fine])) == ""
    assert "两次不同" in constant(SimpleNamespace(things=lambda: [odd]))
