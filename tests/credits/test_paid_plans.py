"""Plans that are paid elsewhere: each paid month brings its allowance once, whatever order the news comes in (rules §7)."""

from __future__ import annotations

import datetime as dt

import pytest

from elistit import ports
from elistit.accounts.models import User
from elistit.credits import ledger, plans
from elistit.credits.models import Plan
from tests.credits.plan_steps import at, held

pytestmark = pytest.mark.django_db


def paid(owner: int, code: str, until: tuple[int, ...], invoice: str, paid_by: str = "stripe") -> ledger.Posting:
    end = dt.datetime(*until, tzinfo=dt.UTC)  # type: ignore[misc, arg-type]
    return plans.bring_paid_month(owner, code, until=end, paid_by=paid_by, idempotency_key=f"paid:{invoice}")


def test_a_paid_month_starts_the_plan_and_brings_its_allowance_until_the_paid_end(owner: int) -> None:
    made = paid(owner, "launch", (2026, 12, 20), "1")
    plan = Plan.objects.get()
    assert (made.type, made.amount, made.balance_after, made.replayed) == ("GRANT_CREDIT", 240, 240, False)
    assert (plan.code, plan.period, plan.paid_by, plan.started_at) == ("launch", 1, "stripe", ports.now())
    assert plan.renews_at == ledger.grants(owner)[0].expires_at == dt.datetime(2026, 12, 20, tzinfo=dt.UTC)


def test_one_paid_month_brings_one_allowance_however_often_it_is_told(owner: int) -> None:
    first, again = paid(owner, "launch", (2026, 12, 20), "1"), paid(owner, "launch", (2026, 12, 20), "1")
    assert (again.id, again.type, again.amount, again.balance_after) == (first.id, first.type, 240, 240)
    assert again.replayed and Plan.objects.get().period == 1
    assert ledger.balance(owner) == 240


def test_the_next_paid_month_ends_what_is_left_of_the_last(owner: int, clock: ports.FixedClock) -> None:
    paid(owner, "launch", (2026, 12, 22, 9), "1")
    began = Plan.objects.get().started_at
    at(clock, 2026, 12, 22, 9, 0)
    paid(owner, "launch", (2027, 1, 22, 9), "2")
    plan = Plan.objects.get()
    assert held(owner) == [("plan:launch", 240)]
    assert (plan.period, plan.started_at, plan.renews_at.month) == (2, began, 1)
    assert [row.amount for row in ledger.history(owner, type="EXPIRE_CREDIT")] == [-240]


def test_a_paid_plan_is_not_renewed_by_the_calendar(owner: int, clock: ports.FixedClock) -> None:
    paid(owner, "launch", (2026, 12, 22, 9), "1")
    at(clock, 2027, 2, 1)
    assert plans.renew_due() == 0
    assert ledger.balance(owner) == 0


def test_news_of_a_month_that_is_nearly_over_still_brings_a_whole_month(owner: int, clock: ports.FixedClock) -> None:
    at(clock, 2026, 12, 21, 9, 0)
    paid(owner, "launch", (2026, 12, 22, 8, 59), "1")
    assert ledger.grants(owner)[0].expires_at == dt.datetime(2027, 1, 21, 9, 0, tzinfo=dt.UTC)
    other = User.objects.create_user("other@example.com").pk
    paid(other, "launch", (2026, 12, 22, 9), "2")
    assert ledger.grants(other)[0].expires_at == dt.datetime(2026, 12, 22, 9, 0, tzinfo=dt.UTC), "a day is enough"


def test_news_of_an_earlier_month_brings_its_credits_and_leaves_the_plan_as_it_runs(owner: int) -> None:
    paid(owner, "grow", (2027, 1, 20), "2")
    paid(owner, "launch", (2026, 12, 20), "1")
    plan = Plan.objects.get()
    assert (plan.code, plan.period, plan.renews_at.date()) == ("grow", 1, dt.date(2027, 1, 20))
    assert held(owner) == [("plan:launch", 240), ("plan:grow", 600)]


def test_a_paid_month_of_another_plan_begins_it_anew_and_takes_a_cancellation_back(
    owner: int, clock: ports.FixedClock
) -> None:
    paid(owner, "launch", (2026, 12, 22), "1")
    plans.mark_ending(owner, True)
    clock.advance(86400)
    paid(owner, "grow", (2026, 12, 23), "2")
    plan = Plan.objects.get()
    assert (plan.code, plan.started_at, plan.cancelled_at, plan.period) == ("grow", clock.now(), None, 2)


def test_a_paid_month_of_the_same_plan_does_not_take_a_cancellation_back(owner: int, clock: ports.FixedClock) -> None:
    paid(owner, "launch", (2026, 12, 22), "1")
    plans.mark_ending(owner, True)
    paid(owner, "launch", (2026, 12, 23), "2")
    assert Plan.objects.get().cancelled_at == clock.now(), "only the payment service knows that it goes on"
    at(clock, 2027, 1, 5)
    paid(owner, "launch", (2027, 2, 5), "3")
    plan = Plan.objects.get()
    assert (plan.cancelled_at, plan.started_at) == (None, clock.now()), "it had ended, and was bought again"


def test_a_plan_that_renewed_by_itself_is_paid_from_then_on(owner: int) -> None:
    plans.start(owner, "launch")
    paid(owner, "launch", (2026, 12, 23), "1")
    assert Plan.objects.get().paid_by == "stripe"
    with pytest.raises(KeyError):
        paid(owner, "galaxy", (2026, 12, 23), "2")


def test_an_ending_is_marked_and_taken_back_on_paid_plans_only(owner: int, clock: ports.FixedClock) -> None:
    other = User.objects.create_user("other@example.com").pk
    paid(owner, "launch", (2026, 12, 20), "1")
    plans.start(other, "launch")
    for seller in (owner, other):
        plans.mark_ending(seller, True)
    assert dict(Plan.objects.values_list("owner", "cancelled_at")) == {owner: clock.now(), other: None}
    plans.mark_ending(owner, False)
    assert Plan.objects.get(owner=owner).cancelled_at is None


def test_a_paid_plan_is_changed_where_it_was_bought(owner: int) -> None:
    paid(owner, "launch", (2026, 12, 20), "1")
    words = "This plan is billed monthly through Stripe. Change or cancel it there."
    for act in (lambda: plans.upgrade(owner, "scale"), lambda: plans.cancel(owner)):
        with pytest.raises(plans.PlanNotPossible) as refused:
            act()
        assert str(refused.value) == words
    assert ledger.balance(owner) == 240


@pytest.mark.parametrize("days", [1, 40])
def test_a_plan_of_the_operators_after_a_paid_one_renews_by_itself_and_can_be_ended(
    owner: int, clock: ports.FixedClock, days: int
) -> None:
    """Started while the last paid month still runs it takes that month over, afterwards it begins at once."""
    paid(owner, "launch", (2026, 12, 22, 9), "1")
    plans.mark_ending(owner, True)
    clock.advance(days * 86400)
    plan = plans.start(owner, "launch")
    assert (plan.paid_by, plan.cancelled_at) == (None, None)
    assert len(ledger.history(owner, type="GRANT_CREDIT")) == (1 if days == 1 else 2)
    clock.advance(40 * 86400)
    assert plans.renew_due() == 1
    assert ledger.balance(owner) == 240
    assert plans.cancel(owner).cancelled_at == clock.now()


def test_a_plan_that_is_paid_each_month_is_not_taken_over_while_it_goes_on(owner: int) -> None:
    paid(owner, "launch", (2026, 12, 22, 9), "1")
    with pytest.raises(plans.PlanNotPossible):
        plans.start(owner, "launch")
    assert Plan.objects.get().paid_by == "stripe"


def test_a_paid_month_counts_from_its_own_beginning_and_an_ending_from_its_own_moment(
    owner: int, clock: ports.FixedClock
) -> None:
    began = clock.now() - dt.timedelta(hours=2)
    end = dt.datetime(2026, 12, 20, tzinfo=dt.UTC)
    plans.bring_paid_month(owner, "launch", until=end, paid_by="stripe", idempotency_key="1", since=began)
    plans.mark_ending(owner, True, at=began + dt.timedelta(hours=1))
    plans.mark_ending(owner, True)
    plan = Plan.objects.get()
    assert (plan.started_at, plan.cancelled_at) == (began, began + dt.timedelta(hours=1))
