"""`make test`: install what the suite needs and the machine lacks, run everything, say what was not run and why."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).parents[1]
REPORTS = ROOT / "var" / "reports"
PACKAGES = {
    "chromium": ["chromium", "fonts-noto-cjk"],
    "nginx": ["nginx-light"],
    "node": ["nodejs"],
    "rabbitmq-server": ["rabbitmq-server"],
    "redis-server": ["redis-server"],
}
"""Program that tests look for → Debian packages that bring it."""


def provide() -> list[str]:
    """Install missing programs where that is possible; a line for each that stays missing."""
    missing = [program for program in PACKAGES if shutil.which(program) is None]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        packages = [package for program in missing for package in PACKAGES[program]]
        quietly(["apt-get", "update"])
        quietly(["apt-get", "install", "--yes", "--no-install-recommends", *packages])
    return [f"{program}: not installed" for program in missing if shutil.which(program) is None]


def quietly(command: list[str]) -> None:
    """Run a package manager's command; whether it helped shows in what is there afterwards."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, env=environment, capture_output=True, check=False)


def run(arguments: list[str]) -> int:
    """pytest over the whole suite, two workers, what shares a module's set-up in one of them; its exit status."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", *arguments]
    command.append(f"--junitxml={REPORTS / 'junit.xml'}")
    return subprocess.run(command, cwd=ROOT, check=False, preexec_fn=yielding).returncode


def yielding() -> None:
    """Last in line, where the processes of plugins are already: they would wait for tests that wait for them."""
    os.nice(19)


def report(status: int, missing: list[str]) -> None:
    """``var/reports/test.json`` and the closing line."""
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
    document = {
        "target": "test", "commit": commit.stdout.strip(), "checks": counts["tests"], "failures": failed,
        "skipped": skipped, "figures": {"seconds": float(suite.get("time", "0")), "exit_status": status},
    }  # fmt: skip
    (REPORTS / "test.json").write_text(json.dumps(document, ensure_ascii=False, indent=1), "utf-8")
    for entry in skipped:
        print(f"not run: {entry['what']}: {entry['why']}")
    for line in missing:
        print(f"not available: {line}")
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
