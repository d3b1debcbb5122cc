"""What makes two requests the same, written out (rules §7: same key, same answer).

The digest stands in rows that are never changed, so its document is fixed for ever: a retry that arrives after an update of
the software must still be recognised as the request of before.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable

import pytest

from elistit import ports
from elistit.credits import ledger
from elistit.credits.models import CreditTransaction

pytestmark = pytest.mark.django_db
Key = Callable[[], str]


def stands_for(posting: ledger.Posting, document: str) -> bool:
    row = CreditTransaction.objects.get(pk=posting.id)
    return row.request_digest == hashlib.sha256(document.encode()).hexdigest()


def test_the_document_of_a_grant(owner: int, key: Key) -> None:
    ends = dt.datetime(2031, 5, 6, 7, 8, 9, tzinfo=dt.UTC)
    made = ledger.grant(owner, 30, source="plan", idempotency_key=key(), reason="Allowance", expires_at=ends)
    said = f'{{"amount":30,"expires_at":"2031-05-06T07:08:09.000000Z","owner":{owner},"source":"plan","type":"GRANT_CREDIT"}}'
    assert stands_for(made, said)


def test_the_document_of_a_purchase_without_end(owner: int, key: Key) -> None:
    made = ledger.grant(owner, 7, source="pack", idempotency_key=key(), reason="Bought", type="PURCHASE_CREDIT")
    assert stands_for(
        made, f'{{"amount":7,"expires_at":null,"owner":{owner},"source":"pack","type":"PURCHASE_CREDIT"}}'
    )


def test_the_documents_of_a_charge_and_of_what_comes_back(owner: int, key: Key) -> None:
    ledger.grant(owner, 30, source="trial", idempotency_key=key(), reason="Trial")
    charged = ledger.spend(owner, 9, job="job-1", project="p-1", idempotency_key=key(), reason="Clipart", item=4)
    part = ledger.refund(owner, job="job-1", project="p-1", idempotency_key=key(), reason="Image 4", amount=2, item=4)
    rest = ledger.refund(owner, job="job-1", project="p-1", idempotency_key=key(), reason="Failed")
    same = f'"job":"job-1","owner":{owner},"project":"p-1"'
    assert stands_for(charged, f'{{"amount":9,"item":4,{same},"type":"SPEND_CREDIT"}}')
    assert stands_for(part, f'{{"amount":2,"item":4,{same},"type":"REFUND_CREDIT"}}')
    assert stands_for(rest, f'{{"amount":"rest","item":null,{same},"type":"REFUND_CREDIT"}}')


@pytest.mark.parametrize("amount", [5, -5])
def test_the_document_of_a_correction(owner: int, key: Key, amount: int) -> None:
    ledger.grant(owner, 30, source="trial", idempotency_key=key(), reason="Trial")
    made = ledger.adjust(owner, amount, reason="Miscounted", actor="staff@example.com", idempotency_key=key())
    assert stands_for(made, f'{{"amount":{amount},"owner":{owner},"type":"ADJUST_CREDIT"}}')


def test_the_document_of_credits_that_reach_their_end(owner: int, key: Key, clock: ports.FixedClock) -> None:
    ends = ports.now() + dt.timedelta(days=1)
    ledger.grant(owner, 30, source="trial", idempotency_key=key(), reason="Trial", expires_at=ends)
    (held,) = ledger.grants(owner)
    clock.advance(2 * 86400)
    assert ledger.expire_due() == 1
    row = CreditTransaction.objects.get(type="EXPIRE_CREDIT")
    said = f'{{"account":{row.account_id},"amount":-30,"grant":"{held.id}","type":"EXPIRE_CREDIT"}}'
    assert row.request_digest == hashlib.sha256(said.encode()).hexdigest()
    assert row.idempotency_key == f"expire:{held.id}:2"


@pytest.fixture
def _ids_that_fall(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = iter(range(999, 0, -1))
    monkeypatch.setattr(ports, "new_id", lambda: f"{next(numbers):026d}")


@pytest.mark.usefixtures("_ids_that_fall")
def test_grants_that_end_together_are_shown_in_the_order_they_are_used(owner: int, key: Key) -> None:
    for source in ("first", "second"):
        ledger.grant(owner, 10, source=source, idempotency_key=key(), reason="Given")
    shown = [grant.source for grant in ledger.grants(owner)]
    ledger.spend(owner, 10, job="job-1", project="p-1", idempotency_key=key(), reason="Clipart")
    assert shown == ["second", "first"]
    assert [grant.source for grant in ledger.grants(owner)] == ["first"]
