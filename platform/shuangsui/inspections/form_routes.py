"""Check forms: the list, one form with its points, import, and which item is inspected by which (article 13)."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import BaseModel, Field

from shuangsui.inspections import forms
from shuangsui.inspections.evidence_policy import clean_name
from shuangsui.pages import Attachment, Detail, Here, Table, act, view

COLUMNS = {"code": "编号", "version": "版次", "title": "名称", "points": "要点", "items": "事项", "at": "导入时间"}
POINTS = {"no": "序号", "content": "检查内容", "method": "检查方法"}


class Import(BaseModel):
    """A file of forms, one row per point."""

    file: Attachment = Field(title="xlsx 或 CSV 文件", description="每行一个检查要点；整份文件都正确才写入")
    sheet: str = Field("", title="工作表名称", max_length=64)


class Attach(BaseModel):
    """An item with its form."""

    item: str = Field(title="事项编号", max_length=64)
    form: str = Field(title="检查表", max_length=64)


def load_all(here: Here) -> Table:
    """The newest version of each."""
    return Table(COLUMNS, forms.list_forms(here.session), "/forms/{code}")


def load(here: Here) -> Detail:
    """The points of the newest version, or of the one in the query."""
    asked = here.query.get("version", "")
    found = forms.show(here.session, here.path["code"], int(asked) if asked.isdecimal() and len(asked) < 9 else None)
    facts = {"编号": found.code, "版次": found.version, "导入人": found.by, "导入时间": found.at}
    return Detail(found.title, facts, [Table(POINTS, found.points, title="检查要点")], data=forms.view(found))


def take(here: Here, form: Import) -> dict[str, Any]:
    """A new version of every form that the file has otherwise."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / clean_name(form.file.name)
        path.write_bytes(form.file.data)
        done = forms.import_forms(here.session, path, actor=here.actor.login, sheet=form.sheet or None)
    warnings = [warning.as_dict() for warning in done.warnings]
    return {"points": done.points, "new": done.new, "unchanged": done.unchanged, "warnings": warnings}


def attach(here: Here, form: Attach) -> None:
    """From now on."""
    forms.attach(here.session, form.item, form.form, actor=here.actor.login)


def known(here: Here) -> dict[str, str]:
    """Every form by its code."""
    return {one["code"]: f"{one['code']} {one['title']}" for one in forms.list_forms(here.session)}


VIEWS = [
    view("/forms", verb=None, load=load_all, title="检查表", menu="检查"),
    view("/forms/{code:str}", verb=None, load=load, title="检查表"),
]
ACTS = [
    act("/forms/import", verb="manage_settings", model=Import, do=take, title="导入检查表", done="检查表已导入。"),
    act("/forms/attach", verb="manage_settings", model=Attach, do=attach, title="指定事项使用的检查表",
        done="已指定检查表。", choices={"form": known}),
]  # fmt: skip
