"""The sentence of an error: each area's ``messages.py`` knows the texts of its own codes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from shuangsui.errors import ShuangsuiError
from shuangsui.said import say

AREAS = (
    "db", "sample", "tenancy", "ledger", "access", "rules", "extension", "vault", "registry", "privacy",
    "catalogue", "planning", "draws", "inspections", "documents", "disclosure", "notification",
    "succession", "archive", "pages", "worker", "cli",
)  # fmt: skip


def by_area() -> Iterator[tuple[str, dict[str, str]]]:
    """Each area that has messages, with its codes and templates."""
    for area in AREAS:
        if find_spec(f"shuangsui.{area}.messages"):
            yield area, import_module(f"shuangsui.{area}.messages").TEXTS


@cache
def catalogue() -> dict[str, str]:
    """Every code with its Chinese template, gathered from the areas."""
    return {code: text for _, texts in by_area() for code, text in texts.items()}


@cache
def alert_titles() -> dict[str, str]:
    """Every kind of alert with its Chinese title, gathered from the areas."""
    return _gathered("ALERTS")


@cache
def act_titles() -> dict[str, str]:
    """Every act of the ledger with its Chinese title, gathered from the areas."""
    return _gathered("ACTS")


def act_title(act: str) -> str:
    """What people call an act of the ledger; one of an earlier version by its name."""
    return act_titles().get(act, act)


def sentence(error: ShuangsuiError) -> str:
    """One clear Chinese sentence for ``error``; a code without a text shows its parameters."""
    template = catalogue().get(error.code)
    return say(template, **error.params) if template else str(error)


def _gathered(name: str) -> dict[str, str]:
    modules = [import_module(f"shuangsui.{area}.messages") for area, _ in by_area()]
    return {key: title for module in modules for key, title in getattr(module, name, {}).items()}
