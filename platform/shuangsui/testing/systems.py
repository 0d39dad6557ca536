"""The outside systems that the sink plays: the registrar, the enforcement application, a directory of
experts, a portal.

Their real interfaces are not public; these are the ones that our first-party plugins are written against. Every call
may be repeated without harm.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import Protocol

from shuangsui.testing.faults import Fault

Rows = Sequence[Mapping[str, str]]
JSON = "application/json; charset=utf-8"
CSV = "text/csv; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Request:
    """What came in; ``path`` below the system's address ``base``, ``authorised`` whether it bore the sink's token."""

    system: str
    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    authorised: bool = True
    base: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes out."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class System(Protocol):
    """One outside system."""

    def answer(self, request: Request, fault: Fault | None) -> Answer:
        """Its answer; ``fault`` says if it shall be wrong or forget."""


def as_json(value: object, status: int = 200) -> Answer:
    """A JSON document."""
    return Answer(status, json.dumps(value, ensure_ascii=False).encode(), {"Content-Type": JSON})


@dataclass(slots=True)
class Zhifa:
    """执法监督应用: a task has one code, a report of a missing code one number, however often they come."""

    held: dict[str, dict[str, str]] = field(default_factory=dict)

    def answer(self, request: Request, fault: Fault | None) -> Answer:
        """``PUT`` and ``GET /tenants/T/tasks/NO``, ``PUT …/missing-code``, ``GET /health``."""
        if request.path == "/health":
            return as_json({"ok": "yes"})
        parts = request.path.split("/")
        if len(parts) not in (5, 6) or (parts[1], parts[3]) != ("tenants", "tasks"):
            return as_json({}, 404)
        if request.method == "PUT":
            said = {"task": parts[4], "code": f"ZF{len(self.held) + 1:06d}", "number": f"BB{len(self.held) + 1:06d}"}
            found = self.held.get(request.path, said)
            if not (fault and fault.lost):
                self.held[request.path] = found
        else:
            found = self.held.get(request.path, {})
        if fault and fault.wrong:
            found = {**found, "task": "another"}
        return as_json(found, 200 if found else 404)


@dataclass(slots=True)
class Registrar:
    """登记机关: its list of enterprises, in pages, as JSON or CSV.

    ``changed``: since when a code's row is as it is; ``dated``: ``Last-Modified`` marks the list, not an ``ETag``.
    """

    rows: Rows = ()
    day: date | None = None
    changed: Mapping[str, date] = field(default_factory=dict)
    dated: bool = False

    def answer(self, request: Request, fault: Fault | None) -> Answer:
        """``GET /objects?page=&size=&since=&format=``; 304 for a known ``If-None-Match``; 404 for a page beyond."""
        if request.path == "/health":
            return as_json({"ok": "yes"})
        if request.path != "/objects" or request.method != "GET" or self.day is None:
            return as_json({}, 404)
        mark = self._mark(self.day)
        state = {"Last-Modified" if self.dated else "ETag": mark, "X-Data-Date": self.day.isoformat()}
        if request.headers.get("if-modified-since" if self.dated else "if-none-match") == mark:
            return Answer(304, headers=state)
        rows = self._since(request.query.get("since"))
        page, size = int(request.query.get("page", "1")), int(request.query.get("size", "500"))
        total = len(rows) + (1 if fault and fault.wrong else 0)
        headers = {**state, "X-Total-Count": str(total)}
        if page * size < len(rows):
            query = "&".join(f"{k}={v}" for k, v in {**request.query, "page": str(page + 1)}.items())
            headers["Link"] = f'<{request.base}/objects?{query}>; rel="next"'
        return _page(rows[(page - 1) * size : page * size], request.query.get("format", "json"), headers)

    def _since(self, day: str | None) -> Rows:
        if day is None:
            return self.rows
        since = date.fromisoformat(day)
        return [row for row in self.rows if self.changed.get(row["code"], date.min) >= since]

    def _mark(self, day: date) -> str:
        if self.dated:
            return format_datetime(datetime.combine(day, time(), UTC), usegmt=True)
        return _mark_of([list(map(dict, self.rows)), str(self.day)])


def _page(rows: Rows, form: str, headers: Mapping[str, str]) -> Answer:
    if form == "json":
        page = as_json({"rows": list(map(dict, rows))})
        return Answer(200, page.body, {**headers, **page.headers})
    out = io.StringIO()
    writer = csv.DictWriter(out, list(dict.fromkeys(name for row in rows for name in row)))
    writer.writeheader()
    writer.writerows(rows)
    return Answer(200, out.getvalue().encode(), {**headers, "Content-Type": CSV})


@dataclass(slots=True)
class Directory:
    """专家名单: the experts whom another body keeps, in pages; rows as in ``directory.schema.json``."""

    experts: Sequence[Mapping[str, object]] = ()
    day: date | None = None
    asked: int = 0

    def answer(self, request: Request, fault: Fault | None) -> Answer:
        """``GET /experts?page=&size=``; 304 for a known ``If-None-Match``. ``fickle``: a list of its own every time,
        ``wrong``: one person fewer than it says."""
        if request.path == "/health":
            return as_json({"ok": "yes"})
        if request.path != "/experts" or request.method != "GET" or self.day is None:
            return as_json({}, 404)
        page, size = int(request.query.get("page", "1")), int(request.query.get("size", "500"))
        self.asked += page == 1
        people = list(self.experts)
        if fault and fault.fickle:
            start = self.asked % max(len(people), 1)
            people = (people[start:] + people[:start])[: max(len(people) - 1, 1)]
        mark = _mark_of([people, str(self.day)])
        if request.headers.get("if-none-match") == mark:
            return Answer(304, headers={"ETag": mark})
        total = len(people) + (1 if fault and fault.wrong else 0)
        pages, shown = max(-(-len(people) // size), 1), people[(page - 1) * size : page * size]
        document = {"version": 1, "day": self.day.isoformat(), "total": total, "page": page, "pages": pages}
        made = as_json({**document, "experts": list(map(dict, shown))})
        return Answer(200, made.body, {**made.headers, "ETag": mark})


def _mark_of(content: object) -> str:
    """An ``ETag``."""
    data = json.dumps(content, ensure_ascii=False, sort_keys=True, default=dict)
    return f'"{hashlib.sha256(data.encode()).hexdigest()[:16]}"'


@dataclass(slots=True)
class Portal:
    """门户: ``PUT``, ``GET`` and ``DELETE`` of files below it."""

    files: dict[str, bytes] = field(default_factory=dict)

    def answer(self, request: Request, fault: Fault | None) -> Answer:
        """What was put is what comes back."""
        if request.method == "PUT":
            if not (fault and fault.lost):
                self.files[request.path] = request.body
            return Answer(201)
        if request.method == "DELETE":
            self.files.pop(request.path, None)
            return Answer(204)
        if request.path not in self.files:
            return Answer(404)
        wrong = b"not this" if fault and fault.wrong else b""
        return Answer(200, self.files[request.path] + wrong, {"Content-Type": "application/octet-stream"})
