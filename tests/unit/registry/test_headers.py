"""Headers: any order, every accepted name, and the file in the wrong place."""

from __future__ import annotations

from itertools import permutations

import pytest

from shuangsui.errors import BadInput
from shuangsui.registry.columns import EXPERTS, INSPECTORS, INTERESTS, ITEMS, KINDS, OBJECTS, Kind
from shuangsui.registry.headers import fits, recognise


def fields(kind: Kind, header: list[str]) -> dict[str, int]:
    """Position of each recognised field."""
    return {column.field: position for position, column in recognise(kind, header).columns}


def test_columns_are_recognised_in_any_order() -> None:
    """Every order of four columns."""
    for header in permutations(["统一社会信用代码", "名称", "事项编号", "状态"]):
        found = fields(OBJECTS, list(header))
        assert {field: header[position] for field, position in found.items()} == {
            "code": "统一社会信用代码", "name": "名称", "items": "事项编号", "status": "状态",
        }  # fmt: skip


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_column_is_known_by_every_name(kind: Kind) -> None:
    """Official name, other names, and the English field of our own files."""
    for column in kind.columns:
        for name in (*column.headers, column.field):
            others = [other.field for other in kind.columns if other.required and other is not column]
            assert fields(kind, [*others, name])[column.field] == len(others)


def test_marks_width_and_spaces_in_headers_do_not_matter() -> None:
    """As templates of offices write them."""
    assert fields(OBJECTS, ["*统一社会信用代码", "名称（必填）", " 事项 编号 ", "ＳＴＡＴＵＳ"]) == {
        "code": 0, "name": 1, "items": 2, "status": 3,
    }  # fmt: skip


def test_missing_columns_are_named_all_at_once_with_what_is_accepted() -> None:
    """One error for all of them."""
    with pytest.raises(BadInput) as refused:
        recognise(INSPECTORS, ["姓名"])
    assert (refused.value.code, refused.value.params) == (
        "missing_columns",
        {"title": "执法检查人员名录", "columns": "执法证号、所属处室（或处室、单位）、证件有效期止"},
    )


@pytest.mark.parametrize(
    ("asked", "header", "found"),
    [
        (OBJECTS, ["执法证号", "姓名", "所属处室", "证件有效期止"], "执法检查人员名录"),
        (INSPECTORS, ["专家编号", "姓名", "专业领域"], "专家名录"),
        (EXPERTS, ["执法证号", "姓名", "处室", "证件有效期止"], "执法检查人员名录"),
        (ITEMS, ["统一社会信用代码", "名称", "对应事项"], "检查对象名录"),
        (OBJECTS, ["编号", "事项名称", "抽查比例"], "随机抽查事项清单"),
        (OBJECTS, ["人员类别", "人员编号", "统一社会信用代码", "关系类别"], "利害关系登记"),
    ],
)
def test_file_of_another_registry_is_recognised(asked: Kind, header: list[str], found: str) -> None:
    """The error says what the file looks like."""
    with pytest.raises(BadInput) as refused:
        recognise(asked, header)
    assert (refused.value.code, refused.value.params) == ("wrong_kind", {"expected": asked.title, "found": found})


def test_header_that_stands_twice_is_refused_with_both_places() -> None:
    """Nobody could know which of the two counts."""
    with pytest.raises(BadInput) as refused:
        recognise(OBJECTS, ["统一社会信用代码", "名称", "事项编号", "名称"])
    assert refused.value.params == {"column": "名称", "first": "B", "second": "D"}


def test_two_names_of_one_field_take_the_official_one() -> None:
    """The other column is ignored, and told."""
    layout = recognise(OBJECTS, ["注册号", "名称", "事项编号", "统一社会信用代码"])
    assert [column.field for position, column in layout.columns if position == 3] == ["code"]
    assert layout.ignored == ("注册号",)


def test_r5_1_item_list_keeps_unknown_columns() -> None:
    """第五条 ends its list of columns with 等."""
    layout = recognise(ITEMS, ["编号", "事项名称", "联系电话", ""])
    assert (layout.extra, layout.ignored) == (((2, "联系电话"),), ())


def test_r5_1_official_names_are_known() -> None:
    """The six columns of 第五条 by their own names."""
    header = ["序号", "随机抽查事项名称", "抽查事项内容", "抽查依据", "抽查方式", "抽查频次", "抽查结果公开方式"]
    assert set(fields(ITEMS, header)) == {"no", "name", "content", "basis", "method", "frequency", "publication"}


def test_common_column_of_ratio_and_frequency_fills_both() -> None:
    """As lists of the 工信 system of 2022 and 2023 write it."""
    found = fields(ITEMS, ["序号", "抽查事项", "抽查比例和频次"])
    assert (found["ratio"], found["frequency"]) == (2, 2)


def test_fits_needs_every_required_column() -> None:
    """How a workbook's sheet is chosen."""
    assert fits(INTERESTS, ["person_kind", "person_no", "object_code", "relation"])
    assert not fits(INTERESTS, ["person_kind", "person_no", "object_code", None])


def test_what_a_person_says_goes_before_the_names_we_know() -> None:
    """A header of any name; a field said to be in no column is in none; the others are guessed."""
    header = ["信用号", "名称", "全称", "对应事项", "区县"]
    names = {"code": "信用 号", "name": "全称", "district": ""}
    layout = recognise(OBJECTS, header, names)
    assert {column.field: header[position] for position, column in layout.columns} == {
        "code": "信用号", "name": "全称", "items": "对应事项",
    }  # fmt: skip
    assert (layout.ignored, fits(OBJECTS, header), fits(OBJECTS, header, names)) == (("名称", "区县"), False, True)


def test_required_column_that_a_person_takes_away_is_missing() -> None:
    """As if the file had none."""
    with pytest.raises(BadInput) as refused:
        recognise(OBJECTS, ["统一社会信用代码", "名称", "事项编号"], {"name": ""})
    assert (refused.value.code, refused.value.params["columns"]) == (
        "missing_columns", "名称（或企业名称、检查对象名称）",
    )  # fmt: skip
