"""A directory of experts over HTTP: read page by page, whole or not at all, and never more than agreed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

import httpx

from shuangsui import Health, OutsideFailed, PoolAnswer, PoolRequest
from shuangsui_experts_directory.contract import Page, page_of, wrong
from shuangsui_experts_directory.options import Options

UNCHANGED = 304
_MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Got:
    """One answer of the other side; ``data`` None for 304."""

    data: bytes | None
    mark: str


@dataclass(frozen=True, slots=True)
class Directory:
    """``GET address?page=&size=`` with ``ETag``; every page is one of ``directory.schema.json``."""

    options: Options
    name: str = "directory"
    network: bool = True

    def experts(self, request: PoolRequest) -> PoolAnswer:
        """Every page, or the directory's word that nothing has changed since the last state."""
        with self._client() as client:
            first = self._get(client, 1, request.last.mark if request.last else "", most=self._most)
            if first.data is None:
                if request.last is None:
                    raise wrong("没有问起上次的名单，却答复没有变化")
                return PoolAnswer(request.last.day, None, request.last.mark)
            pages = list(self._pages(client, first))
        people = tuple(one for page in pages for one in page.people)
        day, total, _ = pages[0].state
        self._check(request, pages[0], len(people))
        if len({one.number for one in people}) < total:
            raise wrong("有两名专家的编号相同")
        return PoolAnswer(day, people, first.mark)

    def check(self) -> Health:
        """Ask for one person."""
        try:
            with self._client() as client:
                page_of(self._get(client, 1, most=self._most, size=1).data or b"", self.options.prefix)
        except OutsideFailed as error:
            return Health(ok=False, message=f"{error.params['problem']}。")
        return Health(ok=True, message=f"专家名单 {self.options.address} 可以读取。")

    @property
    def _most(self) -> int:
        return self.options.max_megabytes * _MEGABYTE

    def _check(self, request: PoolRequest, page: Page, found: int) -> None:
        """The list is whole, not of tomorrow, and not older than the last one."""
        day, total, _ = page.state
        if found != total:
            raise wrong(f"称有 {total} 人，实际收到 {found} 人")
        if day > request.on:
            raise wrong(f"名单日期（day）是 {day}，晚于今天")
        if request.last and day < request.last.day:
            raise wrong(f"名单日期（day）是 {day}，早于上次的 {request.last.day}")

    def _client(self) -> httpx.Client:
        token = os.environ.get(self.options.token_env)
        if not token:
            problem = f"环境变量 {self.options.token_env} 没有令牌，请管理员设置"
            raise OutsideFailed("directory_token", permanent=True, problem=problem)
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        return httpx.Client(headers=headers, timeout=self.options.timeout_seconds)

    def _pages(self, client: httpx.Client, first: Got) -> Iterator[Page]:
        """The pages in their order; all are of one state."""
        left = self._most - len(first.data or b"")
        opening = page_of(first.data or b"", self.options.prefix)
        if opening.state[2] > self.options.max_pages:
            raise wrong(f"总页数（pages）超过 {self.options.max_pages}")
        yield opening
        for number in range(2, opening.state[2] + 1):
            got = self._get(client, number, most=left)
            left -= len(got.data or b"")
            page = page_of(got.data or b"", self.options.prefix)
            if (page.state, got.mark) != (opening.state, first.mark):
                raise OutsideFailed("directory_changed", problem="读取期间专家名单有更新，请重新拉取")
            if page.number != number:
                raise wrong(f"要的是第 {number} 页，答的是第 {page.number} 页")
            yield page

    def _get(self, client: httpx.Client, page: int, mark: str = "", *, most: int, size: int | None = None) -> Got:
        """One answer 200 or 304 of at most so many bytes; else :class:`OutsideFailed`, which says nothing of what was
        sent."""
        query = {"page": str(page), "size": str(size or self.options.page_size)}
        try:
            with client.stream(
                "GET", self.options.address, params=query, headers={"If-None-Match": mark} if mark else {}
            ) as answer:
                _require_good(answer)
                data = None if answer.status_code == UNCHANGED else _limited(answer, most)
                return Got(data, answer.headers.get("ETag", ""))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            problem = f"专家名单没有正常答复（{type(error).__name__}）"
            raise OutsideFailed("directory_unreachable", problem=problem) from None


def _require_good(answer: httpx.Response) -> None:
    if answer.status_code not in (200, UNCHANGED):
        problem = f"专家名单答复 {answer.status_code}，请核对网址和令牌"
        raise OutsideFailed("directory_refuses", permanent=answer.status_code in (401, 403), problem=problem)


def _limited(answer: httpx.Response, most: int) -> bytes:
    """The body, unpacked; reading stops where it becomes too much."""
    data = bytearray()
    for part in answer.iter_bytes():
        data += part
        if len(data) > most:
            raise wrong("名单太大")
    return bytes(data)
