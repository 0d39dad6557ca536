"""``shuangsui doctor`` and ``shuangsui plugin`` as an administrator uses them: what is wrong, and what to do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from command import Installation
from distributions import GOOD, SPEAKING
from shuangsui import db
from shuangsui.calendar import official
from shuangsui.draws.freezing import legal_day
from shuangsui.rules import calendars

WORDS = ("--tenant", "chongqing")


@pytest.fixture
def here(tmp_path) -> Installation:
    """A fresh installation whose city has a system administrator."""
    made = Installation(tmp_path / "var")
    made.done("user", "bootstrap", "sec.admin", "--name", "安全员", *WORDS)
    made.done("user", "add", "root", "--name", "系统员", "--as", "sec.admin", *WORDS)
    made.done("user", "grant", "root", "system_admin", "--as", "sec.admin", *WORDS)
    return made


def problems(here: Installation, *words: str) -> tuple[int, dict[str, str]]:
    """Exit status, and what is wrong with each plugin."""
    said = here.run("doctor", *words, "--json")
    return said.status, {one["name"]: " ".join(one["problems"]) for one in said.json if one["part"] == "plugin"}


def test_plugin_that_is_not_installed_names_similar_ones(here):
    """And that it must be in the same environment, which is what is usually wrong."""
    status, found = problems(here, "--plugin", "channel-portl")
    assert (status, found["channel-portl"].partition("（")[0]) == (3, "本环境没有安装插件 channel-portl")
    assert "channel-portal" in found["channel-portl"]


def test_distribution_without_its_entry_point_is_recognised(here, installed, tmp_path):
    """Installed, but nothing says where its module is."""
    installed("lost", GOOD)
    info = tmp_path / "site-packages" / "lost-1.0.dist-info"
    (info / "entry_points.txt").write_text("[console_scripts]\nlost = lost_module:main\n")
    status, found = problems(here, "--plugin", "lost")
    assert (status, found["lost"].partition("：")[0]) == (3, "安装包 lost 没有在入口点组 shuangsui 里登记")


def test_broken_and_denied_plugins_say_their_own_sentence(tmp_path, installed):
    """What the catalogue says too."""
    installed("broken", "import a_module_that_is_not_there\n")
    installed("good", GOOD)
    here = Installation(tmp_path / "var", more={"SHUANGSUI_PLUGINS_DENIED": "good"})
    assert problems(here, "--plugin", "broken")[1]["broken"].partition("（")[0] == "插件 broken 导入失败"
    assert problems(here, "--plugin", "good")[1]["good"].partition("（")[0] == "插件 good 在禁止名单"


def test_plugin_from_installation_to_health(here, installed):
    """Off; on; told something that makes it unfit is refused; and what it says of itself is shown."""
    installed("speaking", SPEAKING)
    status, found = problems(here, "--plugin", "speaking", *WORDS)
    assert (status, found["speaking"].partition("：")[0]) == (3, "插件 speaking 没有为租户 chongqing 启用")
    here.done("plugin", "enable", "speaking", "--as", "root", *WORDS)
    refused = here.run("plugin", "set", "speaking", "word=bad", "--as", "root", *WORDS)
    assert (refused.status, "用的是 bad。" in refused.err) == (1, True)
    here.done("plugin", "set", "speaking", "word=loud", 'names=["甲"]', "--as", "root", *WORDS)
    assert problems(here, "--plugin", "speaking", *WORDS) == (0, {"speaking": ""})
    shown = here.done("plugin", "show", "speaking", "--json", *WORDS).json
    assert [(one["key"], one["value"], one["place"]) for one in shown["options"]] == [
        ("word", "loud", "管理页面"), ("times", 1, "插件的默认值"), ("names", ["甲"], "管理页面"),
    ]  # fmt: skip
    assert (shown["who"], shown["message"]) == ("root", "用的是 loud。")
    assert here.done("plugin", "reset", "speaking", "word", "--as", "root", "--json", *WORDS).json == {
        "plugin": "speaking", "changed": ["word"],
    }  # fmt: skip
    healthy = {one["name"]: one["health"] for one in here.done("plugin", "health", "--json", *WORDS).json}
    assert healthy["speaking"] == "正常"
    here.done("plugin", "disable", "speaking", "--as", "root", *WORDS)
    assert problems(here, "--plugin", "speaking", *WORDS)[0] == 3


def test_pair_without_a_sign_is_wrong_usage(here, installed):
    """Exit status 2 and the form that is wanted."""
    installed("speaking", SPEAKING)
    said = here.run("plugin", "set", "speaking", "word", "--as", "root", *WORDS)
    assert (said.status, "选项=取值" in said.err) == (2, True)


def test_wrong_configuration_is_the_first_thing_to_mend(tmp_path):
    """With file and line; nothing else is looked at."""
    (folder := tmp_path / "tenants" / "moushi").mkdir(parents=True)
    (folder / "tenant.toml").write_text("slug = 1\n", "utf-8")
    said = Installation(tmp_path / "var", tmp_path / "tenants").run("doctor", "--json")
    (part,) = said.json
    assert (said.status, part["part"], "moushi/tenant.toml" in part["problems"][0]) == (3, "configuration", True)


def test_fresh_installation_says_what_it_lacks(here):
    """The public tree is missing before anything was published, and every plugin of the city is there."""
    said = here.run("doctor", "--json")
    parts = {one["part"]: one["ok"] for one in said.json if one["part"] != "plugin"}
    calendar = calendars.health(official(), legal_day(datetime.now(UTC))) != "red"
    expected = {"configuration": True, "database": True, "public": False, "calendar": calendar, "kernel": True}
    assert parts == expected
    assert {one["ok"] for one in said.json if one["part"] == "plugin"} == {True}


@pytest.mark.parametrize(
    ("day", "ok", "problems"),
    [
        (date(2026, 9, 30), True, []), (date(2026, 10, 1), True, ["明年的放假安排尚未导入。"]),
        (date(2026, 12, 1), False, ["今年或明年的放假安排仍未导入，请尽快办理。"]),
    ],
)  # fmt: skip
def test_r14_11_missing_calendar_is_said_and_becomes_a_fault(tmp_path, day, ok, problems):
    """One line for all authorities that are in the same state; a warning alone is no fault."""
    here = Installation(tmp_path / "var", more={"SHUANGSUI_SIMULATED_CLOCK": "1"})
    here.done("user", "bootstrap", "sec.admin", "--name", "安全员", *WORDS)
    engine = db.engine(f"sqlite:///{tmp_path}/var/shuangsui.db", simulated_clock=True)
    with db.session(engine, "chongqing") as session:
        db.move_clock(session, datetime.combine(day, time(4), UTC) - db.now(session))
    engine.dispose()
    (line,) = [one for one in here.run("doctor", "--json").json if one["part"] == "calendar"]
    assert line == {"part": "calendar", "name": "", "ok": ok, "problems": problems}
