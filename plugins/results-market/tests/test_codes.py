"""The codes that this plugin registers."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from shuangsui import Context, ResultCode
from shuangsui_results_market import Options, register_result_codes


def codes(**options: object) -> list[ResultCode]:
    return register_result_codes(Context("moushi", Options.model_validate(options), Path("/nowhere")))


def test_common_codes_stand_below_the_pending_result() -> None:
    """data-standards 5.2: D, 3, 4, 5 and G."""
    assert [(one.code, one.parent, one.label) for one in codes()] == [
        ("GSXT-D", "pending", "违反其他工商行政管理规定行为"),
        ("GSXT-3", "pending", "违反食品药品管理相关规定"),
        ("GSXT-4", "pending", "违反质量技术监督相关规定"),
        ("GSXT-5", "pending", "违反其他部门相关规定"),
        ("GSXT-G", "pending", "违反公安部门相关规定"),
    ]


def test_own_codes_come_from_the_configuration() -> None:
    """Made-up codes; the common ones switched off."""
    own = ["NH-1 | corrected | 台账不全 | 能耗台账不全，已改正", "NH-2|pending|未报送|未报送能耗数据"]
    assert codes(gsxt=False, own=own) == [
        ResultCode("NH-1", "corrected", "台账不全", "能耗台账不全，已改正"),
        ResultCode("NH-2", "pending", "未报送", "未报送能耗数据"),
    ]


@pytest.mark.parametrize(
    "text", ["NH-1", "NH-1|corrected|台账不全", "|corrected|a|b", "a|B|c|d", "a|b|c|d|e", "a|b| |d"]
)
def test_what_is_no_code_is_refused(text: str) -> None:
    """As an option, before any hook is called."""
    with pytest.raises(ValidationError, match=r"own\.0"):
        codes(own=[text])
