"""One call to Etsy and what came of it. Nothing is raised for what a network can do, and nothing is retried here.

It must never log a request: the headers hold secrets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from elistit.listings.etsy.answers import Answer, Doing, Met, read
from elistit.network import call

ANSWER_BYTES_MAX = 16_000_000


@dataclass(frozen=True)
class Timeouts(call.Timeouts):
    """How long one call to Etsy may take, in seconds. `whole_upload` is `whole` for a call that sends a file."""

    write: float = 60.0
    whole_upload: float = 300.0


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
    """One request and its `Answer`. `body` is httpx's params, data or files. `secrets` are cut out of every text kept."""
    whole = timeouts.whole_upload if body.get("files") else timeouts.whole
    sent = {"accept": "application/json", **(headers or {})}
    end, got = call.gathered(method, url, timeouts=timeouts, whole=whole, headers=sent, most=ANSWER_BYTES_MAX, **body)
    if end.met is not call.Met.ANSWER:
        return Answer(doing, Met(end.met.value), status=end.status, problem=end.problem)
    # A good answer may be the very secret: a token that stays as it was.
    return read(doing, end.status, end.headers, got if end.status < 300 else call.without(secrets, got))
