"""`make plugins`: every plugin's own suite and the quality list against this tree, and a table."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PLUGINS = ROOT / "plugins"
REPORT = ROOT / "var" / "reports" / "plugins.json"
MAIN = "from shuangsui.cli import main; main()"
TITLES = ("插件", "自己的测试", "质量检查", "秒")


@dataclass(frozen=True)
class Outcome:
    """What came of one distribution: ``tests`` is pytest's last line, ``problems`` what the quality list found."""

    plugin: str
    tests: str
    passed: bool
    problems: list[str]
    seconds: float

    @property
    def good(self) -> bool:
        """Nothing to repair."""
        return self.passed and not self.problems


def outcome(folder: Path) -> Outcome:
    """Of one folder; a library without an entry point has no quality list."""
    started = time.monotonic()
    tests = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", str(folder / "tests")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    last = (tests.stdout.strip().splitlines() or [tests.stderr[-200:]])[-1]
    problems = [problem for name in names(folder) for problem in problems_of(name, folder)]
    return Outcome(folder.name, last, tests.returncode == 0, problems, round(time.monotonic() - started, 1))


def names(folder: Path) -> list[str]:
    """The plugins that the distribution enters."""
    project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
    return [*project.get("entry-points", {}).get("shuangsui", {})]


def problems_of(name: str, folder: Path) -> list[str]:
    """What the quality list finds, with the options that the plugin is tried with."""
    options = ["--options", str(folder / "check.toml")] if (folder / "check.toml").is_file() else []
    words = [sys.executable, "-c", MAIN, "plugin", "check", name, "--json", *options]
    said = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    try:
        return [f"{one['check']}: {one['problem']}" for one in json.loads(said.stdout) if one["problem"]]
    except json.JSONDecodeError:
        return [said.stderr.strip()[-300:]]


def main() -> int:
    """Exit status: 0 if every plugin is good."""
    chosen = [PLUGINS / name for name in sys.argv[1:]] or sorted(
        path.parent for path in PLUGINS.glob("*/pyproject.toml")
    )
    found = []
    print("\t".join(TITLES))
    for folder in chosen:
        found.append(one := outcome(folder))
        print("\t".join((one.plugin, one.tests, "；".join(one.problems) or "通过", f"{one.seconds}")), flush=True)
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    document = {
        "target": "plugins", "commit": commit.stdout.strip(), "checks": len(found),
        "failures": sum(not one.good for one in found), "skipped": [],
        "figures": {one.plugin: asdict(one) for one in found},
    }  # fmt: skip
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(json.dumps(document, ensure_ascii=False, indent=1), "utf-8")
    return 0 if all(one.good for one in found) else 1


if __name__ == "__main__":
    sys.exit(main())
