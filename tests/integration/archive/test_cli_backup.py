"""A whole installation kept in a folder and put back by the command line."""

from __future__ import annotations

import shutil
from pathlib import Path

from command import ROOT, Installation

T = ("--tenant", "chongqing")


def test_installation_is_kept_and_put_back_elsewhere(tmp_path: Path) -> None:
    """With figures; the second machine has nothing before and the same ledger after; twice is refused."""
    here, there = (Installation(tmp_path / name, ROOT / "tenants") for name in ("here", "there"))
    here.done("user", "bootstrap", "anquan", "--name", "安全员", *T)
    made = here.done("backup", tmp_path / "kept", "--keys", "--json").json
    assert (made["database"], made["heads"]["chongqing"]["ledger"] > 0, made["keys"]) == ("sqlite", True, True)
    assert there.done("restore", tmp_path / "kept", "--json").json == made
    ledgers = [one.done("ledger", "verify", *T, "--json").json for one in (here, there)]
    assert (ledgers[0], ledgers[0]["faults"]) == (ledgers[1], [])
    assert "chongqing" in there.run("tenant", "list").out
    for again, code in ((here.run("backup", tmp_path / "kept"), "archive_exists"),
                        (there.run("restore", tmp_path / "kept"), "backup_target_there")):  # fmt: skip
        assert (again.status in (1, 2), code in again.err, "Traceback" in again.err) == (True, True, False)
    shutil.rmtree(tmp_path / "kept")
    assert "archive_unreadable" in there.run("restore", tmp_path / "kept").err
