"""What an item allows and what keeps it off an approved list, provision by provision."""

from __future__ import annotations

from fractions import Fraction

import pytest

from shuangsui.catalogue.policy import (
    Problem,
    cap_of,
    check_approver,
    least_of,
    problems,
    rounds_of,
    yearly_limit,
)
from shuangsui.catalogue.tables import ItemList
from shuangsui.errors import NotAllowed


def codes(found: list[Problem]) -> list[tuple[str, str]]:
    """What is wrong, and by which article."""
    return [(problem.code, problem.article) for problem in found]


def test_lawful_general_item_has_no_problem(item, rules):
    """All six columns, a class and a cap."""
    assert problems(item(), rules, "municipal") == []


def test_r4_1_item_that_its_office_has_not_confirmed_is_refused(item, rules, amend):
    """Unless the tenant's rules do without confirmation."""
    fresh = item()
    fresh.confirmed_by = None
    assert codes(problems(fresh, rules, "municipal")) == [("item_unconfirmed", "第四条")]
    assert problems(fresh, amend(("list.business_confirm", False)), "municipal") == []


def test_r5_1_item_without_basis_is_refused_naming_the_column(item, rules):
    """One mandatory column is empty."""
    found = problems(item(basis=None), rules, "municipal")
    assert found == [Problem("抽查依据", "column_missing", "第五条第一款", {"column": "抽查依据"})]


def test_r5_1_every_missing_column_is_named(item, rules):
    """All at once, in the order of 第五条."""
    bare = item(content=None, basis=None, method=None, frequency=None, publication=None)
    columns = [problem.column for problem in problems(bare, rules, "municipal")]
    assert columns == ["抽查事项内容", "抽查依据", "抽查方式", "抽查频次", "抽查结果公开方式"]


def test_r5_1_column_added_by_a_tenant_is_looked_for_in_its_own_columns(item, amend):
    """第五条 ends with 等: a tenant may demand more."""
    rules = amend(("item.columns", ("name", "office", "实施层级")))
    assert [problem.column for problem in problems(item(office=None), rules, "municipal")] == ["责任处室", "实施层级"]
    assert problems(item(extra={"实施层级": "市级"}), rules, "municipal") == []


def test_r5_2_item_without_class_is_refused(item, rules):
    """Exactly one class; what has none is not judged by the rules of either."""
    assert codes(problems(item(item_class=None, ratio=None), rules, "municipal")) == [("class_missing", "第五条第一款")]


def test_r5_3_key_item_with_ratio_of_everything_is_accepted(item, rules):
    """Key items know no cap."""
    key = item(item_class="key", key_ground="安全", ratio="100%")
    assert problems(key, rules, "municipal") == []
    assert cap_of(key, "municipal") is None


def test_r5_3_key_item_is_held_to_its_wording_where_the_rules_say_so(item):
    """``item.key_uncapped`` off: what the list caps is capped, everything is no cap."""
    key = {"item_class": "key", "key_ground": "安全"}
    capped, whole = item(**key, ratio="不超过30%"), item(**key, ratio="100%")
    assert [cap_of(one, "municipal", key_uncapped=False) for one in (capped, whole)] == [Fraction(3, 10), None]
    assert cap_of(capped, "municipal") is None


@pytest.mark.parametrize(
    ("ground", "code"),
    [
        (None, "ground_missing"),
        ("其他", "ground_unexplained"),
        ("其他：", "ground_unexplained"),
        ("重要", "ground_unknown"),
        ("安全、重要", "ground_unknown"),
    ],
)
def test_r5_3_key_item_without_a_ground_is_refused(item, rules, ground, code):
    """公共利益, 安全, 质量, or 其他 with a reason."""
    found = problems(item(item_class="key", key_ground=ground), rules, "municipal")
    assert codes(found) == [(code, "第五条第一款")]


@pytest.mark.parametrize("ground", ["公共利益", "安全", "质量", "公共利益、安全", "其他：涉及军工", "其他（涉及军工）"])
def test_r5_3_ground_of_a_key_item_is_accepted(item, rules, ground):
    """Several grounds may stand together."""
    assert problems(item(item_class="key", key_ground=ground), rules, "municipal") == []


@pytest.mark.parametrize("ratio", ["由市级部门根据风险情况确定", "不少于3%", "不超过20户", None])
def test_r5_4_general_item_without_cap_is_refused(item, rules, ratio):
    """A floor, a count or no figure is no upper bound of a ratio."""
    found = problems(item(ratio=ratio), rules, "municipal")
    assert found == [Problem("抽查比例", "cap_required", "第五条第一款", {"text": ratio or "未填写"})]


def test_r5_4_cap_of_another_level_is_none_of_this_one(item, rules):
    """省级不超过2% leaves the city to set its own, which must then be written."""
    provincial = item(ratio="省级不超过2%，市、县级部门结合当地实际制定检查计划")
    assert codes(problems(provincial, rules, "municipal")) == [("cap_required", "第五条第一款")]


def test_r5_4_cap_depends_on_the_level(item):
    """JX-06: 市级不超过3%，区县不超过10%."""
    salt = item(ratio="市级不超过3%，区县不超过10%")
    assert cap_of(salt, "municipal") == Fraction(3, 100)
    assert cap_of(salt, "district") == Fraction(1, 10)


def test_r5_6_batch_order_on_a_general_item_is_refused(item, rules):
    """Only key items may use the draw for the order of batches."""
    found = problems(item(ratio="100%（分4批，仅随机确定批次顺序）"), rules, "municipal")
    assert codes(found) == [("batch_order_general", "第五条第一款")]


def test_public_draw_of_an_item_with_withheld_results_is_refused(item, rules):
    """The open list of a draw would tell what the publication keeps back."""
    withheld = "汇总情况在委门户网站公示；依法不予公开的结果不公示，可定向通报"
    assert codes(problems(item(publication=withheld, draw_mode="public"), rules, "municipal")) == [
        ("public_mode_withheld", "第十四条")
    ]
    assert problems(item(publication=withheld), rules, "municipal") == []
    assert problems(item(draw_mode="public"), rules, "municipal") == []


def test_least_is_the_floor_of_the_wording(item):
    """不少于30%."""
    assert least_of(item(ratio="不少于30%"), "municipal") == Fraction(3, 10)
    assert least_of(item(ratio="不超过30%"), "municipal") is None


@pytest.mark.parametrize(
    ("frequency", "rounds"),
    [
        ("每年1次", 1),
        ("每年不超过2次", 2),
        ("每月不少于1次", None),
        ("同一对象每年不超过1次", None),
        ("每年1次5%；或者每年2次各2.5%", 2),
        ("根据实际情况确定", None),
        ("每半年1次", 2),
    ],
)
def test_rounds_are_what_the_frequency_allows_a_year(item, frequency, rounds):
    """A count kept for each object bounds no draws; of alternatives the most generous one does."""
    assert rounds_of(item(frequency=frequency), "municipal") == rounds


def test_frequency_of_another_level_is_none_of_this_one(item):
    """Of a published list: the city once a year, counties every month."""
    split = item(frequency="市级局每年组织1次；县级局每月组织1次")
    assert (rounds_of(split, "municipal"), rounds_of(split, "district")) == (1, 12)


def test_r10_1_once_a_year_is_the_limit_of_an_ordinary_item(item, rules):
    """A ceiling of two in the list does not lift 第十条."""
    assert yearly_limit(item(), rules, "municipal") == 1
    assert yearly_limit(item(frequency="同一对象每年不超过2次"), rules, "municipal") == 1
    assert yearly_limit(item(frequency="每年2次"), rules, "municipal") == 1


def test_r10_1_wording_may_lower_a_limit_that_a_rule_raised(item, amend):
    """A district allows three, the item one."""
    rules = amend(("frequency.max_per_year_item_object", 3))
    assert yearly_limit(item(), rules, "district") == 3
    assert yearly_limit(item(frequency="同一对象每两年不超过1次"), rules, "district") == 1


def test_r10_3_statutory_monthly_frequency_of_every_object_raises_the_limit(item, rules):
    """100%, 每月不少于1次 is twelve visits of each object."""
    monthly = item(item_class="key", key_ground="安全", ratio="100%", frequency="每月不少于1次")
    assert yearly_limit(monthly, rules, "municipal") == 12


def test_r10_3_monthly_draws_of_some_objects_do_not_raise_the_limit(item, rules):
    """不少于5% each month: other objects each time."""
    assert yearly_limit(item(ratio="不少于5%", frequency="每月不少于1次"), rules, "municipal") == 1


def test_r4_4_nobody_approves_what_they_submitted(item, rules):
    """The submitter of the list."""
    with pytest.raises(NotAllowed) as refused:
        check_approver(ItemList(number=1, proposer="lead"), [], "lead", rules)
    assert refused.value.code == "same_person"


def test_r4_4_nobody_approves_an_entry_of_their_own(item, amend):
    """The one who proposed or confirmed an item, unless the tenant's rule allows it."""
    lists, mine, confirmed = ItemList(number=1, proposer="lead"), item(), item()
    mine.proposed_by, confirmed.confirmed_by = "leader", "leader"
    strict, lenient = (amend(("list.unit_may_approve_own", allowed)) for allowed in (False, True))
    for entry in (mine, confirmed):
        with pytest.raises(NotAllowed):
            check_approver(lists, [entry], "leader", strict)
        check_approver(lists, [entry], "leader", lenient)
