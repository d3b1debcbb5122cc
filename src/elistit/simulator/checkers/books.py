"""Rules §7: whole numbers, a running balance that is the sum of its rows, never below zero, grants never overdrawn."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from elistit.simulator.town import Town


def check(town: Town) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account_id, seq, amount, balance_after FROM credits_credittransaction ORDER BY account_id, seq"
        )
        account, balance, next_seq = None, 0, 1
        for row_account, seq, amount, after in cursor.fetchall():
            if row_account != account:
                account, balance, next_seq = row_account, 0, 1
            balance += amount
            if seq != next_seq:
                yield f"row {seq} of account {account} follows row {next_seq - 1}"
            if after != balance or after < 0:
                yield f"row {seq} of account {account} says {after}; its rows come to {balance}"
            next_seq = seq + 1
        cursor.execute("SELECT grant_id, SUM(amount) FROM credits_creditentry GROUP BY grant_id HAVING SUM(amount) < 0")
        for grant, left in cursor.fetchall():
            yield f"grant {grant} was drawn below zero ({left})"
