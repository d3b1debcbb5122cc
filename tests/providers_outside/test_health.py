"""The breaker opens, rests, tries once and closes; it keeps nobody from asking about what was bought."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from elistit import ports
from elistit.chain import retry
from elistit.ports import Failure, FixedClock, Kind, Made, Outcome
from elistit.providers.base import ImageRequest, ModelInfo, Run
from elistit.providers.health import FAULTS, PAUSE_MOST, PAUSE_SECONDS, TRIP_AFTER, Guarded, Health
from tests.providers_outside.asking import asked_for, run

START = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
DOWN = Failure(Kind.TRANSIENT, "It is down.")


def at(seconds: float) -> dt.datetime:
    return START + dt.timedelta(seconds=seconds)


def tripped() -> Health:
    health = Health()
    for _ in range(TRIP_AFTER):
        assert health.wait(START) == 0
        health.record(DOWN, START)
    return health


def test_it_opens_after_so_many_faults_in_a_row_and_not_before() -> None:
    health = Health()
    for _ in range(TRIP_AFTER - 1):
        health.record(DOWN, START)
    assert health.state(START) == "closed"
    health.record(Made(), START)
    for _ in range(TRIP_AFTER - 1):
        health.record(DOWN, START)
    assert health.wait(START) == 0
    health.record(Failure(Kind.UNKNOWN, "No answer."), START)
    assert (health.state(START), health.wait(START)) == ("open", PAUSE_SECONDS)


@pytest.mark.parametrize("kind", [k for k in Kind if k not in FAULTS])
def test_an_answer_that_shows_the_service_is_there_never_opens_it(kind: Kind) -> None:
    health = Health()
    for _ in range(TRIP_AFTER * 3):
        health.record(Failure(kind, "No."), START)
    assert health.state(START) == "closed"


def test_after_the_pause_one_call_goes_and_the_others_wait() -> None:
    health = tripped()
    later = at(PAUSE_SECONDS)
    assert health.state(later) == "half-open"
    assert health.wait(later) == 0
    assert 0 < health.wait(later) <= retry.FREE_WAIT_MAX
    health.record(Made(), later)
    assert (health.state(later), health.wait(later)) == ("closed", 0)


def test_a_trial_that_fails_doubles_the_pause_up_to_what_costs_no_try() -> None:
    health, now, pauses = tripped(), PAUSE_SECONDS, []
    for _ in range(4):
        assert health.wait(at(now)) == 0
        health.record(DOWN, at(now))
        pauses.append(health.wait(at(now)))
        now += pauses[-1]
    assert pauses == [40, 60, 60, 60]
    assert max(pauses) == PAUSE_MOST == retry.FREE_WAIT_MAX
    assert health.wait(at(now)) == 0
    health.record(Made(), at(now))
    for _ in range(TRIP_AFTER):
        health.record(DOWN, at(now))
    assert health.wait(at(now)) == PAUSE_SECONDS, "after a recovery it begins small again"


def test_a_trial_that_was_never_answered_does_not_block_for_ever() -> None:
    health = tripped()
    assert health.wait(at(PAUSE_SECONDS)) == 0
    assert health.wait(at(PAUSE_SECONDS + 1)) > 0
    assert health.wait(at(PAUSE_SECONDS + 60)) == 0


def test_a_trial_that_was_slowed_down_lets_the_next_one_try() -> None:
    health = tripped()
    assert health.wait(at(PAUSE_SECONDS)) == 0
    health.record(Failure(Kind.THROTTLED, "Slow."), at(PAUSE_SECONDS))
    assert health.wait(at(PAUSE_SECONDS)) == 0


def test_calls_that_left_before_it_opened_do_not_prolong_the_pause() -> None:
    health = tripped()
    health.record(DOWN, at(PAUSE_SECONDS - 1))
    assert health.wait(at(PAUSE_SECONDS)) == 0


class Scripted:
    name, can_redraw = "x", False

    def __init__(self) -> None:
        self.calls = self.looked = 0
        self.outcome: Outcome = DOWN

    def models(self) -> list[ModelInfo]:
        return []

    def generate(self, request: ImageRequest, run: Run, sent: Callable[[str], None]) -> Outcome:
        self.calls += 1
        return self.outcome

    def look_up(self, request: ImageRequest, provider_id: str, run: Run) -> Outcome | None:
        self.looked += 1
        return Made()

    def redraw(self, request: ImageRequest, run: Run) -> Outcome:
        return DOWN


def test_while_it_rests_nothing_is_sent_and_no_try_is_used_up(tmp_path: Path) -> None:
    clock = FixedClock(START)
    with ports.use_clock(clock):
        inner, request = Scripted(), asked_for(tmp_path, "x/m")
        guarded = Guarded(inner, "Example")
        for _ in range(TRIP_AFTER):
            assert guarded.generate(request, run, lambda _: None) == DOWN
        rested = guarded.generate(request, run, lambda _: None)
        assert isinstance(rested, Failure)
        assert (rested.kind, rested.retry_after, inner.calls) == (Kind.THROTTLED, PAUSE_SECONDS, TRIP_AFTER)
        again = retry.decide(rested, 1, 0)
        assert again == retry.Again(PAUSE_SECONDS, counted=False)
        assert isinstance(guarded.look_up(request, "id", run), Made), "a look-up is never kept from being made"
        clock.advance(PAUSE_SECONDS)
        inner.outcome = Made()
        assert isinstance(guarded.generate(request, run, lambda _: None), Made)
        assert guarded.health.state(clock.now()) == "closed"
