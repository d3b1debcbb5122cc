"""The database itself refuses what must never happen to the books, whoever asks and by whatever road."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import Error, connection, transaction

from elistit.credits import ledger, prices, quotes

pytestmark = pytest.mark.django_db


def run(sql: str, *params: Any) -> list[tuple[Any, ...]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall()) if cursor.description else []


def books() -> list[Any]:
    tables = ("creditaccount", "creditgrant", "credittransaction", "creditentry", "quote")
    return [run(f"SELECT * FROM credits_{table} ORDER BY id") for table in tables]


@pytest.fixture
def booked(owner: int) -> int:
    ledger.grant(owner, 30, source="trial", idempotency_key="g", reason="Trial")
    ledger.spend(owner, 17, job="j", project="p", idempotency_key="s", reason="Clipart")
    ledger.refund(owner, job="j", project="p", idempotency_key="r", reason="Item 3", amount=1, item=3)
    quotes.freeze(owner, "clipart", "builtin/watercolor", 15, prices.quote_lines("clipart", "builtin/watercolor", 15))
    return owner


ROW = (
    "INSERT INTO credits_credittransaction(id, account_id, seq, type, contra, amount, balance_after, job, project,"
    " idempotency_key, request_digest, reason, actor, created_at, previous_hash, hash)"
    " SELECT 'x', id, seq + {gap}, '{type}', '{contra}', {amount}, balance + {after}, '{job}', '', 'forged', '', '{reason}',"
    " '', created_at, head_hash, 'h' FROM credits_creditaccount"
)


def row(
    type: str, contra: str, amount: int, *, gap: int = 1, after: int | None = None, job: str = "j", reason: str = "x"
) -> str:
    return ROW.format(
        type=type,
        contra=contra,
        amount=amount,
        gap=gap,
        after=amount if after is None else after,
        job=job,
        reason=reason,
    )


FORGERIES = {
    "a transaction is changed": "UPDATE credits_credittransaction SET amount = amount + 1 WHERE seq = 1",
    "a reason is reworded": "UPDATE credits_credittransaction SET reason = 'better' WHERE seq = 1",
    "a transaction is deleted": "DELETE FROM credits_credittransaction WHERE seq = 3",
    "an entry is changed": "UPDATE credits_creditentry SET amount = amount + 1",
    "an entry is deleted": "DELETE FROM credits_creditentry",
    "a quote is changed": "UPDATE credits_quote SET total = 1",
    "a quote is deleted": "DELETE FROM credits_quote",
    "an account is deleted": "DELETE FROM credits_creditaccount",
    "a balance moves alone": "UPDATE credits_creditaccount SET balance = balance + 5",
    "a balance and its seq move without a row": "UPDATE credits_creditaccount SET balance = balance + 5, seq = seq + 1",
    "a seq moves alone": "UPDATE credits_creditaccount SET seq = seq + 1",
    "a head hash is replaced": "UPDATE credits_creditaccount SET head_hash = 'x'",
    "an account opens with credits": "INSERT INTO credits_creditaccount(id, owner_id, balance, seq, head_hash, created_at)"
    " SELECT 99, 99, 5, 0, '', created_at FROM credits_creditaccount",
    "a grant is refilled": "UPDATE credits_creditgrant SET remaining = amount",
    "a grant is emptied": "UPDATE credits_creditgrant SET remaining = 0",
    "a grant is enlarged": "UPDATE credits_creditgrant SET amount = amount + 100",
    "a grant lives longer": "UPDATE credits_creditgrant SET expires_at = created_at",
    "a grant is deleted": "DELETE FROM credits_creditgrant",
    "a grant opens full": "INSERT INTO credits_creditgrant(id, account_id, amount, remaining, source, created_at)"
    " SELECT 'x', id, 5, 5, 'x', created_at FROM credits_creditaccount",
    "a row skips a number": row("GRANT_CREDIT", "promo", 5, gap=2),
    "a row repeats a number": row("GRANT_CREDIT", "promo", 5, gap=0),
    "a row does not follow the balance": row("GRANT_CREDIT", "promo", 5, after=6),
    "a balance goes below zero": row("SPEND_CREDIT", "revenue", -15),
    "a spend brings credits": row("SPEND_CREDIT", "revenue", 5),
    "a refund takes credits": row("REFUND_CREDIT", "revenue", -5),
    "a grant takes credits": row("GRANT_CREDIT", "promo", -5),
    "a grant of nothing": row("GRANT_CREDIT", "promo", 0),
    "a purchase against promo": row("PURCHASE_CREDIT", "promo", 5),
    "an expiry brings credits": row("EXPIRE_CREDIT", "breakage", 5),
    "a correction of nothing": row("ADJUST_CREDIT", "correction", 0),
    "a correction without a reason": row("ADJUST_CREDIT", "correction", 5, reason=""),
    "an unknown type": row("GIFT", "promo", 5),
    "an unknown counter-account": row("GRANT_CREDIT", "house", 5),
    "a spend without a job": row("SPEND_CREDIT", "revenue", -5, job=""),
    "a refund of more than was charged": row("REFUND_CREDIT", "revenue", 17),
    "a refund of a job never charged": row("REFUND_CREDIT", "revenue", 1, job="other"),
    "an entry on an old transaction": "INSERT INTO credits_creditentry(transaction_id, grant_id, amount)"
    " SELECT t.id, g.id, 1 FROM credits_credittransaction t, credits_creditgrant g WHERE t.seq = 1",
    "an entry overdraws its grant": "INSERT INTO credits_creditentry(transaction_id, grant_id, amount)"
    " SELECT t.id, g.id, -15 FROM credits_credittransaction t, credits_creditgrant g WHERE t.seq = 3",
}
ON_SQLITE = {
    "a row is replaced": "INSERT OR REPLACE INTO credits_credittransaction SELECT * FROM credits_credittransaction WHERE seq = 3",
    "an entry is replaced": "INSERT OR REPLACE INTO credits_creditentry SELECT * FROM credits_creditentry",
    "a quote is replaced": "INSERT OR REPLACE INTO credits_quote SELECT * FROM credits_quote",
    "an account is replaced": "INSERT OR REPLACE INTO credits_creditaccount SELECT id, 0, 0, '', created_at, owner_id"
    " FROM credits_creditaccount",
}
ON_POSTGRESQL = {
    "transactions are truncated": "TRUNCATE credits_credittransaction CASCADE",
    "entries are truncated": "TRUNCATE credits_creditentry",
    "quotes are truncated": "TRUNCATE credits_quote CASCADE",
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_the_database_refuses_when(booked: int, forgery: str) -> None:
    _refused(FORGERIES[forgery])


@pytest.mark.parametrize("forgery", ON_SQLITE)
def test_sqlite_refuses_when(booked: int, forgery: str) -> None:
    if connection.vendor == "sqlite":
        _refused(ON_SQLITE[forgery])


@pytest.mark.parametrize("forgery", ON_POSTGRESQL)
def test_postgresql_refuses_when(booked: int, forgery: str) -> None:
    if connection.vendor == "postgresql":
        _refused(ON_POSTGRESQL[forgery])


def _refused(sql: str) -> None:
    before = books()
    with pytest.raises(Error):
        run(sql)
    assert books() == before


def test_the_house_is_the_other_leg_of_every_row(booked: int) -> None:
    assert run("SELECT SUM(amount) FROM credits_leg") == [(0,)]
    assert dict(run("SELECT house, balance FROM credits_house")) == {"promo": -30, "revenue": 16}
    assert run("SELECT SUM(balance) FROM credits_house") == [(-ledger.balance(booked),)]
