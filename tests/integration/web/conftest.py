"""An installation with a small public tree, and a client of its application."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar.testing import TestClient

from applications import lent
from shuangsui.settings import Settings

FILES = {
    "public/index.html": b"<title>all</title>",
    "public/moushi/index.html": "<title>某市</title>".encode(),
    "public/moushi/index.json": b"{}",
    "public/moushi/draws/2026-0001/index.html": b"<title>draw</title>",
    "public/moushi/draws/2026-0001/log.jsonl": b"{}\n",
    "public/moushi/draws/2026-0001/fairdraw.pyz": b"PK",
    "public/moushi/draws/2026-0001/rows.txt": b"0123456789" * 100_000,
    "public/moushi/甲/a.txt": "甲".encode(),
    "public/static/0123456789abcdef/css/base.css": b"body{}",
    "public/.lock": b"hidden",
    "public/.bundles/x.json": b"hidden",
    "secret.txt": b"secret",
    "keys/master.key": b"secret",
    "shuangsui.db": b"",
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation of this test's own."""
    return installation(tmp_path / "var")


def installation(var: Path) -> Settings:
    """``var`` holds the tree, and beside it what nobody may ever read."""
    for path, data in FILES.items():
        (var / path).parent.mkdir(parents=True, exist_ok=True)
        (var / path).write_bytes(data)
    (var / "public/moushi/link").symlink_to(var / "keys")
    return Settings(var=var)


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    """Errors come as answers, as they do to everybody."""
    with lent(settings) as app, TestClient(app, raise_server_exceptions=False) as made:
        yield made
