"""What an area declares: values only, no request and no template."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import quote

from pydantic import BaseModel, Field

from shuangsui.access.policy import Actor, Verb
from shuangsui.db import TenantSession
from shuangsui.draws.office import Office
from shuangsui.pages.stored import Stored
from shuangsui.tenancy.tree import Tree

PARAMETER = re.compile(r"\{(\w+):\w+\}")
PICKED = "picked"
AT_ONCE = 500
"""Rows that may be ticked for one act: all of it is one transaction."""
MENUS = ("工作台", "名录库", "事项清单", "年度计划", "抽取", "检查", "公示", "管理")
"""Groups of the navigation, in this order; a group of another name stands at the end."""


@dataclass(frozen=True, slots=True)
class Here:
    """A unit of work for one request: who, where, when, and what the address says."""

    session: TenantSession
    office: Office
    actor: Actor
    today: date
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    files: Tree = field(default_factory=lambda: Tree(()))
    """The tenants as their files have them; the office's are as decided at the console."""


@dataclass(frozen=True, slots=True)
class Table:
    """A list: ``columns`` are key → heading, ``link`` is filled with a row's values (``/tasks/{no}``).

    ``filters`` are fields of the query: name → heading, or name → (heading, choices). ``rows`` may stay in the
    database (:class:`shuangsui.pages.stored.Stored`): a page then asks for those it shows.
    """

    columns: Mapping[str, str]
    rows: Sequence[Mapping[str, Any]]
    link: str = ""
    title: str = ""
    filters: Mapping[str, str | tuple[str, Mapping[str, str]]] = field(default_factory=dict)
    notes: Sequence[str] = ()
    acts: Collection[str] | None = None
    pick: str = ""
    """The value of a row that an act on several rows is given in its field ``picked``; empty: it cannot be ticked."""

    def as_json(self) -> dict[str, Any]:
        """The twin of the page."""
        return {"rows": list(self.rows), "count": len(self.rows), "notes": list(self.notes)}

    @property
    def sortable(self) -> Collection[str]:
        """The columns by which the list may be put in order."""
        if isinstance(self.rows, Stored):
            return self.rows.sorts
        return self.columns if len(self.rows) > 1 else ()


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing: facts, tables below, and the names of the acts that make sense now (None: every one)."""

    title: str
    facts: Mapping[str, Any]
    tables: Sequence[Table] = ()
    notes: Sequence[str] = ()
    acts: Collection[str] | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    """What programs get besides the facts, under names of their own."""
    awaits: bool = False
    """Whether somebody else's act comes next: the page shows itself anew once that is done."""
    begin: str = ""
    """The act that everything here begins with, as long as nothing has begun: its form stands open."""

    def as_json(self) -> dict[str, Any]:
        """The twin of the page."""
        tables = [{"title": table.title, **table.as_json()} for table in self.tables]
        acts = None if self.acts is None else sorted(self.acts)
        shown = {"title": self.title, "facts": dict(self.facts), "tables": tables, "notes": list(self.notes)}
        return {**self.data, **shown, "acts": acts}


Shown = Table | Detail | Mapping[str, Any]
Choices = Mapping[str, Mapping[str, str] | Callable[[Here], Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class View:
    """A page and its twin; ``menu`` is the group of the navigation it stands in, if any.

    ``notes`` is for a page whose opening is itself written down: its ``load`` may write.
    """

    path: str
    verb: Verb | None
    load: Callable[[Here], Shown]
    title: str
    template: str | None = None
    menu: str = ""
    notes: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """A form and its twin; ``then`` is the page that follows, by default the one the form stands on."""

    path: str
    verb: Verb | None
    do: Callable[..., Mapping[str, Any] | None]
    title: str
    done: str
    model: type[BaseModel]
    then: str
    choices: Choices
    model_here: Callable[[Here], type[BaseModel]] | None = None
    """The form's fields where these depend on what it stands on; ``model`` is then what every such form has."""
    given: Callable[[Here], Mapping[str, Any]] | None = None
    """What fields are filled in with here, where that is no default of the model."""

    def form(self, here: Here) -> type[BaseModel]:
        """What is filled in here."""
        return self.model_here(here) if self.model_here else self.model

    @property
    def name(self) -> str:
        """The last part of the path: how a :class:`Detail` names it."""
        return self.path.rpartition("/")[2]

    @property
    def page(self) -> str:
        """The path of the page that the form stands on."""
        return self.path.rpartition("/")[0]

    @property
    def on_several(self) -> bool:
        """Whether it is done to the rows that are ticked in the list of its page."""
        return PICKED in self.model.model_fields

    @property
    def code(self) -> str:
        """How the notice travels in the address."""
        return ".".join(part for part in self.path.split("/") if part and not part.startswith("{"))


class Nothing(BaseModel):
    """A form with nothing to fill in."""


class Several(BaseModel):
    """The rows of a list that are ticked."""

    picked: list[str] = Field(title="勾选的各行", min_length=1, max_length=AT_ONCE)


def view(
    path: str,
    *,
    verb: Verb | None,
    load: Callable[[Here], Shown],
    title: str,
    template: str | None = None,
    menu: str = "",
    notes: bool = False,
) -> View:
    """A page at ``/console`` + path; ``verb=None`` for everybody who has signed in."""
    return View(path, verb, load, title, template, menu, notes)


def act(
    path: str,
    *,
    verb: Verb | None,
    do: Callable[..., Mapping[str, Any] | None],
    title: str,
    done: str,
    model: type[BaseModel] = Nothing,
    then: str | None = None,
    choices: Choices | None = None,
    model_here: Callable[[Here], type[BaseModel]] | None = None,
    given: Callable[[Here], Mapping[str, Any]] | None = None,
) -> Act:
    """``do(here, form)`` behind a form; a path ``/things/{no:str}/verb`` stands on the page ``/things/{no:str}``.

    ``verb=None`` for everybody who has signed in.
    """
    follow = PARAMETER.sub(r"{\1}", path.rpartition("/")[0]) if then is None else then
    return Act(path, verb, do, title, done, model, follow, choices or {}, model_here, given)


def as_json(shown: Shown) -> Any:
    """What the twin answers."""
    if isinstance(shown, Table | Detail):
        return shown.as_json()
    return dict(shown)


def filled(pattern: str, values: Mapping[str, Any]) -> str:
    """A local address with ``{names}`` filled in and quoted."""
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: quote(str(values[found[1]]), safe=""), pattern)
