"""One door for what costs: the same key, the same answer, for as long as the account exists (rules §7).

`accept` does an act once per owner and key and answers every repetition from the row it left, whatever came in between.
The row is written in the transaction that moves the credits: there is no charge without it and none of it without the
charge. `settled` says what happened to an act that a fault interrupted, from the rows alone. It must never do an act twice,
and never say that nothing was charged unless the database says so.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, Error, IntegrityError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import load_backend

from elistit.accounts import spending
from elistit.credits.ledger import IdempotencyConflict, InsufficientCredits, Posting
from elistit.projects import daily_limits
from elistit.projects.errors import InvalidSpec, KeyCap, NotFound, NotPossible
from elistit.projects.request_models import AcceptedCharge, AcceptedRequest

__all__ = [
    "Accepted",
    "AcceptedCharge",
    "AcceptedRequest",
    "Act",
    "Interrupted",
    "NotKnown",
    "accept",
    "look",
    "settled",
]

log = logging.getLogger(__name__)
T = TypeVar("T")

KEY_MAX = 80
REFUSALS = (InvalidSpec, NotPossible, NotFound, InsufficientCredits, IdempotencyConflict)
"""What an act answers when it will not be done; nothing was written then."""
LOOK_TIMEOUT_MS = 3_000
"""How long a look waits for a transaction that holds the key and has not ended yet."""


class Act(StrEnum):
    """What a key can stand for."""

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
    """What an act answered. `replayed`: it had been done before."""

    answer: dict[str, Any]
    replayed: bool


@dataclass(frozen=True)
class Found:
    """A request that is recorded: what it answered and what it was charged, in credits."""

    answer: dict[str, Any]
    charged: int


class NotKnown(Exception):
    """The database cannot be asked now whether a request was accepted."""


class Outcome(StrEnum):
    """What is known of an act that a fault interrupted."""

    ACCEPTED = "accepted"
    NOTHING = "nothing"
    UNKNOWN = "unknown"


class Interrupted(Exception):
    """A fault of ours interrupted an act. `outcome` says what the books say of it; the message is for the seller."""

    def __init__(self, outcome: Outcome, key: str, found: Found | None = None) -> None:
        self.outcome, self.key, self.found = outcome, key, found
        super().__init__(self.sentence("Retry with the same Idempotency-Key"))

    def sentence(self, again: str) -> str:
        """What the books say, in the seller's words. `again` says how to ask again, as the beginning of a sentence."""
        if self.outcome == Outcome.NOTHING:
            return "This is our fault. You weren't charged for this request."
        if self.found is None:
            return f"We don't know yet whether this went through. {again}: you can't be charged twice."
        credits = "1 credit was" if self.found.charged == 1 else f"{self.found.charged:,} credits were"
        project = self.found.answer.get("project")
        of = f" for project {project}" if project else ""
        return (
            f"This is our fault. The request was accepted and {credits} charged{of}. {again} to see it: you can't be "
            "charged twice."
        )


def checked_key(key: str) -> str:
    """The key as it is kept. Raises InvalidSpec for one that is empty or too long."""
    key = key.strip()
    if not 0 < len(key) <= KEY_MAX or "\x00" in key:
        raise InvalidSpec({"idempotency_key": f"An idempotency key has 1 to {KEY_MAX} characters."})
    return key


def digest(body: object) -> str:
    """What tells one body from another: SHA-256 over canonical JSON."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def accept(
    owner_id: int,
    key: str,
    act: Act,
    body: object,
    do: Callable[[AcceptedRequest], dict[str, Any]],
    *,
    same: Callable[[dict[str, Any]], bool] | None = None,
    before: Callable[[str], dict[str, Any] | None] | None = None,
) -> Accepted:
    """Do an act once for this owner and key; again, answer what it answered.

    `do` runs in the transaction that writes the request, and answers JSON-safe data; what it spends it must hand to
    `charged`. What it raises leaves nothing. `same` may recognize a body that is worded differently from the stored
    answer. `before` finds the answer of a key from before there were such rows (it may raise IdempotencyConflict). Raises
    InvalidSpec for a key that is none, IdempotencyConflict for one that stands for another act or body.

    Of any number of callers with one key at once, one does the act and the others wait for its answer.
    """
    key = checked_key(key)
    body_digest = digest(body)

    def replay() -> dict[str, Any] | None:
        row = find(owner_id, key)
        if row is None:
            return before(key) if before else None
        if row.act != act or not (row.digest == body_digest or (same and same(row.answer))):
            raise IdempotencyConflict(key)
        return dict(row.answer)

    if (answer := replay()) is not None:
        return Accepted(answer, replayed=True)
    try:
        with transaction.atomic():
            # First of all: the one that comes second with this key waits here, before it looks at anything that may change.
            row = AcceptedRequest.objects.create(owner_id=owner_id, key=key, act=act, digest=body_digest)
            answer = do(row)
            AcceptedRequest.objects.filter(pk=row.pk).update(answer=answer)
            return Accepted(answer, replayed=False)
    except IntegrityError:
        # Two requests with one key raced; the other one has committed by now, or the fault is real.
        if (answer := replay()) is not None:
            return Accepted(answer, replayed=True)
        raise


def find(owner_id: int, key: str) -> AcceptedRequest | None:
    """The request this owner's key stands for, if there is one."""
    return AcceptedRequest.objects.filter(owner_id=owner_id, key=key.strip()).first()


def complete(request: AcceptedRequest, answer: dict[str, Any]) -> None:
    """Write the answer of a request that was accepted before it could be charged (a list that is still to be planned), in the
    transaction that charges it. Once per request: its caller holds what keeps it from happening twice."""
    AcceptedRequest.objects.filter(pk=request.pk).update(answer=answer)


def charged(request: AcceptedRequest, posting: Posting) -> None:
    """Write down which SPEND row a request was charged with, in the same transaction. Raises KeyCap when the API key it came
    with may not spend that much today, and DailyLimit when the seller may not."""
    if not posting.replayed:
        try:
            spending.count(-posting.amount)
        except spending.DailyCap as capped:
            raise KeyCap(str(capped)) from capped
        launches = 1 if request.act in (Act.LAUNCH, Act.BATCH) else 0
        daily_limits.check_charged(request.owner_id, -posting.amount, launches)
    AcceptedCharge.objects.create(request=request, posting=posting.id)


def settled(owner_id: int, key: str, act: Callable[[], T], *, refusals: tuple[type[Exception], ...] = ()) -> T:
    """Do an act that goes through `accept`, and when a fault interrupts it, find out whether it went through.

    It is recorded: the act is asked for once more, which answers what stands. It does not: the fault is passed on,
    with what `told_of` finds in it. Neither can be said, or what stands cannot be answered: Interrupted is raised from the
    fault. Refusals are passed on as they are. Inside a caller's transaction nothing is known before that ends: the one that holds
    the transaction calls this.
    """
    if connection.in_atomic_block:
        return act()
    passed_on: tuple[type[Exception], ...] = (*REFUSALS, *refusals, Interrupted)
    try:
        return act()
    except passed_on:
        raise
    except Exception as fault:
        log.exception("an act that costs was interrupted")
        raised = interrupted(owner_id, key)
        if raised.outcome == Outcome.ACCEPTED:
            connection.close()
            try:
                return act()
            except Exception:
                log.exception("an act that had been accepted could not be answered")
        elif raised.outcome == Outcome.NOTHING:
            fault.interrupted = raised  # type: ignore[attr-defined]
            raise
        raise raised from fault


def told_of(fault: BaseException) -> Interrupted | None:
    """What `settled` found out about the act a fault interrupted; None when it was no such act."""
    found = fault if isinstance(fault, Interrupted) else getattr(fault, "interrupted", None)
    return found if isinstance(found, Interrupted) else None


def interrupted(owner_id: int, key: str) -> Interrupted:
    """What happened to an interrupted act, as an exception that says it."""
    try:
        found = look(owner_id, key)
    except NotKnown:
        return Interrupted(Outcome.UNKNOWN, key)
    return Interrupted(Outcome.ACCEPTED if found else Outcome.NOTHING, key, found)


def look(owner_id: int, key: str) -> Found | None:
    """Whether a request is recorded, asked over a new connection. None: it does not, and no transaction that is
    still running can make it so. Raises NotKnown when that cannot be said now."""
    fresh = _fresh()
    try:
        if fresh.vendor == "postgresql" and _free(fresh, owner_id, key.strip()):
            return None
        return _stands(fresh, owner_id, key.strip())
    except Error as problem:
        log.warning("the books could not be asked for a request: %s", type(problem).__name__)
        raise NotKnown from problem
    finally:
        try:
            fresh.close()
        except Error:
            log.debug("a connection could not be closed", exc_info=True)


def _fresh() -> BaseDatabaseWrapper:
    """Its own connection, past the pool, so that nothing of the one that broke is in it."""
    known = connection.settings_dict
    options = {k: v for k, v in known["OPTIONS"].items() if k != "pool"}
    if connection.vendor == "postgresql":
        options["connect_timeout"] = min(5, int(options.get("connect_timeout", 5)))
    wrapper: type[BaseDatabaseWrapper] = load_backend(known["ENGINE"]).DatabaseWrapper
    return wrapper({**known, "OPTIONS": options}, DEFAULT_DB_ALIAS)


def _free(fresh: BaseDatabaseWrapper, owner_id: int, key: str) -> bool:
    """Whether no one holds this key and no one who is still at it can come to hold it.

    PostgreSQL may still be busy with a COMMIT whose answer will reach no one. Its unique index knows: claiming the key waits
    for that transaction to end. The claim itself is always taken back.
    """
    fresh.set_autocommit(False)
    try:
        with fresh.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = {LOOK_TIMEOUT_MS}")
            cursor.execute(
                "INSERT INTO projects_acceptedrequest (owner_id, key, act, digest, answer, created_at)"
                " VALUES (%s, %s, 'look', '', '{}', now()) ON CONFLICT (owner_id, key) DO NOTHING",
                [owner_id, key],
            )
            return bool(cursor.rowcount)
    finally:
        fresh.rollback()


def _stands(fresh: BaseDatabaseWrapper, owner_id: int, key: str) -> Found | None:
    with fresh.cursor() as cursor:
        cursor.execute(
            "SELECT r.answer, (SELECT COALESCE(SUM(-t.amount), 0) FROM projects_acceptedcharge c"
            "  JOIN credits_credittransaction t ON t.id = c.posting WHERE c.request_id = r.id)"
            " FROM projects_acceptedrequest r WHERE r.owner_id = %s AND r.key = %s",
            [owner_id, key],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    answer = json.loads(row[0]) if isinstance(row[0], str | bytes) else row[0]
    return Found(answer, int(row[1]))
