"""How an outcome table is read: rows from the top, the first that matches is the answer (rules §5.7).

Each provider has one table in its own folder; this module only matches and words the failure. It must never decide a
kind itself, and what it writes down holds no key: texts come from answers out of which the key was cut.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from elistit.ports import Failure, Kind
from elistit.providers.http import Answer, Met

_SAID_MAX = 240
SERVER_ERRORS = frozenset({*range(500, 600)} - {504, 522, 523, 524, 598, 599})
"""The service says that it failed."""
TIMED_OUT_THERE = frozenset({408, 504, 522, 523, 524, 598, 599})
"""Something on the way gave up waiting: the request may have been carried out."""


class Doing(StrEnum):
    """What a call was for. `BUY` makes and charges; `ASK` only reads."""

    BUY = "buy"
    ASK = "ask"


@dataclass(frozen=True)
class Seen:
    """Everything an outcome is judged by. `state` is what happened to work the service took (empty for a plain answer);
    `side` is `output` when a content filter says it looked at the image; `again` counts the same answer in a row."""

    doing: Doing
    met: Met = Met.ANSWER
    status: int = 0
    state: str = ""
    code: str = ""
    type: str = ""
    param: str = ""
    said: str = ""
    side: str = ""
    wait: float | None = None
    request_id: str = ""
    problem: str = ""
    again: int = 0


@dataclass(frozen=True)
class Row:
    """One line of a table. Empty fields match anything, except `state`: a row without one is about plain answers only.

    `words` is searched in code, type and the service's own words. `again` is how often it must have been seen in a row. `ours`:
    the service did its part, and what failed is on our side.
    """

    name: str
    kind: Kind
    reason: str
    met: Met = Met.ANSWER
    doing: frozenset[Doing] = frozenset(Doing)
    statuses: frozenset[int] = frozenset()
    state: str = ""
    words: str = ""
    param: str = ""
    side: str = ""
    again: int = 0
    ours: bool = False

    def matches(self, seen: Seen) -> bool:
        if seen.met is not self.met or seen.doing not in self.doing or seen.state != self.state:
            return False
        if self.statuses and seen.status not in self.statuses:
            return False
        if (self.side and seen.side != self.side) or (self.param and seen.param != self.param):
            return False
        if seen.again < self.again:
            return False
        text = f"{seen.code} {seen.type} {seen.said}"
        return not self.words or bool(re.search(self.words, text, re.IGNORECASE))


def row_for(table: Sequence[Row], seen: Seen) -> Row:
    """The first line that matches. Every table ends with lines that match anything left."""
    return next(row for row in table if row.matches(seen))


def failure(table: Sequence[Row], seen: Seen, *, provider_id: str = "", cost_micros: int = 0) -> Failure:
    """What came back, as a failure. `detail` names the line, the status, the service's own code and words."""
    row = row_for(table, seen)
    facts = [
        ("", f"{seen.doing}: {row.name}"), ("HTTP ", str(seen.status or "")), ("code=", seen.code), ("type=", seen.type),
        ("side=", seen.side), ("said=", seen.said), ("problem=", seen.problem), ("request=", seen.request_id),
    ]  # fmt: skip
    waits = row.kind in (Kind.THROTTLED, Kind.TRANSIENT)
    return Failure(
        kind=row.kind,
        reason=row.reason,
        detail="; ".join(name + value for name, value in facts if value)[:500],
        retry_after=seen.wait if waits else None,
        provider_id=provider_id,
        cost_micros=cost_micros,
        ours=row.ours,
    )


def plain(doing: Doing, answer: Answer, **more: Any) -> Seen:
    """What an HTTP answer says on its own; `more` are the fields a service's own error shape adds."""
    return Seen(doing=doing, met=answer.met, status=answer.status, wait=answer.wait, problem=answer.problem, **more)


def clean(text: object) -> str:
    """The words of a service in one printable line, cut short; empty for anything that is not text, and for a web page."""
    if not isinstance(text, str) or text.lstrip().startswith("<"):
        return ""
    return " ".join("".join(c if c.isprintable() else " " for c in text[:2000]).split())[:_SAID_MAX]
