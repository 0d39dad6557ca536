"""`make bench-pages`: from a change in the list of objects to the painted new list, on the demo with 100 000 objects.

Median of each kind of change in a real browser; at most 120 ms is promised.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests" / "browser"), str(ROOT / "tests" / "support")]

from conftest import ARGS  # noqa: E402 - the support of the tests is no package
from playwright.sync_api import Page, sync_playwright  # noqa: E402
from tour import Town, town  # noqa: E402

LIMIT = 120.0
WHO = "lead"
LIST = "/console/objects"
TIMED = """async ([selector, value]) => {
  const begun = performance.now();
  const painted = new Promise((done) => document.addEventListener(
    "swapped", () => requestAnimationFrame(() => setTimeout(done)), { once: true }));
  const element = document.querySelector(selector);
  if (value === null) element.click();
  else { element.value = value; element.dispatchEvent(new Event("change", { bubbles: true })); }
  await painted;
  return performance.now() - begun;
}"""
"""The time a person waits: from the change until the frame after the exchange."""


def timed(page: Page, selector: str, value: str | None = None) -> float:
    """One change, milliseconds."""
    taken: float = page.evaluate(TIMED, [selector, value])
    return taken


def changes(page: Page, times: int) -> dict[str, list[float]]:
    """Every kind of change so many times, one after the other."""
    districts = [one for one in page.locator("#q-district option").evaluate_all("all => all.map(o => o.value)") if one]
    kinds: dict[str, Callable[[int], float]] = {
        "next page": lambda _: timed(page, "#next-0"),
        "sort": lambda _: timed(page, "#sort-0-name"),
        "filter": lambda n: timed(page, "#q-district", districts[n % len(districts)]),
        "class": lambda n: timed(page, "#q-risk_class", "ABCD"[n % 4]),
    }
    found = {}
    for kind, change in kinds.items():
        page.goto(page.url.partition("?")[0])
        change(-1)
        found[kind] = [change(n) for n in range(times)]
    return found


def measured(place: Town, chromium: str, times: int) -> dict[str, list[float]]:
    """In a browser of somebody who has signed in."""
    with sync_playwright() as playwright, closing(place.visitor(WHO)) as client:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGS)
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": c.name, "value": c.value or "", "url": place.url} for c in client.cookies.jar])
        page = context.new_page()
        page.goto(place.url + LIST)
        return changes(page, times)


def main(arguments: Sequence[str]) -> int:
    """Exit status 1 if a median is beyond the limit, 2 where there is no Chromium."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--objects", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=30)
    parser.add_argument("--report", type=Path, default=ROOT / "var" / "reports" / "bench-pages.json")
    wish = parser.parse_args(arguments)
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.stderr.write("chromium is not installed (apt-get install chromium fonts-noto-cjk): nothing was measured\n")
        return 2
    with TemporaryDirectory(prefix="shuangsui-pages-") as folder, town(Path(folder), wish.objects) as place:
        found = measured(place, chromium, wish.times)
    figures = {
        kind: {"p50": round(median(one), 1), "p95": round(quantiles(one, n=20)[-1], 1)} for kind, one in found.items()
    }
    print(f"{wish.objects} objects, milliseconds from change to painted list, at most {LIMIT:.0f} in the median")
    for kind, one in figures.items():
        print(f"{kind:12}{one['p50']:>8}{one['p95']:>8}")
    slow = [kind for kind, one in figures.items() if one["p50"] > LIMIT]
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    document = {
        "target": "bench-pages", "commit": commit.stdout.strip(), "checks": len(figures), "failures": len(slow),
        "skipped": [], "figures": figures,
    }  # fmt: skip
    wish.report.parent.mkdir(parents=True, exist_ok=True)
    wish.report.write_text(json.dumps(document, ensure_ascii=False, indent=1), "utf-8")
    return int(bool(slow))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
