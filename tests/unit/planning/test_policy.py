"""Plan lines against the item's version and the rules (articles 5, 7, 10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from ruled import changed
from shuangsui.contracts import RuleAmendment
from shuangsui.errors import BadInput, RuleRefused
from shuangsui.planning.policy import (
    ItemTerms,
    Seats,
    Terms,
    active_flags,
    check_line,
    least_ratios,
    officers,
    parse_ratio,
    percent,
    stratum_of,
    usual_ratios,
)
from shuangsui.rules.amendments import amended
from shuangsui.rules.policy import Rules
from shuangsui.rules.service import for_tenant, load
from shuangsui.tenancy.schema import Scalar

ON = date(2026, 3, 1)
GENERAL = ItemTerms("JX-11", key=False, cap=Fraction(1, 20), least=None, rounds=None)
KEY = ItemTerms("JX-13", key=True, cap=None, least=None, rounds=None)


@pytest.fixture(scope="module")
def rules() -> Rules:
    """The municipal commission's rules."""
    root = Path(__file__).parents[3] / "tenants"
    return for_tenant(load(root, ON), "chongqing", ON)


def terms(**ratios: str) -> Terms:
    """A line with these ratios."""
    return Terms({name: parse_ratio(ratio) for name, ratio in ratios.items()})


def refused(line: Terms, item: ItemTerms, rules: Rules) -> tuple[str, str | None]:
    """Code and article of the refusal."""
    with pytest.raises(RuleRefused) as caught:
        check_line(line, item, rules)
    return caught.value.code, caught.value.article


def test_line_within_the_rules_is_accepted(rules: Rules) -> None:
    """Classes below the cap, flagged objects above them."""
    check_line(terms(A="1%", B="2%", C="3%", D="4%", FLAG="10%", ALL="1%"), GENERAL, rules)


def test_r5_4_over_cap_is_refused(rules: Rules) -> None:
    """R5.4: cap 5 %, line 6 %."""
    assert refused(terms(ALL="6%", FLAG="10%"), GENERAL, rules) == ("over_cap", "第五条")


def test_r5_5_cap_is_cumulative_over_rounds(rules: Rules) -> None:
    """R5.5: twice 3 % is 6 %."""
    line = Terms({"ALL": Fraction(3, 100), "FLAG": Fraction(6, 100)}, rounds=2)
    assert refused(line, GENERAL, rules) == ("over_cap", "第五条")


def test_r5_5_each_round_is_capped_by_itself_where_the_rules_say_so(rules: Rules) -> None:
    """``draw.cap_cumulative`` off (A6): twice 3 % are lawful, 6 % are not."""
    each = changed(rules, {"draw.cap_cumulative": False})
    check_line(Terms({"ALL": Fraction(3, 100), "FLAG": Fraction(6, 100)}, rounds=2), GENERAL, each)
    line = Terms({"ALL": Fraction(6, 100), "FLAG": Fraction(8, 100)})
    assert refused(line, GENERAL, each) == ("over_cap", "第五条")


def test_r5_3_key_item_with_a_cap_of_its_own_is_held_to_it(rules: Rules) -> None:
    """``item.key_uncapped`` off leaves the item's terms a cap."""
    assert refused(terms(ALL="40%", FLAG="50%"), replace(KEY, cap=Fraction(3, 10)), rules) == ("over_cap", "第五条")


def test_r5_4_general_item_without_cap_is_refused(rules: Rules) -> None:
    """R5.4: a general item must have a cap."""
    item = ItemTerms("JX-15", key=False, cap=None, least=None, rounds=None)
    assert refused(terms(ALL="5%", FLAG="6%"), item, rules) == ("cap_required", "第五条")


def test_r5_3_key_item_has_no_cap(rules: Rules) -> None:
    """R5.3: 100 % of a key item."""
    check_line(terms(ALL="100%"), KEY, rules)


def test_r5_6_batch_order_of_a_general_item_is_refused(rules: Rules) -> None:
    """R5.6: only key items may be put in batch order."""
    line = Terms({"ALL": Fraction(1)}, batches=4)
    open_item = ItemTerms("X", key=False, cap=Fraction(1), least=None, rounds=None)
    assert refused(line, open_item, rules) == ("batch_order_general", "第五条")


def test_r5_6_batch_order_covers_everything(rules: Rules) -> None:
    """R5.6: batch order draws nobody out."""
    line = Terms({"ALL": Fraction(1, 2)}, batches=4)
    assert refused(line, KEY, rules) == ("batch_order_ratio", "第五条")


@pytest.mark.parametrize("flagged", ["5%", "4%"])
def test_r10_4_flagged_ratio_must_be_higher(flagged: str, rules: Rules) -> None:
    """R10.4: baseline 5 %, flagged not above it."""
    item = ItemTerms("X", key=False, cap=Fraction(1, 5), least=None, rounds=None)
    assert refused(terms(ALL="5%", FLAG=flagged), item, rules) == ("flagged_ratio_not_higher", "第十条")


def test_r10_4_line_without_flagged_stratum_is_refused(rules: Rules) -> None:
    """R10.4: treating flagged objects like all others is no higher ratio."""
    assert refused(terms(ALL="5%"), GENERAL, rules) == ("flagged_ratio_not_higher", "第十条")


def test_r7_3_ratio_below_the_items_least_is_refused(rules: Rules) -> None:
    """R7.3: 不少于30%."""
    item = ItemTerms("JX-09", key=True, cap=None, least=Fraction(3, 10), rounds=None)
    assert refused(terms(ALL="20%", FLAG="40%"), item, rules) == ("under_ratio", "第七条")


def test_r7_3_more_rounds_than_the_item_allows_are_refused(rules: Rules) -> None:
    """R7.3: 每年1次."""
    item = ItemTerms("X", key=False, cap=Fraction(1, 5), least=None, rounds=1)
    line = Terms({"ALL": Fraction(1, 100), "FLAG": Fraction(1, 50)}, rounds=2)
    assert refused(line, item, rules) == ("over_frequency", "第七条")


def test_r13_1_team_of_one_is_refused(rules: Rules) -> None:
    """R13.1: two officers at least."""
    line = Terms({"ALL": Fraction(1, 100), "FLAG": Fraction(1, 50)}, team=Seats(1))
    assert refused(line, GENERAL, rules) == ("team_too_small", "第十三条")


@pytest.mark.parametrize(
    ("text", "ratio"),
    [
        ("5%", Fraction(1, 20)),
        ("2‰", Fraction(1, 500)),
        ("1/3", Fraction(1, 3)),
        ("2.5％", Fraction(1, 40)),
        ("1", Fraction(1)),
    ],
)
def test_ratio_is_read_exactly(text: str, ratio: Fraction) -> None:
    """No floating point on the way."""
    assert parse_ratio(text) == ratio


@pytest.mark.parametrize("text", ["", "五%", "-1%", "101%", "1/0", "1/1000001", "nan"])
def test_ratio_that_is_none_is_refused(text: str) -> None:
    """What is no ratio between 0 and 1."""
    with pytest.raises(BadInput) as caught:
        parse_ratio(text)
    assert caught.value.code == "ratio_invalid"


def test_percent_reads_as_people_write_it() -> None:
    """Whole hundredths of a percent, else the fraction."""
    assert [percent(r) for r in (Fraction(1, 20), Fraction(1, 400), Fraction(1, 3))] == ["5%", "0.25%", "1/3"]


def test_terms_survive_storage() -> None:
    """What is stored is what is read."""
    line = Terms(
        {"A": Fraction(1, 3), "FLAG": Fraction(1)}, ("渝中区",), ("C26",), 2, 4, Seats(3, "节能"), Seats(1, "节能"), 5
    )
    assert Terms.from_json(line.as_json()) == line


FLAG = {"kind": "penalty", "source": "决定书", "since": "2026-01-01", "until": "2026-02-28"}


@pytest.mark.parametrize(("on", "active"), [("2025-12-31", 0), ("2026-01-01", 1), ("2026-02-28", 1), ("2026-03-01", 0)])
def test_r10_5_flag_counts_between_its_dates(on: str, active: int) -> None:
    """R10.5: both days included."""
    assert len(active_flags([FLAG], date.fromisoformat(on))) == active


def test_stratum_prefers_the_flag_then_the_class() -> None:
    """Flagged before class, class before the rest, nothing if the line has no place for it."""
    strata = ("FLAG", "A", "ALL")
    day = date(2026, 1, 15)
    assert stratum_of("A", [FLAG], strata, day) == "FLAG"
    assert stratum_of("A", [], strata, day) == "A"
    assert stratum_of("B", [], strata, day) == "ALL"
    assert stratum_of(None, [], ("A",), day) is None


def amended_by(key: str, value: Scalar) -> Rules:
    """The municipal commission's rules with one local value."""
    root = Path(__file__).parents[3] / "tenants"
    said = RuleAmendment(key, value, "第四条", "某发〔2026〕1号")
    return for_tenant(load(root, ON), "chongqing", ON, amendments=[amended("local", [said])])


@pytest.mark.parametrize(
    ("strata", "expected"),
    [
        (("A", "D", "FLAG", "ALL"), {"D": "10%", "FLAG": "30%"}),
        (("A", "FLAG", "ALL"), {"ALL": "10%", "FLAG": "30%"}),
        (("A", "FLAG"), {"FLAG": "30%"}),
        (("A", "D"), {"A": "30%", "D": "30%"}),
        (("ALL",), {"ALL": "30%"}),
    ],
)
def test_r10_4_least_ratio_holds_where_a_class_falls(strata: tuple[str, ...], expected: dict[str, str]) -> None:
    """Its own stratum, else the others; flagged objects without one stand among all classes; a class left out counts
    nowhere."""
    rules = amended_by("draw.least_percent", ("D=10", "FLAG=30"))
    assert {name: percent(ratio) for name, ratio in least_ratios(strata, rules).items()} == expected


def test_r10_4_line_below_its_least_ratio_is_refused() -> None:
    """A key item, which has no cap; everything is never too little."""
    rules = amended_by("draw.least_percent", ("D=10",))
    line = terms(A="5%", D="9%", FLAG="50%", ALL="5%")
    assert refused(line, KEY, rules) == ("under_least_percent", "某发〔2026〕1号 第四条")
    check_line(terms(A="5%", D="10%", FLAG="50%", ALL="5%"), KEY, rules)
    check_line(terms(ALL="100%"), KEY, rules)


@pytest.mark.parametrize(
    ("family", "expected"),
    [("JX-01", (3, "某发〔2026〕1号 第四条")), ("JX-02", (2, "第十三条")), ("", (2, "第十三条"))],
)
def test_r13_1_family_may_ask_for_more_officers_never_for_fewer(family: str, expected: tuple[int, str]) -> None:
    """One officer for JX-02 is no less than the law's two."""
    assert officers(amended_by("team.officers_for", ("JX-01=3", "JX-02=1")), family) == expected


def test_r13_1_line_with_a_small_team_is_refused() -> None:
    """Of the family that asks for more only."""
    rules = amended_by("team.officers_for", ("MB=3",))
    line = terms(ALL="100%")
    assert refused(line, replace(KEY, family="MB"), rules) == ("team_too_small", "某发〔2026〕1号 第四条")
    check_line(replace(line, team=Seats(3)), replace(KEY, family="MB"), rules)
    check_line(line, KEY, rules)


@pytest.mark.parametrize(
    ("cap", "ratios"),
    [("5%", {"ALL": "5%", "FLAG": "10%"}), ("60%", {"ALL": "60%", "FLAG": "100%"}), ("1", {"ALL": "1"})],
)
def test_r10_4_line_is_proposed_as_the_cap_lets_it_and_would_be_taken(
    rules: Rules, cap: str, ratios: dict[str, str]
) -> None:
    """Of objects with a bad record twice as many, as far as there are any."""
    item = replace(GENERAL, cap=parse_ratio(cap))
    found = usual_ratios(item, rules)
    assert found == {name: parse_ratio(ratio) for name, ratio in ratios.items()}
    check_line(Terms(found), item, rules)


def test_without_a_cap_nothing_is_proposed(rules: Rules) -> None:
    """How many are drawn is then for somebody to say."""
    assert usual_ratios(KEY, rules) == {}
