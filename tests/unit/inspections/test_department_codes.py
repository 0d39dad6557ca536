"""Result codes of plugins: known, chosen, refused."""

from __future__ import annotations

import pytest

from shuangsui.contracts import ResultCode
from shuangsui.errors import BadInput, OutsideFailed, ShuangsuiError
from shuangsui.inspections import department_codes as codes

ONE, TWO = ResultCode("A-1", "pending", "甲", "甲类"), ResultCode("A-2", "corrected", "乙", "乙类")


@pytest.fixture
def offer(monkeypatch: pytest.MonkeyPatch):
    """``offer(code, …)``: what the tenant's plugins register."""

    def offered(*found: ResultCode) -> None:
        monkeypatch.setattr(codes, "result_codes", lambda tenant, settings: list(found))

    return offered


def refusal(*wanted: str) -> ShuangsuiError:
    with pytest.raises(BadInput) as caught:
        codes.chosen(None, wanted)  # type: ignore[arg-type]
    return caught.value


def test_chosen_codes_come_once_and_in_order(offer):
    """As typed."""
    offer(ONE, TWO)
    assert codes.chosen(None, ["A-2", "A-1", "A-2"]) == [TWO, ONE]


def test_unknown_code_is_refused_with_the_known(offer):
    """One sentence that names what may be chosen."""
    offer(ONE)
    error = refusal("A-1", "A-9")
    assert (error.code, error.params) == ("result_code_unknown", {"codes": "A-9", "known": "A-1 甲"})


def test_code_of_two_plugins_is_refused(offer):
    """Nobody could tell which is meant."""
    offer(ONE, ONE)
    assert refusal("A-1").code == "result_code_twice"


def test_code_without_a_category_is_refused(offer):
    """A vendor's slip never reaches a result."""
    offer(ResultCode("A-3", "nothing", "丙", "丙类"))
    assert refusal("A-3").code == "result_code_astray"


def test_result_without_codes_needs_no_plugin(monkeypatch):
    """A failing plugin does not stop results that use none of its codes."""

    def failing(tenant: object, settings: object) -> list[ResultCode]:
        raise OutsideFailed("plugin_failed", plugin="x", step="y", reason="z")

    monkeypatch.setattr(codes, "result_codes", failing)
    assert codes.chosen(None, []) == []
    with pytest.raises(OutsideFailed):
        codes.chosen(None, ["A-1"])
