"""开放数据: what the public pages show, as tables: CSV for spreadsheets, JSON for programs, a JSON Schema; pure.

Rows are those of :mod:`shuangsui.disclosure.views`, flattened; no word of a result is made here.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from shuangsui.contracts import PublicFile
from shuangsui.disclosed import PERSONAL
from shuangsui.disclosure.messages import DATASETS
from shuangsui.disclosure.policy import media_type
from shuangsui.draws.freezing import legal_day
from shuangsui.registry.report import inert

Row = Mapping[str, Any]
Kind = Literal["text", "integer", "switch", "day", "time", "list"]

FOLDER = "opendata/"
FEED = "feed.atom"
_TYPES: Mapping[str, Mapping[str, Any]] = {
    "text": {"type": ["string", "null"]},
    "integer": {"type": ["integer", "null"], "minimum": 0},
    "switch": {"type": ["boolean", "null"]},
    "day": {"type": ["string", "null"], "format": "date"},
    "time": {"type": ["string", "null"], "format": "date-time"},
    "list": {"type": "array", "items": {"type": "string"}},
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name for programs, its title for people; ``personal`` as :mod:`shuangsui.disclosed` means it."""

    name: str
    title: str
    kind: Kind = "text"
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Dataset:
    """One table with all its rows; ``name`` is that of its files."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def title(self) -> str:
        """What people call it."""
        return DATASETS[self.name]

    def schema(self) -> dict[str, Any]:
        """Of the JSON file; ``x-class`` says for each column whether it may name a natural person."""
        one = {
            "type": "object",
            "properties": {column.name: _described(column) for column in self.columns},
            "required": [column.name for column in self.columns],
            "additionalProperties": False,
        }
        whole = {
            "dataset": {"const": self.name},
            "authority": {"type": "string", "minLength": 1},
            "rows": {"type": "array", "items": one},
        }
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": self.title,
            "type": "object",
            "properties": whole,
            "required": list(whole),
            "additionalProperties": False,
        }

    def as_json(self, authority: str) -> bytes:
        """The rows with the names of their columns."""
        rows = [{column.name: plainly(row.get(column.name), column) for column in self.columns} for row in self.rows]
        return _json({"dataset": self.name, "authority": authority, "rows": rows})

    def as_csv(self) -> bytes:
        """The same rows under Chinese titles, with the mark by which Excel knows UTF-8; no cell is a formula."""
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow([column.title for column in self.columns])
        for row in self.rows:
            writer.writerow([inert(shown(plainly(row.get(column.name), column))) for column in self.columns])
        return out.getvalue().encode("utf-8-sig")

    def files(self, authority: str) -> tuple[PublicFile, PublicFile, PublicFile]:
        """CSV, JSON and schema."""
        made = {".csv": self.as_csv(), ".json": self.as_json(authority), ".schema.json": _json(self.schema())}
        csv_file, json_file, schema = (_file(self.name + ending, data) for ending, data in made.items())
        return csv_file, json_file, schema

    def entry(self) -> dict[str, Any]:
        """What the page says of it."""
        columns = [{"name": one.name, "title": one.title, "personal": one.personal} for one in self.columns]
        return {"name": self.name, "title": self.title, "rows": len(self.rows), "columns": columns}


PLANS = (
    Column("year", "年度", "integer"), Column("version", "版本", "integer"), Column("approved_on", "批准日期", "day"),
    Column("no", "序号", "integer"), Column("outside", "计划外批次", "switch"), Column("item_code", "事项编码"),
    Column("item", "抽查事项"), Column("class", "事项类别"), Column("scope", "抽查对象范围"),
    Column("ratio", "抽查比例"), Column("frequency", "抽查频次"), Column("time", "抽查时间"),
    Column("mode", "抽查方式"), Column("team", "检查人员"), Column("rounds_planned", "计划次数", "integer"),
    Column("draws", "抽取编号", "list"), Column("unplanned", "计划外理由"), Column("ended", "终止理由"),
)  # fmt: skip
DRAWS = (
    Column("no", "抽取编号"), Column("title", "名称"), Column("item", "抽查事项"), Column("state", "状态"),
    Column("n", "名录家数", "integer"), Column("quota", "应抽家数", "integer"), Column("at", "随机数发布时间", "time"),
    Column("settled_at", "完成时间", "time"), Column("reason", "终止理由"), Column("transcript", "抽取档案"),
)  # fmt: skip
RESULTS = (
    Column("key", "编号"), Column("item", "抽查事项"), Column("company", "检查对象", personal=True),
    Column("code", "统一社会信用代码"), Column("authority", "检查机关"), Column("mode", "检查方式"),
    Column("checked_on", "检查日期", "day"), Column("team_size", "检查人数", "integer"), Column("outcome", "结果类别"),
    Column("problem", "发现问题", "switch"), Column("rectification", "后续处理"),
    Column("published_on", "公示日期", "day"), Column("withheld", "不予公开的依据"), Column("corrected", "更正"),
    Column("withdrawn", "撤下"),
    Column("draw_no", "抽取编号"), Column("follows", "此前的结果"), Column("followed_by", "后续的结果"),
    Column("transcript", "抽取档案"),
)  # fmt: skip
ITEMS = (
    Column("code", "事项编码"), Column("name", "抽查事项"), Column("class", "事项类别"),
    Column("ground", "重点事项依据"), Column("content", "检查内容"), Column("basis", "检查依据"),
    Column("mode", "检查方式"), Column("ratio", "抽查比例"),
    Column("cap", "比例上限"), Column("frequency", "抽查频次"), Column("publication", "结果公示"),
    Column("office", "责任处室"), Column("extra", "其他", "list"), Column("version", "清单版本", "integer"),
    Column("published_on", "公布日期", "day"),
)  # fmt: skip


def plans(pages: Sequence[Row]) -> Dataset:
    """The lines of every year's plan, as its page has them, those outside the plan after it."""
    rows = [
        {
            **line, "year": page["year"], "version": page["version"], "approved_on": page["approved_on"],
            "outside": outside, "draws": [one["no"] for one in line["rounds"]],
        }
        for page in pages
        for outside, lines in ((False, page["lines"]), (True, page["unplanned"]))
        for line in lines
    ]  # fmt: skip
    return Dataset("plans", PLANS, tuple(rows))


def draws(summaries: Sequence[Row], home: str) -> Dataset:
    """Every draw; ``home`` is the address of the authority's pages."""
    rows = [{**row, "transcript": f"{home}draws/{row['no']}/"} for row in summaries]
    return Dataset("draws", DRAWS, tuple(rows))


def results(keyed: Sequence[tuple[str, Row]], home: str, authority: str) -> Dataset:
    """Every result with its number; one that is withheld by law keeps its place and says why."""
    rows = []
    for key, row in keyed:
        draw = row.get("draw_no")
        more = {
            "authority": authority, "transcript": f"{home}draws/{draw}/" if draw else None,
            "corrected": _dated(row.get("corrections", ())), "withdrawn": _dated(filter(None, [row["withdrawn"]])),
        }  # fmt: skip
        rows.append({**row, "key": key, **more})
    return Dataset("results", RESULTS, tuple(rows))


def _dated(notes: Iterable[Row]) -> str | None:
    return "；".join(f"{one['on']} {one['note']}" for one in notes) or None


def items(catalogue: Row | None) -> Dataset:
    """The list in force."""
    shared = {name: catalogue[name] for name in ("version", "published_on")} if catalogue else {}
    found = catalogue["rows"] if catalogue else []
    rows = [{**row, **shared, "extra": [f"{one['label']}：{one['text']}" for one in row["extra"]]} for row in found]
    return Dataset("items", ITEMS, tuple(rows))


def plainly(value: object, column: Column) -> Any:
    """The form of JSON: days (those of Beijing) and times in ISO 8601."""
    if column.kind == "list":
        return [str(one) for one in value] if isinstance(value, list | tuple) else []
    if column.kind == "day" and isinstance(value, str) and "T" in value:
        value = datetime.fromisoformat(value)
    if column.kind == "day" and isinstance(value, datetime):
        value = legal_day(value)
    return value.isoformat() if isinstance(value, datetime | date) else value


def shown(value: object) -> str:
    """The form of a cell."""
    if isinstance(value, list):
        return "、".join(value)
    return "" if value is None else "是" if value is True else "否" if value is False else str(value)


def _described(column: Column) -> dict[str, Any]:
    kind = PERSONAL["class"] if column.personal else "plain"
    return {**_TYPES[column.kind], "title": column.title, "x-class": kind}


def _file(name: str, data: bytes) -> PublicFile:
    return PublicFile(f"{FOLDER}{name}", data, media_type(name))


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()
