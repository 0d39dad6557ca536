"""Enforcement systems of plugins, each behind isolation."""

from __future__ import annotations

import pytest

from shuangsui.contracts import CodeReceipt
from shuangsui.errors import OutsideFailed
from shuangsui.extension import service

GOOD = """
from shuangsui import CodeReceipt, hookimpl
api = 1
class System:
    name = "mock"
    def push_task(self, notice): raise ValueError(notice)
    def query(self, task): return CodeReceipt("mock", task, "Z1")
    def report_missing(self, missing): return "N1"
    def check(self): ...
@hookimpl
def register_enforcement_systems(context):
    return [System()]
"""


def test_good_system_answers_through_isolation(installed, tenant, settings):
    """What the contract says comes out as it is."""
    (found,) = service.enforcement_systems(tenant([installed("good", GOOD)]), settings)
    assert (found.name, found.query("RW2026-0001")) == ("mock", CodeReceipt("mock", "RW2026-0001", "Z1"))


@pytest.mark.parametrize(("step", "code"), [("push_task", "plugin_failed"), ("report_missing", "plugin_answer_wrong")])
def test_each_call_is_isolated(installed, tenant, settings, step, code):
    """A raising step and a wrong answer both name the plugin."""
    (found,) = service.enforcement_systems(tenant([installed("good", GOOD)]), settings)
    with pytest.raises(OutsideFailed) as caught:
        getattr(found, step)("x")
    assert (caught.value.code, caught.value.params["plugin"]) == (code, "good")


@pytest.mark.parametrize("body", ["raise RuntimeError('no')", "return None", "return [object()]"])
def test_failing_hook_leaves_a_system_that_fails(installed, tenant, settings, body):
    """No task passes it by in silence; the neighbour's works."""
    installed(
        "bad", f"from shuangsui import hookimpl\napi = 1\n@hookimpl\ndef register_enforcement_systems():\n    {body}\n"
    )
    bad, good = service.enforcement_systems(tenant(["bad", installed("good", GOOD)]), settings)
    with pytest.raises(OutsideFailed):
        bad.query("RW2026-0001")
    assert (bad.name, good.name) == ("bad", "mock")
