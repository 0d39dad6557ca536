"""The own registry as a pool: term, employer, kindred fields; the same question has the same answer."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from shuangsui import Context, PoolAnswer, PoolExpert, PoolRequest
from shuangsui_experts_roster import register_expert_pools
from shuangsui_experts_roster.options import Options
from shuangsui_experts_roster.roster import Roster, widened

ON = date(2026, 6, 15)
OWN = (
    PoolExpert("ZJ1", "甲", "某大学", ("稀土冶炼",), date(2026, 6, 15)),
    PoolExpert("ZJ2", "乙", "某公司", ("节能", "化工"), date(2026, 7, 15)),
    PoolExpert("ZJ3", "丙", "", ("节能",), None),
)


def roster(**options: object) -> Roster:
    return Roster(Options.model_validate(options))


def numbers(answer: PoolAnswer) -> list[str]:
    assert answer.experts is not None
    return [one.number for one in answer.experts]


def test_everybody_of_the_registry_without_options() -> None:
    """Unchanged, and as of the day that is asked for."""
    assert roster().experts(PoolRequest(ON, OWN)) == PoolAnswer(ON, OWN)


@pytest.mark.parametrize(
    ("days", "left"), [(0, ["ZJ1", "ZJ2", "ZJ3"]), (1, ["ZJ2", "ZJ3"]), (30, ["ZJ2", "ZJ3"]), (31, ["ZJ3"])]
)
def test_term_must_last(days: int, left: list[str]) -> None:
    """The last day counts; an expert without a term stays."""
    assert numbers(roster(min_valid_days=days).experts(PoolRequest(ON, OWN))) == left


def test_employer_is_left_out_by_its_exact_name() -> None:
    """Not by a part of it."""
    assert numbers(roster(excluded_employers=[" 某公司 ", "某大"]).experts(PoolRequest(ON, OWN))) == ["ZJ1", "ZJ3"]


def test_kindred_fields_count_step_by_step() -> None:
    """In one direction only; circles end."""
    pairs = ["稀土冶炼=有色金属", "有色金属=冶金", "冶金=稀土冶炼"]
    answer = roster(fields=pairs).experts(PoolRequest(ON, OWN))
    assert answer.experts is not None
    assert [one.fields for one in answer.experts] == [
        ("稀土冶炼", "有色金属", "冶金"), ("节能", "化工"), ("节能",),
    ]  # fmt: skip
    assert widened(["有色金属"], [("稀土冶炼", "有色金属")]) == ("有色金属",)


@pytest.mark.parametrize("fields", [["稀土"], ["=稀土"], ["稀土=a=b"], ["稀土=有色、黑色"]])
def test_field_that_is_no_pair_is_refused(fields: list[str]) -> None:
    """Before anything is drawn."""
    with pytest.raises(ValidationError):
        Options.model_validate({"fields": fields})


def test_hook_answers_one_pure_pool(tmp_path) -> None:
    """Nothing of a network, and nothing to try."""
    (pool,) = register_expert_pools(Context("moushi", Options(), tmp_path))
    assert (pool.name, pool.network, pool.check().ok) == ("registry", False, True)
