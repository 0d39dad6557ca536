"""``shuangsui serve`` as a process of its own, over real HTTP."""

from __future__ import annotations

import json
import re
import signal
import socket
from collections.abc import Iterator

import httpx
import pytest

from serving import Server, serving
from shuangsui.web.policy import CSP

from .conftest import installation

HOSTILE = [
    "/../secret.txt", "/moushi/../../secret.txt", "/%2e%2e/secret.txt", "/%2E%2E/secret.txt", "/.%2e/secret.txt",
    "/moushi/%2e%2e/%2e%2e/secret.txt", "/%2e%2e%2fsecret.txt", "/..%2fsecret.txt", "/..%5csecret.txt",
    "/..\\secret.txt", "/moushi\\..\\..\\secret.txt", "//secret.txt", "///etc/passwd", "//etc/passwd", "/%2fetc/passwd",
    "/%252e%252e/secret.txt", "/..%252fsecret.txt", "/..%c0%afsecret.txt", "/%c0%ae%c0%ae/secret.txt",
    "/..%ef%bc%8fsecret.txt", "/%00", "/moushi/index.html%00", "/moushi/index.html%00.txt", "/.lock",
    "/.bundles/x.json", "/.bundles/", "/%2elock", "/moushi/./../.lock", "/moushi/link/master.key", "/moushi/link/",
    "/moushi/link", "/moushi/index.html/", "/moushi/index.html/..", "/moushi//index.html", "/moushi/.", "/moushi/..",
    "/~root/x", "/C:/windows/win.ini", "/moushi/index.html%20", "/moushi/index.html.", "/%ff%fe",
    "/static/../keys/master.key", "/static/", "/moushi/draws/", "/" + "a" * 5000, "/" + "a/" * 3000,
]  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One for the tests that only ask it things."""
    with serving(installation(tmp_path_factory.mktemp("serve") / "var")) as running:
        yield running


def raw(port: int, request: str) -> bytes:
    """What the server answers to bytes that no client library would send."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request.encode())
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return answer


def test_there_are_enough_hostile_names():
    """None of them twice."""
    assert (len(HOSTILE) >= 40, len(set(HOSTILE))) == (True, len(HOSTILE))


def test_hostile_names_stay_inside(server):
    """Sent as they are, byte for byte: nothing there, and no byte of what is not public."""
    request = "GET {} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    answers = {name: raw(server.port, request.format(name)) for name in HOSTILE}
    assert {name: status for name, answer in answers.items() if (status := answer.split()[1]) != b"404"} == {}
    assert [name for name, answer in answers.items() if b"secret" in answer or b"hidden" in answer] == []


def test_embedded_database_is_there_before_anybody_asks(server):
    """An empty file becomes a database at its newest revision: the page to sign in opens at once."""
    page = httpx.get(f"{server.url}/console/login", headers={"accept": "text/html"})
    assert (page.status_code, "<h1>登录</h1>" in page.text) == (200, True)
    assert httpx.get(f"{server.url}/readyz").json() == {"public": True, "database": True}


def test_tree_over_http(server):
    """Page, headers, a version known already, a large file."""
    with httpx.Client(base_url=server.url) as client:
        page = client.get("/moushi/")
        assert (page.status_code, page.text, page.headers["content-security-policy"]) == (
            200,
            "<title>某市</title>",
            CSP,
        )
        assert client.get("/moushi/", headers={"if-none-match": page.headers["etag"]}).status_code == 304
        assert len(client.get("/moushi/draws/2026-0001/rows.txt").content) == 1_000_000


def test_log_is_json_on_stderr_and_ends_with_the_process(settings):
    """Every line, the server's own included; standard output stays empty; SIGTERM ends it in good order."""
    with serving(settings) as server:
        for path in ("/moushi/", "/livez"):  # a line is written once its answer is out, so the last one may be lost
            httpx.get(server.url + path)
        server.process.send_signal(signal.SIGTERM)
        out, _ = server.process.communicate(timeout=30)
        server.log.seek(0)
        err = server.log.read()
    lines = [json.loads(line) for line in err.splitlines()]
    (request,) = (line for line in lines if line.get("path") == "/moushi/")
    assert (out, server.process.returncode, request["tenant"], request["status"]) == ("", 0, "moushi", 200)
    loggers = {line["logger"] for line in lines if not line["logger"].startswith(("dramatiq.", "shuangsui.worker."))}
    assert loggers == {"_granian", "_granian.serve", "shuangsui.web.logs"}


def test_styles_are_there_before_anything_was_published(server):
    """Every file that the page to sign in names, from the package itself and kept by caches."""
    page = httpx.get(f"{server.url}/console/login", headers={"accept": "text/html"}).text
    named = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    answers = [httpx.get(server.url + address) for address in named]
    assert len(answers) >= 5
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.headers["cache-control"] for answer in answers} == {"public, max-age=31536000, immutable"}
