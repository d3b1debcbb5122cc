"""Refunds to grants: back to the original grants, or to new ones for those that have expired (rules §5, §7).

It must never let a sequence of launches, failures and refunds extend the life of credits indefinitely, and is called
only by `ledger`.
"""

from __future__ import annotations

import datetime as dt

from elistit.credits import posting
from elistit.credits.posting import Account, Draw

# Lifetime of refunded credits whose grant has expired: what the grant still had when they were spent, within these
# days; only these hours when that grant was itself created by a refund (rules §7).
LEAST_DAYS, MOST_DAYS = 7, 30
AGAIN_HOURS = 24
RETURNED, RETURNED_AGAIN = SOURCES = ("returned", "returned:again")


def draws(account: Account, job: str, amount: int, now: dt.datetime) -> list[Draw]:
    """Where `amount` refunded credits go: to their grants or, for expired ones, to new grants, one for each expiry time."""
    back: dict[str, int] = {}
    ended: dict[tuple[dt.timedelta, str], dict[str, int]] = {}
    for held in posting.spent(account, job) if amount else []:
        part = min(amount, held.amount)
        amount -= part
        if held.ends is None or held.ends > now:
            back[held.grant] = back.get(held.grant, 0) + part
        else:
            parts = ended.setdefault(life_after(held.source, held.ends - held.at), {})
            parts[held.grant] = parts.get(held.grant, 0) + part
        if amount == 0:
            break
    found = [Draw(grant_id, part, grant_id) for grant_id, part in back.items()]
    for (life, source), parts in ended.items():
        made = posting.new_grant(account, sum(parts.values()), source, now + life, now)
        found.extend(Draw(made, part, grant_id) for grant_id, part in parts.items())
    return found


def life_after(source: str, left: dt.timedelta) -> tuple[dt.timedelta, str]:
    """The lifetime of credits refunded after their grant of this `source` has expired, and the new grant's source.

    `left` is what the grant still had when they were spent; the lifetime is the same, but at least 7 and at most 30
    days. If that grant was itself created by such a refund, it is 24 hours, so that spending and failing in turn can't
    keep credits alive (rules §7).
    """
    if source in SOURCES:
        return dt.timedelta(hours=AGAIN_HOURS), RETURNED_AGAIN
    return min(max(left, dt.timedelta(days=LEAST_DAYS)), dt.timedelta(days=MOST_DAYS)), RETURNED
