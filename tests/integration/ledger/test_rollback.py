"""A restored backup that hides draws is found out at the start, and may only be looked at (trust.md threat 26)."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import pytest

from authority import Authority
from console import Browser
from fairdraw.checkpoint import LOG_KEY, log_root, note_text, signature_line
from officials import installation
from serving import serving, working
from shelf import Place
from shuangsui import db
from shuangsui.cli.doctor import _ledgers
from shuangsui.disclosure.following import follow_draw
from shuangsui.draws import feasibility
from shuangsui.errors import RuleRefused
from shuangsui.ledger import accepting, first_look, rollback
from shuangsui.ledger.rollback import Standing
from shuangsui.ledger.service import draw_log, make_checkpoint, record
from shuangsui.outbox import enqueue
from shuangsui.settings import Settings
from shuangsui.texts import sentence
from shuangsui.worker.process import drain, runner_of

OTHER = b"\x00" * 32
"""The root of no log."""


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
    return installation(authority, place.database.app)


@pytest.fixture
def told(authority: Authority, place: Place) -> Settings:
    """The installation, with its draw published as the platform does it."""
    found = installation(authority, place.database.app)
    follow_draw(authority.engine, authority.office, "2026-0001", actor="lead", settings=found)
    return found


def published(authority: Authority, text: str, tenant: str = "chongqing", size: str = "") -> Path:
    """A checkpoint where the portal has it, under the name of another ``size`` if one is given."""
    folder = authority.folder / "public" / tenant / "draws" / "2026-0001"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"checkpoint-{size or text.splitlines()[1]}.txt"
    file.write_text(text, "utf-8")
    return file


def signed(authority: Authority, more: int, root: bytes = b"") -> str:
    """What the log's own key signs of a log that is ``more`` entries longer than the one in the database."""
    with authority.session() as session:
        signer, lines = authority.office.log_signer(session, actor="lead"), draw_log(session)
    text = note_text(signer.name, len(lines) + more, root or log_root(lines, "sha256"))
    return f"{text}\n{signature_line(signer.name, LOG_KEY, signer.public, signer.sign(text.encode()))}"


def forged(authority: Authority, more: int) -> str:
    """The same as somebody writes it who has no key: the signature is that of another checkpoint."""
    right, longer = signed(authority, 0), signed(authority, more)
    return f"{longer.partition(chr(10) * 2)[0]}\n\n{right.partition(chr(10) * 2)[2]}"


def act(settings: Settings, kind: str = "test.act", tenant: str = "chongqing", *, anew: bool = True) -> str:
    """The code of a refused act; empty if it stands. In a new process, or in one that has looked already."""
    if anew:
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


@pytest.mark.parametrize(("more", "root"), [(1, b""), (0, OTHER), (50, OTHER)])
def test_log_that_is_shorter_or_another_one_is_only_looked_at(authority, settings, more, root) -> None:
    """Acts are refused, signing in and looking are not; other authorities are not concerned."""
    published(authority, signed(authority, more, root))
    assert (act(settings), act(settings, "session.begin"), act(settings, tenant="yuzhong")) == (
        "ledger_rolled_back", "", "",
    )  # fmt: skip


@pytest.mark.parametrize("more", [1, 50])
def test_forged_checkpoint_locks_nobody_out(authority, settings, more) -> None:
    """Nor does one that is none, or one of the right size under another name."""
    published(authority, forged(authority, more))
    published(authority, "x", size="99")
    published(authority, signed(authority, 0), size="98")
    assert act(settings) == ""


@pytest.mark.parametrize("left", ["nothing", "a forged one", "one under another name"])
def test_what_was_published_and_is_gone_is_missed(authority, told, left) -> None:
    """No file, or none that the log signed, lets no database pass that has published; the sentence says what to do."""
    assert act(told) == ""
    shutil.rmtree(told.public)
    if left != "nothing":
        published(authority, forged(authority, 0) if left == "a forged one" else signed(authority, 0), size="7")
    assert (act(told), act(told, "session.begin")) == ("ledger_unproved", "")
    with db.session(db.engine(told), "chongqing", readonly=True) as session:
        lag = rollback.lag(session)
    assert lag is not None
    assert sentence(lag.refusal("chongqing")) == (
        f"租户 chongqing 的台账记有已经公示的抽取，但公示目录 {told.public.resolve() / 'chongqing'} "
        "里没有本机关日志签名的检查点可以对照，不能排除数据库是旧备份，只能查看：请运维人员恢复公示目录；"
        "确实无法恢复的，由运维人员核对后在台账中确认。"
    )


def test_folder_that_is_back_frees_without_a_restart(authority, told) -> None:
    """What is missing is looked for again; what is older is not."""
    told.public.rename(told.var / "elsewhere")
    assert act(told) == "ledger_unproved"
    (told.var / "elsewhere").rename(told.public)
    assert act(told, anew=False) == ""


def test_somebody_answers_for_going_on(authority, told) -> None:
    """Once, in the ledger; where a newer checkpoint is known, or nothing is missing, nobody can."""
    engine = db.engine(told)

    def accept() -> str:
        try:
            with db.session(engine, "chongqing") as session:
                accepting.accept(session, "机房失火，公示目录无备份", actor="lead")
        except RuleRefused as error:
            return error.code
        return ""

    rollback.forget()
    assert accept() == "ledger_proved"
    file = published(authority, signed(authority, 1))
    rollback.forget()
    assert accept() == "ledger_rolled_back"
    file.unlink()
    shutil.rmtree(told.public)
    rollback.forget()
    assert (accept(), act(told, anew=False), act(told), accept()) == ("", "", "", "ledger_proved")
    follow_draw(authority.engine, authority.office, "2026-0001", actor="lead", settings=told)
    assert act(told) == ""


def test_nothing_is_published_and_no_work_is_done(authority, settings, place) -> None:
    """Work waits as it is, without an attempt; publishing would put the old state over the newer one."""
    with authority.session() as session:
        enqueue(session, "notification.plan")
    published(authority, signed(authority, 1))
    rollback.forget()
    engine = db.engine(settings)
    assert drain(runner_of(engine, settings), engine, "chongqing") == 0


def test_start_prefers_what_is_cosigned(authority, settings) -> None:
    """The witnesses of the authority are known then: a log that is not what they cosigned is another one."""
    engine, tree = db.engine(settings), authority.office.tree
    with authority.session() as session:
        size = len(draw_log(session))
    follow_draw(authority.engine, authority.office, "2026-0001", actor="lead", settings=settings)
    found = {tenant.slug: one for tenant, one in first_look.look(engine, [*tree])}
    assert (len(found), found["chongqing"]) == (40, Standing(size, published=size, cosigned=size))
    assert found["yuzhong"] == Standing(0)


def test_one_authority_that_cannot_be_read_keeps_no_other_waiting(authority, settings, monkeypatch) -> None:
    """It is looked at again at its first act."""
    published(authority, signed(authority, 1))
    look = rollback.look

    def broken(session, evidence=None):
        if session.tenant == "yuzhong":
            raise ValueError
        return look(session, evidence)

    monkeypatch.setattr(rollback, "look", broken)
    rollback.forget()
    engine, tree = db.engine(settings), authority.office.tree
    assert len([*first_look.look(engine, [*tree])]) == 39
    first_look.begin(engine, lambda: tree)
    assert act(settings, anew=False) == "ledger_rolled_back"
    said = {one["name"]: one["ok"] for one in _ledgers(engine, tree)}
    assert said == {"chongqing": False, "yuzhong": False}


@contextmanager
def begun(environment: dict[str, str], settings: Settings, kind: str) -> Iterator[IO[str]]:
    """``serve`` or ``worker`` as a process of its own; what it has logged."""
    if kind == "serve":
        with serving(settings, environment) as server:
            yield server.log
        return
    with TemporaryFile("w+", encoding="utf-8") as log, working(environment, log):
        yield log


@pytest.mark.parametrize("kind", ["serve", "worker"])
def test_processes_look_before_they_begin(authority, settings, place, kind) -> None:
    """Before the first request and the first work: what it found is in the log, ahead of anything else."""
    place.database.stamp()
    with authority.session() as session:
        enqueue(session, "notification.plan")
    published(authority, signed(authority, 1))
    environment = {
        "SHUANGSUI_VAR": str(settings.var), "SHUANGSUI_TENANTS": str(settings.tenants),
        "SHUANGSUI_KEY_FILE": str(settings.key_file), "SHUANGSUI_DATABASE_URL": str(settings.database_url),
        "SHUANGSUI_SIMULATED_CLOCK": "1",
    }  # fmt: skip
    with begun(environment, settings, kind) as log:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and "ledger_readonly" not in log_of(log):
            time.sleep(0.1)
        lines = [json.loads(line) for line in log_of(log).splitlines() if line.startswith("{")]
    events = [line["event"] for line in lines if line["event"] in ("ledger_readonly", "request", "job_done")]
    found = next(line for line in lines if line["event"] == "ledger_readonly")
    assert (events[0], found["tenant"], found["code"]) == ("ledger_readonly", "chongqing", "ledger_rolled_back")


def log_of(log: IO[str]) -> str:
    """All of it, while it is still written to."""
    return os.pread(log.fileno(), 1 << 24, 0).decode()


def test_start_survives_a_database_that_is_away(authority) -> None:
    """Whoever needs it says so."""
    engine = db.engine("postgresql://nobody@127.0.0.1:9/x")
    assert first_look.begin(engine, lambda: authority.office.tree) is None


def test_metrics_health_and_doctor_say_it(authority, settings, place, monkeypatch) -> None:
    """For the operator's machinery and for the operator."""
    monkeypatch.setenv("SHUANGSUI_METRICS_TOKEN", "t0ken")
    token = {"Authorization": "Bearer t0ken"}
    with authority.session() as session:
        size = len(draw_log(session))
    published(authority, signed(authority, 1))
    rollback.forget()
    with Browser(installation(authority, place.database.app)) as browser:
        text = browser.get("/metrics", headers=token).text
        said = browser.get("/healthz", headers=token).json()["tenants"]
    assert 'shuangsui_ledger_readonly{tenant="chongqing"} 1.0' in text
    assert 'shuangsui_ledger_readonly{tenant="yuzhong"} 0.0' in text
    assert (said["yuzhong"]["readonly"], said["yuzhong"]["ledger"]["lag"]) == (False, None)
    lag = {"published": size + 1, "found": size, "code": "ledger_rolled_back", "place": ""}
    compared = {"found": size, "published": size + 1, "cosigned": 0, "silent": [], "lag": lag}
    assert (said["chongqing"]["readonly"], said["chongqing"]["ledger"]) == (True, compared)
    (line,) = _ledgers(db.engine(settings), authority.office.tree)
    assert (line["part"], line["name"], line["ok"]) == ("ledger", "chongqing", False)
    assert line["problems"][0].startswith(f"租户 chongqing 的抽取日志有 {size} 条，与已经公示的 {size + 1} 条")
