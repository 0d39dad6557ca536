"""A JSON Schema (draft 2020-12) as the guard of what goes out, and its faults as Chinese clauses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import jsonschema_rs

from shuangsui import ContentRefused

EMPTY = "没有填写"


@dataclass(frozen=True, slots=True)
class Form:
    """The schema of one row or package; with ``part`` its definition of that name.

    The ``title`` of a property is what people call the field.
    """

    schema: Mapping[str, Any]
    part: str = ""
    _validator: Any = field(init=False, repr=False, compare=False)
    _titles: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """A schema that is none is a mistake of ours, and an error here."""
        part = {"$ref": f"#/$defs/{self.part}", "$defs": self.schema["$defs"]} if self.part else {}
        whole = {"$schema": self.schema["$schema"], **part} if part else dict(self.schema)
        object.__setattr__(self, "_validator", jsonschema_rs.Draft202012Validator(whole))
        object.__setattr__(self, "_titles", dict(_titles(self.schema)))

    def check(self, row: Mapping[str, Any]) -> None:
        """Nothing, or :class:`ContentRefused` with the first fault; what was found is never repeated in it."""
        for error in self._validator.iter_errors(dict(row)):
            raise ContentRefused(self._named(error), _problem(error))

    def _named(self, error: Any) -> str:
        """``抽查任务名称（raninsTaskName）``, with the number of the entry for what stands in a list."""
        path = [*error.instance_path, *_missing_or_odd(error.kind)]
        names = [one for one in path if isinstance(one, str)]
        places = "".join(f"第 {one + 1} 项" for one in path if isinstance(one, int))
        name = names[-1] if names else ""
        title = self._titles.get(name, name)
        return f"{title}{places}（{name}）" if title != name else f"{name}{places}"


def _missing_or_odd(kind: Any) -> list[str]:
    """The property that is not where it should be, or is where it should not be."""
    if kind.name == "required":
        return [kind.property]
    return list(kind.unexpected[:1]) if kind.name == "additionalProperties" else []


def _titles(schema: Any) -> Iterator[tuple[str, str]]:
    """Every property's title, wherever in the schema it stands."""
    if isinstance(schema, Mapping):
        for name, part in schema.get("properties", {}).items():
            if isinstance(part, Mapping) and "title" in part:
                yield name, part["title"]
        for part in schema.values():
            yield from _titles(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _titles(part)


def _problem(error: Any) -> str:
    kind, found = error.kind, error.instance
    if kind.name in ("required", "minItems") or found is None or found == "":
        return EMPTY
    if kind.name == "maxLength":
        return f"超过 {kind.limit} 个字" if kind.limit else "不得填写"
    if kind.name == "additionalProperties":
        return "不是这张表的列"
    return {"pattern": "格式不对", "enum": "不在代码表里", "const": "不在代码表里"}.get(kind.name, "不符合要求")
