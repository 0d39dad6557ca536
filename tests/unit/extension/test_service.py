"""What a tenant gets: its own plugins, in its own order, with their failures kept apart."""

from __future__ import annotations

import logging
import tomllib
from pathlib import Path

import pytest

from distributions import GOOD
from shuangsui.errors import Misconfigured, OutsideFailed
from shuangsui.extension import service
from shuangsui.extension.isolation import Absent

NAMED = """
from shuangsui import PluginOptions, hookimpl
api = 1
class Options(PluginOptions):
    word: str = "plain"
class Channel:
    network = False
    def __init__(self, name): self.name = name
    def publish(self, bundle): ...
    def read_back(self, bundle): ...
    def check(self): ...
@hookimpl
def register_disclosure_channels(context):
    return [Channel(f"{context.tenant}-{context.options.word}-{context.public.name}")]
"""
FIRST_PARTY = {
    name
    for path in (Path(__file__).parents[3] / "plugins").glob("*/pyproject.toml")
    for name in tomllib.loads(path.read_text("utf-8"))["project"].get("entry-points", {}).get("shuangsui", {})
}
HOOK = "from shuangsui import hookimpl\napi = 1\n@hookimpl\ndef register_disclosure_channels():\n    "


def names(channels) -> list[str]:
    return [channel.name for channel in channels]


def test_channels_come_in_the_tenants_order(installed, tenant, settings):
    """Not in the order of names or of installation."""
    for name in ("aa", "bb", "cc"):
        installed(name, GOOD.replace('"quiet"', f'"{name}"'))
    assert names(service.channels(tenant(["bb", "cc", "aa"]), settings)) == ["bb", "cc", "aa"]


def test_disabled_plugin_has_no_channel(installed, tenant, settings):
    """Installed and loaded, but this tenant's list leaves it out; another tenant's has it."""
    installed("aa", GOOD)
    mine, other = tenant([]), tenant(["aa"], slug="linshi")
    assert (names(service.channels(mine, settings)), names(service.channels(other, settings))) == ([], ["quiet"])


def test_context_carries_tenant_options_and_public_tree(installed, tenant, settings):
    """What the hook is told is that tenant's."""
    installed("aa", NAMED)
    found = service.channels(tenant(["aa"], options="[options.aa]\nword = 'loud'\n"), settings)
    assert names(found) == ["moushi-loud-public"]


def test_wrong_option_stops_with_file_and_line(installed, tenant, settings):
    """An administrator's mistake is not a vendor's failure."""
    installed("aa", NAMED)
    with pytest.raises(Misconfigured) as caught:
        service.channels(tenant(["aa"], options="[options.aa]\nworb = 'loud'\n"), settings)
    assert (caught.value.code, caught.value.params["line"]) == ("key_unknown", 8)


@pytest.mark.parametrize(
    "body",
    ["raise RuntimeError('no')", "return None", "return [object()]", "return ({}, )", "return [type('C', (), {})()]"],
)
def test_failing_hook_leaves_a_channel_that_fails(installed, tenant, settings, body):
    """The neighbour's channel works; the failed one cannot be passed by in silence."""
    installed("bad", HOOK + body + "\n")
    installed("good", GOOD)
    bad, good = service.channels(tenant(["bad", "good"]), settings)
    assert (bad.name, good.name) == ("bad", "quiet")
    with pytest.raises(OutsideFailed):
        bad.check()


def test_channel_whose_name_cannot_be_read_fails_alone(installed, tenant, settings):
    """Even looking at a vendor's object may raise."""
    source = GOOD.replace('    name = "quiet"', "    @property\n    def name(self): raise RuntimeError('no')")
    found = service.channels(tenant([installed("bad", source)]), settings)
    assert [type(channel) for channel in found] == [Absent]


def test_plugin_that_is_not_there_is_logged_and_left_out(installed, tenant, settings, caplog):
    """A broken plugin harms nobody, but an operator can read that it is missing."""
    installed("good", GOOD)
    installed("broken", "import a_module_that_is_not_there\n")
    with caplog.at_level(logging.ERROR):
        found = service.channels(tenant(["broken", "good", "ghost"]), settings)
    logged = [record.args for record in caplog.records]
    assert (names(found), logged) == (["quiet"], [("moushi", "broken"), ("moushi", "ghost")])


def test_listing_for_a_tenant_tells_every_state(installed, tenant, settings):
    """One row each: what is installed, and what the tenant lists although nobody installed it."""
    installed("off", GOOD)
    installed("on", GOOD)
    installed("broken", "api = 1 +\n")
    installed("raises", HOOK + "raise RuntimeError('no')\n")
    installed("options", NAMED)
    whose = tenant(["on", "raises", "options", "broken", "ghost"], options="[options.options]\nworb = 1\n")
    found = {one.name: one.state for one in service.listing(settings, whose) if one.name not in FIRST_PARTY}
    assert found == {
        "off": "disabled", "on": "enabled", "broken": "broken", "raises": "failed", "options": "misconfigured",
        "ghost": "missing",
    }  # fmt: skip


def test_callers_are_cached_per_set_of_plugins(installed, settings):
    """Order does not matter to the set, so two tenants with the same plugins share one caller."""
    installed("aa", GOOD)
    installed("bb", GOOD)
    host = service.host(settings)
    for order in (["aa", "bb"], ["bb", "aa"], ["aa"]):
        host.implementations(service.CHANNELS.hook, order)
    assert len(host._callers) == 2


def test_site_address_is_that_of_the_first_channel_that_names_one(tenant, settings):
    """Whichever plugin that is; an exporter's address is no site, and nobody's is none."""
    gsxt = '[options.exporter-gsxt]\naddress = "https://a.example"\n'
    dav = '[options.channel-webdav]\nplace = "https://b.example"\n'
    portal = '[options.channel-portal]\naddress = "https://c.example"\n'
    listed = ["exporter-gsxt", "channel-webdav", "channel-portal"]
    assert service.site_address(tenant(listed, options=gsxt + dav + portal), settings) == "https://c.example"
    seen = 'address = "https://d.example"\n'
    assert service.site_address(tenant(listed, options=gsxt + dav + seen + portal), settings) == "https://d.example"
    assert service.site_address(tenant(listed[1:], options=dav), settings) == ""
