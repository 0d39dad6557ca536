"""The console's frame around what an area shows: navigation, notices, forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response

from shuangsui import db
from shuangsui.access import policy
from shuangsui.errors import BadInput, RowErrors, ShuangsuiError
from shuangsui.pages import MENUS, Act, Detail, Here, Table, View, here_of, visitor_of
from shuangsui.pages.declaring import PICKED, filled
from shuangsui.pages.forms import Input, inputs
from shuangsui.texts import sentence
from shuangsui.web.areas import Declared
from shuangsui.web.beginning import next_step
from shuangsui.web.errors import status_of
from shuangsui.web.exporting import export
from shuangsui.web.languages import language_of
from shuangsui.web.parting import parts_of, tables_of, without_notice
from shuangsui.web.rendering import render

HTML = "text/html; charset=utf-8"
FRAGMENT = "X-Fragment"
FRAGMENTS = {"lists": "console/_lists.html", "progress": "console/_progress.html"}
"""What may be asked for alone; the rest of the page then stays as it stands."""
PRIVATE = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class Failed:
    """An act that was refused, and what had been typed."""

    act: Act
    error: ShuangsuiError
    values: Mapping[str, Any]
    wrong: Mapping[str, str] = field(default_factory=dict)


def page(
    request: Request[Any, Any, Any], view: View, failed: Failed | None = None, once: tuple[str, str] | None = None
) -> Response[Any]:
    """The page of a view as its visitor may see it; ``once`` is something shown this one time and never again."""
    declared: Declared = request.app.state.declared
    fragment = _fragment(request)
    with here_of(request, readonly=not view.notes, noting=view.notes) as here:
        if view.verb:
            policy.allow(here.actor, view.verb)  # a form's page is shown after a refusal too, whatever the act's verb
        shown = view.load(here)
        if "export" in here.query:
            return export(shown, here.query, view.title)
        if fragment and not _has(shown, fragment):
            raise BadInput("fragment_unknown")
        where, acts = filled(view.path, here.path), acts_of(declared, view, shown, here)
        context = {
            **frame(request, here, declared),
            "part": parts_of(shown, here.query, f"/console{where}"),
            "query": here.query,
            "address": f"/console{where}",
            "title": shown.title if isinstance(shown, Detail) else view.title,
            "shown": shown,
            "forms": _begun([form_of(here, act, failed, shown=shown) for act in acts if not act.on_several], shown),
            "bulk": [form_of(here, act, failed, shown=shown) for act in acts if act.on_several],
            "picked": failed.values.get(PICKED, ()) if failed else (),
            "awaits": _awaits(shown) if failed is None else "",
            "notice": declared.notice(here.query.get("done", "")),
            "problem": problem(failed.error) if failed else None,
            "once": once,
            "twin": f"/api{where}" + (f"?{asked}" if (asked := urlencode(without_notice(here.query))) else ""),
        }
        status = status_of(failed.error) if failed else 200
        answer = answered(request, fragment or view.template or _template(shown), context, status)
    answer.headers["Vary"] = FRAGMENT
    return answer


def answered(
    request: Request[Any, Any, Any], template: str, context: Mapping[str, Any], status: int = 200
) -> Response[Any]:
    """A page for one person, in that person's language; no cache keeps it."""
    text = render(template, language_of(request), **context)
    return Response(text, status_code=status, media_type=HTML, headers=PRIVATE)


def _fragment(request: Request[Any, Any, Any]) -> str | None:
    """The template of the part of the page that the visitor's script asks for; None for the whole."""
    asked = request.headers.get(FRAGMENT)
    if asked is not None and asked not in FRAGMENTS:
        raise BadInput("fragment_unknown")
    return None if asked is None else FRAGMENTS[asked]


def _has(shown: Any, fragment: str) -> bool:
    """Whether the page has the part: lists, or work that somebody waits for."""
    if fragment == FRAGMENTS["progress"]:
        return isinstance(shown, Detail) and "progress" in shown.data
    return bool(tables_of(shown))


def frame(request: Request[Any, Any, Any], here: Here, declared: Declared) -> dict[str, Any]:
    """What every page of the console needs around its content."""
    visitor = visitor_of(request)
    menu: dict[str, list[View]] = {}
    for view in sorted(declared.views, key=_place) if not visitor.must_change else ():
        if view.menu and (view.verb is None or here.actor.may(view.verb)):
            menu.setdefault(view.menu, []).append(view)
    path = _closest([view.path for views in menu.values() for view in views], request.url.path)
    found = next(((group, view.title) for group, views in menu.items() for view in views if view.path == path), None)
    return {
        "tenant": here.office.tenant,
        "actor": here.actor,
        "csrf": visitor.csrf,
        "menu": menu,
        "menu_path": path,
        "group": found and found[0],
        "menu_title": found and found[1],
        "listed": request.url.path.removeprefix("/console") == path,
        "ahead": db.clock.offset(here.session),
        "today": here.today,
        "next_step": next_step(here, request.url.path.removeprefix("/console")),
    }


def _closest(paths: Sequence[str], here: str) -> str:
    """The longest path of the menu below which ``here`` lies; nothing lies below ``/``."""
    below = here.removeprefix("/console")
    around = [path for path in paths if below == path or (path != "/" and below.startswith(f"{path}/"))]
    return max(around, key=len, default="")


def _place(view: View) -> int:
    return MENUS.index(view.menu) if view.menu in MENUS else len(MENUS)


def problem(error: ShuangsuiError) -> dict[str, Any]:
    """The sentence, the provision that a refusal rests on, and the faults of a file's rows."""
    rows = error.errors if isinstance(error, RowErrors) else []
    return {"sentence": sentence(error), "article": error.article or "", "code": error.code, "errors": rows}


def acts_of(declared: Declared, view: View, shown: Any, here: Here) -> list[Act]:
    """Only what the visitor may do, and what makes sense now."""
    wanted = shown.acts if isinstance(shown, Table | Detail) else None
    own = [act for act in declared.acts_of(view) if act.verb is None or here.actor.may(act.verb)]
    return [act for act in own if wanted is None or act.name in wanted]


def form_of(
    here: Here, act: Act, failed: Failed | None, root: str = "/console", *, shown: Any = None
) -> dict[str, Any]:
    """A form as the templates draw it; ``root`` is what its pages stand below, ``shown`` what its page shows."""
    mine = failed if failed and failed.act is act else None
    data = shown.data if isinstance(shown, Detail) else {}
    fields = inputs(act, here, mine.values if mine else None, mine.wrong if mine else None, data)
    return {
        "title": act.title,
        "name": act.name,
        "action": root + filled(act.path, here.path),
        "fields": fields,
        "multipart": any(one.kind == "file" for one in fields),
        "open": mine is not None or not fields or any(_is_given(here, one) for one in fields),
    }


def _begun(forms: list[dict[str, Any]], shown: Any) -> list[dict[str, Any]]:
    """The form that everything begins with stands open, and the only one of a page whose lists are still empty."""
    tables = tables_of(shown)
    alone = len(forms) == 1 and tables and not any(len(one.rows) for one in tables)
    begin = shown.begin if isinstance(shown, Detail) else ""
    return [{**form, "open": True} if alone or form["name"] == begin else form for form in forms]


def _awaits(shown: Any) -> str:
    """The acts of a page that waits for somebody, as its twin has them; empty for any other."""
    return " ".join(sorted(shown.acts or ())) if isinstance(shown, Detail) and shown.awaits else ""


def _is_given(here: Here, field: Input) -> bool:
    """Whether the address fills the field in with something that it takes."""
    value = here.query.get(field.name, "")
    return bool(value) and (field.kind not in ("select", "many") or value in field.options)


def _template(shown: Any) -> str:
    return "console/list.html" if isinstance(shown, Table) else "console/detail.html"
