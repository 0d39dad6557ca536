"""Every fenced example of a README is executed by a test, or needs what no test has."""

from __future__ import annotations

from pathlib import Path

from command import ROOT
from examples import every, taken

TESTS = ROOT / "tests"
READERS = (
    "README.md", "helm/README.md", "platform/README.md", "platform/fairdraw/README.md", "plugins/README.md",
    "tenants/README.md", "tests/README.md", "tests/vectors/README.md",
)  # fmt: skip
CLUSTER, IMAGE = "needs a cluster", "needs a registry of images"
ELSEWHERE = {
    ("helm/README.md", "console", 0): CLUSTER, ("helm/README.md", "console", 1): CLUSTER,
    ("helm/README.md", "console", 2): "test_scripts.py restores a backup by the chart's own scripts",
    ("helm/README.md", "sh", 0): CLUSTER, ("helm/README.md", "dockerfile", 0): IMAGE,
    ("helm/README.md", "sql", 0): "test_scripts.py makes the same roles by the chart's own script",
}  # fmt: skip
"""Blocks that no test executes as they stand, and why."""


def places() -> set[tuple[str, str, int]]:
    return {place for file in READERS for place in every(file, (ROOT / file).read_text("utf-8"))}


def executed() -> set[tuple[str, str, int]]:
    return {place for path in sorted(TESTS.rglob("test_*.py")) for place in taken(path)}


def test_every_example_is_executed() -> None:
    """A block that a test takes, or one of the few that are accounted for; none is both, and none is gone."""
    assert places() == executed() | ELSEWHERE.keys()
    assert executed() & ELSEWHERE.keys() == set()


def test_example_that_nobody_executes_would_be_found(tmp_path: Path) -> None:
    """One more block in a README is a place that no test takes."""
    text = (ROOT / "plugins" / "README.md").read_text("utf-8")
    before = set(every("plugins/README.md", text))
    added = set(every("plugins/README.md", f"{text}\n```python\nprint()\n```\n")) - before
    assert added == {("plugins/README.md", "python", 4)}
    (tmp_path / "test_x.py").write_text("example('plugins/README.md', 'python', 4)\nexample('a.md', 'sh')\n")
    assert set(taken(tmp_path / "test_x.py")) == {("plugins/README.md", "python", 4), ("a.md", "sh", 0)}
    assert added & executed() == set()
