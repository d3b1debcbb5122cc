"""What came back from Etsy, or did not, as plain data: status, error texts in any of their four shapes, limits, waits.

Reads only; what an answer means is decided by `outcomes`. Nothing here raises for an odd body, and no secret of the
request is ever part of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

DAY_IS_SPENT_SECONDS = 3600
WAIT_MOST = 86_400.0
"""The longest pause Etsy can mean. What asks for more is a fault, and must not stop every seller's drafts for years."""
_TEXT_MAX = 300
_SAID_MAX = 200


class Doing(StrEnum):
    """What the call was for. `CREATE` makes something new each time; `UPLOAD` adds to a draft or changes it; `TOKEN` renews
    access; `EXCHANGE` turns the seller's consent into the first tokens."""

    READ = "read"
    CREATE = "create"
    UPLOAD = "upload"
    TOKEN = "token"
    EXCHANGE = "exchange"


class Met(StrEnum):
    """How far a call came. `HELD_BACK`: not sent, to keep within what Etsy gives the app. `NOT_SENT`: Etsy cannot have
    seen it. `NO_ANSWER`: it may have been carried out."""

    ANSWER = "answer"
    HELD_BACK = "held back"
    NOT_SENT = "not sent"
    NO_ANSWER = "no answer"


@dataclass(frozen=True)
class Limits:
    """Etsy's own count of our requests, as of one answer. None where the answer did not say."""

    per_second: int | None = None
    left_this_second: int | None = None
    per_day: int | None = None
    left_today: int | None = None


@dataclass(frozen=True)
class Answer:
    """One call's end. `data` is the JSON object of a good answer, else None; `errors` are Etsy's own words, cut short.

    `code` is the OAuth error code when there is one; `paths` the fields a validation list names; `wait` in seconds.
    """

    doing: Doing
    met: Met
    status: int = 0
    data: dict[str, Any] | None = None
    errors: tuple[str, ...] = ()
    code: str = ""
    paths: tuple[str, ...] = ()
    wait: float | None = None
    limits: Limits = field(default_factory=Limits)
    request_id: str = ""
    problem: str = ""

    @property
    def good(self) -> bool:
        return self.met is Met.ANSWER and 200 <= self.status < 300 and self.data is not None

    @property
    def day_is_spent(self) -> bool:
        """Whether a limit is the day's, not the second's: none are left, or the pause asked for is an hour or more."""
        return self.limits.left_today == 0 or (self.wait or 0) >= DAY_IS_SPENT_SECONDS

    @property
    def said(self) -> str:
        """Etsy's own words in one line, for a seller to read; empty when Etsy gave none."""
        return "; ".join(self.errors)[:_SAID_MAX]


def read(doing: Doing, status: int, headers: Mapping[str, str], body: bytes) -> Answer:
    """An answer from its status, headers (any case-insensitive mapping) and whole body."""
    data = _json(body)
    errors, code, paths = ((), "", ()) if 200 <= status < 300 else _errors(data, body)
    return Answer(
        doing=doing,
        met=Met.ANSWER,
        status=status,
        data=data if isinstance(data, dict) and 200 <= status < 300 else None,
        errors=errors,
        code=code,
        paths=paths,
        wait=_wait(headers.get("retry-after")),
        limits=_limits(headers),
        request_id=_clean(headers.get("x-etsy-request-uuid", ""))[:64],
    )


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _errors(data: Any, body: bytes) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
    """(texts, OAuth code, fields) of an error body: string, list of field problems, OAuth pair, text or HTML."""
    if isinstance(data, list):
        return _listed(data)
    if isinstance(data, dict):
        error, more = data.get("error"), data.get("error_description")
        if isinstance(error, list):
            return _listed(error)
        if isinstance(more, str):
            return (_clean(more),), _clean(str(error)), ()
        if isinstance(error, dict):
            error = error.get("message", "")
        words = error if isinstance(error, str) else data.get("message", "")
        code = words if isinstance(words, str) and words in ("invalid_grant", "invalid_token") else ""
        return ((_clean(words),) if isinstance(words, str) and words.strip() else ()), code, ()
    text = body[:2000].decode("utf-8", "replace").strip()
    return ((_clean(text),) if text and not text.startswith("<") else ()), "", ()


def _listed(entries: list[Any]) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
    texts, paths = [], []
    for entry in entries[:10]:
        if isinstance(entry, dict):
            path, words = str(entry.get("path", "")), str(entry.get("message") or entry.get("type") or "")
            paths.append(_clean(path))
            name = path.strip("/").split("/")[0].replace("_", " ")
            texts.append(_clean(f"{name} {words}".strip()))
        else:
            texts.append(_clean(str(entry)))
    return tuple(t for t in texts if t), "", tuple(paths)


def _clean(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:_TEXT_MAX]


def _number(text: str | None) -> float | None:
    try:
        value = float(text) if text is not None else -1.0
    except ValueError:
        return None
    return value if 0 <= value < float("inf") else None


def _wait(text: str | None) -> float | None:
    wait = _number(text)
    return None if wait is None else min(wait, WAIT_MOST)


def _limits(headers: Mapping[str, str]) -> Limits:
    def whole(*names: str) -> int | None:
        found = next((n for n in (_number(headers.get(name)) for name in names) if n is not None), None)
        return None if found is None else int(found)

    return Limits(
        per_second=whole("x-limit-per-second"),
        # Etsy's documentation prints the second spelling; both have been seen.
        left_this_second=whole("x-remaining-this-second", "x-remaining-this-secon"),
        per_day=whole("x-limit-per-day"),
        left_today=whole("x-remaining-today"),
    )
