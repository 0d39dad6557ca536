"""The frame of the console: which page of the menu stands out."""

from __future__ import annotations

import pytest

from shuangsui.web.frame import _closest

MENU = ["/", "/recusals", "/recusals/report", "/tasks"]


@pytest.mark.parametrize(
    ("here", "marked"),
    [
        ("/console/", "/"), ("/console/recusals", "/recusals"), ("/console/recusals/HB2026-0001", "/recusals"),
        ("/console/recusals/report", "/recusals/report"), ("/console/tasksome", ""), ("/console/password", ""),
    ],
)  # fmt: skip
def test_one_page_of_the_menu_stands_out(here: str, marked: str) -> None:
    """The closest above the page; a page of its own lies below none."""
    assert _closest(MENU, here) == marked
