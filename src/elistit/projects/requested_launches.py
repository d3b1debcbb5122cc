"""Launches that were requested together with a list and wait for its plan (rules §7).

The request is accepted at once, in one transaction with the list; the launch is one more transaction, which books every row or none
and ends the wait. Both hold the batch's row, so no number of processes launches a list twice, and one that is killed in between
leaves the wait for the next. This module must never plan, queue or call anything outside; `actions.requested_launches` does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from elistit import ports
from elistit.accounts import spending
from elistit.accounts.models import User
from elistit.projects import batches, idempotency
from elistit.projects.batch_list import Given
from elistit.projects.batch_models import Batch, RequestedLaunch
from elistit.projects.batches import Booking
from elistit.projects.errors import AboveMaximum, NotPossible
from elistit.projects.idempotency import Accepted, Action
from elistit.projects.request_models import AcceptedRequest

WAITING = RequestedLaunch.State.WAITING


def accept(
    owner: User,
    name: str,
    given: Sequence[Given],
    *,
    idempotency_key: str,
    body: object,
    max_credits: int | None = None,
) -> Accepted:
    """Write a list and the wait for its launch, once per key, and charge nothing. The answer names the batch. `max_credits`: the most
    the launch may charge. Raises InvalidSpec, IdempotencyConflict."""

    def do(request: AcceptedRequest) -> dict[str, Any]:
        batch = batches.create(owner, name, given)
        RequestedLaunch.objects.create(
            batch=batch, request=request, api_key=spending.current_key(), max_credits=max_credits
        )
        return batches.answer_of(batch, ())

    return idempotency.accept(owner.pk, idempotency_key, Action.BATCH, body, do)


def waiting() -> QuerySet[RequestedLaunch]:
    """The launches that wait, the oldest first."""
    return (
        RequestedLaunch.objects.filter(state=WAITING).select_related("batch__owner", "api_key").order_by("created_at")
    )


def refused(moment: dt.datetime, owners: Collection[int] | None = None) -> list[RequestedLaunch]:
    """The launches that were refused from `moment` on, and those held up from then on that still wait: of these owners, or of all."""
    mine = Q() if owners is None else Q(batch__owner__in=owners)
    found = RequestedLaunch.objects.select_related("batch__owner").filter(mine)
    ended = found.filter(state=RequestedLaunch.State.NOT_LAUNCHED, ended_at__gte=moment)
    held_up = found.filter(state=WAITING, held_up_at__gte=moment)
    return [*ended.order_by("ended_at"), *held_up.order_by("held_up_at")]


def of(batch: Batch) -> RequestedLaunch | None:
    """The launch that was requested with a batch; None for a batch that began as a draft."""
    return RequestedLaunch.objects.filter(batch=batch).first()


def require_none_waiting(batch: Batch) -> None:
    """Raises NotPossible while a batch waits to be launched automatically."""
    if RequestedLaunch.objects.filter(batch=batch, state=WAITING).exists():
        raise NotPossible(
            "This batch launches automatically once every row has its price, so it can't be changed. To stop the launch, "
            "discard the draft."
        )


def launch(owner: User, public_id: str, bookings: Sequence[Booking]) -> list[str]:
    """Launch every row of a batch whose launch waits, in one transaction, and end the wait: the jobs to start. Empty when nothing
    waits any longer. Raises NotFound when the batch was discarded, AboveMaximum, and what `batches.launch` raises; nothing is
    written then."""
    with transaction.atomic():
        held = batches.lock(owner, public_id)
        wait = RequestedLaunch.objects.select_related("api_key", "request").filter(batch=held, state=WAITING).first()
        if wait is None:
            return []
        _require_at_most(wait.max_credits, batches.total(bookings))
        with spending.by_key(wait.api_key):
            jobs = batches.book_all(owner, held, bookings, wait.request)
        idempotency.complete(wait.request, batches.answer_of(held, jobs))
        _end(held, RequestedLaunch.State.LAUNCHED, problem="", reason="")
        return [job.pk for job in jobs]


def _require_at_most(most: int | None, total: int) -> None:
    if most is not None and total > most:
        raise AboveMaximum(f"This list costs {total:,} credits, and its request allowed {most:,}. You weren't charged.")


def refuse(owner: User, public_id: str, problem: str, reason: str, errors: Mapping[str, str]) -> bool:
    """End the wait without a launch; the batch is an ordinary draft then. Whether it still waited. Raises NotFound."""
    with transaction.atomic():
        held = batches.lock(owner, public_id)
        return _end(held, RequestedLaunch.State.NOT_LAUNCHED, problem=problem, reason=reason, errors=dict(errors))


def hold_up(wait: RequestedLaunch, problem: str, reason: str) -> bool:
    """Note why a launch that waits can't happen yet, the first time it is held up. Whether this call did."""
    first = RequestedLaunch.objects.filter(pk=wait.pk, state=WAITING, held_up_at=None)
    return bool(first.update(problem=problem, reason=reason, held_up_at=ports.now()))


def _end(held: Batch, state: str, **said: Any) -> bool:
    wait = RequestedLaunch.objects.filter(batch=held, state=WAITING)
    return bool(wait.update(state=state, ended_at=ports.now(), **said))
