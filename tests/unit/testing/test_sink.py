"""The sink: what it records, how it fails as told, and that its faults pass."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from shuangsui.testing.faults import Fault, parsed
from shuangsui.testing.sink import Sink

HEADERS = {"Authorization": "Bearer secret"}


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink("secret") as started:
        yield started


def ask(sink: Sink, path: str, method: str = "GET", content: bytes = b"") -> httpx.Response:
    address = f"http://127.0.0.1:{sink.port}{path}"
    return httpx.request(method, address, content=content, headers=HEADERS, timeout=1)


def test_portal_keeps_what_was_put_and_forgets_what_was_deleted(sink):
    """PUT, GET, DELETE."""
    found = [ask(sink, "/portal/a/b.html", "PUT", b"x"), ask(sink, "/portal/a/b.html")]
    ask(sink, "/portal/a/b.html", "DELETE")
    found.append(ask(sink, "/portal/a/b.html"))
    assert [(one.status_code, one.content) for one in found] == [(201, b""), (200, b"x"), (404, b"")]


def test_received_tells_everything_but_the_token(sink):
    """In the order of arrival; the sink's own addresses are not among them."""
    ask(sink, "/portal/a?x=1", "PUT", b"abc")
    httpx.get(sink.url("zhifa") + "/health")
    told = ask(sink, "/_sink/received")
    assert told.json() == [
        {"system": "portal", "method": "PUT", "path": "/a", "query": {"x": "1"}, "authorised": True, "body": "abc"},
        {"system": "zhifa", "method": "GET", "path": "/health", "query": {}, "authorised": False, "body": ""},
    ]
    assert ask(sink, "/_sink/received", "DELETE").status_code == 200
    assert ask(sink, "/_sink/received").json() == []


@pytest.mark.parametrize("path", ["/nothing", "/zhifa/x", "/registrar/objects", "/_sink/x"])
def test_what_it_does_not_play_is_missing(sink, path):
    """404 and never a traceback."""
    assert ask(sink, path).status_code == 404


def test_without_its_token_nothing_is_answered(sink):
    """401."""
    assert httpx.get(sink.url("portal") + "/a").status_code == 401


def test_faults_are_switched_over_http(sink):
    """On by name, off by DELETE; another system is well."""
    ask(sink, "/_sink/faults/zhifa", "PUT", b"503")
    broken, well = ask(sink, "/zhifa/health"), ask(sink, "/registrar/health")
    ask(sink, "/_sink/faults/zhifa", "DELETE")
    assert [broken.status_code, well.status_code, ask(sink, "/zhifa/health").status_code] == [503, 200, 200]
    assert ask(sink, "/_sink/faults/zhifa", "PUT", b"nonsense").status_code == 422


def test_fault_comes_after_and_passes(sink):
    """The second and third request only."""
    sink.fail("zhifa", Fault(status=500, after=1, times=2))
    assert [ask(sink, "/zhifa/health").status_code for _ in range(4)] == [200, 500, 500, 200]


def test_hang_delay_and_cut_are_what_they_are_called(sink):
    """No answer, a late one, half of one."""
    sink.fail("zhifa", Fault(hang=True))
    with pytest.raises(httpx.ReadTimeout):
        ask(sink, "/zhifa/health")
    sink.fail("zhifa", Fault(delay=0.2))
    assert ask(sink, "/zhifa/health").elapsed.total_seconds() >= 0.2
    sink.fail("zhifa", Fault(cut=True))
    with pytest.raises(httpx.RemoteProtocolError):
        ask(sink, "/zhifa/health")


def test_lost_says_yes_and_keeps_nothing(sink):
    """The worst of them: 201, and nothing is there."""
    sink.fail("portal", Fault(lost=True))
    assert [ask(sink, "/portal/a", "PUT", b"x").status_code, ask(sink, "/portal/a").status_code] == [201, 404]


def test_fault_names():
    """What a person may type."""
    names = ("500", "hang", "delay:2", "cut", "wrong", "lost", "lost:0.1", "down", "twice", "late:3")
    assert [parsed(text) for text in names] == [
        Fault(status=500), Fault(hang=True), Fault(delay=2.0), Fault(cut=True), Fault(wrong=True), Fault(lost=True),
        Fault(lost=True, share=0.1), Fault(down=True), Fault(twice=True), Fault(late=3),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "7", "delay", "delay:x", "hang:2", "5000", "late:", "down:1"])
def test_what_is_no_fault(text):
    """Nothing is guessed."""
    with pytest.raises(
        ValueError, match=r"^(could not convert string to float: .*)?$|^(7|hang:2|5000|down:1|invalid literal .*)$"
    ):
        parsed(text)
