"""Files and console agree: what is exported is in force, what is imported becomes drafts and decisions."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest

from command import ROOT, Installation
from distributions import SPEAKING, Install
from plugged import plugged
from shuangsui import db
from shuangsui.cli.config import today
from shuangsui.extension.secrecy import MASK
from shuangsui.rules import revising
from shuangsui.rules.revisions import Change
from shuangsui.settings import Settings

KEY = "publication.days"
T = ("--tenant", "yuzhong")
OWN = """# 本机关的规定

[[rule]]
key = "publication.days"
value = 18  # 从严
article = "第三条"

[[rule]]
key = "list.publish_days"
value = 9
article = "第四条"
"""


@pytest.fixture
def at(tmp_path: Path) -> Installation:
    """A copy of the tenants of this repository, in which a district has rules of its own; with its people."""
    tenants = Path(shutil.copytree(ROOT / "tenants", tmp_path / "tenants"))
    (tenants / "chongqing/districts/yuzhong/rules.toml").write_text(OWN, "utf-8")
    made = Installation(tmp_path / "var", tenants)
    made.done("user", "bootstrap", "anquan", "--name", "安全员", *T)
    for login, role in {"lead": "lead_office", "leader": "leader", "xitong": "system_admin"}.items():
        made.done("user", "add", login, "--name", login, *T, "--as", "anquan")
        made.done("user", "grant", login, role, *T, "--as", "anquan")
    return made


def enact(at: Installation, *changes: Change) -> None:
    """In force from today."""
    engine = db.engine(Settings(var=at.var, tenants=at.tenants))
    said = {"trial": lambda _: None, "today": today()}
    with db.session(engine, "yuzhong") as session:
        n = revising.draft(session, changes, actor="lead", **said).n
        revising.propose(session, n, today(), "试点", actor="lead", **said)
        revising.approve(session, n, actor="leader", **said)
    engine.dispose()


def exported(at: Installation, into: Path) -> Path:
    """The folder of the district as it is in force."""
    at.done("tenant", "export", "yuzhong", "--out", into)
    return into / "yuzhong"


def compared(at: Installation, folder: Path) -> list[dict]:
    """What an import would find."""
    return at.done("tenant", "import", folder, "--dry-run", "--json").json["differences"]


def test_export_of_undecided_folder_keeps_its_bytes(at: Installation, tmp_path: Path) -> None:
    """Comments included; an import of it finds no difference; a folder with files in it is left alone."""
    folder, source = exported(at, tmp_path / "out"), at.tenants / "chongqing/districts/yuzhong"
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == {
        file.name: file.read_bytes() for file in source.glob("*.toml")
    }
    assert compared(at, folder) == []
    again = at.run("tenant", "export", "yuzhong", "--out", tmp_path / "out")
    assert (again.status, "export_taken" in again.err) == (2, True)


def test_revisions_and_decisions_are_exported_and_import_finds_no_difference(at: Installation, tmp_path: Path) -> None:
    """Rules with their dates, plugins with their options; what nobody touched stays as it was written."""
    enact(at, Change(KEY, "set", 12, "第五条", "渝中〔2026〕1号"))
    at.done("plugin", "disable", "experts-roster", *T, "--as", "xitong")
    folder = exported(at, tmp_path / "out")
    assert compared(at, folder) == []
    text = (folder / "rules.toml").read_text("utf-8")
    assert text.startswith("# 本机关的规定")
    assert [(one["key"], one["value"]) for one in tomllib.loads(text)["rule"]] == [
        ("list.publish_days", 9), (KEY, 18), (KEY, 12),
    ]  # fmt: skip
    assert "experts-roster" not in tomllib.loads((folder / "tenant.toml").read_text("utf-8"))["plugins"]


def test_exported_folder_in_place_of_the_files_says_the_same(at: Installation, tmp_path: Path) -> None:
    """Every value and its basis, on every day; the digest of the rules is one."""

    def digest() -> str:
        return str(at.done("config", "explain", *T, "--json").json["digest"])

    enact(at, Change(KEY, "set", 12, "第五条", "渝中〔2026〕1号"), Change("list.publish_days", "inherit"))
    before, folder = digest(), exported(at, tmp_path / "out")
    shutil.copytree(folder, at.tenants / "chongqing/districts/yuzhong", dirs_exist_ok=True)
    assert digest() == before
    moved = Installation(tmp_path / "elsewhere", at.tenants)
    assert moved.done("config", "explain", *T, "--json").json["digest"] == before


def test_import_makes_a_draft_of_rules_that_another_person_must_approve(at: Installation, tmp_path: Path) -> None:
    """Nothing of the folder is in force by itself."""
    folder = exported(at, tmp_path / "out")
    (folder / "rules.toml").write_text(
        OWN.replace("18", "11").replace("list.publish_days", "list.publish_limit_days"), "utf-8"
    )
    found = {(one["part"], one["key"]) for one in compared(at, folder)}
    assert found == {("rules", KEY), ("rules", "list.publish_days"), ("rules", "list.publish_limit_days")}
    said = at.done("tenant", "import", folder, "--as", "lead", "--json").json
    assert (said["draft"], said["dry_run"]) == (1, False)
    assert at.done("config", "explain", KEY, *T, "--json").json["value"] == 18
    refused = at.run("tenant", "import", folder, "--as", "xitong")
    assert (refused.status, "not_allowed" in refused.err) == (1, True)


def test_import_decides_plugins_for_a_system_administrator(at: Installation, tmp_path: Path) -> None:
    """At once, like at the console; settings that only files have are named and left alone."""
    folder = exported(at, tmp_path / "out")
    file = folder / "tenant.toml"
    plugins = 'plugins = ["channel-portal", "entropy-ceremony", "rules-cq-order-375"]\n'
    file.write_text(plugins + file.read_text("utf-8").replace("short = ", 'credit_code = ""\nshort = '), "utf-8")
    named = {(one["part"], one["key"]): one["there"] for one in compared(at, folder)}
    assert named[("plugins", "experts-roster")] is False
    at.done("tenant", "import", folder, "--as", "xitong")
    assert ("plugins", "experts-roster") not in {(one["part"], one["key"]) for one in compared(at, folder)}


def test_folder_with_a_fault_is_refused_with_its_line(at: Installation, tmp_path: Path) -> None:
    """By the same checks as at the start of a process."""
    folder = exported(at, tmp_path / "out")
    (folder / "rules.toml").write_text(OWN.replace('"publication.days"', '"publication.day"'), "utf-8")
    refused = at.run("tenant", "import", folder, "--dry-run")
    assert (refused.status, "rule_key_unknown" in refused.err, "第 4 行" in refused.err) == (2, True, True)


@pytest.mark.parametrize(
    ("option", "code"),
    [("token_env", "plugin_option_variable"), ("address", "plugin_option_shared")],
)
def test_import_leads_no_secret_elsewhere(at: Installation, tmp_path: Path, option: str, code: str) -> None:
    """An option of a folder is refused as it is at the console."""
    folder = exported(at, tmp_path / "out")
    file = folder / "tenant.toml"
    said = f'\n[options.exporter-gsxt]\n{option} = "https://own.example"\n'
    file.write_text(file.read_text("utf-8") + said, "utf-8")
    shared = Installation(at.var, at.tenants, {"SHUANGSUI_GSXT_TOKEN": "another's"})
    refused = shared.run("tenant", "import", folder, "--as", "xitong")
    assert (refused.status, code in refused.err) == (1, True)


SEALED = SPEAKING.replace(
    "class Channel:", "    password: SecretStr = Field(SecretStr(''), description='口令')\nclass Channel:"
).replace("import Field", "import Field, SecretStr")


def test_secret_of_a_file_is_printed_nowhere(tmp_path: Path, installed: Install) -> None:
    """Neither where a setting is explained nor where a folder is compared; that there is one is said."""
    installed("sealed", SEALED)
    canaries = ("k4n4ri-5ecret", "0ther-5ecret")
    at = Installation(tmp_path / "var", plugged(tmp_path, "sealed", f'password = "{canaries[0]}"'))
    at.done("tenant", "export", "chongqing", "--out", tmp_path)
    file = tmp_path / "chongqing" / "tenant.toml"
    file.write_text(file.read_text("utf-8").replace(*canaries), "utf-8")
    explained = ("config", "explain", "options.sealed.password", "--tenant", "chongqing")
    compared = ("tenant", "import", file.parent, "--dry-run")
    found = [at.done(*words, *more) for words in (explained, compared) for more in ((), ("--json",))]
    assert [[canary in one.out for canary in canaries] for one in found] == [[False, False]] * 4
    assert (found[1].json["value"], [one["value"] for one in found[1].json["ladder"]]) == (MASK, [MASK])
    said = {"part": "options", "key": "sealed.password", "here": MASK, "there": MASK}
    assert found[3].json["differences"] == [said]
