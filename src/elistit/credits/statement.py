"""Statements: an account's whole history as a hash-chained document, and its offline check.

`export` reads; `verify` needs only the document: no database, no network, no trust in the studio. It proves that rows
were not changed, reordered or removed from the middle. Missing rows at the end show only in comparison with a later
statement or the head hash on the billing page.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser

from elistit import ports
from elistit.credits import chain
from elistit.credits.models import CreditAccount, CreditEntry, CreditGrant, CreditTransaction

FORMAT = "elistit-statement/1"
CSV_COLUMNS = ("seq", "time", "type", "amount", "balance", "project", "item", "reason", "id")

Owner = AbstractBaseUser | int


def export(owner: Owner) -> dict[str, Any]:
    """The whole statement of an owner's account, JSON-safe; an empty statement for an owner without an account. Rows
    posted during the call are left out, so that the document is always unbroken."""
    account = _account(owner)
    document: dict[str, Any] = {
        "format": FORMAT,
        "account": account.pk if account else None,
        "generated_at": chain.stamp(ports.now()),
        "balance": account.balance if account else 0,
        "seq": account.seq if account else 0,
        "head_hash": account.head_hash if account else "",
        "grants": [],
        "transactions": [],
    }
    if account is None:
        return document
    entries: dict[str, list[list[Any]]] = {}
    left: dict[str, int] = {}
    for transaction_id, grant, amount, drawn_from in (
        CreditEntry.objects.filter(transaction__account=account, transaction__seq__lte=account.seq)
        .order_by("id")
        .values_list("transaction_id", "grant_id", "amount", "drawn_from_id")
        .iterator()
    ):
        entries.setdefault(transaction_id, []).append([grant, amount, drawn_from])
        left[grant] = left.get(grant, 0) + amount
    for row in CreditTransaction.objects.filter(account=account, seq__lte=account.seq).order_by("seq").iterator():
        document["transactions"].append(hashed(row, entries.get(row.pk, [])))
    for grant_row in CreditGrant.objects.filter(account=account, pk__in=left).order_by("id").iterator():
        document["grants"].append(
            {
                "id": grant_row.pk,
                "amount": grant_row.amount,
                "remaining": left[grant_row.pk],
                "expires_at": chain.stamp(grant_row.expires_at) if grant_row.expires_at else None,
                "source": grant_row.source,
            }
        )
    return document


def of_project(owner: Owner, project: str) -> dict[str, Any]:
    """The rows of one project as a statement has them, and the hash `chain` of the account from the row before the
    first of them to the last, each a pair of `seq` and hash; of other projects' rows only the hash is included.
    JSON-safe."""
    account = _account(owner)
    mine = list(CreditTransaction.objects.filter(account=account, project=project).order_by("seq")) if account else []
    if account is None or not mine:
        return {"account": account.pk if account else None, "rows": [], "chain": []}
    entries: dict[str, list[list[Any]]] = {}
    parts = CreditEntry.objects.filter(transaction__in=mine).order_by("id")
    for transaction_id, grant, amount, drawn_from in parts.values_list(
        "transaction_id", "grant_id", "amount", "drawn_from_id"
    ):
        entries.setdefault(transaction_id, []).append([grant, amount, drawn_from])
    links = CreditTransaction.objects.filter(account=account, seq__gte=mine[0].seq - 1, seq__lte=mine[-1].seq)
    return {
        "account": account.pk,
        "rows": [hashed(row, entries.get(row.pk, [])) for row in mine],
        "chain": [list(link) for link in links.order_by("seq").values_list("seq", "hash")],
    }


def hashed(row: CreditTransaction, entries: list[list[Any]]) -> dict[str, Any]:
    """A row as a statement has it, with its hashed fields (`chain.FIELDS`) and the hash."""
    return {
        "account": row.account_id,
        "actor": row.actor,
        "amount": row.amount,
        "balance_after": row.balance_after,
        "contra": row.contra,
        "created_at": chain.stamp(row.created_at),
        "entries": entries,
        "id": row.pk,
        "idempotency_key": row.idempotency_key,
        "item": row.item,
        "job": row.job,
        "previous_hash": row.previous_hash,
        "project": row.project,
        "reason": row.reason,
        "request_digest": row.request_digest,
        "seq": row.seq,
        "type": row.type,
        "hash": row.hash,
    }


def to_json(document: Mapping[str, Any]) -> str:
    """The document as formatted JSON in a stable order."""
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def csv_lines(owner: Owner, *, type: str = "", project: str = "") -> Iterator[str]:
    """The history as CSV, oldest first, line by line, optionally only rows of a type or a project. Text that a
    spreadsheet would interpret as a formula is quoted."""
    yield _csv(CSV_COLUMNS)
    account = _account(owner)
    if account is None:
        return
    wanted = {name: value for name, value in (("type", type), ("project", project)) if value}
    for row in CreditTransaction.objects.filter(account=account, **wanted).order_by("seq").iterator():
        yield _csv(
            (row.seq, chain.stamp(row.created_at), row.type, row.amount, row.balance_after, row.project,
             "" if row.item is None else row.item, _plain(row.reason), row.pk)
        )  # fmt: skip


def _csv(values: tuple[Any, ...]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(values)
    return line.getvalue()


def _plain(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def verify(document: Any) -> list[str]:
    """Check a statement offline. Returns what is wrong, one sentence each; an empty list means it is valid. Never
    raises, whatever the file contains."""
    if not isinstance(document, Mapping) or document.get("format") != FORMAT:
        return [f"This is not a statement of the format {FORMAT}."]
    rows = document.get("transactions")
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        return ["The statement has no list of transactions."]
    problems: list[str] = []
    head, balance, held = "", 0, dict[str, int]()
    keys: set[str] = set()
    for seq, row in enumerate(rows, 1):
        try:
            problems += _check_row(row, document, seq, head, balance)
            for grant, amount, _ in row["entries"]:
                held[grant] = held.get(grant, 0) + amount
                if held[grant] < 0:
                    problems.append(f"Row {seq} draws more from grant {grant} than was left in it.")
            if row["idempotency_key"] in keys:
                problems.append(f"Row {seq} uses an idempotency key that another row used before.")
            keys.add(row["idempotency_key"])
            head, balance = row["hash"], row["balance_after"]
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
            return [*problems, f"Row {seq} cannot be read."]
    if document.get("seq") != len(rows):
        problems.append(f"The statement says it has {document.get('seq')} rows and has {len(rows)}.")
    if document.get("head_hash") != head:
        problems.append("The last row's hash is not the head hash of the statement.")
    if document.get("balance") != balance:
        problems.append(f"The statement's balance is {document.get('balance')}; its rows lead to {balance}.")
    return problems + _check_grants(document.get("grants"), held)


def _check_row(row: Mapping[str, Any], document: Mapping[str, Any], seq: int, head: str, balance: int) -> list[str]:
    problems = []
    if row["seq"] != seq:
        problems.append(f"Row {seq} carries the number {row['seq']}: a row is missing or out of order.")
    if row["account"] != document.get("account"):
        problems.append(f"Row {seq} belongs to another account.")
    if row["previous_hash"] != head:
        problems.append(f"Row {seq} does not follow the row before it.")
    if row["hash"] != chain.row_hash(row):
        problems.append(f"Row {seq} was changed: its hash does not match what it says.")
    if row["balance_after"] != balance + row["amount"] or row["balance_after"] < 0:
        problems.append(f"Row {seq} says the balance was {row['balance_after']}; {balance + row['amount']} follows.")
    if sum(amount for _, amount, _ in row["entries"]) != row["amount"]:
        problems.append(f"The parts of row {seq} do not sum to its amount.")
    if not _time_like(row["created_at"]):
        problems.append(f"Row {seq} has no readable time.")
    return problems


def _time_like(text: Any) -> bool:
    try:
        return dt.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ") is not None
    except (TypeError, ValueError):
        return False


def _check_grants(grants: Any, held: Mapping[str, int]) -> list[str]:
    try:
        said = {grant["id"]: grant["remaining"] for grant in grants}
        over = [grant["id"] for grant in grants if not 0 <= grant["remaining"] <= grant["amount"]]
    except (KeyError, TypeError):
        return ["The list of grants cannot be read."]
    problems = [f"Grant {grant} says it holds more than came in or less than nothing." for grant in over]
    for grant in sorted(set(said) | set(held)):
        if said.get(grant) != held.get(grant):
            problems.append(f"Grant {grant} says {said.get(grant)} are left; the rows lead to {held.get(grant)}.")
    return problems


def _account(owner: Owner) -> CreditAccount | None:
    return CreditAccount.objects.filter(owner_id=owner if isinstance(owner, int) else owner.pk).first()
