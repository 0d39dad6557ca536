"""``plugins/README.md`` says what the product does, and its example works."""

from __future__ import annotations

import hmac
import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import httpx
import pytest

import shuangsui
from command import ROOT, Installation
from examples import example
from ports import free_port
from shuangsui.called import Call, Reply
from shuangsui.contracts import Bundle, PublicFile
from shuangsui.errors import OutsideFailed
from shuangsui.extension import callbacks, reference, service
from shuangsui.extension.points import CALLBACKS
from shuangsui.extension.policy import KINDS
from shuangsui.hookspecs import PROJECT, Hooks
from shuangsui.notified import MessageReport
from shuangsui.testing import quality

TEXT = (Path(__file__).parents[3] / "plugins" / "README.md").read_text(encoding="utf-8")
T = ("--tenant", "chongqing")


def test_readme_is_the_rendered_reference():
    """Regenerate with ``shuangsui plugin reference > plugins/README.md``."""
    assert reference.render(quality.titles()) == TEXT


def test_every_hook_and_every_public_name_is_documented():
    """A hook without its heading, or a name without an entry, is missing here."""
    headings = re.findall(r"^### `(\w+)", TEXT, re.MULTILINE)
    assert set(headings) == {*KINDS, *shuangsui.__all__} - {"hookimpl"}


def test_every_hook_has_a_kind():
    """The loader knows exactly the hooks of ``hookspecs.py``."""
    assert set(KINDS) == {name for name in vars(Hooks) if not name.startswith("_")}


def test_example_is_a_working_plugin(installed, tenant, settings):
    """The module of the README, installed under the entry point of its pyproject, publishes and reads back."""
    name = next(iter(tomllib.loads(example("plugins/README.md", "toml", 0))["project"]["entry-points"][PROJECT]))
    installed(name, example("plugins/README.md", "python", 0))
    settings.public.mkdir(parents=True)
    (channel,) = service.channels(tenant([name], options='[options.channel-notice]\nfile = "a.txt"\n'), settings)
    bundle = Bundle("moushi", "home", "home", (PublicFile("index.html", b"x", "text/html"),))
    channel.publish(bundle)
    assert (channel.read_back(bundle).confirmed, channel.check().ok) == (True, True)


def test_tenant_example_is_valid_toml():
    """The second block is what an administrator writes."""
    assert tomllib.loads(example("plugins/README.md", "toml", 1))["options"]["channel-notice"] == {"file": "notice.txt"}


@contextmanager
def process(words: list[str], folder: Path) -> Iterator[None]:
    """A command of the README as a process of its own, once it has said that it has started."""
    command = [sys.executable, "-c", "from shuangsui.cli import main; main()", *words]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as child:
        assert child.stderr is not None
        assert "已经启动" in child.stderr.readline()
        yield
        child.terminate()


def with_feed(tenants: Path, port: str) -> Path:
    """A tree whose municipal commission has the example switched on."""
    shutil.copytree(ROOT / "tenants", tenants)
    file = tenants / "chongqing" / "tenant.toml"
    text = file.read_text("utf-8").replace('"channel-portal"', '"channel-portal", "feed-list"')
    file.write_text(text + example("plugins/README.md", "toml", 2).replace("8090", port).partition("\n")[2], "utf-8")
    return tenants


def test_feed_example_is_pulled_as_its_commands_say(installed, tmp_path):
    """The sink as a process, the feed listed and pulled, then hanging: nothing changes but ledger and alerts."""
    port = str(free_port())
    commands = example("plugins/README.md", "bash", 0).replace("8090", port).replace("moushi", "chongqing")
    lines = [shlex.split(line) for line in commands.splitlines()]
    (sink, (_, variable), listed, pulled, curl, late, watch) = (
        [word for word in line if word != "shuangsui"] for line in lines
    )
    (tmp_path / "objects.csv").write_text("code,name,items\n91500000MAXX00007C,甲,JX-01\n", encoding="utf-8")
    installed("feed-list", example("plugins/README.md", "python", 1))
    here = Installation(tmp_path / "var", with_feed(tmp_path / "tenants", port), dict([variable.split("=")]))
    here.done("user", "bootstrap", "guard", "--name", "安全员", *T)
    here.done("user", "add", "lead", "--name", "处长", *T, "--as", "guard")
    here.done("user", "grant", "lead", "lead_office", *T, "--as", "guard")
    with process(sink, tmp_path):
        assert [one["ok"] for one in here.done(*listed, "--json").json] == [True]
        assert here.done(*pulled, "--json").json["imported"]["added"] == 1
        httpx.put(curl[-1], content=curl[curl.index("-d") + 1]).raise_for_status()
        assert here.run(*late).status == 3
    assert "名录来源拉取失败" in here.done(*watch).out


def test_feed_example_is_valid_toml():
    """What an administrator writes."""
    assert tomllib.loads(example("plugins/README.md", "toml", 2))["plugins"] == ["channel-notice", "feed-list"]


def test_entropy_example_is_what_the_plugins_take():
    """A ceremony, which takes nothing, and the beacon through a relay on this machine."""
    stated = tomllib.loads(example("plugins/README.md", "toml", 5))
    assert stated["plugins"] == ["entropy-ceremony", "entropy-drand"]
    beacon = import_module("shuangsui_entropy_drand").Options(**stated["options"]["entropy-drand"])
    assert (beacon.chain, beacon.relays) == ("quicknet", ("http://127.0.0.1:8090/drand",))


def test_callback_example_recognises_the_gateway_and_nobody_else(installed, tenant, settings, monkeypatch):
    """The module of the README: a stranger is refused, the gateway's reports are taken."""
    monkeypatch.setenv("GATEWAY_TOKEN", "right")
    at, name = tenant([installed("door", example("plugins/README.md", "python", 2))]), "door"
    (door,) = service.offered(CALLBACKS, at, settings)
    body = json.dumps([{"id": "m-1", "delivered": True}]).encode()

    def answer(token: str) -> Reply:
        call = Call("POST", {}, {"authorization": f"Bearer {token}"}, body, datetime(2026, 6, 15, tzinfo=UTC))
        return callbacks.asked(at, door, call, settings)

    assert (door.plugin, answer("wrong").status, answer("wrong").reports) == (name, 403, ())
    assert answer("right") == Reply(200, "{}", "application/json", (MessageReport("m-1", delivered=True),))


def test_key_store_example_keeps_a_key_for_each_purpose(installed, tenant, settings, monkeypatch):
    """The module of the README: the same key for the same purpose of the same authority, and nothing without it."""
    at = tenant([installed("keys-env", example("plugins/README.md", "python", 3))])
    (store,) = service.key_stores(at, settings)
    assert store.check().ok is False
    monkeypatch.setenv("VAULT_SECRET", "07" * 32)
    wanted = hmac.digest(b"\x07" * 32, f"{at.slug}/a.b".encode(), "sha256")
    assert (store.check().ok, store.current(), store.derive("1", "a.b")) == (True, "1", wanted)
    with pytest.raises(OutsideFailed, match="没有密钥 2"):
        store.derive("2", "a.b")


def test_portal_example_of_the_chart_is_what_the_plugin_takes():
    """A store of the operator's."""
    stated = tomllib.loads(example("helm/README.md", "toml"))["options"]["channel-portal"]
    assert import_module("shuangsui_channel_portal").Options(**stated).store == "s3://gongshi"


def test_exporters_example_is_what_the_plugins_take():
    """Every key is one of the plugin's options, and none that is needed is missing."""
    stated = tomllib.loads(example("plugins/README.md", "toml", 3))
    made = [import_module(f"shuangsui_{name.replace('-', '_')}").Options(**stated["options"][name])
            for name in stated["plugins"]]  # fmt: skip
    assert [one.address.rpartition("/")[2] for one in made] == ["gsxt", "credit-china", "supervision"]


def test_pools_example_is_what_the_plugins_take():
    """The own registry and a directory."""
    stated = tomllib.loads(example("plugins/README.md", "toml", 6))
    made = [import_module(f"shuangsui_{name.replace('-', '_')}").Options(**stated["options"][name])
            for name in stated["plugins"]]  # fmt: skip
    assert (made[0].min_valid_days, made[1].prefix) == (30, "SJ-")


def test_receivers_example_is_what_the_plugins_take():
    """The store, the webhook and the mail server."""
    stated = tomllib.loads(example("plugins/README.md", "toml", 4))
    made = {name: import_module(f"shuangsui_{name.replace('-', '_')}").Options(**stated["options"][name])
            for name in stated["plugins"]}  # fmt: skip
    assert made["channel-webhook"].secret_of("shuju") == "SHUJU_WEBHOOK_SECRET"
    assert made["channel-email"].book() == {"某市公安局": "tb@gaj.example.gov.cn"}
    assert made["channel-portal"].store == "s3://gongshi/site"
    assert made["channel-webdav"].place == "https://dav.example.gov.cn/jxw"


def test_notifiers_examples_are_what_the_plugins_take():
    """企业微信 by application and by robot, text messages, and mail."""
    stated = tomllib.loads(example("plugins/README.md", "toml", 7))
    made = {name: import_module(f"shuangsui_{name.replace('-', '_')}").Options(**stated["options"][name])
            for name in stated["plugins"]}  # fmt: skip
    assert made["notify-email"].domain == "jxw.example.gov.cn"
    assert made["notify-http"].body()["text"] == {"content": "{text}\n{link}"}
    stated = (
        tomllib.loads(example("plugins/README.md", "toml", 8))["options"]
        | tomllib.loads(example("plugins/README.md", "toml", 9))["options"]
    )
    others = [type(made["notify-http"])(**stated[name]) for name in ("notify-http", "notify-http-2")]
    assert [(one.name, one.address_kind, one.form) for one in others] == [
        ("robot", "wecom", "json"), ("sms", "phone", "form"),
    ]  # fmt: skip
