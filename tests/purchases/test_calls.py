"""Calls that cost money are made at most once: written down first, looked up when in doubt (rules §5.7, §6)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from elistit.chain import attempt_key
from elistit.chain.attempt_key import AttemptKey
from elistit.chain.models import Attempt, ProviderCall
from elistit.delivery.store import StoreFailure
from elistit.ports import Failure, Kind, Made, Outcome
from elistit.projects.models import Job
from elistit.providers.base import ImageRequest, ModelInfo, Run
from elistit.purchases import calls
from tests.conformance.conftest import World, clock, world

__all__ = ["clock", "world"]
UNKNOWN = Failure(Kind.UNKNOWN, "It never answered.")


class Died(BaseException):
    """The worker, in the middle of a call."""


class Provider:
    """A provider that remembers what it was asked to make."""

    name, can_redraw = "builtin", False

    def __init__(self, *answers: Outcome | type[Died], remembers: Outcome | None = None) -> None:
        self.answers = list(answers)
        self.remembers = remembers
        self.bought: list[str] = []
        self.asked: list[str] = []

    def models(self) -> list[ModelInfo]:
        return []

    def generate(self, request: ImageRequest, run: Run, sent: Callable[[str], None]) -> Outcome:
        assert ProviderCall.objects.get(pk=request.key).state == "sent", "the call is written down before it leaves"
        self.bought.append(request.key)
        sent(f"theirs-{len(self.bought)}")
        answer = self.answers.pop(0) if self.answers else Made({"art": {}})
        if isinstance(answer, type):
            raise answer
        return answer

    def look_up(self, request: ImageRequest, provider_id: str, run: Run) -> Outcome | None:
        self.asked.append(provider_id)
        return self.remembers

    def redraw(self, request: ImageRequest, run: Run) -> Outcome:
        raise AssertionError("not here")


@pytest.fixture
def job(world: World) -> Job:
    return world.job(world.launch())


def make(provider: Provider, job: Job, number: int = 1, accept: Callable[[Made], Outcome] = lambda m: m) -> Outcome:
    this = AttemptKey(job.pk, "generating", 1, 0, number, 0)
    request = ImageRequest(calls.call_key(this), "builtin/x", "p", "", 1, 1, 1, True, Path("/nowhere"))
    return calls.buy_once(provider, request, this, job, lambda *a, **k: None, accept)


def test_a_call_is_written_before_it_leaves_and_answered_after(job: Job) -> None:
    provider = Provider()
    assert isinstance(make(provider, job), Made)
    call = ProviderCall.objects.get()
    assert (call.state, call.outcome, call.provider_id, call.requests) == ("answered", "made", "theirs-1", 1)


def test_a_picture_that_was_bought_is_used_again_after_a_crash(job: Job) -> None:
    provider = Provider()
    make(provider, job)
    make(provider, job)
    make(provider, job, number=2)
    assert len(provider.bought) == 1


def test_a_worker_that_dies_in_a_call_asks_before_it_sends_again(job: Job) -> None:
    provider = Provider(Died, remembers=Made({"art": {"found": True}}))
    with pytest.raises(Died):
        make(provider, job)
    outcome = make(provider, job)
    assert isinstance(outcome, Made)
    assert outcome.data["art"] == {"found": True}
    assert (len(provider.bought), provider.asked) == (1, ["theirs-1"])


def test_what_the_provider_never_received_is_sent_again(job: Job) -> None:
    provider = Provider(Died, remembers=None)
    with pytest.raises(Died):
        make(provider, job)
    assert isinstance(make(provider, job), Made)
    assert len(provider.bought) == 2
    assert ProviderCall.objects.get().requests == 2


def test_an_unknown_answer_is_looked_up_at_once(job: Job) -> None:
    provider = Provider(UNKNOWN, remembers=Made({"art": {}}))
    assert isinstance(make(provider, job), Made)
    assert (len(provider.bought), provider.asked) == (1, ["theirs-1"])


def test_an_answer_that_stays_unknown_is_never_bought_again(job: Job) -> None:
    provider = Provider(UNKNOWN, remembers=UNKNOWN)
    for number in (1, 2, 3, 4):
        outcome = make(provider, job, number)
        assert isinstance(outcome, Failure)
        assert outcome.kind == Kind.UNKNOWN
    assert len(provider.bought) == 1
    assert ProviderCall.objects.get().state == "unknown"
    provider.remembers = Made({"art": {}})
    assert isinstance(make(provider, job, 4), Made)
    assert len(provider.bought) == 1


def test_an_unknown_answer_the_provider_says_it_never_got_is_a_passing_failure(job: Job) -> None:
    outcome = make(Provider(UNKNOWN, remembers=None), job)
    assert isinstance(outcome, Failure)
    assert outcome.kind == Kind.TRANSIENT


def test_a_failed_call_is_sent_anew_by_the_next_try(job: Job) -> None:
    provider = Provider(Failure(Kind.TRANSIENT, "Busy."))
    assert isinstance(make(provider, job, 1), Failure)
    assert isinstance(make(provider, job, 2), Made)
    assert provider.bought == [f"{job.pk}:1:0:1.0", f"{job.pk}:1:0:2.0"]


def test_an_unusable_picture_is_not_kept_as_bought(job: Job) -> None:
    provider = Provider()
    assert isinstance(make(provider, job, 1, lambda m: Failure(Kind.TRANSIENT, "It is blank.")), Failure)
    assert isinstance(make(provider, job, 2), Made)
    assert len(provider.bought) == 2


def test_a_picture_that_could_not_be_stored_is_asked_for_and_not_bought_again(job: Job) -> None:
    provider = Provider(remembers=Made({"art": {}}))

    def full(made: Made) -> Outcome:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        make(provider, job, 1, full)
    assert isinstance(make(provider, job, 2), Made)
    assert len(provider.bought) == 1


@pytest.mark.parametrize("kind", [k for k in Kind if k != Kind.UNKNOWN])
def test_a_try_that_was_answered_and_not_settled_is_answered_the_same_and_asks_nothing(job: Job, kind: Kind) -> None:
    """The worker died between the two; the same try runs again."""
    failed = Failure(kind, "It said no.", detail="no", retry_after=20.0, cost_micros=40_000)
    provider = Provider(failed)
    assert make(provider, job) == failed
    assert make(provider, job) == dataclasses.replace(failed, provider_id="theirs-1")
    assert len(provider.bought) == 1
    again = make(provider, job, 2)
    asks_anew = kind in (Kind.TRANSIENT, Kind.THROTTLED, Kind.OPERATOR)
    assert isinstance(again, Made) if asks_anew else again.kind == kind


@pytest.mark.parametrize("kind", [Kind.REJECTED, Kind.BLOCKED_PROMPT, Kind.BLOCKED_OUTPUT])
def test_a_refusal_found_by_a_worker_that_died_is_the_answer_for_the_next(job: Job, kind: Kind) -> None:
    """Try 2 looked the call of try 1 up and was not settled; whoever runs try 2 again buys nothing."""
    provider = Provider(UNKNOWN, remembers=UNKNOWN)
    make(provider, job, 1)
    provider.remembers = Failure(kind, "It said no.")
    first = make(provider, job, 2)
    again = make(provider, job, 2)
    assert isinstance(first, Failure) and isinstance(again, Failure)
    assert (first.kind, first.reason) == (again.kind, again.reason) == (kind, "It said no.")
    assert len(provider.bought) == 1
    if kind == Kind.BLOCKED_OUTPUT:
        Attempt.objects.create(job=job, stage="generating", item=1, number=2, outcome=kind)
        assert isinstance(make(provider, job, 3), Made), "one more try is allowed"


OVER = [Failure(k, "It said no.") for k in (Kind.REJECTED, Kind.BLOCKED_PROMPT, Kind.BLOCKED_OUTPUT)]


@pytest.mark.parametrize("ended", OVER, ids=lambda failure: failure.kind)
def test_a_lost_purchase_that_ended_in_a_refusal_is_the_tries_end_and_not_bought_again(
    job: Job, ended: Failure
) -> None:
    provider = Provider(Died, remembers=ended)
    with pytest.raises(Died):
        make(provider, job)
    assert make(provider, job) == ended
    assert len(provider.bought) == 1
    assert (ProviderCall.objects.get().state, ProviderCall.objects.get().outcome) == ("answered", ended.kind)


def test_a_lost_purchase_that_failed_in_passing_is_made_anew_by_the_try_that_finds_out(job: Job) -> None:
    provider = Provider(Died, remembers=Failure(Kind.TRANSIENT, "It broke."))
    with pytest.raises(Died):
        make(provider, job)
    assert isinstance(make(provider, job, 2), Made)
    assert len(provider.bought) == 2


@pytest.mark.parametrize("kind", [Kind.OPERATOR, Kind.THROTTLED])
def test_a_question_that_is_refused_says_nothing_about_the_purchase(job: Job, kind: Kind) -> None:
    provider = Provider(UNKNOWN, remembers=Failure(kind, "Not now."))
    for number in (1, 2):
        outcome = make(provider, job, number)
        assert isinstance(outcome, Failure) and outcome.kind == kind
        assert (ProviderCall.objects.get().state, ProviderCall.objects.get().outcome) == ("unknown", "")
    provider.remembers = Made({"art": {}})
    assert isinstance(make(provider, job, 3), Made)
    assert len(provider.bought) == 1


def test_a_purchase_whose_questions_are_refused_is_not_settled(job: Job) -> None:
    provider = Provider(Failure(Kind.OPERATOR, "The key is refused.", provider_id="theirs-1"))
    outcome = make(provider, job)
    assert isinstance(outcome, Failure) and outcome.kind == Kind.OPERATOR
    assert ProviderCall.objects.get().state == "unknown"


class Painter(Provider):
    """Hands a picture over once, and cannot be asked what became of it."""

    def generate(self, request: ImageRequest, run: Run, sent: Callable[[str], None]) -> Outcome:
        request.out.write_bytes(b"a picture")
        request.out.with_suffix(".svg").write_bytes(b"a drawing")
        request.out.with_name("image.as-received.png").write_bytes(b"with a manifest")
        super().generate(request, run, sent)
        return Made({"art": {"n": 1}}, cost_micros=40_000, provider_id="theirs-1")

    def look_up(self, request: ImageRequest, provider_id: str, run: Run) -> Outcome | None:
        return UNKNOWN


def test_a_picture_the_store_could_not_take_is_kept_here_until_it_can(job: Job, tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR, provider = tmp_path, Painter()
    kept: list[tuple[bytes, ...]] = []

    def try_to_keep(number: int, trouble: Exception | None) -> Outcome:
        out = tmp_path / f"try-{number}" / "image.png"
        out.parent.mkdir()
        this = AttemptKey(job.pk, "generating", 1, 0, number, 0)
        request = ImageRequest(calls.call_key(this), "builtin/x", "p", "", 1, 1, 1, True, out)

        def accept(made: Made) -> Outcome:
            if trouble:
                raise trouble
            beside = out.with_name("image.as-received.png").read_bytes()
            kept.append((out.read_bytes(), out.with_suffix(".svg").read_bytes(), beside))
            return made

        return calls.buy_once(provider, request, this, job, lambda *a, **k: None, accept)

    away = StoreFailure(Failure(Kind.TRANSIENT, "The storage could not be reached."))
    with pytest.raises(StoreFailure):
        try_to_keep(1, away)
    call = ProviderCall.objects.get()
    assert (call.state, call.outcome, call.cost_micros) == ("unknown", "", 40_000)
    with pytest.raises(OSError, match="gone"):
        try_to_keep(2, OSError("gone"))
    outcome = try_to_keep(3, None)
    assert outcome == Made({"art": {"n": 1}}, cost_micros=40_000, provider_id="theirs-1")
    assert kept == [(b"a picture", b"a drawing", b"with a manifest")] and len(provider.bought) == 1
    assert (ProviderCall.objects.get().state, ProviderCall.objects.get().outcome) == ("answered", "made")
    assert not list((tmp_path / "work").glob("bought-*")), "and it lies nowhere else any more"


def test_each_round_of_an_item_is_a_purchase_of_its_own(world: World, job: Job) -> None:
    this = attempt_key.AttemptKey(job.pk, "generating", 1, 1, 1, 0)
    assert calls.call_key(this) != calls.call_key(attempt_key.AttemptKey(job.pk, "generating", 1, 0, 1, 0))
    assert calls.call_key(this) == calls.call_key(this)


def test_no_pooled_connection_is_held_while_a_provider_is_waited_for(job: Job) -> None:
    held: list[bool] = []

    class Slow(Provider):
        def generate(self, request: ImageRequest, run: Run, sent: Callable[[str], None]) -> Outcome:
            held.append(connection.connection is not None)
            sent("theirs-1")
            held.append(connection.connection is not None)
            return UNKNOWN

        def look_up(self, request: ImageRequest, provider_id: str, run: Run) -> Outcome | None:
            held.append(connection.connection is not None)
            return Made({"art": {}})

    assert isinstance(make(Slow(), job), Made)
    # SQLite has no pool: there a thread keeps its file open.
    assert held == [connection.vendor == "sqlite"] * 3
