"""A mistake of ours: the client learns that it happened, the log learns everything."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import structlog
from litestar import Litestar, get
from litestar.testing import TestClient

from shuangsui.web import logs
from shuangsui.web.app import create_app
from shuangsui.web.policy import HEADERS


@get("/moushi/breaks", opt={"public": True}, sync_to_thread=False)
def breaks() -> None:
    """A handler with a bug."""
    raise ZeroDivisionError("password=hunter2")


@get("/moushi/opens/{token:str}", opt={"public": True}, sync_to_thread=False)
def opens() -> None:
    """One whose address is a secret."""
    raise ZeroDivisionError


@pytest.fixture
def broken(settings) -> TestClient:
    """The application with that handler in it."""
    app: Litestar = create_app(settings)
    app.register(breaks)
    app.register(opens)
    return TestClient(app, raise_server_exceptions=False)


@contextmanager
def json_log() -> Iterator[Callable[[pytest.CaptureFixture[str]], list[dict]]]:
    """Logs as the server writes them; what it yields reads the lines as objects."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    logs.configure()
    yield lambda capsys: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    structlog.reset_defaults()
    root.handlers[:], root.level = before


def test_log_is_ours_and_not_that_of_a_library_that_tells_everything(capsys):
    """The client of the broker writes a dozen lines about every connection."""
    with json_log() as lines:
        logging.getLogger("pika.adapters").error("Socket failed to connect")
        logging.getLogger("another").info("said")
        assert [line["event"] for line in lines(capsys)] == ["said"]


def test_an_address_that_opens_something_is_not_in_the_log(broken, capsys):
    """The link of the inspected is all that its pages ask for; other addresses stand there as they came."""
    pages = ("", "/confirm", "/rectify", "/rate")
    slips = ("/ratee", "/confirm/x", "//")
    with json_log() as lines, broken as client:
        for page in (*pages, *slips):
            client.get(f"/e/moushi.hunter2{page}")
        for path in ("/E/moushi.hunter2", "/%45/moushi.hunter2", "/.//e/moushi.hunter2", "/livez"):
            client.get(path)
        said = [line["path"] for line in lines(capsys) if line["event"] == "request"]
    assert (said[: len(pages)], said[-1]) == ([f"/e/{{token}}{page}" for page in pages], "/livez")
    assert [path for path in said if "hunter2" in path] == []


def test_an_address_that_opens_something_is_not_in_the_log_of_a_failure(broken, capsys):
    """Whatever goes wrong behind it: neither in the line of the request nor in that of the mistake."""
    with json_log() as lines, broken as client:
        assert client.get("/moushi/opens/hunter2").status_code == 500
        said = {line["event"]: line["path"] for line in lines(capsys) if "path" in line}
    assert said == dict.fromkeys(("request_failed", "request"), "/moushi/opens/{token}")


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_failure_tells_nothing_but_that_it_happened(broken, accept):
    """With every header, and without a word of the exception."""
    with broken as client:
        answer = client.get("/moushi/breaks", headers={"accept": accept})
    assert (answer.status_code, "系统出错" in answer.text, "hunter2" in answer.text) == (500, True, False)
    assert {name: answer.headers.get(name) for name in HEADERS} == dict(HEADERS)


def test_failure_is_in_the_log_with_tenant_and_request(broken, capsys):
    """One JSON line with the traceback, bound to the same request as the line of the request itself."""
    with json_log() as lines, broken as client:
        client.get("/moushi/breaks", headers={"x-request-id": "abc-1"})
        failure, request = (line for line in lines(capsys) if line["event"] in ("request_failed", "request"))
    assert (failure["tenant"], failure["request_id"], "ZeroDivisionError" in failure["exception"]) == (
        "moushi",
        "abc-1",
        True,
    )
    assert (request["status"], request["request_id"], request["path"]) == (500, "abc-1", "/moushi/breaks")


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, 'x"}', "甲".encode().decode("latin-1")])
def test_request_id_from_outside_must_be_short_and_plain(broken, capsys, given):
    """Otherwise the log makes its own."""
    with json_log() as lines, broken as client:
        client.get("/livez", headers={"x-request-id": given.encode("latin-1")})
        (request,) = (line for line in lines(capsys) if line["event"] == "request")
    assert (request["request_id"] == given, len(request["request_id"]), "tenant" in request) == (False, 32, False)
