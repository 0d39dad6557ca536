"""The plan's rules from ratios and cap (R5.5)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairdraw.quota import quotas
from shuangsui.draws.quota import batch_size, left_of_cap, sampling_rules
from shuangsui.errors import RuleRefused

TWENTIETH = Fraction(1, 20)


def test_r5_5_37_objects_at_5_percent_leave_one() -> None:
    """R5.5: floor(37 / 20) = 1, and none after it."""
    assert left_of_cap(TWENTIETH, 37, 0, min_one=False) == 1
    assert left_of_cap(TWENTIETH, 37, 1, min_one=False) == 0


def test_r5_5_second_batch_over_the_cap_is_refused() -> None:
    """R5.5: at most one object a year; the second batch is refused with its article."""
    with pytest.raises(RuleRefused) as caught:
        sampling_rules({"ALL": TWENTIETH}, {"ALL": 36}, left=0, item="X")
    assert (caught.value.code, caught.value.article) == ("over_cap_this_year", "第五条")


def test_r5_5_ten_objects_at_5_percent_leave_none_unless_the_tenant_says_one() -> None:
    """R5.5: floor = 0; ``general_min_one`` gives one."""
    assert left_of_cap(TWENTIETH, 10, 0, min_one=False) == 0
    assert left_of_cap(TWENTIETH, 10, 0, min_one=True) == 1


def test_r5_3_key_item_has_no_cap() -> None:
    """R5.3."""
    assert left_of_cap(None, 10, 3, min_one=False) is None


def test_r5_5_ratio_mode_while_the_rounded_quotas_fit() -> None:
    """R5.5: Σ ceil ≤ left."""
    rules = sampling_rules({"A": Fraction(1, 100), "D": Fraction(3, 50)}, {"A": 100, "D": 50}, left=4, item="X")
    assert rules["mode"] == "ratio"
    assert quotas(rules, {"A": 100, "D": 50}) == {"A": 1, "D": 3}


def test_r5_5_total_mode_when_rounding_up_exceeds_what_is_left() -> None:
    """R5.5: the plan then carries exactly what is left, shares over the common denominator."""
    ratios = {"A": Fraction(1, 20), "B": Fraction(1, 10)}
    rules = sampling_rules(ratios, {"A": 21, "B": 11}, left=3, item="X")
    assert (rules["mode"], rules["total"]) == ("total", 3)
    assert {name: rule["share"] for name, rule in rules["strata"].items()} == {"A": 1, "B": 2}
    assert sum(quotas(rules, {"A": 21, "B": 11}).values()) == 3


def test_stratum_with_ratio_zero_draws_nobody_in_total_mode() -> None:
    """A share is at least 1; the cap of 0 keeps it out."""
    rules = sampling_rules({"A": Fraction(0), "B": Fraction(1, 10)}, {"A": 50, "B": 55}, left=5, item="X")
    assert quotas(rules, {"A": 50, "B": 55}) == {"A": 0, "B": 5}


def test_r10_4_least_ratio_is_kept_when_the_cap_is_shared_out() -> None:
    """By shares D would get 4 of 5; its least ratio says 5. Where nothing needs sharing out, no floor is written."""
    ratios, eligible = {"A": Fraction(1, 20), "D": Fraction(1, 10)}, {"A": 30, "D": 45}
    least = {"D": Fraction(1, 10)}
    rules = sampling_rules(ratios, eligible, left=5, item="X", least=least)
    assert (rules["total"], quotas(rules, eligible)) == (5, {"A": 0, "D": 5})
    assert quotas(sampling_rules(ratios, eligible, left=5, item="X"), eligible) == {"A": 1, "D": 4}
    assert sampling_rules(ratios, eligible, left=9, item="X", least=least)["mode"] == "ratio"


def test_r10_4_cap_below_the_least_ratio_is_refused() -> None:
    """Both numbers are in the sentence."""
    with pytest.raises(RuleRefused) as caught:
        sampling_rules({"D": Fraction(1, 10)}, {"D": 45}, left=4, item="X", least={"D": Fraction(1, 10)})
    assert (caught.value.code, caught.value.params["wanted"], caught.value.params["left"]) == ("least_over_cap", 5, 4)


RATIOS = st.dictionaries(st.sampled_from("ABCD"), st.fractions(0, 1, max_denominator=200), min_size=1)


@given(RATIOS, st.integers(0, 500), st.integers(1, 60))
def test_quota_never_exceeds_what_is_left(ratios: dict[str, Fraction], n: int, left: int) -> None:
    """Whatever the ratios, a general item never draws more than the cap leaves."""
    eligible = dict.fromkeys(ratios, n)
    rules = sampling_rules(ratios, eligible, left=left, item="X")
    assert sum(quotas(rules, eligible).values()) <= left


@pytest.mark.parametrize(("n", "batches", "size"), [(120, 4, 30), (121, 4, 31), (9, 4, 3), (5, 0, 0)])
def test_r5_6_batch_sizes(n: int, batches: int, size: int) -> None:
    """R5.6: 120/4 → 30, 121/4 → 31."""
    assert batch_size(n, batches) == size
