"""What a worker answers by itself: that it lives, and, to whoever has the token, what it measured."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr, ValidationError

from databases import Database
from ports import free_port
from shuangsui import db
from shuangsui.errors import BadInput
from shuangsui.measures import DRAW_SECONDS
from shuangsui.settings import Settings
from shuangsui.worker import process
from shuangsui.worker.endpoint import answering
from shuangsui.worker.process import Crew, working
from shuangsui.worker.relay import Relay
from shuangsui.worker.work import Known
from workbench import ROOT, Bench

TOKEN = {"Authorization": "Bearer t0ken"}


def told(tmp_path: Path, token: str | None = "t0ken") -> Settings:
    """An installation whose operator wants to know."""
    secret = SecretStr(token) if token else None
    return Settings(var=tmp_path, tenants=ROOT / "tenants", metrics_port=free_port(), metrics_token=secret)


@contextmanager
def asked(settings: Settings, alive: Callable[[], bool] = lambda: True) -> Iterator[httpx.Client]:
    """Somebody at the endpoint, which is gone afterwards."""
    with (
        answering(settings, alive),
        httpx.Client(base_url=f"http://127.0.0.1:{settings.metrics_port}", trust_env=False) as client,
    ):
        yield client


@pytest.mark.parametrize(("alive", "status"), [(True, 200), (False, 503)])
def test_livez_says_whether_it_works(tmp_path: Path, alive: bool, status: int) -> None:
    """To anybody: it names nothing."""
    with asked(told(tmp_path), lambda: alive) as client:
        assert client.get("/livez").status_code == status


def test_what_the_process_measured_is_told_for_the_token(tmp_path: Path) -> None:
    """The same registry as a web process has; no figure of an authority."""
    DRAW_SECONDS.observe(1.0)
    with asked(told(tmp_path)) as client:
        text = client.get("/metrics", headers=TOKEN).text
    assert float(re.findall(r"^shuangsui_draw_seconds_count (\S+)", text, re.MULTILINE)[0]) >= 1
    assert "tenant=" not in text


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer"}])
def test_strangers_learn_nothing(tmp_path: Path, headers: dict[str, str]) -> None:
    """No figure without the token."""
    with asked(told(tmp_path)) as client:
        answer = client.get("/metrics", headers=headers)
    assert (answer.status_code, answer.text) == (403, "metrics_token_wrong\n")


def test_without_a_token_there_are_no_metrics(tmp_path: Path) -> None:
    """Like any other address."""
    with asked(told(tmp_path, None)) as client:
        answers = {client.get(path, headers=TOKEN).status_code for path in ("/metrics", "/nowhere", "/")}
        assert (answers, client.get("/livez").status_code) == ({404}, 200)


def test_nothing_listens_without_a_port(tmp_path: Path) -> None:
    """The default."""
    before = {thread.name for thread in threading.enumerate()}
    with answering(Settings(var=tmp_path), lambda: True):
        assert {thread.name for thread in threading.enumerate()} == before


def test_port_of_somebody_else_is_named(tmp_path: Path) -> None:
    """In one sentence, before any work is taken; after the block the port is free again."""
    settings = told(tmp_path)
    with asked(settings), pytest.raises(BadInput) as refused, answering(settings, lambda: True):
        pass
    assert (refused.value.code, refused.value.params) == ("metrics_port_taken", {"port": settings.metrics_port})
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", settings.metrics_port)) != 0


def test_port_must_be_one() -> None:
    """A slip stops the process."""
    with pytest.raises(ValidationError):
        Settings(metrics_port=0)


def test_worker_counts_its_work_where_it_is_asked(bench: Bench, database: Database, tmp_path: Path) -> None:
    """Real work through the relay; both answer while it runs."""
    done, settings = threading.Event(), told(tmp_path)
    bench.do = lambda *_arguments, **_named: done.set()
    bench.ask()
    engine = db.engine(database.app, simulated_clock=True)
    counted = 'shuangsui_jobs_total{job="test.do",outcome="done"}'
    with ExitStack() as stack:
        stack.callback(engine.dispose)
        crew = stack.enter_context(working(engine, settings, jobs=bench.known))
        client = stack.enter_context(asked(settings, crew.alive))
        assert done.wait(60)
        for _ in range(100):  # it is counted when the job has returned
            text = client.get("/metrics", headers=TOKEN).text
            if counted in text:
                break
            time.sleep(0.05)
        assert (counted in text, client.get("/livez").status_code) == (True, 200)
    assert crew.alive() is False


def test_database_that_is_away_leaves_the_worker_alive(tmp_path: Path) -> None:
    """It is waited for; killing whoever waits would help nobody."""
    engine = db.engine("postgresql+psycopg://app@127.0.0.1:9/nowhere?connect_timeout=1")
    settings = Settings(var=tmp_path, tenants=ROOT / "tenants")
    with working(engine, settings, jobs=Known({}, ())) as crew:
        time.sleep(1.5)
        assert crew.alive() is True
    engine.dispose()


def test_relay_that_hangs_is_found_out(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads that are there and come no further."""
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait, daemon=True)
    thread.start()
    relay = Relay(bench.engine, bench.known, list, lambda *_: None)
    crew = Crew(relay, [thread])
    assert crew.alive() is True
    monkeypatch.setattr(process, "STUCK", -1.0)
    assert crew.alive() is False
    monkeypatch.setattr(process, "STUCK", 600.0)
    stop.set()
    thread.join()
    assert crew.alive() is False


def test_lease_is_kept_again_after_the_database_was_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """A renewal that failed is followed by the next one."""
    stop, tried = threading.Event(), []

    class Failing:
        def renew(self) -> None:
            tried.append(1)
            if len(tried) == 2:
                stop.set()
            raise OSError("away")

    monkeypatch.setattr(process.policy, "LEASE", process.policy.LEASE / 10_000)
    process._renewing(Failing(), stop)
    assert len(tried) == 2
