"""What a vendor gets: a template that works as it is, fixtures, a quality list; and a plugin in a few lines."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from command import ROOT, Installation
from distributions import GOOD, SPEAKING
from shuangsui.cli import plugin as commands
from shuangsui.errors import BadInput
from shuangsui.extension import scaffold
from shuangsui.testing import quality

MAIN = "from shuangsui.cli import main; main()"
WORDS = ("--tenant", "yuzhong")
EDITED = '''    def publish(self, bundle: Bundle) -> Receipt:
        """Keep the files, and a line for the list that the district prints."""
        place = self._place(bundle)
        for file in bundle.files:
            (place / file.path).parent.mkdir(parents=True, exist_ok=True)
            (place / file.path).write_bytes(file.data)
        with (self.folder / "list.txt").open("a", encoding="utf-8") as lines:
            lines.write(f"{bundle.digest} {bundle.kind}/{bundle.key}\\n")
        return self.read_back(bundle)
'''


@pytest.fixture
def made(tmp_path: Path):
    """``made("hello-channel", "channel")`` is a new plugin, installed where :func:`python` finds it."""

    def make(name: str, kind: str) -> Path:
        scaffold.write(name, kind, tmp_path / "vendor")
        return install(tmp_path / "vendor" / name, tmp_path / "site")

    return make


def install(plugin: Path, site: Path) -> Path:
    """As ``pip install`` does it, without asking any registry."""
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-index",
           "--no-build-isolation", "--upgrade", "--target", str(site), str(plugin))  # fmt: skip
    subprocess.run(pip, check=True, capture_output=True)
    return plugin


def python(site: Path, *words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A process in which the plugin is installed."""
    paths = os.pathsep.join([str(site), *(path for path in sys.path if path)])
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "SHUANGSUI"))}
    environment |= {
        "PYTHONPATH": paths,
        "SHUANGSUI_VAR": str(folder / "var"),
        "SHUANGSUI_TENANTS": str(ROOT / "tenants"),
    }
    return subprocess.run(
        [sys.executable, *words], env=environment, cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("kind", scaffold.KINDS)
def test_generated_plugin_passes_its_own_tests_and_the_quality_list(made, tmp_path, kind):
    """Before its vendor has written a line."""
    folder = made(f"hello-{kind}", kind)
    tests = python(tmp_path / "site", "-m", "pytest", "-q", "-p", "no:cacheprovider", folder=folder)
    assert (tests.returncode, tests.stdout.splitlines()[-1].partition(" in ")[0].endswith("passed")) == (0, True)
    checked = python(tmp_path / "site", "-c", MAIN, "plugin", "check", f"hello-{kind}", "--json", folder=tmp_path)
    verdicts = json.loads(checked.stdout)
    assert [one for one in verdicts if one["problem"]] == []
    assert [one["check"] for one in verdicts] == [check.__name__ for check in quality.CHECKS]


def test_kinds_of_the_command_are_those_of_the_templates():
    """A template without its word, or a word without its template."""
    assert set(get_args(commands.Kind)) == set(scaffold.KINDS)


@pytest.mark.parametrize(
    ("name", "code"),
    [("Hello", "plugin_name_invalid"), ("../x-y", "plugin_name_invalid"), ("a-b", "plugin_folder_taken")],
)
def test_what_cannot_be_generated_leaves_everything_alone(tmp_path, name, code):
    """A name that is none, and a folder that is there."""
    (tmp_path / "a-b").mkdir()
    with pytest.raises(BadInput) as caught:
        scaffold.write(name, "channel", tmp_path, "x")
    assert (caught.value.code, [path.name for path in tmp_path.iterdir()]) == (code, ["a-b"])


def test_one_edited_method_reaches_one_district(tmp_path):
    """New, edited, installed, enabled, published: the district has it and the city does not."""
    (path,) = [one for one in scaffold.write("hello-channel", "channel", tmp_path, "样板") if one.name == "channel.py"]
    source = path.read_text("utf-8")
    start, end = source.index("    def publish"), source.index("    def read_back")
    path.write_text(f"{source[:start]}{EDITED}\n{source[end:]}", "utf-8")
    install(tmp_path / "hello-channel", tmp_path / "site")
    here = Installation(tmp_path / "var")
    people(here)
    run = lambda *words: python(tmp_path / "site", "-c", MAIN, *words, folder=tmp_path)  # noqa: E731
    enabled = run("plugin", "enable", "hello-channel", "--as", "root", *WORDS)
    assert enabled.returncode == 0, enabled.stderr
    published = run("disclosure", "publish", "--as", "lead", *WORDS)
    assert published.returncode == 0, published.stderr
    listed = (tmp_path / "var" / "hello-channel" / "list.txt").read_text("utf-8").splitlines()
    assert len(listed) == len(set(listed)) > 0
    assert len(EDITED.splitlines()) < 40
    shown = json.loads(run("plugin", "list", "--tenant", "chongqing", "--json").stdout)
    assert next(one["state"] for one in shown if one["name"] == "hello-channel") == "disabled"


def people(here: Installation) -> None:
    """A district with a system administrator and a lead office."""
    here.done("user", "bootstrap", "sec.admin", "--name", "安全员", *WORDS)
    for login, role in (("root", "system_admin"), ("lead", "lead_office")):
        here.done("user", "add", login, "--name", login, "--as", "sec.admin", *WORDS)
        here.done("user", "grant", login, role, "--as", "sec.admin", *WORDS)


BAD = {
    "described": SPEAKING.replace("用什么词", "which word"),
    "without_secrets": SPEAKING.replace("word: str", "token: str").replace("options.word", "options.token"),
    "shallow": SPEAKING + "\nfrom shuangsui import db\n",
    "declared": SPEAKING + "\nimport httpx\n",
    "healthy": SPEAKING.replace("用的是", "I use").replace("。", "."),
    "repeatable": SPEAKING.replace(
        "def publish(self, bundle): ...",
        "def publish(self, bundle):\n        import itertools\n        from shuangsui import Receipt\n"
        "        self.n = getattr(self, 'n', 0) + 1\n        return Receipt('x', f'{self.n}', bundle.digest, False)",
    ),
    "prompt": SPEAKING.replace("    return [Channel", "    import time\n    time.sleep(1.5)\n    return [Channel"),
    "loads": "import a_module_that_is_not_there\n",
    "configured": SPEAKING.replace("return [Channel(context.options)]", "return [1]"),
}


TELLING = """
import os
from shuangsui import Health, PluginOptions, hookimpl
api = 1
class Options(PluginOptions):
    word_env: str = "WORD"
class Channel:
    name, network = "telling", False
    def publish(self, bundle): ...
    def read_back(self, bundle): ...
    def check(self): return Health(True, f"口令是 {os.environ.get('WORD')}。")
@hookimpl
def register_disclosure_channels(): return [Channel()]
"""


@pytest.mark.parametrize("check", BAD)
def test_quality_list_finds(installed, tmp_path, check):
    """Each of these is what a plugin does wrong, and its check says so."""
    name = installed("bad", BAD[check])
    found = {one.check: one.problem for one in quality.verdicts(name, tmp_path / "check", {})}
    assert found[check]


def test_quality_list_finds_a_secret_that_is_told(installed, tmp_path):
    """Wherever it comes out."""
    told = (
        SPEAKING.replace('word: str = Field("plain"', 'word_env: str = Field("WORD"')
        .replace("options.word, options", "'x', options")
        .replace('self.options.word != "bad"', "True")
        .replace("{self.options.word}", "{__import__('os').environ.get('WORD')}")
    )
    found = {one.check: one.problem for one in quality.verdicts(installed("bad", told), tmp_path / "check", {})}
    assert found["discreet"] == "口令出现了。"


def test_quality_list_needs_the_options_a_plugin_needs(installed, tmp_path):
    """Without them it says which; with them it goes on."""
    needs = SPEAKING.replace('Field("plain", ', "Field(")
    name = installed("needs", needs)
    first = list(quality.verdicts(name, tmp_path / "one", {}))
    assert (first[-1].check, "options.needs.word" in first[-1].problem) == ("configured", True)
    second = {one.check: one.problem for one in quality.verdicts(name, tmp_path / "two", {"word": "given"})}
    assert (second["configured"], second["healthy"]) == ("", "")


def test_fixtures_are_a_whole_authority(installed, tenant, draw, client, clock, sink):
    """What a vendor's own tests are given, used once each."""
    installed("good", GOOD)
    trial = tenant("good")
    drawn = draw(trial)
    clock(trial, days=2)
    browser = client(trial, "lead")
    assert browser.get(f"/api/draws/{drawn.no}").json()["facts"]["状态"] == "已抽取"
    assert sink.received == []
