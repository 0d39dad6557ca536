"""The static tree on disk: whole files, right order, nothing stale, nothing outside."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shuangsui import Bundle, OutsideFailed, PublicFile
from shuangsui_channel_portal import tree


def bundle(*files: tuple[str, bytes], tenant: str | None = "moushi", key: str = "1") -> Bundle:
    made = tuple(PublicFile(path, data, "text/plain") for path, data in files)
    return Bundle(tenant, "draw", key, made)


def visible(root: Path) -> dict[str, bytes]:
    """Everything below ``root`` that a visitor could ask for."""
    files = (path for path in root.rglob("*") if path.is_file())
    found = {path.relative_to(root).as_posix(): path.read_bytes() for path in files}
    return {path: data for path, data in found.items() if not path.startswith(".")}


def test_files_stand_below_their_tenant(tmp_path):
    """A bundle of no tenant stands at the root."""
    tree.write(tmp_path, bundle(("draws/1/plan.json", b"p"), ("index.html", b"i")))
    tree.write(tmp_path, bundle(("index.html", b"all"), tenant=None))
    assert visible(tmp_path) == {"moushi/draws/1/plan.json": b"p", "moushi/index.html": b"i", "index.html": b"all"}


def test_later_bundle_of_the_same_name_removes_what_it_lacks(tmp_path):
    """Folders that become empty go too; what another bundle wrote stays."""
    tree.write(tmp_path, bundle(("draws/1/old/a.txt", b"a"), ("draws/1/b.txt", b"b")))
    tree.write(tmp_path, bundle(("draws/2/c.txt", b"c"), key="2"))
    tree.write(tmp_path, bundle(("draws/1/b.txt", b"new")))
    assert visible(tmp_path) == {"moushi/draws/1/b.txt": b"new", "moushi/draws/2/c.txt": b"c"}
    assert not (tmp_path / "moushi/draws/1/old").exists()


def test_same_key_of_two_tenants_are_two_bundles(tmp_path):
    """One tenant's publication never removes another's."""
    tree.write(tmp_path, bundle(("a.txt", b"a")))
    tree.write(tmp_path, bundle(("b.txt", b"b"), tenant="linshi"))
    assert visible(tmp_path) == {"moushi/a.txt": b"a", "linshi/b.txt": b"b"}


def test_index_pages_come_last_and_the_innermost_first(tmp_path, monkeypatch):
    """No link ever leads to a file that is not there yet."""
    written: list[str] = []
    real = tree.replace_file
    monkeypatch.setattr(tree, "replace_file", lambda place, data: (written.append(place.name), real(place, data))[1])
    tree.write(
        tmp_path,
        bundle(
            ("index.html", b""), ("draws/index.html", b""), ("draws/1/index.html", b""), ("draws/1/rows.txt", b"r"),
            ("a.txt", b"a"), ("draws/1/index.json", b""),
        ),
    )  # fmt: skip
    pages = [name for name in written if not name.endswith(".json") or name == "index.json"]
    assert pages == ["rows.txt", "a.txt", "index.html", "index.json", "index.html", "index.html"]


def test_interrupted_publication_leaves_whole_files_and_is_repaired(tmp_path, monkeypatch):
    """The process dies at the second file: what is there is old or new, never half; running it again is enough."""
    tree.write(tmp_path, bundle(("a.txt", b"old"), ("b.txt", b"old"), ("gone.txt", b"old")))
    wanted = bundle(("a.txt", b"new"), ("b.txt", b"new"))
    real = os.fsync
    calls = iter(range(100))

    def dies(descriptor: int) -> None:
        if next(calls) >= 2:
            raise OSError(5, "Input/output error")
        real(descriptor)

    monkeypatch.setattr(tree.os, "fsync", dies)
    with pytest.raises(OSError, match="Input/output"):
        tree.write(tmp_path, wanted)
    assert visible(tmp_path) == {"moushi/a.txt": b"new", "moushi/b.txt": b"old", "moushi/gone.txt": b"old"}
    monkeypatch.setattr(tree.os, "fsync", real)
    tree.write(tmp_path, wanted)
    assert visible(tmp_path) == {"moushi/a.txt": b"new", "moushi/b.txt": b"new"}
    assert not list((tmp_path / "moushi").glob(".new-*"))


def test_leftovers_of_a_killed_process_are_swept(tmp_path):
    """It died between writing and renaming."""
    tree.write(tmp_path, bundle(("draws/1/a.txt", b"a")))
    (tmp_path / "moushi/draws/1/.new-x").write_bytes(b"half")
    tree.write(tmp_path, bundle(("draws/1/a.txt", b"a")))
    assert [path.name for path in (tmp_path / "moushi/draws/1").iterdir()] == ["a.txt"]


def test_unchanged_file_is_not_written_again(tmp_path):
    """Caches keep what did not change."""
    tree.write(tmp_path, bundle(("a.txt", b"a")))
    before = (tmp_path / "moushi/a.txt").stat()
    tree.write(tmp_path, bundle(("a.txt", b"a"), ("b.txt", b"b")))
    after = (tmp_path / "moushi/a.txt").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_files_are_readable_by_another_web_server(tmp_path):
    """Temporary files are not, and these began as temporary files."""
    tree.write(tmp_path, bundle(("a.txt", b"a")))
    assert stat.S_IMODE((tmp_path / "moushi/a.txt").stat().st_mode) == 0o644


ACTS = {
    "write": lambda root: tree.write(root, bundle(("draws/a.txt", b"x"))),
    "read": lambda root: tree.Folder(root).held(bundle(("draws/a.txt", b"x"))),
}


@pytest.mark.parametrize("act", ACTS)
def test_link_out_of_the_tree_is_refused(tmp_path, act):
    """Somebody put a link into the tree; nothing is written or read behind it."""
    outside, root = tmp_path / "outside", tmp_path / "public"
    outside.mkdir()
    (outside / "a.txt").write_bytes(b"secret")
    (root / "moushi").mkdir(parents=True)
    (root / "moushi/draws").symlink_to(outside)
    with pytest.raises(OutsideFailed) as caught:
        ACTS[act](root)
    assert (caught.value.code, caught.value.permanent, (outside / "a.txt").read_bytes()) == (
        "portal_path",
        True,
        b"secret",
    )


@pytest.mark.parametrize(
    "path", ["../x", "a/../../x", "/etc/x", "a//x", "", ".hidden", "a/.x", "a\\..\\x", "a\0b", "C:x"]
)
def test_hostile_path_never_becomes_a_file(path):
    """The value itself refuses it, before any plugin sees it."""
    with pytest.raises(ValueError, match="not a public path"):
        PublicFile(path, b"", "text/plain")


@pytest.mark.parametrize("tenant", ["..", "a/b", "", "Moushi", "."])
def test_hostile_tenant_never_becomes_a_bundle(tenant):
    """A tenant's slug is the first part of the path."""
    with pytest.raises(ValueError, match="not a bundle's name"):
        bundle(("a.txt", b""), tenant=tenant)


def test_two_writers_leave_one_whole_bundle(tmp_path):
    """Publishing at once from several places: the files are all of one of them."""

    def publish(word: bytes) -> None:
        tree.write(tmp_path, bundle(*((f"{n}.txt", word) for n in range(20))))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(publish, [b"one", b"two", b"three", b"four"] * 3))
    assert len(set(visible(tmp_path).values())) == 1
