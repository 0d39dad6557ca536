"""Evidence of a task: kept once, under its hash, and checked when it is read."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from sqlmodel import select

from authority import Authority
from inspecting import Team, team
from shuangsui.errors import BadInput, NotAllowed, NotFound, OutsideFailed, RuleRefused
from shuangsui.inspections import evidence, tasks
from shuangsui.inspections.evidence_policy import Limits
from shuangsui.inspections.evidence_store import Folder
from shuangsui.inspections.tables import Evidence, ObjectAccess
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.settings import Settings

JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(40)
HASH = sha256(JPEG).hexdigest()
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture
def one(authority: Authority) -> Team:
    """An accepted task."""
    return team(authority).until("notify")


@pytest.fixture
def store(tmp_path: Path) -> Folder:
    """An empty folder."""
    return Folder(tmp_path / "evidence")


def add(one: Team, store: Folder, data: bytes = JPEG, name: str = "现场.jpg", **options) -> Evidence:
    with one.authority.session() as session:
        return evidence.add(session, store, one.no, data, name, actor="inspection", **options)


def rows(one: Team, kind: type) -> list:
    with one.authority.session() as session:
        return list(session.exec(select(kind)).all())


def test_file_is_kept_under_its_hash(one: Team, store: Folder) -> None:
    """Row, file and ledger say the same hash."""
    row = add(one, store, note="厂区大门")
    assert (row.sha256, row.media_type, row.size, row.name, row.note) == (
        HASH, "image/jpeg", len(JPEG), "现场.jpg", "厂区大门",
    )  # fmt: skip
    files = [path for path in store.root.rglob("*") if path.is_file()]
    assert files == [store.root / "chongqing" / HASH[:2] / HASH]
    assert files[0].read_bytes() == JPEG
    entry = next(entry for entry in rows(one, LedgerEntry) if entry.act == "evidence.add")
    assert (entry.subject, HASH in entry.payload) == (f"task/{one.no}", True)


def test_same_file_twice_is_one_row(one: Team, store: Folder) -> None:
    """Also under another name; the ledger has one act."""
    first, again = add(one, store), add(one, store, name="又一张.jpeg")
    assert (again.id, len(rows(one, Evidence))) == (first.id, 1)
    assert sum(entry.act == "evidence.add" for entry in rows(one, LedgerEntry)) == 1


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.jpg", "evidence_empty"),
        (SVG, "a.svg", "evidence_type"),
        (b"<html><script>1</script>", "a.jpg", "evidence_type"),
        (JPEG, "a.pdf", "evidence_suffix"),
        (JPEG, "../..", "evidence_name"),
        (JPEG + bytes(100), "a.jpg", "evidence_too_large"),
    ],
)
def test_refused_files_leave_nothing(one: Team, store: Folder, data: bytes, name: str, code: str) -> None:
    """No row, no file, no folder."""
    with pytest.raises(BadInput, match=code):
        add(one, store, data, name, limits=Limits(max_bytes=100))
    assert (rows(one, Evidence), store.root.exists()) == ([], False)


def test_note_has_a_limit(one: Team, store: Folder) -> None:
    """Five hundred characters."""
    with pytest.raises(BadInput, match="evidence_note"):
        add(one, store, note="长" * 501)
    assert add(one, store, note="长" * 500).note == "长" * 500


def test_cancelled_task_takes_no_evidence(one: Team, store: Folder) -> None:
    """What is over is over."""
    one.act(tasks.cancel, "企业已注销", actor="lead")
    with pytest.raises(RuleRefused, match="task_state"):
        add(one, store)


def test_ended_task_still_takes_evidence(one: Team, store: Folder) -> None:
    """Proof of a rectification comes after the visit."""
    for step in ("notify", "arrive", "write", "sign", "leave", "submit"):
        getattr(one, step)()
    assert add(one, store).sha256 == HASH


def test_only_inspectors_add(one: Team, store: Folder) -> None:
    """The leader does not."""
    with one.authority.session() as session, pytest.raises(NotAllowed, match="not_allowed"):
        evidence.add(session, store, one.no, JPEG, "a.jpg", actor="leader")


def open_(one: Team, store: Folder, digest: str = HASH, actor: str = "leader") -> bytes:
    with one.authority.session() as session:
        return evidence.open_file(session, store, one.no, digest, actor=actor)[1]


def test_r16_2_opening_is_written_down(one: Team, store: Folder) -> None:
    """R16.2: who opened the file of which object, for which task."""
    add(one, store)
    assert open_(one, store) == JPEG
    assert open_(one, store, actor="inspection") == JPEG
    task = one.read()
    assert [(row.actor, row.object_code, row.task_no) for row in rows(one, ObjectAccess)] == [
        ("leader", task.object_code, None),
        ("inspection", task.object_code, one.no),
    ]


def test_altered_or_lost_file_is_never_handed_out(one: Team, store: Folder) -> None:
    """The hash says so; nor is an altered one accepted as there already."""
    add(one, store)
    path = store.root / "chongqing" / HASH[:2] / HASH
    path.chmod(0o600)
    path.write_bytes(JPEG + b"x")
    for act in (open_, add):
        with pytest.raises(OutsideFailed, match="evidence_damaged"):
            act(one, store)
    assert path.read_bytes() == JPEG + b"x"
    path.unlink()
    with pytest.raises(OutsideFailed, match="evidence_damaged"):
        open_(one, store)
    assert rows(one, ObjectAccess) == []


@pytest.mark.parametrize("digest", ["0" * 64, "../../../../etc/passwd", "", HASH.upper()])
def test_files_of_no_row_are_not_there(one: Team, store: Folder, digest: str) -> None:
    """A path is no hash."""
    add(one, store)
    with pytest.raises(NotFound, match="evidence_missing"):
        open_(one, store, digest)


def test_other_tenants_file_is_not_there(one: Team, store: Folder) -> None:
    """The same bytes in another tenant's folder are nobody else's."""
    store.put("liangjiang", JPEG)
    with pytest.raises(NotFound, match="evidence_missing"):
        open_(one, store)
    with pytest.raises(OutsideFailed, match="evidence_damaged"):
        store.get("chongqing", HASH)


def test_store_makes_no_path_of_what_is_no_hash(store: Folder, tmp_path: Path) -> None:
    """Whatever is asked for."""
    (tmp_path / "secret").write_bytes(b"x")
    with pytest.raises(OutsideFailed, match="evidence_damaged"):
        store.get("chongqing", "../../secret")


def test_interrupted_writing_leaves_nothing(store: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk: no half file under the hash, none beside it."""

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.put("chongqing", JPEG)
    assert [path for path in store.root.rglob("*") if path.is_file()] == []


def test_settings_say_where_and_what(tmp_path: Path) -> None:
    """The limits come from the environment."""
    made = Settings(var=tmp_path, evidence_max_bytes=5, evidence_types="image/gif, image/png")
    store, limits = evidence.configured(made)
    assert (store.root, limits) == (tmp_path / "evidence", Limits(5, ("image/gif", "image/png")))
