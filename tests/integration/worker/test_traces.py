"""One trace from a request through database and plugins to the work that it caused, and the number of it in the log."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar

import pytest
import structlog
from litestar import Request, post
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import NoOpTracerProvider, SpanKind, StatusCode
from sqlmodel import select

from console import HERE, Browser, settings_of
from shuangsui import db, outbox, traces
from shuangsui.errors import OutsideFailed
from shuangsui.extension.lanes import lanes
from shuangsui.ledger.policy import FOLLOW
from shuangsui.ledger.service import record
from shuangsui.outbox import OutboxRow
from shuangsui.pages.guards import house_of
from shuangsui.settings import Settings
from shuangsui.web.areas import declared
from shuangsui.worker.process import drain, runner_of
from shuangsui.worker.work import Job, Known, Work

CANARY = "张三13800000000"
log = structlog.get_logger("test")


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    """What this process would send to a collector."""
    kept, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    traces.tracing.use(provider)
    yield kept
    traces.tracing.use(NoOpTracerProvider())


@post("/traced/{no:str}", opt={"public": True}, sync_to_thread=True)
def act(request: Request[Any, Any, Any]) -> None:
    """An official act of somebody, which the public is to see, and a plugin that is asked something before."""
    lanes.of("decent").call("prepare", lambda: CANARY)
    with db.session(house_of(request).engine, HERE) as session:
        record(session, "plan.publish", actor=CANARY, subject=CANARY, payload={"who": CANARY})
    if request.path_params["no"] == "breaks":
        raise ZeroDivisionError(CANARY)


TRACED = replace(declared(), handlers=(*declared().handlers, act))
"""An application with this route, which no other test is lent."""


def follow(work: Work) -> None:
    """The work after it."""
    with db.session(work.engine, HERE, readonly=True) as session:
        session.exec(select(OutboxRow)).all()
    log.info("followed")


def refuse(_work: Work) -> None:
    raise OutsideFailed("plugin_given_up", permanent=True, plugin=CANARY, step=CANARY)


def asked(settings: Settings, no: str = "1", **headers: str) -> None:
    with Browser(settings, TRACED) as browser:
        browser.post(f"/traced/{no}?name={CANARY}", headers=headers)


def worked(engine, settings: Settings, run=follow) -> None:
    jobs = Known({FOLLOW: Job(FOLLOW, run)}, ())
    assert drain(runner_of(engine, settings, jobs), engine, HERE) >= 1


@pytest.fixture
def settings(database, tmp_path) -> Settings:
    return settings_of(database.app, tmp_path)


def named(spans: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    return {span.name: span for span in spans.get_finished_spans()}


def test_request_database_plugin_and_job_are_one_trace(spans, engine, settings) -> None:
    """The job is a child of the transaction that asked for it, whichever process runs it, however much later."""
    asked(settings)
    worked(engine, settings)
    found = named(spans)
    request, job = found["POST /traced/{no}"], found[f"job {FOLLOW}"]
    begun = [one for one in spans.get_finished_spans() if one.name == "transaction" and one.events]
    assert [(one.parent.span_id, one.events[0].attributes["act"]) for one in begun] == [
        (request.context.span_id, "plan.publish")
    ]
    assert found["plugin call"].parent.span_id == request.context.span_id
    assert job.parent.span_id == begun[0].context.span_id
    assert {span.context.trace_id for span in spans.get_finished_spans()} == {request.context.trace_id}
    assert (request.kind, job.kind, request.parent) == (SpanKind.SERVER, SpanKind.CONSUMER, None)
    assert dict(request.attributes) == {
        "http.request.method": "POST", "http.route": "/traced/{no}", "http.response.status_code": 201,
    }  # fmt: skip
    assert dict(job.attributes) == {"tenant": HERE, "job": FOLLOW, "attempt": 1}


def test_nothing_in_a_span_is_about_anybody(spans, engine, settings) -> None:
    """Neither addresses nor errors nor payloads: also where everything goes wrong."""
    asked(settings, "breaks")
    worked(engine, settings, refuse)
    found = named(spans)
    failed = [one.name for one in spans.get_finished_spans() if one.status.status_code is StatusCode.ERROR]
    assert failed[:2] == ["POST /traced/{no}", f"job {FOLLOW}"]
    assert found[f"job {FOLLOW}"].attributes["error.type"] == "plugin_given_up"
    assert CANARY not in "".join(one.to_json() for one in spans.get_finished_spans()).encode().decode("unicode_escape")
    assert "1380" not in "".join(one.to_json() for one in spans.get_finished_spans())


def test_what_comes_from_outside_starts_no_trace(spans, settings) -> None:
    """Nobody outside chooses our numbers, or switches recording off."""
    outside = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"
    asked(settings, traceparent=outside)
    request = named(spans)["POST /traced/{no}"]
    assert (request.parent, f"{request.context.trace_id:032x}" in outside) == (None, False)


def test_looking_for_work_leaves_no_spans(spans, engine, settings) -> None:
    """A worker that idles sends nothing."""
    assert drain(runner_of(engine, settings), engine, HERE) == 0
    assert spans.get_finished_spans() == ()


def test_every_line_of_request_and_job_has_the_same_numbers(spans, engine, settings) -> None:
    """``trace_id`` leads to the trace, ``request_id`` from the job's lines to the request's."""
    with structlog.testing.capture_logs([structlog.contextvars.merge_contextvars, logs_trace]) as lines:
        asked(settings, **{"X-Request-ID": "asked-by-me"})
        worked(engine, settings)
    ours = {line["event"]: line for line in lines if line["event"] in ("request", "followed", "job_done")}
    assert {line["request_id"] for line in ours.values()} == {"asked-by-me"}
    assert len({line["trace_id"] for line in ours.values()}) == 1
    assert ours["followed"].keys() >= {"tenant", "job", "work", "attempt", "trace_id", "span_id", "request_id"}


def logs_trace(_logger: object, _method: str, line: dict[str, Any]) -> dict[str, Any]:
    return line | traces.ids()


def test_untraced_work_keeps_the_number_of_its_request_only(engine, settings) -> None:
    """Nothing else is written where nobody traces; the arguments of a job are its own."""
    asked(settings, **{"X-Request-ID": "asked-by-me"})
    with db.session(engine, HERE) as session:
        row = session.exec(select(OutboxRow)).one()
        assert (row.arguments, outbox.given(row)) == ({"_request": "asked-by-me"}, {})
        assert outbox.origin(row) == outbox.Origin("asked-by-me", "", "")
    worked(engine, settings)


class Collector(BaseHTTPRequestHandler):
    """What of OpenTelemetry's collector is needed."""

    got: ClassVar[list[tuple[str, bytes]]] = []

    def do_POST(self) -> None:
        self.got.append((self.path, self.rfile.read(int(self.headers["content-length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.mark.parametrize("standard", [False, True])
def test_spans_reach_a_collector(monkeypatch, standard) -> None:
    """By a setting of ours or by OpenTelemetry's own variable, under one name of the service; without both nowhere."""
    Collector.got.clear()
    with HTTPServer(("127.0.0.1", 0), Collector) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        try:
            traces.configure(Settings())
            assert isinstance(traces.tracing.provider, NoOpTracerProvider)
            if standard:
                monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
            traces.configure(Settings(otlp_endpoint=None if standard else address))
            with traces.root("work", SpanKind.CONSUMER):
                pass
            traces.flush()
            traces.tracing.provider.shutdown()
        finally:
            traces.tracing.use(NoOpTracerProvider())
            server.shutdown()
    ((path, body),) = Collector.got
    assert (path, b"work" in body, b"shuangsui" in body) == ("/v1/traces", True, True)
