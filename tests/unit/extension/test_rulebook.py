"""Rule packs of plugins: layers of the tenants that have them switched on, and of nobody else."""

from __future__ import annotations

from datetime import date

import pytest

from shuangsui.errors import Misconfigured, OutsideFailed, RuleRefused, ShuangsuiError
from shuangsui.extension import rulebook, service
from shuangsui.tenancy import tree
from shuangsui.texts import sentence

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
        in_force(settings, "mouqu")
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


AMEND = "from shuangsui import RuleAmendment, hookimpl\napi = 1\n@hookimpl\ndef amend_rules():\n    "
MEASURES = 'packs = ["miit-2018-45", "cq-mietc-2021-6"]\n'
LOOSENED = AMEND + "return [RuleAmendment('publication.days', 25, '第三条', own_basis='某发〔2026〕1号')]\n"


def amending(**values):
    """A plugin that says these values, each by a document of its own."""
    said = ", ".join(
        f"RuleAmendment({key.replace('__', '.')!r}, {value!r}, '第{n}条', own_basis='某发〔2026〕1号')"
        for n, (key, value) in enumerate(values.items(), 1)
    )
    return f"{AMEND}return [{said}]\n"


def test_r17_1_amendments_are_layers_in_the_order_of_the_tenants_list(installed, tenant, settings):
    """Both are in the ladder after every file; the one that is listed last is in force."""
    installed("one", amending(publication__days=15, draw__least_percent=("D=10",)))
    installed("two", amending(publication__days=12))
    tenant(["one", "two"], options=MEASURES)
    rules = in_force(settings)
    assert [(one.pack, one.value, one.file, one.basis) for one in rules.ladder("publication.days")[-2:]] == [
        ("one", 15, "插件 one", "某发〔2026〕1号 第1条"),
        ("two", 12, "插件 two", "某发〔2026〕1号 第1条"),
    ]
    assert rules.counts("draw.least_percent") == {"D": 10}
    tenant(["two", "one"], options=MEASURES)
    assert in_force(settings).number("publication.days") == 15


def test_amendment_changes_the_digest_that_plans_carry(installed, tenant, settings):
    """And nobody's who has not switched the plugin on."""
    installed("one", amending(draw__least_percent=("D=10",)))
    tenant([], slug="linshi")
    digests = []
    for plugins in ([], ["one"]):
        tenant(plugins)
        digests += [in_force(settings).digest(), in_force(settings, "linshi").digest()]
    assert digests[0] == digests[1] == digests[3] != digests[2]


def test_r17_1_amendment_cannot_loosen_a_ceiling(installed, tenant, settings, caplog):
    """25 days where 20 are allowed: nothing of the tenant is decided, its neighbour works on, the process starts."""
    installed("loose", LOOSENED)
    tenant(["loose"], options=MEASURES)
    tenant([], slug="linshi", options=MEASURES)
    with pytest.raises(RuleRefused) as caught:
        in_force(settings)
    assert (caught.value.code, caught.value.article) == ("rule_loosened", "第十四条")
    assert sentence(caught.value) == (
        "插件 loose：publication.days 取 25，比 cq-mietc-2021-6 规定的 20 宽松，"
        "该规定约束本机关，只能取不宽于 20 的值。"
    )
    loaded = rulebook.load(settings.tenants, ON, settings)
    assert rulebook.in_force(loaded, "linshi", ON, settings).number("team.min_officers") == 2
    assert ["tenant moushi" in record.message for record in caplog.records] == [True]
    (listed,) = [one for one in rulebook.listing(loaded, "moushi", settings) if one.name == "loose"]
    assert (listed.state, listed.fault.error.article) == ("failed", "第十四条")


def test_plugin_is_blamed_for_its_own_amendment_only(installed, tenant, settings):
    """Of two plugins one loosens; the other, listed after it, is in order, and so is a bound that only advises."""
    installed("loose", LOOSENED)
    installed("strict", amending(publication__days=10))
    tenant(["loose", "strict"], options=MEASURES)
    below = settings.tenants / "moushi" / "districts" / "mouqu"
    below.mkdir(parents=True)
    (below / "tenant.toml").write_text('slug = "mouqu"\nname = "某区"\nshort = "某区"\n', encoding="utf-8")
    found = tree.load(settings.tenants)
    states = {one.name: one.state for one in rulebook.listing(found, "moushi", settings)}
    assert (states["loose"], states["strict"]) == ("failed", "enabled")
    assert rulebook.refusals(found, "mouqu", settings) == {}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("raise RuntimeError('no')", "plugin_failed"),
        ("return None", "plugin_answer_wrong"),
        ("return [('publication.days', 15)]", "plugin_answer_wrong"),
        ("return [RuleAmendment('publication.days', 1.5, '第三条')]", "plugin_failed"),
        ("return [RuleAmendment('publication.dayz', 15, '第三条')]", "amendment_invalid"),
        ("return [RuleAmendment('publication.days', 0, '第三条')]", "amendment_invalid"),
    ],
)
def test_failing_amendment_stops_its_own_tenant_only(installed, tenant, settings, body, code):
    """Half of a district's rules are not its rules; the neighbour works on, and the list of plugins says why."""
    installed("bad", f"{AMEND}{body}\n")
    mine = tenant(["bad"], options=MEASURES)
    tenant([], slug="linshi", options=MEASURES)
    with pytest.raises(ShuangsuiError) as caught:
        in_force(settings)
    loaded = rulebook.load(settings.tenants, ON, settings)
    (found,) = [one for one in service.listing(settings, mine) if one.name == "bad"]
    assert (caught.value.code, found.state, found.plugin.kinds) == (code, "failed", ("rule_amendments",))
    assert rulebook.in_force(loaded, "linshi", ON, settings).number("team.min_officers") == 2
