"""Rules §7: whole numbers, a running balance that is the sum of its rows, never below zero, grants never overdrawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from elistit.credits.models import CreditEntry, CreditTransaction
from elistit.simulator.town import Town


def check(town: Town) -> Iterator[str]:
    account, balance, next_seq = None, 0, 1
    rows = CreditTransaction.objects.order_by("account_id", "seq")
    for row_account, seq, amount, after in rows.values_list("account_id", "seq", "amount", "balance_after"):
        if row_account != account:
            account, balance, next_seq = row_account, 0, 1
        balance += amount
        if seq != next_seq:
            yield f"row {seq} of account {account} follows row {next_seq - 1}"
        if after != balance or after < 0:
            yield f"row {seq} of account {account} says {after}; its rows come to {balance}"
        next_seq = seq + 1
    left: Counter[str] = Counter()
    for grant, amount in CreditEntry.objects.order_by("id").values_list("grant_id", "amount"):
        left[grant] += amount
    for grant, held in left.items():
        if held < 0:
            yield f"grant {grant} was drawn below zero ({held})"
