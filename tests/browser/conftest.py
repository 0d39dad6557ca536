"""A sample public tree behind a server that sends the real headers, and Debian's Chromium to read it."""

from __future__ import annotations

import functools
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import ClassVar

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from shuangsui.web.policy import HEADERS

ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
SIZES = {"desktop": (1440, 900), "phone": (390, 844), "narrow": (375, 780)}
Open = Callable[..., Page]


class Handler(SimpleHTTPRequestHandler):
    """A static web server as plain as any, with our headers."""

    extensions_map: ClassVar = {**SimpleHTTPRequestHandler.extensions_map, ".js": "text/javascript"}

    def end_headers(self) -> None:
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *args: object) -> None:
        """Silence: the tests look at the browser's side."""


@pytest.fixture(scope="session")
def samples() -> ModuleType:
    """The module beside this file that builds the sample tree."""
    sys.path.append(str(Path(__file__).parent))
    import samples

    return samples


@pytest.fixture(scope="session")
def site(samples: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample tree on disk."""
    root = tmp_path_factory.mktemp("public")
    samples.build(root)
    return root


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Origin of a server over the sample tree."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, started once."""
    executable = shutil.which("chromium")
    if executable is None:
        pytest.skip("chromium is not installed (apt-get install chromium fonts-noto-cjk)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def messages() -> list[str]:
    """Everything the console said; a test that expects silence compares it with []."""
    return []


@contextmanager
def opening(chromium: Browser, origin: str, messages: list[str], *, javascript: bool) -> Iterator[Open]:
    """Pages of ``origin``, each in a context of its own; ``javascript`` is what a page has unless told otherwise."""
    contexts = []

    def open_(path: str, size: str = "desktop", *, javascript: bool = javascript) -> Page:
        width, height = SIZES[size]
        context = chromium.new_context(viewport={"width": width, "height": height}, java_script_enabled=javascript)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: messages.append(message.text))
        page.on("pageerror", lambda error: messages.append(str(error)))
        page.goto(origin + path, wait_until="load")
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def open_page(chromium: Browser, address: str, messages: list[str]) -> Iterator[Open]:
    """Open a path of the sample tree: ``open_page("/yuzhou/", size="phone", javascript=True)``."""
    with opening(chromium, address, messages, javascript=True) as open_:
        yield open_


@pytest.fixture
def open_plain(chromium: Browser, messages: list[str]) -> Iterator[Callable[[str], Open]]:
    """``open_plain(origin)`` opens paths of another server, without JavaScript."""
    with ExitStack() as stack:
        yield lambda origin: stack.enter_context(opening(chromium, origin, messages, javascript=False))
