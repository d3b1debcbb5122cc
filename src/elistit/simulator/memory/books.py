"""The books in memory: what the database itself promises of them (its triggers), and an answer to each statement `posting` sends.

The triggers are those of `credits/migrations/sql/0002_sqlite.sql`, one function for one guard. Which statement is meant is
recognized by its text, taken from `posting` and `ledger`; another text is not understood.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import IntegrityError

from elistit.credits import posting
from elistit.credits.models import CreditAccount, CreditEntry, CreditGrant, CreditTransaction, Quote
from elistit.simulator.memory.store import NotUnderstood, Store
from elistit.simulator.memory.table import Row, Table

Answer = list[tuple[Any, ...]]
_JOB_TYPES = ("SPEND_CREDIT", "REFUND_CREDIT")
_LAWFUL: dict[str, Callable[[Row], bool]] = {
    "SPEND_CREDIT": lambda r: r["amount"] <= 0 and r["contra"] == "revenue" and r["job"] != "",
    "REFUND_CREDIT": lambda r: r["amount"] >= 0 and r["contra"] == "revenue" and r["job"] != "",
    "GRANT_CREDIT": lambda r: r["amount"] > 0 and r["contra"] == "promo",
    "PURCHASE_CREDIT": lambda r: r["amount"] > 0 and r["contra"] == "cash",
    "EXPIRE_CREDIT": lambda r: r["amount"] < 0 and r["contra"] == "breakage",
    "ADJUST_CREDIT": lambda r: r["amount"] != 0 and r["contra"] == "correction" and r["reason"] != "",
}


class Books:
    """The five tables of the books, with their guards, and `rows` in the place of `posting.rows`."""

    def __init__(self, store: Store, users: Table) -> None:
        self.store, self.users = store, users
        tables = store.tables
        self.accounts, self.grants = tables[CreditAccount], tables[CreditGrant]
        self.transactions, self.entries = tables[CreditTransaction], tables[CreditEntry]
        self.seqs: dict[tuple[int, int], str] = {}
        self.accounts.guards.append(self._account)
        self.grants.guards.append(self._grant)
        self.transactions.guards.append(self._transaction)
        self.transactions.after.append(self._moves_account)
        self.entries.guards.append(_only_new("credits_creditentry"))
        self.entries.after.append(self._moves_grant)
        tables[Quote].guards.append(_only_new("credits_quote"))
        self.by_key, self.by_seq = (
            next(u for u in self.transactions.unique if u.columns == columns).held
            for columns in (("idempotency_key",), ("account_id", "seq"))
        )
        self.by_owner = next(u for u in self.accounts.unique if u.columns == ("owner_id",)).held
        self.answers: dict[str, tuple[str, Table, Callable[..., Answer]]] = {
            posting.OPEN: ("INSERT INTO", self.accounts, self._open),
            posting.TAKE["sqlite"]: ("UPDATE", self.accounts, self._take),
            posting.STANDING: ("SELECT", self.accounts, self._standing),
            posting.KNOWN: ("SELECT", self.transactions, self._known),
            posting.DUE: ("SELECT", self.grants, self._due),
            posting.OWNERS_DUE: ("SELECT", self.grants, self._owners_due),
            posting.BURN: ("SELECT", self.grants, self._burn),
            posting.SPENT: ("SELECT", self.transactions, self._spent),
            posting.MONEY: ("SELECT", self.transactions, self._money),
            posting.NEW_GRANT: ("INSERT INTO", self.grants, self._new_grant),
            posting.APPEND: ("INSERT INTO", self.transactions, self._append),
            posting.ENTRY: ("INSERT INTO", self.entries, self._entry),
        }

    def rows(self, sql: str, params: Sequence[Any] = ()) -> Answer:
        """In the place of `posting.rows`."""
        answer = self.answers.get(sql)
        if answer is None:
            raise NotUnderstood(f"the statement {sql[:120]}")
        verb, table, work = answer
        self.store.statement(verb, table.name)
        mark = len(self.store.undo)
        try:
            found = work(*params)
        except IntegrityError:
            self.store.take_back(mark)
            raise
        self.store.settle(mark)
        return found

    # ---- what the database refuses ---------------------------------------------------------------------------------

    def _account(self, old: Row | None, new: Row) -> None:
        if old is None:
            if new["balance"] or new["seq"] or new["head_hash"] or (new["owner_id"],) in self.by_owner:
                raise IntegrityError("an account opens once and at zero")
            return
        if new["owner_id"] != old["owner_id"]:
            raise IntegrityError("an account moves only by a posted transaction")
        if all(new[c] == old[c] for c in ("balance", "seq", "head_hash")):
            return
        row = self.transactions.rows.get(self.by_seq.get((new["id"], new["seq"]), ""))
        if (
            row is None or new["seq"] != old["seq"] + 1 or row["balance_after"] != new["balance"]
            or row["hash"] != new["head_hash"] or row["amount"] != new["balance"] - old["balance"]
        ):  # fmt: skip
            raise IntegrityError("an account moves only by a posted transaction")

    def _grant(self, old: Row | None, new: Row) -> None:
        if old is None:
            if new["remaining"] or new["amount"] <= 0:
                raise IntegrityError("a grant opens once and empty")
            return
        entries = self.entries.rows
        held = sum(entries[k]["amount"] for k in self.entries.by["grant_id"].get(new["id"], ()))
        if new["remaining"] != held or any(new[c] != old[c] for c in old if c != "remaining"):
            raise IntegrityError("a grant moves only by an entry")

    def _transaction(self, old: Row | None, new: Row) -> None:
        _only_new("credits_credittransaction")(old, new)
        if (new["idempotency_key"],) in self.by_key or (new["account_id"], new["seq"]) in self.by_seq:
            raise IntegrityError("the books already hold this transaction, key or seq")
        if not _LAWFUL.get(new["type"], lambda _: False)(new):
            raise IntegrityError("no lawful transaction")
        if new["type"] == "REFUND_CREDIT":
            moved = self._of_job(new["account_id"], new["job"])
            if not moved or sum(r["amount"] for r in moved) + new["amount"] > 0:
                raise IntegrityError("the refund is more than the job was charged")

    def _moves_account(self, row: Row) -> None:
        account = self.accounts.rows.get(row["account_id"])
        if (
            account is None or account["seq"] != row["seq"] - 1 or account["balance"] != row["balance_after"] - row["amount"]
            or account["head_hash"] != row["previous_hash"]
        ):  # fmt: skip
            raise IntegrityError("the transaction does not follow its account")
        moved = {"balance": row["balance_after"], "seq": row["seq"], "head_hash": row["hash"]}
        self.accounts.change(account, moved)

    def _moves_grant(self, row: Row) -> None:
        grant, posted = self.grants.rows.get(row["grant_id"]), self.transactions.rows.get(row["transaction_id"])
        account = self.accounts.rows.get(posted["account_id"]) if posted else None
        if (
            grant is None or posted is None or account is None or grant["account_id"] != account["id"]
            or account["seq"] != posted["seq"]
        ):  # fmt: skip
            raise IntegrityError("the entry does not belong to the newest transaction of its account")
        self.grants.change(grant, {"remaining": grant["remaining"] + row["amount"]})

    # ---- what `posting` asks ---------------------------------------------------------------------------------------

    def _held_by(self, table: Table, account: int) -> list[Row]:
        rows = table.rows
        return [rows[k] for k in table.by["account_id"].get(account, ())]

    def _of_job(self, account: int, job: str) -> list[Row]:
        if not job:
            return []
        return [r for r in self._held_by(self.transactions, account) if r["job"] == job and r["type"] in _JOB_TYPES]

    def _open(self, now: Any, owner: int) -> Answer:
        if owner in self.users.rows and (owner,) not in self.by_owner:
            self.accounts.insert(
                {"id": None, "owner_id": owner, "balance": 0, "seq": 0, "head_hash": "", "created_at": now}
            )
        return []

    def _take(self, owner: int) -> Answer:
        key = self.by_owner.get((owner,))
        if key is None:
            return []
        row = self.accounts.rows[key]
        return [(row["id"], row["balance"], row["seq"], row["head_hash"])]

    def _standing(self, now: Any, key: str, owner: int) -> Answer:
        taken = self._take(owner)
        if not taken:
            return []
        before = (*taken[0], *(self._known(key) or [(None,) * 5])[0])
        grants = [self.grants.rows[grant] for grant, _ in self._burn(taken[0][0])]
        return [(*before, g["id"], g["remaining"], _ended(g, now)) for g in grants] or [(*before, None, None, None)]

    def _known(self, key: str) -> Answer:
        found = self.by_key.get((key,))
        if found is None:
            return []
        row = self.transactions.rows[found]
        return [(row["id"], row["type"], row["amount"], row["balance_after"], row["request_digest"])]

    def _due(self, account: int, now: Any) -> Answer:
        found = [r for r in self._held_by(self.grants, account) if _ended(r, now) and r["remaining"] > 0]
        return [(r["id"], r["remaining"], r["source"]) for r in sorted(found, key=lambda r: (r["expires_at"], r["id"]))]

    def _owners_due(self, now: Any) -> Answer:
        accounts = {r["account_id"] for r in self.grants.rows.values() if r["remaining"] > 0 and _ended(r, now)}
        return [(owner,) for owner in sorted(self.accounts.rows[a]["owner_id"] for a in accounts)]

    def _burn(self, account: int) -> Answer:
        found = [r for r in self._held_by(self.grants, account) if r["remaining"] > 0]
        found.sort(key=lambda r: r["id"])
        found = [
            *sorted((r for r in found if r["expires_at"] is not None), key=lambda r: r["expires_at"]),
            *(r for r in found if r["expires_at"] is None),
        ]
        return [(r["id"], r["remaining"]) for r in found]

    def _spent(self, job: str, account: int) -> Answer:
        found: Answer = []
        for posted in sorted(self._of_job(account, job), key=lambda r: r["seq"]):
            for key in sorted(self.entries.by["transaction_id"].get(posted["id"], ())):
                entry = self.entries.rows[key]
                grant = self.grants.rows[entry["drawn_from_id"] or entry["grant_id"]]
                found.append((grant["id"], entry["amount"], posted["created_at"], grant["expires_at"], grant["source"]))
        return found

    def _money(self, job: str, account: int) -> Answer:
        rows = self._of_job(account, job)
        spent = [-r["amount"] for r in rows if r["type"] == "SPEND_CREDIT"]
        return [(len(spent), sum(spent), sum(r["amount"] for r in rows if r["type"] == "REFUND_CREDIT"))]

    def _new_grant(self, key: str, account: int, amount: int, ends: Any, source: str, now: Any) -> Answer:
        self.grants.insert(
            {"id": key, "account_id": account, "amount": amount, "remaining": 0, "expires_at": ends, "source": source,
             "created_at": now}
        )  # fmt: skip
        return []

    def _append(self, *values: Any) -> Answer:
        self.transactions.insert(dict(zip(_COLUMNS, values, strict=True)))
        return []

    def _entry(self, transaction: str, grant: str, amount: int, drawn_from: str | None) -> Answer:
        self.entries.insert(
            {
                "id": None,
                "transaction_id": transaction,
                "grant_id": grant,
                "drawn_from_id": drawn_from,
                "amount": amount,
            }
        )
        return []


_COLUMNS = (
    "id", "account_id", "seq", "type", "contra", "amount", "balance_after", "job", "project", "item", "idempotency_key",
    "request_digest", "reason", "actor", "created_at", "previous_hash", "hash",
)  # fmt: skip


def _ended(grant: Row, now: Any) -> bool:
    return grant["expires_at"] is not None and grant["expires_at"] <= now


def _only_new(name: str) -> Callable[[Row | None, Row], None]:
    def guard(old: Row | None, new: Row) -> None:
        if old is not None:
            raise IntegrityError(f"the books are append-only: UPDATE of {name} refused")

    return guard
