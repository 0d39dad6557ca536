"""A new authority at the command line: founded, told what it lacks, kept in a file, deleted and put back."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from command import ROOT, Installation

T = ("--tenant", "xinqu")
NEW = ("--name", "新区经信委", "--short", "新区", "--parent", "chongqing", "--area", "500199=新区")

PEOPLE = {
    "xitong": "system_admin", "shenji": "audit_admin", "zong": "lead_office", "yewu": "business_office",
    "lingdao": "leader",
}  # fmt: skip
PUBLISHING = (("submit", "zong"), ("approve", "lingdao"), ("publish", "zong"))


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


def staff(at: Installation) -> None:
    """The three administrators, and whoever makes, approves and confirms."""
    at.done("user", "bootstrap", "anquan", "--name", "安全员", *T)
    for login, role in PEOPLE.items():
        at.done("user", "add", login, "--name", login, *T, "--as", "anquan")
        at.done("user", "grant", login, role, *T, "--as", "anquan")


def registries(at: Installation) -> None:
    """Invented ones, of the new area."""
    files = at.var / "sample"
    at.done("sample", *T, "--objects", 1000, "--seed", 7, "--out", files)
    for kind in ("objects", "inspectors", "experts", "items"):
        at.done("registry", "import", kind, *T, "--as", "zong", files / f"{kind}.csv", "--json")


def catalogue(at: Installation) -> None:
    """From the offices' confirmation to the published list."""
    at.done("catalogue", "hold", "JX-15", "--reason", "待定", *T, "--as", "zong")
    at.done("catalogue", "confirm", "--all", *T, "--as", "yewu")
    for act, login in PUBLISHING:
        at.done("catalogue", act, *T, "--as", login)


def plan(at: Installation) -> None:
    """This year's, with one line."""
    year = datetime.now(ZoneInfo("Asia/Shanghai")).year
    on = (*T, "--year", year)
    at.done("plan", "new", *on, "--as", "zong")
    ratios = [part for ratio in ("FLAG=10%", "A=1%", "B=2%", "C=4%", "D=6%", "ALL=1%") for part in ("--ratio", ratio)]
    window = ("--from", f"{year}-01-01", "--to", f"{year}-12-31")
    at.done("plan", "add", *on, "--as", "zong", "--item", "JX-11", *ratios, *window, "--qualification", "节能")
    for act, login in PUBLISHING:
        at.done("plan", act, *on, "--as", login)


def test_checklist_turns_green_point_by_point(at: Installation) -> None:
    """Every point says what to do and is met by doing it, down to the last; who founds twice is told so."""
    made = at.done("tenant", "new", "xinqu", *NEW, "--json").json
    assert ([Path(one).name for one in made["files"]], len(made["checklist"])) == (["tenant.toml", "rules.toml"], 9)
    again = at.run("tenant", "new", "xinqu", *NEW)
    assert (again.status, "tenant_folder_taken" in again.err) == (2, True)
    year = datetime.now(ZoneInfo("Asia/Shanghai")).year
    open_points = [
        "有系统管理员", "有安全管理员", "有审计管理员", "名录库有检查对象", "名录库有检查人员",
        "公布了随机抽查事项清单", f"公布了 {year} 年度抽查计划",
    ]  # fmt: skip
    assert missing(at) == open_points == [one["title"] for one in made["checklist"] if not one["ok"]]
    for act, left in ((staff, 4), (registries, 2), (catalogue, 1), (plan, 0)):
        act(at)
        assert missing(at) == open_points[len(open_points) - left :]
    said = at.done("tenant", "checklist", *T)
    assert ("齐备 9 项，共 9 项" in said.out, "缺" in said.out) == (True, False)


def test_new_authority_is_shown_what_it_lacks(at: Installation) -> None:
    """On the screen: where the two files are, and the points with what to do."""
    said = at.done("tenant", "new", "xinqu", *NEW).out
    shown = ("xinqu/tenant.toml", "xinqu/rules.toml", "齐备 2 项，共 9 项", "shuangsui user bootstrap --tenant xinqu")
    assert [one for one in shown if one not in said] == []


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
