"""What a person may do with a batch, for the pages and the API: save a list, edit it, launch it, pause, resume, retry.

Each action is one transaction of `projects.batches`; storyboards are planned before it (`batch_planning`), so that
nothing is locked during planning, and work is queued when it commits. A draft must never charge anything.
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from elistit.accounts.models import User
from elistit.actions import batch_planning, commands, protected_names
from elistit.actions.batch_planning import Checks
from elistit.chain import disk_space, due
from elistit.projects import batches, interrupted, requested_launches, storyboard
from elistit.projects.batch_list import OF_THE_PRODUCT, Given, ReadList
from elistit.projects.batch_models import Batch, BatchRow
from elistit.projects.batches import Booking, Order
from elistit.projects.errors import InvalidSpec, NotPossible
from elistit.projects.models import Job
from elistit.projects.states import JobStatus
from elistit.runtime import engine
from elistit.stages import storyboards

log = logging.getLogger(__name__)

CONFIRMED = ("confirm_not_drawn", "confirm_trademarks")


@dataclass(frozen=True)
class RowEdit:
    """A change to a row of a draft: the fields of its order that were typed, and whether it is included in the launch."""

    number: int
    fields: Order = field(default_factory=dict)
    included: bool = True


def draft(owner: User, name: str, read: ReadList) -> Batch:
    """Save a list as a draft; its rows are planned later (`batch_planning`). Free. Raises InvalidSpec for the list as a
    whole; problems with a line are stored with its row."""
    return batches.create(owner, name, read.rows, read.notes)


def edit(owner: User, public_id: str, edits: Iterable[RowEdit]) -> Batch:
    """Change rows of a draft. A row whose order has changed has no price until it is planned again; a confirmation
    changes no price. Free. Raises NotFound, and NotPossible after the launch."""
    batch = _draft(owner, public_id)
    rows = {row.number: row for row in batch.rows.all()}
    for change in edits:
        row = rows.get(change.number)
        if row is None:
            continue
        order, new = _edited(row.order, change.fields), dict[str, Any]()
        if order != row.order:
            new["order"] = order
        if _without_confirmations(order) != _without_confirmations(row.order):
            new |= {"problems": {}, "warnings": {}, "quote": None}
        if change.included != row.included:
            new["included"] = change.included
        if new:
            # If the batch was launched in the meantime, nothing is changed.
            BatchRow.objects.filter(pk=row.pk, batch__state=Batch.State.DRAFT).update(**new)
    return batch


def _without_confirmations(order: Order) -> Order:
    return {name: value for name, value in order.items() if name not in CONFIRMED}


def _edited(order: Order, fields: Order) -> Order:
    """An order with the typed fields. Confirmations apply to what was shown, so changed words remove them. Another
    product type resets count, model and ratio, unless they were typed too."""
    typed = {k: v for k, v in fields.items() if k not in CONFIRMED}
    made = {**order, **typed}
    if made.get("product") != order.get("product"):
        for name in OF_THE_PRODUCT:
            if made.get(name) == order.get(name):
                made.pop(name, None)
    plain = {k: v for k, v in made.items() if v not in ("", None)}
    if {k: v for k, v in plain.items() if k not in CONFIRMED} != {
        k: v for k, v in order.items() if k not in CONFIRMED and v not in ("", None)
    }:
        return {k: v for k, v in plain.items() if k not in CONFIRMED}
    rest = {k: v for k, v in plain.items() if k not in CONFIRMED}
    return {**rest, **{k: True for k in CONFIRMED if fields.get(k, order.get(k))}}


def price_again(owner: User, public_id: str) -> Batch:
    """Have every row of a draft planned again, at current prices. Free."""
    batch = _draft(owner, public_id)
    for row in batch.rows.all():
        if batch_planning.LINE not in row.problems:
            found = BatchRow.objects.filter(pk=row.pk, batch__state=Batch.State.DRAFT)
            found.update(problems={}, warnings={}, quote=None)
    return batch


def discard(owner: User, public_id: str) -> None:
    """Delete a draft (see `projects.batches.discard`)."""
    batches.discard(owner, public_id)


def _draft(owner: User, public_id: str) -> Batch:
    batch = batches.own(owner, public_id)
    if batch.state != Batch.State.DRAFT:
        raise NotPossible("This batch is launched already; its rows can't be changed any longer.")
    requested_launches.require_none_waiting(batch)
    return batch


# ---- launching --------------------------------------------------------------------------------------------------------


def launch(owner: User, public_id: str, numbers: Sequence[int], *, idempotency_key: str) -> Batch:
    """Launch these rows of a batch, all of them or none: those of a draft, or failed ones again at the current price.

    The same key with the same rows returns the same batch and charges nothing more. Raises NotFound, InvalidSpec naming
    every row that can't be launched, InsufficientCredits for all rows together, NotPossible, IdempotencyConflict,
    Interrupted.
    """
    batch = batches.own(owner, public_id)
    wanted = sorted(set(numbers))
    if not wanted:
        raise InvalidSpec({"rows": "Choose at least one row to launch."})

    def planned() -> list[Booking]:
        requested_launches.require_none_waiting(batch)
        rows = {row.number: row for row in batches.launchable(batch)}
        if missing := [n for n in wanted if n not in rows]:
            raise NotPossible(f"Row {missing[0]} can't be launched: it isn't there, or it was launched already.")
        batch_planning.require_planned(rows[n] for n in wanted)
        return bookings(owner, [rows[n] for n in wanted], as_shown=batch.state == Batch.State.DRAFT)

    body = {"batch": public_id, "rows": wanted}
    return _launch(owner, batch, planned, idempotency_key, body)


def launch_list(owner: User, name: str, given: Sequence[Given], *, idempotency_key: str) -> Batch:
    """Save a list and launch all of it in one request; if any row is invalid or can't be paid, nothing is written.
    Plans every row first, however many there are: for programs without someone waiting (see
    `requested_launches.request`). Raises what `launch` raises."""
    body = {"name": name, "rows": [row.order for row in given]}

    def planned() -> list[Booking]:
        rows = [BatchRow(number=n, order=row.order, problems=row.problems) for n, row in enumerate(given, start=1)]
        return bookings(owner, rows)

    return _launch(owner, None, planned, idempotency_key, body, given, name)


def _launch(
    owner: User,
    batch: Batch | None,
    plan: Callable[[], list[Booking]],
    key: str,
    body: object,
    given: Sequence[Given] = (),
    name: str = "",
) -> Batch:
    def book() -> Batch:
        # An accepted request gets its original answer, whatever has happened to prices and models since.
        known = batches.is_known(owner, key)
        planned = [] if known else plan()
        if known:
            done = batches.launch(owner, batch, planned, idempotency_key=key, body=body)
        else:
            with disk_space.required():
                done = batches.launch(owner, batch, planned, idempotency_key=key, body=body, given=given, name=name)
        if done.booked:
            commands.start_all_on_commit(done.jobs, "launch:0")
        return batches.own(owner, done.batch)

    return interrupted.run(owner.pk, key, book)


def bookings(owner: User, rows: Sequence[BatchRow], *, as_shown: bool = False) -> list[Booking]:
    """What is to be launched, checked, with the storyboards that were shown: `as_shown` at the price in the draft, else
    at the current price. Raises InvalidSpec naming every invalid row."""
    checks, errors, found = batch_planning.Checks(owner), dict[str, str](), list[Booking]()
    for row in rows:
        try:
            found.append(_booking(owner, row, checks, row.quote_id if as_shown else None))
        except InvalidSpec as invalid:
            errors |= batches.of_row(row.number, invalid).errors
        except NotPossible as refused:
            errors |= batches.of_row(row.number, InvalidSpec({"model": str(refused)})).errors
    if errors:
        raise InvalidSpec(errors)
    return found


def _booking(owner: User, row: BatchRow, checks: Checks, quote_id: str | None) -> Booking:
    if row.problems:
        raise InvalidSpec(row.problems)
    spec = checks.order(row)
    protected = protected_names.of_order(spec)
    protected_names.require_confirmation(protected, bool(row.order.get("confirm_trademarks")))
    if quote_id:
        board = storyboards.accepted(owner, spec, storyboard.of_quote(row.quote))
    elif board := batch_planning.kept_board(owner, row, spec):
        storyboard.require_confirmed(board, confirmed=spec.confirm_not_drawn)
    order = dataclasses.replace(spec, trademarks=tuple(f.as_dict() for f in protected))
    return Booking(row.number, order, board, quote_id)


# ---- while it runs ----------------------------------------------------------------------------------------------------


def pause(owner: User, public_id: str) -> bool:
    """Pause a batch (see `projects.batches.pause`). Whether this call did."""
    return batches.pause(owner, public_id)


def resume(owner: User, public_id: str) -> bool:
    """Resume a paused batch, and return whether this call did. If the queueing is lost in a crash, recovery queues what
    is due."""
    with transaction.atomic():
        was_paused = batches.own(owner, public_id).paused_at is not None
        jobs = batches.resume(owner, public_id)
        transaction.on_commit(lambda: _queue_again(jobs))
    return was_paused


def _queue_again(jobs: Sequence[Job]) -> None:
    for job in jobs:
        try:
            if job.status == JobStatus.QUEUED:
                engine.queue.start_again(job.pk, "launch:0")
            elif tries := due.due(job.pk):
                engine.queue.put_again(tries)
        except Exception:
            log.exception("job %s could not be queued now", job.pk)
