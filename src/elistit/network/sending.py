"""One HTTP request to a receiver: checked address, no redirects, an end in time.

The receiver is not trusted: names are resolved and checked here in the moment of connecting, its answer is read no
further than the status, and the whole exchange ends after `TOTAL_SECONDS` however slowly it drips.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpcore

from elistit.network import addresses

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 15.0


@dataclass(frozen=True)
class Answer:
    """What came of a request. `status` is None when there was no answer; `outcome` is one sentence for the log."""

    status: int | None
    milliseconds: int
    outcome: str

    @property
    def accepted(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """The receiver asks never to be called again."""
        return self.status == 410


class _TimedStream(httpcore.NetworkStream):
    """A connection on which every wait is cut to what is left of the whole time."""

    def __init__(self, stream: httpcore.NetworkStream, until: float) -> None:
        self._stream, self._until = stream, until

    def _left(self, timeout: float | None) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("out of time")
        return left if timeout is None else min(left, timeout)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, self._left(timeout)), self._until)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _CheckedBackend(httpcore.SyncBackend):
    """Connects only to addresses that were checked, by number, so that a name cannot change in between."""

    def __init__(self, until: float) -> None:
        super().__init__()
        self._until = until

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        last: Exception | None = None
        for number in addresses.resolve(host, port)[:4]:
            left = min(CONNECT_SECONDS, self._until - time.monotonic())
            if left <= 0:
                break
            try:
                stream = super().connect_tcp(number, port, left, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
            else:
                return _TimedStream(stream, self._until)
        raise last or httpcore.ConnectTimeout("out of time")


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


def post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Send `body` and look only at the status of the answer. Never raises for what a receiver or the network does."""
    began = time.monotonic()
    status: int | None = None
    try:
        addresses.check(url)
        with (
            httpcore.ConnectionPool(
                ssl_context=_trust(), network_backend=_CheckedBackend(began + TOTAL_SECONDS), max_connections=1
            ) as pool,
            pool.stream("POST", url, headers=list(headers.items()), content=body) as response,
        ):
            status = response.status
        outcome = f"Answered {status}."
    except addresses.RefusedAddress as refused:
        outcome = str(refused)
    except (httpcore.TimeoutException, TimeoutError):
        outcome = "The endpoint didn't answer in time."
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol, OSError) as error:
        outcome = _words(error)
    return Answer(status, round((time.monotonic() - began) * 1000), outcome)


def _words(error: Exception) -> str:
    if "CERTIFICATE" in str(error).upper():
        return "The endpoint's certificate isn't valid."
    if isinstance(error, httpcore.ConnectError):
        return "The endpoint couldn't be reached."
    return "The connection broke, or the answer wasn't HTTP."
