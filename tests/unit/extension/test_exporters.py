"""Exporters of plugins, each behind isolation."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from disclosing import AUTHORITY, of_result
from shuangsui.disclosed import Disclosed
from shuangsui.errors import ContentRefused, OutsideFailed
from shuangsui.extension import service

GOOD = """
from shuangsui import ContentRefused, Health, OutsideFailed, Package, Receipt, hookimpl
api = 1
class Exporter:
    name = "mock"
    duty = ""
    def takes(self, item): return True
    kinds = ("result",)
    schema = {"type": "object"}
    def convert(self, item):
        if item.revision == 7: raise ContentRefused("检查对象", "没有填写")
        if item.revision == 8: raise LookupError("no")
        number = item.external_id if item.revision < 9 else "another"
        return Package(number, item.revision, item.action, "a.json", "application/json", b"{}")
    def send(self, package): raise OutsideFailed("x", permanent=True, problem="不收")
    def read_back(self, package): return None
    def check(self): return Health(True, "正常。")
@hookimpl
def register_exporters(context):
    return [Exporter()]
"""


def item(revision: int = 1) -> Disclosed:
    return Disclosed(AUTHORITY, "RW2026-0001", revision, "publish", of_result(1), date(2026, 11, 26))


@pytest.fixture
def found(installed, tenant, settings) -> Any:
    (one,) = service.exporters(tenant([installed("good", GOOD)]), settings)
    return one


def test_good_exporter_answers_through_isolation(found):
    """What the contract says comes out as it is."""
    assert (found.name, found.kinds, found.schema, found.check().ok) == ("mock", ("result",), {"type": "object"}, True)
    assert found.convert(item()).external_id == item().external_id


def test_refused_content_is_no_mistake_of_the_plugin(found):
    """It names the field."""
    with pytest.raises(ContentRefused) as caught:
        found.convert(item(7))
    assert caught.value.params == {"field": "检查对象", "problem": "没有填写"}


@pytest.mark.parametrize(("revision", "code"), [(8, "plugin_failed"), (9, "plugin_answer_wrong")])
def test_mistakes_in_converting_name_the_plugin(found, revision, code):
    """A crash, and a package of something else."""
    with pytest.raises(OutsideFailed) as caught:
        found.convert(item(revision))
    assert (caught.value.code, caught.value.params["plugin"]) == (code, "good")


@pytest.mark.parametrize(
    ("step", "code", "permanent"), [("send", "plugin_failed", True), ("read_back", "plugin_answer_wrong", False)]
)
def test_each_call_is_isolated(found, step, code, permanent):
    """A refusal keeps whether trying again helps; None is no receipt."""
    with pytest.raises(OutsideFailed) as caught:
        getattr(found, step)(found.convert(item()))
    assert (caught.value.code, caught.value.permanent) == (code, permanent)


@pytest.mark.parametrize(
    ("old", "new"),
    [('("result",)', '("page",)'), ('("result",)', "()"), ('{"type": "object"}', "None"), ('"mock"', "3")],
)
def test_exporter_that_breaks_the_contract_fails_for_every_kind(installed, tenant, settings, old, new):
    """Nothing passes it by in silence."""
    (bad,) = service.exporters(tenant([installed("bad", GOOD.replace(old, new, 1))]), settings)
    with pytest.raises(OutsideFailed):
        bad.convert(item())
    assert (bad.name, bad.kinds, dict(bad.schema)) == ("bad", ("round", "result", "withheld", "decision", "notice"), {})


def test_listing_says_what_it_is(installed, tenant, settings):
    """The kind of ``plugin list``."""
    rows = {one.name: one for one in service.listing(settings, tenant([installed("good", GOOD)]))}
    assert (rows["good"].state, rows["good"].plugin.kinds) == ("enabled", ("exporter",))
    assert json.dumps(rows["good"].plugin.kinds) == '["exporter"]'
