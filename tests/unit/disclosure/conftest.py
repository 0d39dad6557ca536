"""Transcripts to make pages of: the protocol's own test vectors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shuangsui.disclosure.transcripts import About

VECTORS = Path(__file__).parents[2] / "vectors"


def transcript(name: str) -> dict[str, bytes]:
    """The files of a vector."""
    files = json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))["files"]
    return {name: text.encode() for name, text in files.items()}


@pytest.fixture
def about() -> About:
    """What people call the draw of a vector."""
    return About("2026-0001", "某事项第 1 次抽取", "某事项", {})
