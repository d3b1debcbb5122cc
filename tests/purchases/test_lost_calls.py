"""After a restore, what a job may have bought since the backup is looked up before anything is bought (rules §5.7, §6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from elistit import ports
from elistit.chain.attempt_key import AttemptKey
from elistit.chain.models import ProviderCall, Restore, RestoredRound
from elistit.ports import Failure, Kind, Made, Outcome
from elistit.projects.models import Item, ItemRound, Job
from elistit.providers.base import ImageRequest, ModelInfo, Run, lost_since, since_mark
from elistit.purchases import calls
from tests.conformance.conftest import World, clock, world

__all__ = ["clock", "world"]
DAY = dt.timedelta(days=1)


class Memory:
    """A provider that remembers what it sold by our key, whatever our database knows."""

    name, can_redraw = "builtin", False

    def __init__(self, *sold: str, mute: bool = False) -> None:
        self.sold, self.mute = list(sold), mute
        self.looked_up: list[str] = []

    def models(self) -> list[ModelInfo]:
        return []

    def generate(self, request: ImageRequest, run: Run, sent: Callable[[str], None]) -> Outcome:
        self.sold.append(request.key)
        return Made({"art": {"key": request.key}})

    def look_up(self, request: ImageRequest, provider_id: str, run: Run) -> Outcome | None:
        self.looked_up.append(request.key)
        assert lost_since(provider_id) is not None
        if self.mute:
            return Failure(Kind.UNKNOWN, "It cannot be asked.")
        return Made({"art": {"key": request.key}}) if request.key in self.sold else None

    def redraw(self, request: ImageRequest, run: Run) -> Outcome:
        raise AssertionError("not here")


@pytest.fixture
def job(world: World) -> Job:
    return world.job(world.launch())


def restored(job: Job, **rounds: int) -> None:
    """The database was restored just now from yesterday's backup, with an item in a round."""
    Restore.objects.create(backup="b", taken_at=ports.now() - DAY, restored_at=ports.now())
    for item, round_ in rounds.items():
        RestoredRound.objects.create(job=job.pk, item=int(item[1:]), round=round_)


def buy(provider: Memory, job: Job, number: int = 1, round_: int = 0, action: str = "") -> Outcome:
    this = AttemptKey(job.pk, "generating", 1, round_, number, 0)
    request = ImageRequest(calls.call_key(this, action), "builtin/x", "p", "", 1, 1, 1, True, Path("/nowhere"))
    return calls.buy_once(provider, request, this, job, lambda *a, **k: None, lambda made: made, action=action)


def test_a_mark_says_since_when_and_nothing_else_is_one() -> None:
    moment = dt.datetime(2026, 11, 26, 3, 15, 0, tzinfo=dt.UTC)
    assert lost_since(since_mark(moment)) == moment
    assert lost_since("") is None and lost_since("seed:12") is None and lost_since("abc123") is None


@pytest.mark.parametrize("attempt", ["1.0", "1.3", "2.0", "4.5"])
def test_what_was_bought_since_the_backup_is_used_whichever_attempt_bought_it(job: Job, attempt: str) -> None:
    restored(job)
    key = f"{job.pk}:1:0:{attempt}"
    provider = Memory(key)
    outcome = buy(provider, job)
    assert isinstance(outcome, Made) and outcome.data["art"] == {"key": key}
    assert provider.sold == [key]
    assert isinstance(buy(provider, job, 2), Made) and provider.sold == [key], "nor later"


def test_what_was_not_bought_since_is_bought_once(job: Job) -> None:
    restored(job)
    provider = Memory()
    assert isinstance(buy(provider, job), Made)
    assert provider.sold == [f"{job.pk}:1:0:1.0"]
    assert len(set(provider.looked_up)) == len(provider.looked_up) == 24, "four attempts, and five pauses of each"
    assert isinstance(buy(provider, job), Made) and len(provider.sold) == 1


def test_a_provider_that_cannot_tell_sells_nothing(job: Job) -> None:
    restored(job)
    provider = Memory(mute=True)
    for number in (1, 2, 3, 4):
        outcome = buy(provider, job, number)
        assert isinstance(outcome, Failure) and outcome.kind == Kind.UNKNOWN
    assert provider.sold == []


def test_a_call_the_backup_knows_is_not_asked_for_again(job: Job) -> None:
    provider = Memory()
    buy(provider, job)
    restored(job)
    assert isinstance(buy(provider, job), Made)
    assert (len(provider.sold), provider.looked_up) == (1, [])


def test_without_a_restore_nothing_is_looked_up(job: Job) -> None:
    provider = Memory()
    assert isinstance(buy(provider, job), Made)
    assert provider.looked_up == []


def test_a_project_launched_since_the_restore_is_bought_at_once(
    world: World, job: Job, clock: ports.FixedClock
) -> None:
    restored(job)
    clock.advance(60)
    later = world.job(world.launch(key="later"))
    provider = Memory()
    assert isinstance(buy(provider, later), Made)
    assert provider.looked_up == []


def test_a_remake_ordered_since_is_a_purchase_of_its_own(world: World, job: Job) -> None:
    restored(job, i1=0)
    provider = Memory(f"{job.pk}:1:1:1.0")
    assert isinstance(buy(provider, job, round_=1), Made)
    assert provider.looked_up == [] and len(provider.sold) == 2


def test_a_model_that_steps_in_for_an_order_from_before_is_asked_first(job: Job) -> None:
    restored(job, i1=0)
    item = Item.objects.filter(job=job, number=1).first() or Item.objects.create(job=job, number=1)
    ItemRound.objects.get_or_create(item=item, number=0, defaults={"order": 0})
    ItemRound.objects.create(item=item, number=1, order=0, why=ItemRound.Why.STEP_IN)
    key = f"{job.pk}:1:1:1.0"
    provider = Memory(key)
    assert isinstance(buy(provider, job, round_=1), Made)
    assert provider.sold == [key]


def test_the_work_of_a_tool_is_looked_up_like_an_image(job: Job) -> None:
    restored(job)
    key = f"enlarge:{job.pk}:1:0:1.0"
    provider = Memory(key)
    assert isinstance(buy(provider, job, action="enlarge"), Made)
    assert provider.sold == [key]


def test_a_second_restore_counts_from_the_older_backup(job: Job, clock: ports.FixedClock) -> None:
    restored(job)
    Restore.objects.create(backup="c", taken_at=ports.now() - 3 * DAY, restored_at=ports.now())
    buy(Memory(mute=True), job)
    assert {c.provider_id for c in ProviderCall.objects.all()} == {since_mark(ports.now() - 3 * DAY)}
