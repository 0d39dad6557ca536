"""Plugins are switched on and off at the console, and options set: in force at once, for one tenant, on record."""

from __future__ import annotations

import json
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from sqlmodel import col, select

from console import staff
from distributions import SPEAKING, TALKING
from plugged import plugged
from shuangsui import db
from shuangsui.access.policy import Role
from shuangsui.errors import BadInput, Misconfigured, NotAllowed, NotFound, OutsideFailed, RuleRefused
from shuangsui.extension import board, overlay, service, wording
from shuangsui.extension.overlay import seated
from shuangsui.extension.secrecy import MASK
from shuangsui.extension.switching import Switchboard
from shuangsui.extension.tables import PluginOption, PluginSwitch
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.migrations import metadata
from shuangsui.settings import Settings
from shuangsui.tenancy import tree
from shuangsui.tenancy.tenant import CONSOLE
from shuangsui.tenancy.tree import Tree
from shuangsui.vault import resealing

UNNEEDED = partial(resealing.require_unneeded, metadata())
LOOSENS = """
from shuangsui import RulePackFile, hookimpl
api = 1
PACK = '''
[pack]
id = "too-loose"
rank = "measures"
binds = "own"
title = "放宽"
issuer = "某机关"
number = "某〔2026〕1号"
issued = 2020-01-01
valid_from = 2020-01-01
basis = "规范性文件"
source = "样例"

[[rule]]
key = "publication.days"
value = 60
article = "第一条"
'''
@hookimpl
def register_rule_packs(): return [RulePackFile("loose.toml", PACK.encode())]
"""


@pytest.fixture
def files(settings) -> Tree:
    """The configuration as its files have it."""
    return tree.load(settings.tenants)


@pytest.fixture
def at(admins, files, settings):
    """``with at("chongqing") as (session, switches):`` is one act there."""

    @contextmanager
    def act(tenant="chongqing"):
        with db.session(admins, tenant) as session:
            yield session, Switchboard(files, settings, UNNEEDED)

    return act


def channels(at, files, settings, tenant="chongqing") -> list[str]:
    """The names of the channels that publications of a tenant go to."""
    with at(tenant) as (session, _):
        return [one.name for one in service.channels(seated(session, files).get(tenant), settings)]


def acts(at, tenant="chongqing") -> list[tuple[str, str, str, object]]:
    """What the ledger says about plugins."""
    with at(tenant) as (session, _):
        found = session.exec(select(LedgerEntry).order_by(col(LedgerEntry.n))).all()
        return [
            (one.act, one.actor, one.subject, json.loads(one.payload)) for one in found if one.act.startswith("plugin.")
        ]


def refused(at, kind, what) -> str:
    """The code with which an act is refused."""
    with pytest.raises(kind) as caught, at() as (session, switches):
        what(session, switches)
    return caught.value.code


def test_switched_on_is_in_force_for_this_tenant_only(installed, at, files, settings):
    """After those that the files switch on, and on record with who did it."""
    installed("speaking", SPEAKING)
    before = channels(at, files, settings)
    with at() as (session, switches):
        switches.switch_on(session, "speaking", actor="root")
    assert channels(at, files, settings) == [*before, "plain"]
    assert channels(at, files, settings, "liangjiang") == before
    assert acts(at) == [("plugin.enable", "root", "plugin/speaking", {"version": "1.0"})]


def test_switched_off_is_gone_although_a_file_lists_it(installed, at, files, settings):
    """The portal itself can be switched off; nothing is on that nobody wants."""
    installed("speaking", SPEAKING)
    with at() as (session, switches):
        switches.switch_on(session, "speaking", actor="root")
    with at() as (session, switches):
        switches.switch_off(session, "channel-portal", actor="root")
    assert channels(at, files, settings) == ["plain"]
    assert [act for act, *_ in acts(at)] == ["plugin.enable", "plugin.disable"]


def test_only_a_system_administrator_decides(installed, at):
    """Whoever publishes does not choose what publishes."""
    name = installed("speaking", SPEAKING)
    assert refused(at, NotAllowed, lambda s, b: b.switch_on(s, name, actor="lead")) == "not_allowed"
    assert refused(at, NotAllowed, lambda s, b: b.switch_off(s, "channel-portal", actor="lead")) == "not_allowed"
    assert acts(at) == []


def test_plugin_that_is_not_fit_is_not_switched_on(installed, at, files, settings):
    """What it says of itself is in the sentence, and nothing is left behind."""
    name = installed("speaking", SPEAKING.replace('"plain"', '"bad"'))
    before = channels(at, files, settings)
    assert refused(at, RuleRefused, lambda s, b: b.switch_on(s, name, actor="root")) == "plugin_not_fit"
    assert (channels(at, files, settings), acts(at)) == (before, [])


def test_plugin_that_fails_is_not_switched_on(installed, at):
    """Its own exception is the reason."""
    name = installed("speaking", SPEAKING.replace("return [Channel", "raise RuntimeError('no')\n    return [Channel"))
    assert refused(at, OutsideFailed, lambda s, b: b.switch_on(s, name, actor="root")) == "plugin_failed"


def test_pack_that_loosens_what_binds_is_not_switched_on(installed, at):
    """The article that binds is cited, and the tenant keeps its lawful rules."""
    name = installed("loose", LOOSENS)
    assert refused(at, Misconfigured, lambda s, b: b.switch_on(s, name, actor="root")) == "rule_loosened"
    assert acts(at) == []


def test_two_that_break_the_rules_can_be_switched_off_one_after_the_other(installed, at):
    """Neither stands in the way of the other's end."""
    for name in ("one", "two"):
        installed(name, LOOSENS.replace("too-loose", f"loose-{name}"))
    with at() as (session, _):
        for name in ("one", "two"):
            session.add(PluginSwitch(plugin=name, on=True, by="root", at=db.now(session)))
    for name in ("one", "two"):
        with at() as (session, switches):
            switches.switch_off(session, name, actor="root")
    assert [subject for _, _, subject, _ in acts(at)] == ["plugin/one", "plugin/two"]


@pytest.mark.parametrize(
    ("kind", "code", "name"),
    [(NotFound, "plugin_unknown", "ghost"), (RuleRefused, "plugin_already_on", "channel-portal")],
)
def test_what_cannot_be_switched_on_says_why(at, kind, code, name):
    """One sentence each."""
    assert refused(at, kind, lambda s, b: b.switch_on(s, name, actor="root")) == code


def offering(settings, offers: str) -> Path:
    """The tenants of this repository beside another ``plugins.toml``."""
    (folder := settings.var / "tenants").mkdir(parents=True)
    for path in settings.tenants.iterdir():
        if path.is_dir():
            (folder / path.name).symlink_to(path)
    (folder / "plugins.toml").write_text(offers, "utf-8")
    return folder


def test_default_is_on_for_everybody_until_one_switches_it_off(installed, at, files, settings):
    """Without being listed, after those that are; the operator's file is the place, and its change the day."""
    name = installed("speaking", SPEAKING)
    folder = offering(settings, "[speaking]\ndefault = true\n")
    usual, own = tree.load(folder), replace(settings, folder)
    assert channels(at, usual, own) == [*channels(at, files, settings), "plain"]
    assert channels(at, usual, own, "liangjiang") == [*channels(at, files, settings, "liangjiang"), "plain"]
    with at() as (session, _):
        row = next(one for one in board.rows(session, usual, own) if one.name == name)
        Switchboard(usual, own, UNNEEDED).switch_off(session, name, actor="root")
    assert (row.listed.state, row.by, row.place) == ("enabled", "", "tenants/plugins.toml")
    assert row.at.timestamp() == pytest.approx((folder / "plugins.toml").stat().st_mtime)
    assert channels(at, usual, own) == channels(at, files, settings)
    assert channels(at, usual, own, "liangjiang")[-1] == "plain"


def replace(settings, folder: Path) -> Settings:
    """The same installation with other files."""
    return settings.model_copy(update={"tenants": folder})


def test_hidden_is_unknown_and_restricted_is_the_operators(installed, at, files, settings, monkeypatch):
    """An operator's file decides what administrators may decide."""
    offers = "[speaking]\nvisible = false\n[channel-portal]\nrestricted = true\n"
    offered = Switchboard(tree.load(offering(settings, offers)), settings, UNNEEDED)
    name = installed("speaking", SPEAKING)
    assert refused(at, NotFound, lambda s, _: offered.switch_on(s, name, actor="root")) == "plugin_unknown"
    assert (
        refused(at, RuleRefused, lambda s, _: offered.switch_off(s, "channel-portal", actor="root"))
        == "plugin_restricted"
    )
    with at() as (session, _):
        assert name not in [row.name for row in board.rows(session, offered.tree, settings)]


def test_options_are_kept_where_they_differ_and_can_be_reset(installed, at, files, settings):
    """Each with its place; what equals the inherited value is inherited."""
    name = installed("speaking", SPEAKING)
    with at() as (session, switches):
        switches.switch_on(session, name, actor="root")
    with at() as (session, switches):
        changed = switches.set_options(session, name, {"word": "loud", "times": 1, "names": ("甲",)}, actor="root")
    assert (changed, channels(at, files, settings)[-1]) == (["names", "word"], "loud")
    with at() as (session, _):
        plugin = next(one.plugin for one in service.listing(settings) if one.name == name)
        rows = {one.key: (one.value, one.place, one.own) for one in board.options_of(session, files, plugin)}
    assert rows == {"word": ("loud", CONSOLE, True), "times": (1, "", False), "names": (("甲",), CONSOLE, True)}
    with at() as (session, switches):
        switches.reset_option(session, name, "word", actor="root")
    assert channels(at, files, settings)[-1] == "plain"
    assert acts(at)[1:] == [
        ("plugin.options", "root", f"plugin/{name}", {"names": {"from": None, "to": ["甲"]},
                                                      "word": {"from": None, "to": "loud"}}),
        ("plugin.options", "root", f"plugin/{name}", {"word": {"from": "loud", "to": None}}),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "kind", "code"),
    [
        ({"word": "far too long"}, BadInput, "plugin_option_invalid"),
        ({"times": 10}, BadInput, "plugin_option_invalid"),
        ({"tunes": 1}, BadInput, "plugin_option_invalid"),
        ({"word": "bad"}, RuleRefused, "plugin_not_fit"),
    ],
)
def test_options_that_would_not_work_are_not_kept(installed, at, files, settings, values, kind, code):
    """By the plugin's own types, and by its look at itself."""
    name = installed("speaking", SPEAKING)
    with at() as (session, switches):
        switches.switch_on(session, name, actor="root")
    assert refused(at, kind, lambda s, b: b.set_options(s, name, values, actor="root")) == code
    assert channels(at, files, settings)[-1] == "plain"


def test_options_are_set_before_it_is_switched_on(installed, at, files, settings):
    """One that needs an option cannot be on without it; the sentence names the option."""
    name = installed("needs", SPEAKING.replace('Field("plain", ', "Field("))
    with pytest.raises(BadInput) as caught, at() as (session, switches):
        switches.switch_on(session, name, actor="root")
    assert (caught.value.code, caught.value.params["key"]) == ("plugin_option_invalid", "word")
    with at() as (session, switches):
        switches.set_options(session, name, {"word": "given"}, actor="root")
    with at() as (session, switches):
        switches.switch_on(session, name, actor="root")
    assert channels(at, files, settings)[-1] == "given"


def test_board_says_who_and_when_and_how_it_does(installed, at, files, settings):
    """And for what the files switch on, which file and line."""
    name = installed("speaking", SPEAKING)
    with at() as (session, switches):
        switches.switch_on(session, name, actor="root")
    with at() as (session, _):
        rows = {row.name: row for row in board.rows(session, files, settings)}
        switched, portal = rows[name], rows["channel-portal"]
        assert (switched.by, switched.place, switched.health.ok, switched.health.message) == (
            "root", "", True, "用的是 plain。",
        )  # fmt: skip
        assert switched.at is not None
        file = "tenants/chongqing/tenant.toml"
        assert (portal.by, portal.place.partition(":")[0]) == ("", file)
        assert portal.at.timestamp() == pytest.approx((settings.tenants.parent / file).stat().st_mtime)
        assert (rows["channel-email"].at, rows["channel-email"].place) == (None, "")


SEALED = SPEAKING.replace(
    "class Channel:", "    password: SecretStr = Field(SecretStr(''), description='口令')\nclass Channel:"
).replace("import Field", "import Field, SecretStr")
CANARY = "k4n4ri-5ecret"


def test_secret_is_not_set_at_the_console_and_an_old_one_leaves_unseen(installed, at, files, settings):
    """What an earlier release of the plugin kept in the database goes with a reset, and the ledger never has it."""
    name = installed("sealed", SEALED)
    told = refused(at, RuleRefused, lambda s, b: b.set_options(s, name, {"password": CANARY}, actor="root"))
    assert told == "plugin_option_sealed"
    with at() as (session, _):
        session.add(PluginOption(plugin=name, key="password", value=CANARY, by="root", at=db.now(session)))
    with at() as (session, _):
        plugin = next(one.plugin for one in service.listing(settings) if one.name == name)
        rows = {one.key: wording.option(one) for one in board.options_of(session, files, plugin)}
    assert (rows["password"]["value"], rows["password"]["amount"]) == (MASK, MASK)
    with at() as (session, switches):
        switches.reset_option(session, name, "password", actor="root")
    assert acts(at) == [("plugin.options", "root", f"plugin/{name}", {"password": {"from": MASK, "to": None}})]


OTHERS, OWN = "TALKING_TOKEN", "TALKING_TOKEN_OWN"


def test_name_of_a_variable_is_the_operators(installed, at, monkeypatch):
    """Whoever could name one could have another authority's secret sent to a server of his own."""
    name = installed("talking", TALKING)
    for value in (OTHERS, "ANYTHING", "TALKING_TOKEN_OF_OTHERS"):
        told = refused(at, RuleRefused, lambda s, b, v=value: b.set_options(s, name, {"token_env": v}, actor="root"))
        assert told == "plugin_option_variable"
    assert acts(at) == []


def test_plugin_with_a_shared_variable_is_not_led_elsewhere(installed, at, monkeypatch):
    """While its default variable is there, nothing of it is set here; without the variable everything may be."""
    name, values = installed("talking", TALKING), {"address": "https://own.example"}
    with at() as (session, switches):
        switches.set_options(session, name, values, actor="root")
    monkeypatch.setenv(OTHERS, "another's")
    with pytest.raises(RuleRefused) as caught, at() as (session, switches):
        switches.set_options(session, name, {"address": "https://other.example"}, actor="root")
    assert (caught.value.code, caught.value.params) == (
        "plugin_option_shared", {"plugin": name, "key": "token_env", "variable": OTHERS},
    )  # fmt: skip
    with at() as (session, switches):
        assert switches.set_options(session, name, values, actor="root") == []
        assert switches.reset_option(session, name, "address", actor="root") == ["address"]


def test_variable_of_the_authoritys_own_file_may_be_used_as_it_likes(
    installed, admins, at, settings, tmp_path, monkeypatch
):
    """The city's file names it for the city; the districts below inherit it, and it is not theirs."""
    name, values = installed("talking", TALKING), {"address": "https://own.example"}
    monkeypatch.setenv(OWN, "ours")
    folder = plugged(tmp_path, name, f'token_env = "{OWN}"')
    own = Switchboard(tree.load(folder), replace(settings, folder), UNNEEDED)
    staff(admins, {"admin": Role.SYSTEM_ADMIN}, "yuzhong")
    with at() as (session, _):
        assert own.set_options(session, name, values, actor="root") == ["address"]
    with pytest.raises(RuleRefused) as caught, at("yuzhong") as (session, _):
        own.set_options(session, name, values, actor="admin")
    assert (caught.value.code, caught.value.params["variable"]) == ("plugin_option_shared", OWN)


def test_decision_of_before_does_not_get_a_variable_that_comes_later(installed, at, files, settings, monkeypatch):
    """Set while there was none; the child has it again once nothing is decided here."""
    name = installed("talking", TALKING)
    with at() as (session, switches):
        switches.set_options(session, name, {"address": "https://own.example"}, actor="root")
    with at() as (session, switches):
        switches.switch_on(session, name, actor="root")
    monkeypatch.setenv(OTHERS, "another's")
    looks = []
    for _ in range(2):
        with at() as (session, _):
            channel = service.channels(seated(session, files).get("chongqing"), settings)[-1]
            looks.append(channel.check().message)
        with at() as (session, switches):
            if "address" in overlay.decisions(session).of(name):
                switches.reset_option(session, name, "address", actor="root")
    assert looks == ["https://own.example False", "https://system.example True"]
