"""A broken plugin is a row with its reason; the others work as if it were not there (promise P5)."""

from __future__ import annotations

from importlib.metadata import version

import pytest

from distributions import GOOD
from shuangsui import db
from shuangsui.extension.loading import load
from shuangsui.extension.policy import Permitted, Plugin
from shuangsui.hookspecs import PROJECT, Hooks

HOOK = "@hookimpl\ndef register_disclosure_channels(context): return []\n"
HEAD = "from shuangsui import hookimpl\napi = 1\n"

BROKEN = {
    "import_error": ("import a_module_that_is_not_there\n", "plugin_not_imported", "ModuleNotFoundError"),
    "syntax_error": ("def broken(:\n", "plugin_not_imported", "SyntaxError"),
    "exit": ("import sys\nsys.exit(3)\n", "plugin_not_imported", "SystemExit"),
    "misspelt_hook": (
        f"{HEAD}@hookimpl\ndef register_disclosure_chanels(context): ...\n",
        "plugin_hook_unknown",
        "register_disclosure_chanels",
    ),
    "wrong_argument": (
        f"{HEAD}@hookimpl\ndef register_disclosure_channels(tenant): ...\n",
        "plugin_hook_arguments",
        "'tenant'",
    ),
    "wrapper": (
        f"{HEAD}@hookimpl(wrapper=True)\ndef register_disclosure_channels(context): yield\n",
        "plugin_hook_wrapper",
        "register_disclosure_channels",
    ),
    "old_wrapper": (
        f"{HEAD}@hookimpl(hookwrapper=True)\ndef register_disclosure_channels(context): yield\n",
        "plugin_hook_wrapper",
        "register_disclosure_channels",
    ),
    "no_api": (f"from shuangsui import hookimpl\n{HOOK}", "plugin_api", "None"),
    "other_api": (f"from shuangsui import hookimpl\napi = 2\n{HOOK}", "plugin_api", "2"),
    "untyped_options": (f"{HEAD}class Options: ...\n{HOOK}", "plugin_options_untyped", ""),
    "exposed_secret": (
        f"{HEAD}from shuangsui import PluginOptions\nclass Options(PluginOptions):\n    api_key: str = ''\n{HOOK}",
        "plugin_options_exposed",
        "api_key",
    ),
    "patched": (
        f"{HEAD}from shuangsui import db\ndb.now = lambda session: None\n{HOOK}",
        "plugin_patched",
        "plugin_patched",
    ),
}


def named(name: str, allowed: str | None = None) -> Plugin:
    """The row of a plugin in a freshly loaded host."""
    return next(plugin for plugin in load(Permitted.by(allowed)).plugins if plugin.name == name)


@pytest.mark.parametrize("case", BROKEN)
def test_broken_plugin_is_listed_with_code_and_traceback(installed, case):
    """Each kind of breakage has a code of its own, and the traceback names what the vendor must repair."""
    source, code, word = BROKEN[case]
    found = named(installed("broken", source))
    assert (found.state, found.fault.error.code, word in found.fault.traceback) == ("broken", code, True)


@pytest.mark.parametrize("case", BROKEN)
def test_broken_plugin_harms_nobody(installed, case):
    """Neighbours on both sides of it in the order of loading are there."""
    installed("aa-good", GOOD)
    installed("mm-broken", BROKEN[case][0])
    installed("zz-good", GOOD)
    found = load().implementations("register_disclosure_channels", ["zz-good", "mm-broken", "aa-good"])
    assert [one.plugin.name for one in found] == ["zz-good", "aa-good"]


def test_every_code_of_a_broken_plugin_has_a_case():
    """The table above forgets none."""
    codes = {code for _, code, _ in BROKEN.values()}
    assert codes == {
        "plugin_not_imported", "plugin_hook_unknown", "plugin_hook_arguments", "plugin_hook_wrapper", "plugin_api",
        "plugin_options_untyped", "plugin_options_exposed", "plugin_patched",
    }  # fmt: skip


def test_platform_is_mended_after_a_plugin_that_patches_it(installed):
    """The next plugin, and everybody else, meets the platform's own function."""
    before = db.now
    named(installed("broken", BROKEN["patched"][0]))
    assert db.now is before


def test_platform_is_mended_after_a_plugin_that_patches_it_and_then_fails(installed):
    """It is listed for its failure, and its successor is not blamed for the patch."""
    before = db.now
    installed("aa-bad", "from shuangsui import db\ndb.now = lambda session: None\nraise RuntimeError('no')\n")
    installed("bb-good", GOOD)
    found = {one.name: one.state for one in load().plugins}
    assert (found["aa-bad"], found["bb-good"], db.now is before) == ("broken", "loaded", True)


def test_plugin_whose_demands_cannot_be_read_is_broken_alone(installed):
    """Whatever its metadata says, the others are loaded."""
    installed("aa-bad", GOOD, requires="shuangsui >>> 1 ???")
    installed("bb-good", GOOD)
    found = {one.name: one.state for one in load().plugins}
    assert (found["aa-bad"], found["bb-good"]) == ("broken", "loaded")


def test_plugin_for_another_release_of_the_platform_is_refused(installed):
    """Whatever an installer was told to overlook; the sentence names what it demands and what is here."""
    found = named(installed("later", GOOD, requires="shuangsui>=99"))
    assert (found.state, found.fault.error.code, found.fault.error.params) == (
        "broken", "plugin_requires", {"plugin": "later", "requirement": "shuangsui>=99", "found": version("shuangsui")},
    )  # fmt: skip


def test_plugin_for_this_release_is_loaded(installed):
    """What it demands of others is the installer's business."""
    assert named(installed("now", GOOD, requires="shuangsui>=0.1,<1; python_version > '3'")).state == "loaded"


def test_name_taken_twice_keeps_the_first(installed):
    """Two distributions claim one name: the first found works, the second is a row that says so."""
    installed("twice", GOOD, distribution="first")
    installed("twice", GOOD, distribution="second")
    found = [(one.state, one.fault and one.fault.error.code) for one in load().plugins if one.name == "twice"]
    assert found == [("loaded", None), ("broken", "plugin_name_taken")]


def test_plugin_outside_the_allow_list_is_not_imported(installed):
    """Its module would end the process if anybody ran it."""
    installed("danger", "import os\nos._exit(99)\n")
    assert named("danger", "channel-portal").state == "blocked"


def test_empty_allow_list_blocks_everything(installed):
    """Set but empty is not the same as not set."""
    installed("good", GOOD)
    assert {plugin.state for plugin in load(Permitted.by("")).plugins} == {"blocked"}


def test_deny_list_overrules_the_allow_list(installed):
    """The sentence says which list it is."""
    name = installed("danger", "import os\nos._exit(99)\n")
    (found,) = [one for one in load(Permitted.by(name, f"other {name}")).plugins if one.name == name]
    assert (found.state, found.fault.error.code) == ("blocked", "plugin_denied")


def test_loaded_plugin_says_its_version_and_kind(installed):
    """The version is the distribution's."""
    found = named(installed("good", GOOD, version="2.5"))
    assert (found.version, found.state, found.kinds) == ("2.5", "loaded", ("disclosure_channel",))


def test_use_of_what_will_go_is_noted(installed, monkeypatch):
    """A hook that is being retired still works; its plugin's row says what to use instead."""
    mark = f"{PROJECT}_spec"
    going = {**getattr(Hooks.register_disclosure_channels, mark), "warn_on_impl": DeprecationWarning("请改用别的。")}
    monkeypatch.setattr(Hooks.register_disclosure_channels, mark, going)
    found = named(installed("good", GOOD))
    assert (found.state, found.notes) == ("loaded", ("请改用别的。",))
