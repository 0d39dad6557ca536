"""Rule packs of plugins: layers of the tenants that have them switched on, and of nobody else."""

from __future__ import annotations

from datetime import date

import pytest

from shuangsui.errors import Misconfigured, OutsideFailed
from shuangsui.extension import rulebook, service
from shuangsui.tenancy import tree

ON = date(2026, 11, 22)
ORDER = """
from shuangsui_rules_cq_order_375 import api, register_rule_packs
"""
HOOK = "from shuangsui import RulePackFile, hookimpl\napi = 1\n@hookimpl\ndef register_rule_packs():\n    "


def in_force(settings, slug="moushi", on=ON):
    return rulebook.in_force(tree.load(settings.tenants), slug, on, settings)


def test_r17_4_order_binds_the_tenant_that_has_the_plugin(installed, tenant, settings):
    """Each value names the pack, the order's number and its article, and the plugin's file."""
    installed("order", ORDER)
    tenant(["order"])
    value = in_force(settings)["special.full_coverage"]
    assert (value.value, value.mode, value.pack, value.basis, value.file) == (
        False, "locked", "cq-order-375", "重庆市人民政府令第375号 第二十七条", "插件 order/cq-order-375.toml",
    )  # fmt: skip


def test_r17_4_order_applies_from_its_day(installed, tenant, settings):
    """In force since 2025-09-20: the day before knows the product's default only."""
    installed("order", ORDER)
    tenant(["order"])
    days = (date(2025, 9, 19), date(2025, 9, 20))
    assert [in_force(settings, on=day).switch("task.code_required") for day in days] == [False, True]


def test_disabled_plugins_pack_does_not_apply(installed, tenant, settings):
    """Installed, and switched on by the neighbour only."""
    installed("order", ORDER)
    tenant([])
    tenant(["order"], slug="linshi")
    found = [in_force(settings, slug).switch("special.full_coverage") for slug in ("moushi", "linshi")]
    assert found == [True, False]


def test_r17_1_district_cannot_loosen_the_order(installed, tenant, settings):
    """Not even with a document of its own: the refusal cites article 27."""
    installed("order", ORDER)
    tenant(["order"])
    below = settings.tenants / "moushi" / "districts" / "mouqu"
    below.mkdir(parents=True)
    (below / "tenant.toml").write_text('slug = "mouqu"\nname = "某区"\nshort = "某区"\n', encoding="utf-8")
    (below / "rules.toml").write_text(
        '[[rule]]\nkey = "special.full_coverage"\nvalue = true\narticle = "第一条"\nown_basis = "某发〔2026〕1号"\n',
        encoding="utf-8",
    )
    with pytest.raises(Misconfigured) as caught:
        rulebook.load(settings.tenants, ON, settings)
    assert (caught.value.code, caught.value.article, caught.value.params["pack"]) == (
        "rule_loosened", "第二十七条", "cq-order-375",
    )  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        "raise RuntimeError('no')",
        "return None",
        "return ['x.toml']",
        "return [RulePackFile('x.toml', b'[pack]')]",
        "return [RulePackFile('../x.toml', b'')]",
    ],
)
def test_failing_pack_stops_its_own_tenant_only(installed, tenant, settings, body):
    """Rules without the pack could be looser than the law; the neighbour works on."""
    installed("bad", HOOK + body + "\n")
    tenant(["bad"])
    tenant([], slug="linshi")
    with pytest.raises(OutsideFailed) as caught:
        in_force(settings)
    assert (caught.value.params["plugin"], in_force(settings, "linshi").number("team.min_officers")) == ("bad", 2)


def test_failing_pack_is_listed_as_failed(installed, tenant, settings):
    """``plugin list`` says so before anybody acts."""
    installed("bad", HOOK + "return [RulePackFile('x.toml', b'[pack]')]\n")
    (found,) = [one for one in service.listing(settings, tenant(["bad"])) if one.name == "bad"]
    assert (found.state, found.plugin.kinds) == ("failed", ("rule_pack",))
