"""Twelve hostile plugins: each is reported with what it did, its neighbours work, and no other tenant's row moves."""

from __future__ import annotations

import logging
import os
import shutil
import time
from datetime import date
from pathlib import Path
from threading import Barrier, Thread

import pytest

import hostility
from hostility import channel
from shuangsui import db
from shuangsui.contracts import Bundle, PublicFile
from shuangsui.errors import Misconfigured, OutsideFailed
from shuangsui.extension import handing, loading, rulebook, service
from shuangsui.extension.floods import QUOTA, Quota
from shuangsui.extension.lanes import lanes
from shuangsui.extension.overlay import Decisions, laid
from shuangsui.settings import Settings
from shuangsui.tenancy import tree
from shuangsui.tenancy.tenant import Tenant

DAY = date(2026, 6, 15)
BUNDLE = Bundle("moushi", "home", "home", (PublicFile("index.html", b"x", "text/html"),))


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    """An installation with two authorities."""
    made = Settings(var=tmp_path / "var", tenants=tmp_path / "tenants")
    for slug in ("moushi", "linshi"):
        (made.tenants / slug).mkdir(parents=True)
    return made


@pytest.fixture
def city(home: Settings):
    """``city("a", "b")``: one of them, with these plugins switched on; the other has the last of them only."""

    def make(*plugins: str) -> Tenant:
        for slug, names in (("moushi", plugins), ("linshi", plugins[-1:])):
            head = f'slug = "{slug}"\nname = "某市"\nshort = "某市"\nlog_domain = "a.example"\nportal_title = "x"\n'
            (home.tenants / slug / "tenant.toml").write_text(f"{head}plugins = {[*names]}\n", "utf-8")
        return tree.load(home.tenants).get("moushi")

    yield make
    handing.pool.close()


def incidents(plugin: str) -> list[tuple[str, str]]:
    """Step and code of what was remembered of a plugin."""
    return [(one.step, one.error.code) for one in lanes.of(plugin).incidents]


def published(tenant: Tenant, home: Settings) -> dict[str, str]:
    """Channel → the digest's receipt, or the code of the failure; the neighbour's is always there."""
    found = {}
    for one in service.channels(tenant, home):
        try:
            found[one.name] = "confirmed" if one.publish(BUNDLE) and one.read_back(BUNDLE).confirmed else "no"
        except OutsideFailed as error:
            found[one.name] = error.code
    return found


def test_01_raises_on_import(installed, city, home):
    """A row with its traceback."""
    installed("bad", hostility.RAISES_ON_IMPORT)
    tenant = city("bad", installed("good", channel("good", "pass")))
    (row,) = [one for one in service.listing(home, tenant) if one.name == "bad"]
    assert (row.state, "boom" in row.fault.traceback, published(tenant, home)) == (
        "broken",
        True,
        {"good": "confirmed"},
    )


def test_02_raises_in_a_hook(installed, city, home):
    """Its channel stands there as one that fails."""
    installed("bad", hostility.RAISES_IN_A_HOOK)
    tenant = city("bad", installed("good", channel("good", "pass")))
    assert published(tenant, home) == {"bad": "plugin_failed", "good": "confirmed"}
    assert incidents("bad") == [("register_disclosure_channels", "plugin_failed")]


def test_03_hangs_for_a_minute(installed, city, home, monkeypatch):
    """Whoever asked goes on after the limit; the next one does not even wait for that."""
    monkeypatch.setattr("shuangsui.extension.isolation.QUICK", 0.5)
    installed("bad", hostility.HANGS)
    tenant = city("bad", installed("good", channel("good", "pass")))
    started = time.monotonic()
    assert published(tenant, home) == {"bad": "plugin_too_slow", "good": "confirmed"}
    assert published(tenant, home) == {"bad": "plugin_resting", "good": "confirmed"}
    assert time.monotonic() - started < 10
    assert incidents("bad") == [("register_disclosure_channels", "plugin_too_slow")]


def test_04_exits_the_process_in_a_job(installed, city, home):
    """The process is its own."""
    installed("bad", channel("bad", hostility.EXIT, network=True))
    tenant = city("bad", installed("good", channel("good", "pass")))
    assert published(tenant, home) == {"bad": "plugin_died", "good": "confirmed"}
    assert incidents("bad") == [("publish", "plugin_died")]


def test_05_returns_the_wrong_type(installed, city, home):
    """Both types stand in the report."""
    installed("bad", hostility.WRONG_TYPE)
    tenant = city("bad", installed("good", channel("good", "pass")))
    assert published(tenant, home) == {"bad": "plugin_answer_wrong", "good": "confirmed"}
    (incident,) = lanes.of("bad").incidents
    assert (incident.error.params["wanted"], incident.error.params["found"]) == ("DisclosureChannel", "int")


def test_06_floods_the_log(installed, city, home):
    """Its lines up to the quota, one that says so, and everybody else's."""
    installed("bad", channel("bad", hostility.FLOOD))
    tenant = city("bad", installed("good", channel("good", "pass")))
    lines: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = lines.append
    handler.addFilter(Quota())
    logging.getLogger().addHandler(handler)
    try:
        assert published(tenant, home) == {"bad": "confirmed", "good": "confirmed"}
        logging.getLogger("shuangsui").error("still heard")
    finally:
        logging.getLogger().removeHandler(handler)
    said = [record.getMessage() for record in lines]
    assert len([line for line in said if line.startswith("flood ")]) == QUOTA
    assert said[QUOTA:] == ["plugin-bad floods the log: its lines are dropped for a while", "still heard"]


def test_07_eats_memory(installed, city, home):
    """Its process has a limit; ours does not grow."""
    installed("bad", channel("bad", hostility.EAT, network=True))
    tenant = city("bad", installed("good", channel("good", "pass")))
    before = resident()
    assert published(tenant, home) == {"bad": "plugin_failed", "good": "confirmed"}
    assert resident() - before < 64 << 20


def resident() -> int:
    """Bytes of memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_08_asks_for_rows_of_another_tenant(installed, city, home, database, monkeypatch):
    """Its process is told of no database, and there is none where it would look."""
    monkeypatch.setenv("SHUANGSUI_DATABASE_URL", database.app)
    monkeypatch.setenv("SHUANGSUI_MIGRATION_URL", database.owner)
    installed("bad", channel("bad", hostility.rows_of("linshi"), network=True))
    tenant = city("bad", installed("good", channel("good", "pass")))
    (bad, _good) = service.channels(tenant, home)
    with pytest.raises(OutsideFailed) as caught:
        bad.publish(BUNDLE)
    assert "no such table" in caught.value.params["reason"]


def test_10_weakens_a_floor(installed, home):
    """The tenant's rules are not in force while it is on, with the article that binds; nobody else notices."""
    root = Path(__file__).parents[3] / "tenants"
    name = installed("bad", hostility.WEAKENS_A_FLOOR)
    files = tree.load(root)
    on = laid(files, "liangjiang", Decisions().switched(name, on=True))
    with pytest.raises(Misconfigured) as caught:
        rulebook.check(on, "liangjiang", DAY, home)
    assert (caught.value.code, caught.value.params["key"], bool(caught.value.article)) == (
        "rule_loosened", "team.min_officers", True,
    )  # fmt: skip
    rulebook.check(on, "gaoxin", DAY, home)
    (row,) = [one for one in rulebook.listing(on, "liangjiang", home) if one.name == name]
    assert (row.state, row.fault.error.code) == ("failed", "rule_loosened")


def test_10_weakens_a_floor_from_a_file(installed, tmp_path, home):
    """Whoever switched it on in a file: every command of every other authority goes on."""
    root = Path(shutil.copytree(Path(__file__).parents[3] / "tenants", tmp_path / "copied"))
    installed("bad", hostility.WEAKENS_A_FLOOR)
    file = root / "chongqing" / "districts" / "liangjiang" / "tenant.toml"
    file.write_text(file.read_text("utf-8").replace('"rules-liangjiang"]', '"rules-liangjiang", "bad"]'), "utf-8")
    files = rulebook.load(root, DAY, home)
    rulebook.in_force(files, "gaoxin", DAY, home)
    with pytest.raises(Misconfigured):
        rulebook.in_force(files, "liangjiang", DAY, home)


def test_11_mutates_its_input(installed, city, home):
    """It has a copy; the next channel and the core have what was published."""
    installed("bad", channel("bad", hostility.MUTATE))
    tenant = city("bad", installed("good", channel("good", "assert bundle.files[0].data == b'x', bundle")))
    before = BUNDLE.digest
    assert published(tenant, home)["good"] == "confirmed"
    assert (BUNDLE.digest, BUNDLE.key) == (before, "home")


def test_12_patches_a_function_of_the_core(installed, city, home):
    """When it is loaded: undone and refused. Later, in a hook: found, undone and reported at the next look."""
    installed("early", hostility.PATCHES_EARLY)
    installed("late", hostility.PATCHES_LATE)
    tenant = city("early", "late", installed("good", channel("good", "pass")))
    originals = (db.now, db.wall)
    rows = {one.name: one for one in service.listing(home, tenant)}
    assert (rows["early"].state, rows["early"].fault.error.code) == ("broken", "plugin_patched")
    assert (rows["late"].state, incidents("late")) == ("enabled", [("patched", "plugin_patches")])
    assert (db.now, db.wall) == originals


def test_12_two_who_load_at_once_find_the_same(installed, home):
    """What a module did on import it does not do again, and a second look would find it harmless."""
    installed("early", f"import time\ntime.sleep(0.5)\n{hostility.PATCHES_EARLY}")
    meeting, found = Barrier(4), []

    def look():
        meeting.wait(20)
        found.append(loading.host(home))

    threads = [Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len({id(one) for one in found}) == 1
    assert [one.state for one in found[0].plugins if one.name == "early"] == ["broken"]


def test_12_what_a_hook_patches_is_undone_by_whoever_asked_it(installed, city, home):
    """Nobody has to look at the list of plugins first: the worker would stand still until then."""
    tenant = city(installed("late", hostility.PATCHES_LATE), installed("good", channel("good", "pass")))
    original = db.wall
    assert published(tenant, home) == {"good": "confirmed"}
    assert (db.wall, incidents("late")) == (original, [("patched", "plugin_patches")])
