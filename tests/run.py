"""`make test`: install what the suite needs and the machine lacks, run everything, say what was not run and why."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).parents[1]
REPORTS = ROOT / "var" / "reports"
ORDER = "--no-loadscope-reorder"
"""The longest file first, as it is collected; xdist alone would begin with the files of most tests."""
sys.path[:0] = [str(ROOT / "tests" / "support")]

from programs import provide  # noqa: E402 - the support of the tests is no package


def run(arguments: list[str]) -> int:
    """pytest over the whole suite, two workers, what shares a module's set-up in one of them; its exit status."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", ORDER, *arguments]
    command.append(f"--junitxml={REPORTS / 'junit.xml'}")
    environment = os.environ | {"SHUANGSUI_SUITE": "1"}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False, preexec_fn=yielding).returncode


def yielding() -> None:
    """Last in line, where the processes of plugins are already: they would wait for tests that wait for them."""
    os.nice(19)


def report(status: int, missing: list[str]) -> None:
    """``var/reports/test.json``, what tests counted, and the closing line."""
    suite = ET.parse(REPORTS / "junit.xml").getroot().find("testsuite")
    assert suite is not None
    counts = {name: int(suite.get(name, "0")) for name in ("tests", "failures", "errors", "skipped")}
    skipped = [
        {"what": f"{case.get('classname')}.{case.get('name')}", "why": note.get("message", "")}
        for case in suite.iter("testcase")
        for note in case.iter("skipped")
    ]
    failed = counts["failures"] + counts["errors"]
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    counted = {f"{one.get('name')}": f"{one.get('value')}" for one in suite.iter("property")}
    document = {
        "target": "test", "commit": commit.stdout.strip(), "checks": counts["tests"], "failures": failed,
        "skipped": skipped, "figures": {"seconds": float(suite.get("time", "0")), "exit_status": status, **counted},
    }  # fmt: skip
    (REPORTS / "test.json").write_text(json.dumps(document, ensure_ascii=False, indent=1), "utf-8")
    for entry in skipped:
        print(f"not run: {entry['what']}: {entry['why']}")
    for line in missing:
        print(f"not available: {line}")
    for name, value in counted.items():
        print(f"{name}: {value}")
    print("left to make fuzz: on SQLite four of five tests of the areas' services")
    passed = counts["tests"] - failed - counts["skipped"]
    print(f"{passed} passed, {failed} failed, {counts['skipped']} skipped")


def main() -> int:
    """Exit status of the suite."""
    missing = provide()
    status = run(sys.argv[1:])
    report(status, missing)
    return status


if __name__ == "__main__":
    sys.exit(main())
