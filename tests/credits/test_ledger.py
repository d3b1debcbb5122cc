"""The invariants of the ledger, one sentence each (rules §7 and §5)."""

from __future__ import annotations

import datetime as dt
import importlib
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from elistit import ports
from elistit.accounts.models import User
from elistit.credits import audit_books, ledger, statement
from elistit.credits.models import CreditAccount, CreditEntry, CreditGrant, CreditTransaction

pytestmark = pytest.mark.django_db
Key = Callable[[], str]
DAY = 86400


def days(number: float) -> dt.datetime:
    return ports.now() + dt.timedelta(days=number)


def give(owner: int, amount: int, key: str, *, days_left: float | None = None, source: str = "trial") -> ledger.Posting:
    ends = None if days_left is None else days(days_left)
    return ledger.grant(owner, amount, source=source, idempotency_key=key, reason="Given", expires_at=ends)


def charge(owner: int, amount: int, key: str, job: str = "job-1", item: int | None = None) -> ledger.Posting:
    return ledger.spend(
        owner, amount, job=job, project="p-1", idempotency_key=key, reason="Clipart, 15 images", item=item
    )


def give_back(
    owner: int, key: str, amount: int | None = None, job: str = "job-1", item: int | None = None
) -> ledger.Posting:
    return ledger.refund(
        owner, job=job, project="p-1", idempotency_key=key, reason="Returned", amount=amount, item=item
    )


def held(owner: int) -> list[tuple[str, int]]:
    return [(grant.source, grant.remaining) for grant in ledger.grants(owner)]


@pytest.fixture(autouse=True)
def _the_books_hold_afterwards(db: None):
    yield
    for name, check in audit_books.CHECKS.items():
        assert [found for found in check() if isinstance(found, str)] == [], name
    for account in CreditAccount.objects.all():
        assert statement.verify(statement.export(account.owner_id)) == []


def test_an_account_opens_once_and_at_zero(owner: int) -> None:
    first, second = ledger.open_account(owner), ledger.open_account(owner)
    assert first.pk == second.pk
    assert (second.balance, second.seq, second.head_hash) == (0, 0, "")


def test_a_grant_brings_credits_and_a_row(owner: int, key: Key) -> None:
    made = give(owner, 30, key())
    assert (made.type, made.amount, made.balance_after, made.replayed) == ("GRANT_CREDIT", 30, 30, False)
    row = CreditTransaction.objects.get(pk=made.id)
    assert (row.seq, row.contra, row.amount) == (1, "promo", 30)
    assert ledger.balance(owner) == 30


def test_a_purchase_is_booked_against_cash(owner: int, key: Key) -> None:
    made = ledger.grant(owner, 100, source="pack", idempotency_key=key(), reason="Bought", type="PURCHASE_CREDIT")
    assert CreditTransaction.objects.get(pk=made.id).contra == "cash"


def test_credits_are_used_soonest_to_expire_first_and_those_without_end_last(owner: int, key: Key) -> None:
    give(owner, 10, key(), source="forever")
    give(owner, 10, key(), days_left=20, source="late")
    give(owner, 10, key(), days_left=5, source="soon")
    assert held(owner) == [("soon", 10), ("late", 10), ("forever", 10)]
    charge(owner, 13, key())
    assert held(owner) == [("late", 7), ("forever", 10)]
    charge(owner, 8, key(), job="job-2")
    assert held(owner) == [("forever", 9)]


def test_a_spend_that_is_too_large_writes_nothing_and_says_the_shortfall(owner: int, key: Key) -> None:
    give(owner, 10, key())
    with pytest.raises(ledger.InsufficientCredits) as caught:
        charge(owner, 17, key())
    assert (caught.value.needed, caught.value.balance, caught.value.shortfall) == (17, 10, 7)
    assert str(caught.value) == "This needs 17 credits and you have 10: 7 more to go."
    assert CreditTransaction.objects.count() == 1
    assert ledger.balance(owner) == 10


def test_a_seller_without_an_account_has_nothing_to_spend(owner: int, key: Key) -> None:
    with pytest.raises(ledger.InsufficientCredits) as caught:
        charge(owner, 1, key())
    assert caught.value.balance == 0
    assert ledger.balance(owner) == 0


def test_a_free_job_has_its_row_too(owner: int, key: Key) -> None:
    made = charge(owner, 0, key())
    assert (made.amount, made.balance_after) == (0, 0)
    assert ledger.job_money("job-1") == ledger.JobMoney(0, 0)
    assert give_back(owner, key()).amount == 0


def test_the_same_key_and_request_gets_the_same_answer(owner: int, key: Key) -> None:
    give(owner, 30, "g")
    assert give(owner, 30, "g").replayed
    first, again = charge(owner, 17, "s"), charge(owner, 17, "s")
    assert (again.id, again.balance_after, again.replayed) == (first.id, first.balance_after, True)
    back, back_again = give_back(owner, "r"), give_back(owner, "r")
    assert (back_again.id, back_again.amount, back_again.replayed) == (back.id, 17, True)
    assert CreditTransaction.objects.count() == 3


def test_a_replay_is_answered_even_when_the_balance_would_no_longer_do(owner: int, key: Key) -> None:
    give(owner, 17, key())
    first = charge(owner, 17, "s")
    assert charge(owner, 17, "s").id == first.id


def test_the_same_key_with_another_request_is_refused(owner: int, key: Key) -> None:
    give(owner, 30, "g")
    charge(owner, 5, "s")
    other = User.objects.create_user("other@example.com").pk
    give(other, 30, key())
    for conflicting in (
        lambda: give(owner, 31, "g"),
        lambda: give(owner, 30, "g", days_left=3),
        lambda: charge(owner, 6, "s"),
        lambda: charge(owner, 5, "s", job="job-2"),
        lambda: charge(owner, 5, "s", item=3),
        lambda: charge(other, 5, "s"),
        lambda: give_back(owner, "s"),
        lambda: ledger.adjust(owner, 5, reason="x", actor="ann", idempotency_key="s"),
    ):
        with pytest.raises(ledger.IdempotencyConflict):
            conflicting()
    assert CreditTransaction.objects.count() == 3


def test_a_retry_that_words_itself_differently_is_the_same_request(owner: int, key: Key) -> None:
    give(owner, 30, key())
    ledger.spend(owner, 5, job="j", project="p", idempotency_key="s", reason="one")
    assert ledger.spend(owner, 5, job="j", project="p", idempotency_key="s", reason="two").replayed


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


def test_one_account_that_cannot_be_swept_keeps_no_other_waiting(
    owner: int, key: Key, clock: ports.FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [User.objects.create_user(f"o{n}@example.com").pk for n in range(2)]
    for seller in (others[0], owner, others[1]):
        give(seller, 5, key(), days_left=1)
    clock.advance(DAY)
    sweep, failed = ledger._sweep_owner, list[tuple[str, str]]()

    def sweep_owner(seller: int, now: dt.datetime) -> int:
        if seller == owner:
            raise RuntimeError("broken row")
        return sweep(seller, now)

    monkeypatch.setattr(ledger, "_sweep_owner", sweep_owner)
    assert ledger.expire_due(report=lambda row, error: failed.append((row, str(error)))) == 2
    assert failed == [(f"credits of seller {owner}", "broken row")]
    assert ledger.expire_due() == 0, "and without a caller who wants to know it is logged"
    with pytest.raises(RuntimeError):
        ledger.expire_due(owner)


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


def test_expired_credits_cannot_be_spent_even_before_they_are_swept(
    owner: int, key: Key, clock: ports.FixedClock
) -> None:
    give(owner, 10, key(), days_left=1)
    give(owner, 5, key(), source="forever")
    clock.advance(DAY)
    assert ledger.balance(owner) == 5
    assert held(owner) == [("forever", 5)]
    with pytest.raises(ledger.InsufficientCredits) as caught:
        charge(owner, 6, key())
    assert caught.value.balance == 5
    charge(owner, 5, key())
    assert [row.type for row in ledger.history(owner)] == [
        "SPEND_CREDIT",
        "EXPIRE_CREDIT",
        "GRANT_CREDIT",
        "GRANT_CREDIT",
    ]


def test_sweeping_writes_one_row_for_each_grant_and_is_idempotent(
    owner: int, key: Key, clock: ports.FixedClock
) -> None:
    other = User.objects.create_user("other@example.com").pk
    give(owner, 10, key(), days_left=1)
    give(owner, 10, key(), days_left=2)
    give(other, 10, key(), days_left=1)
    give(other, 10, key())
    clock.advance(DAY - 1)
    assert ledger.expire_due() == 0
    clock.advance(DAY + 1)
    assert ledger.expire_due(other) == 1
    give(User.objects.create_user("third@example.com").pk, 5, key(), days_left=0.5)
    clock.advance(DAY)
    assert ledger.expire_due() == 3, "two grants of one seller and one of another"
    assert ledger.expire_due() == 0
    assert (ledger.balance(owner), ledger.balance(other)) == (0, 10)


def test_a_correction_needs_a_reason_and_a_name(owner: int, key: Key) -> None:
    give(owner, 10, key())
    up = ledger.adjust(owner, 5, reason="Lost mail", actor="ann", idempotency_key=key())
    down = ledger.adjust(owner, -12, reason="Booked twice", actor="ann", idempotency_key=key())
    assert (up.balance_after, down.balance_after) == (15, 3)
    with pytest.raises(ValueError):
        ledger.adjust(owner, 5, reason=" ", actor="ann", idempotency_key=key())
    with pytest.raises(ValueError):
        ledger.adjust(owner, 5, reason="x", actor="", idempotency_key=key())
    with pytest.raises(ledger.InsufficientCredits):
        ledger.adjust(owner, -4, reason="x", actor="ann", idempotency_key=key())


@pytest.mark.parametrize("amount", [-1, 1.5, "3", True, None])
def test_credits_are_whole_numbers(owner: int, amount: object) -> None:
    with pytest.raises(ValueError):
        charge(owner, amount, "s")  # type: ignore[arg-type]
    with pytest.raises(ValueError):
        give(owner, amount, "g")  # type: ignore[arg-type]


def test_a_grant_of_nothing_and_an_empty_key_are_refused(owner: int) -> None:
    with pytest.raises(ValueError):
        give(owner, 0, "g")
    with pytest.raises(ValueError):
        give(owner, 1, "")
    with pytest.raises(ValueError):
        ledger.grant(owner, 1, source="x", idempotency_key="g", reason="x", type="REFUND_CREDIT")


def test_inside_a_callers_transaction_everything_goes_back_with_it(owner: int, key: Key) -> None:
    give(owner, 30, key())
    before = CreditAccount.objects.get(owner_id=owner).head_hash
    with pytest.raises(RuntimeError), transaction.atomic():
        charge(owner, 17, "s")
        give_back(owner, "r")
        raise RuntimeError
    assert CreditAccount.objects.get(owner_id=owner).head_hash == before
    assert not charge(owner, 17, "s").replayed


def test_a_refused_posting_leaves_the_callers_transaction_usable(owner: int, key: Key) -> None:
    give(owner, 30, key())
    with transaction.atomic():
        charge(owner, 17, "s")
        for refused in (
            lambda: charge(owner, 99, key(), job="job-9"),
            lambda: charge(owner, 1, "s"),
            lambda: give_back(owner, key(), 18),
            lambda: give_back(owner, key(), job="job-9"),
        ):
            with pytest.raises(
                (ledger.InsufficientCredits, ledger.IdempotencyConflict, ledger.OverRefund, ledger.NothingToRefund)
            ):
                refused()
        give_back(owner, key(), 7)
    assert ledger.balance(owner) == 20


def test_rows_are_chained_and_numbered_without_gaps(owner: int, key: Key) -> None:
    give(owner, 30, key())
    charge(owner, 10, key())
    give_back(owner, key())
    rows = ledger.history(owner)[::-1]
    assert [row.seq for row in rows] == [1, 2, 3]
    assert [row.previous_hash for row in rows] == ["", rows[0].hash, rows[1].hash]
    assert CreditAccount.objects.get(owner_id=owner).head_hash == rows[2].hash


def test_words_of_any_kind_survive_and_hash_alike_on_both_databases(owner: int, key: Key) -> None:
    give(owner, 30, key())
    reason = 'Quote " backslash \\ tab \t newline \n bell \x07 del \x7f accent é emoji 🦊 / slash </script>'
    made = ledger.spend(owner, 1, job='j"', project="p", idempotency_key='k"\\', reason=reason, actor="Zoë\r", item=0)
    assert CreditTransaction.objects.get(pk=made.id).reason == reason


def test_a_long_reason_is_shortened_rather_than_refused(owner: int) -> None:
    made = ledger.grant(owner, 1, source="x", idempotency_key="g", reason="w" * 400)
    assert len(CreditTransaction.objects.get(pk=made.id).reason) == 300


def test_history_filters_and_pages_newest_first(owner: int, key: Key) -> None:
    give(owner, 30, key())
    for number in range(4):
        ledger.spend(owner, 1, job=f"j{number}", project=f"p{number % 2}", idempotency_key=key(), reason="x")
    assert [row.seq for row in ledger.history(owner, limit=2)] == [5, 4]
    assert [row.seq for row in ledger.history(owner, before_seq=4, limit=2)] == [3, 2]
    assert [row.seq for row in ledger.history(owner, project="p1")] == [5, 3]
    assert [row.seq for row in ledger.history(owner, type="GRANT_CREDIT")] == [1]


def test_the_money_of_many_jobs_is_read_at_once(owner: int, key: Key, django_assert_num_queries) -> None:
    give(owner, 30, key())
    charge(owner, 10, key(), job="a")
    charge(owner, 5, key(), job="b")
    give_back(owner, key(), 2, job="b")
    with django_assert_num_queries(1):
        assert ledger.jobs_money(["a", "b", "c"]) == {
            "a": ledger.JobMoney(10, 0),
            "b": ledger.JobMoney(5, 2),
            "c": ledger.JobMoney(0, 0),
        }


def test_entries_name_what_they_moved(owner: int, key: Key) -> None:
    give(owner, 4, key(), days_left=2)
    give(owner, 10, key())
    made = charge(owner, 9, key())
    assert list(CreditEntry.objects.filter(transaction_id=made.id).order_by("id").values_list("amount", flat=True)) == [
        -4,
        -5,
    ]
    assert CreditGrant.objects.filter(remaining=0).count() == 1


# ---- what is refused, in words ---------------------------------------------------------------------------------------------


def refusal(kind: type[Exception], act: Callable[[], object]) -> str:
    with pytest.raises(kind) as refused:
        act()
    return str(refused.value)


def test_every_refusal_is_one_sentence_with_its_numbers(owner: int, key: Key) -> None:
    give(owner, 1, key())
    assert refusal(ledger.InsufficientCredits, lambda: charge(owner, 2, key())) == (
        "This needs 2 credits and you have 1: 1 more to go."
    )
    charge(owner, 1, "s")
    assert refusal(ledger.InsufficientCredits, lambda: charge(owner, 1, key())) == (
        "This needs 1 credit and you have 0: 1 more to go."
    )
    assert refusal(ledger.OverRefund, lambda: give_back(owner, key(), 2)) == (
        "2 credits can't be refunded: only 1 of this charge are left."
    )
    assert refusal(ledger.NothingToRefund, lambda: give_back(owner, key(), job="job-9")) == (
        "Nothing was charged here, so there is nothing to refund."
    )
    assert refusal(ledger.IdempotencyConflict, lambda: charge(owner, 0, "s")) == (
        "This idempotency key was already used for a different request."
    )
    with pytest.raises(ledger.IdempotencyConflict) as conflict:
        give_back(owner, "s")
    assert conflict.value.key == "s"
    with pytest.raises(ledger.NothingToRefund) as nothing:
        give_back(owner, key(), job="job-9")
    assert nothing.value.job == "job-9"


def test_a_posting_that_cannot_be_booked_says_why(owner: int, key: Key) -> None:
    give(owner, 50, key())

    def adjust(amount: int, actor: str = "ann", reason: str = "x") -> ledger.Posting:
        return ledger.adjust(owner, amount, reason=reason, actor=actor, idempotency_key=key())

    cases = {
        "A correction must change the balance by at least one credit.": lambda: adjust(0),
        "A correction must name who made it.": lambda: adjust(5, actor=" "),
        "A posting has a reason.": lambda: adjust(5, reason=" \x00 "),
        "A charge or refund must name its job.": lambda: charge(owner, 1, key(), job=""),
        "An idempotency key has 1 to 120 characters.": lambda: charge(owner, 1, "k" * 121),
        "SPEND_CREDIT does not add credits.": lambda: ledger.grant(
            owner, 1, source="x", idempotency_key=key(), reason="x", type="SPEND_CREDIT"
        ),
        "Credits are whole numbers, here 1 or more, not 0.": lambda: give(owner, 0, key()),
        "Credits are whole numbers, here 0 or more, not -1.": lambda: give_back(owner, key(), -1),
        "Credits are whole numbers, here 0 or more, not True.": lambda: charge(owner, True, key()),
        "Credits are whole numbers, here 1 or more, not 1.5.": lambda: adjust(1.5),  # type: ignore[arg-type]
    }
    for words, act in cases.items():
        assert refusal(ValueError, act) == words
    assert refusal(ValueError, lambda: give_back(owner, key(), job="")) == "A charge or refund must name its job."
    assert charge(owner, 1, "k" * 120).amount == -1, "as long as a key may be"
    assert CreditTransaction.objects.count() == 2


# ---- what a row says --------------------------------------------------------------------------------------------------------


def test_a_row_says_who_what_and_where(owner: int, key: Key) -> None:
    ends = days(3)
    ledger.grant(owner, 30, source="plan:launch", idempotency_key="g", reason=" Given ", actor=" ann ", expires_at=ends)
    ledger.spend(owner, 17, job="j", project="p", idempotency_key="s", reason="Charged", item=3, actor="bob")
    ledger.refund(owner, job="j", project="p", idempotency_key="r", reason="Returned", amount=2, item=3, actor="eve")
    ledger.adjust(owner, -1, reason="Wrong", actor="ann", idempotency_key="a")
    ledger.adjust(owner, 2, reason="Right", actor="ann", idempotency_key="b")
    said = CreditTransaction.objects.order_by("seq").values_list(
        "type", "contra", "amount", "job", "project", "item", "reason", "actor", "idempotency_key"
    )
    assert list(said) == [
        ("GRANT_CREDIT", "promo", 30, "", "", None, "Given", "ann", "g"),
        ("SPEND_CREDIT", "revenue", -17, "j", "p", 3, "Charged", "bob", "s"),
        ("REFUND_CREDIT", "revenue", 2, "j", "p", 3, "Returned", "eve", "r"),
        ("ADJUST_CREDIT", "correction", -1, "", "", None, "Wrong", "ann", "a"),
        ("ADJUST_CREDIT", "correction", 2, "", "", None, "Right", "ann", "b"),
    ]
    grants = CreditGrant.objects.order_by("id").values_list("source", "amount", "remaining", "expires_at", "created_at")
    assert list(grants) == [
        ("plan:launch", 30, 14, ends, ports.now()), ("correction", 2, 2, None, ports.now()),
    ]  # fmt: skip
    assert set(CreditTransaction.objects.values_list("created_at", flat=True)) == {ports.now()}


def test_an_expiry_names_the_grant_it_ends(owner: int, key: Key, clock: ports.FixedClock) -> None:
    give(owner, 9, key(), days_left=1, source="plan:launch")
    clock.advance(DAY)
    ledger.expire_due()
    row = CreditTransaction.objects.get(type="EXPIRE_CREDIT")
    grant = CreditGrant.objects.get()
    assert (row.amount, row.contra, row.actor) == (-9, "breakage", "")
    assert row.reason == "Unused credits expired (plan:launch)"
    assert row.idempotency_key == f"expire:{grant.pk}:2"


def test_a_reason_as_long_as_it_may_be_is_kept_and_a_longer_one_ends_in_dots(owner: int) -> None:
    whole = ledger.grant(owner, 1, source="x", idempotency_key="g1", reason="w" * 300, actor="a" * 200)
    cut = ledger.grant(owner, 1, source="x", idempotency_key="g2", reason="w" * 301)
    assert CreditTransaction.objects.get(pk=whole.id).reason == "w" * 300
    assert CreditTransaction.objects.get(pk=whole.id).actor == "a" * 120
    assert CreditTransaction.objects.get(pk=cut.id).reason == "w" * 299 + "…"


def test_each_row_of_the_books_reads_as_one_line(owner: int, key: Key) -> None:
    from elistit.credits import plans, prices, quotes

    give(owner, 30, key())
    charge(owner, 17, key())
    account, grant = CreditAccount.objects.get(), CreditGrant.objects.get()
    lines = prices.quote_lines("clipart", "builtin/watercolor", 15)
    assert [str(row) for row in CreditTransaction.objects.order_by("seq")] == [
        "GRANT_CREDIT +30 → 30",
        "SPEND_CREDIT -17 → 13",
    ]
    assert str(account) == f"account {account.pk}: 13"
    assert str(grant) == "13 of 30 (trial)"
    assert [str(entry) for entry in CreditEntry.objects.order_by("id")] == [f"+30 on {grant.pk}", f"-17 on {grant.pk}"]
    assert str(quotes.freeze(owner, "clipart", "builtin/watercolor", 15, lines)) == "17 credits for 15 clipart"
    assert str(plans.start(owner, "launch")) == "launch of seller@example.com"


# ---- the same request again, and another one under its key ------------------------------------------------------------------


def test_what_a_request_does_is_its_digest_and_its_words_are_not(owner: int, key: Key) -> None:
    """A second request under a key is another one when anything but its words differs, for every kind of posting."""
    give(owner, 30, "g", source="a", days_left=3)
    charge(owner, 5, "s", item=1)
    give_back(owner, "r", 1, item=1)
    give_back(owner, "rest")
    ledger.adjust(owner, 5, reason="x", actor="ann", idempotency_key="a")
    others = {
        "g": [lambda: give(owner, 30, "g", source="b", days_left=3), lambda: give(owner, 30, "g", source="a", days_left=4),
              lambda: ledger.grant(owner, 30, source="a", idempotency_key="g", reason="x", expires_at=days(3), type="PURCHASE_CREDIT")],
        "s": [lambda: charge(owner, 5, "s", item=2), lambda: charge(owner, 5, "s", job="j", item=1),
              lambda: ledger.spend(owner, 5, job="job-1", project="p-2", idempotency_key="s", reason="x", item=1)],
        "r": [lambda: give_back(owner, "r", 2, item=1), lambda: give_back(owner, "r", 1, item=2), lambda: give_back(owner, "r", item=1),
              lambda: ledger.refund(owner, job="job-1", project="p-2", idempotency_key="r", reason="x", amount=1, item=1)],
        "rest": [lambda: give_back(owner, "rest", 4)],
        "a": [lambda: ledger.adjust(owner, 6, reason="x", actor="ann", idempotency_key="a"),
              lambda: ledger.adjust(owner, -5, reason="x", actor="ann", idempotency_key="a"),
              lambda: ledger.grant(owner, 5, source="correction", idempotency_key="a", reason="x")],
    }  # fmt: skip
    for acts in others.values():
        for act in acts:
            with pytest.raises(ledger.IdempotencyConflict):
                act()
    again = ledger.adjust(owner, 5, reason="y", actor="eve", idempotency_key="a")
    assert again.replayed and (again.type, again.amount, again.balance_after) == ("ADJUST_CREDIT", 5, 35)
    assert give(owner, 30, "g", source="a", days_left=3).replayed
    assert CreditTransaction.objects.count() == 5


def test_a_grants_key_in_another_sellers_hand_is_a_conflict(owner: int) -> None:
    give(owner, 30, "g")
    other = User.objects.create_user("other@example.com").pk
    with pytest.raises(ledger.IdempotencyConflict):
        give(other, 30, "g")


# ---- the edges ----------------------------------------------------------------------------------------------------------------


def test_a_balance_that_is_just_enough_is_enough(owner: int, key: Key) -> None:
    give(owner, 10, key())
    assert charge(owner, 10, key()).balance_after == 0
    give(owner, 4, key())
    assert ledger.adjust(owner, -4, reason="x", actor="ann", idempotency_key=key()).balance_after == 0


def test_a_grant_ends_at_its_instant_and_not_before(owner: int, key: Key, clock: ports.FixedClock) -> None:
    give(owner, 10, key(), days_left=1)
    charge(owner, 4, key())
    clock.advance(DAY - 0.001)
    assert ledger.balance(owner) == 6 and held(owner) == [("trial", 6)] and ledger.expire_due() == 0
    give_back(owner, key(), 1)
    assert held(owner) == [("trial", 7)], "still its own grant"
    clock.advance(0.001)
    assert ledger.balance(owner) == 0 and held(owner) == []
    give_back(owner, key())
    assert [(g.source, g.remaining, g.expires_at) for g in ledger.grants(owner)] == [("returned", 3, days(7))]


def test_a_correction_down_cannot_use_credits_that_have_ended(owner: int, key: Key, clock: ports.FixedClock) -> None:
    give(owner, 10, key(), days_left=1)
    give(owner, 3, key(), source="forever")
    clock.advance(DAY)
    with pytest.raises(ledger.InsufficientCredits) as refused:
        ledger.adjust(owner, -4, reason="x", actor="ann", idempotency_key=key())
    assert (refused.value.needed, refused.value.balance) == (4, 3)


def test_sweeping_a_seller_without_an_account_finds_nothing(owner: int) -> None:
    assert ledger.expire_due(owner) == 0
    assert not CreditAccount.objects.exists()


def test_a_sweep_takes_the_soonest_end_first_and_numbers_on(owner: int, key: Key, clock: ports.FixedClock) -> None:
    give(owner, 2, key(), days_left=2, source="second")
    give(owner, 1, key(), days_left=1, source="first")
    clock.advance(3 * DAY)
    assert ledger.expire_due(owner) == 2
    rows = (
        CreditTransaction.objects.filter(type="EXPIRE_CREDIT")
        .order_by("seq")
        .values_list("seq", "amount", "balance_after")
    )
    assert list(rows) == [(3, -1, 2), (4, -2, 0)]


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


def test_grants_are_shown_to_their_owner_alone(owner: int, key: Key) -> None:
    other = User.objects.create_user("other@example.com").pk
    give(owner, 5, key(), source="mine")
    give(other, 7, key(), source="theirs")
    assert (held(owner), held(other)) == ([("mine", 5)], [("theirs", 7)])


@pytest.mark.parametrize("amount", [1, -1])
def test_a_correction_by_one_credit_moves_one_credit(owner: int, key: Key, amount: int) -> None:
    give(owner, 5, key())
    ledger.adjust(owner, amount, reason="Miscounted", actor="ann", idempotency_key=key())
    assert ledger.balance(owner) == 5 + amount


def test_history_shows_fifty_rows_unless_told(owner: int, key: Key) -> None:
    for _ in range(51):
        charge(owner, 0, key(), job=key())
    assert len(ledger.history(owner)) == 50
    assert [row.seq for row in ledger.history(owner, before_seq=2)] == [1]


def test_the_money_of_no_job_is_none(owner: int, key: Key) -> None:
    give(owner, 5, key())
    assert ledger.jobs_money(["", "a"]) == {"": ledger.JobMoney(), "a": ledger.JobMoney()}
    assert ledger.JobMoney().net == 0


# ---- faults of the books themselves -------------------------------------------------------------------------------------------


def test_a_fault_of_the_database_is_not_taken_for_a_key_used_twice(
    owner: int, key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise IntegrityError("some other promise of the database")

    give(owner, 5, key())
    monkeypatch.setattr(ledger.posting, "append", broken)
    monkeypatch.setattr(ledger.posting, "spend_in_one", broken)
    for act in (lambda: give(owner, 5, key()), lambda: charge(owner, 1, key())):
        with pytest.raises(IntegrityError, match="some other promise"), transaction.atomic():
            act()


@pytest.mark.parametrize("words", ["UNIQUE: idempotency_key", "the books already hold this transaction, key or seq"])
def test_a_key_taken_by_another_account_meanwhile_is_a_conflict(
    owner: int, key: Key, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    def taken(*_: object) -> None:
        raise IntegrityError(words)

    give(owner, 5, key())
    monkeypatch.setattr(ledger.posting, "append", taken)
    monkeypatch.setattr(ledger.posting, "spend_in_one", taken)
    # A spend on PostgreSQL is one statement, which only names the key.
    acts = [lambda: give(owner, 5, "mine"), *([lambda: charge(owner, 1, "mine")] if "UNIQUE" in words else [])]
    for act in acts:
        with pytest.raises(ledger.IdempotencyConflict) as refused:
            act()
        assert refused.value.key == "mine"


def test_entries_that_do_not_sum_are_never_written(owner: int, key: Key) -> None:
    give(owner, 5, key())
    with (
        pytest.raises(AssertionError, match=r"^the entries of a transaction must sum to its amount$"),
        transaction.atomic(),
    ):
        account = ledger.posting.take(owner)
        assert account is not None
        draws = ledger.posting.burn(account, 9)  # more than the grants hold
        words = ledger.posting.Words("k", "", "x")
        ledger.posting.append(account, "ADJUST_CREDIT", -9, draws, words, ports.now())
    assert [draw.amount for draw in draws] == [-5]
    assert CreditTransaction.objects.count() == 1


def test_the_guards_of_the_books_may_be_installed_again(owner: int, key: Key) -> None:
    migration = importlib.import_module("elistit.credits.migrations.0002_the_database_refuses")
    with connection.cursor() as cursor:
        editor = SimpleNamespace(connection=connection, execute=lambda sql, params=None: cursor.execute(sql))
        migration.guard(None, editor)
        migration.leaner(None, editor)
        give(owner, 5, key())
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("DELETE FROM credits_credittransaction")
    assert ledger.balance(owner) == 5
