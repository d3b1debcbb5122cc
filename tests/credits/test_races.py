"""What the books promise when many hands reach for them at once: real threads, real connections, both databases."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from elistit.accounts.models import User
from elistit.credits import audit_books, ledger, plans, statement
from elistit.credits.models import CreditAccount, CreditTransaction

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def owner() -> int:
    return User.objects.create_user("racer@example.com").pk


def together(number: int, act: Callable[[int], Any]) -> list[Any]:
    """Run `act(0) … act(number - 1)` in threads that start at one moment; their answers or exceptions, in order."""
    answers: list[Any] = [None] * number
    start = threading.Barrier(number)

    def one(index: int) -> None:
        try:
            start.wait(60)
            answers[index] = act(index)
        except Exception as error:
            answers[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(index,)) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive()
    return answers


def the_books_hold(owner: int) -> None:
    for name, check in audit_books.CHECKS.items():
        assert [found for found in check() if isinstance(found, str)] == [], name
    assert statement.verify(statement.export(owner)) == []


def give(owner: int, amount: int, key: str) -> None:
    ledger.grant(owner, amount, source="trial", idempotency_key=key, reason="Given")


def test_eight_threads_draining_one_account_stop_at_zero(owner: int) -> None:
    for number in range(10):
        give(owner, 13, f"g{number}")  # 130 credits in ten grants; 8 × 10 tries of 3 need 240.

    def drain(index: int) -> Counter[str]:
        done: Counter[str] = Counter()
        for number in range(10):
            key = f"{index}-{number}"
            try:
                ledger.spend(owner, 3, job=key, project="p", idempotency_key=key, reason="Drain")
                done["spent"] += 1
            except ledger.InsufficientCredits:
                done["short"] += 1
        return done

    done = sum(together(8, drain), Counter())
    assert done == {"spent": 43, "short": 37}
    assert ledger.balance(owner) == 130 - 43 * 3
    the_books_hold(owner)


def test_one_key_from_eight_threads_is_one_row(owner: int) -> None:
    give(owner, 100, "g")
    answers = together(
        8, lambda _: ledger.spend(owner, 7, job="j", project="p", idempotency_key="same", reason="Launch")
    )
    assert {answer.id for answer in answers} == {CreditTransaction.objects.get(idempotency_key="same").pk}
    assert sorted(answer.replayed for answer in answers) == [False] + [True] * 7
    assert ledger.balance(owner) == 93
    the_books_hold(owner)


def test_one_key_from_two_sellers_is_one_row_and_one_conflict(owner: int) -> None:
    owners = [owner, User.objects.create_user("second@example.com").pk]
    for number, each in enumerate(owners):
        give(each, 50, f"g{number}")
    for turn in range(20):
        answers = together(
            2,
            lambda i: ledger.spend(owners[i], 1, job=f"j{i}", project="p", idempotency_key=f"k{turn}", reason="x"),  # noqa: B023
        )
        assert sorted(type(answer).__name__ for answer in answers) == ["IdempotencyConflict", "Posting"]
    the_books_hold(owner)


def test_a_thousand_refunds_raced_two_at_a_time_return_each_charge_exactly_once(owner: int) -> None:
    """Odd jobs race under one key (one row), even ones under two keys (one refund and one closing row of 0)."""
    races = 1000
    give(owner, races * 2, "g")
    with transaction.atomic():
        for number in range(races):
            ledger.spend(owner, 2, job=f"j{number}", project="p", idempotency_key=f"s{number}", reason="Launch")
    turn = threading.Barrier(2)

    def refund(index: int) -> None:
        for number in range(races):
            key = f"r{number}" if number % 2 else f"r{number}-{index}"
            turn.wait(60)
            ledger.refund(owner, job=f"j{number}", project="p", idempotency_key=key, reason="Failed")

    assert together(2, refund) == [None, None]
    money = ledger.jobs_money([f"j{number}" for number in range(races)])
    assert Counter((each.charged, each.refunded) for each in money.values()) == {(2, 2): races}
    amounts = Counter(CreditTransaction.objects.filter(type="REFUND_CREDIT").values_list("amount", flat=True))
    assert amounts == {2: races, 0: races // 2}
    assert ledger.balance(owner) == races * 2
    the_books_hold(owner)


def test_part_refunds_raced_never_add_up_to_more_than_the_charge(owner: int) -> None:
    give(owner, 100, "g")
    ledger.spend(owner, 10, job="j", project="p", idempotency_key="s", reason="Launch")
    answers = together(
        8, lambda i: ledger.refund(owner, job="j", project="p", idempotency_key=f"r{i}", reason="x", amount=3, item=i)
    )
    assert Counter(type(answer).__name__ for answer in answers) == {"Posting": 3, "OverRefund": 5}
    assert ledger.job_money("j") == ledger.JobMoney(10, 9)
    the_books_hold(owner)


def test_an_account_opened_by_eight_threads_is_one_account(owner: int) -> None:
    answers = together(8, lambda _: ledger.open_account(owner).pk)
    assert len(set(answers)) == 1 == CreditAccount.objects.count()


def test_a_trial_started_by_eight_threads_comes_once(owner: int) -> None:
    answers = together(8, lambda _: plans.start_trial(owner))
    assert sorted(answer.replayed for answer in answers) == [False] + [True] * 7
    assert ledger.balance(owner) == 30


def test_expiry_raced_by_spends_takes_each_grant_once(owner: int, clock) -> None:
    from elistit import ports

    for number in range(6):
        ends = ports.now() + ports.dt.timedelta(days=number + 1)
        ledger.grant(owner, 5, source="x", idempotency_key=f"g{number}", reason="x", expires_at=ends)
    give(owner, 50, "forever")
    clock.advance(3 * 86400)

    def act(index: int) -> Any:
        if index % 2:
            return ledger.expire_due()
        return ledger.spend(owner, 2, job=f"j{index}", project="p", idempotency_key=f"s{index}", reason="x")

    answers = together(8, act)
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert CreditTransaction.objects.filter(type="EXPIRE_CREDIT", amount=-5).count() == 3
    assert ledger.balance(owner) == 15 + 50 - 8
    the_books_hold(owner)


def test_a_renewal_raced_by_four_workers_brings_one_allowance(owner: int, clock) -> None:
    plans.start(owner, "launch")
    clock.advance(31 * 86400)
    answers = together(4, lambda _: plans.renew_due())
    assert sum(answers) == 1
    assert ledger.balance(owner) == 240
    the_books_hold(owner)
