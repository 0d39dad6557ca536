"""``fairdraw.pyz``: one file, the same bytes from the same source, any Python."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import fairdraw
import transcripts
from fairdraw.pack import archive

SOURCE = Path(fairdraw.__path__[0])


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built by the command."""
    out = tmp_path_factory.mktemp("pack") / "dist" / "fairdraw.pyz"
    assert transcripts.run("pack", out).status == 0
    return out


def bare(packed: Path, *arguments: object) -> subprocess.CompletedProcess[bytes]:
    """Isolated and without site packages: nothing but the interpreter and the file."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(packed), *map(str, arguments)], capture_output=True, cwd="/", check=False
    )


def test_built_twice_is_identical(packed: Path) -> None:
    """Whoever builds it can compare it."""
    assert packed.read_bytes() == archive() == archive()


def test_holds_the_source_and_nothing_else(packed: Path) -> None:
    """Byte for byte, without times."""
    with zipfile.ZipFile(packed) as pack:
        names = {f"fairdraw/{path.name}": path.read_bytes() for path in SOURCE.glob("*.py")}
        assert {name: pack.read(name) for name in pack.namelist() if name != "__main__.py"} == names
        marks = {(i.date_time, i.create_system, i.compress_type) for i in pack.infolist()}
        assert marks == {((1980, 1, 1, 0, 0, 0), 3, zipfile.ZIP_STORED)}


def test_verifies_a_folder_with_a_bare_interpreter(packed: Path, tmp_path: Path) -> None:
    """The citizen's way: python3 -I -S fairdraw.pyz."""
    folder = transcripts.write(transcripts.full().files, tmp_path / "d")
    trust = tmp_path / "trust.txt"
    trust.write_text(transcripts.TRUST, "utf-8")
    for arguments in (["--trust", trust, folder], ["verify", "--trust", trust, folder]):
        done = bare(packed, *arguments)
        assert (done.returncode, done.stdout.decode().splitlines()[-1]) == (0, "VERIFIED witnessed")
    (folder / "rows.txt").write_bytes(b"")
    assert bare(packed, folder).returncode == 1


@pytest.mark.parametrize("tool", ["verify", "secret", "audit"])
def test_carries_the_other_tools(packed: Path, tool: str) -> None:
    """By name, each with its own help."""
    done = bare(packed, tool, "--help")
    assert done.returncode == 0
    assert f"usage: fairdraw.{tool}" in done.stdout.decode()


def test_carries_the_vectors_tool(packed: Path) -> None:
    """A third party compares an own implementation's vectors with it."""
    assert bare(packed, "vectors", transcripts.VECTORS / "v1.json").returncode == 0
