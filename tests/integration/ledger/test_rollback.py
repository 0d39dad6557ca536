"""A restored backup that hides draws is found out at the start, and may only be looked at (trust.md threat 26)."""

from __future__ import annotations

from pathlib import Path

import pytest

from authority import Authority
from console import Browser, settings_of
from shelf import Place
from shuangsui import db
from shuangsui.draws import feasibility
from shuangsui.errors import RuleRefused
from shuangsui.ledger import rollback
from shuangsui.ledger.service import make_checkpoint, record
from shuangsui.outbox import enqueue
from shuangsui.settings import Settings
from shuangsui.worker.process import drain, runner_of


@pytest.fixture
def authority(place: Place, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """One draw; this process has not looked at anything yet."""
    monkeypatch.setattr(feasibility, "TRIALS", 3)
    rollback.forget()
    made = Authority(place.engine, place.folder, place=place)
    made.drawn()
    return made


@pytest.fixture
def settings(authority: Authority, place: Place) -> Settings:
    """The installation, with its newest checkpoint published."""
    with authority.session() as session:
        signer = authority.office.log_signer(session, actor="lead")
        published(authority, make_checkpoint(session, signer, actor="lead").text)
    return settings_of(place.database.app, authority.folder)


def published(authority: Authority, text: str, tenant: str = "chongqing") -> Path:
    """A checkpoint where the portal has it."""
    folder = authority.folder / "public" / tenant / "draws" / "2026-0001"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"checkpoint-{text.splitlines()[1]}.txt"
    file.write_text(text, "utf-8")
    return file


def act(settings: Settings, kind: str = "test.act", tenant: str = "chongqing") -> str:
    """The code of a refused act; empty if it stands. In a new process."""
    rollback.forget()
    try:
        with db.session(db.engine(settings), tenant) as session:
            record(session, kind, actor="lead", subject="x", payload={})
    except RuleRefused as error:
        return error.code
    return ""


def test_log_that_has_all_of_it_goes_on(settings: Settings) -> None:
    """Also one that is longer by now."""
    assert (act(settings), act(settings)) == ("", "")


@pytest.mark.parametrize("size", [1, 50])
def test_log_that_is_shorter_or_another_one_is_only_looked_at(authority, settings, size) -> None:
    """Acts are refused, signing in and looking are not; other authorities are not concerned."""
    newest = max((authority.folder / "public").rglob("checkpoint-*.txt"))
    lines = newest.read_text("utf-8").split("\n")
    own = int(lines[1])
    forged = [lines[0], str(own + size), *lines[2:]] if size > 1 else [*lines[:2], "A" * 43 + "=", *lines[3:]]
    published(authority, "\n".join(forged))
    assert (act(settings), act(settings, "session.begin"), act(settings, tenant="yuzhong")) == (
        "ledger_rolled_back", "", "",
    )  # fmt: skip


def test_nothing_is_published_and_no_work_is_done(authority, settings, place) -> None:
    """Work waits as it is, without an attempt; publishing would put the old state over the newer one."""
    with authority.session() as session:
        enqueue(session, "notification.plan")
    file = max((authority.folder / "public").rglob("checkpoint-*.txt"))
    published(authority, file.read_text("utf-8").replace(f"\n{file.stem.partition('-')[2]}\n", "\n99\n", 1))
    rollback.forget()
    engine = db.engine(settings)
    assert drain(runner_of(engine, settings), engine, "chongqing") == 0


def test_metrics_say_it(authority, settings, place, monkeypatch) -> None:
    """For the operator's machinery."""
    monkeypatch.setenv("SHUANGSUI_METRICS_TOKEN", "t0ken")
    file = max((authority.folder / "public").rglob("checkpoint-*.txt"))
    published(authority, file.read_text("utf-8").replace(f"\n{file.stem.partition('-')[2]}\n", "\n99\n", 1))
    rollback.forget()
    with Browser(settings_of(place.database.app, authority.folder)) as browser:
        text = browser.get("/metrics", headers={"Authorization": "Bearer t0ken"}).text
    assert 'shuangsui_ledger_readonly{tenant="chongqing"} 1.0' in text
    assert 'shuangsui_ledger_readonly{tenant="yuzhong"} 0.0' in text


def test_file_that_is_no_checkpoint_says_nothing(authority, settings) -> None:
    """It locks nobody out."""
    (authority.folder / "public" / "chongqing" / "draws" / "2026-0001" / "checkpoint-99.txt").write_text("x")
    assert act(settings) == ""
