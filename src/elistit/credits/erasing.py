"""Remove a person's text from the rows of their account, when the account is erased (docs/decisions/0058).

The rows stay, with every number, and remain a valid chain: those whose text changes, and all after them, get a new
hash. The database allows it only during an erasure. It must never change an amount, a type or an order.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from elistit.credits import chain, posting, statement
from elistit.credits.models import CreditAccount, CreditEntry, CreditTransaction

WORDS = {
    "GRANT_CREDIT": "Credits granted",
    "PURCHASE_CREDIT": "Credits purchased",
    "SPEND_CREDIT": "Credits spent",
    "REFUND_CREDIT": "Credits refunded",
    "EXPIRE_CREDIT": "Credits expired",
    "ADJUST_CREDIT": "Credits adjusted",
}
"""The text that replaces what someone typed."""
QUOTED = "“"
"""The marks around a person's text when it is quoted in the studio's own sentences."""


def typed_by_people(row: CreditTransaction) -> bool:
    """Whether a row's texts may be a person's: an address as actor, a quoted name, a reason an operator wrote."""
    free = row.type == "ADJUST_CREDIT" or row.idempotency_key.startswith("goodwill:")
    return free or "@" in row.actor or QUOTED in row.reason


def forget_words(owner_id: int, names: Callable[[str], bool]) -> int:
    """Replace the text of every row that people typed or in which `names` finds the person, and return the number of
    changed rows; 0, with nothing written, when none had to change. Idempotent. Must run in a transaction that holds the
    account, so that no posting comes in between."""
    with transaction.atomic():
        account = posting.take(owner_id)
        if account is None:
            return 0
        return _forget(CreditAccount.objects.get(owner_id=owner_id), names)


def _forget(account: CreditAccount, names: Callable[[str], bool]) -> int:
    entries: dict[str, list[list[object]]] = {}
    for transaction_id, *entry in (
        CreditEntry.objects.filter(transaction__account=account)
        .order_by("id")
        .values_list("transaction_id", "grant_id", "amount", "drawn_from_id")
    ):
        entries.setdefault(transaction_id, []).append(entry)
    changed, before = 0, ""
    for row in list(CreditTransaction.objects.filter(account=account).order_by("seq")):
        actor = "" if "@" in row.actor or names(row.actor) else row.actor
        reason = WORDS[row.type] if typed_by_people(row) or names(row.reason) else row.reason
        if (actor, reason) != (row.actor, row.reason):
            changed += 1
        elif row.previous_hash == before:
            before = row.hash
            continue
        row.actor, row.reason, row.previous_hash = actor, reason, before
        before = chain.row_hash(statement.hashed(row, entries.get(row.pk, [])))
        CreditTransaction.objects.filter(pk=row.pk).update(
            actor=actor, reason=reason, previous_hash=row.previous_hash, hash=before
        )
    if changed:
        CreditAccount.objects.filter(pk=account.pk).update(head_hash=before)
    return changed
