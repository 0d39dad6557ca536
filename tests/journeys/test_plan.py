"""What a clerk reads of a plan at the command line."""

from __future__ import annotations

from command import Installation

T = ("--tenant", "chongqing")


def test_plan_is_shown_in_chinese_with_every_cell_under_its_heading(planned: Installation, this_year: int) -> None:
    """State and columns."""
    title, _, heads, _, row, *_ = planned.done("plan", "show", *T, "--year", this_year).out.splitlines()
    assert title.strip() == f"{this_year} 年度抽查工作计划第 1 版（已公布）"
    cells = dict(zip(_cells(heads), _cells(row), strict=True))
    assert (cells["条目"], cells["次数"]) == ("1", "1")
    assert cells["实施时间"] == f"{this_year}-01-01 至 {this_year}-12-31"


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.replace("┃", "│").strip("│").split("│")]
