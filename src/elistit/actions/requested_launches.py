"""Launching a list that is too long to be planned during a request: accepted at once, planned in slices, launched when
every row has its price.

Every request that reads the batch plans a slice of it, and so does a worker until none is left; only a worker launches.
It must never charge part of a list, and never launch a list that costs more than its request allowed.
"""

from __future__ import annotations

from collections.abc import Sequence

from elistit.accounts.models import User
from elistit.actions import batch_planning, batches, commands, protected_names
from elistit.chain import disk_space
from elistit.credits.ledger import InsufficientCredits
from elistit.projects import batches as rows_of
from elistit.projects import interrupted, requested_launches
from elistit.projects.batch_list import Given
from elistit.projects.batch_models import Batch, BatchRow, RequestedLaunch
from elistit.projects.errors import (
    AboveMaximum,
    DailyLimit,
    InvalidSpec,
    KeyCap,
    NotFound,
    NotPossible,
    StudioFull,
)

Refusal = InvalidSpec | NotPossible | InsufficientCredits
KINDS: tuple[tuple[type[Exception], str], ...] = (
    (InvalidSpec, "invalid-request"),
    (InsufficientCredits, "insufficient-credits"),
    (AboveMaximum, "above-maximum"),
    (KeyCap, "daily-cap"),
    (DailyLimit, "daily-limit"),
)
"""The problem type of each refusal, as in the API."""
OTHER = "not-possible"
REVOKED = "The API key this list was sent with was revoked before the launch. You weren't charged."
CLOSED = "This account was closed before the launch. You weren't charged."


def request(
    owner: User, name: str, given: Sequence[Given], *, idempotency_key: str, max_credits: int | None = None
) -> Batch:
    """Accept a list to be launched: save it and return at once. The same key with the same list returns the same batch,
    whatever has happened to it.

    Rows are checked as far as possible without a plan. Raises InvalidSpec naming every row that can't be launched,
    IdempotencyConflict, StudioFull, Interrupted, and NotFound for a repetition whose draft was discarded; nothing is
    written then.
    """
    body: dict[str, object] = {"name": name, "rows": [row.order for row in given]}
    if max_credits is not None:
        body["max_credits"] = max_credits

    def accept() -> Batch:
        if not rows_of.is_known(owner, idempotency_key):
            _require_right(owner, given)
        with disk_space.required():
            done = requested_launches.accept(
                owner, name, given, idempotency_key=idempotency_key, body=body, max_credits=max_credits
            )
        return rows_of.own(owner, done.answer["batch"])

    return interrupted.run(owner.pk, idempotency_key, accept)


def _require_right(owner: User, given: Sequence[Given]) -> None:
    """Raises InvalidSpec naming every row that is invalid whatever its plan will be."""
    available, errors = batch_planning.availability(), dict[str, str]()
    for number, one in enumerate(given, start=1):
        try:
            if one.problems:
                raise InvalidSpec(one.problems)
            spec = batch_planning.checked(owner, BatchRow(number=number, order=one.order), available)
            found = protected_names.of_order(spec)
            protected_names.require_confirmation(found, bool(one.order.get(protected_names.CONFIRM)))
        except InvalidSpec as invalid:
            errors |= rows_of.of_row(number, invalid).errors
        except NotPossible as refused:
            errors |= rows_of.of_row(number, InvalidSpec({"model": str(refused)})).errors
    if errors:
        raise InvalidSpec(errors)


def advance(wait: RequestedLaunch) -> bool:
    """Plan a slice of a waiting list, and launch it if that was the last slice. Returns whether its wait has ended, by
    a launch or a refusal. Safe to repeat and to run concurrently. Raises StudioFull while nothing can be written; the
    list then keeps waiting."""
    owner, public_id = wait.batch.owner, wait.batch_id
    try:
        if batch_planning.plan_slice(owner, public_id):
            return False
        return _settle(owner, wait)
    except NotFound:
        return False  # discarded in the meantime


def _settle(owner: User, wait: RequestedLaunch) -> bool:
    try:
        if wait.api_key is not None and wait.api_key.revoked_at is not None:
            raise NotPossible(REVOKED)
        if not owner.is_active:
            raise NotPossible(CLOSED)
        bookings = batches.bookings(owner, list(wait.batch.rows.all()))
        with disk_space.required():
            jobs = requested_launches.launch(owner, wait.batch_id, bookings)
    except StudioFull:
        raise
    except (InvalidSpec, NotPossible, InsufficientCredits) as refused:
        return _refuse(owner, wait.batch_id, refused)
    for job in jobs:
        # If this process dies here, recovery queues them.
        commands.start_on_commit(job, "launch:0")
    return bool(jobs)


def _refuse(owner: User, public_id: str, refused: Refusal) -> bool:
    name = next((name for kind, name in KINDS if isinstance(refused, kind)), OTHER)
    errors = refused.errors if isinstance(refused, InvalidSpec) else {}
    return requested_launches.refuse(owner, public_id, name, str(refused), errors)
