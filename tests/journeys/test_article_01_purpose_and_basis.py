"""Article 1: whoever reads a value learns on which text it rests."""

from __future__ import annotations

from pathlib import Path

from command import Installation

NUMBER = "渝经信发〔2021〕6号"


def test_r1_1_every_value_of_the_measures_names_document_and_article(tmp_path: Path) -> None:
    """R1.1: by ``config explain``, with the file and line where the value stands."""
    at = Installation(tmp_path / "var")
    values = at.done("config", "explain", "--tenant", "chongqing", "--on", "2026-06-15", "--json").json["values"]
    own = [value for value in values if value["pack"] == "cq-mietc-2021-6"]
    assert len(own) > 20
    assert {value["basis"].split()[0] for value in own} == {NUMBER}
    assert [v["key"] for v in own if not (v["article"] and v["text"] and v["line"] and v["file"])] == []
