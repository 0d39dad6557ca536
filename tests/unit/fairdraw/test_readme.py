"""``platform/fairdraw/README.md``: its commands run, its tables are complete."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import fairdraw
import transcripts
from examples import example, examples
from fairdraw import report
from fairdraw.checkpoint import read_trust
from fairdraw.messages import TEXTS
from fairdraw.pack import archive
from fairdraw.snapshot import salt_of
from fairdraw.verification import ABANDONED, AFTER, BEFORE, DRAWN

SOURCE = Path(fairdraw.__path__[0])
README = (SOURCE / "README.md").read_text("utf-8")
COMMANDS = [line for block in examples("platform/fairdraw/README.md", "sh") for line in block.splitlines()]
ASKED = "91500000000000003X"


def table(heading: str) -> dict[str, str]:
    """First column to second of the tables below a heading, code marks taken off."""
    section = README.split(f"\n## {heading}", 1)[1].split("\n## ", 1)[0]
    rows = [line.split(" | ") for line in section.splitlines() if line.startswith("| ")]
    return {row[0][2:].strip("`"): row[1].removesuffix(" |") for row in rows}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything the README names, under the names it uses; ``python3`` is this interpreter."""
    base = tmp_path_factory.mktemp("readme")
    example = transcripts.full()
    (base / "fairdraw.pyz").write_bytes(archive())
    transcripts.write(example.files, base / "draw")
    (base / "trust.txt").write_text(transcripts.TRUST, "utf-8")
    (base / "key.hex").write_text(transcripts.SALT_KEY)
    (base / "private.txt").write_text(transcripts.private("contributor", "公证处").hex())
    rows = ["id,stratum,weight,status", *(",".join(map(str, record)) for record in transcripts.records(120))]
    (base / "registry.csv").write_text("\n".join(rows) + "\n", "utf-8")
    (base / "plan-draft.json").write_bytes(example.files["plan.json"])
    receipts = [{"file": "receipt-1.json", "id": ASKED}]
    receipt = transcripts.build(transcripts.copy(dict(example.made.inputs)) | {"receipts": receipts})
    (base / "receipt-1.json").write_bytes(receipt.files["receipt-1.json"])
    python = base / "bin" / "python3"
    python.parent.mkdir()
    python.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n')
    python.chmod(0o755)
    return base


def sh(desk: Path, command: str) -> subprocess.CompletedProcess[bytes]:
    path = f"{desk / 'bin'}{os.pathsep}{os.environ['PATH']}"
    env = os.environ | {"PATH": path, "PYTHONPATH": str(SOURCE.parent)}
    return subprocess.run(["sh", "-c", command], cwd=desk, env=env, capture_output=True, check=False)


def last_line(done: subprocess.CompletedProcess[bytes]) -> str:
    return done.stdout.decode().splitlines()[-1]


def test_commands_of_the_readme_are_these() -> None:
    """A command added to the README is added here."""
    assert len(COMMANDS) == 11


@pytest.mark.parametrize("command", [c for c in COMMANDS if "--object" not in c and "secret" not in c])
def test_command_runs(desk: Path, command: str) -> None:
    """Status 0, nothing on stderr."""
    done = sh(desk, command)
    assert (done.returncode, done.stderr) == (0, b"")


def test_three_commands_recompute_a_draw(desk: Path) -> None:
    """The second without, the third with the reader's list."""
    verdicts = [last_line(sh(desk, command)) for command in COMMANDS[1:3]]
    assert verdicts == ["VERIFIED unwitnessed", "VERIFIED witnessed"]


def _questions() -> Iterator[str]:
    yield from (command for command in COMMANDS if "--object" in command)


def test_questions_of_one_company(desk: Path) -> None:
    """Unopened: not known; by receipt and by salt: in the pool."""
    opened, by_receipt, by_salt = _questions()
    made = transcripts.full().made
    assert salt_of(made.key or b"", ASKED, made.h).hex() in by_salt
    assert [sh(desk, command).returncode for command in (opened, by_receipt, by_salt)] == [2, 0, 0]
    answers = [sh(desk, command).stdout.decode().splitlines()[0] for command in (by_receipt, by_salt)]
    assert all(answer.startswith(f"{ASKED} 在名录里：") for answer in answers)


def test_contributor_commands(desk: Path) -> None:
    """A new secret, then a refusal: the published plan carries another commitment."""
    new, reveal = [command for command in COMMANDS if "secret" in command]
    assert sh(desk, new).returncode == 0
    done = sh(desk, reveal)
    assert (done.returncode, last_line(done)) == (1, "不能揭示：方案里没有您的这份承诺（NOT_MINE）")


def test_table_of_failure_codes_is_complete() -> None:
    """Word for word what the verifier says."""
    rows = table("七、失败代码")
    del rows["代码"]
    assert rows == dict(TEXTS)


def test_table_of_checks_is_complete_and_in_order() -> None:
    """Names as printed."""
    rows = list(table("二、每一步检查说明什么"))
    assert rows[1 : rows.index("提示")] == [name for name, _ in (*BEFORE, *DRAWN, *AFTER)]
    assert f"「{ABANDONED[0][0]}」" in README


def test_table_of_warnings_is_complete() -> None:
    """Every code the report can give."""
    rows = list(table("二、每一步检查说明什么"))
    given = set(re.findall(r'yield "([A-Z_]+)"', Path(str(report.__file__)).read_text("utf-8")))
    assert set(rows[rows.index("提示") + 1 :]) == given


def test_table_of_modules_is_complete() -> None:
    """One row per module."""
    rows = list(table("八、模块"))[1:]
    assert sorted(rows) == sorted(path.stem for path in SOURCE.glob("*.py") if path.stem != "__init__")


def test_example_of_a_trust_list_is_malformed_until_filled_in() -> None:
    """Nobody trusts a key copied from a README."""
    said = example("platform/fairdraw/README.md", "text")
    with pytest.raises(ValueError, match="第 2 行不合格式"):
        read_trust(said)
