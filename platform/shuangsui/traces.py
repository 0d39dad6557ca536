"""How one request runs through web, database, plugins and worker: OpenTelemetry spans, if an operator asks for them.

Names and attributes have few values, as in :mod:`shuangsui.measures`: routes, jobs, acts, plugins, authorities — never
an address, a query, a name, or the text of an error. What came with a request from outside starts nothing here.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import NoOpTracerProvider, Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from shuangsui.settings import Settings

STANDARD = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
"""Variables by which OpenTelemetry itself is told where spans go."""
PARENT = "traceparent"
_w3c = TraceContextTextMapPropagator()


class Tracing:
    """Where the spans of this process go: nowhere, until somebody says so."""

    def __init__(self) -> None:
        self.use(NoOpTracerProvider())

    def use(self, provider: trace.TracerProvider) -> None:
        """From now on."""
        self.provider, self.tracer = provider, provider.get_tracer("shuangsui")


tracing = Tracing()
"""Of this process."""


def configure(settings: Settings) -> None:
    """Send spans to the collector that ``SHUANGSUI_OTLP_ENDPOINT`` or OpenTelemetry's own variables name, by HTTP."""
    if not settings.otlp_endpoint and not any(os.environ.get(name) for name in STANDARD):
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - 60 ms that few need

    address = f"{settings.otlp_endpoint.rstrip('/')}/v1/traces" if settings.otlp_endpoint else None
    named = {} if os.environ.get("OTEL_SERVICE_NAME") else {SERVICE_NAME: "shuangsui"}
    provider = TracerProvider(resource=Resource.create(named))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=address)))
    tracing.use(provider)


@contextmanager
def root(name: str, kind: SpanKind, parent: str = "", **attributes: str | int) -> Iterator[Span]:
    """A request or a piece of work; ``parent`` is what :func:`carried` said where it was asked for."""
    context = _w3c.extract({PARENT: parent}, Context()) if parent else Context()
    with (
        tracing.tracer.start_as_current_span(
            name, context, kind, attributes, record_exception=False, set_status_on_exception=False
        ) as span,
        _judged(span),
    ):
        yield span


@contextmanager
def inner(name: str, **attributes: str | int) -> Iterator[None]:
    """A part of what is being traced; nothing outside of it, so that looking for work leaves no spans."""
    if not trace.get_current_span().is_recording():
        yield
        return
    with (
        tracing.tracer.start_as_current_span(
            name, attributes=attributes, record_exception=False, set_status_on_exception=False
        ) as span,
        _judged(span),
    ):
        yield


def failed(span: Span, error: BaseException) -> None:
    """By the code of an error of ours, else by its type: its text may be about somebody."""
    span.set_status(Status(StatusCode.ERROR))
    span.set_attribute("error.type", str(getattr(error, "code", "") or type(error).__name__))


def note(name: str, **attributes: str | int) -> None:
    """Something that happened in the current span."""
    trace.get_current_span().add_event(name, attributes)


def carried() -> str:
    """The current span as one plain text for whoever goes on elsewhere; empty if nothing is traced."""
    carrier: dict[str, str] = {}
    _w3c.inject(carrier)
    return carrier.get(PARENT, "")


def ids() -> Mapping[str, str]:
    """What a log line says of the current span."""
    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return {}
    return {"trace_id": trace.format_trace_id(context.trace_id), "span_id": trace.format_span_id(context.span_id)}


def flush() -> None:
    """Send what waits, before a process ends."""
    if isinstance(tracing.provider, TracerProvider):
        tracing.provider.force_flush()


@contextmanager
def _judged(span: Span) -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        failed(span, error)
        raise
