"""The dictionaries 字典: our own words → the system's values; a JSON file of the same form may take their place."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from shuangsui import ContentRefused, OutsideFailed

Value = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"\S")]
Short = Annotated[str, StringConstraints(min_length=1, max_length=20, pattern=r"\S")]
Table = Annotated[dict[str, Value], Field(min_length=1)]


class Dictionaries(BaseModel):
    """One table for each column that has a dictionary; of ``area_number`` the keys are what counts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    note: str = ""
    administrative_cp_na: Table
    administrative_cp_ce_type: Annotated[
        dict[str, Annotated[str, StringConstraints(min_length=1, max_length=10)]], Field(min_length=1)
    ]
    check_form: Table
    check_type: Table
    check_mode: Annotated[dict[str, Short], Field(min_length=1)]
    check_result: Table
    area_number: Table

    def value(self, column: str, word: str, field: str) -> str:
        """What the system calls ``word``; :class:`ContentRefused` names ``field`` if its dictionary lacks it."""
        found: str | None = getattr(self, column).get(word)
        if found is None:
            raise ContentRefused(field, "不在字典里" if word else "没有填写")
        return found


def load(file: str = "") -> Dictionaries:
    """Those in ``file``, or the shipped ones; :class:`OutsideFailed` names what is wrong with them."""
    name = file or "dictionaries.json"
    try:
        text = Path(file).read_text("utf-8-sig") if file else _shipped(name)
        return Dictionaries.model_validate(json.loads(text))
    except (OSError, ValueError, RecursionError) as error:
        problem = f"字典 {name} 有误（{_first(error)}），请管理员更正"
        raise OutsideFailed("dictionaries", permanent=True, problem=problem) from None


def _shipped(name: str) -> str:
    return files(__package__).joinpath("data", name).read_text("utf-8")


def _first(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return ".".join(str(part) for part in error.errors()[0]["loc"])
    return type(error).__name__
