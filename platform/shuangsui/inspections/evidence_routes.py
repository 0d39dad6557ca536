"""Evidence of a task: the list, uploads, downloads; whoever opens a file is written down (R16.2)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import msgspec
from anyio import to_thread
from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from pydantic import BaseModel, Field, ValidationError

from shuangsui.errors import BadInput
from shuangsui.inspections import evidence
from shuangsui.inspections.common_routes import opened, reached, root_of, whole
from shuangsui.inspections.tables import Evidence
from shuangsui.pages import Attachment, Detail, Here, Table, here_of, may, view
from shuangsui.said import say
from shuangsui.settings import Settings

ONE = "/tasks/{no:str}/evidence"
COLUMNS = {"name": "文件", "media_type": "格式", "size": "字节", "note": "说明", "by": "上传人", "at": "时间"}
Asked = Request[Any, Any, Any]


class Upload(BaseModel):
    """A file with what it shows."""

    file: Attachment
    note: str = Field("", max_length=500)


def load(here: Here) -> Detail:
    """Every file of the task, and the form for one more."""
    task = opened(here)
    rows = [{**_view(row), "no": task.no} for row in evidence.list_files(here.session, task.no)]
    form = {
        "action": f"{ONE.replace('{no:str}', task.no)}",
        "title": "上传证据材料",
        "note": "说明",
        "accept": "image/*,.pdf",
    }
    data = {"no": task.no, "upload": form if here.actor.may("inspect") else None}
    table = Table(COLUMNS, rows, "/tasks/{no}/evidence/{sha256}", title="证据材料")
    return Detail(say("证据材料 {no}", no=task.no), {"检查对象": task.object_name}, [table, whole(task)], data=data)


@get([f"/console{ONE}/{{digest:str}}", f"/api{ONE}/{{digest:str}}"], guards=[may(None)], opt={"title": "取出证据材料"})
async def download(
    request: Asked, no: FromPath[str], digest: FromPath[str], settings: NamedDependency[Settings]
) -> Response[bytes]:
    """The bytes under the type that was judged, to be saved and never shown in our origin."""

    def work() -> tuple[Evidence, bytes]:
        with here_of(request, readonly=False) as here:
            reached(here)
            store, _ = evidence.configured(settings)
            return evidence.open_file(here.session, store, no, digest, actor=here.actor.login)

    row, data = await to_thread.run_sync(work)
    return Response(data, media_type=row.media_type, headers=saved_as(row.name))


@post([f"/console{ONE}", f"/m{ONE}"], guards=[may("inspect")], status_code=303)
async def upload_form(request: Asked, no: FromPath[str], settings: NamedDependency[Settings]) -> Redirect:
    """From the page."""
    form = await request.form()
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise BadInput("upload_missing")
    data, name, note = await file.read(), file.filename, str(form.get("note", ""))
    await to_thread.run_sync(lambda: _added(request, settings, name, data, note))
    return Redirect(f"{root_of(request)}/tasks/{no}/evidence", status_code=303)


@post(f"/api{ONE}", guards=[may("inspect")], opt={"title": "上传证据材料"}, status_code=200)
async def upload(request: Asked, settings: NamedDependency[Settings]) -> Response[bytes]:
    """From a program: ``{file: {name, data: base64}, note}``."""
    try:
        given = Upload.model_validate(msgspec.json.decode(await request.body()))
    except (ValidationError, msgspec.DecodeError, UnicodeDecodeError):
        raise BadInput("upload_missing") from None
    file = given.file
    made = await to_thread.run_sync(lambda: _added(request, settings, file.name, file.data, given.note))
    return Response(msgspec.json.encode(made), media_type="application/json", headers={"Cache-Control": "no-store"})


def saved_as(name: str) -> dict[str, str]:
    """Headers of a file to be saved under a name that may be Chinese."""
    where = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return {"Content-Disposition": where, "Cache-Control": "no-store"}


def _added(request: Asked, settings: Settings, name: str, data: bytes, note: str) -> dict[str, Any]:
    store, limits = evidence.configured(settings)
    with here_of(request, readonly=False) as here:
        task = reached(here)
        row = evidence.add(here.session, store, task.no, data, name, actor=here.actor.login, note=note, limits=limits)
        return _view(row)


def _view(row: Evidence) -> dict[str, Any]:
    return row.model_dump(exclude={"tenant_id", "id", "task_id"})


VIEWS = [view(ONE, verb=None, load=load, title="证据材料", template="console/upload.html", notes=True)]
HANDLERS = [download, upload_form, upload]
