"""What the areas declare in their ``routes.py``, gathered once; adding the file is all an area has to do.

Found by name and never imported by name: an area stands below the pages it declares, see the layers in
``pyproject.toml``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from shuangsui.pages import Act, View
from shuangsui.texts import AREAS
from shuangsui.web import briefing, home, live, oversight, search, staff, tokens, users, vendor

WITHOUT = ("archive", "pages", "cli")
"""No areas, although they have messages."""


@dataclass(frozen=True, slots=True)
class Declared:
    """Every page, act and hand-written handler of the console and the API."""

    views: tuple[View, ...]
    acts: tuple[Act, ...]
    handlers: tuple[Any, ...]

    def acts_of(self, view: View) -> list[Act]:
        """The forms that stand on a page."""
        return [act for act in self.acts if act.page == view.path]

    def page_of(self, act: Act) -> View:
        """The page a form stands on; an act without one is a mistake of ours."""
        return next(view for view in self.views if view.path == act.page)

    def notice(self, code: str) -> str | None:
        """The sentence behind a code in the address; None for a code of somebody else's making."""
        return next((act.done for act in self.acts if act.code == code), None)


@cache
def declared() -> Declared:
    """All of it, in the areas' order, what vendors read last."""
    names = [f"shuangsui.{area}.routes" for area in AREAS if area not in WITHOUT]
    own = (home, briefing, live, oversight, search, tokens, users, staff)
    return gathered([*own, *(import_module(name) for name in names if find_spec(name)), vendor])


def gathered(modules: Iterable[Any]) -> Declared:
    """What ``VIEWS``, ``ACTS`` and ``HANDLERS`` of the modules say; each of the three may be missing."""
    every = list(modules)
    views: list[View] = [one for module in every for one in getattr(module, "VIEWS", [])]
    acts: list[Act] = [one for module in every for one in getattr(module, "ACTS", [])]
    handlers = [one for module in every for one in getattr(module, "HANDLERS", [])]
    return Declared(tuple(views), tuple(acts), tuple(handlers))
