"""What people type or send into forms, read without a database."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace

import pytest

from shuangsui.draws.step_routes import line_of
from shuangsui.draws.task_routes import _helper
from shuangsui.errors import BadInput
from shuangsui.planning.plan_routes import Added, line_row
from shuangsui.registry.upload_routes import plain_name, spoken
from shuangsui.registry.wording import changed_text


@pytest.mark.parametrize(
    ("given", "name"),
    [("名录.xlsx", "名录.xlsx"), ("../../etc/passwd", "passwd"), ("C:\\用户\\名录.csv", "名录.csv"), ("..", "upload"),
     (".", "upload"), ("", "upload"), ("a/", "a"), ("企" * 300 + ".csv", "企" * 56 + ".csv"),
     ("a\0b\n.csv", "ab.csv")],
)  # fmt: skip
def test_name_of_an_upload_is_no_path(given: str, name: str) -> None:
    """Whatever a browser calls the file, it is written beside nothing."""
    assert plain_name(given) == name


@pytest.mark.parametrize("text", ["", "2026", "2026-", "-1", "2026-x", "二〇-1", "2026-1-2", "2026-12345"])
def test_line_of_a_plan_is_year_and_number(text: str) -> None:
    """Anything else is refused by name."""
    assert line_of("2026-12") == (2026, 12)
    with pytest.raises(BadInput, match="plan_line_invalid"):
        line_of(text)


def test_helper_is_certificate_and_authority() -> None:
    """Both sides of the sign."""
    helper = _helper(" ZX1 = 两江新区 ")
    assert (helper.cert_no, helper.authority) == ("ZX1", "两江新区")
    with pytest.raises(BadInput, match="helper_invalid"):
        _helper("ZX1")


def test_form_of_a_line_becomes_terms() -> None:
    """Empty strata are none; experts only where some are wanted."""
    form = Added.model_validate(
        {"item": "JX-1", "starts": "2026-01-01", "ends": "2026-12-31", "flag": "10%", "rest": "1/20", "a": " "}
    )
    terms = form.terms()
    assert (terms.ratios, terms.experts) == ({"FLAG": Fraction(1, 10), "ALL": Fraction(1, 20)}, None)
    line = terms.as_json() | {"no": 1, "item": "JX-1", "item_name": "甲", "starts": "2026-01-01", "ends": "2026-12-31"}
    row = line_row(line)
    words = ("有违法违规记录的对象 10%；其他对象 5%", "检查组 2 人", "")
    assert (row["ratio_text"], row["people"], row["remark"]) == words


def test_change_is_told_column_by_column() -> None:
    """A row that came or went by its name."""
    before, after = {"name": "甲", "district": ""}, {"name": "甲", "district": "渝北"}
    assert changed_text(before, after) == "district：（空） → 渝北"
    assert (changed_text(None, after), changed_text(before, None)) == ("甲", "甲")


def test_import_is_told_in_numbers_and_remarks() -> None:
    """The counts first, then where a cell was tidied up."""
    remark = SimpleNamespace(row=3, column="名称", message="去掉空格")
    done = SimpleNamespace(rows=2, added=1, changed=1, removed=0, warnings=[remark])
    assert spoken(done) == "2 行：新增 1，变更 1，移出 0。\n第 3 行“名称”：去掉空格"
