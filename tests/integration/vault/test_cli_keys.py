"""``shuangsui keys`` and ``doctor`` with the real plugin: state, rotation, a folder that is away, another machine."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from command import Installation
from plugged import plugged
from shuangsui.extension import loading

HERE = "chongqing"
T = ("--tenant", HERE)
PHONE = "13900139001"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (made := tmp_path / "keys").mkdir(mode=0o700)
    return made


@pytest.fixture
def at(tmp_path: Path, folder: Path) -> Installation:
    """The keys of the city lie in a folder; its leader has a telephone."""
    loading.forget()
    made = Installation(tmp_path / "var", plugged(tmp_path, "keys-file", f'folder = "{folder}"'))
    made.done("user", "bootstrap", "sec.admin", "--name", "安全员", *T)
    for login, role in (("sys", "system_admin"), ("leader", "leader")):
        made.done("user", "add", login, "--name", login, *T, "--as", "sec.admin")
        made.done("user", "grant", login, role, *T, "--as", "sec.admin")
    made.done("user", "address", "leader", "--phone", PHONE, *T, "--as", "leader")
    return made


def keys(at: Installation) -> list[tuple[str, int, bool, bool]]:
    """The number of each key, how much is under it, whether it is the current one, whether it can be had."""
    found = at.done("keys", "state", *T, "--json").json["keys"]
    return [((one["key"] or "")[:4], one["count"], one["current"], not one["problem"]) for one in found]


def shown(at: Installation) -> str:
    return str(at.done("user", "address", "leader", *T, "--as", "leader", "--json").json["addresses"]["phone"])


def unwell(at: Installation) -> list[str]:
    found = at.run("doctor", "--json").json
    return [text for one in found if one["part"] == "keys" for text in one["problems"]]


def test_from_one_key_to_the_next(at: Installation, folder: Path) -> None:
    """State, rotation, moving, and the old file may go."""
    assert (keys(at), shown(at)) == ([("0001", 1, True, True)], "139***01")
    said = at.done("keys", "rotate", *T, "--as", "sys", "--json").json
    assert (said["store"], said["key"][:4]) == ("keys-file/files", "0002")
    assert keys(at) == [("0001", 1, False, True), ("0002", 0, True, True)]
    assert at.done("keys", "reseal", *T, "--as", "sys", "--json").json == {"moved": 1, "stuck": []}
    assert keys(at) == [("0002", 1, True, True)]
    next(folder.glob(f"{HERE}/0001-*")).unlink()
    assert (shown(at), unwell(at)) == ("139***01", [])
    human = at.done("keys", "state", *T).out
    assert ("keys-file/files" in human, PHONE in human) == (True, False)
    assert PHONE.encode() not in b"".join(file.read_bytes() for file in at.var.rglob("*") if file.is_file())


def test_only_the_system_administrator_rotates_and_moves(at: Installation) -> None:
    """Exit status 1, and no key more."""
    for command in ("rotate", "reseal"):
        assert at.run("keys", command, *T, "--as", "leader").status == 1
    assert keys(at) == [("0001", 1, True, True)]


def test_doctor_says_that_the_folder_is_away(at: Installation, folder: Path) -> None:
    """Other commands go on; what is masked is masked altogether."""
    folder.rename(folder.with_name("elsewhere"))
    (told,) = set(unwell(at))
    assert "密钥库 keys-file/files 现在打不开" in told
    assert (shown(at), keys(at)) == ("***", [("0001", 1, False, False), ("", 0, False, False)])
    assert at.run("user", "address", "leader", "--phone", PHONE, *T, "--as", "leader").status == 3
    at.done("user", "address", "leader", "--no-digest", *T, "--as", "leader")


def test_doctor_says_that_a_sealed_text_is_mangled(at: Installation) -> None:
    """A text that is sealed and names no key cannot be counted; that is no database that is away."""
    with closing(sqlite3.connect(at.var / "shuangsui.db")) as connection:
        connection.execute("UPDATE notification_recipient SET addresses = ?", ['{"phone": "sealed:1:cut"}'])
        connection.commit()
    (told,) = unwell(at)
    assert told.startswith("密封的数据（密钥库 ?，密钥 ?）打不开")


def test_store_that_still_seals_something_is_not_switched_off(at: Installation) -> None:
    """Until everything has been moved elsewhere, on the command line as at the console."""
    refused = at.run("plugin", "disable", "keys-file", *T, "--as", "sys")
    assert (refused.status, "还有 1 项电话等是用插件 keys-file 的密钥密封的" in refused.err) == (1, True)
    at.done("plugin", "set", "keys-file", "only_opens=true", *T, "--as", "sys")
    assert at.done("keys", "reseal", *T, "--as", "sys", "--json").json == {"moved": 1, "stuck": []}
    at.done("plugin", "disable", "keys-file", *T, "--as", "sys")
    assert (shown(at), unwell(at)) == ("139***01", [])


def test_store_is_not_led_away_from_its_keys(at: Installation, folder: Path) -> None:
    """Another folder is refused while what is sealed would not open there; with the keys in it, it is taken."""
    other = folder.with_name("other")
    other.mkdir(mode=0o700)
    told = "还有 1 项电话等是用插件 keys-file 的密钥密封的"
    refused = at.run("plugin", "set", "keys-file", f"folder={other}", *T, "--as", "sys")
    assert (refused.status, told in refused.err, shown(at)) == (1, True, "139***01")
    shutil.copytree(folder / HERE, other / HERE)
    at.done("plugin", "set", "keys-file", f"folder={other}", *T, "--as", "sys")
    shutil.rmtree(folder / HERE)
    assert (shown(at), unwell(at)) == ("139***01", [])
    refused = at.run("plugin", "reset", "keys-file", "folder", *T, "--as", "sys")
    assert (refused.status, told in refused.err) == (1, True)


def test_folder_without_the_store_does_not_switch_it_off(at: Installation, tmp_path: Path) -> None:
    """An import decides like the command and the console, and is refused like them."""
    at.done("tenant", "export", HERE, "--out", tmp_path / "out")
    file = tmp_path / "out" / HERE / "tenant.toml"
    file.write_text(file.read_text("utf-8").replace(', "keys-file"', "").partition("\n[options.keys-file]")[0], "utf-8")
    refused = at.run("tenant", "import", file.parent, "--as", "sys")
    assert (refused.status, "还有 1 项电话等是用插件 keys-file 的密钥密封的" in refused.err) == (1, True)
    assert shown(at) == "139***01"


def test_archive_needs_the_folder(at: Installation, folder: Path, tmp_path: Path) -> None:
    """Its manifest says which keys; another machine with the master key alone is refused, with the folder it works."""
    file = tmp_path / "city.zip"
    (key,) = at.done("tenant", "dump", file, *T, "--json").json["sealed"]
    assert key.startswith("keys-file/files:0001-")
    other = Installation(tmp_path / "other", at.tenants)
    shutil.copytree(at.var / "keys", other.var / "keys")
    kept = folder.rename(folder.with_name("elsewhere"))
    refused = other.run("tenant", "restore", file)
    assert (refused.status, "请先放回当时的密钥" in refused.err) == (1, True)
    kept.rename(folder)
    other.done("tenant", "restore", file)
    assert shown(other) == "139***01"


def test_without_a_store_there_is_nothing_to_rotate(tmp_path: Path) -> None:
    """The master key seals; the sentence says what to switch on."""
    loading.forget()
    made = Installation(tmp_path / "var")
    made.done("user", "bootstrap", "sys", "--name", "安全员", *T)
    refused = made.run("keys", "rotate", *T, "--as", "sys")
    assert (refused.status, "请先启用密钥库" in refused.err) == (1, True)
