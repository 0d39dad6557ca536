"""The static public tree and the two questions an operator's machinery asks; all of it public, none of it writes."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from litestar import Request, Response, get, route
from litestar.di import NamedDependency
from litestar.enums import HttpMethod
from litestar.exceptions import NotFoundException
from litestar.response import Redirect, Stream
from sqlalchemy import Engine

from shuangsui.disclosure.policy import media_type
from shuangsui.settings import Settings
from shuangsui.web import health, tree
from shuangsui.web.rendering import static_files

PUBLIC = {"public": True}
READING = (HttpMethod.GET, HttpMethod.HEAD)
CHUNK = 256 * 1024


@route("/", http_method=READING, opt=PUBLIC, sync_to_thread=True)
def front_page(request: Request[Any, Any, Any], settings: NamedDependency[Settings]) -> Response[Any]:
    """The list of authorities; a handler of its own, since litestar 2.25 breaks one that also takes a path below."""
    return _answer(request, settings.public)


@route("/{path:path}", http_method=READING, opt=PUBLIC, sync_to_thread=True)
def public_file(request: Request[Any, Any, Any], settings: NamedDependency[Settings]) -> Response[Any]:
    """Any file that a portal plugin wrote below ``$SHUANGSUI_VAR/public``."""
    return _answer(request, settings.public)


@get("/livez", opt=PUBLIC, sync_to_thread=False)
def livez() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@get("/readyz", opt=PUBLIC, sync_to_thread=True)
def readyz(settings: NamedDependency[Settings], engine: NamedDependency[Engine]) -> Response[dict[str, bool]]:
    """Whether a request could be served now: 200, or 503 with the part that is missing."""
    parts = health.parts(settings, engine)
    return Response(parts, status_code=200 if all(parts.values()) else 503)


def _answer(request: Request[Any, Any, Any], root: Path) -> Response[Any]:
    """The console needs its styles before anything was published; older versions are in the tree only."""
    raw_path = request.scope["raw_path"]
    own = static_files().get(raw_path.partition(b"?")[0].decode("ascii", "replace").removeprefix("/"))
    found = own or tree.locate(root, raw_path)
    if found is None:
        raise NotFoundException
    if isinstance(found, tree.Moved):
        return Redirect(found.location, status_code=308)
    return _served(found, request.headers.get("if-none-match", ""), tree.cache_control(raw_path))


def _served(place: Path, if_none_match: str, cache: str) -> Response[Any]:
    """The open file decides about length and version: its name may be given to a newer one at any time."""
    file = place.open("rb")
    facts = os.fstat(file.fileno())
    etag = f'"{facts.st_mtime_ns:x}-{facts.st_size:x}"'
    headers = {"ETag": etag, "Cache-Control": cache}
    if tree.is_known(if_none_match, etag):
        file.close()
        return Response(None, status_code=304, headers=headers)
    headers |= {"Content-Length": str(facts.st_size), "Content-Type": media_type(place.name)}
    return Stream(_chunks(file), headers=headers)


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk
