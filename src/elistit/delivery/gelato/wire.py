"""One call to Gelato and what came of it. Nothing is raised for what a network can do, and nothing is retried here.

It must never log a request: the headers hold the key and bodies hold people's addresses.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from elistit.network import call
from elistit.network.call import Met, Timeouts

ANSWER_BYTES_MAX = 8_000_000


class Doing(StrEnum):
    """What a call was for. `CREATE` is the only one that makes something new."""

    CATALOG = "read the sizes"
    QUOTE = "get a quote"
    CREATE = "create the draft"
    LOOK = "look up the draft"
    DELETE = "delete the draft"


@dataclass(frozen=True)
class Refusal:
    """What Gelato says is wrong: its code, its sentence, and per field (Gelato's own name for it) a sentence."""

    code: str = ""
    said: str = ""
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """One call's end. `data` is the JSON object of an answer that is one; numbers with a fraction are `Decimal`, as they came.
    `wait` is in seconds."""

    doing: Doing
    met: Met
    status: int = 0
    data: dict[str, Any] | None = None
    refusal: Refusal = Refusal()
    wait: float | None = None
    problem: str = ""

    @property
    def good(self) -> bool:
        """Whether it did what was asked. A deletion may answer without a body."""
        done = self.met is Met.ANSWER and 200 <= self.status < 300
        return done and (self.data is not None or self.doing is Doing.DELETE)


def send(doing: Doing, method: str, url: str, *, timeouts: Timeouts, key: str, **body: Any) -> Answer:
    """One request and its `Answer`. `body` is httpx's params or json. The key is cut out of every text kept."""
    headers = {"accept": "application/json", "x-api-key": key}
    end, got = call.gathered(
        method, url, timeouts=timeouts, whole=timeouts.whole, headers=headers, most=ANSWER_BYTES_MAX, **body
    )
    if end.met is not Met.ANSWER:
        return Answer(doing, end.met, status=end.status, problem=end.problem)
    data = _object(call.without((key,), got))
    return Answer(
        doing,
        Met.ANSWER,
        status=end.status,
        data=data,
        refusal=_refusal(data or {}) if end.status >= 400 else Refusal(),
        wait=call.retry_after(end.headers),
    )


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        data = json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _refusal(data: dict[str, Any]) -> Refusal:
    entries = data.get("details")
    fields: dict[str, str] = {}
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict) and entry.get("message"):
            fields.setdefault(call.line(entry.get("reference") or ""), call.line(entry["message"]))
    return Refusal(call.line(data.get("code") or ""), call.line(data.get("message") or ""), fields)
