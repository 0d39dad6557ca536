"""The chart's nginx answers for the public tree as the platform itself does."""

from __future__ import annotations

import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar.testing import TestClient

from charts import of_kind, rendered
from ports import free_port
from shuangsui.settings import Settings
from shuangsui.web.app import create_app
from shuangsui.web.policy import HEADERS
from shuangsui.web.rendering import static_files

FILES = {
    "index.html": "<!doctype html>",
    "chongqing/index.html": "<!doctype html><p>重庆",
    "chongqing/draws/2026-001/index.html": "<!doctype html>",
    "chongqing/draws/2026-001/transcript.json": "{}",
    "chongqing/draws/2026-001/log.jsonl": "{}\n",
    "chongqing/draws/2026-001/trust.txt": "x",
    "chongqing/draws/2026-001/名单.csv": "代码\n",
    "chongqing/draws/2026-001/data.bin": "x",
    "chongqing/feed.atom": "<feed/>",
    "chongqing/seal.svg": "<svg/>",
    "static/page.0123456789.css": "p {}",
    "static/page.0123456789.js": "0",
    ".bundles/abc.json": "[]",
}
PUBLIC = {f"/{name.removesuffix('index.html')}": text for name, text in FILES.items() if not name.startswith(".")}
"""By address."""
ABSENT = (
    "/nothing",
    "/chongqing/nothing/",
    "/chongqing/draws/",
    "/.bundles/abc.json",
    "/chongqing/.new-x",
    "/../nginx.conf",
)
"""Not there, without an index, hidden, outside."""
COMPARED = ("content-type", "cache-control", *(name.lower() for name in HEADERS))


PLATFORM = "server demo-shuangsui-web:80;"


class Echo(BaseHTTPRequestHandler):
    """Stands for the platform behind the portal: says what it was asked for."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"platform {self.path}".encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def echo() -> Iterator[int]:
    """Its port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def laid(root: Path) -> Path:
    """The public tree."""
    for name, content in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content, "utf-8")
    return root


def config(values: dict[str, Any]) -> str:
    """``nginx.conf`` of the rendered ConfigMap."""
    return str(of_kind(rendered(values), "ConfigMap")["demo-shuangsui-portal"]["data"]["nginx.conf"])


@contextmanager
def serving(program: str, text: str, folder: Path, changes: dict[str, str]) -> Iterator[httpx.Client]:
    """nginx with the chart's file, at another port and with its folders elsewhere."""
    port = free_port()
    changes = {"listen 8080;": f"listen 127.0.0.1:{port};", "listen [::]:8080;": "", "/tmp/": f"{folder}/", **changes}
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    (folder / "nginx.conf").write_text(text.replace("worker_processes 2;", "worker_processes 1; user root;"), "utf-8")
    words = [program, "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
            _await(client, process)
            yield client
    finally:
        process.terminate()
        process.wait(timeout=30)


def _await(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(httpx.TransportError):
            client.get("/livez")
            return
        time.sleep(0.05)
    raise AssertionError("nginx does not answer")


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With the public tree."""
    folder = tmp_path_factory.mktemp("var")
    laid(folder / "public")
    return folder


@pytest.fixture(scope="module")
def platform(var: Path) -> Iterator[TestClient[Any]]:
    """The platform with the same tree."""
    with TestClient(create_app(Settings(var=var))) as client:
        yield client


@pytest.fixture
def portal(tmp_path: Path, nginx: str, var: Path, echo: int) -> Iterator[httpx.Client]:
    """nginx of ``portal.mode: files``."""
    (tmp_path / "nginx").mkdir()
    changes = {
        "root /var/lib/shuangsui/public;": f"root {var / 'public'};",
        PLATFORM: f"server 127.0.0.1:{echo};",
    }
    with serving(nginx, config({}), tmp_path / "nginx", changes) as client:
        yield client


def test_every_file_has_the_same_type_age_and_rules(portal: httpx.Client, platform: TestClient[Any]) -> None:
    """A browser is told the same of a page, whoever serves it."""
    for address, content in PUBLIC.items():
        ours, theirs = platform.get(address), portal.get(address)
        assert (theirs.status_code, theirs.content) == (200, content.encode()), address
        assert {n: theirs.headers.get(n) for n in COMPARED} == {n: ours.headers.get(n) for n in COMPARED}, address


@pytest.mark.parametrize("address", ["/chongqing/", "/nothing"])
def test_https_is_remembered_for_a_year(portal: httpx.Client, platform: TestClient[Any], address: str) -> None:
    """As the platform says it, once the ingress says that it was https."""
    name = "strict-transport-security"
    secure = portal.get(address, headers={"X-Forwarded-Proto": "https"})
    ours = platform.get(f"https://testserver{address}")
    assert (secure.headers[name], name in portal.get(address).headers) == (ours.headers[name], False)


def test_what_is_missing_or_hidden_is_not_there(portal: httpx.Client) -> None:
    """With the headers of every response, in Chinese."""
    for address in (
        "/nothing",
        "/chongqing/nothing/",
        "/chongqing/draws/",
        "/.bundles/abc.json",
        "/chongqing/.new-x",
        "/../nginx.conf",
    ):
        answer = portal.get(address)
        assert (answer.status_code, "没有这个页面" in answer.text) == (404, True), address
        assert {name: answer.headers[name] for name in HEADERS} == dict(HEADERS)


def test_folder_without_its_slash_leads_to_the_folder(portal: httpx.Client, platform: TestClient[Any]) -> None:
    """Pages link relative to themselves."""
    ours = platform.get("/chongqing/draws/2026-001", follow_redirects=False)
    theirs = portal.get("/chongqing/draws/2026-001")
    assert theirs.headers["location"] == ours.headers["location"] == "/chongqing/draws/2026-001/"


def test_nobody_writes(portal: httpx.Client) -> None:
    """Files are read, nothing else."""
    assert [portal.request(method, "/chongqing/").status_code for method in ("POST", "PUT", "DELETE")] == [405] * 3


def test_newest_styles_come_from_the_platform(portal: httpx.Client) -> None:
    """They are not in the tree before something is published."""
    address = f"/{next(iter(static_files()))}"
    assert portal.get(address).text == f"platform {address}"


@pytest.fixture
def store(tmp_path: Path, nginx: str, echo: int) -> Iterator[httpx.Client]:
    """nginx of ``portal.mode: store`` before a store: the bucket of another nginx, which knows no index pages."""
    bucket = laid(tmp_path / "bucket" / "gongshi" / "site")
    for folder in ("behind", "nginx"):
        (tmp_path / folder).mkdir()
    shutil.rmtree(bucket / ".bundles")
    values = {
        "store": {"mode": "external", "endpoint": "http://oss.example", "prefix": "site"},
        "portal": {"mode": "store"},
    }
    plain = config({})
    behind = {
        "root /var/lib/shuangsui/public;": f"root {tmp_path / 'bucket'};",
        "index index.html;": "index nothing; if (-d $request_filename) { return 403; }",
        "proxy_pass http://platform$request_uri;": "return 404;",
        PLATFORM: "server 127.0.0.1:9;",
        "error_page 403 404 = @missing;": "",
    }
    certificates = "/etc/ssl/certs/ca-certificates.crt"
    with serving(nginx, plain, tmp_path / "behind", behind) as held:
        changes = {
            "proxy_pass http://oss.example;": f"proxy_pass {str(held.base_url).rstrip('/')};",
            PLATFORM: f"server 127.0.0.1:{echo};",
        }
        if not Path(certificates).is_file():
            changes[f"proxy_ssl_trusted_certificate {certificates};"] = ""
        with serving(nginx, config(values), tmp_path / "nginx", changes) as client:
            yield client


def test_store_is_served_like_the_folder(store: httpx.Client, platform: TestClient[Any]) -> None:
    """Addresses of folders are their index pages; types come from the store, rules from the portal."""
    for address, content in PUBLIC.items():
        ours, theirs = platform.get(address), store.get(address)
        assert (theirs.status_code, theirs.content) == (200, content.encode()), address
        assert {n: theirs.headers.get(n) for n in COMPARED} == {n: ours.headers.get(n) for n in COMPARED}, address


def test_store_leads_folders_on_and_says_what_is_missing(store: httpx.Client) -> None:
    """A store has no folders: what it does not have is tried as one, once."""
    first = store.get("/chongqing")
    assert (first.status_code, first.headers["location"]) == (308, "/chongqing/")
    answer = store.get("/nothing", follow_redirects=True)
    assert (answer.status_code, "没有这个页面" in answer.text) == (404, True)
    assert {name: answer.headers[name] for name in HEADERS} == dict(HEADERS)


def test_newest_styles_come_from_the_platform_if_the_store_has_none(store: httpx.Client) -> None:
    """At the address that was asked for, not at the store's."""
    address = f"/{next(iter(static_files()))}?x"
    assert store.get(address).text == f"platform {address}"


def test_a_visitor_never_speaks_to_the_store_as_himself(store: httpx.Client) -> None:
    """Neither cookies nor credentials go on, and nothing but reading does."""
    text = config({"store": {"mode": "bundled"}, "portal": {"mode": "store"}})
    assert {'proxy_set_header Authorization "";', 'proxy_set_header Cookie "";'} <= {
        one.strip() for one in text.splitlines()
    }
    assert store.put("/chongqing/index.html", content=b"x").status_code == 405
