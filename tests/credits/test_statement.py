"""A seller's statement: complete, hash-chained, and checked offline against every way of tampering we can think of."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from typing import Any

import pytest

from elistit import ports
from elistit.credits import chain, ledger, statement

pytestmark = pytest.mark.django_db
Document = dict[str, Any]


@pytest.fixture
def document(owner: int, clock: ports.FixedClock) -> Document:
    ends = ports.now() + ports.dt.timedelta(days=3)
    ledger.grant(owner, 10, source="plan", idempotency_key="g1", reason="Allowance", expires_at=ends)
    ledger.grant(owner, 30, source="trial", idempotency_key="g2", reason="Trial, “as promised”")
    ledger.spend(owner, 17, job="j", project="p", idempotency_key="s", reason="=Clipart, 15 images")
    clock.advance(5 * 86400)
    ledger.refund(owner, job="j", project="p", idempotency_key="r", reason="Failed")
    clock.advance(40 * 86400)
    ledger.expire_due()
    return json.loads(statement.to_json(statement.export(owner)))  # type: ignore[no-any-return]


def test_an_exported_statement_holds(document: Document) -> None:
    assert statement.verify(document) == []
    assert (document["seq"], document["balance"]) == (5, 30)
    assert [row["type"] for row in document["transactions"]][-1] == "EXPIRE_CREDIT"


def test_a_seller_without_an_account_has_an_empty_statement_that_holds(owner: int) -> None:
    assert statement.verify(statement.export(owner)) == []


def rehash(document: Document) -> None:
    """What a careful forger would do: make every hash after the change right again."""
    head = ""
    for row in document["transactions"]:
        row["previous_hash"] = head
        head = row["hash"] = chain.row_hash(row)


def at(row: int, field: str, value: Any) -> Callable[[Document], None]:
    return lambda document: document["transactions"][row].__setitem__(field, value)


TAMPERINGS: dict[str, Callable[[Document], Any]] = {
    "an amount": at(1, "amount", 31),
    "a balance": at(2, "balance_after", 24),
    "a reason": at(2, "reason", "Something else"),
    "a time": at(2, "created_at", "2026-11-23T09:00:00.000000Z"),
    "a project": at(2, "project", "q"),
    "a type": at(1, "type", "PURCHASE_CREDIT"),
    "a key": at(2, "idempotency_key", "other"),
    "an entry": lambda d: d["transactions"][2]["entries"][0].__setitem__(1, -9),
    "a hash": at(3, "hash", "0" * 64),
    "a row taken out": lambda d: d["transactions"].pop(2),
    "the last row cut off": lambda d: d["transactions"].pop(),
    "the first row cut off": lambda d: d["transactions"].pop(0),
    "two rows swapped": lambda d: d["transactions"].insert(1, d["transactions"].pop(2)),
    "a row twice": lambda d: d["transactions"].insert(2, d["transactions"][2]),
    "the balance on top": lambda d: d.__setitem__("balance", 31),
    "the head hash on top": lambda d: d.__setitem__("head_hash", "0" * 64),
    "the count on top": lambda d: d.__setitem__("seq", 6),
    "a grant's remainder": lambda d: d["grants"][1].__setitem__("remaining", 29),
    "a grant left out": lambda d: d["grants"].pop(),
    "another account's row": at(4, "account", 999),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_a_statement_tampered_with_is_found(document: Document, what: str) -> None:
    TAMPERINGS[what](document)
    assert statement.verify(document) != []


@pytest.mark.parametrize(
    "what", ["an amount", "a row taken out", "an entry", "a balance", "two rows swapped", "a reason"]
)
def test_a_forger_who_makes_every_hash_right_again_is_still_found(document: Document, what: str) -> None:
    TAMPERINGS[what](document)
    rehash(document)
    assert statement.verify(document) != []


@pytest.mark.parametrize(
    "rubbish",
    [None, [], {}, "x", {"format": statement.FORMAT}, {"format": statement.FORMAT, "transactions": [1]},
     {"format": statement.FORMAT, "transactions": [{}]},
     {"format": statement.FORMAT, "transactions": [{"seq": 1, "entries": 5}], "grants": 3},
     {"format": statement.FORMAT, "transactions": [], "grants": [{}], "seq": 0, "head_hash": "", "balance": 0}],
)  # fmt: skip
def test_rubbish_is_answered_in_words(rubbish: Any) -> None:
    problems = statement.verify(rubbish)
    assert problems and all(problem.endswith(".") for problem in problems)


def test_a_bool_for_a_number_is_found(document: Document) -> None:
    document["transactions"][2]["amount"] = True
    assert statement.verify(document) != []


def test_the_csv_has_every_row_and_no_formula(owner: int, document: Document) -> None:
    rows = list(csv.DictReader("".join(statement.csv_lines(owner)).splitlines()))
    assert [int(row["amount"]) for row in rows] == [10, 30, -17, 17, -10]
    assert [int(row["balance"]) for row in rows] == [10, 40, 23, 40, 30]
    assert rows[2]["reason"] == "'=Clipart, 15 images"
