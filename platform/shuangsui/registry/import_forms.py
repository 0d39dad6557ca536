"""The forms of an import by steps: what is filled in, with what, and what is done then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, Field, create_model

from shuangsui.errors import NotFound
from shuangsui.pages import Attachment, Here, act
from shuangsui.registry import imports
from shuangsui.registry.columns import KINDS
from shuangsui.registry.heads import Head
from shuangsui.registry.mapping import is_plain, suggested
from shuangsui.registry.shelves import SHELVES
from shuangsui.registry.tables import RegistryUpload, UploadState
from shuangsui.registry.upload_routes import plain_name
from shuangsui.registry.uploads import Uploads
from shuangsui.said import say
from shuangsui.settings import from_environment

START = "/registries/{kind:str}/import"
ONE = START + "/{id:str}"
SAMPLE = 16
"""Signs of a sample beside a title."""


class File(BaseModel):
    """The first step."""

    file: Attachment = Field(title="文件", description="xlsx 工作簿，或者 CSV 文件；第一行是表头")


class Settled(BaseModel):
    """The second step, whose other fields are those of the registry."""

    sheet: str = Field("", title="工作表", max_length=100)
    partial: bool = Field(
        False,
        title="文件只是一部分：文件里没有的行保持不变",
        description="不勾选的，名录里有、文件里没有的行会移出名录",
    )


def kind_of(here: Here) -> str:
    """The registry that the address names; :class:`NotFound` ``kind_unknown``."""
    kind = here.path["kind"]
    if kind not in SHELVES:
        raise NotFound("kind_unknown", kind=kind, known="、".join(SHELVES))
    return kind


def row_of(here: Here) -> RegistryUpload:
    """The upload that the address names; :class:`NotFound` ``import_missing``."""
    row = imports.find(here.session, here.path["id"])
    if row.kind != kind_of(here):
        raise NotFound("import_missing", id=here.path["id"])
    return row


def head_of(here: Here, row: RegistryUpload) -> Head:
    """The sheet that the address asks for, or the one that was settled."""
    return imports.head_of(row, here.query.get("sheet", row.sheet))


def store_of(here: Here) -> Uploads:
    """Where the uploads of this authority lie."""
    return Uploads(from_environment().uploads, here.office.tenant.slug)


def columns_of(here: Here, row: RegistryUpload) -> dict[str, str]:
    """Field → header, as it is filled in at first: by what was said of this file, or of the last one."""
    fresh = row.state is UploadState.COLUMNS
    names = imports.remembered(here.session, row.kind) if fresh else row.names
    return suggested(KINDS[row.kind], head_of(here, row).header, names)


def _upload(here: Here, form: File) -> dict[str, Any]:
    file = form.file
    row = imports.upload(
        here.session, store_of(here), kind_of(here), plain_name(file.name), file.data, actor=here.actor.login
    )
    _check_plain(here, row)
    return {"id": str(row.id)}


def _check_plain(here: Here, row: RegistryUpload) -> None:
    """One sheet whose columns are all known is checked at once; they can still be looked at before it is confirmed."""
    head, columns = head_of(here, row), columns_of(here, row)
    if len(row.heads) == 1 and is_plain(KINDS[row.kind], head.header, columns):
        imports.check(here.session, str(row.id), imports.Columns(columns), actor=here.actor.login)


def _form(here: Here) -> type[BaseModel]:
    """A choice of a header for each field of the registry."""
    fields: dict[str, Any] = {
        column.field: (str, Field(*() if column.required else ("",), title=column.headers[0], max_length=200))
        for column in KINDS[row_of(here).kind].columns
    }
    return create_model("Columns", __base__=Settled, **fields)


def _given(here: Here) -> Mapping[str, Any]:
    row = row_of(here)
    return {**columns_of(here, row), "sheet": head_of(here, row).sheet, "partial": row.partial}


def _titles(here: Here) -> Mapping[str, str]:
    """Every header of the sheet, with an example of what stands below it."""
    head = head_of(here, row_of(here))
    samples = {title: next(iter(below), "") for title, below in zip(head.header, head.samples, strict=True) if title}
    return {
        title: say("{title}（如 {one}）", title=title, one=one[:SAMPLE]) if one else title
        for title, one in samples.items()
    }


def _check(here: Here, form: Settled) -> None:
    row_of(here)
    said = form.model_dump(exclude={*Settled.model_fields})
    columns = imports.Columns(said, form.sheet, form.partial)
    imports.check(here.session, here.path["id"], columns, actor=here.actor.login)


def _confirm(here: Here, _form: BaseModel) -> None:
    row_of(here)
    imports.confirm(here.session, here.path["id"], actor=here.actor.login)


def _discard(here: Here, _form: BaseModel) -> None:
    row_of(here)
    imports.discard(here.session, store_of(here), here.path["id"], actor=here.actor.login)


_FIELDS = {column.field for kind in SHELVES for column in KINDS[kind].columns}
ACTS = [
    act(START + "/upload", verb="import_registry", model=File, do=_upload, title="上传", done="文件已经上传。",
        then="/registries/{kind}/import/{id}"),
    act(ONE + "/check", verb="import_registry", model=Settled, model_here=_form, given=_given, do=_check,
        title="核对", done="已经开始核对。", choices=dict.fromkeys(_FIELDS, _titles)),
    act(ONE + "/confirm", verb="import_registry", do=_confirm, title="确认导入", done="已经确认。"),
    act(ONE + "/discard", verb="import_registry", do=_discard, title="放弃这次导入",
        done="已经放弃，名录没有变化。", then="/registries/{kind}/import"),
]  # fmt: skip
