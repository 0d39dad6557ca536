"""Statements compiled once for all engines of a process: a test has a database, and so an engine, of its own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import URL, Engine

from shuangsui.db import connect as module

_plain = module.connect
_first: dict[str, Engine] = {}


def share() -> None:
    """From now on: the application's engines of a process know what the first of their kind has compiled."""
    module.connect = _connect


def _connect(url: URL, **options: Any) -> Engine:
    made = _plain(url, **options)
    first = _first.setdefault(made.dialect.name, made)
    made.dialect = first.dialect  # part of the key under which a statement is kept
    made._compiled_cache = first._compiled_cache
    return made
