"""The sentence of an error: each area's ``messages.py`` knows the texts of its own codes."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from shuangsui.errors import ShuangsuiError

AREAS = (
    "tenancy", "ledger", "access", "rules", "extension", "registry",
    "catalogue", "planning", "draws", "inspections", "disclosure", "cli",
)  # fmt: skip


def catalogue() -> dict[str, str]:
    """Every code with its Chinese template, gathered from the areas."""
    texts: dict[str, str] = {}
    for area in AREAS:
        if find_spec(f"shuangsui.{area}") and find_spec(f"shuangsui.{area}.messages"):
            texts |= import_module(f"shuangsui.{area}.messages").TEXTS
    return texts


def sentence(error: ShuangsuiError) -> str:
    """One clear Chinese sentence for ``error``; a code without a text shows its parameters."""
    template = catalogue().get(error.code)
    return template.format(**error.params) if template else str(error)
