"""While a provider's breaker is open nothing is sent: no call is written down, no attempt is used up, and the end says so
(rules §5.7)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from elistit.chain import retry
from elistit.chain.attempt_key import AttemptKey
from elistit.chain.models import Attempt, ProviderCall
from elistit.ports import NOT_SENT, Failure, FixedClock, Kind, Made, Outcome
from elistit.providers.base import ImageRequest, ModelInfo, Run
from elistit.providers.health import Guarded
from elistit.purchases import calls

from .conftest import World

DOWN = Failure(Kind.THROTTLED, "Example was unavailable, so nothing was sent.", NOT_SENT, retry_after=20.0)


class Down:
    """A provider that is down."""

    name, can_redraw = "example", False

    def __init__(self) -> None:
        self.sent = 0
        self.up = False

    def models(self) -> list[ModelInfo]:
        return []

    def generate(self, request: ImageRequest, run: Run, sent: Callable[[str], None]) -> Outcome:
        self.sent += 1
        return Made({"art": {}}) if self.up else Failure(Kind.TRANSIENT, "503")

    def look_up(self, request: ImageRequest, provider_id: str, run: Run) -> Outcome | None:
        return None

    def redraw(self, request: ImageRequest, run: Run) -> Outcome:
        raise AssertionError


def test_an_item_that_was_never_sent_does_not_fail_after_four_attempts(world: World) -> None:
    for item in range(1, 16):
        world.script["generating", item] = [DOWN] * 50
    project = world.to_gate()
    assert project.stage == "failed"
    for item in range(1, 16):
        tries = Attempt.objects.filter(job__project=project, stage="generating", item=item, note=False)
        assert {t.number for t in tries} == {1}, "no attempt was used up"
        assert not any(t.counted for t in tries)
        assert tries.count() == retry.FREE_WAITS + 1
    job = world.job(project)
    assert "Example was unavailable, so nothing was sent." in job.failure_reason
    assert [(kind, amount) for kind, amount, _ in world.rows()][-1][0] == "REFUND_CREDIT"
    assert world.balance() == 100
    assert not ProviderCall.objects.exists()


def test_it_goes_on_when_the_provider_comes_back(world: World) -> None:
    world.script["generating", 3] = [DOWN] * retry.FREE_WAITS
    assert world.to_end().stage == "completed"


def test_a_call_that_is_held_back_is_not_written_down(world: World, clock: FixedClock, tmp_path: Path) -> None:
    project = world.launch()
    job, inner = world.job(project), Down()
    guarded = Guarded(inner, "Example")
    request = ImageRequest(
        key="k", model="example/one", prompt="p", negative="", width=64, height=64, seed=1, transparent=False,
        out=tmp_path / "a.png", art={},
    )  # fmt: skip

    def ask(number: int) -> Outcome:
        this = AttemptKey(job.pk, "generating", 1, 0, number, 0)
        return calls.buy_once(guarded, request, this, job, lambda *a, **k: None, lambda made: made)

    for number in range(1, 6):
        assert ask(number).kind == Kind.TRANSIENT  # type: ignore[union-attr]
    sent = ProviderCall.objects.count()
    assert sent == inner.sent == 5
    held = ask(6)
    assert isinstance(held, Failure)
    assert (held.kind, held.detail) == (Kind.THROTTLED, NOT_SENT)
    assert held.reason == "Example was unavailable, so nothing was sent."
    assert (ProviderCall.objects.count(), inner.sent) == (5, 5)
    clock.advance(21)
    inner.up = True
    assert isinstance(ask(6), Made)
    assert (ProviderCall.objects.count(), inner.sent) == (6, 6)


@pytest.mark.parametrize("waits", range(retry.FREE_WAITS + 1))
def test_the_bound_on_waiting(waits: int) -> None:
    decision = retry.decide(DOWN, 2, waits)
    if waits < retry.FREE_WAITS:
        assert decision == retry.Again(20.0, counted=False)
    else:
        assert isinstance(decision, retry.GiveUp)
