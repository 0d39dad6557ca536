"""The province's table of inspection results, described by a file: column, title, source, length, required.

There is no national table of results (data-standards 6.4), so a province's own is the only way out for them; its
columns can have no name of 双公示.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from shuangsui import Disclosed, OutsideFailed, ResultContent
from shuangsui_exporter_credit_china.workbook import CELL, Table
from shuangsui_exporter_kit import Form, beijing, require_code

DRAFT = "https://json-schema.org/draft/2020-12/schema"
RESERVED = ("CF_", "XK_", "XZCF", "XZXK")
"""How the names of 双公示 begin."""


def _not_reserved(name: str) -> str:
    if name.upper().startswith(RESERVED):
        raise ValueError("reserved")
    return name


Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,29}$"), AfterValidator(_not_reserved)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=100)]

SOURCES: Mapping[str, Callable[[Disclosed, ResultContent], str]] = {
    "external_id": lambda item, _: item.external_id,
    "revision": lambda item, _: str(item.revision),
    "action": lambda item, _: item.action,
    "authority.name": lambda item, _: item.authority.name,
    "authority.code": lambda item, _: item.authority.code,
    "authority.area": lambda item, _: item.authority.area,
    "published_on": lambda item, _: f"{item.published_on:%Y/%m/%d}",
    "until": lambda item, _: f"{item.until:%Y/%m/%d}" if item.until else "",
    "plan_id": lambda _, result: result.plan_id,
    "plan_name": lambda _, result: result.plan_name,
    "draw_no": lambda _, result: result.draw_no,
    "task_no": lambda _, result: result.task_no,
    "task_name": lambda _, result: result.task_name,
    "object.name": lambda _, result: result.object.name,
    "object.code": lambda _, result: result.object.code,
    "object.area": lambda _, result: result.object.area,
    "item.code": lambda _, result: result.item.code,
    "item.name": lambda _, result: result.item.name,
    "item.grounds": lambda _, result: result.item.grounds,
    "findings": lambda _, result: "；".join(one.text for one in result.findings),
    "follow_up": lambda _, result: result.follow_up,
    "ended_on": lambda _, result: f"{beijing(result.ended_at):%Y/%m/%d}",
    "officers.name": lambda _, result: "、".join(one.name for one in result.officers),
    "officers.certificate": lambda _, result: "、".join(one.certificate for one in result.officers),
}
"""What a column may be filled with; addresses are not among them, since a sole owner's may be a home."""


class Column(BaseModel):
    """One column; ``code``: it holds a unified social credit code, which is checked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: Name
    title: Text
    source: str
    length: int = Field(ge=1, le=CELL)
    required: bool = False
    code: bool = False


class Description(BaseModel):
    """The file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    table: Name
    title: Text
    columns: tuple[Column, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Province:
    """A description that holds."""

    description: Description
    schema: Mapping[str, Any]
    form: Form

    @property
    def table(self) -> Table:
        """Its code and columns."""
        columns = {one.column: one.title for one in self.description.columns}
        return Table(self.description.table, self.description.title, columns)

    def row(self, item: Disclosed, result: ResultContent) -> dict[str, str]:
        """Every column in its order; else :class:`ContentRefused`."""
        found = {one.column: SOURCES[one.source](item, result) for one in self.description.columns}
        for one in self.description.columns:
            if one.code and (one.required or found[one.column]):
                require_code(found[one.column], f"{one.title}（{one.column}）")
        self.form.check(found)
        return found


def load(file: str = "") -> Province:
    """The description in ``file``, or the shipped one; :class:`OutsideFailed` names what is wrong with it."""
    name = file or "province-table.toml"
    try:
        text = Path(file).read_text("utf-8-sig") if file else _shipped(name)
        stated = json.loads(text) if name.endswith(".json") else tomllib.loads(text)
        description = Description.model_validate(stated)
    except (OSError, ValueError) as error:
        raise _wrong(name, _first(error) if isinstance(error, ValidationError) else type(error).__name__) from None
    columns = [one.column for one in description.columns]
    for one in description.columns:
        if one.source not in SOURCES:
            raise _wrong(name, f"{one.column} 的来源 {one.source} 不存在")
    if len(set(columns)) < len(columns):
        raise _wrong(name, "有重复的列")
    schema = _schema(description)
    return Province(description, schema, Form(schema))


def _shipped(name: str) -> str:
    return files(__package__).joinpath("data", name).read_text("utf-8")


def _schema(description: Description) -> dict[str, Any]:
    """What a row of the table must be."""
    return {
        "$schema": DRAFT,
        "title": description.title,
        "type": "object",
        "additionalProperties": False,
        "required": [one.column for one in description.columns],
        "properties": {one.column: _text(one) for one in description.columns},
    }


def _text(one: Column) -> dict[str, Any]:
    known = {"title": one.title, "type": "string", "maxLength": one.length}
    return {**known, "minLength": 1, "pattern": r"\S"} if one.required else known


def _first(error: ValidationError) -> str:
    return ".".join(str(part) for part in error.errors()[0]["loc"])


def _wrong(name: str, what: str) -> OutsideFailed:
    return OutsideFailed("province_table", permanent=True, problem=f"省级表式 {name} 有误（{what}），请管理员更正")
