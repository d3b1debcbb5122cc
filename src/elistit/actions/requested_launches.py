"""Launching a list that is too long to be planned during a request: accepted at once, planned in slices, launched when
every row has its price.

Every request that reads the batch plans a slice of it, and so does a worker until none is left; only a worker launches.
It must never charge part of a list, and never launch a list that costs more than its request allowed.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from django.db import DatabaseError

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

log = logging.getLogger(__name__)

Refusal = InvalidSpec | NotPossible | InsufficientCredits
TOO_FEW = "insufficient-credits"
KINDS: tuple[tuple[type[Exception], str], ...] = (
    (InvalidSpec, "invalid-request"),
    (InsufficientCredits, TOO_FEW),
    (AboveMaximum, "above-maximum"),
    (KeyCap, "daily-cap"),
    (DailyLimit, "daily-limit"),
)
"""The problem type of each refusal, as in the API."""
OTHER = "not-possible"
FULL = "disk-full"
HELD_UP = "You weren't charged. The batch launches automatically once the studio operator has freed some space."
NEXT_STEPS = {
    "invalid-request": "Fix these rows on the batch's page, then launch it there.",
    TOO_FEW: "Add credits or remove rows, then launch it from its page.",
    "above-maximum": "Launch it from its page if the price is right for you, or remove rows there first.",
    "daily-cap": "Launch it from its page, where the daily cap of an API key doesn't count.",
    "daily-limit": "Launch it from its page when your daily limit starts again, or remove rows there first.",
    OTHER: "Check it on its page, then launch it there.",
    FULL: "You don't have to do anything. To stop the launch, discard the draft on its page.",
}
"""What its seller can do, by the kind of refusal."""
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
    checks, errors = batch_planning.Checks(owner), dict[str, str]()
    for number, one in enumerate(given, start=1):
        try:
            if one.problems:
                raise InvalidSpec(one.problems)
            spec = checks.order(BatchRow(number=number, order=one.order))
            found = protected_names.of_order(spec)
            protected_names.require_confirmation(found, bool(one.order.get(protected_names.CONFIRM)))
        except InvalidSpec as invalid:
            errors |= rows_of.of_row(number, invalid).errors
        except NotPossible as refused:
            errors |= rows_of.of_row(number, InvalidSpec({"model": str(refused)})).errors
    if errors:
        raise InvalidSpec(errors)


def next_step(wait: RequestedLaunch) -> str:
    """What the seller of a launch that was refused or is held up can do, in one or two sentences; empty for any other."""
    if wait.state == RequestedLaunch.State.LAUNCHED:
        return ""
    return NEXT_STEPS.get(wait.problem, NEXT_STEPS[OTHER]) if wait.problem else ""


def advance(wait: RequestedLaunch) -> bool:
    """Plan a slice of a waiting list, and launch it if that was the last slice. Returns whether its wait has ended, by
    a launch or a refusal. Safe to repeat and to run concurrently. Raises StudioFull while the disk is full: the list is
    recorded as held up, and keeps waiting."""
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
        with disk_space.required(HELD_UP):
            bookings = batches.bookings(owner, list(wait.batch.rows.select_related("quote__storyboard")))
            jobs = requested_launches.launch(owner, wait.batch_id, bookings)
    except StudioFull as full:
        _hold_up(wait, str(full))
        raise
    except (InvalidSpec, NotPossible, InsufficientCredits) as refused:
        return _refuse(owner, wait.batch_id, refused)
    # If this process dies here, recovery queues them.
    commands.start_all_on_commit(jobs, "launch:0")
    return bool(jobs)


def _hold_up(wait: RequestedLaunch, reason: str) -> None:
    try:
        requested_launches.hold_up(wait, FULL, reason)
    except DatabaseError as error:
        if not disk_space.is_full(error):
            raise
        log.warning("the database has no room to note that batch %s is held up", wait.pk)


def _refuse(owner: User, public_id: str, refused: Refusal) -> bool:
    name = next((name for kind, name in KINDS if isinstance(refused, kind)), OTHER)
    errors = refused.errors if isinstance(refused, InvalidSpec) else {}
    return requested_launches.refuse(owner, public_id, name, str(refused), errors)
