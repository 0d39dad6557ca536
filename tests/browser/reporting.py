"""What was asked of the pages and answered wrongly, as a table and as the report of DESIGN §12."""

from __future__ import annotations

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from pathlib import Path

from newcomers import Use

ROOT = Path(__file__).parents[2]


@dataclass
class Report:
    """How many questions were asked of how many pages, and the answers that were wrong."""

    pages: set[str] = field(default_factory=set)
    checks: int = 0
    wrong: list[str] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    stories: int = 0
    skipped: list[str] = field(default_factory=list)

    def ask(self, good: object, said: str) -> None:
        """One question; ``said`` is told if the answer is no."""
        self.checks += 1
        if not good:
            self.wrong.append(said)
            sys.stderr.write(f"WRONG {said}\n")

    def heard(self, junit: Path) -> None:
        """What the stories in a browser (``tests/browser/test_*.py``) came to; one left out is told."""
        for case in ET.parse(junit).iter("testcase"):
            name = f"{case.get('classname')}.{case.get('name')}"
            if (why := case.find("skipped")) is not None:
                self.skipped.append(f"{name}: {why.get('message')}")
                continue
            self.stories += 1
            self.ask(case.find("failure") is None and case.find("error") is None, name)

    def figures(self) -> dict[str, int]:
        """Name → value, in the order of the table."""
        ways = {"interactions": lambda use: use.steps, "seconds": lambda use: round(use.seconds)}
        uses = {f"{use.who}_{name}": value(use) for use in self.uses for name, value in ways.items()}
        counts = {"pages": len(self.pages), "stories": self.stories, **uses}
        return {**counts, "checks": self.checks, "failures": len(self.wrong)}


def told(report: Report, path: Path, **more: int) -> int:
    """The table and the file; 1 if anything was wrong."""
    figures = {**more, **report.figures()}
    for name, value in figures.items():
        print(f"{name:22}{value:>8,}")
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    document = {
        "target": "browser", "commit": commit.stdout.strip(), "checks": report.checks, "failures": len(report.wrong),
        "skipped": report.skipped, "figures": figures, "found": report.wrong,
    }  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1), "utf-8")
    return 1 if report.wrong else 0
