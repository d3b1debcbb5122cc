"""What the ledger refuses, with its message, and that nothing is written then (rules §7)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from elistit import ports
from elistit.accounts.models import User
from elistit.credits import ledger
from elistit.credits.models import CreditAccount, CreditTransaction
from tests.credits.postings import Key, charge, days, give, give_back

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_hold")]


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
