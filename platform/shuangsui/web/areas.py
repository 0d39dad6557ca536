"""What the areas declare in their ``routes.py``, gathered once; adding the file is all an area has to do."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from shuangsui.pages import Act, View
from shuangsui.texts import AREAS
from shuangsui.web import home


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
    """All of it, in the areas' order."""
    modules = [import_module(f"shuangsui.{area}.routes") for area in AREAS if find_spec(f"shuangsui.{area}.routes")]
    views, acts, handlers = list(home.VIEWS), [], []
    for module in modules:
        views += getattr(module, "VIEWS", [])
        acts += getattr(module, "ACTS", [])
        handlers += getattr(module, "HANDLERS", [])
    return Declared(tuple(views), tuple(acts), tuple(handlers))
