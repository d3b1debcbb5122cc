"""A collector as others run it, for tests: takes OTLP over HTTP and reads it with OpenTelemetry's own protobuf classes."""

from __future__ import annotations

import gzip
import threading
import zlib
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)


@dataclass(frozen=True)
class Received:
    """One span as it came over the wire. `error` is its status message, None where the status isn't an error."""

    trace: str
    id: str
    parent: str
    name: str
    start: int
    end: int
    attributes: dict[str, Any]
    error: str | None
    events: list[str] = field(default_factory=list)


class Receiver:
    """Listens on a free port of this machine. `status` is what it answers; `hangs` makes it answer not at all."""

    def __init__(self) -> None:
        self.status, self.spans, self.bodies = 200, list[Received](), list[bytes]()
        self.headers: list[dict[str, str]] = []
        self.hangs = threading.Event()
        self.over = threading.Event()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if receiver.hangs.is_set():
                    receiver.over.wait(60)
                    return
                receiver.take(self.path, dict(self.headers), body)
                self.send_response(receiver.status)
                self.send_header("Content-Type", "application/x-protobuf")
                self.end_headers()
                self.wfile.write(ExportTraceServiceResponse().SerializeToString())

            def log_message(self, *_: object) -> None:
                """Nothing on the terminal."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self, path: str, headers: dict[str, str], body: bytes) -> None:
        assert path == "/v1/traces", path
        plain = {"gzip": gzip.decompress, "deflate": zlib.decompress}.get(headers.get("Content-Encoding", ""), bytes)(
            body
        )
        self.headers.append({name.lower(): value for name, value in headers.items()})
        if self.status != 200:
            return
        self.bodies.append(plain)
        request = ExportTraceServiceRequest.FromString(plain)
        for one in request.resource_spans:
            resource = {a.key: a.value.string_value for a in one.resource.attributes}
            assert resource["service.name"] == "elistit"
            self.spans += [_received(span) for scope in one.scope_spans for span in scope.spans]

    def close(self) -> None:
        self.over.set()
        self.server.shutdown()
        self.server.server_close()


def _received(span: Any) -> Received:
    known = {a.key: getattr(a.value, a.value.WhichOneof("value")) for a in span.attributes}
    return Received(
        span.trace_id.hex(),
        span.span_id.hex(),
        span.parent_span_id.hex(),
        span.name,
        span.start_time_unix_nano,
        span.end_time_unix_nano,
        known,
        span.status.message if span.status.code == 2 else None,
        [event.name for event in span.events],
    )
