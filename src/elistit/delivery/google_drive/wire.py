"""One call to Google and its result. It raises nothing that a network can cause, and never retries. It must never log a
request: headers, forms and upload addresses are secrets."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from elistit.network import call
from elistit.network.call import Met, Timeouts

__all__ = ["Answer", "Doing", "Met", "Timeouts", "send"]

ANSWER_BYTES_MAX = 16_000_000


class Doing(StrEnum):
    """The purpose of a call. `CREATE` creates something; `SEND` sends bytes of an upload; `ASK` asks for its progress."""

    READ = "read"
    CREATE = "create"
    BEGIN = "begin an upload"
    SEND = "send bytes"
    ASK = "ask an upload"
    DELETE = "delete"
    TOKEN = "renew the token"
    EXCHANGE = "exchange the code"


@dataclass(frozen=True)
class Answer:
    """The result of one call. `data` is the response's JSON object; `reasons` are Google's error codes (also OAuth's),
    `said` its message. `received` is how many bytes of an upload have arrived, if reported; `wait` is in seconds."""

    doing: Doing
    met: Met
    status: int = 0
    data: dict[str, Any] | None = None
    reasons: tuple[str, ...] = ()
    said: str = ""
    location: str = ""
    received: int | None = None
    wait: float | None = None
    problem: str = ""

    @property
    def good(self) -> bool:
        return self.met is Met.ANSWER and 200 <= self.status < 300 and (self.data is not None or self.status == 204)


def send(
    doing: Doing,
    method: str,
    url: str,
    *,
    timeouts: Timeouts,
    headers: Mapping[str, str] | None = None,
    secrets: tuple[str, ...] = (),
    **body: Any,
) -> Answer:
    """Send one request and return its `Answer`. `body` is httpx's params, data, json or content. `secrets` are removed
    from every text that is kept."""
    sent = {"accept": "application/json", **(headers or {})}
    end, got = call.gathered(
        method, url, timeouts=timeouts, whole=timeouts.whole, headers=sent, most=ANSWER_BYTES_MAX, **body
    )
    if end.met is not Met.ANSWER:
        return Answer(doing, end.met, status=end.status, problem=end.problem)
    # Only what is kept as words needs its secrets cut out; a good answer may rightly repeat a token.
    return _read(doing, end.status, end.headers, got if end.status < 300 else call.without(secrets, got))


def _read(doing: Doing, status: int, headers: Mapping[str, str], body: bytes) -> Answer:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        data = None
    reasons, said = _refusal(data) if status >= 400 else ((), "")
    arrived = re.fullmatch(r"bytes=0-(\d+)", headers.get("range", ""))
    return Answer(
        doing=doing,
        met=Met.ANSWER,
        status=status,
        data=data if isinstance(data, dict) else None,
        reasons=reasons,
        said=said,
        location=headers.get("location", ""),
        # 308 without a range: Google has none of it yet.
        received=int(arrived[1]) + 1 if arrived else 0 if status == 308 else None,
        wait=call.retry_after(headers),
    )


def _refusal(data: Any) -> tuple[tuple[str, ...], str]:
    """Google's reasons and sentence: the shape of its APIs, or OAuth's pair."""
    if not isinstance(data, dict):
        return (), ""
    error = data.get("error")
    if isinstance(error, str):
        return (call.line(error),), call.line(str(data.get("error_description", "")))
    if not isinstance(error, dict):
        return (), ""
    found = [error.get("status")]
    for name in ("errors", "details"):
        entries = error.get(name)
        found += [e.get("reason") for e in entries if isinstance(e, dict)] if isinstance(entries, list) else []
    return tuple(call.line(str(r)) for r in found if r), call.line(str(error.get("message", "")))
