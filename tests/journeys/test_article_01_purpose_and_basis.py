"""Article 1: whoever reads a value learns on which text it rests, on the command line and on the public page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from command import Installation
from story import Story

NUMBER = "渝经信发〔2021〕6号"
MIIT = "工信厅政〔2018〕45号"


@pytest.fixture(scope="module")
def page(story: Story) -> dict[str, Any]:
    """The open data of the rules page; the page itself is beside it."""
    story.done("disclosure", "publish", by="lead")
    return dict(json.loads((story.at.var / "public/chongqing/rules/index.json").read_text("utf-8"))["rules"])


def test_r1_1_public_page_shows_the_measures_with_dates_parent_and_what_they_repealed(page: dict[str, Any]) -> None:
    """R1.1: title, number, issued, in force, the text above it and the one it took the place of."""
    (measures,) = [text for text in page["texts"] if text["number"] == NUMBER]
    assert measures["title"] == "重庆市经济和信息化委员会“双随机、一公开”监管实施办法"
    assert (measures["issued"], measures["valid_from"], measures["advice"]) == ("2021-01-09", "2021-02-09", False)
    assert (measures["parent"]["number"], measures["repeals"]) == (MIIT, ["渝经信发〔2018〕55号"])
    assert [(one["valid_from"], one["chosen"]) for one in measures["readings"]] == [
        ("2021-02-09", True),
        ("2021-02-08", False),
    ]


def test_r1_1_public_page_is_what_the_data_say_and_can_be_taken_away(story: Story, page: dict[str, Any]) -> None:
    """R1.1: every text and every value stands on the page, with a link to download all of it."""
    html = (story.at.var / "public/chongqing/rules/index.html").read_text("utf-8")
    missing = [text["number"] for text in page["texts"] if text["number"] not in html]
    missing += [value["key"] for value in page["values"] if value["meaning"] not in html or value["basis"] not in html]
    assert (missing, '<a href="index.json" download>' in html) == ([], True)
    assert page["digest"] == story.done("config", "explain", "--on", "2026-06-15")["digest"]


def test_r1_1_every_value_of_the_measures_names_document_and_article(tmp_path: Path) -> None:
    """R1.1: by ``config explain``, with the file and line where the value stands."""
    at = Installation(tmp_path / "var")
    values = at.done("config", "explain", "--tenant", "chongqing", "--on", "2026-06-15", "--json").json["values"]
    own = [value for value in values if value["pack"] == "cq-mietc-2021-6"]
    assert len(own) > 20
    assert {value["basis"].split()[0] for value in own} == {NUMBER}
    assert [v["key"] for v in own if not (v["article"] and v["text"] and v["line"] and v["file"])] == []
