"""`make browser`: every kind of page × viewports × scripts on and off, and what was wrong with any; 0 is the promise.

`--shots FOLDER` keeps a picture of each page instead of asking all the questions.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(Path(__file__).parent), str(ROOT / "tests" / "support")]

from axe_playwright_python.sync_playwright import Axe  # noqa: E402 - the support of the tests is no package
from conftest import ARGS  # noqa: E402
from newcomers import Use, uses  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402
from tour import PUBLIC, Stop, Town, stops, town  # noqa: E402

from uses import PROMISED  # noqa: E402

SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
QUIET = 10_000
"""Milliseconds in which a page has to be there."""


@dataclass
class Report:
    """How many questions were asked of how many pages, and the answers that were wrong."""

    pages: set[str] = field(default_factory=set)
    checks: int = 0
    wrong: list[str] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)

    def ask(self, good: object, said: str) -> None:
        """One question; ``said`` is told if the answer is no."""
        self.checks += 1
        if not good:
            self.wrong.append(said)
            sys.stderr.write(f"WRONG {said}\n")


@contextmanager
def visit(browser: Browser, place: Town, stop: Stop, size: str, *, scripts: bool) -> Iterator[tuple[Page, list[str]]]:
    """The page, in a context of its own, and whatever the browser said of it."""
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, java_script_enabled=scripts)
    if stop.who != PUBLIC:
        with closing(place.visitor(stop.who)) as client:
            cookies = client.cookies.jar
            context.add_cookies([{"name": one.name, "value": one.value or "", "url": place.url} for one in cookies])
    page, said = context.new_page(), []
    page.set_default_timeout(QUIET)
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(place.url + stop.path, wait_until="load")
    if scripts and "/verify/?draw=" in stop.path:
        page.wait_for_selector("body[data-done]")
    try:
        yield page, said
    finally:
        context.close()


def look(report: Report, browser: Browser, place: Town, stop: Stop, size: str, *, scripts: bool) -> None:
    """Everything that is asked of every page."""
    name = f"{stop.path} ({stop.who}, {size}, scripts {'on' if scripts else 'off'})"
    report.pages.add(stop.path)
    with visit(browser, place, stop, size, scripts=scripts) as (page, said):
        report.ask(page.locator("h1").first.is_visible(), f"{name}: no heading")
        report.ask(page.locator("[style]").count() == 0, f"{name}: a style attribute")
        if scripts:
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            report.ask(wide <= 0, f"{name}: {wide} px too wide")
            found = Axe().run(page).response["violations"]
            nodes = [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in found]
            report.ask(not nodes, f"{name}: {nodes}")
        report.ask(not said, f"{name}: {said}")


def shoot(folder: Path, browser: Browser, place: Town, stop: Stop, size: str) -> None:
    """A picture of the whole page, named after its kind."""
    kind = re.sub(r"[^\w]+", "-", stop.kind).strip("-") or "home"
    path = folder / size / f"{kind}.png"
    if not path.exists():
        with visit(browser, place, stop, size, scripts=True) as (page, _):
            page.screenshot(path=path, full_page=True)


def main(arguments: Sequence[str]) -> int:
    """Exit status 1 for anything wrong, 2 where there is no Chromium."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--objects", type=int, default=1000)
    parser.add_argument("--shots", type=Path)
    parser.add_argument("--report", type=Path, default=ROOT / "var" / "reports" / "browser.json")
    wish = parser.parse_args(arguments)
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.stderr.write("chromium is not installed (apt-get install chromium fonts-noto-cjk): nothing was looked at\n")
        return 2
    begun, report = time.monotonic(), Report()
    with TemporaryDirectory(prefix="shuangsui-browser-") as folder, town(Path(folder), wish.objects) as place:
        found = stops(place)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=ARGS)
            for stop in found:
                for size in SIZES:
                    if wish.shots:
                        shoot(wish.shots, browser, place, stop, size)
                    else:
                        look(report, browser, place, stop, size, scripts=True)
                        look(report, browser, place, stop, size, scripts=False)
            for use in () if wish.shots else uses(browser, place):
                report.uses.append(use)
                report.ask(use.steps <= PROMISED[use.who], f"first use of a {use.who}: {use.steps} interactions")
    if wish.shots:
        print(f"{len({stop.kind for stop in found})} kinds of pages in {wish.shots}")
        return 0
    return told(report, wish.report, len({stop.kind for stop in found}), time.monotonic() - begun)


def told(report: Report, path: Path, kinds: int, seconds: float) -> int:
    """The table, and the report of DESIGN §12."""
    figures = {"kinds": kinds, "pages": len(report.pages), "viewports": len(SIZES), "languages": 1}
    figures |= {f"{use.who}_{name}": value for use in report.uses for name, value in told_of(use).items()}
    figures |= {"checks": report.checks, "failures": len(report.wrong), "seconds": round(seconds)}
    for name, value in figures.items():
        print(f"{name:22}{value:>8,}")
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    document = {
        "target": "browser", "commit": commit.stdout.strip(), "checks": report.checks, "failures": len(report.wrong),
        "skipped": ["English: there is none yet"], "figures": figures, "found": report.wrong,
    }  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1), "utf-8")
    return 1 if report.wrong else 0


def told_of(use: Use) -> dict[str, int]:
    """Its figures."""
    return {"interactions": use.steps, "seconds": round(use.seconds)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
