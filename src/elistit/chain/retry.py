"""Retry rules: whether and when a failed attempt is retried (rules §5.1, §5.7).

Pure: it takes a failure and the history of the attempt, and returns `Again` with a delay or `GiveUp`. It must never
touch a database, a clock or a queue, and no other module may decide to retry.
"""

from __future__ import annotations

from dataclasses import dataclass

from elistit.ports import NOT_SENT, OVER_LIMIT, Failure, Kind

LADDER = (10, 30, 60)
"""Seconds before the second, third and fourth attempt."""

MAX_ATTEMPTS = len(LADDER) + 1
FREE_WAIT_MAX = 60
"""A pause that the other side asks for, up to this many seconds, uses up no attempt."""

FREE_WAITS = 5
LONGEST_WAIT = 3600
"""If the other side asks for a longer pause than this many seconds, the work is given up and refunded."""


@dataclass(frozen=True)
class Again:
    """Retry after `delay` seconds. `counted`: whether the attempt that just failed was one of the four."""

    delay: float
    counted: bool


@dataclass(frozen=True)
class GiveUp:
    """Never retried automatically. `why` is added to the failure's own reason in the log."""

    why: str


Decision = Again | GiveUp


def decide(failure: Failure, number: int, waits: int, blocked_before: int = 0, over_limit_before: int = 0) -> Decision:
    """Decide what follows a failed attempt.

    `number` is the attempt that failed (1 to 4), `waits` how many uncounted pauses it has had, `blocked_before` how
    often the content filter refused this item's output before, and `over_limit_before` how often this step hit our own
    time or memory limit before: the second time it is refused (rules §5.8). Raises ValueError for an attempt number
    outside 1–4.
    """
    if not 1 <= number <= MAX_ATTEMPTS:
        raise ValueError(f"an attempt is numbered 1 to {MAX_ATTEMPTS}, not {number}")
    if failure.detail == OVER_LIMIT and over_limit_before >= 1:
        return GiveUp("a step that ran into our own limit twice would do so again")
    match failure.kind:
        case Kind.REJECTED:
            return GiveUp("a request that was refused as invalid would be refused again")
        case Kind.OPERATOR:
            return GiveUp("only the operator can fix this")
        case Kind.BLOCKED_PROMPT:
            return GiveUp("the content filter rejected the prompt")
        case Kind.BLOCKED_OUTPUT:
            if blocked_before >= 1:
                return GiveUp("the content filter rejected the image twice")
            return _next(number, None)
        case Kind.THROTTLED:
            asked = failure.retry_after
            if asked is not None and asked <= FREE_WAIT_MAX and waits < FREE_WAITS:
                return Again(max(asked, 0.0), counted=False)
            if failure.detail == NOT_SENT:
                # A request that was never sent used up nothing, so it must not use up the four attempts either.
                return GiveUp("the provider stayed unavailable and nothing was sent")
            return _next(number, asked)
        case _:  # transient and unknown: a retry may succeed
            return _next(number, failure.retry_after)


def _next(number: int, asked: float | None) -> Decision:
    if number >= MAX_ATTEMPTS:
        return GiveUp(f"all {MAX_ATTEMPTS} attempts are spent")
    if asked is not None and asked > LONGEST_WAIT:
        return GiveUp("the provider asked for a pause of more than an hour")
    return Again(max(float(LADDER[number - 1]), asked or 0.0), counted=True)
