"""A new authority at the command line: founded, told what it lacks, kept in a file, deleted and put back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from command import ROOT, Installation

T = ("--tenant", "xinqu")
NEW = ("--name", "新区经信委", "--short", "新区", "--parent", "chongqing", "--area", "500199=新区")


@pytest.fixture
def at(tmp_path: Path) -> Installation:
    """With a copy of the tenants of this repository."""
    tenants = Path(shutil.copytree(ROOT / "tenants", tmp_path / "tenants"))
    return Installation(tmp_path / "var", tenants)


def missing(at: Installation) -> list[str]:
    """What the checklist still lacks."""
    said = at.run("tenant", "checklist", *T, "--json")
    lacking = [one["title"] for one in said.json if not one["ok"]]
    assert said.status == (1 if lacking else 0)
    return lacking


def test_checklist_turns_green_point_by_point(at: Installation) -> None:
    """Every point says what to do; who founds twice is told so."""
    assert len(at.done("tenant", "new", "xinqu", *NEW, "--json").json) == 2
    again = at.run("tenant", "new", "xinqu", *NEW)
    assert (again.status, "tenant_folder_taken" in again.err) == (2, True)
    lacking = missing(at)
    assert lacking[:3] == ["有系统管理员", "有安全管理员", "有审计管理员"]
    assert len(lacking) == 7
    at.done("user", "bootstrap", "anquan", "--name", "安全员", *T)
    at.done("user", "add", "xitong", "--name", "系统员", *T, "--as", "anquan")
    at.done("user", "grant", "xitong", "system_admin", *T, "--as", "anquan")
    assert missing(at)[:2] == ["有审计管理员", "名录库有检查对象"]


def test_authority_is_kept_deleted_and_put_back(at: Installation, tmp_path: Path) -> None:
    """With figures; a second restore is refused with one sentence."""
    at.done("tenant", "new", "xinqu", *NEW)
    at.done("user", "bootstrap", "anquan", "--name", "安全员", *T)
    file = tmp_path / "xinqu.zip"
    made = at.done("tenant", "dump", file, *T, "--json").json
    assert (made["tenant"], made["rows"]["membership"], file.stat().st_mode & 0o077) == ("xinqu", 1, 0)
    gone = at.done("tenant", "purge", file, *T, "--moved-to", "另一环境", "--json").json
    assert (gone["membership"], gone["user_account"]) == (1, 1)
    assert at.done("tenant", "restore", file, "--json").json == made
    again = at.run("tenant", "restore", file)
    assert (again.status, "archive_tenant_there" in again.err, "Traceback" in again.err) == (1, True, False)
    assert at.run("tenant", "purge", tmp_path / "none.zip", *T).status == 2
