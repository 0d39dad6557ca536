"""The pages of inspectors on a phone, below ``/m``: those of the console in another dress, their acts the same.

A page of the phone stands where the console's stands, with ``/m`` for ``/console``; its JSON twin is the console's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from anyio import to_thread
from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

from shuangsui import db
from shuangsui.access import policy
from shuangsui.inspections.states import Mode, TaskState
from shuangsui.inspections.tasks import find_task
from shuangsui.pages import Detail, Here, Table, View, here_of, may, visitor_of
from shuangsui.pages.declaring import filled
from shuangsui.web.areas import Declared
from shuangsui.web.console import form_handler
from shuangsui.web.errors import status_of
from shuangsui.web.frame import Failed, acts_of, answered, form_of, problem
from shuangsui.web.rendering import static_version

Asked = Request[Any, Any, Any]
ROOT = "/m"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of the phone: whose place in the console it has, its template, what is done on it."""

    view: str
    template: str
    acts: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Where it stands; the list of one's own tasks is the first page."""
        return ROOT if self.view == MINE else f"{ROOT}{self.view}"


MINE = "/my/tasks"
ONE = "/tasks/{no:str}"
RECORD = f"{ONE}/record"
CONFLICTS = f"{ROOT}{ONE}/conflicts", "phone/conflicts.html"
"""What two devices wrote differently: a page of its own about the record."""
SHEETS = (
    Sheet(MINE, "phone/tasks.html"),
    Sheet(ONE, "phone/task.html", ("accept", "hand-back", "plan", "deliver")),
    Sheet(f"{ONE}/visit", "phone/visit.html", ("check-in", "witness", "certificates", "not-found", "leave")),
    Sheet(
        RECORD,
        "phone/record.html",
        ("sign", "sign-object", "sign-witness", "refuse", "resolve", "submit", "addendum", "sign-addendum",
         "confirm-addendum"),
    ),
    Sheet(f"{ONE}/evidence", "phone/evidence.html"),
)  # fmt: skip
GROUPS = {"late": "已过检查日期", "today": "今天", "coming": "以后", "undated": "未定检查日期", "done": "已经检查"}
OPEN = (TaskState.DISPATCHED, TaskState.ACCEPTED, TaskState.UNDERWAY)


def handlers_of(declared: Declared) -> list[HTTPRouteHandler]:
    """One for each page that is declared, one for each act on it."""
    views = {view.path: view for view in declared.views}
    pages = [(sheet, views[sheet.view]) for sheet in SHEETS if sheet.view in views]
    more = [_shown(view, *CONFLICTS) for sheet, view in pages if sheet.view == RECORD]
    return (
        [_shown(view, sheet.path, sheet.template) for sheet, view in pages]
        + more
        + [
            form_handler(act, ROOT, show)
            for sheet, view in pages
            for act in declared.acts_of(view)
            if act.name in sheet.acts
        ]
    )


def _shown(view: View, path: str, template: str) -> HTTPRouteHandler:
    async def look(request: Asked) -> Response[Any]:
        return await to_thread.run_sync(lambda: show(request, view, template=template))

    return get(path, guards=[may("inspect")], name=f"phone {path}")(look)


def show(
    request: Asked,
    view: View,
    failed: Failed | None = None,
    once: tuple[str, str] | None = None,
    template: str | None = None,
) -> Response[Any]:
    """The page of a view as its visitor may see it."""
    sheet = next(one for one in SHEETS if one.view == view.path)
    declared: Declared = request.app.state.declared
    with here_of(request, readonly=not view.notes, noting=view.notes) as here:
        policy.allow(here.actor, "inspect")
        shown = view.load(here)
        acts = [act for act in acts_of(declared, view, shown, here) if act.name in sheet.acts]
        context = {
            **around(request, here),
            **_about(here, shown),
            "title": shown.title if isinstance(shown, Detail) else view.title,
            "forms": {act.name: form_of(here, act, failed, ROOT, shown=shown) for act in acts},
            "notice": declared.notice(here.query.get("done", "")),
            "problem": problem(failed.error) if failed else None,
            "once": once,
        }
        status = status_of(failed.error) if failed else 200
        return answered(request, template or sheet.template, context, status)


def around(request: Asked, here: Here) -> dict[str, Any]:
    """What every page of the phone needs; ``who`` keeps apart what several people leave on one device."""
    return {
        "tenant": here.office.tenant,
        "actor": here.actor,
        "who": f"{here.actor.tenant}/{here.actor.login}",
        "csrf": visitor_of(request).csrf,
        "at": static_version(),
        "ahead": db.clock.offset(here.session),
    }


def _about(here: Here, shown: Any) -> dict[str, Any]:
    """The tasks in groups, or the task that the page is about."""
    if isinstance(shown, Table):
        return {"groups": grouped(shown.rows, here.today), "names": GROUPS}
    task = find_task(here.session, here.path["no"])
    return {"shown": shown, "task": task, "onsite": task.mode is Mode.ONSITE, "where": filled(ONE, here.path)}


def grouped(rows: Sequence[Mapping[str, Any]], today: date) -> dict[str, list[Mapping[str, Any]]]:
    """Rows of the list of tasks under :data:`GROUPS`, late ones first, each with ``start``: where its work goes on."""
    found: dict[str, list[Mapping[str, Any]]] = {name: [] for name in GROUPS}
    for row in sorted(rows, key=lambda row: (str(row["planned_on"] or ""), row["no"])):
        found[group_of(row, today)].append({**row, "start": start_of(row)})
    return found


def group_of(row: Mapping[str, Any], today: date) -> str:
    """Under which heading a task stands: one that is underway is today's."""
    if row["state"] not in OPEN:
        return "done"
    if row["state"] == TaskState.UNDERWAY or row["planned_on"] == today:
        return "today"
    if row["planned_on"] is None:
        return "undated"
    return "late" if row["planned_on"] < today else "coming"


def start_of(row: Mapping[str, Any]) -> str:
    """The page of a task on which its work goes on, below the task's own."""
    if row["state"] == TaskState.ACCEPTED and row["mode"] == Mode.ONSITE:
        return "/visit"
    return "/record" if row["state"] in (TaskState.ACCEPTED, TaskState.UNDERWAY) else ""
