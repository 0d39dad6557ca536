"""Keys in a folder: always the same, nobody else's to read, one more at every rotation."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from shuangsui import Context, KeyStore, OutsideFailed
from shuangsui_keys_file import Options, register_key_stores


def store(folder: Path, tenant: str = "moushi", **options: bool) -> KeyStore:
    (made,) = register_key_stores(Context(tenant, Options(folder=str(folder), **options), folder / "public"))
    return made


def problem(do: object, *args: object) -> str:
    with pytest.raises(OutsideFailed) as caught:
        do(*args)  # type: ignore[operator]
    return str(caught.value.params["problem"])


def files(folder: Path) -> list[Path]:
    return sorted((folder / "moushi").iterdir())


def test_key_is_made_at_the_first_need_and_stays(tmp_path: Path) -> None:
    """For its owner alone; a new process finds the same."""
    key = store(tmp_path).current()
    assert (key[:5], len(key), store(tmp_path).current()) == ("0001-", 21, key)
    (file,) = files(tmp_path)
    assert (file.name, file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (f"{key}.key", 0o600, 0o700)
    first = store(tmp_path).derive(key, "a.b")
    assert (len(first), store(tmp_path).derive(key, "a.b") == first) == (32, True)
    assert first != file.read_bytes()


def test_key_has_its_name_on_the_disk_before_it_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes, name and folder: a power cut leaves nothing sealed under a key that is gone."""
    synced: list[str] = []
    whole = os.fsync

    def fsync(descriptor: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        whole(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    key, folder = store(tmp_path).current(), tmp_path / "moushi"
    assert synced == [str(tmp_path), str(folder / f".{key}"), str(folder)]


def test_purposes_and_authorities_have_keys_of_their_own(tmp_path: Path) -> None:
    """Although one folder serves them all, and even where one has the other's file."""
    one, other = store(tmp_path), store(tmp_path, "linshi")
    key = one.current()
    assert one.derive(key, "a.b") != one.derive(key, "a.c")
    assert other.current() != key
    (tmp_path / "linshi" / f"{key}.key").write_bytes((tmp_path / "moushi" / f"{key}.key").read_bytes())
    (tmp_path / "linshi" / f"{key}.key").chmod(0o600)
    assert one.derive(key, "a.b") != other.derive(key, "a.b")


def test_new_key_becomes_the_current_one_and_the_old_one_still_opens(tmp_path: Path) -> None:
    """Twelve rotations: numbers, not their digits, are in order."""
    one = store(tmp_path)
    first = one.current()
    before = one.derive(first, "a.b")
    keys = [one.renew() for _ in range(12)]
    assert [key[:4] for key in keys] == [f"{n:04d}" for n in range(2, 14)]
    assert (one.current(), one.derive(first, "a.b")) == (keys[-1], before)
    assert len({one.derive(key, "a.b") for key in [first, *keys]}) == 13


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_key_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    """One sentence says what to do."""
    one = store(tmp_path)
    key = one.current()
    (file,) = files(tmp_path)
    file.chmod(mode)
    assert problem(one.derive, key, "a.b") == f"密钥文件 {file} 可被其他账号读取，请执行 chmod 600"
    assert one.check().ok is False


def test_folder_that_others_may_read_is_refused(tmp_path: Path) -> None:
    """Names tell nothing, but who may write there could put a key of his own in."""
    one = store(tmp_path)
    one.current()
    (tmp_path / "moushi").chmod(0o755)
    assert "chmod 700" in problem(one.current)


@pytest.mark.parametrize("content", [b"", b"x" * 32, b"x" * 33])
def test_file_that_is_not_the_key_of_its_name_is_refused(tmp_path: Path, content: bytes) -> None:
    """Another key under the same name would only say that everything was tampered with."""
    one = store(tmp_path)
    key = one.current()
    files(tmp_path)[0].write_bytes(content)
    assert "请放回当时的密钥文件" in problem(one.derive, key, "a.b")


@pytest.mark.parametrize("key", ["0001-0011223344556677", "../linshi/0001-0011223344556677", "", "/etc/passwd"])
def test_unknown_key_is_told(tmp_path: Path, key: str) -> None:
    """For good, and nothing outside the folder is read."""
    one = store(tmp_path)
    one.current()
    with pytest.raises(OutsideFailed) as caught:
        one.derive(key, "a.b")
    assert (caught.value.permanent, "没有密钥" in caught.value.params["problem"]) == (True, True)


def test_store_that_only_opens(tmp_path: Path) -> None:
    """Another one seals from now on."""
    key = store(tmp_path).current()
    one = store(tmp_path, only_opens=True)
    assert (one.current(), len(one.derive(key, "a.b"))) == ("", 32)
    assert "只用来打开" in problem(one.renew)


def test_folder_that_is_not_there_is_told_and_not_made(tmp_path: Path) -> None:
    """A disk that is not mounted must not become an empty folder with a new key."""
    away = tmp_path / "away"
    one = store(away)
    with pytest.raises(OutsideFailed) as caught:
        one.current()
    assert (caught.value.permanent, away.exists()) == (False, False)
    with pytest.raises(OutsideFailed) as caught:
        one.derive("0001-0011223344556677", "a.b")
    assert caught.value.permanent is False
    assert one.check() == type(one.check())(False, f"密钥文件夹 {away} 不存在或者不能写入，请运维人员建立。")


def test_check_counts_the_keys(tmp_path: Path) -> None:
    """It makes none."""
    one = store(tmp_path)
    assert (one.check().ok, list(tmp_path.iterdir())) == (True, [])
    one.current()
    one.renew()
    assert one.check().message == f"密钥文件夹 {tmp_path / 'moushi'} 可以使用，有 2 个密钥。"


@pytest.mark.parametrize("folder", ["keys", "./keys", "/srv/../etc", ""])
def test_folder_is_an_absolute_path(folder: str) -> None:
    """Wherever the process was started."""
    with pytest.raises(ValidationError, match="应为绝对路径"):
        Options(folder=folder)
