"""What each outcome kind means: on whose side it is, what the seller reads, what an operator is told (rules §5.7).

The one table every provider, store, writer and shop adapter is translated into. Whether a kind is tried again is decided
in `retry`; what it costs is decided in `chain`; here are only words and sides.
"""

from __future__ import annotations

from dataclasses import dataclass

from elistit.ports import OVER_LIMIT, TRIAL, Failure, Kind

MADE = "made"
STOPPED = "stopped"
"""A try whose project was deleted, or whose item was settled, while it ran. Costs nothing and is not a failure."""
CRASHED = "crashed"
"""A step that took its worker down three times (rules §6)."""
NOT_KEPT = "not_kept"
"""Made and paid for over there, and lost on our side (rules §5.7)."""

POISON_CRASHES = 3


@dataclass(frozen=True)
class Meaning:
    """`side` completes “This happened on …”; `again` tells the seller what they can do now."""

    side: str
    what: str
    again: tuple[str, ...]
    pauses_provider: bool = False


MEANINGS: dict[str, Meaning] = {
    Kind.TRANSIENT: Meaning(
        "the side of a service we depend on", "A service we depend on did not answer properly",
        ("Launch again with the same settings", "Choose another model"),
    ),
    Kind.THROTTLED: Meaning(
        "the side of a service we depend on", "A service we depend on was too busy to take our work",
        ("Launch again later with the same settings", "Choose another model"),
    ),
    Kind.BLOCKED_PROMPT: Meaning(
        "the side of the provider’s content rules", "The provider’s content rules refused the words of the prompt",
        ("Edit the prompt", "Choose another model"),
    ),
    Kind.BLOCKED_OUTPUT: Meaning(
        "the side of the provider’s content rules", "The provider’s content rules refused the picture it had made",
        ("Edit the prompt", "Launch again with the same settings", "Choose another model"),
    ),
    Kind.REJECTED: Meaning(
        "our side", "The request could not be accepted as it was",
        ("Edit the prompt or the options", "Get help"),
    ),
    Kind.OPERATOR: Meaning(
        "the side of whoever runs this studio", "The studio’s account with this service needs attention; the operator has been told",
        ("Choose another model", "Launch again later with the same settings"), pauses_provider=True,
    ),
    Kind.UNKNOWN: Meaning(
        "the side of a service we depend on", "A service took our request and never told us what became of it",
        ("Launch again with the same settings", "Get help"),
    ),
    CRASHED: Meaning(
        "our side", "This step stopped our worker three times, so we ended it rather than let it loop",
        ("Edit the idea or the prompt", "Get help"),
    ),
    OVER_LIMIT: Meaning(
        "our side", "A step needed more time or memory than this studio gives one",
        ("Edit the idea or the images", "Get help"),
    ),
    TRIAL: Meaning(
        "our side", "The finished files failed the check in which we open everything as a buyer would",
        ("Launch again with the same settings", "Get help"),
    ),
    NOT_KEPT: Meaning(
        "our side", "The image was made, and we could not keep it",
        ("Launch again with the same settings", "Get help"),
    ),
}  # fmt: skip


def meaning(kind: str) -> Meaning:
    """The meaning of a kind. Raises KeyError for a word that is not a failure kind."""
    return MEANINGS[kind]


def crashed() -> Failure:
    """The failure a step ends with when it has taken its worker down too often. Its kind is stored as `CRASHED`."""
    return Failure(Kind.REJECTED, MEANINGS[CRASHED].what + ".", detail=CRASHED)


def not_kept(why: str, cost_micros: int, provider_id: str = "") -> Failure:
    """The failure a purchase ends with that was made, paid for and lost on our side: never tried again, because that would buy
    it a second time. Its kind is stored as `NOT_KEPT`."""
    why = why.removeprefix(f"{NOT_KEPT}: ")
    return Failure(
        Kind.REJECTED, "The image was made, and something on our side kept us from storing it.",
        detail=f"{NOT_KEPT}: {why}"[:500], provider_id=provider_id, cost_micros=cost_micros, ours=True,
    )  # fmt: skip


def stored_kind(failure: Failure) -> str:
    """The word a failure is stored under."""
    if failure.ours and failure.detail.startswith(f"{NOT_KEPT}: "):
        return NOT_KEPT
    if failure.detail.startswith(f"{TRIAL}: "):
        return TRIAL
    return failure.detail if failure.detail in (CRASHED, OVER_LIMIT) else failure.kind.value


def try_words(outcome: str, reason: str, stage_words: str, number: int, max_tries: int) -> str:
    """One line of the worker log, in plain words."""
    if outcome == MADE:
        return f"{stage_words}: done" + (f" on try {number}" if number > 1 else "")
    if outcome == STOPPED:
        return f"{stage_words}: stopped, because there was nothing left to do"
    if not outcome:
        return f"{stage_words}: working" + (f", try {number} of {max_tries}" if number > 1 else "")
    # How many tries there are is said only of what is tried again: a prompt that is refused has no second one.
    of = f" of {max_tries}" if outcome in (Kind.TRANSIENT, Kind.THROTTLED, CRASHED, TRIAL) else ""
    return f"{stage_words}: try {number}{of} did not work. {reason}"
