"""Which layers apply to a city and to its district, and what stops a process from starting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shuangsui.errors import Misconfigured, NotFound
from shuangsui.rules import service
from shuangsui.rules.packs import Pack
from shuangsui.tenancy import tree
from shuangsui.texts import sentence

DAY = date(2026, 11, 22)
TENANTS = Path(__file__).parents[3] / "tenants"
DISTRICT_RULES = "tenants/shi/districts/qu/rules.toml"

Make = Callable[..., Any]


@pytest.fixture
def bound_office(office: Any, make_pack: Callable[..., Pack], make_rule: Make) -> Any:
    """National floor of two officers; an order; measures of the city, adopted by it."""
    office.add(make_pack("national", "national", "all", make_rule("team.min_officers", "2", "floor", "第四十二条")))
    office.add(make_pack("order", "order", "all", make_rule("plan.due", '"03-31"', "ceiling", "第十五条")))
    office.add(make_pack("measures", "measures", "own", make_rule("publication.days", "20", "ceiling", "第十四条")))
    office.city('["order", "measures"]')
    return office


def test_r17_1_district_may_tighten(bound_office: Any, make_rule: Make) -> None:
    """A district that publishes within 15 working days uses 15; the city keeps 20."""
    bound_office.district("", make_rule("publication.days", "15"))
    assert [bound_office.rules(slug).number("publication.days") for slug in ("shi", "qu")] == [20, 15]


def test_r17_1_district_may_loosen_the_measures_with_its_own_document(bound_office: Any, make_rule: Make) -> None:
    """Accepted because the measures only advise a district, and the document is named."""
    bound_office.district("", make_rule("publication.days", "25", more='own_basis = "某文〔2026〕3号"'))
    found = bound_office.rules("qu")["publication.days"]
    assert (found.value, found.basis, found.file, found.line) == (25, "某文〔2026〕3号 第一条", DISTRICT_RULES, 4)


def test_r17_1_district_may_not_loosen_without_one(bound_office: Any, make_rule: Make) -> None:
    """Refused with file, line and the article of the measures."""
    bound_office.district("", make_rule("publication.days", "25"))
    with pytest.raises(Misconfigured) as caught:
        bound_office.load()
    error = caught.value
    assert (error.code, error.article, error.params["file"], error.params["line"]) == (
        "rule_loosened",
        "第十四条",
        DISTRICT_RULES,
        4,
    )


LOOSER = {"national floor": ("team.min_officers", "1", "第四十二条"), "order": ("plan.due", '"06-30"', "第十五条")}


@pytest.mark.parametrize(("key", "value", "article"), LOOSER.values(), ids=LOOSER)
def test_r17_1_law_and_orders_stay_a_floor(
    key: str, value: str, article: str, bound_office: Any, make_rule: Make
) -> None:
    """An own basis is no way around what binds every tenant."""
    bound_office.district("", make_rule(key, value, more='own_basis = "某文〔2026〕3号"'))
    with pytest.raises(Misconfigured) as caught:
        bound_office.load()
    assert (caught.value.code, caught.value.article) == ("rule_loosened", article)


def test_measures_bind_the_authority_that_adopted_them(bound_office: Any, make_rule: Make) -> None:
    """The city itself cannot loosen its own measures, not even with a document number."""
    more = 'own_basis = "某文〔2026〕3号"'
    bound_office.city('["order", "measures"]', make_rule("publication.days", "25", more=more))
    with pytest.raises(Misconfigured) as caught:
        bound_office.load()
    assert (caught.value.article, caught.value.params["file"]) == ("第十四条", "tenants/shi/rules.toml")


def test_district_that_lists_the_measures_itself_is_bound(bound_office: Any, make_rule: Make) -> None:
    """Adoption is an act of the district (可参照); afterwards the measures are its own."""
    bound_office.district('packs = ["measures"]', make_rule("publication.days", "25", more='own_basis = "某文"'))
    with pytest.raises(Misconfigured) as caught:
        bound_office.load()
    assert caught.value.article == "第十四条"


def test_r17_1_district_may_drop_the_measures_but_not_the_order(bound_office: Any) -> None:
    """R17.1: a district has its own rules or none; what binds everybody stays."""
    bound_office.district("packs = []")
    rules = bound_office.rules("qu")
    assert sorted(rules) == ["plan.due", "team.min_officers"]
    with pytest.raises(NotFound):
        rules.number("publication.days")


def test_city_rules_are_a_default_for_its_districts(bound_office: Any, make_rule: Make) -> None:
    """The city's own file comes before the district's and binds only the city."""
    bound_office.city('["order", "measures"]', make_rule("publication.days", "15", "ceiling", "第九条"))
    assert bound_office.rules("qu").number("publication.days") == 15
    bound_office.district("", make_rule("publication.days", "18", more='own_basis = "某文"'))
    ladder = bound_office.rules("qu").ladder("publication.days")
    assert [(step.pack, step.value, step.binding) for step in ladder] == [
        ("measures", 20, False),
        ("shi", 15, False),
        ("qu", 18, True),
    ]


def test_r18_1_task_before_the_measures_is_not_judged_by_them(bound_office: Any) -> None:
    """A pack applies from its day on; before it there is no rule rather than the wrong one."""
    days = [date(2020, 1, 31), date(2020, 2, 1)]
    assert ["publication.days" in bound_office.rules("shi", day) for day in days] == [False, True]


def test_r18_2_dated_local_rule(bound_office: Any, make_rule: Make) -> None:
    """R18.2: a change written today takes effect on its day."""
    bound_office.district("", make_rule("publication.days", "15", more="valid_from = 2027-01-01"))
    days = [date(2026, 12, 31), date(2027, 1, 1)]
    assert [bound_office.rules("qu", day).number("publication.days") for day in days] == [20, 15]


def test_rule_that_will_loosen_is_refused_today(bound_office: Any, make_rule: Make) -> None:
    """Nothing starts with a file that breaks next year."""
    bound_office.district("", make_rule("team.min_officers", "1", more="valid_from = 2030-01-01"))
    with pytest.raises(Misconfigured) as caught:
        bound_office.load()
    assert caught.value.code == "rule_loosened"


def test_unknown_pack(bound_office: Any) -> None:
    """Named with file and line, and the packs there are."""
    bound_office.city('["order", "mesures"]')
    with pytest.raises(Misconfigured) as caught:
        bound_office.load()
    assert sentence(caught.value) == (
        "tenants/shi/tenant.toml 第 7 行，packs：没有规则包 mesures，现有 national、order、measures。"
    )


def test_unknown_rule_key_in_a_local_file(bound_office: Any, make_rule: Make) -> None:
    """With the line of the key."""
    bound_office.district("", make_rule("team.min_officer", "2"))
    with pytest.raises(Misconfigured) as caught:
        bound_office.load()
    assert (caught.value.code, caught.value.params["file"], caught.value.params["line"]) == (
        "rule_key_unknown",
        DISTRICT_RULES,
        3,
    )


def test_incomplete_rules_stop_the_start(bound_office: Any) -> None:
    """A tenant for which some key has no value today cannot work lawfully."""
    with pytest.raises(Misconfigured) as caught:
        bound_office.load()
    assert sentence(caught.value) == (
        "tenants/shi/tenant.toml 第 7 行：租户 shi 在 2026-11-22 缺少规则 coordination.window_days，"
        "请采用规定它的规则包，或在 rules.toml 写明。"
    )


def test_shipped_tree_is_lawful_and_complete() -> None:
    """All 40 tenants, on every day on which anything changes."""
    assert len(service.load(TENANTS, DAY)) == 40


def test_r18_1_shipped_measures_begin_on_2021_02_09() -> None:
    """On 2021-02-01 the measures of 2018 applied, which the product does not know."""
    found = tree.load(TENANTS)
    days = [date(2021, 2, 1), date(2021, 2, 8), date(2021, 2, 9)]
    assert ["publication.days" in service.for_tenant(found, "chongqing", day) for day in days] == [False, False, True]


def test_r17_1_shipped_measures_bind_the_commission_and_advise_districts() -> None:
    """R17.1 on the real tree."""
    found = tree.load(TENANTS)
    steps = [service.for_tenant(found, slug, DAY)["publication.days"] for slug in ("chongqing", "yuzhong")]
    assert [(step.value, step.binding, step.basis) for step in steps] == [
        (20, True, "渝经信发〔2021〕6号 第十四条"),
        (20, False, "渝经信发〔2021〕6号 第十四条"),
    ]
