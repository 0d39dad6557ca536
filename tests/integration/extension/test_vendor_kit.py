"""What a vendor gets: a template that works as it is, fixtures, a quality list; and a plugin in a few lines."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
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


def test_one_edited_method_reaches_one_district(tmp_path, record_property, capsys):
    """New, edited, installed, enabled, published: the district has it and the city does not; how long that takes, and
    how many lines are the vendor's, stands in the report."""
    started = time.monotonic()
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
    walk = {"walk_seconds": round(time.monotonic() - started, 1), "vendor_lines": len(EDITED.splitlines())}
    for name, figure in walk.items():
        record_property(name, figure)
    with capsys.disabled():
        print(
            "\nhello-channel: from `plugin new` to a publication in {walk_seconds} s, {vendor_lines} lines".format(
                **walk
            )
        )
    listed = (tmp_path / "var" / "hello-channel" / "list.txt").read_text("utf-8").splitlines()
    assert len(listed) == len(set(listed)) > 0
    assert walk["vendor_lines"] < 40
    shown = json.loads(run("plugin", "list", "--tenant", "chongqing", "--json").stdout)
    assert next(one["state"] for one in shown if one["name"] == "hello-channel") == "disabled"


def people(here: Installation) -> None:
    """A district with a system administrator and a lead office."""
    here.done("user", "bootstrap", "sec.admin", "--name", "安全员", *WORDS)
    for login, role in (("root", "system_admin"), ("lead", "lead_office")):
        here.done("user", "add", login, "--name", login, "--as", "sec.admin", *WORDS)
        here.done("user", "grant", login, role, "--as", "sec.admin", *WORDS)


SENDING = """
import itertools
from shuangsui import *
from shuangsui import hookimpl
from pydantic import Field
import httpx
api = 1
class Options(PluginOptions):
    address: str = Field("http://127.0.0.1:8090/sms", description="网址")
    token_env: str = Field("SOME_TOKEN", description="令牌所在的环境变量")
NUMBERS = itertools.count()
class Gateway:
    name, address_kind, kinds, duty, schema = "gateway", "phone", ("result",), "", {}
    def __init__(self, options): self.options = options
    def send(self, message):
        import os
        headers = {"Authorization": f"Bearer {os.environ[self.options.token_env]}"}
        form = {"mobile": message.address, "content": message.title, "out_id": NUMBER}
        httpx.post(self.options.address, data=form, headers=headers).raise_for_status()
        return MessageReceipt(self.name, message.id, "1")
    def check(self): return Health(True, "可以连接。")
@hookimpl
def register_notifiers(context): return [Gateway(context.options)]
"""
EXPORTING = """
import itertools
from shuangsui import *
from shuangsui import hookimpl
api = 1
NUMBERS = itertools.count()
class System:
    name, kinds, duty, schema = "system", ("result",), "", {}
    def takes(self, item): return True
    def convert(self, item):
        return Package(item.external_id, item.revision, item.action, "x.json", "application/json", b"{}")
    def send(self, package): return Receipt(self.name, str(NUMBER), package.digest, False)
    def read_back(self, package): return Receipt(self.name, "1", package.digest, SHOWN)
    def check(self): return Health(True, "可以连接。")
@hookimpl
def register_exporters(): return [System()]
"""
DOOR = """
from shuangsui import *
from shuangsui import hookimpl
api = 1
class Door:
    name = "door"
    def answer(self, call): return Reply(200)
@hookimpl
def register_callbacks(): return [Door()]
"""
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
    def check(self): return Health(True, f"口令是 {os.environ.get(CHOSEN)}。")
@hookimpl
def register_disclosure_channels(context):
    global CHOSEN
    CHOSEN = context.options.word_env
    return [Channel()]
"""
HELD = SPEAKING.replace("def publish(self, bundle): ...", "def publish(self, bundle): return self.read_back(bundle)")
HELD = HELD.replace(
    "def read_back(self, bundle): ...",
    "def read_back(self, bundle):\n        from shuangsui import Receipt\n"
    "        return Receipt('x', REFERENCE, bundle.digest, True)",
)
HOOK = "    return [Channel"
FRESH = "str(__import__('time').perf_counter_ns())"
WAITING = HELD.replace('Field("plain", description', 'Field("http://a.example", description').replace(
    "max_length=8", "max_length=99"
)
STORE = """
import os
from shuangsui import Health, hookimpl
api = 1
class Store:
    name, network = "keys", False
    def current(self): return "1"
    def derive(self, key, purpose): return KEY
    def renew(self): return "1"
    def check(self): return Health(True, "可以使用。")
@hookimpl
def register_key_stores(context): return [Store()]
"""
"""A key store whose keys are what each test says."""
BAD = {
    "loads": ["import a_module_that_is_not_there\n"],
    "configured": [SPEAKING.replace("return [Channel(context.options)]", "return [1]")],
    "named": [SPEAKING],
    "bounded": [SPEAKING],
    "described": [SPEAKING.replace("用什么词", "which word")],
    "without_secrets": [
        SPEAKING.replace("class Channel:", "    password: SecretStr = Field(SecretStr(''), description='口令')\n"
                         "class Channel:").replace("import Field", "import Field, SecretStr"),
    ],
    "shallow": [SPEAKING + "\nfrom shuangsui import db\n"],
    "modest": [
        SPEAKING + "\nimport os\nHOME = os.environ['HOME']\n",
        SPEAKING + "\nimport os\nHOME = os.getenv('HOME')\n",
        SPEAKING + "\nimport subprocess\n",
        SPEAKING + "\nfrom sqlite3 import connect\n",
        SPEAKING + "\nimport os\ndef leave(): os._exit(1)\n",
    ],
    "declared": [SPEAKING + "\nimport httpx\n"],
    "light": [SPEAKING + "\nimport time\nend = time.process_time() + 0.8\nwhile time.process_time() < end: pass\n"],
    "prompt": [SPEAKING.replace(HOOK, f"    import time\n    time.sleep(1.5)\n{HOOK}")],
    "healthy": [SPEAKING.replace("用的是", "I use").replace("。", ".")],
    "discreet": [TELLING],
    "removable": [
        SPEAKING.replace(HOOK, f"    import os\n    os.environ['LEFT'] = 'x'\n{HOOK}"),
        SPEAKING.replace(HOOK, "    import threading, time\n    threading.Thread(target=time.sleep, args=(60,), "
                         f"name='left', daemon=True).start()\n{HOOK}"),
        SPEAKING.replace(HOOK, f"    context.public.mkdir(parents=True, exist_ok=True)\n{HOOK}"),
        SPEAKING + "\nimport logging\nlogging.getLogger().addHandler(logging.StreamHandler())\n",
        SPEAKING.replace("self.name, self.options = options.word", f"self.name, self.options = {FRESH}"),
    ],
    "repeatable": [
        HELD.replace("REFERENCE", FRESH),
        HELD.replace("REFERENCE", "'x'").replace("bundle.digest, True", "bundle.digest, False"),
        SENDING.replace("NUMBER}", "next(NUMBERS)}"),
        EXPORTING.replace("NUMBER)", "next(NUMBERS))").replace("SHOWN", "True"),
        EXPORTING.replace("NUMBER)", "1)").replace("SHOWN", "False"),
    ],
    "wary": [DOOR],
    "constant": [STORE.replace("KEY", "os.urandom(32)"), STORE.replace("KEY", "b'k' * 32")],
    "patient": [
        WAITING.replace("REFERENCE", "'x'").replace("return Health", "import time; time.sleep(1); return Health"),
        WAITING.replace("REFERENCE", "'x'").replace(
            "def publish(self, bundle): ", "def publish(self, bundle):\n        import time; time.sleep(1)\n        "
        ),
    ],
}  # fmt: skip
"""By check: plugins that fail it, each in a way of its own."""
GOOD_ONES = [
    HELD.replace("REFERENCE", "'x'"),
    SENDING.replace("NUMBER}", "message.id}").replace("data=form", "data=form, timeout=1"),
    EXPORTING.replace("NUMBER)", "1)").replace("SHOWN", "True"),
]


def test_every_check_has_a_plugin_that_fails_it():
    """One that nothing can fail would prove nothing."""
    assert [*BAD] == [check.__name__ for check in quality.CHECKS]


@pytest.mark.parametrize(("check", "source"), [(check, one) for check, sources in BAD.items() for one in sources])
def test_quality_list_finds(installed, tmp_path, monkeypatch, check, source):
    """Each of these is what a plugin does wrong, and its check says so."""
    monkeypatch.setattr(quality, "PATIENCE", 0.9)
    checks = [quality.loads, getattr(quality, check)]
    found = {one.check: one.problem for one in quality.verdicts(installed("bad", source), tmp_path / "c", {}, checks)}
    assert found[check]


@pytest.mark.parametrize("source", GOOD_ONES)
def test_quality_list_lets_pass_what_is_delivered_once_and_leaves_nothing(installed, tmp_path, source):
    """The same plugins without their mistake: a channel, a notifier and an exporter."""
    checks = [
        getattr(quality, name) for name in ("loads", "configured", "modest", "removable", "repeatable", "patient")
    ]
    found = list(quality.verdicts(installed("good", source), tmp_path / "c", {}, checks))
    assert [(one.check, one.problem) for one in found] == [(check.__name__, "") for check in checks]


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
