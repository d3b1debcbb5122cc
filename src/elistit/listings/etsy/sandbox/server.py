"""The sandbox as a server: routes, faults on the wire, control paths, and its life as a thread or a process.

It listens on this machine only by default, needs no key of the real service and never calls it.
"""

from __future__ import annotations

import itertools
import json
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast

from elistit.listings.etsy.sandbox import api, consent, validation
from elistit.listings.etsy.sandbox.faults import ANSWERS, BadOrder, Fault, Faults, parse
from elistit.listings.etsy.sandbox.page import page
from elistit.listings.etsy.sandbox.requests import Refused, Reply, Request
from elistit.listings.etsy.sandbox.world import World
from elistit.listings.etsy.terms import AUTH_PATH, TOKEN_PATH

BODY_MAX = 110_000_000
DAY_SECONDS = 86_400
DEFAULT_PORT = 8090
# The real service takes 10 a second of a new app; practice need not wait so long.
PER_SECOND, PER_DAY = 50, 10_000
_PAGE_HEADERS = {
    "content-security-policy": "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'"
}
_HTML = b"<!doctype html><html><title>One moment</title><body><h1>We are checking your browser</h1></body></html>"


class Sandbox:
    """One running sandbox on a free port (or a given one), in a thread. Use as a context manager, or call `stop()`.

    `keystring` and `secret`, when given, are the only ones it takes; `folder` keeps its state over restarts. It takes
    `per_second` and `per_day` requests in any second and any day, and 429 is what more of them get. New shops sell in
    `currency`.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        host: str = "127.0.0.1",
        folder: Path | str | None = None,
        keystring: str = "",
        secret: str = "",
        per_second: int = PER_SECOND,
        per_day: int = PER_DAY,
        clock: Callable[[], float] = time.time,
        currency: str = "USD",
    ) -> None:
        if currency not in validation.MONEY:
            raise BadOrder(f"currency must be one of: {', '.join(validation.MONEY)}")
        self.per_second, self.per_day = per_second, per_day
        self._counted: deque[float] = deque()
        self.world = World(Path(folder) if folder is not None else None, clock, currency)
        self.faults = Faults()
        self.keystring, self.secret = keystring, secret
        self.stopping = threading.Event()
        self._server = _Server((host, port), _Handler)
        self._server.sandbox = self
        shown = f"[{host}]" if ":" in host else host
        self.url = f"http://{shown}:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop answering and free the port. Calling it again does nothing."""
        if not self.stopping.is_set():
            self.stopping.set()
            self._server.shutdown()
            self._server.server_close()
            self._thread.join(timeout=5)

    def drafts(self) -> list[dict[str, Any]]:
        """Every draft with its fields, images and files (names, sizes, digests), oldest first."""
        return self.world.drafts()

    def fault(self, operation: str, kind: str, times: int = 1, **more: float) -> None:
        """Order a fault; see `faults`. Raises BadOrder (a ValueError) for one that is not known."""
        self.faults.add(parse({"operation": operation, "kind": kind, "times": times, **more}))

    def state(self) -> dict[str, Any]:
        """What GET /_sandbox/state answers: drafts, shops, how often each operation was asked, journal, faults."""
        with self.world.lock:
            names = ("shop_id", "user_id", "shop_name")
            shops = [
                {**{n: u[n] for n in names}, "currency_code": api.currency_of(u)} for u in self.world.users.values()
            ]
            return {
                "drafts": self.drafts(),
                "shops": shops,
                "counts": dict(self.world.counts),
                "requests": list(self.world.journal),
                "faults": self.faults.standing(),
            }

    # --- answering ----------------------------------------------------------------------------------------------------

    def answer(self, request: Request) -> tuple[Reply, Fault | None, str]:
        """(reply, wire fault still to be played, operation name) of one request."""
        if request.path.startswith("/_sandbox/") or request.path == "/":
            return self._control(request), None, ""
        name, work = self._work(request)
        counted = request.path.startswith(api.PREFIX)
        limits, one_too_many = self._count() if counted else ({}, None)
        if one_too_many is not None:
            return one_too_many, None, name
        fault = self.faults.take(name)
        if fault is None or fault.work_is_done:
            try:
                with self.world.lock:
                    reply = work()
            except Refused as refused:
                reply = refused.reply
        else:
            reply = Reply(200, {})
        if fault is not None and fault.base in ANSWERS:
            status, data, headers = ANSWERS[fault.base]
            reply = Reply(status, data, dict(headers))
            if fault.retry_after is not None:
                reply.headers["retry-after"] = f"{fault.retry_after:g}"
        reply.headers = {**limits, **reply.headers}
        return reply, fault if fault is not None and fault.base not in ANSWERS else None, name

    def _work(self, request: Request) -> tuple[str, Callable[[], Reply]]:
        if request.method == "GET" and request.path == AUTH_PATH:
            return "authorize", lambda: consent.authorize(self.world, request, self.keystring)
        if request.method == "POST" and request.path in (TOKEN_PATH, "/v3/public/oauth/token"):
            renewing = request.form().get("grant_type") == "refresh_token"
            return "refresh" if renewing else "token", lambda: consent.token(self.world, request)
        found = api.route(request.method, request.path)
        if found is None:
            return "unknown", lambda: Reply(404, {"error": "Resource not found"})
        name, scope, operation, ids = found

        def work() -> Reply:
            call = api.Call(self.world, request, self.url, ids)
            call.authenticate(self.keystring, self.secret, scope)
            return operation(call)

        return name, work

    def _count(self) -> tuple[dict[str, str], Reply | None]:
        """Count a request of the app, no matter whose shop it is for: the headers that tell how many are left, and the refusal
        when it is one too many. The day slides, as the real service's does; refused requests count as well."""
        with self.world.lock:
            now = self.world.clock()
            while self._counted and self._counted[0] <= now - DAY_SECONDS:
                self._counted.popleft()
            self._counted.append(now)
            day = len(self._counted)
            second = sum(1 for at in itertools.islice(reversed(self._counted), self.per_second + 1) if at > now - 1)
        headers = {
            "x-limit-per-second": str(self.per_second),
            "x-remaining-this-second": str(max(0, self.per_second - second)),
            "x-limit-per-day": str(self.per_day),
            "x-remaining-today": str(max(0, self.per_day - day)),
            "x-etsy-request-uuid": f"sandbox-{self.world.new_id()}",
        }
        limit = "day" if day > self.per_day else "second" if second > self.per_second else ""
        if not limit:
            return headers, None
        waits = {"day": str(DAY_SECONDS), "second": "1"}
        error = {"error": f"You have exceeded your quota of requests per {limit}"}
        return headers, Reply(429, error, {**headers, "retry-after": waits[limit]})

    def _control(self, request: Request) -> Reply:
        asked = (request.method, request.path)
        if asked == ("GET", "/"):
            return Reply(
                200, body=page(self.drafts()), content_type="text/html; charset=utf-8", headers=dict(_PAGE_HEADERS)
            )
        if asked == ("GET", "/_sandbox/state"):
            return Reply(200, self.state())
        if request.method == "GET" and request.path.startswith("/_sandbox/blobs/"):
            return _blob(self.world, request.path.rsplit("/", 1)[1])
        if asked == ("DELETE", "/_sandbox/faults"):
            self.faults.clear()
            return Reply(200, {"faults": []})
        if asked == ("POST", "/_sandbox/faults"):
            try:
                self.faults.add(parse(json.loads(request.body)))
            except (BadOrder, ValueError) as error:
                return Reply(400, {"error": str(error)})
            return Reply(201, {"faults": self.faults.standing()})
        if asked == ("POST", "/_sandbox/currency"):
            return self._sell_in(request)
        if asked == ("POST", "/_sandbox/reset"):
            self.faults.clear()
            self._counted.clear()
            self.world.reset()
            return Reply(200, {"drafts": []})
        if asked == ("POST", "/_sandbox/expire"):
            self.world.expire_access()
            return Reply(200, {"access_tokens": "expired"})
        if asked == ("POST", "/_sandbox/revoke"):
            self.world.revoke_all()
            return Reply(200, {"tokens": "revoked"})
        return Reply(404, {"error": "Resource not found"})

    def _sell_in(self, request: Request) -> Reply:
        """Change what a shop sells in: {"shop_id": …, "currency_code": "JPY"}."""
        try:
            order = json.loads(request.body)
            shop_id, currency = int(order["shop_id"]), str(order["currency_code"])
        except (ValueError, TypeError, KeyError):
            return Reply(400, {"error": "Send an object with shop_id and currency_code."})
        if currency not in validation.MONEY:
            return Reply(400, {"error": f"currency_code must be one of: {', '.join(validation.MONEY)}"})
        if not self.world.sell_in(shop_id, currency):
            return Reply(404, {"error": "Could not find a shop with this id"})
        return Reply(200, {"shop_id": shop_id, "currency_code": currency})


def serve(
    port: int = DEFAULT_PORT, host: str = "127.0.0.1", *, folder: Path | str | None = None, currency: str = "USD"
) -> None:
    """Serve a sandbox until interrupted. Raises OSError when the port is taken, BadOrder for a currency it does not know.
    Blocks."""
    with Sandbox(port=port, host=host, folder=folder, currency=currency) as sandbox:
        try:
            sandbox.stopping.wait()
        except KeyboardInterrupt:
            return


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64
    sandbox: Sandbox

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "EtsySandbox"
    sys_version = ""
    timeout = 60

    @property
    def sandbox(self) -> Sandbox:
        return cast(_Server, self.server).sandbox

    def _handle(self) -> None:
        request = self._read()
        if request is None:
            return
        reply, fault, operation = self.sandbox.answer(request)
        if operation:
            kind = fault.kind if fault else ""
            self.sandbox.world.note(operation, request.method, request.path, reply.status, kind)
        if fault is None:
            self._send(reply)
        else:
            self._spoil(reply, fault)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _handle

    def _read(self) -> Request | None:
        """The whole request; its body is always read, so that a kept connection stays in step."""
        length = self.headers.get("content-length", "0")
        if self.headers.get("transfer-encoding") or not length.isdigit() or int(length) > BODY_MAX:
            self.close_connection = True
            self._send(Reply(413, {"error": "Request entity too large"}))
            return None
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            self.close_connection = True
            return None
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Request(self.command, self.path, headers, body)

    def _send(self, reply: Reply, *, announce: int | None = None) -> None:
        body = reply.encoded()
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if body:
            self.send_header("content-type", reply.content_type)
        self.send_header("content-length", str(len(body) if announce is None else announce))
        self.end_headers()
        self.wfile.write(body)

    def _spoil(self, reply: Reply, fault: Fault) -> None:
        """A network failure instead of, or after, the answer."""
        self.close_connection = True
        base = fault.base
        if base in ("html", "500_html"):
            self._send(Reply(200 if base == "html" else 500, body=_HTML, content_type="text/html; charset=utf-8"))
        elif base == "empty":
            self._send(Reply(200, body=b""))
        elif base == "timeout":
            self.sandbox.stopping.wait(fault.seconds)
        elif base == "reset":
            # Zero linger: the kernel answers with RST instead of a polite end.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif base == "short":
            self._send(reply, announce=len(reply.encoded()) + 100)
        elif base == "drip":
            self._drip(reply, fault.seconds)

    def _drip(self, reply: Reply, seconds: float) -> None:
        """The right answer, a byte at a time, spread over `seconds`."""
        body = reply.encoded()
        head = f"HTTP/1.1 {reply.status} OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        whole = head.encode() + body
        for place in range(len(whole)):
            self.wfile.write(whole[place : place + 1])
            self.wfile.flush()
            if self.sandbox.stopping.wait(seconds / len(whole)):
                return

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: the journal is at /_sandbox/state, and a request line of the OAuth paths holds codes."""


def _blob(world: World, digest: str) -> Reply:
    body = world.blob(digest)
    if body is None:
        return Reply(404, {"error": "This image is no longer kept."})
    kinds = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
    kind = (
        "video/mp4"
        if body[4:8] == b"ftyp"
        else next((k for start, k in kinds.items() if body.startswith(start)), "application/octet-stream")
    )
    return Reply(200, body=body, content_type=kind, headers={"x-content-type-options": "nosniff"})
