"""The registrar's list over HTTP: read page by page, whole or not at all."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import httpx

from shuangsui import FeedFile, FeedState, Health, OutsideFailed
from shuangsui_feed_registrar.fitting import fitted
from shuangsui_feed_registrar.options import Options

UNCHANGED = 304
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """One answer. ``state`` is what all pages of one list share: its day, its mark, how many rows it has."""

    rows: list[Row]
    state: tuple[date, str, int]
    following: str | None


@dataclass(frozen=True, slots=True)
class Registrar:
    """``GET address?page=&size=&format=&since=`` with ``ETag`` or ``Last-Modified``, ``Link: <…>; rel="next"``,
    ``X-Data-Date`` (the day whose state the list is) and ``X-Total-Count``."""

    options: Options
    name: str = "registrar"
    kind: Literal["objects"] = "objects"

    def fetch(self, last: FeedState | None) -> FeedFile:
        """Every page, or what has changed since; the registrar's 304 and an empty list of changes mean nothing has."""
        since = {"since": last.day.isoformat()} if last and self.options.changes else {}
        with self._client() as client:
            found = list(self._pages(client, since, last.mark if last else ""))
        day, mark, total = found[0].state
        rows = [row for page in found for row in page.rows]
        if found[0].following == "" or (since and not rows and not total):
            return FeedFile(day, None, complete=False, mark=mark)
        if len(rows) != total or not total:
            raise _failed("registrar_incomplete", f"登记机关称名单有 {total} 行，实际收到 {len(rows)} 行")
        kept = fitted(rows, self.options.items) if self.options.items else rows
        if not kept and since:
            return FeedFile(day, None, complete=False, mark=mark)
        return FeedFile(day, _csv(kept), complete=not since, mark=mark)

    def check(self) -> Health:
        """Ask for one row."""
        try:
            with self._client() as client:
                _page(self._asked(client, self.options.address, {**self._query(), "size": "1"}), self.options.form)
        except OutsideFailed as error:
            return Health(ok=False, message=f"{error.params['problem']}。")
        return Health(ok=True, message=f"登记机关名单 {self.options.address} 可以读取。")

    def _client(self) -> httpx.Client:
        token = os.environ.get(self.options.token_env)
        if not token:
            problem = f"环境变量 {self.options.token_env} 没有令牌，请管理员设置"
            raise OutsideFailed("registrar_token", permanent=True, problem=problem)
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.Client(headers=headers, timeout=self.options.timeout_seconds)

    def _query(self) -> dict[str, str]:
        return {"page": "1", "size": str(self.options.page_size), "format": self.options.form}

    def _pages(self, client: httpx.Client, since: Mapping[str, str], mark: str) -> Iterator[Page]:
        """The pages in their order; all are of one state, and none comes twice."""
        name = "If-None-Match" if mark.startswith(('"', "W/")) else "If-Modified-Since"
        query = {**self._query(), **since}
        first = page = _page(
            self._asked(client, self.options.address, query, {name: mark} if mark else {}), self.options.form
        )
        yield page
        seen = {self.options.address}
        while page.following:
            if page.following in seen or not self._ours(page.following):
                raise _failed("registrar_answer", "登记机关的下一页网址重复，或者不在同一台服务器上")
            seen.add(page.following)
            page = _page(self._asked(client, page.following), self.options.form)
            if page.state != first.state:
                raise _failed("registrar_changed", "读取期间登记机关的名单有更新，请重新拉取")
            yield page

    def _ours(self, address: str) -> bool:
        """Whether the token may go there."""
        here, there = httpx.URL(self.options.address), httpx.URL(address)
        return (here.scheme, here.host, here.port) == (there.scheme, there.host, there.port)

    def _asked(
        self,
        client: httpx.Client,
        address: str,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """An answer 200 or 304; else :class:`OutsideFailed`, which says nothing of what was sent."""
        try:
            answer = client.get(address, params=query, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _failed("registrar_unreachable", f"登记机关没有正常答复（{type(error).__name__}）") from None
        if answer.status_code not in (200, UNCHANGED):
            permanent = answer.status_code in (401, 403)
            problem = f"登记机关答复 {answer.status_code}，请核对网址和令牌"
            raise _failed("registrar_refuses", problem, permanent=permanent)
        return answer


def _page(answer: httpx.Response, form: str) -> Page:
    """The answer read; the following address is empty for 304, None for the last page."""
    try:
        day = date.fromisoformat(answer.headers["X-Data-Date"])
        mark = answer.headers.get("ETag") or answer.headers.get("Last-Modified", "")
        if answer.status_code == UNCHANGED:
            return Page([], (day, mark, 0), "")
        rows = _of_json(answer.json()) if form == "json" else _of_csv(answer.text)
        following = answer.links.get("next", {}).get("url")
        return Page(_texts(rows), (day, mark, int(answer.headers["X-Total-Count"])), following)
    except (ValueError, KeyError, csv.Error) as error:
        raise _failed("registrar_answer", f"登记机关的答复读不懂（{type(error).__name__}）") from None


def _of_json(document: Any) -> list[Any]:
    if not isinstance(document, dict) or not isinstance(document.get("rows"), list):
        raise ValueError("rows")
    return list(document["rows"])


def _of_csv(text: str) -> list[Any]:
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def _texts(rows: Iterable[Any]) -> list[Row]:
    """Rows of texts: a code that came as a number may have lost digits."""
    found = list(rows)
    for row in found:
        if not isinstance(row, dict) or not all(isinstance(part, str) for pair in row.items() for part in pair):
            raise ValueError("not texts")
    return found


def _csv(rows: Iterable[Row]) -> bytes:
    rows, out = list(rows), io.StringIO()
    writer = csv.DictWriter(out, list(dict.fromkeys(name for row in rows for name in row)))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _failed(code: str, problem: str, *, permanent: bool = False) -> OutsideFailed:
    return OutsideFailed(code, permanent=permanent, problem=problem)
