"""The app's requests to Etsy: one budget for all sellers, threads and processes, learned from Etsy's own headers."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator

import httpx
import pytest

from elistit.accounts.models import User
from elistit.chain import retry
from elistit.listings.etsy import budget
from elistit.listings.etsy.answers import Answer, Doing, Limits, Met
from elistit.listings.etsy.config import EtsyConfig
from elistit.listings.etsy.connect import connect_sandbox
from elistit.listings.etsy.draft import create_draft
from elistit.listings.etsy.draft_request import DraftRequest
from elistit.listings.etsy.sandbox import Sandbox
from elistit.listings.models import EtsyBudget, EtsyShop
from elistit.ports import Failure, Kind, Made

APP = "a" * 64


class Clock:
    """The machine's clock, standing still until somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1_795_000_000.0

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(budget, "time", clock)
    monkeypatch.setattr("elistit.listings.etsy.client.time", clock)
    return clock


@pytest.fixture
def strict(machine: Clock) -> Iterator[Sandbox]:
    """A sandbox with the real service's limits, on the same clock."""
    with Sandbox(per_second=10, per_day=60, clock=machine.time) as running:
        yield running


def answered(status: int = 200, wait: float | None = None, **limits: int) -> Answer:
    return Answer(Doing.READ, Met.ANSWER, status=status, wait=wait, limits=Limits(**limits))


@pytest.mark.django_db
def test_requests_leave_evenly_and_a_tenth_below_what_is_allowed(machine: Clock) -> None:
    waits = [budget.take(APP).wait for _ in range(20)]
    assert [round(b - a, 6) for a, b in itertools.pairwise(waits)] == [0.11] * 19
    machine.sleep(60)
    assert budget.take(APP) == budget.Turn(0.0)


@pytest.mark.django_db
def test_a_queue_that_is_too_long_is_a_pause_that_uses_up_no_try(machine: Clock) -> None:
    turns = [budget.take(APP) for _ in range(100)]
    held = [t for t in turns if t.held]
    assert held and turns[-1].wait <= retry.FREE_WAIT_MAX and not turns[-1].day_is_spent
    assert max(t.wait for t in turns if not t.held) <= budget.QUEUE_SECONDS + 0.2
    machine.sleep(turns[-1].wait)
    assert not budget.take(APP).held, "after the pause there is room again"


@pytest.mark.django_db
def test_the_pace_is_the_one_etsy_tells(machine: Clock) -> None:
    turn = budget.take(APP)
    budget.heard(APP, turn, answered(per_second=50, left_today=7))
    budget.take(APP)
    assert round(budget.take(APP).wait - budget.take(APP).wait, 6) == -0.022
    assert EtsyBudget.objects.get().per_second == 50


@pytest.mark.django_db
def test_a_pause_etsy_asks_for_holds_everybody_back(machine: Clock) -> None:
    budget.heard(APP, budget.take(APP), answered(429, wait=7))
    assert budget.take(APP) == budget.Turn(7, held=True)
    machine.sleep(7)
    assert not budget.take(APP).held


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "seconds"),
    [(answered(429, wait=86400), 86400), (answered(429, wait=7200, left_today=0), 7200),
     (answered(200, left_today=0), budget.ASK_AGAIN_SECONDS)],
    ids=["by its length", "both", "the last good answer"],
)  # fmt: skip
def test_a_day_that_is_spent_is_known_and_nothing_more_is_sent(machine: Clock, answer: Answer, seconds: float) -> None:
    budget.heard(APP, budget.take(APP), answer)
    turn = budget.take(APP)
    assert (turn.held, turn.day_is_spent, turn.wait) == (True, True, seconds)
    machine.sleep(seconds)
    assert not budget.take(APP).held


@pytest.mark.django_db
def test_each_app_has_its_own(machine: Clock) -> None:
    budget.heard(APP, budget.take(APP), answered(429, wait=86400))
    assert not budget.take("b" * 64).held
    real, other = (EtsyConfig("https://a", "", "", key, EtsyConfig.from_environment("http://x").secret) for key in "ab")
    assert budget.app_of(real) != budget.app_of(other)


@pytest.mark.django_db
def test_two_sellers_share_what_etsy_gives_and_are_never_refused(
    strict: Sandbox, machine: Clock, wanted: DraftRequest
) -> None:
    shops = [connect_sandbox(User.objects.create_user(f"{n}@example.com"), strict.url) for n in (1, 2)]
    for shop in shops:
        assert isinstance(create_draft(shop, wanted), Made)
    asked = [r["status"] for r in strict.state()["requests"]]
    assert 429 not in asked and len(asked) > 20
    assert len(strict.drafts()) == 2


@pytest.mark.django_db
def test_when_the_day_is_spent_both_sellers_read_so_and_etsy_is_left_alone(
    strict: Sandbox, machine: Clock, wanted: DraftRequest
) -> None:
    shops = [connect_sandbox(User.objects.create_user(f"{n}@example.com"), strict.url) for n in (1, 2)]
    strict.per_day = 9
    ends = [create_draft(shop, wanted) for shop in shops]
    assert all(isinstance(e, Failure) and e.kind is Kind.OPERATOR for e in ends)
    assert {e.reason for e in ends if isinstance(e, Failure)} == {
        "This studio has reached Etsy's daily limit. Nothing is lost: the draft is created when the limit resets."
    }
    before = len(strict.state()["requests"])
    assert isinstance(create_draft(shops[1], wanted), Failure)
    assert len(strict.state()["requests"]) == before
    machine.sleep(86_401)
    EtsyShop.objects.update(expires_at=dt.datetime(2100, 1, 1, tzinfo=dt.UTC))
    strict.world.token_seconds = 10**9
    for grant in strict.world.access.values():
        grant["until"] = machine.now + 86_400
    strict.per_day = 60
    assert all(isinstance(create_draft(shop, wanted), Made) for shop in shops)
    assert len(strict.drafts()) == 2


# --- the sandbox counts as well -----------------------------------------------------------------------------------------


def test_the_sandbox_counts_by_the_second_and_by_the_day(machine: Clock) -> None:
    with Sandbox(per_second=3, per_day=5, clock=machine.time) as sandbox:
        answers = []
        for pause in (0, 0, 0, 0, 2, 0, 0):
            machine.sleep(pause)
            answers.append(httpx.get(f"{sandbox.url}/v3/application/seller-taxonomy/nodes",
                                     headers={"x-api-key": "k:s"}, trust_env=False))  # fmt: skip
    told = [(a.status_code, a.headers["x-remaining-this-second"], a.headers["x-remaining-today"]) for a in answers]
    assert told == [(200, "2", "4"), (200, "1", "3"), (200, "0", "2"), (429, "0", "1"), (200, "2", "0"), (429, "1", "0"),
                    (429, "0", "0")]  # fmt: skip
    assert [answers[n].headers.get("retry-after") for n in (0, 3, 6)] == [None, "1", "86400"]
