"""Spans: their ids, names and attributes. Pure; reads no table and loads no library.

One trace per launch. Every id is a digest of what it stands for (project, job, attempt, provider call), so whichever process
sends a span, it is in the same trace, below the same parent, and a span that is sent twice has the same id. A span must
never carry a word of a seller's or of a provider's: no idea, prompt, title, reason, message, name or address.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from typing import TypeAlias

Value: TypeAlias = str | int | float | bool


@dataclass(frozen=True)
class Event:
    """Something that happened at one moment of a span."""

    name: str
    at: dt.datetime
    attributes: dict[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Span:
    """One span. `trace` and ids are numbers of 128 and 64 bits; `parent` is 0 for the first span of a trace. `error` is the kind
    of failure, empty for none. `outgoing`: a request to a service."""

    trace: int
    id: int
    parent: int
    name: str
    start: dt.datetime
    end: dt.datetime
    attributes: dict[str, Value] = field(default_factory=dict)
    error: str = ""
    outgoing: bool = False
    events: tuple[Event, ...] = ()


def trace_of(project: str) -> int:
    """The trace of a launch, by its project's public id."""
    return _digest("trace", project, 16)


def launch_span(project: str) -> int:
    """The id of the first span of a launch."""
    return _digest("launch", project, 8)


def job_span(job: str) -> int:
    """The id of a job's span."""
    return _digest("job", job, 8)


def attempt_span(attempt: str) -> int:
    """The id of an attempt's span, by its key (`AttemptKey.id`)."""
    return _digest("attempt", attempt, 8)


def call_span(call: str, attempt: str) -> int:
    """The id of a provider call's span within an attempt: the one that sent it, or a later one that looked it up."""
    return _digest("call", f"{call} in {attempt}", 8)


def _digest(kind: str, of: str, size: int) -> int:
    # All zeros is no id in OpenTelemetry; the chance of it is less than that of losing the machine.
    return int.from_bytes(hashlib.sha256(f"elistit {kind} {of}".encode()).digest()[:size]) or 1
