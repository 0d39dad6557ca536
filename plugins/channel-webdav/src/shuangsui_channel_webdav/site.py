"""A folder on a web server, file by file over WebDAV (RFC 4918): ``GET``, ``PUT``, ``DELETE``, ``MKCOL``.

Paths are relative to the folder. Certificates are checked, redirects are not followed: a password goes where it was
meant to go or nowhere.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import quote

import httpx

from shuangsui import OutsideFailed
from shuangsui_channel_webdav.options import Options

GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
PASSING = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.LOCKED, HTTPStatus.TOO_MANY_REQUESTS)
"""Refusals that pass; every other 4xx stays one."""
FRESH = {"Cache-Control": "no-cache"}
"""What is read back is what the server has now, not what something on the way remembers."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Site:
    """A shelf of :mod:`shuangsui_channel_portal.bundles`.

    ``client`` is logged in where files are written; ``seen`` reads as the public does.
    """

    place: str
    address: str
    client: httpx.Client
    seen: httpx.Client

    def read(self, path: str, media_type: str = "") -> bytes | None:  # noqa: ARG002 - the server decides on types
        """What the folder holds."""
        return self._read(self.client, self.place, path)

    def look(self, path: str, media_type: str = "") -> bytes | None:  # noqa: ARG002 - the server decides on types
        """What the public gets."""
        return self._read(self.seen, self.address, path) if self.address else self.read(path)

    def write(self, path: str, data: bytes, media_type: str) -> None:
        """A folder that is not there yet is made first; some servers make it themselves."""
        headers = {"Content-Type": media_type}
        answer = self._asked("PUT", path, data, headers)
        if answer.status_code == HTTPStatus.CONFLICT:
            self._make_folders(path)
            answer = self._asked("PUT", path, data, headers)
        self._require(answer, "写入", path)

    def remove(self, path: str) -> None:
        """Nothing if there is none."""
        answer = self._asked("DELETE", path)
        if answer.status_code not in GONE:
            self._require(answer, "删除", path)

    def each(self, act: Callable[[T], None], things: Iterable[T]) -> None:
        """One after the other: the platform is not ours."""
        for thing in things:
            act(thing)

    def _make_folders(self, path: str) -> None:
        parts = path.split("/")[:-1]
        for depth in range(1, len(parts) + 1):
            folder = "/".join(parts[:depth])
            answer = self._asked("MKCOL", f"{folder}/")
            if answer.status_code != HTTPStatus.METHOD_NOT_ALLOWED:  # it is there
                self._require(answer, "建立", folder)

    def _read(self, client: httpx.Client, root: str, path: str) -> bytes | None:
        with _told(root):
            answer = client.get(f"{root}/{quote(path)}", headers=FRESH)
        if answer.status_code in GONE:
            return None
        self._require(answer, "读取", path)
        return answer.content

    def _asked(
        self, method: str, path: str, data: bytes | None = None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        with _told(self.place):
            return self.client.request(method, f"{self.place}/{quote(path)}", content=data, headers=headers)

    def _require(self, answer: httpx.Response, what: str, path: str) -> None:
        if answer.is_success:
            return
        status = answer.status_code
        permanent = HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR and status not in PASSING
        problem = f"网站平台 {answer.url.host} 拒绝{what} {path}（答复 {status}），请核对网址、口令和权限"
        raise OutsideFailed("webdav_refuses", permanent=permanent, problem=problem)


@contextmanager
def opened(options: Options) -> Iterator[Site]:
    """One connection for all the files of a bundle."""
    bare = httpx.Client(timeout=options.timeout_seconds, follow_redirects=False)
    with bare, httpx.Client(timeout=options.timeout_seconds, follow_redirects=False, auth=_auth(options)) as client:
        yield Site(options.place.rstrip("/"), options.address.rstrip("/"), client, bare)


def _auth(options: Options) -> httpx.Auth:
    password = os.environ.get(options.password_env, "")
    if not password:
        problem = f"环境变量 {options.password_env} 没有口令，请管理员设置"
        raise OutsideFailed("webdav_password", permanent=True, problem=problem)
    return httpx.BasicAuth(options.user, password) if options.user else _Bearer(password)


class _Bearer(httpx.Auth):
    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


@contextmanager
def _told(root: str) -> Iterator[None]:
    """What the network complains of, as one sentence that holds no secret."""
    host = httpx.URL(root).host
    try:
        yield
    except httpx.TimeoutException:
        raise OutsideFailed("webdav_timeout", problem=f"网站平台 {host} 没有按时答复") from None
    except httpx.HTTPError as error:
        problem = f"网站平台 {host} 连接不上（{type(error).__name__}）"
        raise OutsideFailed("webdav_unreachable", problem=problem) from None
