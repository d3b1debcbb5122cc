"""The meaning of each failure kind: its cause, what the seller reads and what they can do (rules §5.7, §5.9).

The one table into which failures of every provider, file storage, language model and shop are translated. It contains
only texts: `retry` decides whether a kind is retried, `settle` what it costs.
"""

from __future__ import annotations

from dataclasses import dataclass

from elistit.ports import OVER_LIMIT, TRIAL, Failure, Kind

MADE = "made"
STOPPED = "stopped"
"""The project was deleted, or the item settled, during the attempt. Costs nothing and isn't a failure."""
CRASHED = "crashed"
"""A step that crashed its worker three times (rules §6)."""
NOT_KEPT = "not_kept"
"""Made and paid for at the provider, and lost on our side (rules §5.7)."""

POISON_CRASHES = 3


A_SERVICE = "a service we use"
"""Used in a cause when the service's name isn't known."""


@dataclass(frozen=True)
class Meaning:
    """`fault` completes “Cause: …”, with the service's name for `{}`; `again` says what the seller can do now."""

    fault: str
    what: str
    again: tuple[str, ...]
    pauses_provider: bool = False

    def cause(self, service: str = A_SERVICE) -> str:
        """The cause of a failure at `service` (rules §5.9), as the end of a sentence that begins with “Cause: ”."""
        return f"{self.fault.format(service)}."


MEANINGS: dict[str, Meaning] = {
    Kind.TRANSIENT: Meaning(
        "{} had a problem", "A service we use sent an invalid answer",
        ("Launch again with the same settings", "Choose another model"),
    ),
    Kind.THROTTLED: Meaning(
        "{} was too busy", "A service we use was too busy",
        ("Launch again later with the same settings", "Choose another model"),
    ),
    Kind.BLOCKED_PROMPT: Meaning(
        "the prompt was rejected by the content filter of {}", "The provider’s content filter rejected the prompt",
        ("Edit the prompt", "Choose another model"),
    ),
    Kind.BLOCKED_OUTPUT: Meaning(
        "the image was rejected by the content filter of {}", "The provider’s content filter rejected the image it had made",
        ("Edit the prompt", "Launch again with the same settings", "Choose another model"),
    ),
    Kind.REJECTED: Meaning(
        "a bug on our side", "The request was invalid",
        ("Edit the prompt or the options", "Get help"),
    ),
    Kind.OPERATOR: Meaning(
        "this studio’s account with {} needs attention", "The studio’s account with this service needs attention. The operator has been notified",
        ("Choose another model", "Launch again later with the same settings"), pauses_provider=True,
    ),
    Kind.UNKNOWN: Meaning(
        "{} never answered our request", "A service accepted our request and never answered",
        ("Launch again with the same settings", "Get help"),
    ),
    CRASHED: Meaning(
        "a bug on our side", "This step crashed our worker three times, so we stopped it",
        ("Edit the idea or the prompt", "Get help"),
    ),
    OVER_LIMIT: Meaning(
        "a limit on our side", "A step needed more time or memory than this studio allows",
        ("Edit the idea or the images", "Get help"),
    ),
    TRIAL: Meaning(
        "a bug on our side", "The finished files failed our check, in which we open everything as a buyer would",
        ("Launch again with the same settings", "Get help"),
    ),
    NOT_KEPT: Meaning(
        "a problem on our side", "The image was made, but we couldn’t store it",
        ("Launch again with the same settings", "Get help"),
    ),
}  # fmt: skip


def meaning(kind: str) -> Meaning:
    """The meaning of a failure kind. Raises KeyError for any other word."""
    return MEANINGS[kind]


def crashed() -> Failure:
    """The failure of a step that has crashed its worker too often. Its kind is stored as `CRASHED`."""
    return Failure(Kind.REJECTED, MEANINGS[CRASHED].what + ".", detail=CRASHED)


def not_kept(why: str, cost_micros: int, provider_id: str = "") -> Failure:
    """The failure of a purchase that was made, paid for and lost on our side. It is never retried, because that would
    buy it a second time. Its kind is stored as `NOT_KEPT`. `cost_micros` is in millionths of a dollar."""
    why = why.removeprefix(f"{NOT_KEPT}: ")
    return Failure(
        Kind.REJECTED, "The image was made, but a problem on our side kept us from storing it.",
        detail=f"{NOT_KEPT}: {why}"[:500], provider_id=provider_id, cost_micros=cost_micros, ours=True,
    )  # fmt: skip


def stored_kind(failure: Failure) -> str:
    """The kind under which a failure is stored."""
    if failure.ours and failure.detail.startswith(f"{NOT_KEPT}: "):
        return NOT_KEPT
    if failure.detail.startswith(f"{TRIAL}: "):
        return TRIAL
    return failure.detail if failure.detail in (CRASHED, OVER_LIMIT) else failure.kind.value


def attempt_words(outcome: str, reason: str, stage_words: str, number: int, max_attempts: int) -> str:
    """One line of the activity, in plain English."""
    if outcome == MADE:
        return f"{stage_words}: done" + (f" on attempt {number}" if number > 1 else "")
    if outcome == STOPPED:
        return f"{stage_words}: stopped, because the work was no longer needed"
    if not outcome:
        return f"{stage_words}: working" + (f", attempt {number} of {max_attempts}" if number > 1 else "")
    # The number of attempts is shown only for kinds that are retried: a rejected prompt gets no second attempt.
    of = f" of {max_attempts}" if outcome in (Kind.TRANSIENT, Kind.THROTTLED, CRASHED, TRIAL) else ""
    return f"{stage_words}: attempt {number}{of} failed. {reason}"
