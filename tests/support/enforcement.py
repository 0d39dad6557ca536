"""A stand-in for the enforcement and supervision application, over real HTTP on the loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOKEN = "secret"


class Application(ThreadingHTTPServer):
    """Remembers what was put and gives each path one number; ``fault`` is (status, body) to answer instead."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.held: dict[str, dict[str, str]] = {}
        self.bodies: dict[str, dict[str, object]] = {}
        self.fault: tuple[int, bytes] | None = None

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    """PUT keeps, GET reads; everything needs the token."""

    server: Application

    def do_PUT(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        number = f"N{len(self.server.held) + 1}"
        task = self.path.split("/")[4]
        self.server.held.setdefault(self.path, {"task": task, "code": number, "number": number})
        self.server.bodies[self.path] = body
        self._answer(self.server.held[self.path])

    def do_GET(self) -> None:
        known = {"ok": "yes"} if self.path == "/health" else self.server.held.get(self.path)
        self._answer(known or {}, 200 if known else 404)

    def log_message(self, *args: object) -> None:
        """Quiet."""

    def _answer(self, body: object, status: int = 200) -> None:
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            status = 401
        status, data = self.server.fault or (status, json.dumps(body).encode())
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def listening() -> Iterator[Application]:
    """The application while it listens."""
    server = Application()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()
