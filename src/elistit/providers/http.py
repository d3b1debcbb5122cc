"""Where a provider is, and one call to it with what came of it. Nothing is raised for what a network can do, and nothing is
tried again here.

It must never log a request: the headers hold the operator's key.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from elistit.addresses import loopback
from elistit.network import call
from elistit.network.call import Met

__all__ = [
    "Answer",
    "BadAddress",
    "BadSettings",
    "Met",
    "Service",
    "Timeouts",
    "bearer",
    "checked",
    "loopback",
    "send",
    "service",
]  # fmt: skip

# A base64 image of `http_images.BYTES_MAX` and what surrounds it.
ANSWER_BYTES_MAX = 60_000_000


@dataclass(frozen=True)
class Timeouts(call.Timeouts):
    """How long one call to a provider may take, in seconds."""

    read: float = 60.0
    whole: float = 90.0


@dataclass(frozen=True)
class Service:
    """Where a provider is and who we are to it. `hosts` are the only ones its images may be fetched from; a name covers
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


def service(name: str, url_name: str, url: str, key: str, hosts: tuple[str, ...] = ()) -> Service | None:
    """The service at an address that the setting `url_name` gives; None without a key. Raises BadAddress for an address that
    would send the key unencrypted over a network."""
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


@dataclass(frozen=True)
class Answer:
    """One call's end. `headers` have lower-case names; `body` is whole, without our key; `problem` is for the operator."""

    met: Met
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    problem: str = ""

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
    timeouts: Timeouts,
    key: str,
    headers: Mapping[str, str] | None = None,
    permit: Callable[[], bool] | None = None,
    **body: Any,
) -> Answer:
    """One request with `key` as bearer token (empty: without one), and its `Answer`. `permit` is asked right before it leaves
    (`network.call.stream`). `body` is httpx's json, params or files."""
    sent = {**bearer(key), "accept": "application/json", **(headers or {})}
    end, got = call.gathered(
        method, url, timeouts=timeouts, whole=timeouts.whole, headers=sent, most=ANSWER_BYTES_MAX, permit=permit, **body
    )
    return Answer(end.met, end.status, end.headers, call.without((key,), got, b"(key)"), end.problem)


def bearer(key: str) -> dict[str, str]:
    """The header that carries a key; none without one."""
    return {"authorization": f"Bearer {key}"} if key else {}
