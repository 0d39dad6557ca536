"""The vectors are part of the specification (17): all pass, and the tester reports what does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import transcripts
from fairdraw import vectors


@pytest.mark.parametrize("number", range(1, 9))
def test_17_vector_passes(number: int) -> None:
    """Every file byte for byte, every intermediate value, the verdict, the warnings."""
    assert list(vectors.differences(transcripts.vector(number))) == []


def test_17_vectors_state_every_kind_of_intermediate_value() -> None:
    """No computed value of the tester is left uncompared."""
    stated = {name for number in range(1, 8) for name in transcripts.vector(number)["intermediate"]}
    assert stated == set(vectors.COMPUTED)


@pytest.mark.parametrize("name", sorted(vectors.COMPUTED))
def test_17_changed_intermediate_value_is_reported(name: str) -> None:
    """The tester can fail: one changed value is one difference."""
    number = next(n for n in range(1, 8) if name in transcripts.vector(n)["intermediate"])
    vector = transcripts.vector(number)
    vector["intermediate"][name] = "changed"
    assert list(vectors.differences(vector)) == [f"intermediate {name}"]


@pytest.mark.parametrize("name", sorted(transcripts.vector(2)["files"]))
def test_17_changed_file_is_reported(name: str) -> None:
    """One other byte in one file is one difference."""
    vector = transcripts.vector(2)
    vector["files"][name] = vector["files"][name].replace("0", "1", 1)
    assert list(vectors.differences(vector)) == [f"file {name}"]


def test_17_missing_and_extra_file_are_reported() -> None:
    """Both sides of the file list count."""
    vector = transcripts.vector(2)
    vector["files"]["receipt-9.json"] = vector["files"].pop("receipt-1.json")
    assert sorted(vectors.differences(vector)) == ["file receipt-1.json", "file receipt-9.json"]


def test_17_other_verdict_and_warnings_are_reported() -> None:
    """Verdict and warnings are compared whole."""
    vector = transcripts.vector(1) | {"expect": "VERIFIED witnessed", "warnings": []}
    assert list(vectors.differences(vector)) == [
        "verdict VERIFIED unwitnessed",
        "warnings ['CONTRIBUTOR_UNAUTHENTICATED']",
    ]


def test_17_negative_case_with_another_code_is_reported() -> None:
    """A case that fails for another reason than stated is a difference."""
    case = transcripts.vector(8)["cases"][0] | {"expect": "SEED"}
    assert list(vectors.differences({"cases": [case]})) == [f"case {case['edit']!r}: FAIL FILE_MISSING openings.json"]


def test_vectors_command_passes_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit status and a line per file."""
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    vector = transcripts.vector(1)
    good.write_text(json.dumps(vector), "utf-8")
    bad.write_text(json.dumps(vector | {"expect": "VERIFIED witnessed"}), "utf-8")
    assert vectors.main([str(good)]) == 0
    assert vectors.main([str(good), str(bad)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"ok   {good}", f"ok   {good}", f"FAIL {bad}", "     verdict VERIFIED unwitnessed",
    ]  # fmt: skip


def test_vectors_command_without_files_does_not_pass() -> None:
    """Nothing compared is nothing shown."""
    assert vectors.main([]) == 1
