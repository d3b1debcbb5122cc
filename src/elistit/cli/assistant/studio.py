"""A studio as the MCP server sees it: requests to its JSON API with the seller's key, and what went wrong in words.

It must never retry a request that costs on its own; the same idempotency key makes sending it again safe, and that is the
caller's decision.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path
from typing import Any

import httpx

TIMEOUT = httpx.Timeout(60.0, connect=10.0)
PREFIX = "urn:elistit:problem:"
CERTAIN = frozenset(
    {"malformed-request", "insufficient-credits", "not-found", "not-possible", "invalid-request", "daily-cap"}
)
"""Problems that say the act itself was looked at and not done."""
BEFORE = frozenset(
    {"unauthorized", "read-only-key", "action-not-allowed", "rate-limited", "method-not-allowed", "too-large"}
)
"""Problems met before the act was looked at: this request did nothing, an earlier one with the same key may have."""


class StudioError(Exception):
    """The studio did not do what was asked; the message is for people. `refused`: it is certain that nothing was charged;
    `before`: that this request charged nothing."""

    def __init__(self, words: str, *, refused: bool = False, before: bool = False) -> None:
        super().__init__(words)
        self.refused, self.before = refused, before


class Studio:
    """One seller's studio. `url` is its address, without `/api/v1`."""

    def __init__(self, url: str, key: str, *, transport: httpx.BaseTransport | None = None) -> None:
        headers = {"Authorization": f"Bearer {key}", "User-Agent": "elistit-mcp"}
        self._http = httpx.Client(base_url=url.rstrip("/"), headers=headers, timeout=TIMEOUT, transport=transport)

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        return self._ask("GET", path, params={name: value for name, value in query.items() if value is not None})

    def post(self, path: str, body: dict[str, Any] | None = None, *, key: str = "") -> dict[str, Any]:
        return self._ask("POST", path, json=body, headers={"Idempotency-Key": key} if key else {})

    def bytes(self, url: str) -> bytes:
        """A small file, such as a preview. `url` is as the API gives it."""
        return self._send("GET", url).content

    def save(self, file: dict[str, Any], folder: Path) -> Path:
        """Download a file into a folder under its own name, checked against its SHA-256. A file that is there and the same is
        not downloaded again. Raises StudioError; nothing unfinished stays behind."""
        target = folder / _plain_name(file["name"])
        if target.is_file() and _digest(target) == file["sha256"]:
            return target
        part = target.with_name(f".{target.name[:80]}.{secrets.token_hex(4)}.part")
        try:
            with self._http.stream("GET", file["url"]) as answer, part.open("xb") as out:
                if answer.status_code != 200:
                    answer.read()
                    raise _problem(answer)
                for block in answer.iter_bytes(1 << 18):
                    out.write(block)
            if (found := _digest(part)) != file["sha256"]:
                raise StudioError(f"{file['name']} came damaged: its SHA-256 is {found}, not {file['sha256']}.")
            os.replace(part, target)
        except httpx.HTTPError as broken:
            raise _unreachable(broken) from broken
        finally:
            part.unlink(missing_ok=True)
        return target

    def _ask(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        answer = self._send(method, f"/api/v1{path}", **more)
        try:
            body = answer.json()
        except ValueError as nonsense:
            raise StudioError("The address answers, but not as a studio does. Check the URL.") from nonsense
        return dict(body)

    def _send(self, method: str, url: str, **more: Any) -> httpx.Response:
        try:
            answer = self._http.request(method, url, **more)
        except httpx.HTTPError as broken:
            raise _unreachable(broken) from broken
        if answer.is_success:
            return answer
        raise _problem(answer)


def _unreachable(broken: httpx.HTTPError) -> StudioError:
    return StudioError(f"The studio did not answer ({type(broken).__name__}).")


def _problem(answer: httpx.Response) -> StudioError:
    try:
        body = answer.json()
        kind, words = str(body["type"]).removeprefix(PREFIX), str(body["detail"])
    except (ValueError, KeyError, TypeError):
        return StudioError(f"The address answered {answer.status_code}, but not as a studio does. Check the URL.")
    errors = "; ".join(f"{e['field']}: {e['detail']}" for e in body.get("errors", []))
    return StudioError(f"{errors or words} [{kind}]", refused=kind in CERTAIN, before=kind in BEFORE)


def _plain_name(name: str) -> str:
    """The last part of a name, which can't lead out of a folder."""
    plain = name.replace("\\", "/").rpartition("/")[2].lstrip(".")
    return plain or "file"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
