"""Readers of single cells: every accepted form, every refusal."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from shuangsui.errors import BadInput
from shuangsui.registry import days, values
from shuangsui.registry.cells import Cell, Value
from shuangsui.registry.values import Read

STATUS = values.choice({"存续": "active", "注销": "deregistered"})
MARCH = date(2026, 3, 1)


def read(reader: Read, cell: Cell) -> tuple[Value, list[str]]:
    """The value and the codes told on the way."""
    told: list[str] = []
    return reader(cell, lambda code, **params: told.append(code)), told


@pytest.mark.parametrize(
    ("reader", "cell", "value", "told"),
    [
        (values.text(), "兴业路1号", "兴业路1号", []),
        (values.text(), 12.0, "12", ["typed_as_text"]),
        (values.text(), MARCH, "2026-03-01", ["typed_as_text"]),
        (values.code(), "MX00000001", "MX00000001", []),
        (values.ordinal, 7.0, "7", []),
        (STATUS, "存续", "active", []),
        (STATUS, "deregistered", "deregistered", []),
        (values.entries, "民爆、化工；盐业,民爆", ["民爆", "化工", "盐业"], ["repeated_entry"]),
        (values.codes, "JX-01；JX-02,JX-03", ["JX-01", "JX-02", "JX-03"], []),
        (values.yes_no, "是", True, []),
        (values.yes_no, "否", False, []),
        (values.yes_no, True, True, []),
        (days.day, MARCH, MARCH, []),
        (days.day, datetime.fromisoformat("2026-03-01T08:30"), MARCH, ["time_dropped"]),
        (days.day, "2026-03-01", MARCH, []),
        (days.day, "2026/3/1", MARCH, []),
        (days.day, "2026.3.1", MARCH, []),
        (days.day, "2026年3月1日", MARCH, []),
        (days.day, "20260301", MARCH, []),
        (days.day, "２０２６-03-01", MARCH, ["width_folded"]),
        (days.day, "2026-03-01 00:00:00", MARCH, []),
        (days.day, "2026-03-01T00:00", MARCH, []),
        (days.day, "2026/3/10 0:00", date(2026, 3, 10), []),
        (values.industry, "C2671", "C2671", []),
        (values.industry, "0610", "0610", []),
        (values.industry, 610.0, "0610", ["zero_restored"]),
        (values.industry, "610", "0610", ["zero_restored"]),
        (values.ratio, "不超过10%", "不超过10%", []),
        (values.ratio, 0.1, "10%", ["number_as_percent"]),
        (values.ratio, 0.025, "2.5%", ["number_as_percent"]),
        (values.ratio, 1.0, "100%", ["number_as_percent"]),
    ],
)
def test_reader_takes_every_accepted_form(reader: Read, cell: Cell, value: Value, told: list[str]) -> None:
    """The value as plain Python, and what was told."""
    assert read(reader, cell) == (value, told)


@pytest.mark.parametrize(
    ("reader", "cell", "code"),
    [
        (values.text(3), "兴业路1号", "too_long"),
        (values.text(), "=1+1", "formula_text"),
        (values.code(), 1.2e14, "code_as_number"),
        (values.code(), "9.15E+17", "code_as_number"),
        (values.code(), '="01"', "formula_text"),
        (values.code(), MARCH, "code_not_text"),
        (values.code(), True, "code_not_text"),
        (values.code(), "11010519491231002X", "id_number"),
        (values.object_code, 9.15e17, "code_as_number"),
        (values.object_code, "11010519491231002X", "id_number"),
        (values.object_code, "115OOOOOMBI7643950", "uscc_letters"),
        (values.object_code, "某公司", "code_length"),
        (values.codes, "；；", "required_empty"),
        (values.codes, 1.0, "code_as_number"),
        (STATUS, "营业", "bad_choice"),
        (values.yes_no, "也许", "bad_choice"),
        (days.day, 46082.0, "date_as_number"),
        (days.day, True, "date_as_number"),
        (days.day, "2026-02-30", "bad_date"),
        (days.day, "26-3-1", "bad_date"),
        (days.day, "2026-3/1", "bad_date"),
        (days.day, "长期", "bad_date"),
        (days.day, "2026-03-01 08:30", "bad_date"),
        (days.day, "1900-01-01", "date_too_early"),
        (values.industry, "26", "bad_industry"),
        (values.industry, "Z2671", "bad_industry"),
        (values.ratio, 10.0, "ratio_as_number"),
        (values.ratio, -0.1, "ratio_as_number"),
    ],
)
def test_reader_refuses(reader: Read, cell: Cell, code: str) -> None:
    """Each refusal has its code."""
    with pytest.raises(BadInput) as refused:
        read(reader, cell)
    assert refused.value.code == code


def test_r10_5_flag_has_kind_source_date_and_expiry() -> None:
    """Two records, one of them still standing."""
    value, told = read(values.flags, "行政处罚|市应急局|2026-03-01|2027-03-01；经营异常名录|市场监管局|2026/3/1|")
    assert value == [
        {"kind": "penalty", "source": "市应急局", "since": MARCH, "until": date(2027, 3, 1)},
        {"kind": "abnormal_list", "source": "市场监管局", "since": MARCH, "until": None},
    ]
    assert told == []


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("行政处罚|市应急局", "bad_flag"),
        ("行政处罚||2026-03-01|", "bad_flag"),
        ("拖欠|市应急局|2026-03-01|", "bad_choice"),
        ("行政处罚|市应急局|去年|", "bad_date"),
        ("行政处罚|市应急局|2026-03-01|2026-02-01", "dates_reversed"),
    ],
)
def test_r10_5_incomplete_flag_is_refused(cell: str, code: str) -> None:
    """A record without source or date is no ground for a closer inspection."""
    with pytest.raises(BadInput) as refused:
        read(values.flags, cell)
    assert refused.value.code == code


def test_id_number_is_not_repeated_in_the_error() -> None:
    """The report of an error must not spread the number."""
    with pytest.raises(BadInput) as refused:
        read(values.object_code, "11010519491231002X")
    assert refused.value.params == {}
