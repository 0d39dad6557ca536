"""One row of 行政检查行为 with its exchange fields for one result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shuangsui import ContentRefused, Disclosed, Health, Package, Receipt, ResultContent
from shuangsui_exporter_kit import Endpoint, Form, json_package
from shuangsui_exporter_supervision.dictionaries import Dictionaries
from shuangsui_exporter_supervision.rows import exchange, row, schema_of

TITLE = "国家“互联网+监管”系统"


@dataclass(frozen=True, slots=True)
class Supervision:
    """``items``: an item's number → its two codes, before those that the list in force gives it."""

    endpoint: Endpoint
    department: str
    items: Mapping[str, tuple[str, str]]
    dictionaries: Dictionaries
    name: str = "supervision"
    kinds: tuple[str, ...] = ("result",)
    duty: str = ""
    schema: Mapping[str, Any] = field(init=False, repr=False)
    _form: Form = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """The schema of a row, with the values of the dictionaries."""
        object.__setattr__(self, "schema", schema_of(self.dictionaries))
        object.__setattr__(self, "_form", Form(self.schema))

    def takes(self, item: Disclosed) -> bool:
        """Whatever is of its kinds."""
        return item.kind in self.kinds

    def convert(self, item: Disclosed) -> Package:
        """Its row, valid by the schema; else :class:`ContentRefused`."""
        if not isinstance(item.content, ResultContent):
            raise ContentRefused("材料种类", f"{TITLE}的检查行为只收抽查结果")
        found = row(item, item.content, self.items, self.dictionaries) | exchange(item, self.department)
        self._form.check(found)
        return json_package(item, found)

    def send(self, package: Package) -> Receipt:
        """Hand it over."""
        return self.endpoint.send(package)

    def read_back(self, package: Package) -> Receipt:
        """What the system shows for it now."""
        return self.endpoint.read_back(package)

    def check(self) -> Health:
        """Whether the system lives and takes the token."""
        return self.endpoint.check()
