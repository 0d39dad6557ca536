"""``python -m fairdraw.audit``: the supervisor's check of section 14."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import transcripts
from fairdraw import snapshot
from fairdraw.audit import main
from transcripts import SALT_KEY

Rows = list[list[str]]
FILES = transcripts.plain().files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The published draw, ``K`` and the true registry."""
    made = transcripts.write(FILES, tmp_path / "draw")
    (tmp_path / "key.hex").write_text(SALT_KEY + "\n")
    registry(tmp_path)
    return made


def registry(base: Path, edit: Callable[[Rows], object] = lambda _: None) -> Path:
    """``registry.csv`` after an edit, with a byte order mark as spreadsheets write it."""
    rows = [[str(value) for value in record] for record in transcripts.records(120)]
    edit(rows)
    text = "id,stratum,weight,status\r\n" + "".join(",".join(row) + "\r\n" for row in rows)
    (base / "registry.csv").write_text(text, "utf-8-sig", newline="")
    return base


def audit(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    base = folder.parent
    status = main([str(folder), "--registry", str(base / "registry.csv"), "--key", str(base / "key.hex")])
    return status, capsys.readouterr().out.splitlines()


def test_14_clean_registry(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every row stands for one entry, every entry has its row."""
    assert audit(folder, capsys) == (0, ["名录 120 条，冻结 120 行，问题 0 处"])


def test_14_ghost_row(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A frozen row that no registry entry stands for."""
    registry(folder.parent, lambda rows: rows.pop(1))
    b = snapshot.blind_with(bytes.fromhex(SALT_KEY), "91500000000000001X", transcripts.plain().made.h)
    expected = [f"无主：{b.hex()} 这一行不对应任何名录条目", "名录 119 条，冻结 120 行，问题 1 处"]
    assert audit(folder, capsys) == (1, expected)


def test_14_missing_row(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A registry entry that was left out of the draw."""
    registry(folder.parent, lambda rows: rows.append(["漏掉的企业", "A", "1", "-"]))
    assert audit(folder, capsys) == (1, ["遗漏：漏掉的企业 没有对应的行", "名录 121 条，冻结 120 行，问题 1 处"])


def test_14_double_entry(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One id twice in the registry."""
    registry(folder.parent, lambda rows: rows.append(list(rows[1])))
    found = ["重复：91500000000000001X 在名录中出现 2 次", "名录 121 条，冻结 120 行，问题 1 处"]
    assert audit(folder, capsys) == (1, found)


@pytest.mark.parametrize(
    ("column", "value", "shown"),
    [(1, "A", "('A', 2, '-')"), (2, "64", "('B', 64, '-')"), (3, "X9", "('B', 2, 'X9')")],
    ids=["stratum", "weight", "status"],
)
def test_14_altered_row(folder: Path, capsys: pytest.CaptureFixture[str], column: int, value: str, shown: str) -> None:
    """Stratum, weight or status other than in the registry."""
    registry(folder.parent, lambda rows: rows[1].__setitem__(column, value))
    status, lines = audit(folder, capsys)
    assert (status, len(lines)) == (1, 2)
    assert lines[0] == f"不符：91500000000000001X 名录为 {shown}，冻结为 ('B', 2, '-')"


def test_14_wrong_key_fits_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every row a ghost, every entry missing."""
    (folder.parent / "key.hex").write_text("00" * 32)
    status, lines = audit(folder, capsys)
    assert (status, lines[-1]) == (1, "名录 120 条，冻结 120 行，问题 240 处")


def test_14_changed_rows_are_told_with_their_code(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The audit stands on the frozen bytes."""
    (folder / "rows.txt").write_bytes(FILES["rows.txt"].replace(b" 2 -", b" 3 -"))
    status, lines = audit(folder, capsys)
    assert (status, lines[-1].split(" ")[:2]) == (1, ["FAIL", "SNAPSHOT_ROOT"])


@pytest.mark.parametrize(
    "text",
    ["", "id,stratum\nx,A\n", "id,stratum,weight,status\nx,A\n", "id,stratum,weight,status\nx,A,one,-\n",
     "id,stratum,weight,status\nx,A,-1,-\n", "id,stratum,weight,status\nx,A," + "9" * 5000 + ",-\n",
     'id,stratum,weight,status\n"' + "x" * 200_000 + '",A,1,-\n'],
    ids=["empty", "columns", "short row", "word", "negative", "huge", "endless field"],
)  # fmt: skip
def test_unusable_registry_is_status_2(folder: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    """One sentence, no traceback."""
    (folder.parent / "registry.csv").write_text(text, "utf-8")
    status, lines = audit(folder, capsys)
    assert (status, len(lines)) == (2, 1)
    assert lines[0].startswith("无法核对：")


@pytest.mark.parametrize("key", ["", "00" * 31, "zz" * 32, "00" * 33])
def test_unusable_key_is_status_2(folder: Path, capsys: pytest.CaptureFixture[str], key: str) -> None:
    """K has 32 bytes."""
    (folder.parent / "key.hex").write_text(key)
    assert audit(folder, capsys) == (2, ["无法核对：密钥应为 64 位小写十六进制"])


def test_missing_files_are_status_2(folder: Path, tmp_path: Path) -> None:
    """As a process."""
    ran = transcripts.run("audit", folder, "--registry", tmp_path / "registry.csv", "--key", tmp_path / "none")
    assert (ran.status, ran.errors) == (2, "")
    assert transcripts.run("audit", folder).status == 2


def test_14_public_mode_is_audited_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """K does not matter there."""
    made = transcripts.write(transcripts.plain("public").files, tmp_path / "draw")
    (tmp_path / "key.hex").write_text("00" * 32)
    registry(tmp_path)
    assert audit(made, capsys) == (0, ["名录 120 条，冻结 120 行，问题 0 处"])
