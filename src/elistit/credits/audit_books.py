"""Audit checks of the ledger alone: sums, order, hashes, grants, and the database's guards.

Shares no code with the ledger on purpose; the hashed document is spelled out here a second time.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

from django.db import connection

from elistit.credits.audit_reading import Finding, looked_at, moment, stream

GUARDS = {
    "credits_account_moves", "credits_account_opens", "credits_account_stays", "credits_entry_keeps",
    "credits_entry_posts", "credits_entry_stays", "credits_grant_moves", "credits_grant_opens", "credits_grant_stays",
    "credits_quote_keeps", "credits_quote_stays", "credits_transaction_keeps",
    "credits_transaction_posts", "credits_transaction_stays",
}  # fmt: skip
GUARDS_SQLITE = {
    "credits_entry_once", "credits_quote_once", "credits_refund_checks", "credits_transaction_lawful",
    "credits_transaction_once",
}  # fmt: skip


def balances() -> Iterator[Finding]:
    """Per account: balance = sum of its transactions = what its grants hold = the last row's balance; seq = number of rows."""
    for account, balance, seq, count, total, held, last in stream(
        "SELECT a.id, a.balance, a.seq, COALESCE(t.n, 0), COALESCE(t.total, 0), COALESCE(g.held, 0),"
        " COALESCE((SELECT balance_after FROM credits_credittransaction l WHERE l.account_id = a.id"
        "  ORDER BY l.seq DESC LIMIT 1), 0)"
        " FROM credits_creditaccount a"
        " LEFT JOIN (SELECT account_id, COUNT(*) AS n, SUM(amount) AS total FROM credits_credittransaction"
        "  GROUP BY account_id) t ON t.account_id = a.id"
        " LEFT JOIN (SELECT account_id, SUM(remaining) AS held FROM credits_creditgrant"
        "  GROUP BY account_id) g ON g.account_id = a.id"
    ):
        wrong = []
        if total != balance:
            wrong.append(f"its transactions sum to {total}")
        if held != balance:
            wrong.append(f"its grants hold {held}")
        if last != balance:
            wrong.append(f"its last row says {last}")
        if count != seq:
            wrong.append(f"it counts {seq} rows and has {count}")
        if balance < 0:
            wrong.append("it is below zero")
        yield f"account {account} has {balance}: {', '.join(wrong)}" if wrong else None


ALL_ROWS = "SELECT COUNT(*) FROM credits_credittransaction"
ORDER = """
SELECT account_id, seq, amount, balance_after, seq_before, balance_before
  FROM (SELECT account_id, seq, amount, balance_after,
               COALESCE(LAG(seq) OVER (PARTITION BY account_id ORDER BY seq), 0) AS seq_before,
               COALESCE(LAG(balance_after) OVER (PARTITION BY account_id ORDER BY seq), 0) AS balance_before
          FROM credits_credittransaction) t
 WHERE seq <> seq_before + 1 OR balance_after <> balance_before + amount OR balance_after < 0
"""


def order() -> Iterator[Finding]:
    """Per row: seq counts up by one from 1, and the balance follows from the row before."""

    def says(account: int, seq: int, amount: int, after: int, seq_before: int, before: int) -> str:
        wrong = []
        if seq != seq_before + 1:
            wrong.append(f"row {seq_before + 1} is missing before row {seq}")
        if after != before + amount or after < 0:
            wrong.append(f"row {seq} says {after} where {before + amount} follows")
        return f"account {account}: {', '.join(wrong)}"

    return looked_at(ALL_ROWS, ORDER, says)


ENTRIES = """
SELECT t.id, t.amount, COALESCE(SUM(e.amount), 0),
       COUNT(CASE WHEN e.id IS NOT NULL AND (g.account_id IS NULL OR g.account_id <> t.account_id) THEN 1 END)
  FROM credits_credittransaction t
  LEFT JOIN credits_creditentry e ON e.transaction_id = t.id
  LEFT JOIN credits_creditgrant g ON g.id = e.grant_id
 GROUP BY t.id, t.amount
HAVING COALESCE(SUM(e.amount), 0) <> t.amount
    OR COUNT(CASE WHEN e.id IS NOT NULL AND (g.account_id IS NULL OR g.account_id <> t.account_id) THEN 1 END) > 0
"""


def entries_sum() -> Iterator[Finding]:
    """Per row: its entries sum to its amount and belong to grants of its own account."""

    def says(transaction: str, amount: int, total: int, strange: int) -> str:
        if total != amount:
            return f"transaction {transaction} of {amount} has entries of {total}"
        return f"transaction {transaction} has {strange} entries on another account's grant"

    return looked_at(ALL_ROWS, ENTRIES, says)


CHAIN = """
SELECT t.account_id, t.seq, t.id, t.type, t.contra, t.amount, t.balance_after, t.job, t.project, t.item,
       t.idempotency_key, t.request_digest, t.reason, t.actor, {at}, t.previous_hash, t.hash,
       a.seq, a.head_hash, e.grant_id, e.amount, e.drawn_from_id
  FROM credits_credittransaction t
  JOIN credits_creditaccount a ON a.id = t.account_id
  LEFT JOIN credits_creditentry e ON e.transaction_id = t.id
 ORDER BY t.account_id, t.seq, e.id
"""
# As text, in UTC: the drivers' own conversion of every time costs more than the hash.
STORED_AT = {
    "sqlite": "t.created_at || ''",
    "postgresql": "to_char(t.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
}
COMPLETE = len("2026-11-22 09:00:00.000000")
quoted: Callable[[str], str] = json.encoder.encode_basestring


def hash_chain() -> Iterator[Finding]:
    """Per row: the hash matches the row's content and names the row before; the last hash is the account's head."""
    last, before = None, ""
    for row, entries in transactions():
        account, seq, transaction, *_, previous, digest, newest, head = row
        if account != last:
            last, before = account, ""
        wrong = []
        if hashlib.sha256(document(row, entries).encode()).hexdigest() != digest:
            wrong.append("it was changed after it was written")
        if previous != before:
            wrong.append("it does not follow the row before")
        if seq == newest and digest != head:
            wrong.append("the account's head is another hash")
        before = digest
        yield f"transaction {transaction} (account {account}, row {seq}): {', '.join(wrong)}" if wrong else None


def transactions() -> Iterator[tuple[tuple[Any, ...], list[str]]]:
    """Each transaction's columns, in the order of its account's chain, with its entries as they are hashed."""
    row: tuple[Any, ...] | None = None
    entries: list[str] = []
    for found in stream(CHAIN.format(at=STORED_AT[connection.vendor])):
        if row is None or found[2] != row[2]:
            if row is not None:
                yield row, entries
            row, entries = found[:19], []
        grant, amount, drawn_from = found[19:]
        if grant is not None:
            entries.append(f"[{quoted(grant)},{amount},{'null' if drawn_from is None else quoted(drawn_from)}]")
    if row is not None:
        yield row, entries


def document(row: tuple[Any, ...], entries: list[str]) -> str:
    """The JSON that was hashed for a row, spelled out: an encoder would take three times as long."""
    (account, seq, id_, kind, contra, amount, after, job, project, item,
     key, request, reason, actor, at, previous, *_) = row  # fmt: skip
    # SQLite would also store the word "null" there, which is not the same as nothing.
    of_item = "null" if item is None else item if isinstance(item, int) else quoted(str(item))
    return (
        f'{{"account":{account},"actor":{quoted(actor)},"amount":{amount},"balance_after":{after}'
        f',"contra":{quoted(contra)},"created_at":"{written(at)}","entries":[{",".join(entries)}],"id":{quoted(id_)}'
        f',"idempotency_key":{quoted(key)},"item":{of_item},"job":{quoted(job)}'
        f',"previous_hash":{quoted(previous)},"project":{quoted(project)},"reason":{quoted(reason)}'
        f',"request_digest":{quoted(request)},"seq":{seq},"type":{quoted(kind)}}}'
    )


def written(at: str | None) -> str:
    """A stored time as it is hashed. SQLite's has no fraction where that is zero."""
    if at is not None and len(at) == COMPLETE:
        return f"{at[:10]}T{at[11:]}Z"
    made = moment(at)
    return f"{made.replace(tzinfo=None).isoformat(timespec='microseconds')}Z" if made else ""


def grants_hold() -> Iterator[Finding]:
    """Per grant: what remains is the sum of its entries, between 0 and the amount granted, which is its first entry."""
    for grant, amount, remaining, held, first in stream(
        "SELECT g.id, g.amount, g.remaining, COALESCE(e.held, 0),"
        " (SELECT SUM(CASE WHEN f.grant_id = g.id THEN f.amount END) FROM credits_creditentry f"
        "   WHERE f.transaction_id = m.transaction_id)"
        " FROM credits_creditgrant g LEFT JOIN (SELECT grant_id, SUM(amount) AS held, MIN(id) AS first"
        "  FROM credits_creditentry GROUP BY grant_id) e ON e.grant_id = g.id"
        " LEFT JOIN credits_creditentry m ON m.id = e.first"
    ):
        wrong = []
        if held != remaining:
            wrong.append(f"its entries sum to {held}")
        if not 0 <= remaining <= amount:
            wrong.append(f"it came in with {amount}")
        if first != amount:
            wrong.append(f"its first entry is {first} of {amount}")
        yield f"grant {grant} holds {remaining}: {', '.join(wrong)}" if wrong else None


def used_in_time() -> Iterator[Finding]:
    """Per entry: nothing is spent from, or refunded to, an expired grant."""
    for transaction, kind, grant, made_at, ends_at in stream(
        "SELECT t.id, t.type, g.id, t.created_at, g.expires_at FROM credits_creditentry e"
        " JOIN credits_credittransaction t ON t.id = e.transaction_id JOIN credits_creditgrant g ON g.id = e.grant_id"
        " WHERE g.expires_at IS NOT NULL"
    ):
        made, ends = moment(made_at), moment(ends_at)
        late = made is not None and ends is not None and made >= ends
        if kind == "EXPIRE_CREDIT":
            yield None if late else f"transaction {transaction} expired grant {grant} before its end"
        else:
            yield f"transaction {transaction} moved grant {grant} after its end" if late else None


REGRANTS = """
SELECT n.id, n.source, n.created_at, n.expires_at, o.id, o.source, o.expires_at, s.created_at
  FROM credits_creditgrant n
  JOIN credits_creditentry e ON e.grant_id = n.id AND e.drawn_from_id IS NOT NULL AND e.drawn_from_id <> n.id
  JOIN credits_credittransaction r ON r.id = e.transaction_id
  JOIN credits_creditgrant o ON o.id = e.drawn_from_id
  LEFT JOIN credits_credittransaction s ON s.account_id = r.account_id AND s.job = r.job AND s.type = 'SPEND_CREDIT'
   AND EXISTS (SELECT 1 FROM credits_creditentry d WHERE d.transaction_id = s.id AND d.grant_id = o.id)
 WHERE n.source LIKE 'returned%'
 ORDER BY n.id, e.id
"""
WEEK, MONTH, AGAIN = dt.timedelta(days=7), dt.timedelta(days=30), dt.timedelta(hours=24)


def returned_credits_live_no_longer() -> Iterator[Finding]:
    """Per grant that a refund created because the original had expired: its lifetime is what the original still had
    when the credits were spent, but 7 to 30 days, or 24 hours when the original was itself created by a refund (rules
    §7). Before that rule such grants got exactly 30 days; those rows stay as they are."""
    for grant, found in groupby(stream(REGRANTS), key=lambda row: row[0]):
        wrong = ""
        for old, spends in groupby(found, key=lambda row: row[4]):
            rows = list(spends)
            _, source, opened_at, ends_at, _, old_source, old_ends_at, _ = rows[0]
            opened, ends, old_ends = moment(opened_at), moment(ends_at), moment(old_ends_at)
            if opened is None or ends is None or old_ends is None:
                wrong = f"it never ends, or grant {old} never did"
                continue
            spent = [at for row in rows if (at := moment(row[7])) is not None]
            again = source == "returned:again" and str(old_source).startswith("returned")
            lives = {AGAIN} if again else {MONTH, *(min(max(old_ends - at, WEEK), MONTH) for at in spent)}
            if ends - opened not in lives:
                wrong = f"it lives {ends - opened}, not {' or '.join(map(str, sorted(lives)))}"
        yield f"grant {grant} of returned credits: {wrong}" if wrong else None


# Every valid kind of row, and its required properties.
LAWFUL = """
   (type = 'GRANT_CREDIT' AND contra = 'promo' AND amount > 0)
OR (type = 'PURCHASE_CREDIT' AND contra = 'cash' AND amount > 0)
OR (type = 'SPEND_CREDIT' AND contra = 'revenue' AND amount <= 0 AND job <> '')
OR (type = 'REFUND_CREDIT' AND contra = 'revenue' AND amount >= 0 AND job <> '')
OR (type = 'EXPIRE_CREDIT' AND contra = 'breakage' AND amount < 0)
OR (type = 'ADJUST_CREDIT' AND contra = 'correction' AND amount <> 0 AND actor <> '')
"""


def lawful() -> Iterator[Finding]:
    """Per row: a known type with its counter-account and sign, a job where one is required, and a reason."""
    return looked_at(
        ALL_ROWS,
        f"SELECT id, type, contra, amount FROM credits_credittransaction WHERE reason = '' OR NOT ({LAWFUL})",
        lambda transaction, kind, contra, amount: (
            f"transaction {transaction}: {kind} of {amount} against {contra or 'nothing'} cannot be"
        ),
    )


BY_JOB = """
SELECT job, SUM(CASE WHEN type = 'SPEND_CREDIT' THEN -amount ELSE 0 END) AS charged,
       SUM(CASE WHEN type = 'REFUND_CREDIT' THEN amount ELSE 0 END) AS refunded,
       COUNT(DISTINCT account_id) AS accounts
  FROM credits_credittransaction WHERE job <> '' GROUP BY job
"""


def refunds_within_charges() -> Iterator[Finding]:
    """Per job: never more refunded than charged, and all of it on one account."""

    def says(job: str, charged: int, refunded: int, accounts: int) -> str:
        if refunded > charged:
            return f"job {job} was charged {charged} and refunded {refunded}"
        return f"job {job} moves credits on {accounts} accounts"

    return looked_at(
        "SELECT COUNT(DISTINCT job) FROM credits_credittransaction WHERE job <> ''",
        f"SELECT job, charged, refunded, accounts FROM ({BY_JOB}) j WHERE refunded > charged OR accounts <> 1",
        says,
    )


def references_resolve() -> Iterator[Finding]:
    """Per entry and transaction: the rows it refers to exist (triggers ensure it, without foreign keys)."""
    yield from looked_at(
        "SELECT COUNT(*) FROM credits_creditentry",
        "SELECT e.id, e.transaction_id, e.grant_id FROM credits_creditentry e"
        " LEFT JOIN credits_credittransaction t ON t.id = e.transaction_id"
        " LEFT JOIN credits_creditgrant g ON g.id = e.grant_id WHERE t.id IS NULL OR g.id IS NULL",
        lambda entry, transaction, grant: (
            f"entry {entry} refers to transaction {transaction} and grant {grant}; one of them doesn't exist"
        ),
    )
    yield from looked_at(
        ALL_ROWS,
        "SELECT t.id, t.account_id FROM credits_credittransaction t"
        " LEFT JOIN credits_creditaccount a ON a.id = t.account_id WHERE a.id IS NULL",
        lambda transaction, account: f"transaction {transaction} is of account {account}, which doesn't exist",
    )


def guards_stand() -> Iterator[Finding]:
    """Per guard of migration 0002: it exists and is enabled."""
    if connection.vendor == "sqlite":
        wanted = GUARDS | GUARDS_SQLITE
        there = {name for (name,) in stream("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    else:
        wanted = GUARDS
        there = {
            name
            for (name,) in stream("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')")
        }
    for guard in sorted(wanted):
        yield None if guard in there else f"the database's guard {guard} is missing"


CHECKS: dict[str, Callable[[], Iterator[Finding]]] = {
    "balances equal transactions, grants and last row": balances,
    "rows are gapless and balances follow": order,
    "entries sum to their transaction": entries_sum,
    "the hash chain is unbroken": hash_chain,
    "grants match the sum of their entries": grants_hold,
    "no grant changes after it has expired": used_in_time,
    "refunded credits expire when they should": returned_credits_live_no_longer,
    "every row is of a valid kind": lawful,
    "no job is refunded more than it was charged": refunds_within_charges,
    "every reference exists": references_resolve,
    "the database's guards are in place": guards_stand,
}
