"""Writing one ledger row, in hand-written SQL that is the same on SQLite and PostgreSQL.

Locks the account (so that postings of one account run one after another), looks up idempotency keys, chooses the grants
to draw on or refund to, and inserts the transaction and its entries. Database triggers then update the account and the
grants, so that neither can change without a row. It must never know prices, plans or projects; what a seller may do is
decided in `elistit.credits.ledger`, the only caller.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections

from elistit import ports
from elistit.credits import chain

CONTRA = {
    "GRANT_CREDIT": "promo",
    "PURCHASE_CREDIT": "cash",
    "SPEND_CREDIT": "revenue",
    "REFUND_CREDIT": "revenue",
    "EXPIRE_CREDIT": "breakage",
    "ADJUST_CREDIT": "correction",
}


# The statements, named, so that each can be found by its text.
OPEN = (
    "INSERT INTO credits_creditaccount(owner_id, balance, seq, head_hash, created_at)"
    " SELECT u.id, 0, 0, '', %s FROM accounts_user u WHERE u.id = %s"
    " AND NOT EXISTS (SELECT 1 FROM credits_creditaccount WHERE owner_id = u.id) ON CONFLICT (owner_id) DO NOTHING"
)
TAKE = {
    "sqlite": "UPDATE credits_creditaccount SET seq = seq WHERE owner_id = %s RETURNING id, balance, seq, head_hash",
    "postgresql": "SELECT id, balance, seq, head_hash FROM credits_creditaccount WHERE owner_id = %s FOR NO KEY UPDATE",
}
STANDING = (
    "SELECT a.id, a.balance, a.seq, a.head_hash, t.id, t.type, t.amount, t.balance_after, t.request_digest,"
    " g.id, g.remaining, g.expires_at <= %s"
    " FROM credits_creditaccount a"
    " LEFT JOIN credits_credittransaction t ON t.idempotency_key = %s"
    " LEFT JOIN credits_creditgrant g ON g.account_id = a.id AND g.remaining > 0"
    " WHERE a.owner_id = %s ORDER BY g.expires_at NULLS LAST, g.id"
)
KNOWN = (
    "SELECT id, type, amount, balance_after, request_digest FROM credits_credittransaction WHERE idempotency_key = %s"
)
DUE = (
    "SELECT id, remaining, source FROM credits_creditgrant"
    " WHERE account_id = %s AND remaining > 0 AND expires_at <= %s ORDER BY expires_at, id"
)
OWNERS_DUE = (
    "SELECT DISTINCT a.owner_id FROM credits_creditgrant g JOIN credits_creditaccount a ON a.id = g.account_id"
    " WHERE g.remaining > 0 AND g.expires_at <= %s ORDER BY a.owner_id"
)
BURN = (
    "SELECT id, remaining FROM credits_creditgrant WHERE account_id = %s AND remaining > 0"
    " ORDER BY expires_at NULLS LAST, id"
)
SPENT = (
    "SELECT g.id, e.amount, t.created_at, g.expires_at, g.source"
    " FROM credits_credittransaction t JOIN credits_creditentry e ON e.transaction_id = t.id"
    " JOIN credits_creditgrant g ON g.id = COALESCE(e.drawn_from_id, e.grant_id)"
    " WHERE t.job = %s AND t.job <> '' AND t.account_id = %s AND t.type IN ('SPEND_CREDIT', 'REFUND_CREDIT')"
    " ORDER BY t.seq, e.id"
)
MONEY = (
    "SELECT COUNT(CASE WHEN type = 'SPEND_CREDIT' THEN 1 END),"
    " COALESCE(SUM(CASE WHEN type = 'SPEND_CREDIT' THEN -amount END), 0),"
    " COALESCE(SUM(CASE WHEN type = 'REFUND_CREDIT' THEN amount END), 0)"
    " FROM credits_credittransaction WHERE job = %s AND job <> '' AND account_id = %s"
)
NEW_GRANT = (
    "INSERT INTO credits_creditgrant(id, account_id, amount, remaining, expires_at, source, created_at)"
    " VALUES (%s, %s, %s, 0, %s, %s, %s)"
)
APPEND = (
    "INSERT INTO credits_credittransaction(id, account_id, seq, type, contra, amount, balance_after, job, project,"
    " item, idempotency_key, request_digest, reason, actor, created_at, previous_hash, hash)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
ENTRY = "INSERT INTO credits_creditentry(transaction_id, grant_id, amount, drawn_from_id) VALUES (%s, %s, %s, %s)"


@dataclass
class Account:
    """An account locked by this transaction: no other posting can change it until the transaction ends."""

    id: int
    balance: int
    seq: int
    head_hash: str


@dataclass(frozen=True)
class Known:
    """A row that already exists under an idempotency key."""

    id: str
    type: str
    amount: int
    balance_after: int
    digest: str


@dataclass(frozen=True)
class Standing:
    """All that a spend asks before it is written. `grants` are (grant, remaining, expired) in the order of use."""

    account: Account
    known: Known | None
    grants: list[tuple[str, int, bool]]


@dataclass(frozen=True)
class Draw:
    """What a posting does to one grant. `drawn_from` is set on refunds: the grant whose draw is undone."""

    grant: str
    amount: int
    drawn_from: str | None = None


@dataclass(frozen=True)
class Spent:
    """Credits that one spend drew from one grant and that were not refunded: the grant, when they were spent, and when
    the grant expires (None: never)."""

    grant: str
    amount: int
    at: dt.datetime
    ends: dt.datetime | None
    source: str


@dataclass(frozen=True)
class Words:
    """The texts of a row."""

    idempotency_key: str
    digest: str
    reason: str
    actor: str = ""
    job: str = ""
    project: str = ""
    item: int | None = None


def rows(sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Run one statement and fetch everything it returns; an INSERT returns nothing.

    Goes to the driver directly, on Django's connection and with its checks and errors: Django's cursor would cost more
    than the statement. A watcher of statements on that connection (the simulator, a query log) is shown each of them.
    """
    database: Any = connections[DEFAULT_DB_ALIAS]
    if database.execute_wrappers or database.queries_logged:
        with database.cursor() as cursor:
            cursor.execute(sql, params)
            return [] if sql.startswith("INSERT") else list(cursor.fetchall())
    database.close_if_health_check_failed()
    database.ensure_connection()
    database.validate_thread_sharing()
    database.validate_no_broken_transaction()
    with database.wrap_database_errors:
        found = database.connection.execute(native(sql, database.vendor), params)
        return [] if sql.startswith("INSERT") else list(found.fetchall())


@lru_cache
def native(sql: str, vendor: str) -> str:
    """A statement with its placeholders as the driver has them."""
    return sql.replace("%s", "?") if vendor == "sqlite" else sql


def moment(value: dt.datetime | None) -> Any:
    """A time as the database in use stores and compares it."""
    return connection.ops.adapt_datetimefield_value(value)


def take(owner_id: int) -> Account | None:
    """Lock the owner's account until the surrounding transaction ends. None when there is no account yet.

    On SQLite this is an UPDATE that changes nothing, which takes the write lock in whatever mode the transaction began;
    on PostgreSQL it takes the row lock of an UPDATE without writing the row twice.
    """
    found = rows(TAKE[connection.vendor], [owner_id])
    return Account(*found[0]) if found else None


def standing(owner_id: int, idempotency_key: str, now: dt.datetime) -> Standing | None:
    """SQLite only, in a transaction that holds the write lock from its beginning (IMMEDIATE): what `take`, `known`,
    `due` and `burn` answer, in one statement. None when there is no account yet."""
    found = rows(STANDING, [moment(now), idempotency_key, owner_id])
    if not found:
        return None
    first = found[0]
    return Standing(
        Account(*first[:4]),
        Known(*first[4:9]) if first[4] is not None else None,
        [(grant, remaining, bool(expired)) for *_, grant, remaining, expired in found if grant is not None],
    )


def known(idempotency_key: str) -> Known | None:
    """The row under a key, for any owner."""
    found = rows(KNOWN, [idempotency_key])
    return Known(*found[0]) if found else None


def due(account: Account, now: dt.datetime) -> list[tuple[str, int, str]]:
    """Expired grants that still hold credits: (grant, remaining, source), earliest expiry first."""
    found = rows(DUE, [account.id, moment(now)])
    return [(str(g), int(r), str(s)) for g, r, s in found]


def owners_due(now: dt.datetime) -> list[int]:
    """Every owner who has an expired grant with credits left."""
    return [int(owner) for (owner,) in rows(OWNERS_DUE, [moment(now)])]


def burn(account: Account, amount: int) -> list[Draw]:
    """The grants from which `amount` credits are drawn: those that expire first, then those that never expire (rules
    §7). The caller has swept expired grants and checked the balance; a shortfall would violate the database's check on
    the grant."""
    return drawn(rows(BURN, [account.id]), amount) if amount else []


def drawn(grants: Iterable[tuple[Any, ...]], amount: int) -> list[Draw]:
    """`amount` credits drawn from grants (id, remaining, …) in their order."""
    draws: list[Draw] = []
    for grant, remaining, *_ in grants:
        if amount == 0:
            break
        part = min(amount, remaining)
        draws.append(Draw(str(grant), -part))
        amount -= part
    return draws


def spent(account: Account, job: str) -> list[Spent]:
    """What a job still holds of each grant, most recently spent first. Each refund has undone the newest draws of its
    grants."""
    held: list[Spent] = []
    for grant, amount, at, ends, source in rows(SPENT, [job, account.id]):
        if amount <= 0:
            held.append(Spent(str(grant), -int(amount), read_moment(at), _ends(ends), str(source)))
            continue
        undone = int(amount)
        for index in reversed(range(len(held))):
            if held[index].grant == grant:
                part = min(undone, held[index].amount)
                held[index] = replace(held[index], amount=held[index].amount - part)
                undone -= part
    return [one for one in reversed(held) if one.amount]


def _ends(value: Any) -> dt.datetime | None:
    return None if value is None else read_moment(value)


def read_moment(value: Any) -> dt.datetime:
    """A time returned by the database to hand-written SQL, aware and in UTC."""
    read = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    return read if read.tzinfo else read.replace(tzinfo=dt.UTC)


def money(account: Account, job: str) -> tuple[int, int] | None:
    """(charged, refunded) of a job on this account; None when it was never charged."""
    ((spends, charged, refunded),) = rows(MONEY, [job, account.id])
    return (int(charged), int(refunded)) if spends else None


def new_grant(account: Account, amount: int, source: str, expires_at: dt.datetime | None, now: dt.datetime) -> str:
    """Create a grant. It starts empty; the entry that fills it is part of the posting that adds the credits."""
    grant = ports.new_id()
    rows(NEW_GRANT, [grant, account.id, amount, moment(expires_at), source, moment(now)])
    return grant


def append(account: Account, type: str, amount: int, draws: Sequence[Draw], words: Words, now: dt.datetime) -> str:
    """Write one transaction with its entries at the end of the account's chain and return its id. Updates `account`, so
    that several rows can follow each other.

    Raises IntegrityError when a constraint is violated: the key is taken, the balance would go below zero, a grant is
    overdrawn, a refund is too large.
    """
    if sum(draw.amount for draw in draws) != amount:
        raise AssertionError("the entries of a transaction must sum to its amount")
    row: dict[str, Any] = {
        "account": account.id,
        "actor": words.actor,
        "amount": amount,
        "balance_after": account.balance + amount,
        "contra": CONTRA[type],
        "created_at": chain.stamp(now),
        "entries": [[draw.grant, draw.amount, draw.drawn_from] for draw in draws],
        "id": ports.new_id(),
        "idempotency_key": words.idempotency_key,
        "item": words.item,
        "job": words.job,
        "previous_hash": account.head_hash,
        "project": words.project,
        "reason": words.reason,
        "request_digest": words.digest,
        "seq": account.seq + 1,
        "type": type,
    }
    digest = chain.posted_hash(row)
    rows(
        APPEND,
        [row["id"], account.id, row["seq"], type, row["contra"], amount, row["balance_after"], words.job, words.project,
         words.item, words.idempotency_key, words.digest, words.reason, words.actor, moment(now), account.head_hash,
         digest],
    )  # fmt: skip
    for draw in draws:
        rows(ENTRY, [row["id"], draw.grant, draw.amount, draw.drawn_from])
    account.balance, account.seq, account.head_hash = int(row["balance_after"]), int(row["seq"]), digest
    return str(row["id"])


SPEND = (
    "SELECT o_status, o_id, o_type, o_amount, o_balance, o_digest"
    " FROM credits_spend(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)


def spend_in_one(owner_id: int, amount: int, words: Words, now: dt.datetime) -> tuple[str, Known | None]:
    """PostgreSQL only: the whole posting of a spend in one statement, one round trip. Returns `posted` or `known` with
    the row, or, with nothing written: `no account`, `due` (a grant must expire first), `short`."""
    ((status, *found),) = rows(
        SPEND,
        [owner_id, amount, ports.new_id(), words.job, words.project, words.item, words.idempotency_key, words.digest,
         words.reason, words.actor, chain.stamp(now)],
    )  # fmt: skip
    return str(status), Known(*found) if status in ("posted", "known") else None
