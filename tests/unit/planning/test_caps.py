"""Published caps on visits (R10.2 (b), R15.3): per authority, enterprise and visit year."""

from __future__ import annotations

from datetime import date

import pytest

from shuangsui.errors import RuleRefused
from shuangsui.planning.caps import Planned, Visited, binding, check
from shuangsui.tenancy.annexes import CapEntry

PUBLISHED = date(2026, 1, 1)
ANY = Visited("节能", "", unlimited=False)
OTHER = Visited("民爆", "", unlimited=False)
RECHECK = Visited("节能", "recheck", unlimited=False)
CLUE = Visited("节能", "", unlimited=True)


def cap(per_year: int, **what: object) -> CapEntry:
    """An entry published on 1 January."""
    return CapEntry.model_validate({"per_year": per_year, "basis": "文号", "published_on": PUBLISHED} | what)


def visit(**what: object) -> Planned:
    """A visit in June for JX-11."""
    facts = {"object_name": "某企业", "item": "JX-11", "family": "节能", "risk_class": "B", "on": date(2026, 6, 1)}
    return Planned(**(facts | what))


def test_r10_2_visit_above_the_cap_is_refused_with_its_document() -> None:
    """The second of one a year."""
    with pytest.raises(RuleRefused) as caught:
        check([cap(1)], visit(), [ANY])
    facts = {"object": "某企业", "year": 2026, "made": 1, "most": 1}
    assert (caught.value.code, caught.value.article, caught.value.params) == ("visit_cap", "文号", facts)


@pytest.mark.parametrize("label", ["again", "merged"])
def test_r10_2_part_of_another_visit_is_none_of_its_own(label: str) -> None:
    """Neither refused nor counted."""
    part = Visited("节能", label, unlimited=False)
    check([cap(1)], visit(label=label), [ANY])
    check([cap(1)], visit(), [part])


def test_r10_2_visit_within_the_cap_is_allowed() -> None:
    """The second of two."""
    check([cap(2)], visit(), [ANY])


def test_r17_4_clue_check_has_no_frequency_limit() -> None:
    """Neither is it refused, nor does it use up what others may do."""
    check([cap(1)], visit(unlimited=True), [ANY])
    check([cap(1)], visit(), [CLUE])


def test_r15_3_recheck_counts_only_where_the_cap_says_so() -> None:
    """By default a label and nothing more."""
    check([cap(1)], visit(label="recheck"), [ANY])
    check([cap(1)], visit(), [RECHECK])
    for planned, seen in ((visit(label="recheck"), ANY), (visit(), RECHECK)):
        with pytest.raises(RuleRefused, match="visit_cap"):
            check([cap(1, rechecks=True)], planned, [seen])


@pytest.mark.parametrize(
    ("caps", "bound"),
    [
        ([cap(3), cap(2, risk_class="B"), cap(1, risk_class="A")], [2]),
        ([cap(3), cap(2, family="节能"), cap(1, item="JX-11")], [1, 2, 3]),
        ([cap(3, family="民爆"), cap(1, item="JX-99")], []),
        ([cap(3, published_on=date(2026, 6, 2))], []),
        ([cap(3, published_on=date(2026, 6, 1))], [3]),
    ],
    ids=["risk class goes first", "every scope binds", "other scopes do not", "not yet published", "published today"],
)
def test_which_caps_bind_a_visit(caps: list[CapEntry], bound: list[int]) -> None:
    """One per scope, from the day of publication."""
    assert sorted(one.per_year for one in binding(caps, visit())) == bound


def test_family_cap_counts_its_family_only() -> None:
    """A cap on everything counts everything."""
    check([cap(1, family="节能")], visit(), [OTHER])
    with pytest.raises(RuleRefused, match="visit_cap"):
        check([cap(1)], visit(), [OTHER])
