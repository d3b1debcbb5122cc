"""The ledger: the only way credits move (rules §7). Grants, purchases, spends, refunds, expiries, adjustments.

Every function is safe inside a caller's transaction and opens one otherwise; every posting happens exactly once per
idempotency key, under any race. It must never change or delete a row, let a balance go below zero, refund more than was
charged, or know more about a job or a project than its id. The posting itself is in `elistit.credits.posting`;
`README.md` beside this file states the invariants with examples.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, models, transaction

from elistit import ports
from elistit.credits import chain, faults, posting, refunds, requests
from elistit.credits.faults import Report
from elistit.credits.models import CreditAccount, CreditGrant, CreditTransaction
from elistit.credits.posting import Account, Draw, Known, Words
from elistit.prepared import Prepared, prepared


class InsufficientCredits(Exception):
    """The balance is too low. Nothing was written. The message is one sentence for the seller."""

    def __init__(self, needed: int, balance: int) -> None:
        self.needed, self.balance, self.shortfall = needed, balance, needed - balance
        super().__init__(
            f"This needs {requests.credits(needed)} and you have {balance:,}: {self.shortfall:,} more to go."
        )


class IdempotencyConflict(Exception):
    """The same idempotency key came with a different request. Nothing was written."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__("This idempotency key was already used for a different request.")


class NothingToRefund(Exception):
    """The job was never charged on this account. Nothing was written."""

    def __init__(self, job: str) -> None:
        self.job = job
        super().__init__("Nothing was charged here, so there is nothing to refund.")


class OverRefund(Exception):
    """The refund is larger than what the job was charged less earlier refunds. Nothing was written."""

    def __init__(self, asked: int, left: int) -> None:
        self.asked, self.left = asked, left
        super().__init__(f"{requests.credits(asked)} can't be refunded: only {left:,} of this charge are left.")


@dataclass(frozen=True)
class Posting:
    """A row of the ledger as its caller sees it. `replayed`: the row already existed under the same key."""

    id: str
    type: str
    amount: int
    balance_after: int
    replayed: bool


@dataclass(frozen=True)
class JobMoney:
    """What a job was charged and what was refunded, in credits."""

    charged: int = 0
    refunded: int = 0

    @property
    def net(self) -> int:
        """What the job cost in the end, in credits."""
        return self.charged - self.refunded


def open_account(owner_id: int) -> CreditAccount:
    """The owner's account, created with a balance of zero if it doesn't exist. Idempotent, also under a race."""
    posting.rows(posting.OPEN, [posting.moment(ports.now()), owner_id])
    return CreditAccount.objects.get(owner_id=owner_id)


def grant(
    owner_id: int,
    amount: int,
    *,
    source: str,
    idempotency_key: str,
    reason: str,
    actor: str = "",
    expires_at: dt.datetime | None = None,
    type: str = "GRANT_CREDIT",
) -> Posting:
    """Add `amount` > 0 credits as one grant that expires at `expires_at`, or never.

    `type` is GRANT_CREDIT (allowance, trial, goodwill) or PURCHASE_CREDIT. The same key with the same request returns
    the first posting again; with another request it raises IdempotencyConflict. Raises ValueError for an invalid
    amount, type, key or reason.
    """
    if type not in ("GRANT_CREDIT", "PURCHASE_CREDIT"):
        raise ValueError(f"{type} does not add credits.")
    if source in refunds.SOURCES:
        raise ValueError("Only a refund returns credits.")
    requests.whole(amount, least=1)
    until = chain.stamp(expires_at) if expires_at else None
    words = requests.words(
        {"type": type, "owner": owner_id, "amount": amount, "source": source, "expires_at": until},
        idempotency_key, reason, actor,
    )  # fmt: skip
    now = ports.now()
    with transaction.atomic():
        account = _take(owner_id)
        if (row := posting.known(idempotency_key)) is not None:
            return _replay(row, words)
        made = posting.new_grant(account, amount, source, expires_at, now)
        return _append(account, type, amount, [Draw(made, amount)], words, now)


def spend(
    owner_id: int,
    amount: int,
    *,
    job: str,
    project: str,
    idempotency_key: str,
    reason: str,
    item: int | None = None,
    actor: str = "",
) -> Posting:
    """Charge `amount` ≥ 0 credits to a job, from the grants that expire first; 0 also writes a row.

    Expired grants are swept first, in the same transaction. Raises InsufficientCredits with nothing written, and
    IdempotencyConflict when the key belongs to another request.
    """
    requests.whole(amount, least=0)
    words = requests.words(
        {"type": "SPEND_CREDIT", "owner": owner_id, "amount": amount, "job": job, "project": project, "item": item},
        idempotency_key, reason, actor, job, project, item,
    )  # fmt: skip
    now = ports.now()
    if connection.vendor == "postgresql" and (quick := _spend_in_one(owner_id, amount, words, now)) is not None:
        return quick
    with transaction.atomic():
        if connection.vendor == "sqlite" and (quick := _spend_at_once(owner_id, amount, words, now)) is not None:
            return quick
        account = _take(owner_id)
        if (row := posting.known(idempotency_key)) is not None:
            return _replay(row, words)
        _sweep(account, now)
        if account.balance < amount:
            raise InsufficientCredits(amount, account.balance)
        return _append(account, "SPEND_CREDIT", -amount, posting.burn(account, amount), words, now)


def _spend_at_once(owner_id: int, amount: int, words: Words, now: dt.datetime) -> Posting | None:
    """The posting on SQLite after a single question; None when the general path has to decide (expired grants, no
    account)."""
    found = posting.standing(owner_id, words.idempotency_key, now)
    if found is None:
        return None
    if found.known is not None:
        return _replay(found.known, words)
    if any(expired for _, _, expired in found.grants):
        return None
    if found.account.balance < amount:
        raise InsufficientCredits(amount, found.account.balance)
    return _append(found.account, "SPEND_CREDIT", -amount, posting.drawn(found.grants, amount), words, now)


def _spend_in_one(owner_id: int, amount: int, words: Words, now: dt.datetime) -> Posting | None:
    """The one-statement posting on PostgreSQL; None when the general path has to decide (expired grants, no account)."""
    try:
        status, row = posting.spend_in_one(owner_id, amount, words, now)
    except IntegrityError as error:
        # The same key was committed for another account between our look-up and our insert.
        if "idempotency_key" in str(error):
            raise IdempotencyConflict(words.idempotency_key) from error
        raise
    if row is None:
        return None
    if status == "known":
        return _replay(row, words)
    return Posting(row.id, row.type, row.amount, row.balance_after, replayed=False)


def refund(
    owner_id: int,
    *,
    job: str,
    project: str,
    idempotency_key: str,
    reason: str,
    amount: int | None = None,
    item: int | None = None,
    actor: str = "",
) -> Posting:
    """Refund what a job was charged (rules §5.3, §5.6) to the grants it was drawn from, most recently drawn first.

    `amount` None means everything charged and not yet refunded; when nothing is left, a closing row of 0 is written
    under the key. Credits whose grant has expired are refunded as a new grant; see `refunds.life_after`. Raises
    NothingToRefund when the job was never charged, OverRefund when `amount` is more than is left, and
    IdempotencyConflict when the key belongs to another request; nothing is written then.
    """
    if amount is not None:
        requests.whole(amount, least=0)
    asked = "rest" if amount is None else amount
    words = requests.words(
        {"type": "REFUND_CREDIT", "owner": owner_id, "amount": asked, "job": job, "project": project, "item": item},
        idempotency_key, reason, actor, job, project, item,
    )  # fmt: skip
    now = ports.now()
    with transaction.atomic():
        account = _take(owner_id)
        if (row := posting.known(idempotency_key)) is not None:
            return _replay(row, words)
        money = posting.money(account, job)
        if money is None:
            raise NothingToRefund(job)
        left = money[0] - money[1]
        returned = left if amount is None else amount
        if returned > left:
            raise OverRefund(returned, left)
        draws = refunds.draws(account, job, returned, now)
        return _append(account, "REFUND_CREDIT", returned, draws, words, now)


def adjust(owner_id: int, amount: int, *, reason: str, actor: str, idempotency_key: str) -> Posting:
    """Correct a balance up or down; the reason and the person who did it are required (rules §7).

    Up: a new grant that never expires. Down: drawn in the usual order. Raises InsufficientCredits when the balance is
    too low for a correction down, and IdempotencyConflict when the key belongs to another request.
    """
    if amount == 0:
        raise ValueError("A correction must change the balance by at least one credit.")
    if not actor.strip():
        raise ValueError("A correction must name who made it.")
    requests.whole(abs(amount), least=1)
    body: requests.Body = {"type": "ADJUST_CREDIT", "owner": owner_id, "amount": amount}
    words = requests.words(body, idempotency_key, reason, actor)
    now = ports.now()
    with transaction.atomic():
        account = _take(owner_id)
        if (row := posting.known(idempotency_key)) is not None:
            return _replay(row, words)
        if amount > 0:
            draws = [Draw(posting.new_grant(account, amount, "correction", None, now), amount)]
        else:
            _sweep(account, now)
            if account.balance < -amount:
                raise InsufficientCredits(-amount, account.balance)
            draws = posting.burn(account, -amount)
        return _append(account, "ADJUST_CREDIT", amount, draws, words, now)


def expire_due(owner_id: int | None = None, *, report: Report = faults.log_fault) -> int:
    """Expire grants past their end, for one owner or for all, with one EXPIRE_CREDIT row per grant. Returns the number
    of rows. Idempotent.

    For all owners each account is a separate transaction; one that fails is reported and doesn't stop the others. For
    one owner the error is raised.
    """
    now = ports.now()
    if owner_id is not None:
        return _sweep_owner(owner_id, now)
    swept = 0
    for owner in posting.owners_due(now):
        with faults.caught(f"credits of seller {owner}", report):
            swept += _sweep_owner(owner, now)
    return swept


def _sweep_owner(owner_id: int, now: dt.datetime) -> int:
    with transaction.atomic():
        account = posting.take(owner_id)
        return _sweep(account, now) if account is not None else 0


believes_clock: Callable[[], bool] = True.__bool__
"""Whether grants may expire by the clock. Set by upper packages, which know when the clock has jumped."""


def _sweep(account: Account, now: dt.datetime) -> int:
    """Expire the locked account's expired grants. The key contains the seq, because what a grant holds is decided under
    the lock."""
    found = posting.due(account, now)
    if found and not believes_clock():
        return 0
    for grant_id, remaining, source in found:
        key = f"expire:{grant_id}:{account.seq + 1}"
        body: requests.Body = {"type": "EXPIRE_CREDIT", "account": account.id, "grant": grant_id, "amount": -remaining}
        words = requests.words(body, key, f"Unused credits expired ({source})")
        _append(account, "EXPIRE_CREDIT", -remaining, [Draw(grant_id, -remaining)], words, now)
    return len(found)


# Reading


def balance(owner_id: int) -> int:
    """Credits the owner can spend now. Expired grants don't count, swept or not, unless the clock has jumped
    (`believes_clock`). 0 without an account."""
    ((alive, held),) = posting.rows(
        "SELECT COALESCE(SUM(CASE WHEN g.expires_at IS NULL OR g.expires_at > %s THEN g.remaining ELSE 0 END), 0),"
        " COALESCE(SUM(g.remaining), 0)"
        " FROM credits_creditgrant g JOIN credits_creditaccount a ON a.id = g.account_id"
        " WHERE a.owner_id = %s AND g.remaining > 0",
        [posting.moment(ports.now()), owner_id],
    )
    return int(alive if alive == held or believes_clock() else held)


def grants(owner_id: int, *, most: int | None = None) -> list[CreditGrant]:
    """The owner's grants in the order in which they will be used, without expired ones; only the first `most` of them."""
    found, now = _grants(most).objects(owner_id), ports.now()
    alive = [grant for grant in found if grant.expires_at is None or grant.expires_at > now]
    if len(alive) == len(found) or not believes_clock():
        return found
    return alive if most is None else grants(owner_id)[:most]


@functools.cache
def _grants(most: int | None) -> Prepared[[int], CreditGrant]:
    def used_first(owner_id: int) -> models.QuerySet[CreditGrant]:
        held = CreditGrant.objects.filter(account__owner_id=owner_id, remaining__gt=0)
        return held.order_by(models.F("expires_at").asc(nulls_last=True), "id")[:most]

    return prepared(used_first)


def job_money(job: str) -> JobMoney:
    """What one job was charged and refunded. All zero for a job that was never charged."""
    return jobs_money([job])[job]


def jobs_money(jobs: Sequence[str]) -> dict[str, JobMoney]:
    """The same for many jobs in one query; every requested job is in the result."""
    found: dict[str, dict[str, int]] = {}
    for job, type, amount in _sums.rows([job for job in jobs if job]):
        found.setdefault(job, {})[type] = amount
    return {
        job: JobMoney(-found.get(job, {}).get("SPEND_CREDIT", 0), found.get(job, {}).get("REFUND_CREDIT", 0))
        for job in jobs
    }


@prepared
def _sums(jobs: list[str]) -> models.QuerySet[CreditTransaction, Any]:
    rows = CreditTransaction.objects.filter(job__in=jobs, type__in=("SPEND_CREDIT", "REFUND_CREDIT"))
    return rows.values_list("job", "type").annotate(sum=models.Sum("amount"))


def history(
    owner_id: int,
    *,
    type: str | None = None,
    project: str | None = None,
    before_seq: int | None = None,
    limit: int = 50,
) -> list[CreditTransaction]:
    """The owner's rows, newest first. Pages by `before_seq`: pass the last row's `seq` for the next page."""
    if not (type or project) and before_seq is None:
        return _newest(limit).objects(owner_id)
    found = CreditTransaction.objects.filter(account__owner_id=owner_id)
    if type:
        found = found.filter(type=type)
    if project:
        found = found.filter(project=project)
    if before_seq is not None:
        found = found.filter(seq__lt=before_seq)
    return list(found.order_by("-seq")[:limit])


@functools.lru_cache(maxsize=32)
def _newest(limit: int) -> Prepared[[int], CreditTransaction]:
    return prepared(
        lambda owner_id: CreditTransaction.objects.filter(account__owner_id=owner_id).order_by("-seq")[:limit]
    )


# Shared by the postings


def _take(owner_id: int) -> Account:
    account = posting.take(owner_id)
    if account is None:
        open_account(owner_id)
        account = posting.take(owner_id)
        assert account is not None, "an account that was just opened is there"
    return account


def _append(account: Account, type: str, amount: int, draws: Sequence[Draw], words: Words, now: dt.datetime) -> Posting:
    try:
        made = posting.append(account, type, amount, draws, words, now)
    except IntegrityError as error:
        # Only a posting of another account can have taken the key since we looked: ours run one after another.
        if "idempotency_key" in str(error) or "already hold" in str(error):
            raise IdempotencyConflict(words.idempotency_key) from error
        raise
    return Posting(made, type, amount, account.balance, replayed=False)


def _replay(row: Known, words: Words) -> Posting:
    if row.digest != words.digest:
        raise IdempotencyConflict(words.idempotency_key)
    return Posting(row.id, row.type, row.amount, row.balance_after, replayed=True)
