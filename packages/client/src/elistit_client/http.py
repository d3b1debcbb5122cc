"""Requests to a studio's JSON API with the seller's key: JSON in, JSON out, files checked against their digest.

It must never retry a request that costs on its own; the same idempotency key makes sending it again safe, and that is the
caller's decision.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from elistit_client import errors
from elistit_client.errors import StudioError

TIMEOUT = httpx.Timeout(60.0, connect=10.0)
_BLOCK = 1 << 18


class Http:
    """One seller's connection. `url` is the studio's address, without `/api/v1`."""

    def __init__(self, url: str, key: str, *, agent: str, transport: httpx.BaseTransport | None = None) -> None:
        headers = {"Authorization": f"Bearer {key}", "User-Agent": agent}
        self._http = httpx.Client(base_url=url.rstrip("/"), headers=headers, timeout=TIMEOUT, transport=transport)

    def close(self) -> None:
        self._http.close()

    def ask(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        """A JSON answer of the API. `path` begins after `/api/v1`. Raises StudioError."""
        answer = self._send(method, f"/api/v1{path}", **more)
        try:
            return dict(answer.json())
        except (ValueError, TypeError) as nonsense:
            raise StudioError("The address answers, but not as a studio does. Check the URL.") from nonsense

    def bytes(self, url: str) -> bytes:
        """A small file, such as a preview. `url` is as the API gives it."""
        return self._send("GET", url).content

    def save(self, url: str, name: str, sha256: str, folder: Path) -> Path:
        """Download a file into a folder under its own name. A file that is there and the same is not downloaded again. Raises
        StudioError, also when its SHA-256 is another; nothing unfinished stays behind."""
        target = folder / plain_name(name)
        if target.is_file() and _digest(target) == sha256:
            return target
        part = target.with_name(f".{target.name[:80]}.{secrets.token_hex(4)}.part")
        try:
            with self.stream(url) as answer, part.open("xb") as out:
                for block in answer.iter_bytes(_BLOCK):
                    out.write(block)
            if (found := _digest(part)) != sha256:
                raise StudioError(f"{name} came damaged: its SHA-256 is {found}, not {sha256}.")
            os.replace(part, target)
        finally:
            part.unlink(missing_ok=True)
        return target

    @contextmanager
    def stream(self, url: str, **more: Any) -> Iterator[httpx.Response]:
        """An answer to be read as it comes. Raises StudioError, also for a connection that breaks while it is read."""
        try:
            with self._http.stream("GET", url, **more) as answer:
                if not answer.is_success:
                    answer.read()
                    raise errors.of(answer)
                yield answer
        except httpx.HTTPError as broken:
            raise errors.unreachable(broken) from broken

    def _send(self, method: str, url: str, **more: Any) -> httpx.Response:
        try:
            answer = self._http.request(method, url, **more)
        except httpx.HTTPError as broken:
            raise errors.unreachable(broken) from broken
        if answer.is_success:
            return answer
        raise errors.of(answer)


def plain_name(name: str) -> str:
    """The last part of a name, which can't lead out of a folder."""
    plain = name.replace("\\", "/").rpartition("/")[2].lstrip(".")
    return plain or "file"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
