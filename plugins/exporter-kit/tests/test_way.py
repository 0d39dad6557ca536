"""Where packages may not go: to a server whose certificate nobody vouches for, and to where a redirect points."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from certificates import own_certificate
from disclosing import disclosed, of_result
from exporting import PATIENCE, TOKEN_ENV
from shuangsui import OutsideFailed
from shuangsui.testing.sink import TOKEN, Sink
from shuangsui_exporter_kit import Endpoint, json_package

PACKAGE = json_package(disclosed(of_result(1)), {"a": 1})


@contextmanager
def serving(location: str = "", certificate: Path | None = None) -> Iterator[tuple[str, list[str]]]:
    """A server that answers everything with a redirect; its address, and the requests that it has heard."""
    heard: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            heard.append(self.command)
            self.send_response(307)
            self.send_header("Location", location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST = _answer  # noqa: N815 - the names of the standard library

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield f"http{'s' if certificate else ''}://127.0.0.1:{server.server_port}", heard
    server.shutdown()
    server.server_close()


def send(address: str) -> OutsideFailed:
    with pytest.raises(OutsideFailed) as caught:
        Endpoint("x", "对方系统", address, TOKEN_ENV, 4 * PATIENCE).send(PACKAGE)
    return caught.value


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TOKEN_ENV, TOKEN)


def test_redirect_is_not_followed() -> None:
    """Neither package nor token go where the other system points; somebody must look at the address."""
    with Sink() as sink, serving(sink.url("credit") + "/x") as (address, heard):
        error = send(address)
        assert (error.code, error.permanent, heard, sink.received) == ("exporter_refuses", True, ["GET"], [])


def test_certificate_is_checked(tmp_path: Path) -> None:
    """Nothing is said to a server that cannot prove who it is."""
    with serving(certificate=own_certificate(tmp_path / "own.pem")) as (address, heard):
        error = send(address)
        assert (error.code, error.permanent, heard) == ("exporter_unreachable", False, [])
