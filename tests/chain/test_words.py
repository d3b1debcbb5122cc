"""The words of a try and of giving up, each said once and exactly: they stand in the worker log a seller reads (rules §5.9)."""

from __future__ import annotations

import pytest

from elistit.chain import outcomes, retry
from elistit.chain.retry import Again, GiveUp
from elistit.ports import Failure, Kind


@pytest.mark.parametrize(
    ("outcome", "number", "words"),
    [
        (outcomes.MADE, 1, "Painting: done"),
        (outcomes.MADE, 2, "Painting: done on attempt 2"),
        (outcomes.STOPPED, 3, "Painting: stopped, because the work was no longer needed"),
        ("", 1, "Painting: working"),
        ("", 2, "Painting: working, attempt 2 of 4"),
        ("transient", 3, "Painting: attempt 3 of 4 failed. It was busy."),
        ("blocked_prompt", 1, "Painting: attempt 1 failed. It was busy."),
        (outcomes.CRASHED, 1, "Painting: attempt 1 of 4 failed. It was busy."),
    ],
)
def test_a_line_of_the_worker_log(outcome: str, number: int, words: str) -> None:
    assert outcomes.attempt_words(outcome, "It was busy.", "Painting", number, 4) == words


def test_a_crash_is_stored_as_a_crash_and_anything_else_as_its_kind() -> None:
    crashed = outcomes.crashed()
    assert (crashed.kind, crashed.detail) == (Kind.REJECTED, "crashed")
    assert crashed.reason == "This step crashed our worker three times, so we stopped it."
    assert outcomes.stored_kind(crashed) == "crashed"
    assert outcomes.stored_kind(Failure(Kind.TRANSIENT, "r", detail="trial: zip.crc of a.zip")) == "trial"
    for kind in Kind:
        assert outcomes.stored_kind(Failure(kind, "r", detail="d")) == kind.value


def test_only_what_the_operator_must_mend_pauses_a_provider() -> None:
    assert [kind for kind in [*Kind, outcomes.CRASHED] if outcomes.meaning(kind).pauses_provider] == [Kind.OPERATOR]
    with pytest.raises(KeyError):
        outcomes.meaning("bad luck")


@pytest.mark.parametrize(
    ("failure", "number", "blocked", "why"),
    [
        (Failure(Kind.REJECTED, "r"), 1, 0, "a request that was refused as invalid would be refused again"),
        (Failure(Kind.OPERATOR, "r"), 1, 0, "only the operator can fix this"),
        (Failure(Kind.BLOCKED_PROMPT, "r"), 1, 0, "the content filter rejected the prompt"),
        (Failure(Kind.BLOCKED_OUTPUT, "r"), 2, 1, "the content filter rejected the image twice"),
        (Failure(Kind.BLOCKED_OUTPUT, "r"), 2, 2, "the content filter rejected the image twice"),
        (Failure(Kind.BLOCKED_OUTPUT, "r"), 4, 0, "all 4 attempts are spent"),
        (Failure(Kind.TRANSIENT, "r"), 4, 0, "all 4 attempts are spent"),
        (Failure(Kind.THROTTLED, "r", retry_after=3601), 1, 0, "the provider asked for a pause of more than an hour"),
        (Failure(Kind.TRANSIENT, "r", retry_after=3601), 1, 0, "the provider asked for a pause of more than an hour"),
    ],
)  # fmt: skip
def test_giving_up_says_why(failure: Failure, number: int, blocked: int, why: str) -> None:
    assert retry.decide(failure, number, 0, blocked) == GiveUp(why)


def test_a_passing_failure_waits_as_long_as_it_was_asked_and_no_shorter_than_the_ladder() -> None:
    def after(seconds: float | None, number: int = 1) -> retry.Decision:
        return retry.decide(Failure(Kind.TRANSIENT, "r", retry_after=seconds), number, 0)

    assert [after(None), after(5), after(11), after(3600)] == [Again(s, True) for s in (10, 10, 11, 3600)]
    assert after(45, 2) == Again(45, True)
    assert after(-1) == Again(10, True)


def test_a_picture_refused_for_the_first_time_waits_its_rung_whatever_was_asked() -> None:
    again = retry.decide(Failure(Kind.BLOCKED_OUTPUT, "r", retry_after=99), 3, 0, 0)
    assert again == Again(60, True)
    assert retry.decide(Failure(Kind.BLOCKED_OUTPUT, "r"), 1, 0) == Again(10, True), (
        "not refused before unless it is said"
    )


def test_a_pause_that_was_over_before_it_was_asked_is_none() -> None:
    assert retry.decide(Failure(Kind.THROTTLED, "r", retry_after=-3), 1, 0) == Again(0, counted=False)


@pytest.mark.parametrize("number", [0, 5])
def test_a_try_that_cannot_be_is_named(number: int) -> None:
    with pytest.raises(ValueError, match=f"^an attempt is numbered 1 to 4, not {number}$"):
        retry.decide(Failure(Kind.TRANSIENT, "r"), number, 0)
