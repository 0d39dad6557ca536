"""Official forms on pages: what was issued, printing as PDF or DOCX, and an authority's own templates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from anyio import to_thread
from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlmodel import col, select

from shuangsui.disclosure.following import portal_of
from shuangsui.documents import overrides, replacing, service
from shuangsui.documents.filling import Template, docx
from shuangsui.documents.starters import starter
from shuangsui.documents.tables import IssuedDocument
from shuangsui.documents.values import FORMS
from shuangsui.errors import BadInput
from shuangsui.inspections import access_log
from shuangsui.inspections.common_routes import reached
from shuangsui.pages import Detail, Here, Table, here_of, may, view
from shuangsui.said import say
from shuangsui.settings import Settings
from shuangsui.texts import sentence

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ISSUED = {"number": "文号", "title": "文书", "subject": "编号", "by": "出具人", "at": "时间"}
KINDS = {"title": "文书", "subject": "按什么编号出具"}
TEMPLATES = {"title": "文书", "form": "文书名"}
FILES = {"name": "下载"}
SOURCES = {"current": "现用模板", "starter": "默认模板"}
Asked = Request[Any, Any, Any]


def load_all(here: Here) -> Detail:
    """Every number given out, the newest first; opening one prints what it says now."""
    rows = here.session.exec(select(IssuedDocument).order_by(col(IssuedDocument.id).desc())).all()
    issued = [row.model_dump(include={"form", *ISSUED}) | {"title": FORMS[row.form].title} for row in rows]
    kinds = [{"title": form.title, "subject": service.KINDS[kind].subject} for kind, form in FORMS.items()]
    tables = [
        Table(ISSUED, issued, "/documents/{form}/{subject}", title="已出具的文书"),
        Table(KINDS, kinds, title="各种文书"),
    ]
    return Detail("文书", {"已出具": say("{n} 份", n=len(issued))}, tables)


def load_templates(_here: Here) -> Table:
    """Each form, to its own page."""
    rows = [{"form": kind, "title": form.title} for kind, form in FORMS.items()]
    return Table(TEMPLATES, rows, "/templates/{form}")


def load_template(here: Here) -> Detail:
    """The files to start from, and the form for one's own."""
    kind = here.path["form"]
    replacing.require_known(kind)
    rows = [{"form": kind, "file": file, "name": name} for file, name in SOURCES.items()]
    upload = {"action": f"/templates/{kind}/file", "title": "换用本机关的模板", "note": "", "accept": ".docx"}
    undo = {"action": f"/templates/{kind}/restore", "title": "不再用本机关的模板"}
    data = {"form": kind, "upload": {**upload, "undo": undo}}
    notes = ["上传后先用示例内容试填，填得出来才换用；再次上传即替换。下级机关没有自己的模板时沿用上级的。"]
    title = say("文书模板：{title}", title=FORMS[kind].title)
    return Detail(title, {"文书名": kind}, [Table(FILES, rows, "/templates/{form}/{file}")], notes, data=data)


@get(
    ["/console/documents/{form:str}/{subject:str}", "/api/documents/{form:str}/{subject:str}"],
    guards=[may(None)],
    opt={"title": "出具文书"},
)
async def print_form(
    request: Asked, form: FromPath[str], subject: FromPath[str], settings: NamedDependency[Settings]
) -> Response[bytes]:
    """The form as it stands now: PDF, or with ``?as=docx`` in the authority's template."""

    def work() -> tuple[service.Issued, bytes | None]:
        with here_of(request, readonly=False) as here:
            made = _issued(here, form, subject)
            if here.query.get("as") != "docx":
                return made, None
            template = overrides.template_of(_root(settings), here.office.tree, here.session.tenant, form)
            return made, docx(made.form, template)

    made, editable = await to_thread.run_sync(work)
    name = f"{made.form.title} {made.form.number}"
    return _file(editable, f"{name}.docx", DOCX) if editable else _file(made.printed.data, f"{name}.pdf", PDF)


@get("/console/templates/{form:str}/{file:str}", guards=[may("manage_settings")])
async def download(
    request: Asked, form: FromPath[str], file: FromPath[str], settings: NamedDependency[Settings]
) -> Response[bytes]:
    """The template in force, or the default one."""

    def work() -> Template:
        replacing.require_known(form)
        if file == "starter":
            return starter(form)
        with here_of(request) as here:
            return overrides.template_of(_root(settings), here.office.tree, here.session.tenant, form)

    return _file((await to_thread.run_sync(work)).data, f"{form}.docx", DOCX)


@get("/api/templates/checked", guards=[may("manage_settings")], opt={"title": "试填文书模板"})
async def check(request: Asked, settings: NamedDependency[Settings]) -> list[dict[str, Any]]:
    """Every template in force filled with sample values."""

    def work() -> list[dict[str, Any]]:
        with here_of(request) as here:
            found = overrides.check(_root(settings), here.office.tree, here.session.tenant)
        return [
            {"form": one.form, "file": one.file, "own": one.own, "problem": sentence(one.error) if one.error else None}
            for one in found
        ]

    return await to_thread.run_sync(work)


@post("/console/templates/{form:str}/file", guards=[may("manage_settings")], status_code=303)
async def upload(request: Asked, form: FromPath[str], settings: NamedDependency[Settings]) -> Redirect:
    """An own template, or the same again."""
    given = (await request.form()).get("file")
    if not isinstance(given, UploadFile) or not given.filename:
        raise BadInput("document_upload")
    data = await given.read()
    await _changed(request, lambda here: replacing.replace(
        here.session, _root(settings), here.office.tree, form, data, actor=here.actor.login
    ))  # fmt: skip
    return Redirect(f"/console/templates/{quote(form, safe='')}", status_code=303)


@post("/console/templates/{form:str}/restore", guards=[may("manage_settings")], status_code=303)
async def restore(request: Asked, form: FromPath[str], settings: NamedDependency[Settings]) -> Redirect:
    """Back to the default, or to the template of the authority above."""
    await _changed(request, lambda here: replacing.restore(
        here.session, _root(settings), here.office.tree, form, actor=here.actor.login
    ))  # fmt: skip
    return Redirect(f"/console/templates/{quote(form, safe='')}", status_code=303)


def _issued(here: Here, form: str, subject: str) -> service.Issued:
    """A form about a task opens its object's file: within the visitor's reach, and written down (R16.2)."""
    if form in service.KINDS and service.KINDS[form].subject == service.TASK:
        task = reached(replace(here, path={"no": subject}))
        access_log.opened(here.session, task.object_code, actor=here.actor.login)
    return service.issue(
        here.session, here.office, form, subject, actor=here.actor.login, portal=portal_of(here.office)
    )


async def _changed(request: Asked, do: Callable[[Here], object]) -> None:
    def work() -> None:
        with here_of(request, readonly=False) as here:
            do(here)

    await to_thread.run_sync(work)


def _root(settings: Settings) -> Path:
    return settings.tenants.resolve()


def _file(data: bytes, name: str, kind: str) -> Response[bytes]:
    where = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return Response(data, media_type=kind, headers={"Content-Disposition": where, "Cache-Control": "no-store"})


VIEWS = [
    view("/documents", verb="view", load=load_all, title="文书", menu="检查"),
    view("/templates", verb="manage_settings", load=load_templates, title="文书模板", menu="管理"),
    view("/templates/{form:str}", verb="manage_settings", load=load_template, title="文书模板",
         template="console/upload.html"),
]  # fmt: skip
HANDLERS = [print_form, download, check, upload, restore]
