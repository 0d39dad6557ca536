"""The channel against the sink's portal and against a server that wants folders made first."""

from __future__ import annotations

import threading
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pydantic import ValidationError

from shuangsui import Bundle, Context, DisclosureChannel, OutsideFailed, PublicFile, Receipt
from shuangsui.testing import BUNDLE, Fault, Sink
from shuangsui_channel_webdav import Options, register_disclosure_channels

SMALLER = replace(BUNDLE, files=BUNDLE.files[:1])
PAGE = "moushi/draws/2026-0001/"
KEPT = Path("public")
"""The copy on this machine."""


@pytest.fixture(autouse=True)
def folders(monkeypatch, tmp_path) -> None:
    """The platform's own are fresh ones."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def website(sink, monkeypatch) -> DisclosureChannel:
    monkeypatch.setenv("SHUANGSUI_WEBDAV_PASSWORD", sink.token)
    return made(place=sink.url("portal"))


def made(**options) -> DisclosureChannel:
    (channel,) = register_disclosure_channels(Context("moushi", Options(timeout_seconds=2, **options), KEPT))
    return channel


def held(sink: Sink) -> dict[str, bytes]:
    """The files of the site, records left out."""
    return {path: data for path, data in sink.portal.files.items() if not path.startswith("/_bundles/")}


def test_published_is_confirmed_by_reading_it_back(website, sink):
    """Byte for byte, at the paths of the tenant; the receipt leads to the page."""
    assert website.read_back(BUNDLE).confirmed is False
    reference = f"{sink.url('portal')}/{PAGE}"
    assert website.publish(BUNDLE) == Receipt("website", reference, BUNDLE.digest, confirmed=False)
    assert website.read_back(BUNDLE) == Receipt("website", reference, BUNDLE.digest, confirmed=True)
    assert held(sink) == {f"/moushi/{file.path}": file.data for file in BUNDLE.files}


def test_disk_keeps_a_copy_of_what_is_on_the_website(website, sink):
    """Before the website has it: from there the platform knows what it has published itself."""
    sink.fail("portal", Fault(down=True))
    with pytest.raises(OutsideFailed):
        website.publish(BUNDLE)
    assert {file.path: (KEPT / "moushi" / file.path).read_bytes() for file in BUNDLE.files} == {
        file.path: file.data for file in BUNDLE.files
    }
    sink.fail("portal", None)
    assert website.read_back(BUNDLE).confirmed is False


def test_same_again_writes_nothing(website, sink):
    """However often it is tried."""
    website.publish(BUNDLE)
    sink.received.clear()
    website.publish(BUNDLE)
    assert {one.method for one in sink.received} == {"GET"}


def test_what_a_bundle_no_longer_has_disappears(website, sink):
    """And only that; the shared files of no tenant stay at the root."""
    front = Bundle(None, "front", "home", (PublicFile("index.html", b"x", "text/html"),))
    for bundle in (BUNDLE, front, SMALLER):
        website.publish(bundle)
    assert held(sink) == {f"/moushi/{SMALLER.files[0].path}": SMALLER.files[0].data, "/index.html": b"x"}
    assert [website.read_back(one).confirmed for one in (SMALLER, front, BUNDLE)] == [True, True, False]


def test_pages_come_after_what_they_link_to(website, sink):
    """Nobody ever follows a link into nothing."""
    website.publish(BUNDLE)
    written = [one.path for one in sink.received if one.method == "PUT" and not one.path.startswith("/_bundles/")]
    assert [path.endswith("index.html") for path in written] == [False, True]


def test_interrupted_publication_is_repaired_by_the_next(website, sink):
    """What it had written and the next one lacks is known from the record, which came first."""
    sink.fail("portal", Fault(status=500, after=5))
    with pytest.raises(OutsideFailed):
        website.publish(BUNDLE)
    sink.fail("portal", None)
    website.publish(SMALLER)
    assert held(sink) == {f"/moushi/{SMALLER.files[0].path}": SMALLER.files[0].data}


@pytest.mark.parametrize("fault", [Fault(wrong=True), Fault(lost=True)])
def test_what_the_public_does_not_get_is_not_confirmed(website, sink, fault):
    """The server took it, and shows something else or nothing."""
    sink.fail("portal", fault)
    website.publish(BUNDLE)
    assert website.read_back(BUNDLE).confirmed is False


def test_public_address_is_where_it_is_read_back_without_a_password(sink, monkeypatch):
    """Where people look, as people look: an address that wants a password is no public one."""
    monkeypatch.setenv("SHUANGSUI_WEBDAV_PASSWORD", sink.token)
    channel = made(place=sink.url("portal"), address=f"{sink.url('portal')}/")
    assert channel.publish(BUNDLE).reference == f"{sink.url('portal')}/{PAGE}"
    with pytest.raises(OutsideFailed) as caught:
        channel.read_back(BUNDLE)
    assert caught.value.code == "webdav_refuses"
    assert channel.check().ok is False


@pytest.mark.parametrize(
    ("fault", "code", "permanent"),
    [(Fault(status=500), "webdav_refuses", False), (Fault(status=403), "webdav_refuses", True),
     (Fault(status=423), "webdav_refuses", False), (Fault(status=302), "webdav_refuses", False),
     (Fault(down=True), "webdav_unreachable", False), (Fault(hang=True), "webdav_timeout", False)],
)  # fmt: skip
def test_trouble_is_one_chinese_sentence(website, sink, fault, code, permanent):
    """Which trouble, and whether trying again helps; the password is in none of them."""
    sink.fail("portal", fault)
    with pytest.raises(OutsideFailed) as caught:
        website.publish(BUNDLE)
    assert (caught.value.code, caught.value.permanent) == (code, permanent)
    assert caught.value.params["problem"].startswith("网站平台 127.0.0.1 ")
    health = website.check()
    assert (health.ok, health.message.startswith("网站平台 127.0.0.1 "), sink.token in health.message) == (
        False, True, False,
    )  # fmt: skip


def test_check_leaves_nothing_behind(website, sink):
    """A probe, not a publication; without a password it says which variable lacks."""
    assert (website.check().ok, sink.portal.files) == (True, {})
    assert made(place=sink.url("portal"), password_env="OTHER").check().message == (
        "环境变量 OTHER 没有口令，请管理员设置。"
    )


@pytest.mark.parametrize("options", [{}, {"place": "ftp://a.example"}, {"place": "https://u:p@a.example/x"},
                                     {"place": "https://a.example", "address": "a.example"}])  # fmt: skip
def test_options_that_would_not_work_are_refused(options):
    """A password never stands in an address."""
    with pytest.raises(ValidationError):
        Options(**options)


class Strict(BaseHTTPRequestHandler):
    """Like Apache: 409 for a file whose folder is not there, 405 for a folder that is; wants a user and a password."""

    files: dict[str, bytes]
    folders: set[str]

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self._end(*self._answered(self.rfile.read(length)))

    do_GET = do_PUT = do_DELETE = do_MKCOL = _serve  # noqa: N815 - the names of the standard library

    def _answered(self, body: bytes) -> tuple[int, bytes]:
        if self.headers.get("Authorization") != f"Basic {b64encode(b'jxw:secret').decode()}":
            return 401, b""
        above = self.path.rstrip("/").rpartition("/")[0]
        match self.command:
            case "MKCOL":
                known, _ = self.path.rstrip("/") in self.folders, self.folders.add(self.path.rstrip("/"))
                return (405 if known else 201 if above in self.folders else 409), b""
            case "PUT" if above not in self.folders:
                return 409, b""
            case "PUT":
                self.files[self.path] = body
                return 201, b""
            case "DELETE":
                return (204 if self.files.pop(self.path, None) is not None else 404), b""
        return (200, self.files[self.path]) if self.path in self.files else (404, b"")

    def _end(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
        """Quiet."""


@pytest.fixture
def strict() -> Iterator[str]:
    handler = type("Handler", (Strict,), {"files": {}, "folders": {"/jxw"}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/jxw"
    server.shutdown()
    server.server_close()


def test_folders_are_made_where_the_server_does_not(strict, monkeypatch):
    """With a user and a password."""
    monkeypatch.setenv("SHUANGSUI_WEBDAV_PASSWORD", "secret")
    channel = made(place=strict, user="jxw")
    channel.publish(BUNDLE)
    assert (channel.read_back(BUNDLE).confirmed, channel.check().ok) == (True, True)
    monkeypatch.setenv("SHUANGSUI_WEBDAV_PASSWORD", "wrong")
    assert "答复 401" in channel.check().message


def test_district_publishes_on_it_beside_its_portal(tenant, sink, monkeypatch):
    """As the platform does: switched on with its options, the whole public site is confirmed by it."""
    monkeypatch.setenv("SHUANGSUI_WEBDAV_PASSWORD", sink.token)
    trial = tenant("channel-webdav", place=sink.url("portal"))
    receipts = trial.publish()
    assert receipts
    assert {(one.channel, one.confirmed) for one in receipts} == {("website", True)}
