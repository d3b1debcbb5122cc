"""One HTTP call to an image provider, with an end: a fresh connection, explicit time-outs, a deadline for the whole.

Every end of a call is an `Answer`; nothing is raised for what a network can do. It must never retry, never follow a
redirect and never log a request: the headers hold the operator's key. A connection is never reused, because a kept one
that the other side has just closed looks exactly like a request that was lost after it was sent.
"""

from __future__ import annotations

import contextlib
import functools
import ipaddress
import json
import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import httpx

USER_AGENT = "elistit"
# A base64 picture of `http_images.BYTES_MAX` and what surrounds it.
ANSWER_BYTES_MAX = 60_000_000
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)
_SECRET_MIN = 6


class Met(StrEnum):
    """How far a call came. `NOT_SENT`: the provider cannot have seen it. `NO_ANSWER`: it may have been carried out."""

    ANSWER = "answer"
    NOT_SENT = "not sent"
    NO_ANSWER = "no answer"


@dataclass(frozen=True)
class Patience:
    """How long one call may take, in seconds. `whole` bounds everything, however slowly bytes drip in."""

    connect: float = 10.0
    read: float = 60.0
    write: float = 30.0
    whole: float = 90.0


@dataclass(frozen=True)
class Service:
    """Where a provider is and who we are to it. `hosts` are the only ones its pictures may be fetched from; a name covers
    its subdomains. The key is left out of every text form."""

    name: str
    url: str
    key: str = field(repr=False)
    hosts: tuple[str, ...] = ()

    @property
    def local(self) -> bool:
        """Whether this is a server on this machine, as for development and tests."""
        return loopback(self.url)


class BadSettings(ValueError):
    """What the environment says of a provider cannot be used. The message is one sentence for the operator."""


class BadAddress(BadSettings):
    """An address in the environment cannot be used."""


def service(name: str, url_name: str, key_name: str, default: str, hosts: tuple[str, ...]) -> Service | None:
    """The service of two environment names; None without a key. Raises BadAddress for an address that would send the key
    unencrypted over a network."""
    key = os.environ.get(key_name, "").strip()
    url = (os.environ.get(url_name, "").strip() or default).rstrip("/")
    return checked(name, url_name, url, key, hosts) if key else None


def checked(name: str, url_name: str, url: str, key: str, hosts: tuple[str, ...]) -> Service:
    """A service at an address that keeps its key secret. Raises BadAddress, which names the environment's `url_name`."""
    url = url.rstrip("/")
    try:
        parts = urlsplit(url)
    except ValueError:
        raise BadAddress(f"{url_name} is not an address.") from None
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and loopback(url))):
        raise BadAddress(f"{url_name} must be an https address, or an http address of this machine.")
    return Service(name, url, key, hosts)


def loopback(url: str) -> bool:
    """Whether an address names this machine itself."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True)
class Answer:
    """One call's end. `headers` have lower-case names; `body` is whole, without our key; `trouble` is for the operator."""

    met: Met
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    trouble: str = ""

    @property
    def good(self) -> bool:
        return self.met is Met.ANSWER and 200 <= self.status < 300 and isinstance(self.data, dict)

    @functools.cached_property
    def data(self) -> Any:
        """The JSON of the body; None when it is not JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @property
    def wait(self) -> float | None:
        """Seconds the other side asks us to wait (Retry-After). A date instead of a number counts as not said."""
        try:
            value = float(self.headers.get("retry-after", ""))
        except ValueError:
            return None
        return value if 0 <= value < float("inf") else None


def send(
    method: str,
    url: str,
    *,
    patience: Patience,
    key: str,
    headers: Mapping[str, str] | None = None,
    **body: Any,
) -> Answer:
    """One request with `key` as bearer token (empty: without one), and its `Answer`. `body` is httpx's json, params or
    files."""
    sent = {**bearer(key), "accept": "application/json", **(headers or {})}
    got = bytearray()

    def keep(chunk: bytes) -> bool:
        got.extend(chunk)
        return len(got) <= ANSWER_BYTES_MAX

    answer = stream(method, url, patience=patience, headers=sent, keep=keep, **body)
    clean = bytes(got).replace(key.encode(), b"(key)") if len(key) >= _SECRET_MIN else bytes(got)
    return Answer(answer.met, answer.status, answer.headers, clean, answer.trouble)


def bearer(key: str) -> dict[str, str]:
    """The header that carries a key; none without one."""
    return {"authorization": f"Bearer {key}"} if key else {}


def stream(
    method: str,
    url: str,
    *,
    patience: Patience,
    headers: Mapping[str, str],
    keep: Callable[[bytes], bool],
    head: Callable[[int, Mapping[str, str]], str] | None = None,
    **body: Any,
) -> Answer:
    """One request whose body is handed to `keep` piece by piece; an `Answer` without body.

    `keep` answers False to stop an answer that is too long. `head` sees status and headers before the body is read and
    names what is wrong with them, or answers "" to go on.
    """
    timeout = httpx.Timeout(connect=patience.connect, read=patience.read, write=patience.write, pool=patience.connect)
    watch = _Watch(patience.whole)
    try:
        with (
            httpx.Client(timeout=timeout, verify=_tls(), follow_redirects=False, trust_env=not loopback(url)) as client,
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
            trouble = head(response.status_code, known) if head else ""
            if trouble:
                return Answer(Met.ANSWER, response.status_code, known, trouble=trouble)
            for chunk in response.iter_bytes():
                if not keep(chunk):
                    return Answer(Met.NO_ANSWER, response.status_code, known, trouble="answer too long")
            if watch.late:
                # A body without a length ends where its connection does, so one that we cut looks whole.
                return Answer(Met.NO_ANSWER, response.status_code, known, trouble=f"deadline of {watch.seconds:g} s")
            return Answer(Met.ANSWER, response.status_code, known)
    except _NOT_SENT as error:
        return Answer(Met.NOT_SENT, trouble=_name(error, watch))
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
        return Answer(Met.NO_ANSWER if watch.connected else Met.NOT_SENT, trouble=_name(error, watch))


def _name(error: Exception, watch: _Watch) -> str:
    """What went wrong, in one word: an exception's own text may quote what was sent."""
    return f"deadline of {watch.seconds:g} s" if watch.late else type(error).__name__


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
