"""One bounded HTTP call: a fresh connection, explicit time-outs, a deadline for the whole.

Nothing is raised for what a network can do. It must never retry, never follow a redirect and never log a request: headers,
forms and some addresses are secrets. A connection is never reused, because a kept one that the other side has just closed
looks exactly like a request that was lost after it was sent.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import httpx

from elistit.addresses import loopback

# At INFO and below the HTTP library writes whole addresses and heads.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)

USER_AGENT = "elistit"
SAID_MAX = 200
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)
_SECRET_MIN = 6


class Met(StrEnum):
    """How far a call came. `NOT_SENT`: the other side cannot have seen it. `NO_ANSWER`: it may have been carried out."""

    ANSWER = "answer"
    NOT_SENT = "not sent"
    NO_ANSWER = "no answer"


@dataclass(frozen=True)
class Timeouts:
    """How long one call may take, in seconds. `whole` bounds everything, however slowly bytes drip in."""

    connect: float = 10.0
    read: float = 30.0
    write: float = 30.0
    whole: float = 60.0


@dataclass(frozen=True)
class End:
    """How a call ended. `headers` have lower-case names; `problem` is for the operator."""

    met: Met
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""


def stream(
    method: str,
    url: str,
    *,
    timeouts: Timeouts,
    whole: float,
    headers: Mapping[str, str],
    keep: Callable[[bytes], bool],
    head: Callable[[int, Mapping[str, str]], str] | None = None,
    permit: Callable[[], bool] | None = None,
    **body: Any,
) -> End:
    """One request whose body is handed to `keep` piece by piece; ended after `whole` seconds, however slowly bytes drip in.

    `keep` answers False to stop an answer that is too long. `head` sees status and headers before the body is read and
    names what is wrong with them, or answers "" to continue. `permit` is asked when the connection stands, right before the first
    byte of the request leaves; False: nothing leaves (`NOT_SENT`). `body` is httpx's json, params, data, files or content.
    """
    timeout = httpx.Timeout(connect=timeouts.connect, read=timeouts.read, write=timeouts.write, pool=timeouts.connect)
    watch = _Watch(whole, permit)
    try:
        with (
            httpx.Client(timeout=timeout, verify=tls(), follow_redirects=False, trust_env=not loopback(url)) as client,
            watch.running(),
            client.stream(
                method,
                url,
                headers={"user-agent": USER_AGENT, **headers},
                extensions={"trace": watch.trace},
                **body,
            ) as response,
        ):
            known = {name.lower(): value for name, value in response.headers.items()}
            problem = head(response.status_code, known) if head else ""
            if problem:
                return End(Met.ANSWER, response.status_code, known, problem)
            for chunk in response.iter_bytes():
                if not keep(chunk):
                    return End(Met.NO_ANSWER, response.status_code, known, "answer too long")
            if watch.late:
                # A body without a length ends where its connection does, so one that we cut looks whole.
                return End(Met.NO_ANSWER, response.status_code, known, watch.words)
            return End(Met.ANSWER, response.status_code, known)
    except _Withheld:
        return End(Met.NOT_SENT, problem="no permit to send")
    except _NOT_SENT as error:
        return End(Met.NOT_SENT, problem=_problem(error, watch))
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
        return End(Met.NO_ANSWER if watch.connected else Met.NOT_SENT, problem=_problem(error, watch))


def gathered(
    method: str,
    url: str,
    *,
    timeouts: Timeouts,
    whole: float,
    headers: Mapping[str, str],
    most: int,
    permit: Callable[[], bool] | None = None,
    **body: Any,
) -> tuple[End, bytes]:
    """One request and the body of its answer, of at most `most` bytes. `permit` as in `stream`."""
    got = bytearray()

    def keep(chunk: bytes) -> bool:
        got.extend(chunk)
        return len(got) <= most

    end = stream(method, url, timeouts=timeouts, whole=whole, headers=headers, keep=keep, permit=permit, **body)
    return end, bytes(got)


def without(secrets: tuple[str, ...], body: bytes, instead: bytes = b"(secret)") -> bytes:
    """A body with our secrets cut out, before anything of it is kept: a service does not send them back, but a proxy's error
    page may."""
    for secret in secrets:
        if len(secret) >= _SECRET_MIN:
            body = body.replace(secret.encode(), instead)
    return body


def line(text: object) -> str:
    """What a service said as one line that can be shown: no control characters, at most 200 characters."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", str(text)).split())[:SAID_MAX]


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds a service asks us to wait, where it says them as a number."""
    wait = headers.get("retry-after", "")
    return float(wait) if wait.isdigit() else None


@functools.cache
def tls() -> ssl.SSLContext:
    """One verifying TLS context for the process: reading the certificates again for every call costs more than a call."""
    return httpx.create_ssl_context()


class _Withheld(Exception):
    """There is no permit to send; nothing has left."""


class _Watch:
    """Ends a call at its deadline by shutting its socket, which wakes a blocked read at once."""

    def __init__(self, seconds: float, permit: Callable[[], bool] | None = None) -> None:
        self.seconds, self.late, self.connected = seconds, False, False
        self._permit = permit
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()

    @property
    def words(self) -> str:
        return f"deadline of {self.seconds:g} s"

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """httpx's trace hook: learns the socket of the connection, before and after TLS."""
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            with self._lock:
                self._socket = info["return_value"].get_extra_info("socket")
                if self.late:
                    self._shut()
        elif event.endswith("send_request_headers.started"):
            if self._permit and not self._permit():
                raise _Withheld
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


def _problem(error: Exception, watch: _Watch) -> str:
    """What went wrong, in one word: an exception's own text may quote what was sent."""
    return watch.words if watch.late else type(error).__name__
