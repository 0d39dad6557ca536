"""``shuangsui ledger accept``: who may answer for going on, and when there is nothing to answer for."""

from __future__ import annotations

import pytest

from command import Installation

WORDS = ("--tenant", "chongqing")
ACCEPT = ("ledger", "accept", *WORDS, "--reason", "公示目录丢失")


@pytest.fixture
def here(tmp_path) -> Installation:
    """A fresh installation whose city has a system administrator and somebody of the lead office."""
    made = Installation(tmp_path / "var")
    made.done("user", "bootstrap", "sec.admin", "--name", "安全员", *WORDS)
    for login, role in (("root", "system_admin"), ("lead", "lead_office")):
        made.done("user", "add", login, "--name", login, "--as", "sec.admin", *WORDS)
        made.done("user", "grant", login, role, "--as", "sec.admin", *WORDS)
    return made


def test_only_who_administers_the_system_may_and_only_what_is_missing(here) -> None:
    """Nothing was published here, so nothing is missing; refusals leave no entry."""
    before = here.done("ledger", "verify", *WORDS, "--json").json["ledger"]
    other, needless = here.run(*ACCEPT, "--as", "lead"), here.run(*ACCEPT, "--as", "root")
    wordless = here.run("ledger", "accept", *WORDS, "--reason", " ", "--as", "root")
    assert (other.status, needless.status, wordless.status) == (1, 1, 2)
    assert "租户 chongqing 的抽取日志已经与公示的检查点对照过" in needless.err
    assert here.done("ledger", "verify", *WORDS, "--json").json["ledger"] == before
