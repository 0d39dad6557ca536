"""Expert pools of plugins: how they are taken, and how one that talks to a network is asked in a child process."""

from __future__ import annotations

from datetime import date

import pytest

from shuangsui.errors import BadInput, NotFound, OutsideFailed
from shuangsui.experts import PoolAnswer, PoolExpert, PoolRequest, PoolState
from shuangsui.extension import pools
from shuangsui.extension.children import Limits
from shuangsui.extension.isolation import Absent

HEAD = """
import os, sys, time
from datetime import date
from shuangsui import Health, OutsideFailed, PluginOptions, PoolAnswer, PoolExpert, hookimpl
api = 1
class Options(PluginOptions):
    token_env: str = "POOL_TOKEN"
class Pool:
    def __init__(self, name, network):
        self.name, self.network = name, network
    def experts(self, request):
        {body}
    def check(self):
        return Health(True, f"{{os.getpid()}} " + os.environ.get("POOL_TOKEN", ""))
@hookimpl
def register_expert_pools(context):
    return {pools}
"""
ON = date(2026, 11, 27)
LAST = PoolState(date(2026, 11, 20), "m1")
ENOUGH = Limits(seconds=60)
ONE = PoolExpert("SJ1", "甲", "某院", ("节能",), date(2027, 1, 31))


def source(body: str = "...", offered: str = '[Pool("far", True)]') -> str:
    return HEAD.format(body=body, pools=offered)


@pytest.fixture
def ask(installed, tenant, settings):
    """``ask(body)``: what a distant pool with this body answers."""

    def asked(body: str, limits: Limits = ENOUGH, **request) -> PoolAnswer:
        whose = tenant([installed("good", source(body))])
        return pools.ask(whose, pools.chosen(whose, "good/far", settings), PoolRequest(ON, **request), settings, limits)

    return asked


def test_answer_comes_out_as_it_went_in(ask):
    """Every part of every person; what the plugin prints is not in it."""
    body = f'print("noise"); import datetime; return PoolAnswer(request.last.day, ({ONE!r},), request.last.mark + "2")'
    assert ask(body, last=LAST) == PoolAnswer(LAST.day, (ONE,), "m12")


@pytest.mark.parametrize("experts", [None, ()])
def test_no_change_and_nobody_are_two_answers(ask, experts):
    """The pool's own word, and an empty list."""
    assert ask(f"return PoolAnswer(request.last.day, {experts})", last=LAST) == PoolAnswer(LAST.day, experts)


def test_own_registry_stays_at_home(ask):
    """A pool with a network never gets it, whoever hands it over."""
    body = 'return PoolAnswer(request.on, (PoolExpert(str(len(request.own)), "x"),))'
    assert ask(body, own=(ONE,)).experts == (PoolExpert("0", "x"),)


@pytest.mark.parametrize(
    ("body", "limits", "code"),
    [
        ("time.sleep(600)", Limits(seconds=3), "plugin_too_slow"),
        ("os._exit(3)", ENOUGH, "plugin_died"),
        ("bytes(4 << 30)", ENOUGH, "plugin_failed"),
        ("return []", ENOUGH, "plugin_answer_wrong"),
        ('return PoolAnswer(request.on, (PoolExpert("a", "x"), PoolExpert("a", "y")))', ENOUGH, "plugin_failed"),
        ('return PoolAnswer(request.on, (PoolExpert("", "x"),))', ENOUGH, "plugin_failed"),
        ('return PoolAnswer(request.on, ("SJ1",))', ENOUGH, "plugin_failed"),
        ('raise OutsideFailed("x", problem="不通")', ENOUGH, "plugin_failed"),
    ],
)
def test_whatever_happens_is_one_failure_of_the_plugin(ask, body, limits, code):
    """Never half an answer, never a hanging caller."""
    with pytest.raises(OutsideFailed) as caught:
        ask(body, limits)
    assert (caught.value.code, caught.value.params["plugin"], caught.value.params["step"]) == (code, "good", "experts")


def test_pools_stand_in_the_tenants_order(installed, tenant, settings):
    """All of them; those that are pulled apart from those that are not."""
    first = installed("second", source(offered='[Pool("far", True), Pool("near", False)]'))
    other = installed("first", source(offered='[Pool("near", False)]'))
    whose = tenant([other, first])
    assert [pools.key_of(one) for one in pools.pools(whose, settings)] == ["first/near", "second/far", "second/near"]
    assert [pools.key_of(one) for one in pools.distant(whose, settings)] == ["second/far"]
    assert pools.key_of(pools.chosen(whose, None, settings)) == "second/far"


@pytest.mark.parametrize(
    ("offered", "code"),
    [("Pool('x', True)", "plugin_answer_wrong"), ("['x']", "plugin_answer_wrong"),
     ("[Pool('x', 'yes')]", "plugin_answer_wrong"), ("1 / 0", "plugin_failed")],
)  # fmt: skip
def test_what_is_no_pool_stands_there_as_failing(installed, tenant, settings, offered, code):
    """It is in the list, so that nothing passes it by in silence, and pulling it is the plugin's failure."""
    whose = tenant([installed("bad", source(offered=offered))])
    (found,) = pools.pools(whose, settings)
    assert isinstance(found, Absent)
    with pytest.raises(OutsideFailed) as caught:
        found.experts(PoolRequest(ON))
    with pytest.raises(OutsideFailed):
        pools.chosen(whose, "bad", settings)
    assert caught.value.code == code


def test_unknown_and_unnamed_pools_name_the_known(installed, tenant, settings):
    """A pool without a network is not pulled."""
    offered = '[Pool("a", True), Pool("b", True), Pool("near", False)]'
    whose = tenant([installed("good", source(offered=offered))])
    for key, kind in ((None, BadInput), ("good/near", NotFound), ("x", NotFound)):
        with pytest.raises(kind) as caught:
            pools.chosen(whose, key, settings)
        assert caught.value.params["known"] == "good/a、good/b"


def test_check_of_a_distant_pool_is_in_a_child_and_masked(installed, tenant, settings, monkeypatch):
    """Another process, with the secret, which it does not tell."""
    import os

    monkeypatch.setenv("POOL_TOKEN", "hidden-token")
    whose = tenant([installed("good", source(offered='[Pool("far", True), Pool("near", False)]'))])
    far, near = (pools.check(whose, one, settings).message for one in pools.pools(whose, settings))
    assert (far.split()[0] != str(os.getpid()), far.split()[1]) == (True, "***")
    assert near.split()[0] == str(os.getpid())


@pytest.mark.parametrize(
    "parts",
    [{"number": ""}, {"number": "a b"}, {"number": "x" * 33}, {"name": ""}, {"name": "x" * 101}, {"fields": ("a、b",)},
     {"fields": ("",)}, {"employer": "x" * 201}, {"valid_to": "2027-01-31"}],
)  # fmt: skip
def test_expert_who_cannot_be_is_refused_where_it_is_made(parts):
    """Neither side has to distrust the other's values."""
    with pytest.raises(ValueError):  # noqa: PT011 - the contract says no more
        PoolExpert(**{"number": "SJ1", "name": "甲", **parts})
