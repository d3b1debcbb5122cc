"""Idempotency keys: the same key gives the same answer, for as long as the account exists (rules §7).

`accept` runs an action once per owner and key, and answers every repetition from the row it left, whatever came in between.
The row is written in the transaction that moves the credits: neither exists without the other. What a fault interrupted is
looked up by `projects.interrupted`. This module must never run an action twice for one key.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import IntegrityError, transaction

from elistit.accounts import spending
from elistit.credits.ledger import IdempotencyConflict, InsufficientCredits, Posting
from elistit.projects import daily_limits
from elistit.projects.errors import InvalidSpec, KeyCap, NotFound, NotPossible
from elistit.projects.request_models import AcceptedCharge, AcceptedRequest

KEY_MAX = 80
REFUSALS = (InvalidSpec, NotPossible, NotFound, InsufficientCredits, IdempotencyConflict)
"""What an action raises when it is refused; nothing was written then."""


class Action(StrEnum):
    """The actions a key can stand for."""

    LAUNCH = "launch"
    BATCH = "batch"
    PRINT_READY = "print_ready"
    LISTING = "listing"
    REMAKE = "remake"
    GOODWILL = "goodwill"
    APPROVE_GOODWILL = "approve_goodwill"
    REFUSE_GOODWILL = "refuse_goodwill"
    CHECKOUT = "checkout"


@dataclass(frozen=True)
class Accepted:
    """The answer of an action. `replayed`: it had run before."""

    answer: dict[str, Any]
    replayed: bool


def checked_key(key: str) -> str:
    """Return the key as it is stored. Raises InvalidSpec if it is empty or too long."""
    key = key.strip()
    if not 0 < len(key) <= KEY_MAX or "\x00" in key:
        raise InvalidSpec({"idempotency_key": f"An idempotency key has 1 to {KEY_MAX} characters."})
    return key


def digest(body: object) -> str:
    """SHA-256 of a request body as canonical JSON; two bodies with one digest are the same request."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def accept(
    owner_id: int,
    key: str,
    action: Action,
    body: object,
    do: Callable[[AcceptedRequest], dict[str, Any]],
    *,
    same: Callable[[dict[str, Any]], bool] | None = None,
    before: Callable[[str], dict[str, Any] | None] | None = None,
) -> Accepted:
    """Run an action once for this owner and key; a repetition gets the stored answer.

    `do` runs in the transaction that writes the request and returns JSON-safe data; it must pass what it spends to `charged`.
    If it raises, nothing is written. `same` may accept a body that differs in form from the stored one. `before` finds the
    answer of a key that is older than these rows (it may raise IdempotencyConflict). Raises InvalidSpec for an invalid key,
    IdempotencyConflict for a key that was used for another action or body.

    Of any number of callers with one key at once, one runs the action and the others wait for its answer.
    """
    key = checked_key(key)
    body_digest = digest(body)

    def replay() -> dict[str, Any] | None:
        row = find(owner_id, key)
        if row is None:
            return before(key) if before else None
        if row.act != action or not (row.digest == body_digest or (same and same(row.answer))):
            raise IdempotencyConflict(key)
        return dict(row.answer)

    if (answer := replay()) is not None:
        return Accepted(answer, replayed=True)
    try:
        with transaction.atomic():
            # First, so that a second request with this key waits here before it reads anything that may change.
            row = AcceptedRequest.objects.create(owner_id=owner_id, key=key, act=action, digest=body_digest)
            answer = do(row)
            AcceptedRequest.objects.filter(pk=row.pk).update(answer=answer)
            return Accepted(answer, replayed=False)
    except IntegrityError:
        # Two requests with one key raced, and the other one has committed; or the error has another cause.
        if (answer := replay()) is not None:
            return Accepted(answer, replayed=True)
        raise


def find(owner_id: int, key: str) -> AcceptedRequest | None:
    """The request that was accepted with this owner's key, if there is one."""
    return AcceptedRequest.objects.filter(owner_id=owner_id, key=key.strip()).first()


def complete(request: AcceptedRequest, answer: dict[str, Any]) -> None:
    """Write the answer of a request that was accepted before it could be charged (a list that is still to be planned), in the
    transaction that charges it. Once per request: its caller holds what keeps it from happening twice."""
    AcceptedRequest.objects.filter(pk=request.pk).update(answer=answer)


def charged(request: AcceptedRequest, posting: Posting) -> None:
    """Record which SPEND row a request was charged with, in the same transaction. Raises KeyCap when it exceeds the daily
    limit of its API key, and DailyLimit when it exceeds the seller's."""
    if not posting.replayed:
        try:
            spending.count(-posting.amount)
        except spending.DailyCap as capped:
            raise KeyCap(str(capped)) from capped
        launches = 1 if request.act in (Action.LAUNCH, Action.BATCH) else 0
        daily_limits.check_charged(request.owner_id, -posting.amount, launches)
    AcceptedCharge.objects.create(request=request, posting=posting.id)
