"""Plans, trial and top-ups: when credits come in by themselves and when they end (rules §7)."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable

import pytest
from django.db import InterfaceError, OperationalError, connection

from elistit import ports
from elistit.accounts.models import User
from elistit.credits import faults, ledger, plans, prices
from elistit.credits.models import CreditTransaction, Plan
from tests.credits.plan_steps import at, held

pytestmark = pytest.mark.django_db


def test_a_plan_brings_its_first_allowance_at_once_until_it_renews(owner: int) -> None:
    plan = plans.start(owner, "launch")
    (grant,) = ledger.grants(owner)
    assert (grant.remaining, grant.expires_at) == (240, plan.renews_at)
    assert plan.renews_at == dt.datetime(2026, 12, 22, 9, 0, tzinfo=dt.UTC)


def test_a_renewal_expires_what_is_unused_and_brings_the_new_allowance(owner: int, clock: ports.FixedClock) -> None:
    plans.start(User.objects.get(pk=owner), "grow")
    plans.top_up(owner, "pack-100", idempotency_key="paid-1")
    ledger.spend(owner, 50, job="j", project="p", idempotency_key="s", reason="x")
    assert plans.renew_due() == 0
    at(clock, 2026, 12, 22, 9, 0)
    assert plans.renew_due() == 1
    assert plans.renew_due() == 0
    assert held(owner) == [("plan:grow", 600), ("pack-100", 100)]
    assert [row.amount for row in ledger.history(owner, type="EXPIRE_CREDIT")] == [-550]


def test_a_month_that_is_too_short_does_not_shift_the_day_for_good(owner: int, clock: ports.FixedClock) -> None:
    at(clock, 2027, 1, 31, 9, 0)
    plan = plans.start(owner, "launch")
    assert plan.renews_at.date() == dt.date(2027, 2, 28)
    at(clock, 2027, 2, 28, 10, 0)
    plans.renew_due()
    assert Plan.objects.get().renews_at.date() == dt.date(2027, 3, 31)


def test_after_a_long_pause_only_the_current_month_comes(owner: int, clock: ports.FixedClock) -> None:
    plans.start(owner, "launch")
    at(clock, 2027, 4, 1, 9, 0)
    assert plans.renew_due() == 1
    assert held(owner) == [("plan:launch", 240)]
    assert Plan.objects.get().renews_at.date() == dt.date(2027, 4, 22)


def test_an_upgrade_brings_the_full_new_allowance_at_once_and_keeps_the_old_until_its_end(
    owner: int, clock: ports.FixedClock
) -> None:
    plans.start(owner, "launch")
    at(clock, 2026, 12, 2, 9, 0)
    plan = plans.upgrade(owner, "scale")
    assert held(owner) == [("plan:launch", 240), ("plan:scale", 1400)]
    assert plan.renews_at.date() == dt.date(2027, 1, 2)
    at(clock, 2026, 12, 22, 9, 0)
    assert plans.renew_due() == 0
    assert held(owner) == [("plan:scale", 1400)]
    at(clock, 2027, 1, 2, 9, 0)
    assert plans.renew_due() == 1
    assert held(owner) == [("plan:scale", 1400)], "and so it goes on"


def test_only_a_larger_plan_is_an_upgrade(owner: int) -> None:
    with pytest.raises(plans.PlanNotPossible):
        plans.upgrade(owner, "scale")
    plans.start(owner, "grow")
    for code in ("launch", "grow"):
        with pytest.raises(plans.PlanNotPossible):
            plans.upgrade(owner, code)
    with pytest.raises(plans.PlanNotPossible):
        plans.start(owner, "launch")
    with pytest.raises(KeyError):
        plans.upgrade(owner, "galaxy")
    assert ledger.balance(owner) == 600


def test_a_cancelled_plan_serves_to_its_end_and_does_not_renew(owner: int, clock: ports.FixedClock) -> None:
    plans.start(owner, "launch")
    plans.cancel(owner)
    assert plans.cancel(owner).cancelled_at == clock.now()
    assert ledger.balance(owner) == 240
    at(clock, 2026, 12, 22, 9, 0)
    assert plans.renew_due() == 0
    assert ledger.balance(owner) == 0
    with pytest.raises(plans.PlanNotPossible):
        plans.cancel(owner)
    plans.start(owner, "grow")
    assert ledger.balance(owner) == 600


def test_taking_a_cancellation_back_brings_no_second_allowance(owner: int, clock: ports.FixedClock) -> None:
    plans.start(owner, "launch")
    plans.cancel(owner)
    clock.advance(86400)
    assert plans.start(owner, "launch").cancelled_at is None
    assert ledger.balance(owner) == 240


def test_the_trial_comes_once(owner: int) -> None:
    first, second = plans.start_trial(owner), plans.start_trial(owner)
    assert (first.amount, first.replayed) == (30, False)
    assert (second.id, second.replayed) == (first.id, True)


def test_the_trial_stays_what_it_was_when_another_price_list_brings_more(
    owner: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, more = plans.start_trial(owner), dataclasses.replace(prices.price_list(), trial_credits=50)
    monkeypatch.setattr(prices, "price_list", lambda: more)
    assert plans.start_trial(owner) == dataclasses.replace(first, replayed=True)


def test_a_top_up_is_bought_and_never_ends(owner: int, clock: ports.FixedClock) -> None:
    plans.top_up(owner, "pack-300", idempotency_key="paid-1")
    assert plans.top_up(owner, "pack-300", idempotency_key="paid-1").replayed
    clock.advance(86400 * 4000)
    ledger.expire_due()
    assert ledger.balance(owner) == 300
    assert CreditTransaction.objects.get().type == "PURCHASE_CREDIT"
    with pytest.raises(KeyError):
        plans.top_up(owner, "pack-1", idempotency_key="paid-2")


# ---- plans that left the price list ---------------------------------------------------------------------------------------


def test_a_plan_that_left_the_price_list_is_reported_and_keeps_no_other_waiting(
    owner: int, clock: ports.FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = User.objects.create_user("other@example.com").pk
    plans.start(owner, "launch")
    plans.start(other, "grow")
    monkeypatch.delitem(plans.PLANS, "launch")
    at(clock, 2026, 12, 22, 9, 0)
    failed: list[tuple[str, str]] = []
    assert plans.renew_due(report=lambda row, error: failed.append((row, str(error)))) == 1
    assert failed == [(
        f"plan of seller {owner}",
        "The plan “launch” is not on the price list, so it can't renew. Put it back or cancel the plan.",
    )]  # fmt: skip
    assert (Plan.objects.get(owner=owner).period, Plan.objects.get(owner=other).period) == (1, 2)
    assert plans.renew_due() == 0, "and without a caller who wants to know it is logged"


def test_a_seller_on_a_plan_that_left_the_price_list_can_end_it_or_move_to_a_larger_one(
    owner: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = User.objects.create_user("other@example.com").pk
    for seller in (owner, other):
        plans.start(seller, "grow")
    monkeypatch.delitem(plans.PLANS, "grow")
    with pytest.raises(plans.PlanNotPossible) as refused:
        plans.start(owner, "launch")
    assert str(refused.value) == "You already have the Grow plan."
    with pytest.raises(plans.PlanNotPossible) as refused:
        plans.upgrade(owner, "launch")
    assert str(refused.value) == "Launch is not larger than your Grow plan."
    assert plans.upgrade(owner, "scale").code == "scale"
    assert plans.cancel(other).cancelled_at is not None
    assert plans.allowance_of(owner, "never sold") == 0


def test_a_month_that_was_sold_before_the_plan_left_the_price_list_brings_what_was_sold(owner: int) -> None:
    end = dt.datetime(2026, 12, 20, tzinfo=dt.UTC)
    plans.bring_paid_month(owner, "old", until=end, paid_by="stripe", idempotency_key="1", credits=77)
    assert held(owner) == [("plan:old", 77)]
    assert ledger.history(owner)[0].reason == "Old plan, allowance until December 20, 2026"


def test_a_lost_database_stops_the_pass(owner: int, clock: ports.FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    plans.start(owner, "launch")
    at(clock, 2026, 12, 22, 9, 0)
    trouble: list[Exception] = [
        InterfaceError("closed"),
        OperationalError("gone"),
        OperationalError("a lock timed out"),
    ]

    def renew(pk: int, now: dt.datetime) -> int:
        raise trouble[0]

    monkeypatch.setattr(plans, "_renew", renew)
    with pytest.raises(InterfaceError):
        plans.renew_due()
    trouble.pop(0)
    with monkeypatch.context() as lost:
        lost.setattr(connection, "is_usable", lambda: False)
        with pytest.raises(OperationalError):
            plans.renew_due()
    trouble.pop(0)
    failed: list[str] = []
    assert plans.renew_due(report=lambda row, error: failed.append(str(error))) == 0
    assert failed == ["a lock timed out"]
    with pytest.raises(RuntimeError), faults.caught("a row", faults.log_fault, but=lambda error: True):
        raise RuntimeError("everything would meet this")


# ---- two at the same moment -----------------------------------------------------------------------------------------------


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Somebody else does `act` after a plan was looked at and before it is written: where the end of its month is reckoned."""
    reckon, done = plans.months_after, []

    def reckoned(start: dt.datetime, months: int) -> dt.datetime:
        if not done:
            done.append(act())
        return reckon(start, months)

    monkeypatch.setattr(plans, "months_after", reckoned)


def test_a_plan_that_is_started_meanwhile_is_not_started_twice(owner: int, monkeypatch: pytest.MonkeyPatch) -> None:
    meanwhile(monkeypatch, lambda: Plan.objects.create(owner_id=owner, code="grow", renews_at=ports.now()))
    with pytest.raises(plans.PlanNotPossible) as refused:
        plans.start(owner, "launch")
    assert str(refused.value) == "Your plan is already being started."
    assert ledger.balance(owner) == 0


@pytest.mark.parametrize("changed", [{"code": "grow"}, {"period": 7}, {"cancelled_at": True}, {"renews_at": True}])
def test_a_plan_that_is_changed_meanwhile_is_not_changed_over_it(
    owner: int, monkeypatch: pytest.MonkeyPatch, changed: dict[str, object]
) -> None:
    plans.start(owner, "launch")
    changes = {name: ports.now() if value is True else value for name, value in changed.items()}
    meanwhile(monkeypatch, lambda: Plan.objects.update(**changes))
    with pytest.raises(plans.PlanNotPossible) as refused:
        plans.upgrade(owner, "scale")
    assert str(refused.value) == "Your plan was changed at the same moment. Check it before you continue."
    assert ledger.balance(owner) == 240, "and no allowance of the larger plan came"


def test_a_plan_renewed_by_another_worker_meanwhile_is_left_to_it(
    owner: int, clock: ports.FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = User.objects.create_user("other@example.com").pk
    for seller in (owner, other):
        plans.start(seller, "launch")
    at(clock, 2026, 12, 22, 9, 0)
    meanwhile(monkeypatch, lambda: Plan.objects.filter(owner=owner).update(period=2))
    assert plans.renew_due() == 1
    assert [row.type for row in ledger.history(owner)] == ["GRANT_CREDIT"]
    assert ledger.balance(other) == 240, "and the next is renewed all the same"


@pytest.mark.parametrize("changed", ["cancelled_at", "renews_at"])
def test_one_plan_less_to_renew_does_not_keep_the_others_waiting(
    owner: int, clock: ports.FixedClock, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    """Three plans are due; the second is ended, or renewed, by somebody else while the first is being renewed."""
    sellers = [owner, *(User.objects.create_user(f"s{n}@example.com").pk for n in (2, 3))]
    for seller in sellers:
        plans.start(seller, "launch")
    at(clock, 2026, 12, 22, 9, 0)
    later = clock.now() + dt.timedelta(days=1)
    meanwhile(monkeypatch, lambda: Plan.objects.filter(owner=sellers[1]).update(**{changed: later}))
    assert plans.renew_due() == 2
    assert [ledger.balance(seller) for seller in sellers] == [240, 0, 240]


# ---- in words -------------------------------------------------------------------------------------------------------------


def test_what_is_not_possible_is_said_in_one_sentence(owner: int, clock: ports.FixedClock) -> None:
    def refusal(act: Callable[[], object]) -> str:
        with pytest.raises(plans.PlanNotPossible) as refused:
            act()
        return str(refused.value)

    assert refusal(lambda: plans.upgrade(owner, "grow")) == "You don't have a plan to upgrade. Start one instead."
    assert refusal(lambda: plans.cancel(owner)) == "You don't have a plan to cancel."
    plans.start(owner, "grow")
    assert refusal(lambda: plans.start(owner, "scale")) == "You already have the Grow plan."
    assert refusal(lambda: plans.upgrade(owner, "launch")) == "Launch is not larger than your Grow plan."
    plans.cancel(owner)
    assert refusal(lambda: plans.start(owner, "scale")) == "You already have the Grow plan."
    at(clock, 2026, 12, 22, 9, 0)
    assert refusal(lambda: plans.upgrade(owner, "scale")) == "You don't have a plan to upgrade. Start one instead."


def test_every_allowance_says_what_it_is_and_until_when(owner: int) -> None:
    plans.start_trial(owner)
    plans.start(owner, "launch")
    plans.top_up(owner, "pack-100", idempotency_key="p", actor="ann")
    rows = [(r.reason, r.idempotency_key, r.actor) for r in reversed(ledger.history(owner))]
    assert rows == [
        ("Trial credits", f"trial:{owner}", ""),
        ("Launch plan, allowance until December 22, 2026", f"plan:{owner}:1", ""),
        ("Top-up pack: 100 credits", "p", "ann"),
    ]
    assert sorted(source for source, _ in held(owner)) == ["pack-100", "plan:launch", "trial"]


def test_a_plan_bought_again_after_its_end_is_a_new_one(owner: int, clock: ports.FixedClock) -> None:
    plans.start(owner, "launch")
    plans.cancel(owner)
    at(clock, 2027, 1, 5)
    plan = plans.start(owner, "grow")
    assert plan == Plan.objects.get()
    for read in (plan, Plan.objects.get()):
        assert (read.code, read.started_at, read.period, read.cancelled_at) == ("grow", clock.now(), 2, None)
        assert read.renews_at == dt.datetime(2027, 2, 5, tzinfo=dt.UTC)
    assert ledger.balance(owner) == 600
