"""Plans, trial and top-ups: when credits come in by themselves and when they end (rules §7)."""

from __future__ import annotations

import datetime as dt

import pytest

from elistit import ports
from elistit.accounts.models import User
from elistit.credits import ledger, plans
from elistit.credits.models import CreditTransaction, Plan

pytestmark = pytest.mark.django_db


def at(clock: ports.FixedClock, *when: int) -> None:
    clock.time = dt.datetime(*when, tzinfo=dt.UTC)  # type: ignore[misc, arg-type]


def held(owner: int) -> list[tuple[str, int]]:
    return [(grant.source, grant.remaining) for grant in ledger.grants(owner)]


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


def test_a_top_up_is_bought_and_never_ends(owner: int, clock: ports.FixedClock) -> None:
    plans.top_up(owner, "pack-300", idempotency_key="paid-1")
    assert plans.top_up(owner, "pack-300", idempotency_key="paid-1").replayed
    clock.advance(86400 * 4000)
    ledger.expire_due()
    assert ledger.balance(owner) == 300
    assert CreditTransaction.objects.get().type == "PURCHASE_CREDIT"
    with pytest.raises(KeyError):
        plans.top_up(owner, "pack-1", idempotency_key="paid-2")
