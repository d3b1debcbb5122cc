"""The shortcuts of a posting: what they save (statements, layers, general encoders) changes no answer and no row
(docs/decisions/0072)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext
from ulid import ULID

from elistit import ports
from elistit.accounts.models import User
from elistit.credits import audit_books, chain, ledger, posting
from elistit.credits.models import CreditEntry, CreditGrant, CreditTransaction
from tests.credits.postings import Key, charge, give

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_hold")]

NASTY = ["", "plain", 'a "quote" and a \\', "tab\tline\nnul-free\x01\x1f\x7f", "é ü 漢字 🐳 \u2028 \ud7ff", "</script>"]


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("item", [None, 0, 7])
@pytest.mark.parametrize("entries", [[], [["g1", -3, None]], [["g1", -3, None], ['g"2', 5, "g1"]]])
def test_the_quick_hash_of_a_row_is_the_hash_of_its_document(text: str, item: int | None, entries: list[Any]) -> None:
    row = dict.fromkeys(chain.FIELDS, text) | {
        "account": 1, "amount": -(10**12), "balance_after": 0, "seq": 9, "item": item, "entries": entries,
    }  # fmt: skip
    assert chain.posted_hash(row) == chain.row_hash(row)


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("item", [None, 0, 7, "null", "7"])
def test_the_audit_spells_the_same_document(text: str, item: Any) -> None:
    fields = ("account", "seq", "id", "type", "contra", "amount", "balance_after", "job", "project", "item",
              "idempotency_key", "request_digest", "reason", "actor", "created_at", "previous_hash")  # fmt: skip
    row = dict.fromkeys(chain.FIELDS, text) | {
        "account": 1, "amount": -3, "balance_after": 0, "seq": 9, "item": item, "entries": [["g1", -3, None]],
        "created_at": "2026-11-22T09:00:00.000001Z",
    }  # fmt: skip
    stored = row | {"created_at": "2026-11-22 09:00:00.000001"}
    made = audit_books.document(tuple(stored[field] for field in fields), ['["g1",-3,null]'])
    assert made == chain.canonical(row)


@pytest.mark.parametrize("text", NASTY)
def test_the_quick_digest_of_a_request_is_that_of_its_document(text: str) -> None:
    body: ledger.Body = {"type": text, "owner": 3, "amount": -5, "job": text, "item": None, "é": 0}
    assert chain.request_digest(body) == chain.sha256(chain.canonical(body))


def test_an_id_is_spelled_as_the_standard_says() -> None:
    with ports.use_entropy(lambda n: bytes(range(246, 246 + n))):
        made = ports.new_id()
    at = int(ports.now().timestamp() * 1000)
    assert made == str(ULID(at.to_bytes(6, "big") + bytes(range(246, 256))))


def test_whoever_watches_the_connection_is_shown_every_statement_of_a_posting(owner: int, key: Key) -> None:
    give(owner, 10, key())
    seen: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        watched = charge(owner, 3, key())
    with CaptureQueriesContext(connection) as logged:
        charge(owner, 3, key())
    unwatched = charge(owner, 3, key())
    ours = [sql for sql in seen if "credits_" in sql]
    if connection.vendor == "postgresql":
        assert ours == [posting.SPEND]
    else:
        assert ours == [posting.STANDING, posting.APPEND, posting.ENTRY]
    assert len([query for query in logged.captured_queries if "credits_" in query["sql"]]) == len(ours)
    assert (watched.balance_after, unwatched.balance_after) == (7, 1)


def test_a_posting_in_a_broken_transaction_is_refused(owner: int, key: Key) -> None:
    give(owner, 10, key())
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(TransactionManagementError):
            posting.known("k")
        transaction.set_rollback(False)


@pytest.mark.parametrize("amount", [0, 3, 5, 6, 12, 15])
def test_a_spend_takes_from_as_many_grants_as_it_needs(owner: int, key: Key, amount: int) -> None:
    give(owner, 5, key(), source="forever")
    give(owner, 5, key(), days_left=20, source="late")
    give(owner, 5, key(), days_left=5, source="soon")
    made = charge(owner, amount, key())
    assert made.balance_after == 15 - amount
    drawn = [-entry.amount for entry in CreditEntry.objects.filter(transaction=made.id).order_by("id")]
    assert drawn == [part for part in (min(5, amount), min(5, max(0, amount - 5)), max(0, amount - 10)) if part]


def test_a_spend_whose_key_is_known_is_replayed_though_the_credits_are_gone_or_have_expired(
    owner: int, key: Key, clock: ports.FixedClock
) -> None:
    give(owner, 5, key(), days_left=1, source="soon")
    give(owner, 5, key(), days_left=2, source="late")
    first = charge(owner, 3, "s")
    charge(owner, 7, "rest")
    assert charge(owner, 3, "s").replayed  # nothing is left
    give(owner, 5, key(), days_left=1, source="more")
    clock.advance(2 * 24 * 3600)
    again = charge(owner, 3, "s")  # a grant is due
    assert (again.id, again.replayed) == (first.id, True)
    assert CreditGrant.objects.get(source="more").remaining == 5
    assert not CreditTransaction.objects.filter(type="EXPIRE_CREDIT").exists()


def test_a_spend_of_nothing_sweeps_and_writes_its_row(owner: int, key: Key, clock: ports.FixedClock) -> None:
    give(owner, 5, key(), days_left=1, source="soon")
    clock.advance(2 * 24 * 3600)
    assert charge(owner, 0, key()).balance_after == 0
    types = list(CreditTransaction.objects.order_by("seq").values_list("type", flat=True))
    assert types == ["GRANT_CREDIT", "EXPIRE_CREDIT", "SPEND_CREDIT"]


def test_a_row_of_any_fraction_of_a_second_has_the_hash_the_audit_expects(
    owner: int, key: Key, clock: ports.FixedClock
) -> None:
    for fraction in (0, 0.25, 0.25, 0.499999, 0.000001):
        clock.advance(fraction)
        give(owner, 1, key())  # `books_hold` runs the audit


def test_a_spent_key_in_the_hand_of_a_seller_without_an_account_is_a_conflict(owner: int, key: Key) -> None:
    give(owner, 5, key())
    charge(owner, 5, "s")
    other = User.objects.create_user("other@example.com").pk
    with pytest.raises(ledger.IdempotencyConflict):
        charge(other, 5, "s")
    assert CreditTransaction.objects.count() == 2
