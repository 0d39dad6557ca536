"""A small S3-compatible object store over HTTP: one bucket, whole objects, signatures verified (AWS Signature 4)."""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Held:
    """An object, with the type that a browser would be told."""

    data: bytes
    media_type: str


@dataclass
class ObjectStore:
    """``fails(method, key)`` may answer a status instead; ``asked`` has every request as method and key."""

    bucket: str = "gongshi"
    access_key: str = "AKTEST"
    secret_key: str = "secret-of-the-store"
    region: str = "cq-1"
    held: dict[str, Held] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    fails: Callable[[str, str], int | None] = lambda _method, _key: None
    address: str = ""

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, Held]:
        """Status and what comes with it."""
        bucket, _, key = unquote(path).lstrip("/").partition("/")
        self.asked.append((method, key))
        if status := self.fails(method, key):
            return status, _error("Ordered")
        if not self._is_signed(method, path, headers, body):
            return 403, _error("SignatureDoesNotMatch")
        if bucket != self.bucket:
            return 404, _error("NoSuchBucket")
        if method == "PUT":
            self.held[key] = Held(body, headers.get("content-type", ""))
            return 200, Held(b"", "")
        if method == "DELETE":
            self.held.pop(key, None)
            return 204, Held(b"", "")
        return (200, self.held[key]) if key in self.held else (404, _error("NoSuchKey"))

    def _is_signed(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> bool:
        parts = dict(
            part.strip().split("=", 1) for part in headers.get("authorization", "x x=x").split(" ", 1)[1].split(",")
        )
        names, stamp = parts.get("SignedHeaders", ""), headers.get("x-amz-date", "")
        scope = f"{stamp[:8]}/{self.region}/s3/aws4_request"
        digest = headers.get("x-amz-content-sha256", "")
        lines = "".join(f"{name}:{' '.join(headers.get(name, '').split())}\n" for name in names.split(";"))
        request = hashlib.sha256(f"{method}\n{path}\n\n{lines}\n{names}\n{digest}".encode()).hexdigest()
        key = f"AWS4{self.secret_key}".encode()
        for part in (*scope.split("/"), f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{request}"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        wanted = {"Credential": f"{self.access_key}/{scope}", "Signature": key.hex()}
        return (
            digest == hashlib.sha256(body).hexdigest()
            and wanted.items() <= {_last(k): v for k, v in parts.items()}.items()
        )


@contextmanager
def serving(store: ObjectStore) -> Iterator[ObjectStore]:
    """Listening on the loopback; ``address`` is its endpoint."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, found = store.answer(self.command, self.path, headers, body)
            self.send_response(status)
            self.send_header("ETag", f'"{hashlib.md5(found.data, usedforsecurity=False).hexdigest()}"')
            self.send_header("Last-Modified", formatdate(usegmt=True))
            if found.media_type:
                self.send_header("Content-Type", found.media_type)
            if status != 204:
                self.send_header("Content-Length", str(len(found.data)))
            self.end_headers()
            self.wfile.write(b"" if status == 204 else found.data)

        do_GET = do_PUT = do_DELETE = _serve  # noqa: N815 - the names of the standard library

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
            """Quiet."""

    server = ThreadingHTTPServer((HOST, 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    store.address = f"http://{HOST}:{server.server_port}"
    yield store
    server.shutdown()
    server.server_close()


def _last(name: str) -> str:
    return name.rpartition(" ")[2]


def _error(code: str) -> Held:
    return Held(f"<Error><Code>{code}</Code></Error>".encode(), "application/xml")
