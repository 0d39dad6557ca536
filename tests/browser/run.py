"""`make browser`: every kind of page × viewports × languages × scripts on or off, and what was wrong; 0 is the promise.

`--shots FOLDER` keeps a picture of each page instead of asking all the questions.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(Path(__file__).parent), str(ROOT / "tests" / "support")]

from axe_playwright_python.sync_playwright import Axe  # noqa: E402 - the support of the tests is no package
from conftest import ARGS  # noqa: E402
from newcomers import uses  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402
from reporting import Report, told  # noqa: E402
from tour import PUBLIC, Stop, Town, stops, town  # noqa: E402

from english import chinese_in  # noqa: E402
from programs import provide  # noqa: E402
from shuangsui.web.languages import CHINESE, COOKIE, tag  # noqa: E402
from uses import PROMISED  # noqa: E402

SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
QUIET = 10_000
"""Milliseconds in which a page has to be there."""


@contextmanager
def visit(browser: Browser, place: Town, stop: Stop, size: str, *, scripts: bool) -> Iterator[tuple[Page, list[str]]]:
    """The page, in a context of its own, and whatever the browser said of it."""
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, java_script_enabled=scripts)
    if stop.who != PUBLIC:
        with closing(place.visitor(stop.who)) as client:
            cookies = client.cookies.jar
            context.add_cookies([{"name": one.name, "value": one.value or "", "url": place.url} for one in cookies])
    context.add_cookies([{"name": COOKIE, "value": stop.language, "url": place.url}])
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
    name = f"{stop.path} ({stop.who}, {stop.language}, {size}, scripts {'on' if scripts else 'off'})"
    report.pages.add(stop.path)
    with visit(browser, place, stop, size, scripts=scripts) as (page, said):
        report.ask(page.locator("h1").first.is_visible(), f"{name}: no heading")
        report.ask(page.locator("[style]").count() == 0, f"{name}: a style attribute")
        report.ask(page.locator("html").get_attribute("lang") == tag(stop.language), f"{name}: not in its language")
        if stop.language != CHINESE:
            left = chinese_in(page.content())
            report.ask(not left, f"{name}: {left[:5]}")
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
    path = folder / stop.language / size / f"{kind}.png"
    if not path.exists():
        with visit(browser, place, stop, size, scripts=True) as (page, _):
            page.screenshot(path=path, full_page=True)


def examine(report: Report, browser: Browser, place: Town, found: Sequence[Stop]) -> None:
    """Every page in every way, then the first uses."""
    for stop, size, scripts in product(found, SIZES, (True, False)):
        look(report, browser, place, stop, size, scripts=scripts)
    for use in uses(browser, place):
        report.uses.append(use)
        report.ask(use.steps <= PROMISED[use.who], f"first use of a {use.who}: {use.steps} interactions")


def hear(report: Report) -> None:
    """The stories, each with a browser of its own."""
    with TemporaryDirectory(prefix="shuangsui-stories-") as folder:
        junit = Path(folder) / "stories.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", f"--junitxml={junit}"]
        subprocess.run([*command, str(Path(__file__).parent)], cwd=ROOT, check=False)
        report.heard(junit)


def main(arguments: Sequence[str]) -> int:
    """Exit status 1 for anything wrong, 2 where there is no Chromium."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--objects", type=int, default=1000)
    parser.add_argument("--shots", type=Path)
    parser.add_argument("--report", type=Path, default=ROOT / "var" / "reports" / "browser.json")
    wish = parser.parse_args(arguments)
    missing = provide()
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.stderr.write("\n".join([*missing, "nothing was looked at\n"]))
        return 2
    begun, report = time.monotonic(), Report()
    with TemporaryDirectory(prefix="shuangsui-browser-") as made, town(Path(made), wish.objects) as place:
        found = stops(place)
        kinds = {stop.kind for stop in found}
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=ARGS)
            if wish.shots:
                for stop, size in product(found, SIZES):
                    shoot(wish.shots, browser, place, stop, size)
                print(f"{len(kinds)} kinds of pages in {wish.shots}")
                return 0
            examine(report, browser, place, found)
    hear(report)
    seconds = round(time.monotonic() - begun)
    languages = len({stop.language for stop in found})
    return told(report, wish.report, kinds=len(kinds), viewports=len(SIZES), languages=languages, seconds=seconds)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
