"""The demo is the main job: what it leaves is what citizens, auditors and supervisors work with."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from command import ROOT, Installation
from examples import examples
from fairdraw import seed
from fairdraw.suites import hasher
from shuangsui import db
from shuangsui.access import signin
from shuangsui.access.profiles import terms_of
from shuangsui.access.signin import Entrance
from shuangsui.cli.rehearsal import LOGINS
from shuangsui.ledger.keys import Keyring
from shuangsui.tenancy.tree import load

T = ("--tenant", "chongqing")


@dataclass(frozen=True, slots=True)
class Demo:
    """A finished demo: its installation, its closing line, the second holder's own folder."""

    at: Installation
    said: dict[str, Any]
    holder: Path
    password: str

    @property
    def transcript(self) -> Path:
        """The published folder of the draw."""
        return Path(self.said["transcript"])


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """One run on 1 000 objects."""
    folder = tmp_path_factory.mktemp("demo")
    with chdir(folder):  # as `make demo` does: in the default folder, a relative one
        done = Installation(Path("var")).done("demo", "--no-serve", "--objects", 1000, "--seed", 7)
    holder = re.search(r"/\S*shuangsui-holder-\S+", done.err)
    password = re.search(r"口令都是 (\S+) ，只显示这一次", done.err)
    assert holder is not None
    assert password is not None
    return Demo(Installation(folder / "var"), json.loads(done.out.splitlines()[-1]), Path(holder[0]), password[1])


def kernel(tool: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """``python -m fairdraw.TOOL …`` as a citizen runs it: isolated from the platform's environment."""
    command = [sys.executable, "-m", f"fairdraw.{tool}", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_closing_line_has_the_stated_members(demo: Demo) -> None:
    """One line of JSON on standard output; the district is empty and has people."""
    members = [
        "tenant", "draw", "transcript", "trust", "objects", "selected", "teams", "verified", "district", "seconds",
    ]  # fmt: skip
    assert list(demo.said) == members
    assert (demo.said["tenant"], demo.said["objects"], demo.said["verified"]) == ("chongqing", 1000, True)


def test_stranger_verifies_the_draw_as_witnessed(demo: Demo) -> None:
    """With a trust list: signatures, two cosigning authorities, every ticket and seat."""
    done = kernel("verify", "--trust", demo.said["trust"], demo.transcript)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "VERIFIED witnessed")


def test_published_verifier_needs_nothing_installed(demo: Demo) -> None:
    """``fairdraw.pyz`` beside the transcript, in Python's isolated mode."""
    command = [sys.executable, "-I", "fairdraw.pyz", "verify", "--trust", demo.said["trust"], "."]
    done = subprocess.run(command, cwd=demo.transcript, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "VERIFIED witnessed"


def test_last_checkpoint_covers_the_whole_log(demo: Demo) -> None:
    """Every published draw ends with a checkpoint over its last entry."""
    entries = (demo.transcript / "log.jsonl").read_bytes().count(b"\n")
    assert (demo.transcript / f"checkpoint-{entries}.txt").is_file()


def test_plan_is_marked_as_demonstration(demo: Demo) -> None:
    """``ext.demo``, and a banner on every page, in its language."""
    assert json.loads((demo.transcript / "plan.json").read_bytes())["ext"]["demo"] is True
    pages = {page: page.read_text("utf-8") for page in (demo.at.var / "public").rglob("index.html")}
    assert len(pages) >= 14
    banners = {page: "Demonstration data" if '<html lang="en">' in text else "演示数据" for page, text in pages.items()}
    assert {page for page, text in pages.items() if banners[page] not in text} == set()


def test_supervisor_finds_no_ghost_in_the_frozen_registry(demo: Demo, tmp_path: Path) -> None:
    """srd-1 14: with the real registry and K handed over, every row stands for one entry."""
    demo.at.done("draw", "supervise", demo.said["draw"], *T, "--as", "supervisor", "--out", tmp_path)
    done = kernel("audit", demo.transcript, "--registry", tmp_path / "registry.csv", "--key", tmp_path / "key.hex")
    assert (done.returncode, done.stdout.split("，")[-1]) == (0, "问题 0 处\n")


def test_company_with_published_result_finds_itself(demo: Demo) -> None:
    """An opened object: in the pool, with its chance and ticket."""
    opened = json.loads((demo.transcript / "openings.json").read_bytes())
    code = next(iter(opened.values()))["id"]
    done = kernel("verify", "--object", code, demo.transcript)
    assert done.returncode == 0
    assert "机会" in done.stdout


def test_blinded_pool_never_says_that_a_company_is_not_in_it(demo: Demo) -> None:
    """Salted mode without salt or receipt: it cannot be known, exit status 2."""
    done = kernel("verify", "--object", "91500000MAXX00007C", demo.transcript)
    assert (done.returncode, "无法判断" in done.stdout, "不在" in done.stdout) == (2, True, False)


def test_both_chains_of_every_tenant_hold(demo: Demo) -> None:
    """The authority's, and those of the tenants that cosigned."""
    for tenant in ("chongqing", "yuzhong", "liangjiang"):
        assert demo.at.done("ledger", "verify", "--tenant", tenant, "--json").json["faults"] == []


def unopened(demo: Demo) -> Iterator[bytes]:
    """The second holder's ``c_0`` and every link it has not opened."""
    secret = json.loads((demo.holder / "secret.json").read_text("utf-8"))
    links = seed.chain(bytes.fromhex(secret["c0"]), secret["length"], hasher(secret["suite"]))
    yield from links[:-1]


def test_platform_never_stored_the_other_holders_secret(demo: Demo) -> None:
    """Database, write-ahead log, sealed keys, drafts, public tree: nowhere, neither raw nor as hex."""
    stored = b"\0".join(file.read_bytes() for file in sorted(demo.at.var.rglob("*")) if file.is_file())
    secrets = list(unopened(demo))
    assert len(secrets) == 20
    assert [s.hex() for s in secrets if s in stored or s.hex().encode() in stored] == []


def test_revealed_number_is_stored_so_the_search_could_find_one(demo: Demo) -> None:
    """The search above finds what is there: ``c_L`` was opened."""
    secret = json.loads((demo.holder / "secret.json").read_text("utf-8"))
    opened = seed.chain(bytes.fromhex(secret["c0"]), secret["length"], hasher(secret["suite"]))[-1]
    assert opened.hex().encode() in (demo.transcript / "log.jsonl").read_bytes()


def test_second_demo_in_the_same_place_only_shows_the_first(demo: Demo) -> None:
    """Nothing is drawn twice."""
    again = demo.at.done("demo", "--no-serve", "--var", demo.at.var, "--objects", 1000)
    assert json.loads(again.out.splitlines()[-1]) == demo.said
    assert ("口令都是" in again.err, "第一次演示时显示过" in again.err) == (False, True)


def test_newcomer_signs_in_with_the_password_shown_once(demo: Demo) -> None:
    """Every invented user, with no password to set first; it stands in no file of the installation."""
    engine = db.engine(f"sqlite:///{demo.at.var / 'shuangsui.db'}")
    tenant, keyring = load(ROOT / "tenants").get("chongqing"), Keyring(demo.at.var / "keys" / "master.key")
    entrance = Entrance(engine, "chongqing", keyring, terms_of(tenant))
    for login in LOGINS:
        visitor = signin.resume(engine, signin.sign_in(entrance, login, demo.password))
        assert visitor is not None
        assert (visitor.actor.login, visitor.must_change) == (login, False)
    engine.dispose()
    kept = [path for path in demo.at.var.rglob("*") if path.is_file() and demo.password.encode() in path.read_bytes()]
    assert kept == []


def test_demo_refuses_an_installation_in_use(tmp_path: Path) -> None:
    """Invented data never go into somebody's real registries."""
    at = Installation(tmp_path / "var")
    at.done("user", "bootstrap", "a.b", "--name", "甲", *T)
    said = at.run("demo", "--no-serve", "--var", at.var)
    assert (said.status, "demo_not_empty" in said.err) == (2, True)


def commands() -> list[str]:
    """The README's commands, line by line."""
    return [line for block in examples("README.md", "console") for line in block.strip().splitlines()]


@pytest.mark.parametrize("line", [line for line in commands() if not line.startswith("make ")])
def test_readme_command_runs(demo: Demo, line: str) -> None:
    """As printed, but for where the demo lives and which Python runs it."""
    line = line.replace(" var/", f" {demo.at.var}/").replace(".venv/bin/", f"{Path(sys.executable).parent}/")
    environment = {"SHUANGSUI_VAR": str(demo.at.var), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(["bash", "-c", line], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_readme_make_targets_exist() -> None:
    """``make demo`` and ``make test``."""
    targets = re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    named = [line.removeprefix("make ") for line in commands() if line.startswith("make ")]
    assert named == ["demo", "test"]
    assert set(named) <= set(targets)
