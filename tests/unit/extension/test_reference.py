"""``plugins/README.md`` says what the product does, and its example works."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import shuangsui
from shuangsui.contracts import Bundle, PublicFile
from shuangsui.extension import reference, service
from shuangsui.extension.policy import KINDS
from shuangsui.hookspecs import PROJECT, Hooks

TEXT = (Path(__file__).parents[3] / "plugins" / "README.md").read_text(encoding="utf-8")
TOML = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
PYTHON = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)


def test_readme_is_the_rendered_reference():
    """Regenerate with ``shuangsui plugin reference > plugins/README.md``."""
    assert reference.render() == TEXT


def test_every_hook_and_every_public_name_is_documented():
    """A hook without its heading, or a name without an entry, is missing here."""
    headings = re.findall(r"^### `(\w+)", TEXT, re.MULTILINE)
    assert set(headings) == {*KINDS, *shuangsui.__all__} - {"hookimpl"}


def test_every_hook_has_a_kind():
    """The loader knows exactly the hooks of ``hookspecs.py``."""
    assert set(KINDS) == {name for name in vars(Hooks) if not name.startswith("_")}


def test_example_is_a_working_plugin(installed, tenant, settings):
    """The module of the README, installed under the entry point of its pyproject, publishes and reads back."""
    name = next(iter(tomllib.loads(TOML[0])["project"]["entry-points"][PROJECT]))
    installed(name, PYTHON[0])
    settings.public.mkdir(parents=True)
    (channel,) = service.channels(tenant([name], options='[options.channel-notice]\nfile = "a.txt"\n'), settings)
    bundle = Bundle("moushi", "home", "home", (PublicFile("index.html", b"x", "text/html"),))
    channel.publish(bundle)
    assert (channel.read_back(bundle).confirmed, channel.check().ok) == (True, True)


def test_tenant_example_is_valid_toml():
    """The second block is what an administrator writes."""
    assert tomllib.loads(TOML[1])["options"]["channel-notice"] == {"file": "notice.txt"}
