"""Transcripts to make pages of: the protocol's own test vectors."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shuangsui.disclosure.site import Shell, Site
from shuangsui.disclosure.transcripts import About
from shuangsui.web.rendering import render

VECTORS = Path(__file__).parents[2] / "vectors"


def transcript(name: str) -> dict[str, bytes]:
    """The files of a vector."""
    files = json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))["files"]
    return {name: text.encode() for name, text in files.items()}


@pytest.fixture
def about() -> About:
    """What people call the draw of a vector."""
    return About("2026-0001", "某事项第 1 次抽取", "某事项", {})


@pytest.fixture
def site() -> Site:
    """One authority's part of a tree."""
    shell = Shell(render, "https://a.example", demo=True, made_at=datetime(2026, 12, 9, 4, tzinfo=UTC))
    return Site(shell, "moushi", "某市经济和信息化委员会", 2026, ("主办：某市经济和信息化委员会",))
