"""The credit system of the sink: what it keeps, counts and shows, and how it fails as told."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import httpx
import pytest

from shuangsui.testing.faults import Fault
from shuangsui.testing.sink import Sink

TOKEN = {"Authorization": "Bearer secret"}


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink("secret") as started:
        yield started


def post(sink: Sink, external_id: str = "a", revision: int = 1, data: bytes = b"x", **more: str) -> httpx.Response:
    names = {"X-External-Id": external_id, "X-Revision": str(revision), "X-Action": "publish"}
    whole = {"X-Content-SHA256": hashlib.sha256(data).hexdigest(), "Content-Type": "text/plain"}
    headers = {**TOKEN, **names, **whole, **more}
    return httpx.post(sink.url("credit") + "/gsxt", content=data, headers=headers, timeout=1)


def look(sink: Sink, path: str) -> httpx.Response:
    return httpx.get(sink.url("credit") + path, headers=TOKEN, timeout=1)


def test_the_same_package_is_kept_once_and_has_one_number(sink):
    """However often it comes."""
    answers = [post(sink).json() for _ in range(3)]
    digest = hashlib.sha256(b"x").hexdigest()
    first = {
        "external_id": "a",
        "revision": 1,
        "action": "publish",
        "number": "XY000001",
        "digest": digest,
        "copies": 1,
    }
    assert answers == [first] * 3
    assert sink.credit.counts() == {"things": 1, "revisions": 1, "copies": 1, "duplicates": 0}


def test_what_the_network_delivers_again_is_kept_once(sink):
    """The answer is that of the first time; only what is posted comes twice."""
    sink.fail("credit", Fault(again=True))
    first = post(sink).json()
    assert (first["number"], first["copies"], sink.credit.posts) == ("XY000001", 1, 2)
    assert look(sink, "/gsxt/a").json() == first
    assert sink.credit.counts() == {"things": 1, "revisions": 1, "copies": 1, "duplicates": 0}


def test_newest_revision_is_shown_and_all_are_counted(sink):
    """An older one that comes late changes nothing."""
    post(sink, revision=2, data=b"new")
    post(sink, revision=1, data=b"old")
    post(sink, "b")
    assert look(sink, "/gsxt/a").json()["revision"] == 2
    assert look(sink, "/gsxt").json()["counts"] == {"things": 2, "revisions": 3, "copies": 3, "duplicates": 0}
    assert look(sink, "").json() == look(sink, "/gsxt").json()["counts"]
    found = [look(sink, path) for path in ("/gsxt/a/1", "/gsxt/a/3", "/other/a")]
    assert [(one.status_code, one.content) for one in found] == [(200, b"old"), (404, b"{}"), (404, b"{}")]


def test_other_bytes_under_the_same_names_are_refused(sink):
    """409; nothing is overwritten."""
    post(sink)
    assert (post(sink, data=b"y").status_code, look(sink, "/gsxt/a/1").content) == (409, b"x")


@pytest.mark.parametrize("header", ["X-External-Id", "X-Revision", "X-Action", "X-Content-SHA256"])
def test_package_without_a_name_or_not_whole_is_refused(sink, header):
    """422."""
    assert (post(sink, **{header: "-" if header != "X-External-Id" else ""}).status_code, sink.credit.posts) == (422, 0)


def test_lost_share_says_yes_and_keeps_the_rest(sink):
    """One in ten, the same ones every time."""
    sink.fail("credit", Fault(lost=True, share=0.1))
    said = [post(sink, f"t{n}").status_code for n in range(20)]
    assert (set(said), sink.credit.lost, sink.credit.counts()["things"]) == ({200}, 2, 18)
    missing = [n for n in range(20) if look(sink, f"/gsxt/t{n}").status_code == 404]
    assert missing == [9, 19]


def test_twice_keeps_two_copies(sink):
    """They count as one thing and one duplicate."""
    sink.fail("credit", Fault(twice=True))
    post(sink)
    assert sink.credit.counts("gsxt") == {"things": 1, "revisions": 1, "copies": 2, "duplicates": 1}


def test_late_shows_after_so_many_looks(sink):
    """Nothing is lost meanwhile."""
    sink.fail("credit", Fault(late=2))
    post(sink)
    assert [look(sink, "/gsxt/a").status_code for _ in range(3)] == [404, 404, 200]
    assert sink.credit.counts()["things"] == 1


def test_down_breaks_off(sink):
    """No answer at all, at once."""
    sink.fail("credit", Fault(down=True))
    with pytest.raises(httpx.RemoteProtocolError):
        post(sink)
    assert sink.credit.posts == 0
