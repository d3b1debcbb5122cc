"""One HTTP call to Google, with an end: a fresh connection, explicit time-outs, a deadline for the whole, no retries.

Every end of a call is an `Answer`; nothing is raised for what a network can do. A connection is never reused, because a
kept connection that the other side has just closed looks exactly like a request that was lost after it was sent. It must
never log a request: headers, forms and upload addresses are secrets.
"""

from __future__ import annotations

import contextlib
import functools
import ipaddress
import json
import logging
import re
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import httpx

# At INFO and below the HTTP library writes whole addresses and heads; an upload's address is a key to one file.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)

USER_AGENT = "elistit"
ANSWER_BYTES_MAX = 16_000_000
_SAID_MAX = 200
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)


class Doing(StrEnum):
    """What a call was for. `CREATE` makes something new; `SEND` moves bytes of an upload; `ASK` asks how far it is."""

    READ = "read"
    CREATE = "create"
    BEGIN = "begin an upload"
    SEND = "send bytes"
    ASK = "ask an upload"
    DELETE = "delete"
    TOKEN = "renew the token"
    EXCHANGE = "exchange the code"


class Met(StrEnum):
    """How far a call came. `NOT_SENT`: Google cannot have seen it. `NO_ANSWER`: it may have been carried out."""

    ANSWER = "answer"
    NOT_SENT = "not sent"
    NO_ANSWER = "no answer"


@dataclass(frozen=True)
class Patience:
    """How long one call may take, in seconds. `whole` bounds everything, however slowly bytes drip in."""

    connect: float = 10.0
    read: float = 30.0
    write: float = 30.0
    whole: float = 60.0


@dataclass(frozen=True)
class Answer:
    """One call's end. `data` is the JSON object of an answer that is one; `reasons` are Google's own words for what is
    wrong (also the OAuth error code), `said` its sentence. `received` is how many bytes of an upload have arrived, when
    the answer told; `wait` is in seconds."""

    doing: Doing
    met: Met
    status: int = 0
    data: dict[str, Any] | None = None
    reasons: tuple[str, ...] = ()
    said: str = ""
    location: str = ""
    received: int | None = None
    wait: float | None = None
    trouble: str = ""

    @property
    def good(self) -> bool:
        return self.met is Met.ANSWER and 200 <= self.status < 300 and (self.data is not None or self.status == 204)


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
    """One request and its `Answer`. `body` is httpx's params, data, json or content. `secrets` are cut out of every text
    kept."""
    timeout = httpx.Timeout(connect=patience.connect, read=patience.read, write=patience.write, pool=patience.connect)
    watch = _Watch(patience.whole)
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
                return Answer(doing, Met.NO_ANSWER, status=status, trouble=f"deadline of {patience.whole:g} s")
            # Only what is kept as words needs scrubbing; a good answer may rightly repeat a token.
            text = bytes(got) if status < 300 else _scrub(bytes(got), secrets)
            return _read(doing, status, response.headers, text)
    except _NOT_SENT as error:
        return Answer(doing, Met.NOT_SENT, trouble=type(error).__name__)
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
        trouble = f"deadline of {patience.whole:g} s" if watch.late else type(error).__name__
        met = Met.NO_ANSWER if watch.connected else Met.NOT_SENT
        return Answer(doing, met, trouble=trouble)


def _read(doing: Doing, status: int, headers: Mapping[str, str], body: bytes) -> Answer:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        data = None
    reasons, said = _refusal(data) if status >= 400 else ((), "")
    wait = headers.get("retry-after", "")
    arrived = re.fullmatch(r"bytes=0-(\d+)", headers.get("range", ""))
    return Answer(
        doing=doing,
        met=Met.ANSWER,
        status=status,
        data=data if isinstance(data, dict) else None,
        reasons=reasons,
        said=said,
        location=headers.get("location", ""),
        # 308 without a range: Google has nothing of it yet.
        received=int(arrived[1]) + 1 if arrived else 0 if status == 308 else None,
        wait=float(wait) if wait.isdigit() else None,
    )


def _refusal(data: Any) -> tuple[tuple[str, ...], str]:
    """Google's reasons and sentence: the shape of its APIs, or OAuth's pair."""
    if not isinstance(data, dict):
        return (), ""
    error = data.get("error")
    if isinstance(error, str):
        return (_clean(error),), _clean(str(data.get("error_description", "")))
    if not isinstance(error, dict):
        return (), ""
    found = [error.get("status")]
    for name in ("errors", "details"):
        entries = error.get(name)
        found += [e.get("reason") for e in entries if isinstance(e, dict)] if isinstance(entries, list) else []
    return tuple(_clean(str(r)) for r in found if r), _clean(str(error.get("message", "")))


def _clean(text: str) -> str:
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text).split())[:_SAID_MAX]


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
    """Google does not send our secrets back, but a proxy's error page may: they are cut out before anything is kept."""
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
