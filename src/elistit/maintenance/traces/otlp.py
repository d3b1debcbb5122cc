"""Send spans to a collector over OTLP/HTTP. The one place that loads OpenTelemetry, an extra (`elistit[otel]`), and only when
spans are to be sent.

It must never be called on a thread that works for a seller: a request may take `TIMEOUT` seconds.
"""

from __future__ import annotations

import datetime as dt
import functools
import importlib.util
from collections.abc import Sequence
from typing import Any, Protocol

from elistit import __version__
from elistit.maintenance.traces.spans import Span

TIMEOUT = 10.0
"""Seconds one request may take, with the exporter's own retries in it."""
PATH = "/v1/traces"
MISSING = "names a collector, and the packages that send to it aren't installed: install elistit[otel]."
_PACKAGE = "opentelemetry.exporter.otlp.proto.http.trace_exporter"


class NotSent(Exception):
    """The collector didn't accept the spans. The message is one sentence, without the headers."""


class Send(Protocol):
    """Sends spans; raises NotSent."""

    def __call__(self, spans: Sequence[Span]) -> None: ...


def installed() -> bool:
    """Whether the extra's packages are there."""
    try:
        return importlib.util.find_spec(_PACKAGE) is not None
    except ModuleNotFoundError:
        return False


def endpoint(url: str) -> str:
    """The address that spans are posted to: `/v1/traces` below the collector's, which may name it already."""
    plain = url.rstrip("/")
    return plain if plain.endswith(PATH) else f"{plain}{PATH}"


@functools.lru_cache(maxsize=1)
def sender(url: str, headers: tuple[tuple[str, str], ...]) -> Send:
    """What sends to a collector, kept for the life of the process. Raises NotSent when the extra isn't installed."""
    if not installed():
        raise NotSent(f"ELISTIT_OTLP_URL {MISSING}")
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - an extra
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - an extra
    from opentelemetry.sdk.trace.export import SpanExportResult  # noqa: PLC0415 - an extra

    exporter = OTLPSpanExporter(endpoint=endpoint(url), headers=dict(headers), timeout=TIMEOUT)
    resource = Resource({"service.name": "elistit", "service.version": __version__})

    def send(spans: Sequence[Span]) -> None:
        if exporter.export([_readable(span, resource) for span in spans]) is not SpanExportResult.SUCCESS:
            raise NotSent("The collector at ELISTIT_OTLP_URL didn't accept the spans; they will be sent again.")

    return send


def _readable(span: Span, resource: Any) -> Any:
    """A span as the library takes it."""
    from opentelemetry.sdk import trace as sdk  # noqa: PLC0415 - an extra
    from opentelemetry.sdk.util.instrumentation import InstrumentationScope  # noqa: PLC0415 - an extra
    from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags  # noqa: PLC0415 - an extra

    def context(span_id: int) -> SpanContext:
        return SpanContext(span.trace, span_id, is_remote=False, trace_flags=TraceFlags(TraceFlags.SAMPLED))

    attributes = {**span.attributes, **({"error.type": span.error} if span.error else {})}
    return sdk.ReadableSpan(
        name=span.name,
        context=context(span.id),
        parent=context(span.parent) if span.parent else None,
        resource=resource,
        attributes=attributes,
        events=[sdk.Event(e.name, e.attributes, _nanoseconds(e.at)) for e in span.events],
        kind=SpanKind.CLIENT if span.outgoing else SpanKind.INTERNAL,
        status=Status(StatusCode.ERROR, span.error) if span.error else Status(StatusCode.UNSET),
        start_time=_nanoseconds(span.start),
        end_time=_nanoseconds(span.end),
        instrumentation_scope=InstrumentationScope("elistit", __version__),
    )


def _nanoseconds(moment: dt.datetime) -> int:
    return round(moment.timestamp() * 1_000_000) * 1000
