"""`make bench-verify`: the browser's verifier in Chromium on draws of a hundred thousand and of a million objects.

Compute: the modules on files that are already in memory, the best of three. Page: the published page from its address
to its verdict, with the transfer from a server on this machine, and the memory of the process that showed it.
"""

from __future__ import annotations

import functools
import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

from playwright.sync_api import Browser, sync_playwright

sys.path[:0] = [str(Path(__file__).parent)]

from draw import drawn_files  # noqa: E402 - the benchmarks are no package
from shuangsui.disclosure.site import Shell, Site  # noqa: E402
from shuangsui.web.policy import HEADERS  # noqa: E402
from shuangsui.web.rendering import render, static_files, static_url  # noqa: E402

LIMITS = {100_000: 1.0, 1_000_000: 8.0}
"""Objects → seconds of compute."""
DRAWS = [(n, suite, mode) for n in LIMITS for suite in ("sha256", "sm3") for mode in ("salted", "public")]
TRIES = 3
COMPUTE = """async ([module, folder, names]) => {
  const { verify } = await import(module);
  const files = await Promise.all(names.map(async (name) =>
    [name, new Uint8Array(await (await fetch(folder + name)).arrayBuffer())]));
  const source = (bytes) => ({
    size: bytes.length,
    bytes: async () => bytes,
    async *chunks() { for (let at = 0; at < bytes.length; at += 65536) yield bytes.subarray(at, at + 65536); },
  });
  const sources = new Map(files.map(([name, bytes]) => [name, source(bytes)]));
  const begun = performance.now();
  const { verdict, code } = await verify(sources);
  return [(performance.now() - begun) / 1000, `${verdict} ${code}`];
}"""


class Handler(SimpleHTTPRequestHandler):
    """A static web server as plain as any, with our headers."""

    extensions_map: ClassVar = {**SimpleHTTPRequestHandler.extensions_map, ".js": "text/javascript"}

    def end_headers(self) -> None:
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *args: object) -> None:
        """Silence: the table is what is read."""


def write_page(root: Path) -> None:
    """The verify page of an authority with everything it loads."""
    statics = {path: file.read_bytes() for path, file in static_files().items()}
    site = Site(Shell(render, "", demo=True, made_at=datetime(2026, 12, 2, tzinfo=UTC)), "bench", "测试机关(模拟)")
    pages = {f"bench/{file.path}": file.data for file in site.verify([], statics).files}
    for path, data in {**statics, **pages}.items():
        _write(root / path, data)


def write_draw(root: Path, no: str, n: int, suite: str, mode: str) -> list[str]:
    """A published draw; the names of its files."""
    files = drawn_files(n, 1, lambda _: nullcontext(), suite=suite, mode=mode)
    for name, data in files.items():
        _write(root / "bench" / "draws" / no / name, data)
    listed = [{"name": name, "size": len(data)} for name, data in files.items()]
    _write(root / "bench" / "draws" / no / "index.json", json.dumps({"title": no, "files": listed}).encode())
    return list(files)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


@contextmanager
def served(root: Path) -> Iterator[str]:
    """Origin of a server over the folder."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(root)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def compute(browser: Browser, origin: str, no: str, names: list[str]) -> float:
    """Seconds of the best try; every try must pass."""
    page = browser.new_page()
    page.goto(f"{origin}/bench/verify/")
    given = [static_url("js/verifier/verify.js"), f"/bench/draws/{no}/", names]
    tries = [page.evaluate(COMPUTE, given) for _ in range(TRIES)]
    page.close()
    assert {verdict for _, verdict in tries} == {"VERIFIED unwitnessed"}, tries
    return round(min(seconds for seconds, _ in tries), 3)


def shown(executable: str, origin: str, no: str) -> tuple[float, int]:
    """Seconds until the page shows its verdict, and the peak memory in MiB of the process behind it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        page = browser.new_page()
        begun = time.perf_counter()
        page.goto(f"{origin}/bench/verify/?draw={no}")
        page.wait_for_selector("body[data-done=VERIFIED]", timeout=300_000)
        seconds, peak = time.perf_counter() - begun, max(_peaks())
        browser.close()
    return round(seconds, 3), peak


def _peaks() -> Iterator[int]:
    """Peak resident memory in MiB of every process of a browser that shows pages and was started by this one."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command, status = (folder / "cmdline").read_bytes(), (folder / "status").read_text()
        except OSError:
            continue
        if b"--type=renderer" in command:
            facts = dict(line.split(":", 1) for line in status.splitlines())
            yield int(facts["VmHWM"].split()[0]) // 1024


def measure(executable: str, root: Path, origin: str) -> dict[str, dict[str, Any]]:
    """Figures by draw."""
    figures: dict[str, dict[str, Any]] = {}
    for n, suite, mode in DRAWS:
        no = f"{n}-{suite}-{mode}"
        names = write_draw(root, no, n, suite, mode)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
            seconds = compute(browser, origin, no, names)
            browser.close()
        page, peak = shown(executable, origin, no)
        figures[no] = {"compute": seconds, "limit": LIMITS[n], "page": page, "peak_mib": peak}
        over = "  OVER" if seconds > LIMITS[n] else ""
        print(f"{no:24} compute {seconds:6.3f} s of {LIMITS[n]:g}{over}   page {page:6.3f} s   {peak} MiB", flush=True)
        shutil.rmtree(root / "bench" / "draws" / no)
    return figures


def main() -> int:
    """Print the table, write the report, fail above the limits."""
    executable = shutil.which("chromium")
    skipped = (
        [] if executable else [{"what": "everything", "why": "chromium is not installed (apt-get install chromium)"}]
    )
    figures: dict[str, dict[str, Any]] = {}
    if executable:
        with TemporaryDirectory() as folder, served(Path(folder)) as origin:
            write_page(Path(folder))
            figures = measure(executable, Path(folder), origin)
    failures = sum(one["compute"] > one["limit"] for one in figures.values())
    commit = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    report = {"target": "bench-verify", "commit": commit, "checks": len(figures), "failures": failures}
    out = Path("var/reports/bench-verify.json")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(report | {"skipped": skipped, "figures": figures}, ensure_ascii=False, indent=1), "utf-8")
    for entry in skipped:
        print(f"not run: {entry['what']}: {entry['why']}")
    return 1 if failures or skipped else 0


if __name__ == "__main__":
    sys.exit(main())
