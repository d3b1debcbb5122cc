"""Refunds: which grants they return to, for how long, and never more than was charged (rules §5.3, §7)."""

from __future__ import annotations

import pytest

from elistit import ports
from elistit.accounts.models import User
from elistit.credits import ledger
from elistit.credits.models import CreditEntry, CreditGrant
from tests.credits.postings import DAY, Key, charge, days, give, give_back, held

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_hold")]


def test_a_refund_returns_to_its_grant(owner: int, key: Key) -> None:
    give(owner, 10, key(), source="forever")
    give(owner, 10, key(), days_left=5, source="soon")
    charge(owner, 13, key())
    assert give_back(owner, key()).amount == 13
    assert held(owner) == [("soon", 10), ("forever", 10)]


def test_a_part_refund_returns_what_was_drawn_last_first(owner: int, key: Key) -> None:
    give(owner, 10, key(), source="forever")
    give(owner, 10, key(), days_left=5, source="soon")
    charge(owner, 13, key())
    give_back(owner, key(), 2)
    assert held(owner) == [("forever", 9)]
    give_back(owner, key(), 2)
    assert held(owner) == [("soon", 1), ("forever", 10)]


def test_a_refund_whose_grant_has_ended_comes_back_as_a_new_grant_of_at_least_seven_days(
    owner: int, key: Key, clock: ports.FixedClock
) -> None:
    give(owner, 10, key(), source="forever")
    give(owner, 10, key(), days_left=5, source="soon")
    charge(owner, 13, key())
    clock.advance(6 * DAY)
    give_back(owner, key())
    assert held(owner) == [("returned", 10), ("forever", 10)]
    assert ledger.grants(owner)[0].expires_at == days(7)


@pytest.mark.parametrize(
    ("had", "comes_back_for"), [(5, 7), (7, 7), (7.5, 7.5), (12, 12), (30, 30), (31, 30), (400, 30)]
)
def test_credits_come_back_for_as_long_as_they_had_when_they_were_spent(
    owner: int, key: Key, clock: ports.FixedClock, had: float, comes_back_for: float
) -> None:
    give(owner, 10, key(), days_left=had + 3, source="soon")
    clock.advance(3 * DAY)
    charge(owner, 10, key())
    clock.advance(500 * DAY)
    give_back(owner, key())
    assert [(g.source, g.remaining, g.expires_at) for g in ledger.grants(owner)] == [
        ("returned", 10, days(comes_back_for))
    ]


def test_credits_that_came_back_and_end_again_while_spent_return_for_a_day(
    owner: int, key: Key, clock: ports.FixedClock
) -> None:
    give(owner, 10, key(), days_left=30)
    charge(owner, 10, key(), job="A")
    clock.advance(200 * DAY)
    give_back(owner, key(), job="A")
    clock.advance(30 * DAY - 60)
    for job in ("B", "C", "D"):
        charge(owner, 10, key(), job=job)
        clock.advance(200 * DAY)
        give_back(owner, key(), job=job)
        assert [(g.remaining, g.expires_at) for g in ledger.grants(owner)] == [(10, days(1))], job
        clock.advance(DAY - 60)
    clock.advance(60)
    assert ledger.balance(owner) == 0


def test_what_was_spent_at_different_times_comes_back_for_different_lives(
    owner: int, key: Key, clock: ports.FixedClock
) -> None:
    give(owner, 10, key(), days_left=25)
    charge(owner, 4, key())
    give_back(owner, key(), 1)
    clock.advance(10 * DAY)
    charge(owner, 5, key(), item=1)
    clock.advance(40 * DAY)
    give_back(owner, key())
    found = [(g.remaining, g.expires_at) for g in ledger.grants(owner)]
    assert found == [(5, days(15)), (3, days(25))], "the 3 of the first spend had 25 days, the 5 of the second 15"


def test_only_a_refund_brings_credits_back(owner: int, key: Key) -> None:
    for source in ("returned", "returned:again"):
        with pytest.raises(ValueError):
            give(owner, 5, key(), source=source)
    assert ledger.balance(owner) == 0


def test_a_part_refund_remembers_which_ended_grant_it_already_returned(
    owner: int, key: Key, clock: ports.FixedClock
) -> None:
    """The seller spent 5 that never end, then 5 that do. Returned in two parts after the end, both parts must be right."""
    give(owner, 5, key(), source="forever")
    charge(owner, 5, key())
    give(owner, 5, key(), days_left=5, source="soon")
    charge(owner, 5, key(), item=1)
    clock.advance(6 * DAY)
    give_back(owner, key(), 3)
    assert held(owner) == [("returned", 3)]
    give_back(owner, key())
    assert sorted(held(owner)) == [("forever", 5), ("returned", 2), ("returned", 3)]


def test_refunds_never_add_up_to_more_than_the_charge(owner: int, key: Key) -> None:
    give(owner, 30, key())
    charge(owner, 10, key())
    give_back(owner, key(), 4, item=1)
    with pytest.raises(ledger.OverRefund) as caught:
        give_back(owner, key(), 7)
    assert (caught.value.asked, caught.value.left) == (7, 6)
    assert give_back(owner, key()).amount == 6
    assert ledger.job_money("job-1") == ledger.JobMoney(10, 10)


def test_a_refund_of_nothing_left_writes_a_closing_row_of_zero(owner: int, key: Key) -> None:
    give(owner, 30, key())
    charge(owner, 10, key())
    give_back(owner, key(), 10)
    closing = give_back(owner, "close")
    assert (closing.amount, closing.balance_after, closing.replayed) == (0, 30, False)
    assert give_back(owner, "close").replayed


def test_a_job_that_was_never_charged_has_nothing_to_refund(owner: int, key: Key) -> None:
    give(owner, 30, key())
    with pytest.raises(ledger.NothingToRefund):
        give_back(owner, key())
    other = User.objects.create_user("other@example.com").pk
    charge(owner, 5, key())
    with pytest.raises(ledger.NothingToRefund):
        give_back(other, key())


def test_a_remake_is_a_further_charge_of_the_same_job_and_can_be_refunded_alone(owner: int, key: Key) -> None:
    give(owner, 30, key())
    charge(owner, 17, key())
    charge(owner, 1, key(), item=4)
    give_back(owner, key(), 1, item=4)
    assert ledger.job_money("job-1") == ledger.JobMoney(18, 1)
    assert ledger.job_money("job-1").net == 17


def test_a_refund_over_several_ended_grants_is_one_new_grant_that_remembers_each(
    owner: int, key: Key, clock: ports.FixedClock
) -> None:
    give(owner, 3, key(), days_left=1, source="a")
    give(owner, 4, key(), days_left=2, source="b")
    charge(owner, 6, key())
    clock.advance(3 * DAY)
    made = give_back(owner, key(), 5)
    assert held(owner) == [("returned", 5)]
    entries = CreditEntry.objects.filter(transaction_id=made.id).order_by("id")
    sources = dict(CreditGrant.objects.values_list("id", "source"))
    assert [(sources[e.grant_id], e.amount, sources[e.drawn_from_id]) for e in entries] == [
        ("returned", 3, "b"), ("returned", 2, "a"),
    ]  # fmt: skip


def test_a_refund_to_a_grant_that_still_runs_says_which_draw_it_undoes(owner: int, key: Key) -> None:
    give(owner, 9, key())
    charge(owner, 6, key())
    (entry,) = CreditEntry.objects.filter(transaction_id=give_back(owner, key(), 5).id)
    assert (entry.amount, entry.drawn_from_id) == (5, entry.grant_id)
