"""A loopback server that keeps what it was asked, and answers or breaks as ordered."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.loopback_server import LoopbackServer


@dataclass
class Reply:
    status: int = 200
    body: Any = b""
    headers: dict[str, str] = field(default_factory=dict)

    def raw(self) -> tuple[bytes, str]:
        if isinstance(self.body, bytes):
            return self.body, self.headers.get("content-type", "text/plain")
        return json.dumps(self.body).encode(), "application/json"


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: Any


Break = Callable[[socket.socket, bytes], None]


@dataclass
class Fault:
    """What goes wrong at one point of an exchange. `early`: before the request is carried out. `times` left to play."""

    play: Break
    early: bool = False
    times: int = 1


class Loopback:
    """A server on this machine. `handle` answers; `faults[point]` breaks a point first; `asked` keeps every request."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.asked: list[Asked] = []
        self.faults: dict[str, Fault] = {}
        self.lock = threading.Lock()
        self._server = LoopbackServer(self.serve, 3, tls)
        self.url = self._server.url

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        point = self.point(handler.command, handler.path)
        with self.lock:
            fault = self.faults.get(point)
            if fault and fault.times > 0:
                fault.times -= 1
            else:
                fault = None
        if fault and fault.early:
            fault.play(handler.connection, b"")
            return
        length = int(handler.headers.get("content-length") or 0)
        text = handler.rfile.read(length)
        form = "multipart/" in (handler.headers.get("content-type") or "")
        body = text if form else json.loads(text) if text else None
        headers = {k.lower(): v for k, v in handler.headers.items()}
        with self.lock:
            self.asked.append(Asked(handler.command, handler.path, headers, body))
            reply = self.handle(handler.command, handler.path, body)
        raw, kind = reply.raw()
        if fault:
            fault.play(handler.connection, raw)
            return
        handler.send_response(reply.status)
        for name, value in {"content-type": kind, "content-length": str(len(raw)), **reply.headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(raw)

    def point(self, method: str, path: str) -> str:
        return "create" if method == "POST" else "ask"

    def handle(self, method: str, path: str, body: Any) -> Reply:
        raise NotImplementedError

    def stop(self) -> None:
        self._server.stop()

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def closed_port() -> str:
    """The address of a port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as once:
        return f"http://127.0.0.1:{once.getsockname()[1]}"
