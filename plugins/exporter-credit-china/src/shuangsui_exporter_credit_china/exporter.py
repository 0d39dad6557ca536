"""Which table a thing belongs to, and the package that carries its row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shuangsui import ContentRefused, DecisionContent, Disclosed, Health, Package, Receipt, ResultContent
from shuangsui_exporter_credit_china import decisions, workbook
from shuangsui_exporter_credit_china.decisions import TABLES
from shuangsui_exporter_credit_china.province import Province
from shuangsui_exporter_kit import Endpoint, json_package

TITLE = "信用中国"


@dataclass(frozen=True, slots=True)
class CreditChina:
    """``form`` is json or xlsx; ``province`` None: results are not taken."""

    endpoint: Endpoint
    form: str
    province: Province | None
    name: str = "credit-china"
    duty: str = "credit"

    @property
    def kinds(self) -> tuple[str, ...]:
        """Decisions always."""
        return ("decision", "result") if self.province else ("decision",)

    @property
    def schema(self) -> Mapping[str, Any]:
        """Of a row of any of its tables."""
        own = {"province": self.province.schema} if self.province else {}
        definitions = {**decisions.SCHEMA["$defs"], **own}
        return {
            "$schema": decisions.SCHEMA["$schema"],
            "oneOf": [{"$ref": f"#/$defs/{name}"} for name in definitions],
            "$defs": definitions,
        }

    def takes(self, item: Disclosed) -> bool:
        """Whatever is of its kinds."""
        return item.kind in self.kinds

    def convert(self, item: Disclosed) -> Package:
        """In the form that the options say."""
        return self.as_xlsx(item) if self.form == "xlsx" else self.as_json(item)

    def as_json(self, item: Disclosed) -> Package:
        """``{"table", "title", "rows": [{column: text}]}``."""
        table, row = self._row(item)
        return json_package(item, {"table": table.code, "title": table.title, "rows": [row]})

    def as_xlsx(self, item: Disclosed) -> Package:
        """A workbook with the sheet of that table: codes of the columns, their titles, the row."""
        table, row = self._row(item)
        data = workbook.made([workbook.Sheet(table.code, table.columns, [row])])
        name = f"{item.external_id}-{item.revision}.xlsx"
        return Package(item.external_id, item.revision, item.action, name, workbook.XLSX, data)

    def _row(self, item: Disclosed) -> tuple[workbook.Table, Mapping[str, str]]:
        """A result never comes near a table of decisions, and only a decision does."""
        match item.content:
            case DecisionContent() as content:
                row = decisions.row(item, content)
                return TABLES[content.kind], row
            case ResultContent() as content if self.province:
                return self.province.table, self.province.row(item, content)
            case _:
                raise ContentRefused("材料种类", "不是行政处罚、行政许可决定，也没有接收它的省级表")

    def send(self, package: Package) -> Receipt:
        """Hand it over."""
        return self.endpoint.send(package)

    def read_back(self, package: Package) -> Receipt:
        """What the portal shows for it now."""
        return self.endpoint.read_back(package)

    def check(self) -> Health:
        """Whether the portal lives and takes the token."""
        return self.endpoint.check()
