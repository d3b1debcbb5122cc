"""One HTTP call to Etsy, with an end: a fresh connection, explicit time-outs, a deadline for the whole, no retries.

Every end of a call is an `Answer`; nothing is raised for what a network can do. A connection is never reused, because
a kept connection that the other side has just closed looks exactly like a request that was lost after it was sent.
It must never log a request: the headers hold secrets.
"""

from __future__ import annotations

import contextlib
import functools
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from elistit.listings.etsy.answers import Answer, Doing, Met, read

USER_AGENT = "elistit"
ANSWER_BYTES_MAX = 16_000_000
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)


@dataclass(frozen=True)
class Patience:
    """How long one call may take, in seconds. `whole` bounds everything, however slowly bytes drip in."""

    connect: float = 10.0
    read: float = 30.0
    write: float = 60.0
    whole: float = 60.0
    whole_upload: float = 300.0


def send(
    doing: Doing,
    method: str,
    url: str,
    *,
    patience: Patience,
    headers: Mapping[str, str] | None = None,
    secrets: tuple[str, ...] = (),
    **body: Any,
) -> Answer:
    """One request and its `Answer`. `body` is httpx's params, data or files. `secrets` are cut out of every text kept."""
    timeout = httpx.Timeout(connect=patience.connect, read=patience.read, write=patience.write, pool=patience.connect)
    whole = patience.whole_upload if body.get("files") else patience.whole
    watch = _Watch(whole)
    try:
        with (
            httpx.Client(
                timeout=timeout, verify=_tls(), follow_redirects=False, trust_env=not _loopback(url)
            ) as client,
            watch.running(),
            client.stream(
                method,
                url,
                headers={"accept": "application/json", "user-agent": USER_AGENT, **(headers or {})},
                extensions={"trace": watch.trace},
                **body,
            ) as response,
        ):
            status, got = response.status_code, bytearray()
            for chunk in response.iter_bytes():
                got += chunk
                if len(got) > ANSWER_BYTES_MAX:
                    return Answer(doing, Met.NO_ANSWER, status=status, trouble="answer too long")
            if watch.late:
                # A body without a length ends where its connection does, so one that we cut looks whole.
                return Answer(doing, Met.NO_ANSWER, status=status, trouble=f"deadline of {whole:g} s")
            return read(doing, status, response.headers, _scrub(bytes(got), secrets))
    except _NOT_SENT as error:
        return Answer(doing, Met.NOT_SENT, trouble=type(error).__name__)
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
        trouble = f"deadline of {whole:g} s" if watch.late else type(error).__name__
        met = Met.NO_ANSWER if watch.connected else Met.NOT_SENT
        return Answer(doing, met, trouble=trouble)


@functools.cache
def _tls() -> ssl.SSLContext:
    """One verifying TLS context for the process: reading the certificates anew for every call costs more than a call."""
    return httpx.create_ssl_context()


class _Watch:
    """Ends a call at its deadline by shutting its socket, which wakes a blocked read at once."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.late, self.connected = seconds, False, False
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """httpx's trace hook: learns the socket of the connection, before and after TLS."""
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            with self._lock:
                self._socket = info["return_value"].get_extra_info("socket")
                if self.late:
                    self._shut()
        elif event.endswith("send_request_headers.started"):
            self.connected = True

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        timer = threading.Timer(self.seconds, self._end)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _end(self) -> None:
        with self._lock:
            self.late = True
            self._shut()

    def _shut(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


def _scrub(body: bytes, secrets: tuple[str, ...]) -> bytes:
    """Etsy does not send our secrets back, but a proxy's error page may: they are cut out before anything is kept."""
    for secret in secrets:
        if len(secret) >= 6:
            body = body.replace(secret.encode(), b"(secret)")
    return body


def _loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
