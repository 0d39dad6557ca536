"""The page kit: an area's ``routes.py`` declares pages and acts, this package and ``web`` make everything else of them.

::

    class Accept(BaseModel):
        note: str = Field("", title="说明", max_length=200, json_schema_extra={"kind": "textarea"})

    def load(here: Here) -> Detail:
        task = tasks.find(here.session, here.path["no"])
        return Detail(f"检查任务 {task.no}", {"状态": STATES[task.state]}, acts=moves(task))

    def accept(here: Here, form: Accept) -> None:
        tasks.accept(here.session, here.path["no"], note=form.note, actor=here.actor.login)

    VIEWS = [view("/tasks", verb="view", load=table_of_tasks, title="检查任务", menu="检查"),
             view("/tasks/{no:str}", verb="view", load=load, title="检查任务")]
    ACTS = [act("/tasks/{no:str}/accept", verb="accept_task", model=Accept, do=accept, title="接收", done="已接收。")]

What that gives: the pages ``/console/tasks…``, their JSON twins ``/api/tasks…`` (the same value), for each act a form
on the page whose path is the act's without its last part (``POST /console/…`` with CSRF token, 303 back with a notice,
or the page again with the sentence and what was typed) and ``POST /api/…`` (the model as JSON), all of it in
``/api/openapi.json``. ``load`` answers :class:`Table`, :class:`Detail` or, for a template of the area's own
(``template=``), any mapping. A :class:`Detail` or :class:`Table` may name the ``acts`` that make sense now.

``do`` runs in one transaction; what it answers (a mapping or None) is the JSON answer, and fills ``{names}`` of
``then``; a value ``once`` in it is shown on the page this one time and never again. Forms are drawn from the model:
``title`` is the label, ``description`` the hint, ``Literal``, enum or ``choices={"field": mapping or callable(here)}``
a selection (several for a ``list``; a field that may be empty is left out while nothing can be chosen),
:class:`Attachment` a file, ``list`` one value per line, ``datetime`` a time in Beijing, ``json_schema_extra={"kind":
…}`` textarea, password, date, time or hidden: what the page's :class:`Detail` has in ``data`` under that name. A query
of the page's address fills in the fields of the same names.

``HANDLERS`` may list hand-written litestar handlers below ``/console`` or ``/api``, guarded with
``guards=[may("view")]``; ``here_of`` opens the same unit of work for them. ``menu`` is a group of :data:`MENUS`;
``notes=True`` lets ``load`` write down that the page was opened.

Only ``routes.py`` may import this package, and nothing imports a ``routes.py``: ``shuangsui.web.areas`` finds it.
"""

from __future__ import annotations

from shuangsui.pages.declaring import MENUS, Act, Detail, Here, Several, Table, View, act, view
from shuangsui.pages.forms import Attachment
from shuangsui.pages.guards import here_of, identified, may, signed_in, visitor_of
from shuangsui.pages.problems import PROBLEM_JSON, Problem, prefers_html, problem_of
from shuangsui.pages.stored import Stored

__all__ = [
    "MENUS",
    "PROBLEM_JSON",
    "Act",
    "Attachment",
    "Detail",
    "Here",
    "Problem",
    "Several",
    "Stored",
    "Table",
    "View",
    "act",
    "here_of",
    "identified",
    "may",
    "prefers_html",
    "problem_of",
    "signed_in",
    "view",
    "visitor_of",
]
